"""Every address: who may open it, what a stranger gets, and that looking changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, csrf_token
from webapp.calculations.operations import records, worksheets
from webapp.calculations.queries import names
from webapp.calculations.rules.typed import TypedExpression
from webapp.customers import operations as customer_operations
from webapp.customers.rules import CustomerDetails
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.operations import categories, comments, files, reminders, saved
from webapp.tasks.rules.reminders import Basis, Timing
from webapp.transfers.feeds import operations as feeds
from webapp.transfers.models import Import
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.calendar import FeedShape

# Open to everybody. A page that is added here needs a reason.
PUBLIC = {
    "accounts.forgotten",
    "accounts.log_in",
    # Pressed twice, or after the session has ended, it still says goodbye.
    "accounts.log_out",
    "accounts.login",
    "accounts.mail_reset_link",
    "accounts.reset",
    "accounts.save_reset",
    "assets.css",
    "assets.file",
    # Whoever knows the token in its address is meant to read it: programs that cannot log in.
    "feeds.calendar",
    "health.live",
    "health.ready",
    "web.hello",
    "web.help",
    "web.home",
    "web.time",
    "workspaces.join",
    "workspaces.register",
    # Whoever has the link is meant to read the version it opens, until it is withdrawn.
    "worksheets.shared",
}
# Rows that change when somebody looks at a page: when their session was last seen.
NOTED_BY_LOOKING = {"login_sessions"}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_page_is_public_by_name_or_asks_for_a_login(app: Flask) -> None:
    marked = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}

    assert marked == PUBLIC & set(app.view_functions)


def test_nobody_gets_in_without_a_login(app: Flask, ada: Person) -> None:
    belongings = make_one_of_each(ada)
    before = fingerprint()

    for rule, method, path in requests(app, belongings):
        if rule.endpoint in PUBLIC:
            continue
        client = app.test_client()
        token = {"csrf_token": csrf_token(client)} if method != "GET" else None
        answer = client.open(path, method=method, data=token)
        assert answer.status_code in (302, 303, 401), f"{method} {path} gave {answer.status_code}"

    assert fingerprint() == before


def test_what_is_not_theirs_does_not_exist_for_a_stranger(app: Flask, ada: Person, cy: Person) -> None:
    belongings = make_one_of_each(ada)
    before = fingerprint()

    for rule, method, path in requests(app, belongings):
        if rule.endpoint in PUBLIC or not rule.arguments & set(belongings):
            continue
        token = {"csrf_token": csrf_token(cy.client)} if method != "GET" else None
        answer = cy.client.open(path, method=method, data=token)
        assert answer.status_code == 404, f"{method} {path} gave {answer.status_code}"

    assert fingerprint() == before


def test_every_kind_of_id_in_an_address_is_tried_by_the_stranger(app: Flask, ada: Person) -> None:
    in_addresses = {name for rule in rules(app) if rule.endpoint not in PUBLIC for name in rule.arguments}

    assert in_addresses - set(make_one_of_each(ada)) == set()


def test_looking_changes_nothing(app: Flask, ada: Person) -> None:
    belongings = make_one_of_each(ada)
    before = fingerprint()

    for rule, method, path in requests(app, belongings):
        if method == "GET" and rule.endpoint not in PUBLIC:
            with ada.client.get(path) as answer:
                assert answer.status_code < 500, f"{path} gave {answer.status_code}"

    assert fingerprint() == before


@pytest.mark.parametrize("value", ["0", "-1", "18446744073709551616", "%00", "1.0", "1e9", "٣"])
def test_odd_ids_are_not_found(app: Flask, ada: Person, value: str) -> None:
    for rule in rules(app):
        ids = [name for name in rule.arguments if name.endswith("_id")]
        if ids and rule.methods and "GET" in rule.methods and rule.endpoint not in PUBLIC:
            path = rule.rule
            for name in ids:
                path = path.replace(f"<int:{name}>", value)
            assert ada.client.get(path).status_code == 404, path


def test_a_page_that_takes_no_form_says_so(visit: Visit, ada: Person) -> None:
    answer = visit.post("/search", {}, as_=ada)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def requests(app: Flask, belongings: dict[str, int]) -> Iterator[tuple[Rule, str, str]]:
    """Yield each address of the site with each method it takes, filled in with what Ada has."""
    for rule in rules(app):
        values: dict[str, Any] = {name: belongings.get(name, "x") for name in rule.arguments}
        with app.test_request_context():
            built = rule.build(values)
        assert built is not None, rule.rule
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, built[1]


def make_one_of_each(owner: Person) -> dict[str, int]:
    """Give the owner one of everything that an address can name, and return the ids by their name in addresses."""
    task = make_task(owner)
    category_id = categories.category_id_for(name="Home", actor=owner.actor)
    (tag,) = categories.tags_for(names=("new",), actor=owner.actor)
    entry = make_entry(task, owner)
    customer_id = customer_operations.create_customer(details=CustomerDetails(name="Acme"), actor=owner.actor, now=NOW)
    calculation_id = records.keep(typed=TypedExpression("rate = 85 EUR/h"), actor=owner.actor, now=NOW).id
    name_id = names.list_names(actor=owner.actor)[0].id
    comment_id = comments.add_comment(task_id=task.id, text="Seen", actor=owner.actor, now=NOW)
    file_id = files.add_file(task_id=task.id, filename="a.txt", content=b"a", actor=owner.actor, now=NOW)
    reminder_id = reminders.add_reminder(
        task_id=task.id, timing=Timing(Basis.AT, at=NOW + timedelta(days=1)), actor=owner.actor, now=NOW
    )
    with transaction():
        imported = Import(
            workspace_id=owner.workspace_id,
            user_id=owner.user_id,
            filename="tasks.csv",
            content=b"",
            content_hash="0" * 64,
            kind=ImportKind.TASKS,
            mapping={},
            report={},
            state=ImportState.DONE,
            created_at=NOW,
        )
        db.session.add(imported)
        notice = Notice(
            user_id=owner.user_id, workspace_id=owner.workspace_id, kind="assigned", text="Yours", created_at=NOW
        )
        db.session.add(notice)
    change_id = db.session.execute(select(db.metadata.tables["changes"].c.id)).scalars().first() or 0
    feeds.make_feed(view_id=None, shape=FeedShape.BOTH, has_time=True, actor=owner.actor, now=NOW)
    feeds_table = db.metadata.tables["feeds"]
    # Whoever is given one of each twice has two of these.
    feed_id = db.session.execute(select(feeds_table.c.id).order_by(feeds_table.c.id.desc())).scalars().first()
    worksheet_id = worksheets.create_worksheet(title="Quote", text="1 + 2", actor=owner.actor, now=NOW)
    worksheets.share_version(worksheet_id=worksheet_id, number=1, actor=owner.actor, now=NOW)
    links_table = db.metadata.tables["worksheet_links"]
    link_id = db.session.execute(select(links_table.c.id).order_by(links_table.c.id.desc())).scalars().first() or 0
    session_id = db.session.execute(
        select(db.metadata.tables["login_sessions"].c.id).filter_by(user_id=owner.user_id)
    ).scalar_one()
    return {
        "task_id": task.id,
        "entry_id": entry.id,
        "category_id": category_id,
        "tag_id": tag.id,
        "view_id": saved.save_view(
            name="Late", address="due=overdue", is_shared=False, is_default=False, actor=owner.actor, now=NOW
        ),
        "comment_id": comment_id,
        "feed_id": feed_id,
        "file_id": file_id,
        "customer_id": customer_id,
        "calculation_id": calculation_id,
        "change_id": change_id,
        "import_id": imported.id,
        "name_id": name_id,
        "notice_id": notice.id,
        "reminder_id": reminder_id,
        "session_id": session_id,
        "worksheet_id": worksheet_id,
        "link_id": link_id,
        "number": 1,
        "workspace_id": owner.workspace_id,
    }


def fingerprint() -> dict[str, str]:
    """Return a hash of each table's rows."""
    db.session.rollback()
    hashes = {}
    for table in db.metadata.sorted_tables:
        if table.name not in NOTED_BY_LOOKING:
            rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
            hashes[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.rollback()
    return hashes
