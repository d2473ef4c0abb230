"""The law of undoing: whatever was done, undone in reverse it is as it was before each step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import false, select

from tests.cast import NOW, Person, make_person
from tests.conftest import empty_database
from webapp.customers import operations as customers
from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import DomainError
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.models import Comment, Reminder, Task, TimeEntry
from webapp.tasks.operations import (
    absence,
    blockers,
    bulk,
    comments,
    entries,
    labels,
    recurrence,
    reminders,
    subtasks,
    tasks,
    timers,
)
from webapp.tasks.queries.labels import MODELS
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.bulk import KEEP, BulkEdit, Shift
from webapp.tasks.rules.entries import Interval, PlainDuration
from webapp.tasks.rules.labels import Kind
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.tasks.rules.recurrence import Basis, Repeat, Rule, Unit
from webapp.tasks.rules.reminders import Basis as ReminderBasis
from webapp.tasks.rules.reminders import Timing
from webapp.tasks.rules.tasks import TaskDetails
from webapp.tasks.rules.timers import Away, Forgotten
from webapp.values.priority import Priority
from webapp.values.status import Status

# What tells about changes, people and messages, and not about work.
NOT_WORK = {
    "changes",
    "change_rows",
    "done_requests",
    "login_sessions",
    "notices",
    "outbox_jobs",
    "users",
    "workspaces",
    "memberships",
}
# And what says how far the worker is with a reminder.
TECHNICAL = {"has_subtasks", "has_blockers", "version", "updated_at", "send_after", "sent_at"}
# Rows that are kept when their making is undone, marked as deleted.
KEPT = {"tasks", "time_entries", "comments"}

State = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
# Three numbers choose whose, which and what.
Step = tuple[str, int, int, int]


class World:
    """A workspace of two people, and everything they can do in it, told by numbers."""

    def __init__(self, app: Flask) -> None:
        empty_database()
        self.ada = make_person(app, name="Ada", email="ada@example.com", timezone="Europe/Berlin")
        self.ben = make_person(app, name="Ben", email="ben@example.com", timezone="Asia/Tokyo", joins=self.ada)
        self.turn = 0

    def do(self, step: Step) -> None:
        """Do one thing; what is refused changes nothing."""
        what, a, b, c = step
        self.turn += 1
        person = self.ada if c % 3 else self.ben
        try:
            getattr(self, what)(person, a, b)
        except DomainError:
            db.session.rollback()

    @property
    def now(self) -> Any:
        return NOW + timedelta(minutes=7 * self.turn)

    def details(self, a: int, b: int) -> TaskDetails:
        return TaskDetails(
            title=f"Title {a % 4}",
            description="x" * (b % 3),
            status=list(Status)[b % 3],
            priority=list(Priority)[a % 4],
            category=[None, "Home", "Work"][b % 3],
            tags=tuple(["one", "two", "three"][: a % 4]),
            due_on=date(2026, 12, 1 + a % 20) if b % 2 else None,
            due_at=NOW + timedelta(days=b) if a % 3 == 0 and b % 2 == 0 else None,
            estimated_minutes=[None, 0, 45][a % 3],
            parent_id=self.pick(Task, b) if a % 5 == 0 else None,
        )

    def pick(self, model: Any, number: int) -> int:
        ids = db.session.scalars(select(model.id).order_by(model.id)).all()
        db.session.rollback()
        return ids[number % len(ids)] if ids else 1

    def version(self, model: Any, record_id: int) -> int:
        found = db.session.scalar(select(model.version).where(model.id == record_id))
        db.session.rollback()
        return int(found or 0)

    def create(self, person: Person, a: int, b: int) -> None:
        tasks.create_task(details=self.details(a, b), actor=person.actor, now=self.now)

    def save(self, person: Person, a: int, b: int) -> None:
        task_id = self.pick(Task, b)
        version = self.version(Task, task_id)
        details = self.details(a, b)
        tasks.save_task(task_id=task_id, details=details, version=version, actor=person.actor, now=self.now)

    def move(self, person: Person, a: int, b: int) -> None:
        tasks.set_status(task_id=self.pick(Task, a), status=list(Status)[b % 3], actor=person.actor, now=self.now)

    def delete(self, person: Person, a: int, _: int) -> None:
        tasks.delete_task(task_id=self.pick(Task, a), actor=person.actor, now=self.now)

    def restore(self, person: Person, a: int, _: int) -> None:
        tasks.restore_task(task_id=self.pick(Task, a), actor=person.actor, now=self.now)

    def write_time(self, person: Person, a: int, b: int) -> None:
        entries.create_entry(
            task_id=self.pick(Task, a),
            spent=self.spent(b),
            overlap=list(OverlapChoice)[b % 4],
            actor=person.actor,
            now=self.now,
        )

    def correct_time(self, person: Person, a: int, b: int) -> None:
        entry_id = self.pick(TimeEntry, a)
        version = self.version(TimeEntry, entry_id)
        entries.save_entry(
            entry_id=entry_id,
            spent=self.spent(b),
            note=f"n{b}",
            overlap=list(OverlapChoice)[a % 4],
            version=version,
            actor=person.actor,
            now=self.now,
        )

    def spent(self, b: int) -> Interval | PlainDuration:
        if b % 2:
            return PlainDuration(date(2026, 11, 1 + b % 9), 60 * (b + 1))
        # Some pass midnight.
        began_at = NOW - timedelta(hours=20 + b)
        return Interval(began_at, began_at + timedelta(hours=b % 12), 60 * (b % 3))

    def delete_time(self, person: Person, a: int, _: int) -> None:
        entries.delete_entry(entry_id=self.pick(TimeEntry, a), actor=person.actor, now=self.now)

    def restore_time(self, person: Person, a: int, _: int) -> None:
        entries.restore_entry(entry_id=self.pick(TimeEntry, a), actor=person.actor, now=self.now)

    def start(self, person: Person, a: int, _: int) -> None:
        timers.start_timer(task_id=self.pick(Task, a), actor=person.actor, now=self.now)

    def stop(self, person: Person, _a: int, _b: int) -> None:
        timers.stop_running(actor=person.actor, now=self.now)

    def pause(self, person: Person, _a: int, _b: int) -> None:
        timers.pause_running(actor=person.actor, now=self.now)

    def go_on(self, person: Person, _a: int, _b: int) -> None:
        timers.resume_timer(actor=person.actor, now=self.now)

    def be_away(self, person: Person, a: int, b: int) -> None:
        running = find_running(user_id=person.user_id)
        db.session.rollback()
        if running is not None:
            absence.settle_away(
                entry_id=running.entry_id,
                away_from=self.now - timedelta(minutes=b),
                choice=list(Away)[a % 4],
                task_id=self.pick(Task, a),
                actor=person.actor,
                now=self.now,
            )

    def settle_timer(self, person: Person, a: int, b: int) -> None:
        running = find_running(user_id=person.user_id)
        db.session.rollback()
        if running is not None:
            absence.settle_forgotten(
                entry_id=running.entry_id,
                choice=list(Forgotten)[a % 4],
                ended_at=self.now - timedelta(minutes=b),
                actor=person.actor,
                now=self.now,
            )

    def block(self, person: Person, a: int, b: int) -> None:
        blockers.add_blocker(
            task_id=self.pick(Task, a), blocked_by_id=self.pick(Task, b), actor=person.actor, now=self.now
        )

    def unblock(self, person: Person, a: int, b: int) -> None:
        blockers.remove_blocker(
            task_id=self.pick(Task, a), blocked_by_id=self.pick(Task, b), actor=person.actor, now=self.now
        )

    def add_customer(self, person: Person, a: int, _: int) -> None:
        customers.create_customer(details=CustomerDetails(name=f"Customer {a}"), actor=person.actor, now=self.now)

    def add_part(self, person: Person, a: int, b: int) -> None:
        subtasks.add_subtask(task_id=self.pick(Task, a), title=f"Part {b}", actor=person.actor, now=self.now)

    def move_up(self, person: Person, a: int, _: int) -> None:
        subtasks.move_up(task_id=self.pick(Task, a), actor=person.actor, now=self.now)

    def move_to_day(self, person: Person, a: int, b: int) -> None:
        day = date(2026, 12, 1 + b % 28)
        tasks.move_to_day(task_id=self.pick(Task, a), day=day, actor=person.actor, now=self.now)

    def repeat(self, person: Person, a: int, b: int) -> None:
        repeat = Repeat(Rule(unit=list(Unit)[b % 4], every=1 + b % 3), basis=list(Basis)[b % 2]) if b % 4 else None
        recurrence.set_repeat(task_id=self.pick(Task, a), repeat=repeat, actor=person.actor, now=self.now)

    def skip(self, person: Person, a: int, _: int) -> None:
        recurrence.skip_occurrence(task_id=self.pick(Task, a), actor=person.actor, now=self.now)

    def remind(self, person: Person, a: int, b: int) -> None:
        timing = Timing(ReminderBasis.AT, at=NOW + timedelta(days=b)) if b % 2 else Timing(ReminderBasis.DUE, b)
        reminders.add_reminder(task_id=self.pick(Task, a), timing=timing, actor=person.actor, now=self.now)

    def forget(self, person: Person, a: int, b: int) -> None:
        reminders.delete_reminder(
            task_id=self.pick(Task, a), reminder_id=self.pick(Reminder, b), actor=person.actor, now=self.now
        )

    def comment(self, person: Person, a: int, b: int) -> None:
        comments.add_comment(task_id=self.pick(Task, a), text=f"Words {b}", actor=person.actor, now=self.now)

    def reword(self, person: Person, a: int, b: int) -> None:
        comment_id = self.pick(Comment, a)
        version = self.version(Comment, comment_id)
        comments.save_comment(
            comment_id=comment_id, text=f"Others {b}", version=version, actor=person.actor, now=self.now
        )

    def delete_comment(self, person: Person, a: int, _: int) -> None:
        comments.delete_comment(comment_id=self.pick(Comment, a), actor=person.actor, now=self.now)

    def rename(self, person: Person, a: int, b: int) -> None:
        kind = list(Kind)[b % 2]
        label_id = self.pick(MODELS[kind], a)
        labels.save_label(kind=kind, label_id=label_id, name=f"L{b}", hue=1 + b % 8, actor=person.actor, now=self.now)

    def merge(self, person: Person, a: int, b: int) -> None:
        model = MODELS[kind := list(Kind)[b % 2]]
        labels.merge_labels(
            kind=kind, label_id=self.pick(model, a), into_id=self.pick(model, a + 1), actor=person.actor, now=self.now
        )

    def delete_label(self, person: Person, a: int, b: int) -> None:
        kind = list(Kind)[b % 2]
        labels.delete_label(kind=kind, label_id=self.pick(MODELS[kind], a), actor=person.actor, now=self.now)

    def change_customer(self, person: Person, a: int, b: int) -> None:
        customer_id = self.pick(Customer, a)
        version = self.version(Customer, customer_id)
        details = CustomerDetails(name=f"Renamed {b}", notes="x" * (b % 3))
        customers.save_customer(
            customer_id=customer_id, details=details, version=version, actor=person.actor, now=self.now
        )

    def archive(self, person: Person, a: int, b: int) -> None:
        act = customers.archive_customer if b % 2 else customers.unarchive_customer
        act(customer_id=self.pick(Customer, a), actor=person.actor, now=self.now)

    def change_many(self, person: Person, a: int, b: int) -> None:
        edit = BulkEdit(
            status=list(Status)[b % 3] if a % 2 else KEEP,
            priority=list(Priority)[b % 4] if a % 3 else KEEP,
            category=[None, "Work", "New"][b % 3] if a % 5 else KEEP,
            add_tags=("one", "four")[: b % 3],
            remove_tags=("two",)[: a % 2],
            due=[None, date(2027, 1, 1), Shift(b + 1)][a % 3],
            parent_id=self.pick(Task, b) if a % 4 == 0 else KEEP,
        )
        bulk.change_tasks(task_ids=self.some(a), edit=edit, actor=person.actor, now=self.now, override_reason="So")

    def delete_many(self, person: Person, a: int, _: int) -> None:
        bulk.delete_tasks(task_ids=self.some(a), actor=person.actor, now=self.now)

    def some(self, number: int) -> list[int]:
        ids = db.session.scalars(select(Task.id).where(Task.is_deleted == false()).order_by(Task.id)).all()
        db.session.rollback()
        return list(ids[number % 3 :: 1 + number % 2])

    def undo(self, change_id: int) -> None:
        self.turn += 1
        # Whoever did it: nobody else sees what was done with a reminder.
        maker_id = db.session.scalars(select(Change.user_id).where(Change.id == change_id)).one()
        maker = self.ben if maker_id == self.ben.user_id else self.ada
        undo_change(change_id=change_id, actor=maker.actor, now=self.now)


DEEDS = sorted(name for name, member in vars(World).items() if isinstance(member, Callable) and name[0] != "_")  # type: ignore[arg-type]
DEEDS = [name for name in DEEDS if name not in {"do", "details", "pick", "some", "version", "spent", "undo"}]


def state() -> State:
    """Return all rows that tell about work, by their keys."""
    db.session.rollback()
    found: State = {}
    for table in db.metadata.sorted_tables:
        if table.name not in NOT_WORK:
            names = [column.name for column in table.primary_key.columns]
            found[table.name] = {
                tuple(row[name] for name in names): {k: v for k, v in row.items() if k not in TECHNICAL}
                for row in db.session.execute(select(table)).mappings()
            }
    db.session.rollback()
    return found


def but_undone(now: State, then: State) -> State:
    """Return a state without what was made since another one and waits, marked as deleted, to be made again."""
    waits = {
        name: {key for key, row in now[name].items() if key not in then[name] and row["deleted_at"]} for name in KEPT
    }
    # The category of a task that waits stays with it.
    waits["categories"] = {(now["tasks"][key]["category_id"],) for key in waits["tasks"]} - set(then["categories"])
    # And so do its words.
    waits["task_words"] = {key for key, row in now["task_words"].items() if (row["task_id"],) in waits["tasks"]}
    return {
        name: {key: row for key, row in rows.items() if key not in waits.get(name, ())} for name, rows in now.items()
    }


def changes_since(change_id: int) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Change.id).where(Change.id > change_id).order_by(Change.id)))


def walk(world: World, steps: list[Step]) -> Iterator[tuple[int, State, State]]:
    """Do the steps; yield each change that was made, with the state before it and after."""
    last, before = 0, state()
    for step in steps:
        world.do(step)
        after = state()
        made = changes_since(last)
        assert len(made) <= 1, f"{step} made {len(made)} changes"
        assert made or after == before, f"{step} was not recorded"
        for change_id in made:
            yield change_id, before, after
            last = change_id
        before = after


NUMBERS = st.integers(min_value=0, max_value=40)
# A server takes four times as long, and what is undone is decided above it: there the first walks are enough.
WALKS = 15 if os.environ.get("TEST_DATABASE_URL") else 40


@pytest.mark.slow
# Without making a failing walk shorter: that takes minutes, and each says at which step it failed.
@settings(max_examples=WALKS, deadline=None, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["create", "create", "save", *DEEDS]), NUMBERS, NUMBERS, NUMBERS),
        min_size=2,
        max_size=18,
    )
)
def test_undoing_in_reverse_gives_each_earlier_state_and_redoing_each_later(app: Flask, steps: list[Step]) -> None:
    with app.app_context():
        world = World(app)
        done = list(walk(world, [("create", 1, 1, 1), *steps]))
        undone: list[tuple[int, State]] = []

        for change_id, before, after in reversed(done):
            world.undo(change_id)
            assert but_undone(state(), before) == before
            undone.append((changes_since(change_id)[-1], after))
        for undoing_id, after in reversed(undone):
            world.undo(undoing_id)
            assert but_undone(state(), after) == after
