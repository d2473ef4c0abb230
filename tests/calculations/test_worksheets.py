"""Worksheets: saved version by version, shared by link, filed, found, hidden; and who may not see them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import delete, select, update

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, error_of, texts, words
from webapp.accounts.models import User
from webapp.calculations.errors import LinkNotFound, WorksheetEditedMeanwhile, WorksheetNotFound
from webapp.calculations.models import Worksheet, WorksheetLink, WorksheetVersion
from webapp.calculations.operations import worksheets as operations
from webapp.calculations.queries import worksheets as queries
from webapp.customers import operations as customers
from webapp.customers.rules import CustomerDetails
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.web.formats import NUMBER_FORMATS

TEXT = "# Work\nrate = 85 EUR/h\nbuilding: 3h 45m * rate\nhosting: 59.70 EUR\ntotal + 19%"


def make(owner: Person, *, title: str = "Quote", text: str = TEXT, **belongings: Any) -> int:
    return operations.create_worksheet(title=title, text=text, actor=owner.actor, now=NOW, **belongings)


def save(owner: Person, worksheet_id: int, *, version: int, text: str, title: str = "Quote", minutes: int = 1) -> int:
    return operations.save_worksheet(
        worksheet_id=worksheet_id,
        title=title,
        text=text,
        version=version,
        actor=owner.actor,
        now=NOW + timedelta(minutes=minutes),
    )


def shown(page: BeautifulSoup) -> list[str]:
    """Return what stands beside the lines that have an answer."""
    return texts(page.select("#answers .worksheet__shown"))


# --- Saving ---


def test_a_new_worksheet_is_version_one_with_all_it_depended_on(ada: Person) -> None:
    worksheet_id = make(ada)

    version = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor)
    assert (version.number, version.title, version.text) == (1, "Quote", TEXT)
    assert version.settings == {"number_format": "1,234.5", "angle": "rad", "today": "2026-11-20"}
    assert version.results[2]["shown"] == "318.75 EUR"
    assert version.results[2]["exact"] == "1275/4"
    assert version.answer == "450.36 EUR"
    assert (version.previous_hash, len(version.hash)) == ("", 64)


def test_lines_that_say_something_for_others_show_no_answer(ada: Person) -> None:
    worksheet_id = make(ada, text="gross(x) = x + 19%\n1 EUR = 1.08 USD on 2026-11-20\ngross(100 EUR) to USD")

    version = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor)

    assert [line.get("shown") for line in version.results] == [None, None, "128.52 USD"]
    assert queries.verify_versions(after_id=0, limit=9) == [(version.id, [])]


def test_saving_adds_a_version_that_follows_the_one_before(ada: Person) -> None:
    worksheet_id = make(ada)
    first = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor)

    assert save(ada, worksheet_id, version=1, text="1 + 1") == 2

    second = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor)
    assert (second.text, second.previous_hash) == ("1 + 1", first.hash)
    assert queries.get_version(worksheet_id=worksheet_id, number=1, actor=ada.actor).text == TEXT
    assert [row.number for row in queries.list_versions(worksheet_id=worksheet_id, actor=ada.actor)] == [2, 1]


def test_saving_what_is_the_same_makes_no_version(ada: Person) -> None:
    worksheet_id = make(ada)

    assert save(ada, worksheet_id, version=1, text=TEXT) == 1
    assert save(ada, worksheet_id, version=1, text=TEXT, title="Other") == 2


def test_a_saved_version_cannot_be_changed(ada: Person) -> None:
    make(ada)

    with pytest.raises(RuntimeError), transaction():
        db.session.scalars(select(WorksheetVersion)).one().text = "2"


def test_who_is_late_is_told_and_loses_nothing(visit: Visit, ada: Person, ben: Person) -> None:
    worksheet_id = make(ada)
    save(ben, worksheet_id, version=1, text="theirs = 1")

    with pytest.raises(WorksheetEditedMeanwhile):
        save(ada, worksheet_id, version=1, text="mine = 2")
    late = visit.send(
        "worksheets.save",
        {"title": "Quote", "text": "mine = 2", "version": "1"},
        as_=ada,
        status=409,
        worksheet_id=worksheet_id,
    )

    page = BeautifulSoup(late.text, "html.parser")
    assert words(page.find("textarea")) == "mine = 2"
    assert "theirs = 1" in words(page.select_one("[aria-labelledby=theirs]"))
    assert page.select_one("input[name=version]")["value"] == "2"  # type: ignore[index]
    visit.send(
        "worksheets.save", {"title": "Quote", "text": "mine = 2", "version": "2"}, as_=ada, worksheet_id=worksheet_id
    )
    assert [row.number for row in queries.list_versions(worksheet_id=worksheet_id, actor=ada.actor)] == [3, 2, 1]


def test_of_two_who_save_at_once_one_is_told(app: Flask, ada: Person) -> None:
    worksheet_id = make(ada)
    start = Barrier(2)

    def send(text: str) -> int | None:
        with app.app_context():
            start.wait()
            try:
                return save(ada, worksheet_id, version=1, text=text)
            except WorksheetEditedMeanwhile:
                return None

    db.session.remove()
    with ThreadPoolExecutor(2) as threads:
        numbers = list(threads.map(send, ["1 + 1", "2 + 2"]))

    assert sorted(numbers, key=str) == [2, None]


def test_numbers_are_read_as_when_it_was_begun_whoever_saves(visit: Visit, ada: Person, ben: Person) -> None:
    with transaction():
        db.session.execute(update(User).where(User.id == ada.user_id).values(number_format="1.234,5"))
    worksheet_id = make(ada, text="1.500 * 2")

    page = visit("worksheets.show", as_=ben, worksheet_id=worksheet_id)
    save(ben, worksheet_id, version=1, text="1.500 * 3")

    assert "written as 1.234,5 , as when" in words(page.main)
    assert queries.get_version(worksheet_id=worksheet_id, actor=ada.actor).answer == "4.500"


def test_figures_from_the_work_are_kept_as_they_were(ada: Person) -> None:
    task = make_task(ada, title="Archive")
    make_entry(task, ada, seconds=3 * 3600 + 45 * 60)
    worksheet_id = make(ada, text=f"hours(task:{task.id}) * 85 EUR/h\nhours(task:{task.id + 99})")
    make_entry(task, ada, started_at=NOW + timedelta(hours=2))

    version = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor)
    now = queries.work_out(text=version.text, actor=ada.actor, now=NOW + timedelta(hours=4))

    assert version.results[0]["shown"] == "318.75 EUR"
    assert "Archive" in version.inputs[0]["words"]
    assert now.results[0]["shown"] == "403.75 EUR"
    # What is not there stops its own line only.
    assert version.results[1]["code"] == "source"
    assert queries.verify_versions(after_id=0, limit=9) == [(version.id, [])]


def test_verifying_finds_what_was_changed_behind_its_back(ada: Person) -> None:
    worksheet_id = make(ada)
    save(ada, worksheet_id, version=1, text="1 + 1")
    sound = queries.verify_versions(after_id=0, limit=10)
    results = WorksheetVersion.__table__.c.results
    with transaction():
        db.session.execute(
            update(WorksheetVersion.__table__)  # type: ignore[arg-type]
            .where(WorksheetVersion.number == 2)
            .values({results: [{"kind": "expression", "shown": "3"}]})
        )

    (first, second) = queries.verify_versions(after_id=0, limit=10)

    assert [differences for _, differences in sound] == [[], []]
    assert (first[1], second[1]) == (
        [],
        [
            "version 2 is not what was saved",
            "version 2 comes to other results",
            "version 2 has another answer than its last line",
        ],
    )


def test_verifying_finds_that_the_newest_version_is_gone_or_shown_otherwise(ada: Person) -> None:
    worksheet_id = make(ada)
    save(ada, worksheet_id, version=1, text="1 + 1")
    sound = queries.get_version(worksheet_id=worksheet_id, actor=ada.actor).settings
    with transaction():
        db.session.execute(update(Worksheet).values(answer="3"))

    assert [differences for _, differences in queries.verify_versions(after_id=0, limit=10)] == [
        [],
        ["the worksheet is shown otherwise than its newest version 2"],
    ]

    with transaction():
        db.session.execute(update(WorksheetVersion).where(WorksheetVersion.number == 1).values(settings=[1]))

    assert queries.verify_versions(after_id=0, limit=1)[0][1] == [
        "version 1 cannot be worked out from what is kept: TypeError"
    ]

    with transaction():
        db.session.execute(update(WorksheetVersion).where(WorksheetVersion.number == 1).values(settings=sound))
        db.session.execute(delete(WorksheetVersion).where(WorksheetVersion.number == 2))

    assert queries.verify_versions(after_id=0, limit=10)[0][1] == ["version 2 is missing; there were 2"]


# --- Pages ---


def test_the_list_says_what_to_do_when_there_is_nothing(visit: Visit, ada: Person) -> None:
    page = visit("worksheets.index", as_=ada)
    example = visit(str(page.find("a", string=lambda text: text and "example" in text)["href"]), as_=ada)  # type: ignore[index]

    assert "No worksheets yet" in words(page.main)
    assert not example.select('[data-state="wrong"]')
    assert shown(example)


@pytest.mark.parametrize("number_format", NUMBER_FORMATS)
def test_the_example_has_answers_however_numbers_are_written(visit: Visit, ada: Person, number_format: str) -> None:
    with transaction():
        db.session.execute(update(User).where(User.id == ada.user_id).values(number_format=number_format))

    page = visit("worksheets.new", as_=ada, example=1)

    assert not page.select('[data-state="wrong"]')
    assert len(shown(page)) == 8


def test_worksheets_are_found_by_title_and_by_lines(visit: Visit, ada: Person) -> None:
    make(ada, title="Quote for Acme", text="rate = 85 EUR/h")
    make(ada, title="Move", text="lorries: 2 * 300 EUR")

    assert texts(visit("worksheets.index", as_=ada).select(".worksheets__title")) == ["Move", "Quote for Acme"]
    assert texts(visit("worksheets.index", as_=ada, q="acme").select(".worksheets__title")) == ["Quote for Acme"]
    assert texts(visit("worksheets.index", as_=ada, q="lorries").select(".worksheets__title")) == ["Move"]


def test_a_worksheet_is_made_from_a_form_once(visit: Visit, ada: Person) -> None:
    fields = {"title": " Quote ", "text": "1 + 2\r\n  prev * 2  \r\n", "request_key": "0" * 32}

    first = visit.send("worksheets.create", fields, as_=ada)
    second = visit.send("worksheets.create", fields, as_=ada)

    assert first.location == second.location
    assert db.session.scalars(select(WorksheetVersion.text)).all() == ["1 + 2\n  prev * 2  \n"]


@pytest.mark.parametrize(
    "fields, field, sentence",
    [
        ({"title": "", "text": "1"}, "title", "Give the worksheet a title"),
        ({"title": "Quote", "text": " \r\n "}, "text", "Write a line to work out"),
        ({"title": "Quote", "text": "1\n" * 501}, "text", "502 lines"),
        ({"title": "Quote", "text": "// \0"}, "text", "cannot be saved"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_it_was_typed(
    visit: Visit, ada: Person, fields: dict[str, str], field: str, sentence: str
) -> None:
    answer = visit.send("worksheets.create", fields, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert sentence in words(page.main)
    assert error_of(page, field) or field == "text"
    assert db.session.scalars(select(Worksheet)).all() == []


def test_working_out_and_the_preview_store_nothing(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada)
    changed = {"title": "Quote", "text": TEXT.replace("85", "90"), "version": "1"}

    worked_out = visit.send(
        "worksheets.save", {**changed, "preview": "1"}, as_=ada, status=200, worksheet_id=worksheet_id
    )
    preview = visit.send("worksheets.preview", changed, as_=ada, status=200, worksheet_id=worksheet_id)
    new = visit.send("worksheets.preview_new", {"text": "1 +"}, as_=ada, status=200)

    page = BeautifulSoup(worked_out.text, "html.parser")
    assert shown(page)[-1] == "472.67 EUR"
    # The line with the rate is new, those made of it have other answers.
    assert texts(page.select("#answers .worksheet__change")) == ["new", "changed", "changed"]
    assert "2 answers have changed since version 1" in preview.text
    assert "No answer" in new.text
    assert len(db.session.scalars(select(WorksheetVersion)).all()) == 1


def test_an_old_version_is_shown_and_can_be_used_again(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada)
    save(ada, worksheet_id, version=1, text="1 + 1")

    old = visit("worksheets.version", as_=ada, worksheet_id=worksheet_id, number=1)
    again = visit("worksheets.show", as_=ada, worksheet_id=worksheet_id, use=1)

    assert "450.36 EUR" in words(old.main)
    assert "Line 5: total + 19%" in words(old.main)
    assert str(again.find("textarea").string).strip("\r\n") == TEXT  # type: ignore[union-attr]
    assert again.select_one("input[name=version]")["value"] == "2"  # type: ignore[index]


def test_a_copy_stands_for_itself(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada)

    for _ in range(2):
        visit.send("worksheets.duplicate", {"request_key": "0" * 32}, as_=ada, worksheet_id=worksheet_id)

    rows = queries.list_worksheets(actor=ada.actor).rows
    assert [(row.title, row.number) for row in rows] == [("Copy of Quote", 1), ("Quote", 1)]


def test_deleting_hides_and_can_be_undone(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada)
    token = operations.share_version(worksheet_id=worksheet_id, number=1, actor=ada.actor, now=NOW)

    deleted = visit.send("worksheets.delete", as_=ada, worksheet_id=worksheet_id)
    page = visit.follow(deleted, as_=ada)
    visit("worksheets.show", as_=ada, worksheet_id=worksheet_id, status=404)
    visit("worksheets.shared", token=token, status=404)

    undo = page.find("form", action=lambda address: address and "/undo" in address)
    visit.send(str(undo["action"]), as_=ada)  # type: ignore[index]
    visit("worksheets.show", as_=ada, worksheet_id=worksheet_id)
    visit("worksheets.shared", token=token)


def test_beginning_one_can_be_undone_also_when_it_was_saved_since(visit: Visit, ada: Person) -> None:
    made = visit.send("worksheets.create", {"title": "Quote", "text": "1 + 2"}, as_=ada)
    page = visit.follow(made, as_=ada)
    worksheet_id = int(made.location.rpartition("/")[2])
    save(ada, worksheet_id, version=1, text="2 + 2")

    undo = page.find("form", action=lambda address: address and "/undo" in address)
    visit.send(str(undo["action"]), as_=ada)  # type: ignore[index]

    visit("worksheets.show", as_=ada, worksheet_id=worksheet_id, status=404)
    assert len(db.session.scalars(select(WorksheetVersion)).all()) == 2


def test_a_worksheet_for_a_customer_and_a_task_is_a_quote(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Archive")
    customer_id = customers.create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    worksheet_id = make(ada)
    other = make_task(cy)

    fields = {"task": str(task.id), "customer": str(customer_id)}
    visit.send("worksheets.file", fields, as_=ada, worksheet_id=worksheet_id)
    visit.send("worksheets.file", {"task": str(other.id)}, as_=ada, status=404, worksheet_id=worksheet_id)

    (of_task,) = queries.list_worksheets_for(task_id=task.id, actor=ada.actor)
    (of_customer,) = queries.list_worksheets_for(customer_id=customer_id, actor=ada.actor)
    assert of_task == of_customer
    assert (of_task.task_title, of_task.customer_name, of_task.answer) == ("Archive", "Acme", "450.36 EUR")
    assert queries.list_worksheets_for(task_id=task.id, actor=cy.actor) == []


def test_a_new_one_says_what_it_will_belong_to(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Archive")

    page = visit("worksheets.new", as_=ada, task=task.id)
    fields = {"title": "Quote", "text": "1", "task": str(task.id), "customer": ""}
    visit.send("worksheets.create", fields, as_=ada)

    assert "For the task “Archive”" in words(page.main)
    assert [row.title for row in queries.list_worksheets_for(task_id=task.id, actor=ada.actor)] == ["Quote"]
    visit("worksheets.new", as_=cy, task=task.id, status=404)
    visit.send("worksheets.create", fields, as_=cy, status=404)


# --- Links ---


def test_a_link_opens_one_version_for_anybody_until_it_is_withdrawn(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada, title="Secret migration")
    make_entry(task, ada)
    text = f"work: hours(task:{task.id}) * 85 EUR/h"
    worksheet_id = make(ada, text=text, task_id=task.id)
    made = visit.send("worksheets.share", as_=ada, worksheet_id=worksheet_id, number=1)
    page = visit.follow(made, as_=ada)
    address = str(page.select_one("#address")["value"])  # type: ignore[index]
    save(ada, worksheet_id, version=1, text="// nothing for you")

    path = address[address.index("/worksheets/shared/") :]
    answer = visit.app.test_client().get(path)
    stranger = visit(path)
    again = visit("worksheets.show", as_=ada, worksheet_id=worksheet_id)
    (link,) = queries.list_links(worksheet_id=worksheet_id, actor=ada.actor)

    assert "85.00 EUR" in words(stranger.main)
    # Nothing of people, tasks or what came later.
    assert not {"Ada", "Secret", "nothing for you"} & {
        w for w in ("Ada", "Secret", "nothing for you") if w in answer.text
    }
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    # Shown once, kept as a hash.
    assert again.select_one("#address") is None
    token = path.rpartition("/")[2]
    assert token not in db.session.scalars(select(WorksheetLink.token_hash)).all()

    visit.send("worksheets.withdraw", as_=ben, worksheet_id=worksheet_id, link_id=link.id)
    visit(path, status=404)


def test_a_token_that_is_none_opens_nothing(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada)
    operations.share_version(worksheet_id=worksheet_id, number=1, actor=ada.actor, now=NOW)
    (token_hash,) = db.session.scalars(select(WorksheetLink.token_hash))

    for wrong in ("x", token_hash, "%00", "a" * 500):
        with pytest.raises(LinkNotFound):
            queries.open_link(token=wrong)


def test_a_link_of_another_worksheet_is_not_withdrawn(ada: Person) -> None:
    worksheet_id, other_id = make(ada), make(ada)
    operations.share_version(worksheet_id=worksheet_id, number=1, actor=ada.actor, now=NOW)
    (link,) = queries.list_links(worksheet_id=worksheet_id, actor=ada.actor)

    with pytest.raises(WorksheetNotFound):
        operations.withdraw_link(worksheet_id=other_id, link_id=link.id, actor=ada.actor)


# --- Files ---


def test_a_version_leaves_as_csv_json_and_markdown(visit: Visit, ada: Person) -> None:
    worksheet_id = make(ada, title="Quote | 1", text="# Work\n=cmd|' /C calc'!A0\n-3 EUR\na: 1 / 3\ntotal")

    def fetch(ending: str) -> str:
        answer = ada.client.get(f"/worksheets/{worksheet_id}/versions/1/export.{ending}")
        assert answer.status_code == 200
        assert f'worksheet-{worksheet_id}-version-1.{ending}"' in answer.headers["Content-Disposition"]
        return answer.text

    table, whole, text = fetch("csv").splitlines(), json.loads(fetch("json")), fetch("md")

    assert table[2].startswith("2,expression,,'=cmd")
    assert table[3].startswith("3,expression,,'-3 EUR,")
    assert ",-3," in table[3]
    assert [line["text"] for line in whole["lines"]][3] == "a: 1 / 3"
    assert whole["lines"][3]["exact"] == "1/3"
    assert whole["hash"] == queries.get_version(worksheet_id=worksheet_id, actor=ada.actor).hash
    assert text.startswith("# Quote \\| 1\n\n## Work\n\n| Line | Answer |")


# --- Strangers ---


def test_a_stranger_finds_nothing(ada: Person, cy: Person) -> None:
    worksheet_id = make(ada)
    operations.share_version(worksheet_id=worksheet_id, number=1, actor=ada.actor, now=NOW)
    (link,) = queries.list_links(worksheet_id=worksheet_id, actor=ada.actor)

    for attempt in (
        lambda: queries.get_worksheet(worksheet_id=worksheet_id, actor=cy.actor),
        lambda: queries.get_version(worksheet_id=worksheet_id, actor=cy.actor),
        lambda: save(cy, worksheet_id, version=1, text="1"),
        lambda: operations.delete_worksheet(worksheet_id=worksheet_id, actor=cy.actor, now=NOW),
        lambda: operations.duplicate_worksheet(worksheet_id=worksheet_id, actor=cy.actor, now=NOW),
        lambda: operations.share_version(worksheet_id=worksheet_id, number=1, actor=cy.actor, now=NOW),
        lambda: operations.withdraw_link(worksheet_id=worksheet_id, link_id=link.id, actor=cy.actor),
        lambda: operations.attach_worksheet(
            worksheet_id=worksheet_id, task_id=None, customer_id=None, actor=cy.actor, now=NOW
        ),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.list_worksheets(actor=cy.actor).rows == []
    assert queries.list_links(worksheet_id=worksheet_id, actor=cy.actor) == []
    assert queries.list_versions(worksheet_id=worksheet_id, actor=cy.actor) == []
