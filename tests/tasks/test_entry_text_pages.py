"""Time typed as one text: shown as it was read, and saved once that has been seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, error_of, words
from webapp.storage.db import db
from webapp.tasks.models import TimeEntry
from webapp.tasks.operations.entries import spent_of
from webapp.tasks.queries.entries import last_ended_at
from webapp.tasks.rules.entries import Interval, PlainDuration

MORNING = Interval(datetime(2026, 11, 19, 8, tzinfo=UTC), datetime(2026, 11, 19, 10, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _friday_afternoon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def only_spent() -> Interval | PlainDuration:
    db.session.rollback()
    return spent_of(db.session.scalars(select(TimeEntry).execution_options(populate_existing=True)).one())


def count_entries() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(TimeEntry.id))) or 0


def sent_by(page: BeautifulSoup) -> dict[str, str]:
    """What the form that adds time sends when its button is pressed."""
    form = page.select_one("main form[action*=entries]")
    assert form is not None
    fields = {
        str(field["name"]): str(field.get("value", ""))
        for field in form.select("input[name]")
        if field.get("type") not in ("checkbox", "radio") and field["name"] != "request_key"
    }
    chosen = {
        str(field["name"]): str(field["value"]) for field in form.select("option[selected]") if field.has_attr("name")
    }
    return fields | chosen


@pytest.mark.parametrize("page_name", ["entries.create", "entries.add"])
def test_a_text_is_shown_as_it_was_read_and_saved_when_it_is_sent_again(
    visit: Visit, ada: Person, page_name: str
) -> None:
    task = make_task(ada)
    address = visit.address(page_name, task_id=task.id)
    typed = {"day": "2026-11-20", "duration": "yesterday 9–11", "note": "kept", "task": str(task.id)}

    shown = check(visit.send(address, typed, as_=ada, status=200))

    assert "Yesterday, 09:00 – 11:00" in words(shown.select_one(".spent-read"))
    assert "nothing is saved yet" in words(shown.main)
    assert count_entries() == 0
    visit.send(address, sent_by(shown) | {"task": str(task.id)}, as_=ada)
    assert only_spent() == MORNING


def test_another_text_than_the_one_that_was_seen_is_shown_first(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    shown = check(
        visit.send("entries.create", {"day": "2026-11-20", "duration": "9-11"}, as_=ada, status=200, task_id=task.id)
    )

    for changed in ({"duration": "9-12"}, {"day": "2026-11-19"}):
        visit.send("entries.create", sent_by(shown) | changed, as_=ada, status=200, task_id=task.id)

    assert count_entries() == 0


def test_what_is_typed_is_read_while_it_is_typed(visit: Visit, ada: Person) -> None:
    def read(text: str, status: int = 200) -> BeautifulSoup:
        answer = ada.client.get("/entries/read", query_string={"day": "2026-11-20", "duration": text})
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser")

    assert "Today, 23:00 – 02:00 the day after, 3 h." in words(read("today 23-2"))
    assert [seen["value"] for seen in read("yesterday 9-11").select("[name=seen]")] == ["2026-11-20 yesterday 9-11"]
    assert "1 h 30 min" in words(read("mon 1:30"))
    assert "2 h, from the first 02:30" in words(read("2026-10-25 2:30-3:30"))
    assert not read("1:30").select("[name=seen]")
    assert not words(read(""))
    assert "“lunch” is not understood" in words(read("lunch", status=422))


@pytest.mark.parametrize(
    "typed, words_of_it",
    [
        ("lunch", "“lunch” is not understood"),
        ("9-5", "over midnight. Write 9:00-17:00"),
        ("2026-03-29 2:30-4", "does not exist on 29 March 2026"),
        ("0000-01-01 9-11", "The year 0 is out of range"),
        ("99999-01-01 9-11", "The year 99999 is out of range"),
        ("9000000m", "longer than 10,000 h"),
        ("9-11 <b>", "not understood"),
    ],
)
def test_a_text_that_cannot_be_read_comes_back_as_typed(
    visit: Visit, ada: Person, typed: str, words_of_it: str
) -> None:
    task = make_task(ada)
    sent = {"day": "2026-11-20", "duration": typed, "seen": f"2026-11-20 {typed}", "note": "kept"}

    page = check(visit.send("entries.create", sent, as_=ada, status=422, task_id=task.id))

    assert words_of_it in error_of(page, "duration")
    assert sent_by(page)["duration"] == typed
    assert sent_by(page)["note"] == "kept"


def test_a_correction_can_be_typed_too(visit: Visit, ada: Person) -> None:
    entry = make_entry(make_task(ada), ada)
    sent = {"day": "2026-11-20", "duration": "yesterday 9-11", "version": str(entry.version)}

    visit.send("entries.save", sent, as_=ada, status=200, entry_id=entry.id)
    visit.send("entries.save", sent | {"seen": "2026-11-20 yesterday 9-11"}, as_=ada, entry_id=entry.id)

    assert only_spent() == MORNING


def test_the_start_that_is_proposed_is_where_the_last_time_ended(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada)
    for person, hour in ((ada, 8), (ada, 6), (ben, 12)):
        make_entry(task, person, started_at=datetime(2026, 11, 20, hour, tzinfo=UTC), seconds=1800)
    make_entry(task, ada, started_at=datetime(2026, 11, 19, 20, tzinfo=UTC))

    page = visit("entries.index", as_=ada, task_id=task.id)

    # 8:30 in Berlin is an hour ahead.
    assert sent_by(page)["started_at"] == "2026-11-20T09:30"
    assert "“until now” begins at 09:30" in words(page.main)
    assert last_ended_at(actor=ada.actor, day=NOW.date()) == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    # Left as it is it does not count beside a duration; with an end it does.
    visit.send("entries.create", sent_by(page) | {"duration": "15m"}, as_=ada, task_id=task.id)
    visit.send("entries.create", sent_by(page) | {"ended_at": "2026-11-20T10:00"}, as_=ada, task_id=task.id)
    newest = db.session.scalars(select(TimeEntry).order_by(TimeEntry.id.desc()).limit(2)).all()
    assert [spent_of(entry) for entry in newest] == [
        Interval(datetime(2026, 11, 20, 8, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC)),
        PlainDuration(NOW.date(), 900),
    ]


def test_what_an_address_fills_in_is_shown_as_it_is_read(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    page = visit("/entries/new?day=2026-11-19&time=9:00-11:00", as_=ada)

    assert "Yesterday, 09:00 – 11:00" in words(page.select_one(".spent-read"))
    visit.send("entries.add", sent_by(page) | {"task": str(task.id)}, as_=ada)
    assert only_spent() == MORNING
    for odd in ("time=lunch", "time=9000000m", "day=x&time=9-11", "day=0000-01-01"):
        visit(f"/entries/new?{odd}", as_=ada)


def test_until_now_goes_on_from_the_last_time(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=datetime(2026, 11, 20, 8, tzinfo=UTC))
    sent = {"day": "2026-11-20", "duration": "until now", "seen": "2026-11-20 until now"}

    visit.send("entries.create", sent, as_=ada, task_id=task.id)

    newest = db.session.scalars(select(TimeEntry).order_by(TimeEntry.id.desc()).limit(1)).one()
    assert spent_of(newest) == Interval(datetime(2026, 11, 20, 9, tzinfo=UTC), NOW)
