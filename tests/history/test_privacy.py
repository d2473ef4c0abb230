"""What is somebody's own stays theirs in the history, too: reminders and saved views."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.cast import Person
from tests.page import Visit
from webapp.history.errors import CannotUndo, ChangeNotFound
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.operations import recurrence, reminders, saved, tasks
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.tasks.rules.reminders import Basis, Snooze, Timing
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status


@pytest.fixture
def now() -> datetime:
    """Real time: pages tell what was done by it."""
    return datetime.now(UTC).replace(microsecond=0)


def changes() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Change.id).order_by(Change.id)))


@pytest.mark.parametrize("what", ["reminder", "view"])
def test_what_is_private_is_seen_by_nobody_else_however_often_it_is_undone(
    visit: Visit, ada: Person, ben: Person, now: datetime, what: str
) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="Open"), actor=ada.actor, now=now)
    if what == "view":
        saved.save_view(name="Secret", address="q=raise", is_shared=False, is_default=False, actor=ben.actor, now=now)
    else:
        timing = Timing(Basis.AT, at=now + timedelta(days=1))
        reminders.add_reminder(task_id=task_id, timing=timing, actor=ben.actor, now=now)
    first = changes()[-1]
    for _ in range(3):
        undo_change(change_id=changes()[-1], actor=ben.actor, now=now)

    private = [change_id for change_id in changes() if change_id >= first]
    assert len(private) == 4
    assert len(visit("history.index", as_=ada).select(".change__summary")) == 1
    assert len(visit("history.index", as_=ben).select(".change__summary")) == 5
    for change_id in private:
        # Not even the owner, who undoes what others do.
        with pytest.raises(ChangeNotFound):
            undo_change(change_id=change_id, actor=ada.actor, now=now)


def test_a_reminder_that_moves_or_comes_along_with_a_task_is_not_told_to_others(
    visit: Visit, ada: Person, ben: Person, now: datetime
) -> None:
    due = (now + timedelta(days=2)).date()
    task_id = tasks.create_task(details=TaskDetails(title="Water", due_on=due), actor=ada.actor, now=now)
    recurrence.set_repeat(task_id=task_id, repeat=Repeat(Rule(Unit.DAY)), actor=ada.actor, now=now)
    reminder_id = reminders.add_reminder(task_id=task_id, timing=Timing(Basis.DUE, 0), actor=ben.actor, now=now)
    reminders.snooze_reminder(
        task_id=task_id, reminder_id=reminder_id, snooze=Snooze.TOMORROW, actor=ben.actor, now=now
    )
    tasks.move_to_day(task_id=task_id, day=due + timedelta(days=3), actor=ada.actor, now=now)
    tasks.set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=now)

    for page in (visit("history.index", as_=ada), visit("tasks.show", as_=ada, task_id=task_id)):
        assert "eminder" not in " ".join(line.text for line in page.select(".change"))
    assert "reminder of “Water”" in visit("history.index", as_=ben).text


def test_a_refused_undo_does_not_name_what_is_private(ada: Person, ben: Person, now: datetime) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="Open"), actor=ada.actor, now=now)
    made_id = changes()[-1]
    timing = Timing(Basis.AT, at=now + timedelta(days=1))
    reminders.add_reminder(task_id=task_id, timing=timing, actor=ben.actor, now=now)

    with pytest.raises(CannotUndo) as refusal:
        undo_change(change_id=made_id, actor=ada.actor, now=now)

    assert "eminder" not in refusal.value.message
