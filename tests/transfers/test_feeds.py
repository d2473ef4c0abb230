"""Calendars at secret addresses: who reads what there, until when."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update

from tests.cast import NOW, PASSWORD, Person, make_entry, make_person, make_task
from tests.page import Visit, words
from webapp.accounts.models import User
from webapp.accounts.passwords import hash_password
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.operations import saved
from webapp.tasks.operations import tasks as operations
from webapp.transfers.feeds import operations as feeds
from webapp.transfers.leaving import operations as leaving
from webapp.transfers.models import Feed
from webapp.transfers.rules.calendar import FeedShape
from webapp.values.status import Status
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def make_feed(
    owner: Person, *, view_id: int | None = None, shape: FeedShape = FeedShape.TASKS, has_time: bool = False
) -> str:
    token = feeds.make_feed(view_id=view_id, shape=shape, has_time=has_time, actor=owner.actor, now=NOW)
    return f"/feeds/{token}.ics"


def make_view(owner: Person, *, address: str = "status=doing", is_shared: bool = False) -> int:
    return saved.save_view(
        name="Under way", address=address, is_shared=is_shared, is_default=False, actor=owner.actor, now=NOW
    )


def read(app: Flask, address: str) -> Calendar:
    """Fetch a calendar as a program does, which is nobody."""
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.data)


def summaries(calendar: Calendar) -> list[str]:
    return sorted(str(part["summary"]) for part in calendar.subcomponents)


def test_a_feed_is_made_read_by_nobody_in_particular_and_taken_back(app: Flask, visit: Visit, ada: Person) -> None:
    make_task(ada, title="Pay invoice", due_on=date(2026, 11, 24))
    visit.send("feeds.make", {"view": "", "shape": "both"}, as_=ada)

    page = visit("feeds.index", as_=ada)
    address = urlsplit(str(page.find(id="feed-address")["value"])).path  # type: ignore[index]
    calendar = read(app, address)

    assert str(calendar["x-wr-calname"]) == "Ada Lovelace: tasks"
    assert [part.name for part in calendar.subcomponents] == ["VTODO", "VEVENT"]
    assert summaries(calendar) == ["Pay invoice", "Pay invoice"]
    again = visit("feeds.index", as_=ada)
    assert again.find(id="feed-address") is None
    assert address.split("/")[2].removesuffix(".ics") not in str(again)

    visit.send(_action(again, "/end"), as_=ada)
    assert app.test_client().get(address).status_code == 404


def _action(page: BeautifulSoup, ending: str) -> str:
    return str(page.find("form", action=lambda action: action and action.endswith(ending))["action"])  # type: ignore[index]


def test_a_new_address_ends_the_one_before(app: Flask, visit: Visit, ada: Person) -> None:
    address = make_feed(ada)

    visit.send(_action(visit("feeds.index", as_=ada), "/renew"), as_=ada)

    new = str(visit("feeds.index", as_=ada).find(id="feed-address")["value"])  # type: ignore[index]
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get(urlsplit(new).path).status_code == 200


def test_the_token_rests_nowhere_and_is_never_logged(app: Flask, ada: Person, caplog: pytest.LogCaptureFixture) -> None:
    address = make_feed(ada)
    token = address.split("/")[2].removesuffix(".ics")

    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get(address)

    kept = db.session.execute(select(*db.metadata.tables["feeds"].c)).one()
    assert len(token) == 43
    assert token not in repr(tuple(kept))
    assert token not in caplog.text
    assert token not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_an_unchanged_calendar_is_not_sent_again(app: Flask, ada: Person, time_machine: Any) -> None:
    task = make_task(ada, title="Pay invoice")
    other = make_task(ada, title="Older", updated_at=NOW - timedelta(days=2))
    address, program = make_feed(ada), app.test_client()
    first = program.get(address)

    time_machine.move_to(NOW + timedelta(minutes=5))
    same = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    operations.delete_task(task_id=other.id, actor=ada.actor, now=NOW)
    changed = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    # What is gone leaves no later date behind.
    dated = program.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert first.headers["Last-Modified"] == "Fri, 20 Nov 2026 14:42:00 GMT"
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (changed.status_code, dated.status_code) == (200, 200)
    assert summaries(Calendar.from_ical(changed.data)) == [task.title]


def test_a_change_raises_the_sequence_and_keeps_the_uid(app: Flask, ada: Person) -> None:
    task = make_task(ada)
    address = make_feed(ada)
    (before,) = read(app, address).subcomponents

    operations.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=NOW + timedelta(minutes=1))
    (after,) = read(app, address).subcomponents

    assert after["uid"] == before["uid"]
    assert (after.decoded("sequence"), str(after["status"])) == (before.decoded("sequence") + 1, "IN-PROCESS")


def test_what_is_somebody_elses_or_long_done_is_not_in_a_persons_feed(app: Flask, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", joins=ada)
    make_task(ada, title="Nobody's")
    make_task(ada, title="Hers", assignee_id=ada.user_id)
    make_task(ada, title="His", assignee_id=ben.user_id)
    make_task(ada, title="Done lately", status=Status.DONE)
    long_ago = NOW - timedelta(days=31)
    make_task(ada, title="Done", status=Status.DONE, completed_at=long_ago, completed_on=long_ago.date())

    assert summaries(read(app, make_feed(ada))) == ["Done lately", "Hers", "Nobody's"]


def test_a_feed_of_a_view_holds_what_the_view_shows(app: Flask, ada: Person) -> None:
    make_task(ada, title="Open")
    make_task(ada, title="Begun", status=Status.DOING)

    calendar = read(app, make_feed(ada, view_id=make_view(ada)))

    assert summaries(calendar) == ["Begun"]
    assert str(calendar["x-wr-calname"]) == "Under way"


def test_time_is_in_it_where_it_was_asked_for(app: Flask, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", joins=ada)
    task = make_task(ada, title="Letters")
    make_entry(task, ada, started_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    make_entry(task, ada, started_at=datetime(2026, 10, 1, 9, tzinfo=UTC))
    make_entry(task, ben, started_at=datetime(2026, 11, 20, 10, tzinfo=UTC))

    events = read(app, make_feed(ada, has_time=True)).walk("VEVENT")

    assert [event.decoded("dtstart") for event in events] == [datetime(2026, 11, 20, 9, tzinfo=UTC)]


def test_a_feed_ends_with_what_its_maker_may_see(app: Flask, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", joins=ada)
    shared = make_view(ada, is_shared=True)
    of_view, of_workspace = make_feed(ben, view_id=shared), make_feed(ben)
    program = app.test_client()

    saved.change_view(view_id=shared, name="Mine", is_shared=False, is_default=False, actor=ada.actor, now=NOW)
    assert [program.get(address).status_code for address in (of_view, of_workspace)] == [404, 200]

    with transaction():
        db.session.execute(update(Membership).where(Membership.user_id == ben.user_id).values(role=Role.PLACEHOLDER))
    assert program.get(of_workspace).status_code == 404


def test_who_leaves_takes_their_feeds_along(app: Flask, visit: Visit, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", joins=ada)
    address = make_feed(ben)
    with transaction():
        secret = {"password_hash": hash_password(PASSWORD)}
        db.session.execute(update(User).where(User.id == ben.user_id).values(secret))

    leaving.delete_account(password=PASSWORD, actor=ben.actor, now=NOW)

    assert app.test_client().get(address).status_code == 404
    assert db.session.scalar(select(Feed.id)) is None


def test_a_stranger_can_neither_make_nor_touch_a_feed(visit: Visit, ada: Person, cy: Person) -> None:
    view_id, _ = make_view(ada), make_feed(ada)
    feed_id = db.session.scalar(select(Feed.id))

    assert visit.post("feeds.make", {"view": view_id, "shape": "tasks"}, as_=cy).status_code == 404
    assert visit.post("feeds.renew", as_=cy, feed_id=feed_id).status_code == 404
    assert visit.post("feeds.end", as_=cy, feed_id=feed_id).status_code == 404
    assert words(visit("feeds.index", as_=cy).main).count("Take back") == 0


def test_one_feed_is_not_read_over_and_over(app: Flask, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "FEED_LIMIT", "2 per hour")
    address, other, program = make_feed(ada), make_feed(ada), app.test_client()

    answers = [program.get(address) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert program.get(other).status_code == 200


def test_an_address_of_nothing_is_not_found(app: Flask) -> None:
    assert app.test_client().get("/feeds/nothing.ics").status_code == 404


def test_a_form_that_makes_no_sense_comes_back(visit: Visit, ada: Person) -> None:
    visit.send("feeds.make", {"view": "", "shape": "picture"}, as_=ada, status=422)
    for _ in range(feeds.MOST_FEEDS):
        make_feed(ada)

    answer = visit.send("feeds.make", {"view": "", "shape": "tasks"}, as_=ada, status=422)

    assert "You have 20 feeds" in answer.text
