"""How far a person is with what they mean to work."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import false, func, select

from webapp.storage.db import db
from webapp.tasks.models import EntryDay, Task
from webapp.tasks.queries.timesheet import list_running
from webapp.tasks.rules.goals import Goal, Goals
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.actor import Actor
from webapp.values.duration import MINUTE_SECONDS
from webapp.values.period import Period, named_period


def get_goals(
    *, actor: Actor, now: datetime, day_minutes: int | None, week_minutes: int | None, week_start: int
) -> Goals | None:
    """
    Return how far the actor is today and this week in this workspace, what runs included; None without a goal.

    :param day_minutes: what they mean to work in a day; None: no matter
    :param week_start: the first day of their week, 0 is Monday
    """
    if not day_minutes and not week_minutes:
        return None
    today = now.astimezone(actor.zone).date()
    week = named_period("this-week", today=today, week_start=week_start)
    by_day = _sum_by_day(week, actor=actor)
    for entry in list_running(criteria=SheetCriteria(week, actor.user_id), actor=actor, now=now):
        by_day[entry.day] += entry.seconds
    return Goals(
        day=Goal(by_day[today], day_minutes * MINUTE_SECONDS) if day_minutes else None,
        week=Goal(by_day.total(), week_minutes * MINUTE_SECONDS) if week_minutes else None,
    )


def _sum_by_day(period: Period, *, actor: Actor) -> Counter[date]:
    rows = db.session.execute(
        select(EntryDay.day, func.sum(EntryDay.seconds))
        .join(Task, Task.id == EntryDay.task_id)
        .where(
            EntryDay.workspace_id == actor.workspace_id,
            EntryDay.day >= period.start,
            EntryDay.day < period.end,
            EntryDay.user_id == actor.user_id,
            Task.is_deleted == false(),
        )
        .group_by(EntryDay.day)
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return Counter({day: int(seconds) for day, seconds in rows})
