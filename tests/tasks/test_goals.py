"""Goals for a day and a week: what counts, what runs included, and where it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, counted_statements, words
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import TimeEntry
from webapp.tasks.operations import timers
from webapp.tasks.queries.goals import get_goals
from webapp.tasks.rules.goals import Goal, Goals

HOUR = 3600


def goals_of(person: Person, *, day: int | None = 480, week: int | None = 2400, week_start: int = 0) -> Goals | None:
    return get_goals(actor=person.actor, now=NOW, day_minutes=day, week_minutes=week, week_start=week_start)


@pytest.mark.parametrize(
    "seconds, left, is_reached",
    [(0, 8 * HOUR, False), (8 * HOUR - 1, 1, False), (8 * HOUR, 0, True), (9 * HOUR, 0, True)],
)
def test_a_goal_is_reached_when_nothing_is_left(seconds: int, left: int, is_reached: bool) -> None:
    goal = Goal(seconds, 8 * HOUR)

    assert (goal.left_seconds, goal.is_reached) == (left, is_reached)


def test_goals_count_the_local_day_and_week_and_what_runs(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    trashed = make_task(ada, is_deleted=True, deleted_at=NOW)
    # Friday the 20th in Berlin; the week begins on Monday the 16th.
    make_entry(task, ada, started_at=datetime(2026, 11, 20, 8, tzinfo=UTC), seconds=HOUR)
    make_entry(task, ada, started_at=datetime(2026, 11, 16, 8, tzinfo=UTC), seconds=2 * HOUR)
    make_entry(task, ada, started_at=datetime(2026, 11, 15, 8, tzinfo=UTC), seconds=4 * HOUR)
    make_entry(task, ben, seconds=HOUR)
    make_entry(trashed, ada, seconds=HOUR)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(minutes=30))

    assert goals_of(ada) == Goals(Goal(5400, 8 * HOUR), Goal(5400 + 2 * HOUR, 40 * HOUR))
    assert goals_of(ada, week_start=6) == Goals(Goal(5400, 8 * HOUR), Goal(5400 + 6 * HOUR, 40 * HOUR))
    assert goals_of(ada, week=None) == Goals(Goal(5400, 8 * HOUR), None)


def test_breaks_of_the_running_timer_do_not_count(ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW - timedelta(minutes=30))
    with transaction():
        db.session.execute(
            update(TimeEntry).where(TimeEntry.running_user_id == ada.user_id).values(interrupted_seconds=600)
        )

    assert goals_of(ada, week=None) == Goals(Goal(1200, 8 * HOUR), None)


def test_who_has_no_goal_is_asked_for_nothing(ada: Person) -> None:
    with counted_statements() as statements:
        assert goals_of(ada, day=None, week=None) is None

    assert statements == []


def test_today_shows_how_far_one_is(visit: Visit, ada: Person) -> None:
    make_entry(make_task(ada), ada, started_at=NOW - timedelta(hours=2))
    with transaction():
        db.session.execute(update(User).where(User.id == ada.user_id).values(goal_day_minutes=450))

    with time_machine.travel(NOW):
        page = visit("/today", as_=ada)

    assert words(page.select_one(".goals")) == "Today 1 h of 7 h 30 min 6 h 30 min to go"
