"""Parts, blockers, comments, repetition and what else a file says: taken in once, taken back whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from webapp.storage.bulk import table_of
from webapp.storage.db import Model, db
from webapp.storage.journal import unrecorded
from webapp.storage.transaction import transaction
from webapp.tasks.models import Comment, Series, Task, TaskBlocker, TimeEntry
from webapp.tasks.operations import blockers, intake, linking, subtasks, taking_back, timers
from webapp.tasks.rules.intake import Change, CommentIn, LinkIn, Outcome, Taken, TaskIn
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.values.status import Status

MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def take(person: Person, *told: TaskIn, now: datetime = NOW) -> tuple[Taken, dict[str, str]]:
    with transaction(), unrecorded():
        taken = intake.take_in(
            source="file", tasks=told, entries=[], zone=person.actor.zone, actor=person.actor, now=now
        )
        links = [
            LinkIn(task.source_ref, task.parent_ref, task.blocked_by_refs)
            for task in told
            if task.parent_ref or task.blocked_by_refs
        ]
        among = {change.record_id for change in taken.changes if change.table == "tasks"}
        left_out = linking.link(source="file", links=links, among=among, actor=person.actor, now=now)
    return taken, left_out


def back(person: Person, changes: Sequence[Change], *, at_once: int = 500) -> None:
    newest_first = list(reversed(changes))
    for start in range(0, len(newest_first), at_once):
        with transaction(), unrecorded():
            taking_back.take_back(changes=newest_first[start : start + at_once], actor=person.actor, now=LATER)


def rows_of(model: type[Model], *names: str) -> list[tuple[object, ...]]:
    db.session.rollback()
    rows = db.session.execute(select(*(table_of(model).c[name] for name in names)))
    return sorted((tuple(row) for row in rows), key=repr)


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {
        "tasks": rows_of(
            Task, "title", "description", "status", "starts_on", "due_on", "parent_id", "series_id", "source_hash"
        ),
        "blockers": rows_of(TaskBlocker, "task_id", "blocked_by_id"),
        "comments": rows_of(Comment, "task_id", "user_id", "text", "created_at"),
        "series": rows_of(Series, "title", "anchor_on"),
    }


def titles_by(column: str) -> dict[str, str]:
    db.session.rollback()
    title = {task.id: task.title for task in db.session.scalars(select(Task))}
    if column == "parent":
        return {title[t.id]: title[t.parent_id] for t in db.session.scalars(select(Task)) if t.parent_id}
    return {title[row.task_id]: title[row.blocked_by_id] for row in db.session.scalars(select(TaskBlocker))}


FAMILY = (
    TaskIn("1", "Sand", parent_ref="3", blocked_by_refs=("2",), starts_on=date(2026, 3, 4), created_at=MADE),
    TaskIn("2", "Buy", comments=(CommentIn("a", "Two tins", MADE, user_id=0), CommentIn("b", "Red")), created_at=MADE),
    TaskIn(
        "3",
        "Paint the shed",
        due_on=date(2026, 3, 9),
        repeat=Repeat(Rule(Unit.YEAR)),
        extra=(("estimate", '"PT1H"'),),
        created_at=MADE,
    ),
)


def test_a_file_says_parts_blockers_comments_repetition_and_more(ada: Person) -> None:
    _, left_out = take(ada, *FAMILY)

    assert left_out == {}
    assert titles_by("parent") == {"Sand": "Paint the shed"}
    assert titles_by("blocker") == {"Sand": "Buy"}
    assert rows_of(Comment, "text") == [("Red",), ("Two tins",)]
    shed = db.session.scalars(select(Task).where(Task.source_ref == "3")).one()
    assert shed.extra == [["estimate", '"PT1H"']]
    assert shed.series_id is not None
    assert rows_of(Task, "starts_on")[0] == (None,)
    sand = db.session.scalars(select(Task).where(Task.source_ref == "1")).one()
    assert (sand.has_blockers, shed.has_subtasks) == (True, True)


def test_taken_in_again_it_changes_nothing(ada: Person) -> None:
    take(ada, *FAMILY)
    before = everything()

    taken, _ = take(ada, *FAMILY, now=LATER)

    assert set(taken.tasks.values()) == {Outcome.UNCHANGED}
    assert taken.changes == []
    assert everything() == before


def test_what_the_file_says_otherwise_is_taken_over_and_taken_back(ada: Person) -> None:
    take(ada, *FAMILY)
    before = everything()

    taken, _ = take(
        ada,
        replace(FAMILY[0], parent_ref=None, blocked_by_refs=("3",)),
        replace(FAMILY[1], comments=(CommentIn("a", "Three tins", MADE), CommentIn("c", "New"))),
    )

    assert set(taken.tasks.values()) == {Outcome.UPDATED}
    assert (titles_by("parent"), titles_by("blocker")) == ({}, {"Sand": "Paint the shed"})
    assert rows_of(Comment, "text") == [("New",), ("Red",), ("Three tins",)]
    back(ada, taken.changes)
    assert everything() == before


def test_all_of_it_goes_again_however_few_are_taken_back_at_once(ada: Person) -> None:
    before = everything()

    for at_once in (1, 2, 500):
        taken, _ = take(ada, *FAMILY)
        back(ada, taken.changes, at_once=at_once)

        assert everything() == before


def test_what_somebody_has_linked_or_hidden_here_is_theirs(ada: Person) -> None:
    taken, _ = take(ada, *FAMILY)
    ids = dict(db.session.execute(select(Task.source_ref, Task.id)).all())
    blockers.remove_blocker(task_id=ids["1"], blocked_by_id=ids["2"], actor=ada.actor, now=LATER)
    blockers.add_blocker(task_id=ids["2"], blocked_by_id=ids["3"], actor=ada.actor, now=LATER)

    again, _ = take(ada, replace(FAMILY[0], title="Sand it"), replace(FAMILY[1], title="Buy paint"))
    back(ada, taken.changes)

    assert again.tasks == {"1": Outcome.KEPT, "2": Outcome.KEPT}
    assert [title for (title,) in rows_of(Task, "title")] == ["Buy", "Sand"]


def test_circles_are_left_out_and_named(ada: Person) -> None:
    _, left_out = take(
        ada,
        TaskIn("1", "A", blocked_by_refs=("2",), parent_ref="2"),
        TaskIn("2", "B", blocked_by_refs=("3",), parent_ref="1"),
        TaskIn("3", "C", blocked_by_refs=("1", "3"), parent_ref="9"),
    )

    assert titles_by("blocker") == {"A": "B", "B": "C"}
    assert titles_by("parent") == {"A": "B"}
    assert "“C” waits for “A”, which waits for “B”, which waits for “C”" in left_out["3"]
    assert "cannot wait for itself" in left_out["3"]
    assert "“9”, which is not here" in left_out["3"]
    assert "is a part of this task already" in left_out["2"]


def test_what_repeats_and_says_no_day_is_due_first_on_the_next_that_fits(ada: Person) -> None:
    mondays = TaskIn("1", "Water", created_at=MADE, repeat=Repeat(Rule(Unit.WEEK, weekdays=(0,))))
    taken, _ = take(ada, mondays)
    (first,) = rows_of(Task, "due_on")[0]
    before = everything()

    again, _ = take(ada, mondays, now=NOW + timedelta(days=30))
    assert (taken.left_out, set(again.tasks.values())) == ({}, {Outcome.UNCHANGED})
    assert everything() == before
    take(ada, replace(mondays, title="Water the fig"), now=NOW + timedelta(days=30))

    assert isinstance(first, date)
    assert (first.weekday(), 0 <= (first - NOW.date()).days < 7) == (0, True)
    assert rows_of(Task, "title", "due_on") == [("Water the fig", first)]
    assert rows_of(Series, "anchor_on") == [(first,)]


def test_a_task_that_the_file_has_done_since_stops_the_timer_on_it(ada: Person) -> None:
    take(ada, TaskIn("1", "Sand", status=Status.DOING))
    task_id = db.session.scalars(select(Task.id)).one()
    timers.start_timer(task_id=task_id, actor=ada.actor, now=NOW)

    taken, _ = take(ada, TaskIn("1", "Sand", status=Status.DONE), now=NOW + timedelta(hours=2))

    assert taken.tasks == {"1": Outcome.UPDATED}
    assert rows_of(TimeEntry, "running_user_id", "seconds") == [(None, 7200)]
    assert rows_of(Task, "status", "tracked_seconds") == [(Status.DONE, 7200)]


def test_links_stay_within_the_workspace(ada: Person, cy: Person) -> None:
    take(cy, TaskIn("2", "Theirs"))

    _, left_out = take(ada, TaskIn("1", "Mine", parent_ref="2", blocked_by_refs=("2",)))

    assert "not here" in left_out["1"]
    assert (titles_by("parent"), titles_by("blocker")) == ({}, {})


def test_a_made_task_that_waits_for_a_taken_one_is_free_once_that_is_taken_back(ada: Person) -> None:
    taken, _ = take(ada, *FAMILY)
    mine = make_task(ada, title="Mine").id
    ids = dict(db.session.execute(select(Task.source_ref, Task.id)).all())
    blockers.add_blocker(task_id=mine, blocked_by_id=ids["1"], actor=ada.actor, now=NOW)
    subtasks.add_subtask(task_id=ids["3"], title="Mine as well", actor=ada.actor, now=NOW)

    back(ada, taken.changes)

    assert [title for (title,) in rows_of(Task, "title")] == ["Mine as well", "Mine"]
