"""The pages of time: timers, entries by hand, the timesheet."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, error_of, texts, words
from tests.tasks.test_timers import days_of, entry_now, task_now
from webapp.storage.db import db
from webapp.tasks.models import TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.entries import Interval, PlainDuration
from webapp.values.status import Status

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = date(2026, 11, 20)


@pytest.fixture
def stopped_clock() -> Any:
    """It is 15:42 on a Friday in Berlin, for the server too."""
    with time_machine.travel(NOW, tick=False):
        yield


def count_entries() -> int:
    """How many entries there are, deleted ones too."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(TimeEntry)) or 0


def only_entry() -> TimeEntry:
    """The one entry there is."""
    db.session.rollback()
    return db.session.scalars(select(TimeEntry).execution_options(populate_existing=True)).one()


def flashed(page: Any) -> str:
    """What the page says has just happened."""
    return " ".join(texts(page.select(".flash__text")))


# Timers


def test_a_timer_is_started_and_stopped_from_any_page(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="Write the report")

    started = visit.send("entries.start_timer", {"next": "/timesheet?from=2026-11-16"}, as_=ada, task_id=task.id)

    assert started.location == "/timesheet?from=2026-11-16"
    page = visit.follow(started, as_=ada)
    assert flashed(page) == "Timer started."
    assert words(page.select_one(".timer__task")) == "Write the report"

    with time_machine.travel(NOW + timedelta(minutes=25), tick=False):
        stopped = visit.send("entries.stop_timer", {"next": "/timesheet"}, as_=ada, task_id=task.id)
        page = visit.follow(stopped, as_=ada)

    assert flashed(page) == "Timer stopped: 25 min."
    assert page.select_one(".timer__clock") is None
    assert task_now(task.id).tracked_seconds == 1500


def test_starting_says_what_it_stopped_and_what_it_reopened(visit: Visit, ada: Person) -> None:
    first, second = make_task(ada, title="First"), make_task(ada, status=Status.DONE)
    timers.start_timer(task_id=first.id, actor=ada.actor, now=NOW)

    answer = visit.send("entries.start_timer", {"next": "/timesheet"}, as_=ada, task_id=second.id)

    said = flashed(visit.follow(answer, as_=ada))
    assert said == "Timer started. The one on “First” was stopped. The task was done; it is open again."


def test_stopping_twice_says_that_nothing_was_running(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    answer = visit.send("entries.stop_timer", {"next": "/timesheet"}, as_=ada, task_id=task.id)

    assert flashed(visit.follow(answer, as_=ada)) == "No timer was running on this task."


def test_a_timer_leads_back_to_the_task_and_nowhere_else(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    for foreign in ("//evil.example", "https://evil.example/", "/\\evil.example", ""):
        answer = visit.send("entries.start_timer", {"next": foreign}, as_=ada, task_id=task.id)

        assert answer.location == visit.address("tasks.show", task_id=task.id)


@pytest.mark.parametrize(
    "endpoint, values",
    [
        ("entries.start_timer", {"task_id": 0}),
        ("entries.stop_timer", {"task_id": 0}),
        ("entries.create", {"task_id": 0}),
        ("entries.save", {"entry_id": 0}),
        ("entries.delete", {"entry_id": 0}),
        ("entries.restore", {"entry_id": 0}),
    ],
)
def test_nothing_of_somebody_else_can_be_changed(
    visit: Visit, ada: Person, cy: Person, endpoint: str, values: dict[str, int]
) -> None:
    task = make_task(ada)
    entry = make_entry(task, ada)
    name = next(iter(values))
    fields = {"day": "2026-11-20", "duration": "1h", "note": "", "version": "1"}

    for person, number in ((cy, task.id if name == "task_id" else entry.id), (ada, 2**31 - 1)):
        visit.send(visit.address(endpoint, **{name: number}), fields, as_=person, status=404)
    anonymous = visit.post(visit.address(endpoint, **{name: task.id}), fields)

    assert anonymous.status_code in (302, 303, 401)
    assert count_entries() == 1
    assert (entry_now(entry.id).seconds, entry_now(entry.id).version) == (3600, 1)
    assert find_running(user_id=cy.user_id) is None


@pytest.mark.parametrize("endpoint", ["entries.save", "entries.delete", "entries.edit"])
def test_a_colleague_is_refused_by_name(visit: Visit, ada: Person, ben: Person, endpoint: str) -> None:
    entry = make_entry(make_task(ada), ada)
    fields = {"day": "2026-11-20", "duration": "1h", "version": "1"}

    if endpoint == "entries.edit":
        page = visit(endpoint, as_=ben, status=403, entry_id=entry.id)
    else:
        page = check(visit.send(endpoint, fields, as_=ben, status=403, entry_id=entry.id))

    assert "somebody else’s time" in words(page)
    assert entry_now(entry.id).version == 1


# By hand


def test_an_interval_is_written_down(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    fields = {"started_at": "2026-11-20T10:00", "ended_at": "2026-11-20T11:30", "breaks": "15m", "note": "Café ☕"}

    answer = visit.send("entries.create", {**fields, "next": "/timesheet"}, as_=ada, task_id=task.id)

    assert flashed(visit.follow(answer, as_=ada)) == "Time added."
    entry = only_entry()
    assert entry.started_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert (entry.seconds, entry.note) == (75 * 60, "Café ☕")


@pytest.mark.parametrize("typed, minutes", [("1:30", 90), ("90m", 90), ("1.5h", 90), ("817h 36m", 49056)])
def test_a_duration_is_written_down(visit: Visit, ada: Person, typed: str, minutes: int) -> None:
    task = make_task(ada)

    visit.send("entries.create", {"day": "2026-11-19", "duration": typed}, as_=ada, task_id=task.id)

    assert days_of(only_entry().id) == {date(2026, 11, 19): minutes * 60}
    assert task_now(task.id).tracked_seconds == minutes * 60


def test_the_start_and_end_may_have_a_day_beside_them(visit: Visit, ada: Person) -> None:
    # The form comes with today filled in; whoever gives the clock times need not empty it.
    task = make_task(ada)
    fields = {"day": "2026-11-20", "started_at": "2026-11-18T10:00", "ended_at": "2026-11-18T11:00"}

    visit.send("entries.create", fields, as_=ada, task_id=task.id)

    assert only_entry().day == date(2026, 11, 18)


BAD = [
    ({}, "duration", "how long it took"),
    ({"day": "2026-11-20"}, "duration", "how long it took"),
    ({"duration": "1h"}, "day", "Enter the day"),
    ({"day": "2026-11-20", "duration": "soon"}, "duration", "1h 30m"),
    ({"day": "2026-11-20", "duration": "-5"}, "duration", "1h 30m"),
    ({"day": "2026-11-20", "duration": "1e999"}, "duration", "1h 30m"),
    ({"day": "2026-11-20", "duration": "0"}, "duration", "at least one minute"),
    ({"day": "2026-11-20", "duration": "10001h"}, "duration", "longer than"),
    ({"day": "2026-11-20", "duration": "\u0661\u0662"}, "duration", "1h 30m"),
    ({"day": "2026-11-22", "duration": "1h"}, "day", "still to come"),
    ({"day": "2026-02-30", "duration": "1h"}, "day", "28 days"),
    ({"day": "0000-01-01", "duration": "1h"}, "day", "year 0"),
    ({"day": "99999-01-01", "duration": "1h"}, "day", "year 99999"),
    ({"day": "1969-12-31", "duration": "1h"}, "day", "before 1970"),
    ({"started_at": "2026-11-20T10:00"}, "ended_at", "when it ended"),
    ({"ended_at": "2026-11-20T10:00"}, "started_at", "when it began"),
    ({"started_at": "2026-11-20T10:00", "ended_at": "2026-11-20T10:00"}, "ended_at", "not after the start"),
    ({"started_at": "2026-11-20T10:00", "ended_at": "2026-11-20T09:00"}, "ended_at", "not after the start"),
    ({"started_at": "2025-11-20T10:00", "ended_at": "2026-11-20T11:00"}, "ended_at", "more than 24 hours"),
    ({"started_at": "2026-11-25T10:00", "ended_at": "2026-11-25T11:00"}, "ended_at", "more than a day ahead"),
    ({"started_at": "2026-03-29T02:30", "ended_at": "2026-03-29T04:00"}, "started_at", "02:30 does not exist"),
    ({"started_at": "0000-01-01T00:00", "ended_at": "2026-11-20T09:00"}, "started_at", "year 0"),
    ({"started_at": "99999-01-01T00:00", "ended_at": "2026-11-20T09:00"}, "started_at", "year 99999"),
    ({"started_at": "1900-01-01T00:00", "ended_at": "1900-01-01T01:00"}, "started_at", "before 1970"),
    ({"started_at": "yesterday", "ended_at": "2026-11-20T09:00"}, "started_at", "2026-11-20 15:00"),
    ({"started_at": "2026-11-20T25:00", "ended_at": "2026-11-20T09:00"}, "started_at", "between 00:00 and 23:59"),
    (
        {"started_at": "2026-11-20T10:00", "ended_at": "2026-11-20T11:00", "duration": "1h"},
        "duration",
        "but not both",
    ),
    (
        {"started_at": "2026-11-20T10:00", "ended_at": "2026-11-20T11:00", "breaks": "1h"},
        "breaks",
        "as long as the whole",
    ),
    ({"day": "2026-11-20", "duration": "1h", "breaks": "15m"}, "breaks", "belong to a start and an end"),
    ({"day": "2026-11-20", "duration": "1h", "note": "x" * 501}, "note", "501 characters; 500 fit"),
    ({"day": "2026-11-20", "duration": "1h", "note": "a\x00b"}, "note", "cannot be saved"),
]


@pytest.mark.parametrize("fields, field, sentence", BAD)
def test_what_cannot_be_comes_back_as_typed(
    visit: Visit, ada: Person, fields: dict[str, str], field: str, sentence: str
) -> None:
    task = make_task(ada)

    for address in (visit.address("entries.create", task_id=task.id), visit.address("entries.add")):
        page = check(visit.send(address, {**fields, "task": str(task.id)}, as_=ada, status=422))

        assert sentence in error_of(page, field)
        for name, typed in fields.items():
            control = page.find(True, attrs={"name": name})
            assert control is not None
            assert control["value"] == typed
    assert count_entries() == 0


anything = st.text(max_size=30) | st.sampled_from(
    ["2026-10-25T02:30", "2026-10-25T03:30", "9999-12-31T23:59", "2026-11-20", "1h", "99999:59", "y", "1e999", "\u202e"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "started_at",
                "ended_at",
                "is_second_start",
                "breaks",
                "day",
                "duration",
                "note",
                "version",
                "task",
                "next",
            ]
        ),
        anything,
    )
)
def test_whatever_is_typed_is_taken_or_answered(visit: Visit, ada: Person, fields: dict[str, str]) -> None:
    task = make_task(ada)
    entry = make_entry(task, ada, started_at=NOW - timedelta(hours=2))

    for address in (
        visit.address("entries.create", task_id=task.id),
        visit.address("entries.save", entry_id=entry.id),
        visit.address("entries.add"),
    ):
        assert visit.post(address, fields, as_=ada).status_code in (303, 404, 409, 422)


def test_the_task_is_chosen_in_the_form(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="Chosen")
    fields = {"task": str(task.id), "day": "2026-11-20", "duration": "1h"}

    page = visit("entries.new", as_=ada)
    assert [option["value"] for option in page.select("select[name=task] option")] == ["", str(task.id)]
    visit.send("entries.add", fields, as_=ada)

    assert task_now(task.id).tracked_seconds == 3600


@pytest.mark.parametrize(
    "chosen, status", [("", 422), ("abc", 422), ("-1", 422), ("2147483647", 404), ("9999999999", 404)]
)
def test_a_task_that_is_none_is_refused(visit: Visit, ada: Person, chosen: str, status: int) -> None:
    visit.send("entries.add", {"task": chosen, "day": "2026-11-20", "duration": "1h"}, as_=ada, status=status)

    assert count_entries() == 0


def test_a_task_of_a_stranger_cannot_be_chosen(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada)

    visit.send("entries.add", {"task": str(task.id), "day": "2026-11-20", "duration": "1h"}, as_=cy, status=404)

    assert count_entries() == 0


def test_the_same_form_sent_twice_makes_one_entry(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    fields = {"day": "2026-11-20", "duration": "1h", "request_key": secrets.token_hex(16)}

    first, second = (visit.send("entries.create", fields, as_=ada, task_id=task.id) for _ in range(2))

    assert first.location == second.location
    assert count_entries() == 1


def test_a_repeated_time_is_asked_about_and_can_be_made_the_second(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    fields = {"started_at": "2026-10-25T02:30", "ended_at": "2026-10-25T04:00", "next": "/timesheet"}

    page = check(visit.send("entries.create", fields, as_=ada, status=422, task_id=task.id))

    assert "02:30 comes twice on 25 October 2026" in error_of(page, "started_at")
    assert page.find("input", attrs={"name": "is_second_start", "checked": False}) is not None
    asked = page.find("input", attrs={"name": "asked_twice"})
    assert asked is not None
    assert count_entries() == 0

    fields["asked_twice"] = str(asked["value"])
    answer = visit.send("entries.create", fields, as_=ada, task_id=task.id)
    assert flashed(visit.follow(answer, as_=ada)) == "Time added, from the first 02:30."
    entry = only_entry()
    assert entry.seconds == 9000

    page = visit("entries.edit", as_=ada, entry_id=entry.id)
    assert page.find("input", attrs={"name": "is_second_start", "checked": False}) is not None
    assert page.find("input", attrs={"name": "is_second_end"}) is None
    answer = visit.send(
        "entries.save", {**fields, "version": str(entry.version), "is_second_start": "y"}, as_=ada, entry_id=entry.id
    )
    assert flashed(visit.follow(answer, as_=ada)) == "Time saved, from the second 02:30."
    assert only_entry().seconds == 5400


# Corrections


def sent_back(page: Any) -> dict[str, str]:
    """What a browser would send when the form of the page is saved untouched."""
    form = page.select_one("main form.form")
    controls = form.select("input[name], textarea[name]")
    return {
        control["name"]: control.get("value", "")
        for control in controls
        if control["name"] != "csrf_token" and (control.get("type") != "checkbox" or control.has_attr("checked"))
    }


@pytest.mark.parametrize(
    "spent",
    [
        Interval(datetime(2026, 11, 20, 9, 0, 17, tzinfo=UTC), datetime(2026, 11, 20, 10, 0, 41, tzinfo=UTC)),
        Interval(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 20, 10, 0, tzinfo=UTC), 95),
        Interval(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC)),
        Interval(datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        Interval(datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 15, tzinfo=UTC)),
        PlainDuration(DAY, 5400),
        PlainDuration(DAY, 29),
        PlainDuration(DAY, 12_345),
    ],
)
def test_an_entry_that_is_opened_and_saved_stays_exactly_as_it_is(
    visit: Visit, ada: Person, spent: Interval | PlainDuration
) -> None:
    task = make_task(ada)
    entry_id = entries.create_entry(task_id=task.id, spent=spent, note="x", actor=ada.actor, now=NOW)

    fields = sent_back(visit("entries.edit", as_=ada, entry_id=entry_id))
    visit.send("entries.save", {**fields, "note": "y"}, as_=ada, entry_id=entry_id)

    assert entry_now(entry_id).note == "y"
    assert entries.spent_of(entry_now(entry_id)) == spent


def test_a_timer_that_was_stopped_at_once_takes_a_note(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    timers.stop_running(actor=ada.actor, now=NOW)

    fields = sent_back(visit("entries.edit", as_=ada, entry_id=entry_id))
    visit.send("entries.save", {**fields, "note": "pressed twice"}, as_=ada, entry_id=entry_id)

    assert (entry_now(entry_id).note, entry_now(entry_id).seconds) == ("pressed twice", 0)


def test_a_running_timer_is_opened_and_saved_without_stopping(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    fields = sent_back(visit("entries.edit", as_=ada, entry_id=entry_id))
    visit.send("entries.save", {**fields, "started_at": "2026-11-20T15:00"}, as_=ada, entry_id=entry_id)

    assert entry_now(entry_id).running_user_id == ada.user_id
    assert entry_now(entry_id).started_at == datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def test_a_correction_that_cannot_be_comes_back_as_typed(visit: Visit, ada: Person) -> None:
    entry = make_entry(make_task(ada), ada, started_at=NOW - timedelta(hours=2))
    fields = {"started_at": "2026-11-20T12:00", "ended_at": "2026-11-20T11:00", "note": "typed", "version": "1"}

    page = check(visit.send("entries.save", fields, as_=ada, status=422, entry_id=entry.id))

    assert "not after the start" in error_of(page, "ended_at")
    assert page.find("input", attrs={"name": "note", "value": "typed"}) is not None
    assert entry_now(entry.id).version == 1


@pytest.mark.parametrize("version", ["1", "", "x", "-1", "9" * 40])
def test_a_lost_race_shows_both_versions(visit: Visit, ada: Person, version: str) -> None:
    entry = make_entry(make_task(ada), ada, started_at=NOW - timedelta(hours=2))
    fields = {"day": "2026-11-20", "duration": "45m"}
    visit.send("entries.save", {**fields, "note": "hers", "version": "1"}, as_=ada, entry_id=entry.id)

    answer = visit.send(
        "entries.save", {**fields, "note": "mine", "version": version}, as_=ada, status=409, entry_id=entry.id
    )

    page = check(answer)
    assert "hers" in words(page.select_one(".card"))
    assert page.find("input", attrs={"name": "note", "value": "mine"}) is not None
    assert entry_now(entry.id).note == "hers"
    visit.send("entries.save", {**sent_back(page), "duration": "45m"}, as_=ada, entry_id=entry.id)
    assert entry_now(entry.id).note == "mine"


def test_a_deleted_entry_can_be_put_back_from_the_next_page(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    entry = make_entry(task, ada)

    page = visit.follow(visit.send("entries.delete", {"next": "/timesheet"}, as_=ada, entry_id=entry.id), as_=ada)
    assert flashed(page) == "Time deleted."
    assert task_now(task.id).tracked_seconds == 0

    undo, back = page.select_one(".flash form"), page.select_one(".flash form [name=next]")
    assert undo is not None
    assert back is not None
    page = visit.follow(visit.send(str(undo["action"]), {"next": back["value"]}, as_=ada), as_=ada)
    assert flashed(page) == "Undone: Deleted time on “Write the report”."
    assert words(page.h1) == "Timesheet"
    assert task_now(task.id).tracked_seconds == 3600


def test_all_time_on_a_task_is_one_page(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada, title="Write the report")
    entry = make_entry(task, ada)
    make_entry(task, ben, started_at=NOW - timedelta(hours=3))

    page = visit("entries.index", as_=ben, task_id=task.id)

    assert words(page.h1) == "Time on Write the report"
    assert len(page.select(".entry")) == 2
    assert "Ada Lovelace" in words(page.select_one(".entry-list"))
    edit = visit.address("entries.edit", entry_id=entry.id)
    assert not [link for link in page.select("a[href]") if str(link["href"]).startswith(edit)]


def test_time_pages_do_not_exist_for_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada)
    entry = make_entry(task, ada)

    visit("entries.index", as_=cy, status=404, task_id=task.id)
    visit("entries.edit", as_=cy, status=404, entry_id=entry.id)


def test_the_form_on_its_own_page(visit: Visit, ada: Person) -> None:
    page = visit("entries.new", as_=ada)

    assert words(page.h1) == "Add time"
    assert page.find("input", attrs={"name": "day", "value": "2026-11-20"}) is not None
