"""Time that overlaps other time of the same person: the person is asked, and what they choose is done at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.cast import NOW, Person, make_entry, make_person, make_task
from tests.page import Visit, check, texts, words
from tests.tasks.test_timers import days_of, task_now
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transaction
from webapp.tasks.errors import EntryOverlaps
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.rules.entries import Interval, PlainDuration
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

# 8:00 in Berlin.
EIGHT = datetime(2026, 11, 20, 7, tzinfo=UTC)


def hours(start: float, end: float) -> Interval:
    """Time on that day in Berlin."""
    return Interval(EIGHT + timedelta(hours=start - 8), EIGHT + timedelta(hours=end - 8))


def add(
    person: Person, task: Task, spent: Interval, overlap: OverlapChoice | None = None, mark: str | None = None
) -> int:
    return entries.create_entry(
        task_id=task.id, spent=spent, overlap=overlap, overlap_mark=mark, actor=person.actor, now=NOW
    )


def spans_of(task: Task) -> list[str]:
    """What is written down on a task, by the clocks of Berlin."""
    db.session.rollback()
    rows = db.session.scalars(
        select(TimeEntry)
        .where(TimeEntry.task_id == task.id, TimeEntry.deleted_at.is_(None))
        .order_by(TimeEntry.started_at)
        .execution_options(populate_existing=True)
    )
    found = []
    for entry in rows:
        assert entry.started_at is not None
        end = f"{entry.ended_at + timedelta(hours=1):%H:%M}" if entry.ended_at else ""
        found.append(f"{entry.started_at + timedelta(hours=1):%H:%M}–{end}")
        assert sum(days_of(entry.id).values()) == entry.seconds
    return found


@pytest.fixture
def task(ada: Person) -> Task:
    return make_task(ada, title="Write")


@pytest.fixture
def other(ada: Person) -> Task:
    """A task with time from 9 to 12."""
    other = make_task(ada, title="Design")
    add(ada, other, hours(9, 12))
    return other


@pytest.mark.parametrize(
    "mine, choice, mine_after, other_after",
    [
        (hours(11, 13), OverlapChoice.TRIM_MINE, ["12:00–13:00"], ["09:00–12:00"]),
        (hours(11, 13), OverlapChoice.TRIM_OTHER, ["11:00–13:00"], ["09:00–11:00"]),
        (hours(10, 11), OverlapChoice.SPLIT, ["10:00–11:00"], ["09:00–10:00", "11:00–12:00"]),
        (hours(8, 13), OverlapChoice.SPLIT, ["08:00–09:00", "12:00–13:00"], ["09:00–12:00"]),
        (hours(9, 12), OverlapChoice.TRIM_OTHER, ["09:00–12:00"], []),
        (hours(11, 13), OverlapChoice.KEEP_BOTH, ["11:00–13:00"], ["09:00–12:00"]),
    ],
)
def test_what_is_chosen_is_done_and_undone_at_once(
    ada: Person,
    task: Task,
    other: Task,
    mine: Interval,
    choice: OverlapChoice,
    mine_after: list[str],
    other_after: list[str],
) -> None:
    with pytest.raises(EntryOverlaps) as asked:
        add(ada, task, mine)
    assert [found.task_title for found in asked.value.others] == ["Design"]
    assert spans_of(task) == []

    add(ada, task, mine, choice, asked.value.mark)

    assert (spans_of(task), spans_of(other)) == (mine_after, other_after)
    for changed in (task, other):
        assert task_now(changed.id).tracked_seconds == sum(seconds for seconds in _lengths(changed))

    newest = db.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert newest is not None
    undo_change(change_id=newest, actor=ada.actor, now=NOW)
    assert (spans_of(task), spans_of(other)) == ([], ["09:00–12:00"])
    assert (task_now(task.id).tracked_seconds, task_now(other.id).tracked_seconds) == (0, 3 * 3600)


def _lengths(task: Task) -> list[int]:
    return list(
        db.session.scalars(
            select(TimeEntry.seconds).where(TimeEntry.task_id == task.id, TimeEntry.deleted_at.is_(None))
        )
    )


def test_a_timer_that_runs_is_in_the_way_too(ada: Person, task: Task) -> None:
    other = make_task(ada, title="Design")
    timers.start_timer(task_id=other.id, actor=ada.actor, now=EIGHT)

    with pytest.raises(EntryOverlaps) as asked:
        add(ada, task, hours(9, 10))
    add(ada, task, hours(9, 10), OverlapChoice.SPLIT, asked.value.mark)

    assert (spans_of(task), spans_of(other)) == (["09:00–10:00"], ["08:00–09:00", "10:00–"])
    stopped = timers.stop_timer(task_id=other.id, actor=ada.actor, now=NOW)
    assert stopped is not None
    assert stopped.started_at == hours(10, 11).started_at


def test_a_timer_that_is_moved_back_may_not_take_what_is_there(ada: Person, task: Task, other: Task) -> None:
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=hours(13, 14).started_at)
    version = db.session.get_one(TimeEntry, entry_id).version
    earlier = Interval(hours(11, 12).started_at, None)

    def save(overlap: OverlapChoice | None) -> None:
        entries.save_entry(
            entry_id=entry_id, spent=earlier, note="", overlap=overlap, version=version, actor=ada.actor, now=NOW
        )

    with pytest.raises(EntryOverlaps):
        save(None)
    save(OverlapChoice.TRIM_MINE)

    assert (spans_of(task), spans_of(other)) == (["12:00–"], ["09:00–12:00"])


def test_a_changed_note_asks_nothing(ada: Person, task: Task, other: Task) -> None:
    entry_id = add(ada, task, hours(11, 13), OverlapChoice.KEEP_BOTH)

    entries.save_entry(entry_id=entry_id, spent=hours(11, 13), note="Both", version=1, actor=ada.actor, now=NOW)

    assert spans_of(task) == ["11:00–13:00"]


def test_durations_what_is_deleted_and_what_others_did_are_in_nobodys_way(
    ada: Person, ben: Person, task: Task, other: Task
) -> None:
    entries.create_entry(task_id=task.id, spent=PlainDuration(NOW.date(), 36_000), actor=ada.actor, now=NOW)
    add(ben, task, hours(9, 12))
    trashed = make_task(ada, is_deleted=True)
    make_entry(trashed, ada, started_at=hours(14, 15).started_at)

    add(ada, task, hours(14, 15))

    assert spans_of(other) == ["09:00–12:00"]


def test_time_in_another_workspace_is_told_without_its_title_and_stays(app: Flask, ada: Person, task: Task) -> None:
    dan = make_person(app, name="Dan", email="dan@example.com")
    with transaction():
        db.session.add(Membership(workspace_id=dan.workspace_id, user_id=ada.user_id, role=Role.MEMBER, joined_at=NOW))
    there = replace(ada.actor, workspace_id=dan.workspace_id)
    secret = make_task(dan, title="Secret")
    entries.create_entry(task_id=secret.id, spent=hours(9, 12), actor=there, now=NOW)

    with pytest.raises(EntryOverlaps) as asked:
        add(ada, task, hours(10, 13))

    assert [found.task_title for found in asked.value.others] == [None]
    assert [plan.choice for plan in asked.value.plans] == [OverlapChoice.TRIM_MINE, OverlapChoice.KEEP_BOTH]
    with pytest.raises(EntryOverlaps):
        add(ada, task, hours(10, 13), OverlapChoice.TRIM_OTHER)


def test_a_choice_made_about_something_else_is_asked_again(ada: Person, task: Task, other: Task) -> None:
    with pytest.raises(EntryOverlaps) as asked:
        add(ada, task, hours(11, 13))
    add(ada, make_task(ada), hours(12, 14))

    with pytest.raises(EntryOverlaps, match="Look at them again") as again:
        add(ada, task, hours(11, 13), OverlapChoice.TRIM_OTHER, asked.value.mark)

    assert len(again.value.others) == 2
    assert spans_of(other) == ["09:00–12:00"]


@pytest.mark.server
def test_two_that_overlap_at_once_leave_one_to_be_asked_about(app: Flask, ada: Person, task: Task) -> None:
    task_ids = [make_task(ada).id for _ in range(4)]
    ready = Barrier(4)

    def create(task_id: int) -> bool:
        with app.app_context():
            ready.wait()
            try:
                entries.create_entry(task_id=task_id, spent=hours(9, 12), actor=ada.actor, now=NOW)
            except EntryOverlaps:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, task_ids)) == [False, False, False, True]


SENT = {"started_at": "2026-11-20T11:00", "ended_at": "2026-11-20T13:00", "note": "kept", "breaks": "10m"}


def test_the_form_comes_back_with_the_choices_and_what_they_come_to(
    visit: Visit, ada: Person, task: Task, other: Task
) -> None:
    with at_noon():
        page = check(visit.send("entries.create", SENT, as_=ada, status=422, task_id=task.id))

        asked = page.select_one("fieldset.overlaps")
        assert "20 Nov 2026, 09:00 – 12:00" in words(asked)
        assert [radio["value"] for radio in page.select("input[name=overlap]")] == ["trim-mine", "trim-other", "keep"]
        assert texts(page.select(".overlaps__plan"))[:2] == [
            "Shorten mine Mine: 12:00 – 13:00",
            "Shorten the other Mine: 11:00 – 13:00 “Design” : 09:00 – 11:00",
        ]
        assert values_of(page)["note"] == "kept"
        assert values_of(page)["started_at"] == "2026-11-20T11:00"

        sent = {**SENT, "overlap": "trim-other", "overlap_mark": values_of(page)["overlap_mark"]}
        visit.send("entries.create", sent, as_=ada, task_id=task.id)

    assert (spans_of(task), spans_of(other)) == (["11:00–13:00"], ["09:00–11:00"])


def values_of(page: BeautifulSoup) -> dict[str, str]:
    return {str(field["name"]): str(field.get("value", "")) for field in page.select("main form input[name]")}


def test_a_correction_comes_back_with_the_choices(visit: Visit, ada: Person, task: Task, other: Task) -> None:
    entry_id = add(ada, task, hours(13, 14))
    sent = {"started_at": "2026-11-20T11:00", "ended_at": "2026-11-20T14:00", "version": "1"}
    with at_noon():
        page = check(visit.send("entries.save", sent, as_=ada, status=422, entry_id=entry_id))
        assert page.select("input[name=overlap][value=trim-mine]")

        visit.send("entries.save", {**sent, "overlap": "trim-mine"}, as_=ada, entry_id=entry_id)

    assert spans_of(task) == ["12:00–14:00"]


@pytest.mark.parametrize(
    "overlap, status", [("keep", 303), ("trim-other", 303), ("split", 422), ("nonsense", 422), ("", 422)]
)
def test_a_script_may_choose_without_having_been_asked(
    visit: Visit, ada: Person, task: Task, other: Task, overlap: str, status: int
) -> None:
    with at_noon():
        visit.send("entries.create", {**SENT, "overlap": overlap}, as_=ada, status=status, task_id=task.id)

    assert bool(spans_of(task)) is (status == 303)


def test_a_stranger_learns_nothing_of_what_overlaps(visit: Visit, cy: Person, other: Task) -> None:
    visit.send("entries.create", SENT, as_=cy, status=404, task_id=other.id)


@contextmanager
def at_noon() -> Iterator[None]:
    """The afternoon of that day."""
    with time_machine.travel(NOW, tick=False):
        yield
