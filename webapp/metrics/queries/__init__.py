"""
The numbers of the dashboards, as sums that the database adds up.

Every statement names the workspace and reads only the days that are shown, by an index: the period, the one before it,
and the whole weeks around it. The number of statements does not depend on how much there is. Rows come back one a day,
a category or a status; single tasks are read only for what needs a middle, and at most `MOST_PAIRS` of them.

Nothing in the trash is counted, neither tasks nor the time on them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from webapp.metrics.rules import categories, efficiency, productivity, scope, summary, weekly
from webapp.metrics.rules.facts import CategoryFinished, CategoryName, CreatedCount, DayFinished, Pair, Planned
from webapp.metrics.rules.scope import Scope, Who
from webapp.storage.db import db
from webapp.tasks.models import Category, EntryDay, Task, TimeEntry
from webapp.tasks.rules.entries import seconds_by_day
from webapp.values.actor import Actor
from webapp.values.period import Period
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role


@dataclass(frozen=True)
class Summary:
    """One page: what the period came to."""

    scope: Scope
    summary: summary.Summary


@dataclass(frozen=True)
class Categories:
    """One page: how time and work are spread."""

    scope: Scope
    categories: categories.Categories


@dataclass(frozen=True)
class Weekly:
    """One page: the weeks and their score."""

    scope: Scope
    weekly: weekly.Weekly


@dataclass(frozen=True)
class TimeEfficiency:
    """One page: estimate against actual."""

    scope: Scope
    efficiency: efficiency.Efficiency


@dataclass(frozen=True)
class ProductivityTrends:
    """One page: the course of tracked time and finished tasks."""

    scope: Scope
    productivity: productivity.Productivity


@dataclass(frozen=True)
class Dashboard:
    """All five. `latest_on` is the last earlier day with anything, where the period itself is empty."""

    scope: Scope
    summary: summary.Summary
    categories: categories.Categories
    weekly: weekly.Weekly
    efficiency: efficiency.Efficiency
    productivity: productivity.Productivity
    latest_on: date | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all in the period."""
        return self.summary.is_empty


@dataclass(frozen=True)
class _Running:
    """What a running timer has added so far."""

    category_id: int | None
    seconds: dict[date, int]


def get_dashboard(*, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> Dashboard:
    """Return all five analyses of a period, in at most 11 statements."""
    facts = _Facts(actor, period, who, week_start, now)
    totals = facts.summary()
    return Dashboard(
        scope=facts.scope,
        summary=totals,
        categories=facts.spread(),
        weekly=facts.weekly(),
        efficiency=facts.compare(),
        productivity=facts.follow(),
        latest_on=facts.find_latest_day() if totals.is_empty else None,
    )


def get_summary(*, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> Summary:
    """Return what the period came to, beside the period before it."""
    facts = _Facts(actor, period, who, week_start, now)
    return Summary(facts.scope, facts.summary())


def get_categories(*, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> Categories:
    """Return how the period's time and work are spread over the categories."""
    facts = _Facts(actor, period, who, week_start, now)
    return Categories(facts.scope, facts.spread())


def get_weekly(*, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> Weekly:
    """Return the weeks the period touches, at least eight, with their scores."""
    facts = _Facts(actor, period, who, week_start, now)
    return Weekly(facts.scope, facts.weekly())


def get_time_efficiency(
    *, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime
) -> TimeEfficiency:
    """Return how the estimates of what was finished in the period compare with what it took."""
    facts = _Facts(actor, period, who, week_start, now)
    return TimeEfficiency(facts.scope, facts.compare())


def get_productivity_trends(
    *, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime
) -> ProductivityTrends:
    """Return tracked time and finished tasks by day or week, and where they go."""
    facts = _Facts(actor, period, who, week_start, now)
    return ProductivityTrends(facts.scope, facts.follow())


def settle_scope(*, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> Scope:
    """Return what a page of this period is about, by who else is in the workspace."""
    rows = db.session.execute(
        select(Membership.role, func.count())
        .where(Membership.workspace_id == actor.workspace_id, Membership.user_id != actor.user_id)
        .group_by(Membership.role)
    )
    counts = {row[0]: row[1] for row in rows}
    guests = counts.pop(Role.PLACEHOLDER, 0)
    return scope.settle(
        who=who,
        others=sum(counts.values()),
        guests=guests,
        period=period,
        today=now.astimezone(actor.zone).date(),
        week_start=week_start,
    )


class _Facts:
    """What one page asks of the database, each thing once."""

    def __init__(self, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime) -> None:
        self.actor = actor
        self.now = now
        self.period = period
        self._scope = settle_scope(actor=actor, period=period, who=who, week_start=week_start, now=now)

    @property
    def scope(self) -> Scope:
        """What the page is about."""
        return replace(self._scope, is_running=any(self.running_seconds.values()))

    def summary(self) -> summary.Summary:
        return summary.summarise(
            period=self.period,
            before=self._scope.before,
            seconds=self.day_seconds,
            created=self.created,
            finished=self.day_finished,
        )

    def spread(self) -> categories.Categories:
        totals = self.summary().now
        return categories.spread(
            names=self.category_names,
            seconds=self._read_category_seconds() if totals.tracked_seconds else {},
            created=self.created,
            finished=self._read_category_finished() if totals.finished else [],
        )

    def weekly(self) -> weekly.Weekly:
        return weekly.score_weeks(
            weeks=self._scope.weeks,
            seconds=self.day_seconds,
            finished=self.day_finished,
            planned=self._read_planned(),
            today=self._scope.today,
        )

    def compare(self) -> efficiency.Efficiency:
        pairs = self._read_pairs() if self.summary().now.with_both else []
        return efficiency.compare(
            pairs[: efficiency.MOST_PAIRS], names=self.category_names, is_cut=len(pairs) > efficiency.MOST_PAIRS
        )

    def follow(self) -> productivity.Productivity:
        return productivity.follow(
            period=self.period,
            weeks=self._scope.weeks,
            today=self._scope.today,
            seconds=self.day_seconds,
            finished=self.day_finished,
        )

    def find_latest_day(self) -> date | None:
        """Return the last day before the period on which something was tracked, finished or created."""
        asked: list[tuple[Any, ColumnElement[bool]]] = [
            (EntryDay.day, self._is_own_time()),
            (Task.completed_on, self._is_own_task()),
            (Task.created_on, self._is_own_task()),
        ]
        days = db.session.execute(
            select(
                *(
                    select(func.max(day)).where(condition, day < self.period.start).scalar_subquery()
                    for day, condition in asked
                )
            )
        ).one()
        return max((day for day in days if day), default=None)

    @cached_property
    def category_names(self) -> list[CategoryName]:
        rows = db.session.execute(
            select(Category.id, Category.name, Category.hue)
            .where(Category.workspace_id == self.actor.workspace_id)
            .order_by(Category.name_key)
        )
        return [CategoryName(row.id, row.name, row.hue) for row in rows]

    @cached_property
    def day_seconds(self) -> dict[date, int]:
        """Tracked seconds of each day of the span that has any, up to now."""
        seconds = self._read_day_seconds(trashed=False)
        if seconds:
            seconds.subtract(self._read_day_seconds(trashed=True))
        seconds.update(self.running_seconds)
        return {day: value for day, value in seconds.items() if value}

    @cached_property
    def running_seconds(self) -> Counter[date]:
        """What running timers add to each day of the span."""
        total: Counter[date] = Counter()
        for running in self._running:
            total.update(running.seconds)
        return total

    @cached_property
    def created(self) -> list[CreatedCount]:
        before, period = self._scope.before, self.period
        in_period = Task.created_on >= period.start
        in_before = and_(Task.created_on >= before.start, Task.created_on < before.end)
        rows = db.session.execute(
            select(Task.status, Task.category_id, _count_if(in_period), _count_if(in_before))
            .where(self._is_own_task(), Task.created_on >= before.start, Task.created_on < period.end)
            .group_by(Task.status, Task.category_id)
        )
        return [CreatedCount(status, category, int(now), int(then)) for status, category, now, then in rows]

    @cached_property
    def day_finished(self) -> list[DayFinished]:
        span = self._scope.span
        is_due = or_(Task.due_on.is_not(None), Task.due_at.is_not(None))
        # Whoever finished it did so on a day of their own; an instant needs no zone.
        is_on_time = or_(Task.completed_on <= Task.due_on, Task.completed_at <= Task.due_at)
        rows = db.session.execute(
            select(
                Task.completed_on,
                func.count(),
                _count_if(is_due),
                _count_if(is_on_time),
                _count_if(_has_both()),
                _count_if(and_(_has_both(), _is_within())),
                _sum_if(_has_both(), Task.estimated_minutes),
                _sum_if(_has_both(), Task.tracked_seconds),
            )
            .where(self._is_own_task(), Task.completed_on >= span.start, Task.completed_on < span.end)
            .group_by(Task.completed_on)
        )
        return [DayFinished(day, *(int(sum_) for sum_ in sums)) for day, *sums in rows if day]

    @cached_property
    def _running(self) -> list[_Running]:
        members = select(Membership.user_id).where(Membership.workspace_id == self.actor.workspace_id)
        own = TimeEntry.running_user_id == self.actor.user_id
        rows = db.session.execute(
            select(TimeEntry.started_at, TimeEntry.interrupted_seconds, TimeEntry.zone, Task.category_id)
            .join(Task, Task.id == TimeEntry.task_id)
            .where(
                own if self._scope.who is Who.ME else TimeEntry.running_user_id.in_(members),
                # + 0 keeps SQLite from looking through all of the workspace for the few entries that run.
                Task.workspace_id + 0 == self.actor.workspace_id,
                Task.is_deleted == false(),
            )
        )
        span = self._scope.span
        return [
            _Running(
                category,
                {
                    day: seconds
                    for day, seconds in seconds_by_day(started_at, self.now, ZoneInfo(zone), interrupted).items()
                    if span.start <= day < span.end
                },
            )
            for started_at, interrupted, zone, category in rows
            if started_at is not None and started_at < self.now
        ]

    def _read_day_seconds(self, *, trashed: bool) -> Counter[date]:
        # All time comes out of the index alone. What is in the trash is little and is found from its tasks: reading a
        # task for each entry only to see that it is not there would cost many times as much.
        span = self._scope.span
        asked = select(EntryDay.day, func.sum(EntryDay.seconds)).where(
            self._is_own_time(), EntryDay.day >= span.start, EntryDay.day < span.end
        )
        if trashed:
            asked = asked.join(Task, Task.id == EntryDay.task_id).where(
                Task.workspace_id == self.actor.workspace_id, Task.is_deleted == true()
            )
        return Counter({row[0]: int(row[1]) for row in db.session.execute(asked.group_by(EntryDay.day))})

    def _read_category_seconds(self) -> dict[int | None, int]:
        rows = db.session.execute(
            select(Task.category_id, func.sum(EntryDay.seconds))
            .join(Task, Task.id == EntryDay.task_id)
            .where(
                self._is_own_time(),
                EntryDay.day >= self.period.start,
                EntryDay.day < self.period.end,
                Task.is_deleted == false(),
            )
            .group_by(Task.category_id)
        )
        seconds = Counter({category: int(value) for category, value in rows})
        for running in self._running:
            for day, value in running.seconds.items():
                if self.period.start <= day < self.period.end:
                    seconds[running.category_id] += value
        return dict(seconds)

    def _read_category_finished(self) -> list[CategoryFinished]:
        rows = db.session.execute(
            select(
                Task.category_id,
                func.count(),
                _count_if(_has_both()),
                _sum_if(_has_both(), Task.estimated_minutes),
                _sum_if(_has_both(), Task.tracked_seconds),
            )
            .where(self._is_own_task(), Task.completed_on >= self.period.start, Task.completed_on < self.period.end)
            .group_by(Task.category_id)
        )
        return [CategoryFinished(row[0], *(int(value) for value in row[1:])) for row in rows]

    def _read_pairs(self) -> list[Pair]:
        rows = db.session.execute(
            select(
                Task.id, Task.title, Task.category_id, Task.completed_on, Task.estimated_minutes, Task.tracked_seconds
            )
            .where(
                self._is_own_task(),
                Task.completed_on >= self.period.start,
                Task.completed_on < self.period.end,
                _has_both(),
            )
            # The order of the index, read backwards: the newest come first, and what is cut off is not touched. Tasks
            # that are alike in all of it count the same, whichever of them is left.
            .order_by(
                Task.completed_on.desc(),
                Task.category_id.desc(),
                Task.assignee_id.desc(),
                Task.estimated_minutes.desc(),
                Task.tracked_seconds.desc(),
            )
            .limit(efficiency.MOST_PAIRS + 1)
        )
        return [
            Pair(row.id, row.title, row.category_id, completed_on, row.estimated_minutes or 0, row.tracked_seconds)
            for row in rows
            if (completed_on := row.completed_on)
        ]

    def _read_planned(self) -> list[Planned]:
        weeks = self._scope.weeks
        # A day in the person's zone is at most a day away from the same day in UTC, in which the column is sorted.
        earliest = datetime.combine(weeks[0].start - timedelta(days=1), time.min, UTC)
        latest = datetime.combine(weeks[-1].end + timedelta(days=1), time.min, UTC)
        rows = db.session.execute(
            select(Task.due_on, Task.due_at, Task.completed_on, func.sum(Task.estimated_minutes))
            .where(self._is_own_task(), Task.due_sort >= earliest, Task.due_sort < latest, Task.estimated_minutes > 0)
            .group_by(Task.due_on, Task.due_at, Task.completed_on)
        )
        planned = [
            Planned(day, completed_on, int(minutes or 0))
            for due_on, due_at, completed_on, minutes in rows
            if (day := due_on or (due_at.astimezone(self.actor.zone).date() if due_at else None))
        ]
        return [row for row in planned if weeks[0].start <= row.due_on < weeks[-1].end]

    def _is_own_time(self) -> ColumnElement[bool]:
        inside = EntryDay.workspace_id == self.actor.workspace_id
        if self._scope.who is Who.ALL:
            return inside
        return and_(inside, EntryDay.user_id == self.actor.user_id)

    def _is_own_task(self) -> ColumnElement[bool]:
        inside = and_(Task.workspace_id == self.actor.workspace_id, Task.is_deleted == false())
        if self._scope.who is Who.ALL:
            return inside
        return and_(inside, or_(Task.assignee_id == self.actor.user_id, Task.assignee_id.is_(None)))


def _has_both() -> ColumnElement[bool]:
    return and_(Task.estimated_minutes > 0, Task.tracked_seconds > 0)


def _is_within() -> ColumnElement[bool]:
    # The question of rules.facts.is_within, in whole numbers, so that both give the same answer.
    return and_(
        180 * Task.estimated_minutes <= 4 * Task.tracked_seconds,
        4 * Task.tracked_seconds <= 300 * Task.estimated_minutes,
    )


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _sum_if(condition: ColumnElement[bool], amount: Any) -> ColumnElement[int]:
    return func.sum(case((condition, amount), else_=0))
