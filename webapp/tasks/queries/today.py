"""What a person has before them today, and what of it fits into what is left of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, select, true, union_all

from webapp.storage.db import db
from webapp.storage.dialect import walk_index
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.queries.blockers import is_blocked
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.queries.urgency import urgencies
from webapp.tasks.rules.criteria import Due, Stretch, due_range, due_stretches, due_window, not_before
from webapp.tasks.rules.day_plan import Plan, Work, end_of_day, make_plan, usual_lengths
from webapp.tasks.rules.due import NO_DUE
from webapp.tasks.rules.intake import SAMPLE_SOURCE
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_IN_A_SECTION = 10
# Of each kind so many are looked at: those that are due first, or matter most where nothing is due.
LOOKED_AT = 12
# When most of what could be begun waits for other tasks or for its day, so many.
LOOKED_AT_FURTHER = 300
# What matters most without a due day is looked for among so many times as many of what matters most.
SCANNED_FOR_EACH = 8
# What is usual is reckoned from the last so many tasks that were finished.
FINISHED_LOOKED_AT = 100

_SECTIONS = ("overdue", "due", "ready")


@dataclass(frozen=True)
class Section:
    """
    Some tasks under one heading, the most pressing first; `has_more` when there are others that belong there.

    :param looked_at: these were chosen among so many of each kind, those due first or that matter most; None: among all
    """

    rows: list[TaskRow]
    has_more: bool
    looked_at: int | None


@dataclass(frozen=True)
class Today:
    """
    Each open task at most once: where it comes first.

    Ready is what may be begun: it is not due yet, waits for no other task and is not put off to a later day.

    :param plan: what fits into what is left of the day, of what is shown and not blocked; None without an end of day
    """

    running: list[TaskRow]
    overdue: Section
    due: Section
    ready: Section
    tracked_seconds: int
    plan: Plan | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.running or self.overdue.rows or self.due.rows or self.ready.rows)


@dataclass(frozen=True)
class FirstSteps:
    """What somebody who is new here has done already."""

    has_task: bool
    has_import: bool
    has_time: bool
    has_done: bool
    has_sample: bool

    @property
    def are_taken(self) -> bool:
        """Whether they know their way; bringing tasks in from a file is not for everybody."""
        return self.has_task and self.has_time and self.has_done


def get_today(*, actor: Actor, now: datetime, day_end: time | None = None) -> Today:
    """
    Return the actor's day at `now`: what runs, is late, is due and is ready, each in order of urgency.

    :param day_end: when their working day ends, by their own clocks
    """
    looked_at, limits = _look(_parts(actor=actor, now=now), LOOKED_AT), dict.fromkeys(_SECTIONS, LOOKED_AT)
    today = now.astimezone(actor.zone).date()
    if "ready" in looked_at.cut and sum(_is_ready(one, today) for one in looked_at.candidates) <= MOST_IN_A_SECTION:
        parts = [part for part in _parts(actor=actor, now=now) if part.section == "ready"]
        looked_at = looked_at.with_further(_look(parts, LOOKED_AT_FURTHER))
        limits["ready"] = LOOKED_AT_FURTHER
    kept = [one for one in looked_at.candidates if one.section != "ready" or _is_ready(one, today)]
    scores = urgencies(task_ids=sorted({one.id for one in kept}), now=now, actor=actor)
    kept = [one for one in kept if one.id in scores]
    kept.sort(key=lambda one: (-scores[one.id].total, one.due_sort, -one.priority, one.id))

    running = [one for one in kept if one.section == "running"]
    runs = {one.id for one in running}
    chosen = {name: [one for one in kept if one.section == name and one.id not in runs] for name in _SECTIONS}
    shown = [one for one in kept if any(one in ones[:MOST_IN_A_SECTION] for ones in chosen.values())]
    rows = list_rows(task_ids=[one.id for one in (*running, *shown)], now=now, actor=actor)

    def section(name: str) -> Section:
        ones = chosen[name]
        is_cut = name in looked_at.cut
        return Section(
            [rows[one.id] for one in ones[:MOST_IN_A_SECTION] if one.id in rows],
            has_more=is_cut or len(ones) > MOST_IN_A_SECTION,
            looked_at=limits[name] if is_cut else None,
        )

    return Today(
        running=[rows[one.id] for one in running if one.id in rows],
        overdue=section("overdue"),
        due=section("due"),
        ready=section("ready"),
        tracked_seconds=_sum_tracked(actor=actor, now=now),
        plan=None if day_end is None else _plan([*running, *shown], day_end, now=now, actor=actor),
    )


def get_first_steps(*, actor: Actor) -> FirstSteps:
    """Return which of the first steps have been taken in the actor's workspace: one statement."""
    mine = Task.workspace_id == actor.workspace_id
    row = db.session.execute(
        select(
            exists().where(mine),
            # Tasks that came from somewhere carry its name.
            exists().where(mine, Task.source.is_not(None), Task.source != SAMPLE_SOURCE),
            exists().where(TimeEntry.workspace_id == actor.workspace_id),
            exists().where(mine, Task.is_deleted == false(), Task.status == Status.DONE),
            exists().where(mine, Task.source == SAMPLE_SOURCE),
        )
    ).one()
    return FirstSteps(*(bool(value) for value in row))


@dataclass(frozen=True)
class _Part:
    """One stretch of one index, in which tasks of a section stand."""

    section: str
    where: Sequence[ColumnElement[bool]]
    order: Sequence[Any] = (Task.due_sort, Task.id)
    index: str | None = "ix_tasks_by_status_due"
    # What no index holds, asked of the first so many of the stretch.
    checks: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True)
class _LookedAt:
    """Tasks that may be shown, and the sections that have others, which were not looked at."""

    candidates: list[Any]
    cut: frozenset[str]

    def with_further(self, further: _LookedAt) -> _LookedAt:
        """Return the same with one section looked at once more."""
        sections = {one.section for one in further.candidates}
        others = [one for one in self.candidates if one.section not in sections]
        return _LookedAt([*others, *further.candidates], (self.cut - sections) | further.cut)


def _parts(*, actor: Actor, now: datetime) -> list[_Part]:
    day = now.astimezone(actor.zone).date()
    late = due_stretches(due_window(Due.OVERDUE, now=now, zone=actor.zone))
    today = not_before(now, due_stretches(due_window(Due.TODAY, now=now, zone=actor.zone)), day=day)
    after = due_stretches(due_range(day + timedelta(days=1), None, zone=actor.zone))
    no_due: Stretch = (NO_DUE, NO_DUE)
    running = select(TimeEntry.task_id).where(TimeEntry.running_user_id == actor.user_id).scalar_subquery()

    def part(section: str, *where: ColumnElement[bool]) -> _Part:
        return _Part(section, (Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), *where))

    open_parts = [
        part(section, Task.status == status, *_within(stretch))
        for section, stretches in (("overdue", late), ("due", today), ("ready", (*after, no_due)))
        for status in (Status.TODO, Status.DOING)
        for stretch in stretches
    ]
    return [
        replace(part("running", Task.id == running), index=None),
        *open_parts,
        # Of what has no due day, not the first, but what matters most; where there is much, among the first by that.
        replace(
            part("ready", Task.status == Status.TODO),
            order=(Task.priority.desc(), Task.created_at.desc(), Task.id.desc()),
            index="ix_tasks_by_status_priority",
            checks=(Task.due_sort == NO_DUE,),
        ),
    ]


def _within(stretch: Stretch) -> list[ColumnElement[bool]]:
    start, end = stretch
    return [*([] if start is None else [Task.due_sort >= start]), *([] if end is None else [Task.due_sort <= end])]


def _look(parts: Sequence[_Part], limit: int) -> _LookedAt:
    """Return the first `limit` tasks of each part. None reads more than it gives."""
    stretches = [_stretch(number, part, limit).subquery() for number, part in enumerate(parts)]
    found = db.session.execute(union_all(*(select(*stretch.c) for stretch in stretches))).all()
    counts = Counter(one.part for one in found)
    cut = {part.section for number, part in enumerate(parts) if counts[number] > limit}
    # One task may stand in two parts of a section.
    return _LookedAt(list({(one.section, one.id): one for one in found}.values()), frozenset(cut))


def _stretch(number: int, part: _Part, limit: int) -> Any:
    stretch = (
        select(
            literal(number).label("part"),
            literal(part.section).label("section"),
            Task.id,
            Task.due_sort,
            Task.priority,
            Task.starts_on,
            Task.category_id,
            Task.estimated_minutes,
            Task.tracked_seconds,
            and_(Task.has_blockers == true(), is_blocked()).label("is_blocked"),
        )
        .order_by(*part.order)
        # One more tells that there are more.
        .limit(limit + 1)
    )
    if part.checks:
        walked = select(Task.id).where(*part.where).order_by(*part.order).limit(SCANNED_FOR_EACH * limit)
        some = walk_index(walked, table="tasks", index=part.index or "").subquery()
        return stretch.join(some, some.c.id == Task.id).where(*part.checks)
    stretch = stretch.where(*part.where)
    return stretch if part.index is None else walk_index(stretch, table="tasks", index=part.index)


def _is_ready(one: Any, today: date) -> bool:
    return one.section == "ready" and not one.is_blocked and (one.starts_on is None or one.starts_on <= today)


def _plan(shown: Sequence[Any], day_end: time, *, now: datetime, actor: Actor) -> Plan:
    ends_at = end_of_day(day_end, now=now, zone=actor.zone)
    # What waits for another task cannot be worked on, however urgent.
    free = [one for one in shown if not one.is_blocked]
    is_habit_asked = ends_at > now and any(one.estimated_minutes is None for one in free)
    usual = _list_usual_lengths(actor=actor) if is_habit_asked else {}
    works = [Work(one.id, one.estimated_minutes, one.tracked_seconds, usual.get(one.category_id)) for one in free]
    return make_plan(works, ends_at=ends_at, now=now)


def _list_usual_lengths(*, actor: Actor) -> dict[int | None, int]:
    """Return what the actor's finished tasks took of late, by category; see `usual_lengths`."""
    finished = db.session.execute(
        walk_index(
            select(Task.category_id, Task.tracked_seconds, Task.assignee_id)
            .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), Task.completed_on.is_not(None))
            .order_by(Task.completed_on.desc())
            .limit(FINISHED_LOOKED_AT),
            table="tasks",
            index="ix_tasks_by_completed_on",
        )
    )
    return usual_lengths((row.category_id, row.tracked_seconds) for row in finished if row.assignee_id == actor.user_id)


def _sum_tracked(*, actor: Actor, now: datetime) -> int:
    total = db.session.scalar(
        select(func.sum(EntryDay.seconds)).where(
            EntryDay.workspace_id == actor.workspace_id,
            EntryDay.day == now.astimezone(actor.zone).date(),
            EntryDay.user_id == actor.user_id,
        )
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return int(total or 0)
