"""Many tasks and entries at once: taken in, taken in again, taken back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from tests.cast import NOW, Person, make_entry
from webapp.storage.db import Model, db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, EntryDay, Tag, Task, TaskTag, TimeEntry
from webapp.tasks.operations.comments import add_comment
from webapp.tasks.operations.intake import take_in
from webapp.tasks.operations.taking_back import take_back
from webapp.tasks.queries.intake import survey
from webapp.tasks.rules.intake import EntryIn, Outcome, Taken, TaskIn, total_of
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
LATER = NOW + timedelta(hours=1)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TASK = TaskIn(
    source_ref="17",
    title="Answer Mrs Lund",
    created_at=MONDAY,
    status=Status.DONE,
    priority=Priority.HIGH,
    category="Support",
    tags=("phone", "Fjord"),
    estimated_minutes=45,
    completed_at=MONDAY + timedelta(days=1),
)


def entry_of(ada: Person, **overrides: object) -> EntryIn:
    values: dict[str, object] = {
        "source_ref": "e1",
        "task_ref": "17",
        "user_id": ada.user_id,
        "started_at": MONDAY,
        "ended_at": MONDAY + timedelta(hours=2),
    }
    return EntryIn(**values | overrides)  # type: ignore[arg-type]


def take(ada: Person, *tasks: TaskIn, entries: tuple[EntryIn, ...] = (), now: datetime = NOW) -> Taken:
    return take_in(source="desk", tasks=tasks, entries=entries, zone=BERLIN, actor=ada.actor, now=now)


def count(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def tables() -> dict[str, list[tuple[object, ...]]]:
    """Everything an intake writes, without when and how often it was written."""
    db.session.rollback()
    passing = {"updated_at", "version"}
    return {
        model.__tablename__: sorted(
            tuple(value for name, value in row.items() if name not in passing)
            for row in db.session.execute(select(model.__table__)).mappings()
        )
        for model in (Category, Tag, Task, TaskTag, TimeEntry, EntryDay)
    }


def test_take_in_makes_the_task_with_its_category_and_tags(ada: Person) -> None:
    taken = take(ada, TASK)

    assert taken.tasks == {"17": Outcome.CREATED}
    task = db.session.scalars(select(Task)).one()
    assert (task.title, task.status, task.priority) == ("Answer Mrs Lund", Status.DONE, Priority.HIGH)
    assert task.completed_at == MONDAY + timedelta(days=1)
    assert (task.created_on, task.completed_on) == (date(2026, 11, 16), date(2026, 11, 17))
    assert db.session.scalars(select(Category.name).where(Category.id == task.category_id)).one() == "Support"
    assert set(db.session.scalars(select(Tag.name).join(TaskTag, TaskTag.tag_id == Tag.id))) == {"phone", "Fjord"}
    assert task.version == 1


def test_take_in_a_second_time_changes_nothing(ada: Person) -> None:
    entries = (
        entry_of(ada),
        entry_of(ada, source_ref="e2", started_at=None, ended_at=None, day=MONDAY.date(), seconds=9),
    )
    take(ada, TASK, entries=entries)
    before = tables()

    taken = take(ada, TASK, entries=entries, now=LATER)

    assert set(taken.tasks.values()) | set(taken.entries.values()) == {Outcome.UNCHANGED}
    assert taken.changes == []
    assert tables() == before


def test_take_in_finds_categories_and_tags_that_differ_in_case_alone(ada: Person) -> None:
    take(ada, TASK)

    take(ada, replace(TASK, source_ref="18", category="SUPPORT", tags=("Phone", "phone")))

    assert count(Category) == 1
    assert count(Tag) == 2


def test_take_in_keeps_the_people_of_another_workspace_out(ada: Person, cy: Person) -> None:
    take(ada, TASK)

    taken = take(cy, TASK)

    assert taken.tasks == {"17": Outcome.CREATED}
    assert count(Task) == 2
    assert count(Category) == 2


def test_take_in_updates_what_the_file_has_changed(ada: Person) -> None:
    take(ada, TASK)

    taken = take(ada, replace(TASK, title="Answer Mr Lund", tags=("letter",)), now=LATER)

    assert taken.tasks == {"17": Outcome.UPDATED}
    task = db.session.scalars(select(Task)).one()
    assert (task.title, task.version) == ("Answer Mr Lund", 2)
    assert db.session.scalars(select(Tag.name).join(TaskTag, TaskTag.tag_id == Tag.id)).all() == ["letter"]


def test_take_in_keeps_what_was_changed_here_and_in_the_file(ada: Person) -> None:
    take(ada, TASK)
    with transaction():
        db.session.execute(update(Task).values(title="Call Mrs Lund"))

    taken = take(ada, replace(TASK, title="Answer Mr Lund"))

    assert taken.tasks == {"17": Outcome.KEPT}
    assert db.session.scalars(select(Task.title)).one() == "Call Mrs Lund"


def test_take_in_leaves_a_task_in_the_trash(ada: Person) -> None:
    take(ada, TASK)
    with transaction():
        db.session.execute(update(Task).values(is_deleted=True, deleted_at=NOW))

    taken = take(ada, replace(TASK, title="Another"), entries=(entry_of(ada),))

    assert taken.tasks == {"17": Outcome.TRASHED}
    assert taken.entries == {"e1": Outcome.TRASHED}


def test_take_in_counts_an_interval_less_its_interruptions_on_its_days(ada: Person) -> None:
    # 22:30 to 00:30 in Berlin, with half an hour's break.
    evening = datetime(2026, 11, 16, 21, 30, tzinfo=UTC)
    entry = entry_of(ada, started_at=evening, ended_at=evening + timedelta(hours=2), interrupted_seconds=1800)

    take(ada, TASK, entries=(entry,))

    assert db.session.scalars(select(TimeEntry.seconds)).one() == 5400
    assert db.session.scalars(select(Task.tracked_seconds)).one() == 5400
    days = {row.day: row.seconds for row in db.session.execute(select(EntryDay.day, EntryDay.seconds))}
    assert days == {date(2026, 11, 16): 4050, date(2026, 11, 17): 1350}


def test_take_in_refuses_an_entry_of_an_unknown_task(ada: Person) -> None:
    taken = take(ada, TASK, entries=(entry_of(ada, task_ref="99"),))

    assert taken.entries == {"e1": Outcome.NO_TASK}
    assert count(TimeEntry) == 0


@pytest.mark.parametrize("totals_come_first", [True, False])
def test_entries_count_instead_of_the_total_in_whichever_order_they_come(ada: Person, totals_come_first: bool) -> None:
    total = total_of(task_ref="17", user_id=ada.user_id, day=date(2026, 11, 17), seconds=7000)
    take(ada, TASK)

    for entry in (total, entry_of(ada)) if totals_come_first else (entry_of(ada), total):
        take(ada, TASK, entries=(entry,))

    assert db.session.scalars(select(Task.tracked_seconds)).one() == 7200
    assert db.session.scalars(select(TimeEntry.source_ref)).all() == ["e1"]
    assert db.session.scalar(select(func.sum(EntryDay.seconds))) == 7200


def test_entries_count_instead_of_the_total_when_both_come_at_once(ada: Person) -> None:
    total = total_of(task_ref="17", user_id=ada.user_id, day=date(2026, 11, 17), seconds=7000)

    taken = take(ada, TASK, entries=(total, entry_of(ada)))

    assert taken.entries == {"total:17": Outcome.COVERED, "e1": Outcome.CREATED}
    assert db.session.scalars(select(Task.tracked_seconds)).one() == 7200


def test_a_total_of_any_length_stays_on_one_day(ada: Person) -> None:
    take(ada, TASK, entries=(total_of(task_ref="17", user_id=ada.user_id, day=date(2026, 11, 17), seconds=2_025_720),))

    assert db.session.execute(select(EntryDay.day, EntryDay.seconds)).one() == (date(2026, 11, 17), 2_025_720)


def test_survey_foretells_what_take_in_does_and_changes_nothing(ada: Person) -> None:
    take(ada, TASK)
    tasks = [replace(TASK, title="Answer Mr Lund"), replace(TASK, source_ref="18")]
    entries = [
        entry_of(ada),
        entry_of(ada, source_ref="e2", task_ref="18"),
        entry_of(ada, source_ref="e3", task_ref="9"),
    ]
    before = tables()

    foretold = survey(source="desk", tasks=tasks, entries=entries, actor=ada.actor)

    assert tables() == before
    taken = take(ada, *tasks, entries=tuple(entries))
    assert (foretold.tasks, foretold.entries) == (taken.tasks, taken.entries)
    assert set(taken.tasks.values()) == {Outcome.UPDATED, Outcome.CREATED}


def test_take_back_leaves_what_was_there_before(ada: Person) -> None:
    total = total_of(task_ref="17", user_id=ada.user_id, day=date(2026, 11, 17), seconds=7000)
    take(ada, TASK, entries=(total,))
    before = tables()
    taken = take(
        ada,
        replace(TASK, title="Answer Mr Lund", category="Letters", tags=("letter",)),
        replace(TASK, source_ref="18", tags=("phone", "new")),
        entries=(entry_of(ada), entry_of(ada, source_ref="e2", task_ref="18")),
        now=LATER,
    )

    back = take_back(changes=taken.changes[::-1], actor=ada.actor, now=LATER)

    assert tables() == before
    assert (back.undone, back.kept) == (5, 0)


def test_take_back_keeps_a_task_that_was_edited_since(ada: Person) -> None:
    taken = take(ada, TASK, replace(TASK, source_ref="18"))
    with transaction():
        db.session.execute(update(Task).where(Task.source_ref == "18").values(title="Mine now"))

    back = take_back(changes=taken.changes[::-1], actor=ada.actor, now=LATER)

    assert db.session.scalars(select(Task.title)).all() == ["Mine now"]
    assert (back.undone, back.kept) == (1, 1)
    assert count(Category) == 1


def test_take_back_keeps_a_task_that_has_time_of_its_own(ada: Person) -> None:
    taken = take(ada, TASK, entries=(entry_of(ada),))
    make_entry(db.session.scalars(select(Task)).one(), ada, seconds=600)

    back = take_back(changes=taken.changes[::-1], actor=ada.actor, now=LATER)

    assert db.session.scalars(select(Task.tracked_seconds)).one() == 600
    assert (back.undone, back.kept) == (1, 1)


def test_take_back_keeps_a_task_that_people_talk_about(ada: Person) -> None:
    taken = take(ada, TASK, replace(TASK, source_ref="18"))
    talked_about = db.session.scalars(select(Task.id).where(Task.source_ref == "18")).one()
    add_comment(task_id=talked_about, text="She called again.", actor=ada.actor, now=LATER)

    back = take_back(changes=taken.changes[::-1], actor=ada.actor, now=LATER)

    assert db.session.scalars(select(Task.id)).all() == [talked_about]
    assert (back.undone, back.kept) == (1, 1)


def test_take_back_does_nothing_to_another_workspace(ada: Person, cy: Person) -> None:
    taken = take(ada, TASK, entries=(entry_of(ada),))
    before = tables()

    take_back(changes=taken.changes[::-1], actor=cy.actor, now=LATER)

    assert tables() == before


def test_take_in_adds_up_for_hundreds_of_rows(ada: Person) -> None:
    tasks = [replace(TASK, source_ref=str(number), category=f"C{number % 7}") for number in range(1203)]
    entries = [
        entry_of(ada, source_ref=f"e{number}", task_ref=str(number % 1203), ended_at=MONDAY + timedelta(seconds=number))
        for number in range(2500)
    ]

    take(ada, *tasks, entries=tuple(entries))

    expected: Counter[str] = Counter()
    for entry in entries:
        expected[entry.task_ref] += entry.counted_seconds
    found = db.session.execute(select(Task.source_ref, Task.tracked_seconds))
    assert {row.source_ref: row.tracked_seconds for row in found} == {
        str(number): expected[str(number)] for number in range(1203)
    }
    assert db.session.scalar(select(func.sum(EntryDay.seconds))) == expected.total()
