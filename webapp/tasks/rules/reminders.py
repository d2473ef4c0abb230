"""When people are reminded of tasks, when not, and in what words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.notices.rules import short_title
from webapp.values.local_time import instant_of, next_instant_of
from webapp.values.status import Status
from webapp.values.text import counted, shortened

MOST_A_TASK = 10
LATEST_YEAR = 2199
DAY_MINUTES = 24 * 60
LONGEST_BEFORE_MINUTES = 366 * DAY_MINUTES

# Whoever looks later than this after the moment that was asked for is late: the worker was away, or nights are quiet.
LATE_AFTER = timedelta(minutes=10)
# More than these at one moment are told together.
MOST_APART = 3
# How long what waits for another task rests before it is looked at again.
BLOCKED_PAUSE = timedelta(hours=1)


class Basis(StrEnum):
    """What the time of a reminder is counted from."""

    AT = "at"
    DUE = "due"
    START = "start"


@dataclass(frozen=True)
class Timing:
    """What a person asked for: a moment (`at`, aware), or so many minutes before the task is due or starts."""

    basis: Basis
    minutes_before: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Habits:
    """Where a person's clocks are, when their morning begins, and when they want quiet (None: never)."""

    zone: ZoneInfo
    morning: time
    quiet_from: time | None = None
    quiet_until: time | None = None
    # Of date.weekday().
    week_start: int = 0


@dataclass(frozen=True)
class Dates:
    """When a task is due (on a day or at an instant) and from which day on it is shown."""

    due_on: date | None = None
    due_at: datetime | None = None
    starts_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """What a task is like when its reminder is about to be sent."""

    status: Status
    is_gone: bool
    is_blocked: bool
    starts_on: date | None


class Snooze(StrEnum):
    """How long a reminder can be put off."""

    TEN_MINUTES = "10m"
    HOUR = "1h"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next-week"

    @property
    def label(self) -> str:
        """What its button says."""
        return {
            Snooze.TEN_MINUTES: "In 10 minutes",
            Snooze.HOUR: "In 1 hour",
            Snooze.TOMORROW: "Tomorrow morning",
            Snooze.NEXT_WEEK: "Next week",
        }[self]


@dataclass(frozen=True)
class DueReminder:
    """One reminder whose time has come. `fires_at` is the moment it was meant for."""

    reminder_id: int
    fires_at: datetime
    task_id: int
    workspace_id: int
    title: str
    dates: Dates


def check_timing(timing: Timing, *, dates: Dates, habits: Habits, now: datetime) -> None:
    """
    Refuse a reminder that would never come.

    :raises InvalidInput: naming the field `at` or `when`
    """
    if timing.basis is Basis.AT:
        if timing.at is None or timing.at.year > LATEST_YEAR:
            raise InvalidInput(f"Choose a day and a time up to the year {LATEST_YEAR}.", field="at")
        if timing.at <= now:
            raise InvalidInput("This time has passed. Choose a later one.", field="at")
        return
    if not 0 <= timing.minutes_before <= LONGEST_BEFORE_MINUTES:
        raise InvalidInput("A reminder comes at most a year before.", field="when")
    moment = fires_at(timing, dates=dates, habits=habits)
    if moment is None:
        what = "is not due at any time" if timing.basis is Basis.DUE else "has no day on which it starts"
        raise InvalidInput(f"This task {what} yet. Edit it first, or choose a day and a time below.", field="when")
    if moment <= now:
        raise InvalidInput("The time for this has passed. Choose one that is nearer.", field="when")


def fires_at(timing: Timing, *, dates: Dates, habits: Habits) -> datetime | None:
    """
    Return the instant (UTC) of a reminder; None while the task has nothing it could be counted from.

    A day counts as the person's morning of that day. Whole days are taken off the calendar, so that “1 day before” is
    at the same time of day also when the clocks are changed between; the rest is taken off the clock.
    """
    if timing.basis is Basis.AT:
        return timing.at
    anchor = _anchor(timing.basis, dates, habits)
    if anchor is None:
        return None
    days, minutes = divmod(timing.minutes_before, DAY_MINUTES)
    try:
        earlier = instant_of(anchor.date() - timedelta(days=days), anchor.time(), habits.zone) if days else None
    except OverflowError:
        return None
    return (earlier or anchor.astimezone(UTC)) - timedelta(minutes=minutes)


def snoozed_until(snooze: Snooze, *, now: datetime, habits: Habits) -> datetime:
    """Return until when a reminder is put off: always later than now."""
    if snooze is Snooze.TEN_MINUTES:
        return now + timedelta(minutes=10)
    if snooze is Snooze.HOUR:
        return now + timedelta(hours=1)
    today = now.astimezone(habits.zone).date()
    if snooze is Snooze.TOMORROW:
        return instant_of(today + timedelta(days=1), habits.morning, habits.zone)
    days = (habits.week_start - today.weekday()) % 7 or 7
    return instant_of(today + timedelta(days=days), habits.morning, habits.zone)


def quiet_ends_at(now: datetime, *, habits: Habits) -> datetime | None:
    """Return when this person's quiet hours end, if `now` lies within them; they begin and end by the local clock."""
    if habits.quiet_from is None or habits.quiet_until is None or habits.quiet_from == habits.quiet_until:
        return None
    clock = now.astimezone(habits.zone).time()
    if habits.quiet_from < habits.quiet_until:
        is_quiet = habits.quiet_from <= clock < habits.quiet_until
    else:
        is_quiet = clock >= habits.quiet_from or clock < habits.quiet_until
    return next_instant_of(habits.quiet_until, habits.zone, after=now) if is_quiet else None


def is_over(standing: Standing) -> bool:
    """Tell whether nobody needs to be reminded of a task any more: it is done, or gone."""
    return standing.is_gone or standing.status is Status.DONE


def held_until(standing: Standing, *, now: datetime, habits: Habits) -> datetime | None:
    """Return when to look again at a reminder of a task that is hidden or blocked now; None for one to send."""
    today = now.astimezone(habits.zone).date()
    if standing.starts_on is not None and standing.starts_on > today:
        return instant_of(standing.starts_on, habits.morning, habits.zone)
    return now + BLOCKED_PAUSE if standing.is_blocked else None


def gathered(due: Sequence[DueReminder], *, now: datetime) -> list[list[DueReminder]]:
    """
    Return what is told together, the earliest first.

    What is late comes as one, however much has gathered while nobody looked; what is on time each by itself, unless
    there are many.
    """
    ordered = sorted(due, key=lambda reminder: (reminder.fires_at, reminder.reminder_id))
    late = [reminder for reminder in ordered if now - reminder.fires_at > LATE_AFTER]
    punctual = [reminder for reminder in ordered if now - reminder.fires_at <= LATE_AFTER]
    apart = [punctual] if len(punctual) > MOST_APART else [[reminder] for reminder in punctual]
    return [group for group in [late, *apart] if group]


def describe(timing: Timing) -> str:
    """Say when a reminder comes, counted from the task: `1 day before it is due`."""
    what = "it is due" if timing.basis is Basis.DUE else "it starts"
    if timing.basis is Basis.AT:
        return "At a chosen time"
    if timing.minutes_before == 0:
        return f"When {what}"
    return f"{_length(timing.minutes_before)} before {what}"


def told(group: Sequence[DueReminder], *, now: datetime, habits: Habits) -> str:
    """Say what a notice about one reminder, or about several at once, says."""
    if len(group) == 1:
        return f"Reminder: “{short_title(group[0].title)}”{_due_words(group[0].dates, now=now, habits=habits)}."
    names = ", ".join(f"“{shortened(reminder.title, longest=40)}”" for reminder in group[:MOST_APART])
    more = f" and {len(group) - MOST_APART} more" if len(group) > MOST_APART else ""
    return f"{len(group)} reminders: {names}{more}."


def task_address(task_id: int) -> str:
    """Return the path of a task's page."""
    return f"/tasks/{task_id}"


def snooze_address(task_id: int, reminder_id: int) -> str:
    """Return the path that puts a reminder off."""
    return f"{task_address(task_id)}/reminders/{reminder_id}/snooze"


def line(title: str, dates: Dates, *, now: datetime, habits: Habits) -> str:
    """Return a task as one line of a mail: `“Pay invoice” is due today at 15:00`."""
    return f"“{title}”{_due_words(dates, now=now, habits=habits)}"


def _anchor(basis: Basis, dates: Dates, habits: Habits) -> datetime | None:
    if basis is Basis.DUE and dates.due_at is not None:
        return dates.due_at.astimezone(habits.zone)
    day = dates.due_on if basis is Basis.DUE else dates.starts_on
    return None if day is None else instant_of(day, habits.morning, habits.zone).astimezone(habits.zone)


def _due_words(dates: Dates, *, now: datetime, habits: Habits) -> str:
    due_at = dates.due_at.astimezone(habits.zone) if dates.due_at else None
    day = due_at.date() if due_at else dates.due_on
    if day is None:
        return ""
    away = (day - now.astimezone(habits.zone).date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    words = near.get(away) or f"on {day.day} {day:%B %Y}"
    is_past = dates.due_at < now if dates.due_at else away < 0
    return f" {'was' if is_past else 'is'} due {words}{f' at {due_at:%H:%M}' if due_at else ''}"


def _length(minutes: int) -> str:
    for unit, size in (("week", 7 * DAY_MINUTES), ("day", DAY_MINUTES), ("hour", 60), ("minute", 1)):
        if minutes % size == 0:
            count = minutes // size
            return counted(count, unit)
    raise AssertionError("unreachable")
