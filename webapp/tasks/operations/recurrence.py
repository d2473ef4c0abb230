"""Changes to tasks that come again: the rule, the next one, skipping one, stopping; and what the worker adds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import false
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.attributes import flag_modified

from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import NoFurtherDate, NotRepeating
from webapp.tasks.models import Series, Task
from webapp.tasks.operations import reminders
from webapp.tasks.queries.locks import find_whole_task, lock_whole_task, lock_whole_tasks
from webapp.tasks.queries.recurrence import list_waking_ids, lock_series, newest_of, repeat_of, schedule_of
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.recurrence import (
    Basis,
    Missed,
    Occurrence,
    Repeat,
    Schedule,
    Scope,
    SeriesEdit,
    checked,
    checked_due,
    describe,
    normal,
)
from webapp.tasks.rules.tasks import estimate_sort, title_key
from webapp.values.actor import Actor
from webapp.values.status import Status

# How many series the worker sees to at once, and how many tasks it adds to one of them before the next has its turn.
MOST_SERIES_AT_ONCE = 200
MOST_TASKS_AT_ONCE = 31
MOST_SKIPPED_KEPT = 12
LOOKS_AGAIN_AFTER = timedelta(days=1)


@transactional
def set_repeat(*, task_id: int, repeat: Repeat | None, actor: Actor, now: datetime) -> None:
    """
    Have a task come again by this rule, from its due day on; None: it comes no more, and stays as it is itself.

    :raises InvalidInput: naming the field that cannot be accepted; `due` for a task without a due day
    """
    task = lock_whole_task(task_id=task_id, actor=actor)
    with recorded("task.repeat_set", f"“{task.title}” repeats no more", actor=actor, now=now) as change:
        edit_series(task, SeriesEdit(repeat), actor=actor, now=now)
        if repeat is not None:
            change.summary = f"“{task.title}” repeats {describe(repeat)}"


def edit_series(task: Task, edit: SeriesEdit, *, actor: Actor, now: datetime) -> None:
    """Take over what an edit of a task, that is written and held already, says about its series."""
    series = lock_series(series_id=task.series_id)
    if edit.repeat is None:
        if series is not None:
            _stop(series, now=now)
        return
    if series is None:
        _begin(task, checked(edit.repeat, due=_due_day(task, actor.zone)), actor=actor, now=now)
        return
    day = checked_due(_due_day(task, ZoneInfo(series.zone)))
    if edit.scope is Scope.ONE and normal(edit.repeat) == repeat_of(series):
        # One alone may be moved anywhere, also beyond the end.
        return
    repeat = checked(edit.repeat, due=day)
    if edit.scope is Scope.FOLLOWING:
        _take_template(series, task)
    _count_from(series, task, repeat)
    _rewrite_later(series, task, is_all=edit.scope is Scope.FOLLOWING, now=now)
    _set_waking(series)


def go_on(task: Task, *, actor: Actor, now: datetime) -> Task | None:
    """
    Make the next task of the series that a task belongs to, which has been done or deleted just now.

    Only the newest is followed by another, so that one that is reopened and done again is not followed twice.
    """
    series = lock_series(series_id=task.series_id)
    if series is None or task.occurrence != series.newest_n:
        return None
    today = now.astimezone(actor.zone).date()
    found = schedule_of(series).following(newest_of(series), now=now, today=today)
    return None if found is None else _make(series, found, like=task, zone=actor.zone, now=now)


@transactional
def skip_occurrence(*, task_id: int, actor: Actor, now: datetime) -> date:
    """
    Move an open task of a series to its next date, which is returned; the date it leaves is remembered as skipped.

    :raises NotRepeating: when it belongs to no series
    :raises NoFurtherDate: when there is none, or a later task has it already
    """
    task = lock_whole_task(task_id=task_id, actor=actor)
    series = lock_series(series_id=task.series_id)
    if series is None or task.status is Status.DONE:
        raise NotRepeating
    current = newest_of(series)
    schedule = schedule_of(series)
    today = now.astimezone(actor.zone).date()
    # What counts from completion leaves the later of today and the day it is due on.
    left = max(today, current.day) if series.basis is Basis.COMPLETION else today
    found = schedule.following(current, now=now, today=left) if task.occurrence == current.n else None
    if found is None:
        raise NoFurtherDate
    with recorded("task.skipped", f"Skipped “{task.title}” on {_written(current.day)}", actor=actor, now=now):
        series.skipped = [*series.skipped, current.day.isoformat()][-MOST_SKIPPED_KEPT:]
        _move_to(series, task, found, now=now)
    return found.day


def stop_series(task: Task, *, now: datetime) -> list[int]:
    """
    Have a task that is held already come no more; return the ids of all of its series that are not done.

    :raises NotRepeating: when it belongs to no series
    """
    series = lock_series(series_id=task.series_id)
    if series is None:
        raise NotRepeating
    open_ids = [other.id for other in _list_open(series)]
    _stop(series, now=now)
    return open_ids


def make_due(*, now: datetime) -> int:
    """
    Add the tasks whose day has begun although those before them are not done, and return how many series had any.

    Each series is a transaction of its own that holds the series. What another worker does is left to it, and what
    was done before is not done again: several may call this at once, and one may be stopped at any time.

    :raises ExceptionGroup: when some could not go on, once all others have; these are looked at again later
    """
    made, errors = 0, []
    for series_id in list_waking_ids(now=now, limit=MOST_SERIES_AT_ONCE):
        try:
            made += _make_due_of(series_id=series_id, now=now)
        except DBAPIError:
            # The database is away, or full: that is no fault of this one.
            raise
        except Exception as error:  # noqa: BLE001  raised below, once the others have gone on
            error.add_note(f"series {series_id}")
            errors.append(error)
            _put_off(series_id=series_id, now=now)
    if errors:
        raise ExceptionGroup("Some series could not go on.", errors)
    return made


@transactional
def _put_off(*, series_id: int, now: datetime) -> None:
    series = lock_series(series_id=series_id)
    if series is not None:
        series.wakes_at = now + LOOKS_AGAIN_AFTER


@transactional
def _make_due_of(*, series_id: int, now: datetime) -> bool:
    series = lock_series(series_id=series_id)
    if series is None or series.wakes_at is None or series.wakes_at > now:
        return False
    newest = _newest_task(series)
    if newest is not None and newest.is_deleted:
        # Gone with the task it is a part of: nothing is added to what is in the trash. It may be taken out again.
        series.wakes_at = now + LOOKS_AGAIN_AFTER
        return False
    # In the name of whoever began it, as if they had been there.
    actor = Actor(user_id=series.user_id, workspace_id=series.workspace_id, zone=ZoneInfo(series.zone))
    with recorded("task.came_due", f"“{series.title}” has come again", actor=actor, now=now):
        if series.missed is Missed.LATEST:
            _move_on(series, newest, now=now)
        else:
            _catch_up(series, newest, now=now)
    return True


def _catch_up(series: Series, like: Task | None, *, now: datetime) -> None:
    schedule = schedule_of(series)
    for _ in range(MOST_TASKS_AT_ONCE):
        found = schedule.occurrence(series.newest_n + 1)
        if found is None or series.wakes_at is None or series.wakes_at > now:
            break
        like = _make(series, found, like=like, zone=ZoneInfo(series.zone), now=now)
    _set_waking(series)


def _move_on(series: Series, task: Task | None, *, now: datetime) -> None:
    found = schedule_of(series).latest(now=now)
    if found is None or found.n <= series.newest_n:
        _set_waking(series)
        return
    if task is None or task.status is Status.DONE:
        _make(series, found, like=task, zone=ZoneInfo(series.zone), now=now)
    else:
        _move_to(series, task, found, now=now)


def _begin(task: Task, repeat: Repeat, *, actor: Actor, now: datetime) -> None:
    day = _due_day(task, actor.zone)
    if day is None:
        raise RuntimeError("What repeats has been checked to have a due day.")
    series = Series(
        workspace_id=task.workspace_id,
        user_id=actor.user_id,
        created_at=now,
        zone=actor.zone.key,
        anchor_n=0,
        newest_n=0,
        newest_on=day,
        skipped=[],
        tags=[],
    )
    _set_rule(series, repeat)
    _set_anchor(series, task, day)
    _take_template(series, task)
    _set_waking(series)
    db.session.add(series)
    db.session.flush()
    task.series_id, task.occurrence = series.id, 0


def _stop(series: Series, *, now: datetime) -> None:
    for task in _list_open(series):
        task.series_id = task.occurrence = None
        _touch(task, now=now)
    series.stopped_at, series.wakes_at = now, None


def _count_from(series: Series, task: Task, repeat: Repeat) -> None:
    """Have the dates of a series counted from where this task stands, if the rule or its due day says otherwise."""
    day = _due_day(task, ZoneInfo(series.zone))
    if day is None or task.occurrence is None:
        raise RuntimeError("What repeats has been checked to have a due day.")
    schedule = schedule_of(series)
    planned = _planned(series, task.occurrence)
    is_moved = planned is None or _due_of(schedule, planned.day) != (task.due_on, task.due_at)
    if is_moved or repeat.rule != schedule.repeat.rule or repeat.basis is not schedule.repeat.basis:
        _set_anchor(series, task, day)
        series.anchor_n = task.occurrence
        if task.occurrence == series.newest_n:
            series.newest_on = day
    _set_rule(series, repeat)


def _planned(series: Series, n: int) -> Occurrence | None:
    # Counted from completion only the newest is known; it does not follow from its number.
    return newest_of(series) if n == series.newest_n else schedule_of(series).occurrence(n)


def _rewrite_later(series: Series, task: Task, *, is_all: bool, now: datetime) -> None:
    """Bring open tasks of later dates in line: their day, and with `is_all` the rest of what they hold, too."""
    schedule = schedule_of(series)
    for later in _list_open(series):
        if later.occurrence is None or task.occurrence is None or later.occurrence <= task.occurrence:
            continue
        found = schedule.occurrence(later.occurrence) if series.basis is Basis.DUE else None
        if is_all:
            _fill(series, later)
        if found is not None:
            _set_due(series, later, found.day)
            if found.n == series.newest_n:
                series.newest_on = found.day
            reminders.follow_dates(task_ids=[later.id], now=now)
        _touch(later, now=now)


def _make(series: Series, found: Occurrence, *, like: Task | None, zone: ZoneInfo, now: datetime) -> Task:
    """Add the task of one date; one that an undo has put in the trash (without reminders) is taken out instead."""
    task = find_whole_task(Task.series_id == series.id, Task.occurrence == found.n)
    if task is None:
        task = Task(
            workspace_id=series.workspace_id,
            series_id=series.id,
            occurrence=found.n,
            status=Status.TODO,
            created_at=now,
            created_on=now.astimezone(zone).date(),
            updated_at=now,
            parent_id=like.parent_id if like is not None else None,
            position=like.position if like is not None else 0,
            tags=[],
        )
        db.session.add(task)
    task.status, task.completed_at, task.completed_on = Status.TODO, None, None
    task.is_deleted, task.deleted_at = False, None
    _fill(series, task)
    _set_due(series, task, found.day)
    _touch(task, now=now)
    series.newest_n, series.newest_on = found.n, found.day
    _set_waking(series)
    db.session.flush()
    if like is not None:
        reminders.carry_over(from_task_id=like.id, to_task_id=task.id, now=now)
    return task


def _move_to(series: Series, task: Task, found: Occurrence, *, now: datetime) -> None:
    task.occurrence = found.n
    _set_due(series, task, found.day)
    _touch(task, now=now)
    series.newest_n, series.newest_on = found.n, found.day
    _set_waking(series)
    reminders.follow_dates(task_ids=[task.id], now=now)


def _set_rule(series: Series, repeat: Repeat) -> None:
    rule = repeat.rule
    series.unit, series.every, series.nth, series.is_last_day = rule.unit, rule.every, rule.nth, rule.is_last_day
    series.weekdays = "".join(str(weekday) for weekday in rule.weekdays)
    series.basis, series.missed = repeat.basis, repeat.missed
    series.until_on, series.times = repeat.until, repeat.count


def _set_anchor(series: Series, task: Task, day: date) -> None:
    local = task.due_at.astimezone(ZoneInfo(series.zone)) if task.due_at is not None else None
    series.anchor_on = day
    series.clock = local.time().isoformat() if local is not None else None


def _set_waking(series: Series) -> None:
    series.wakes_at = schedule_of(series).wakes_at(newest_of(series))


def _take_template(series: Series, task: Task) -> None:
    series.title, series.description, series.priority = task.title, task.description, task.priority
    series.category_id, series.customer_id, series.assignee_id = task.category_id, task.customer_id, task.assignee_id
    series.estimated_minutes = task.estimated_minutes
    day = _due_day(task, ZoneInfo(series.zone))
    series.days_ahead = (day - task.starts_on).days if day is not None and task.starts_on is not None else None
    series.tags = list(task.tags)


def _fill(series: Series, task: Task) -> None:
    task.title, task.title_key = series.title, title_key(series.title)
    task.description, task.priority = series.description, series.priority
    task.category_id, task.customer_id, task.assignee_id = series.category_id, series.customer_id, series.assignee_id
    task.estimated_minutes, task.estimate_sort = series.estimated_minutes, estimate_sort(series.estimated_minutes)
    task.tags = list(series.tags)


def _set_due(series: Series, task: Task, day: date) -> None:
    task.due_on, task.due_at = _due_of(schedule_of(series), day)
    task.due_sort = due_sort(due_on=task.due_on, due_at=task.due_at)
    task.starts_on = day - timedelta(days=series.days_ahead) if series.days_ahead is not None else None


def _due_of(schedule: Schedule, day: date) -> tuple[date | None, datetime | None]:
    return (day, None) if schedule.clock is None else (None, schedule.instant(day))


def _due_day(task: Task, zone: ZoneInfo) -> date | None:
    return task.due_at.astimezone(zone).date() if task.due_at is not None else task.due_on


def _touch(task: Task, *, now: datetime) -> None:
    task.updated_at = now
    # Even when only its tags changed, twice in one second: each is a version of its own.
    flag_modified(task, "updated_at")


def _written(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _newest_task(series: Series) -> Task | None:
    return find_whole_task(Task.series_id == series.id, Task.occurrence == series.newest_n)


def _list_open(series: Series) -> list[Task]:
    found = lock_whole_tasks(Task.series_id == series.id, Task.is_deleted == false(), Task.status != Status.DONE)
    return sorted(found, key=lambda task: task.occurrence or 0)
