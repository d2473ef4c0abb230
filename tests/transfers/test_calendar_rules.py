"""A calendar says the same to two programs that have nothing in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as some
from icalendar import Calendar

from webapp.transfers.rules.calendar import FeedContents, FeedEntry, FeedShape, FeedTask, fingerprint, write_calendar
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
TASK = FeedTask(
    uid="019da1ff1c4098f4a3b1c2d4e5f60718",
    title="Pay invoice",
    description="",
    status=Status.TODO,
    priority=Priority.MEDIUM,
    labels=(),
    starts_on=None,
    due_on=None,
    due_at=None,
    created_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
    updated_at=datetime(2026, 11, 20, 14, 42, tzinfo=UTC),
    completed_at=None,
    version=4,
    parent_uid=None,
    parts_done=0,
    parts_total=0,
    address="https://example.com/tasks/7",
)
ENTRY = FeedEntry(
    uid="019da1ff1c4098f4a3b1c2d4e5f60719",
    title="Pay invoice",
    note="By phone; twice",
    started_at=datetime(2026, 11, 20, 22, tzinfo=UTC),
    ended_at=datetime(2026, 11, 21, 1, tzinfo=UTC),
    updated_at=datetime(2026, 11, 21, 1, tzinfo=UTC),
    version=1,
    address="https://example.com/tasks/7",
)


def written(*tasks: FeedTask, shape: FeedShape = FeedShape.TASKS, entries: tuple[FeedEntry, ...] = ()) -> bytes:
    return write_calendar(FeedContents("Ada", shape, BERLIN, tasks, entries))


def by_icalendar(text: bytes, kind: str) -> dict[str, Any]:
    """Return the facts of the one component of a kind, as icalendar reads them."""
    (found,) = Calendar.from_ical(text).walk(kind)
    facts: dict[str, Any] = {}
    for name, value in found.items():
        key = name.lower()
        if key == "categories":
            facts[key] = [str(label) for label in value.cats]
        elif hasattr(value, "dt"):
            facts[key] = value.dt
        else:
            facts[key] = str(value)
    return facts


def by_vobject(text: bytes, kind: str) -> dict[str, Any]:
    """Return the same as vobject reads them."""
    (found,) = vobject.readOne(text.decode()).contents[kind.lower()]
    facts: dict[str, Any] = {}
    for name, (line, *_) in found.contents.items():
        value = line.value
        facts[name] = value.astimezone(UTC) if isinstance(value, datetime) else value
    return facts


def test_a_task_is_told_with_all_its_facts() -> None:
    task = replace(
        TASK,
        title="Straße, 買い物; 🧾 \u202bשלום\u202c",
        description="First line\nC:\\files",
        status=Status.DONE,
        priority=Priority.URGENT,
        labels=("Home", "a, b"),
        starts_on=date(2026, 11, 18),
        due_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
        completed_at=datetime(2026, 11, 20, 14, 42, tzinfo=UTC),
        parent_uid="f" * 32,
    )

    facts = by_icalendar(written(task), "VTODO")

    assert facts == {
        "uid": "019da1ff1c4098f4a3b1c2d4e5f60718@devtrackr",
        "summary": "Straße, 買い物; 🧾 \u202bשלום\u202c",
        "description": "First line\nC:\\files",
        "status": "COMPLETED",
        "priority": "1",
        "categories": ["Home", "a, b"],
        # The beginning of the day in Berlin.
        "dtstart": datetime(2026, 11, 17, 23, tzinfo=UTC),
        "due": datetime(2026, 11, 20, 15, tzinfo=UTC),
        "completed": datetime(2026, 11, 20, 14, 42, tzinfo=UTC),
        "percent-complete": "100",
        "related-to": f"{'f' * 32}@devtrackr",
        "created": TASK.created_at,
        "last-modified": TASK.updated_at,
        "dtstamp": TASK.updated_at,
        "sequence": "3",
        "url": "https://example.com/tasks/7",
    }


def test_a_day_stays_a_day() -> None:
    task = replace(TASK, due_on=date(2026, 11, 20), starts_on=date(2026, 11, 18), parts_done=1, parts_total=3)

    todo, event = by_icalendar(written(task), "VTODO"), by_icalendar(written(task, shape=FeedShape.EVENTS), "VEVENT")

    assert (todo["dtstart"], todo["due"], todo["percent-complete"]) == (date(2026, 11, 18), date(2026, 11, 20), "33")
    assert (event["dtstart"], event["dtend"]) == (date(2026, 11, 20), date(2026, 11, 21))
    assert event["uid"] != todo["uid"]


@pytest.mark.parametrize(
    "due",
    [{"due_on": date(2026, 11, 20)}, {"due_at": datetime(2026, 11, 19, 23, tzinfo=UTC)}],
    ids=["the same day", "the first moment of the day"],
)
def test_what_would_begin_when_it_ends_has_no_beginning(due: dict[str, Any]) -> None:
    facts = by_icalendar(written(replace(TASK, starts_on=date(2026, 11, 20), **due)), "VTODO")

    assert "dtstart" not in facts


def test_what_is_not_due_is_no_event() -> None:
    assert b"VEVENT" not in written(TASK, shape=FeedShape.BOTH)


def test_time_spent_is_an_event() -> None:
    facts = by_icalendar(written(entries=(ENTRY,)), "VEVENT")

    assert (facts["dtstart"], facts["dtend"]) == (ENTRY.started_at, ENTRY.ended_at)
    assert (facts["summary"], facts["description"], facts["transp"]) == (ENTRY.title, ENTRY.note, "TRANSPARENT")


def test_each_fact_has_its_part_in_the_fingerprint() -> None:
    usual = FeedContents("Ada", FeedShape.BOTH, BERLIN, (TASK,), (ENTRY,))
    others = [
        replace(usual, name="Ben"),
        replace(usual, shape=FeedShape.TASKS),
        replace(usual, zone=ZoneInfo("Asia/Tokyo")),
        replace(usual, tasks=(replace(TASK, labels=("Home",)),)),
        replace(usual, entries=()),
    ]

    assert fingerprint(usual) == fingerprint(replace(usual))
    assert len({fingerprint(usual), *map(fingerprint, others)}) == 6


def test_the_same_facts_are_the_same_bytes_in_short_lines() -> None:
    task = replace(TASK, title="🧾" * 100)

    text = written(task, shape=FeedShape.BOTH)

    assert text == written(task, shape=FeedShape.BOTH)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")


CHARACTERS = some.characters(codec="utf-8", exclude_categories=["Cc"]) | some.sampled_from('\n,;\\:"🧾')
TEXTS = some.text(CHARACTERS, max_size=90)
INSTANTS = some.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=some.just(UTC)).map(  # noqa: DTZ001
    lambda instant: instant.replace(microsecond=0)
)
DAYS = some.none() | some.dates(date(1970, 1, 2), date(2199, 1, 1))


@example(r"C:\New", "", None, None, None, Status.TODO, Priority.LOW)
@given(
    title=TEXTS,
    description=TEXTS,
    due_on=DAYS,
    due_at=some.none() | INSTANTS,
    starts_on=DAYS,
    status=some.sampled_from(Status),
    priority=some.sampled_from(Priority),
)
def test_two_readers_see_the_same(
    title: str,
    description: str,
    due_on: date | None,
    due_at: datetime | None,
    starts_on: date | None,
    status: Status,
    priority: Priority,
) -> None:
    task = replace(
        TASK,
        title=title,
        description=description,
        due_on=due_on,
        due_at=None if due_on else due_at,
        starts_on=starts_on,
        status=status,
        priority=priority,
    )
    text = written(task)

    one, other = by_icalendar(text, "VTODO"), by_vobject(text, "VTODO")

    assert one == other
    assert one["summary"] == title.replace("\u2028", "\n").replace("\u2029", "\n")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_no_text_can_add_a_line_to_the_calendar(end: str) -> None:
    text = written(replace(TASK, title=f"x{end}END:VTODO{end}BEGIN:VEVENT{end}SUMMARY:evil", labels=(f"a{end}URL:b",)))

    assert by_icalendar(text, "VTODO")["summary"] == "x\nEND:VTODO\nBEGIN:VEVENT\nSUMMARY:evil"
    assert by_vobject(text, "VTODO")["summary"] == "x\nEND:VTODO\nBEGIN:VEVENT\nSUMMARY:evil"
    assert not Calendar.from_ical(text).walk("VEVENT")
