"""When a repeating task comes again. Pure: no database, no clock; calendar arithmetic is python-dateutil's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, rrule

from webapp.errors import InvalidInput
from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR
from webapp.values.text import listed

MOST_EVERY = 999
MOST_COUNT = 999
SHOWN_AHEAD = 6
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
WORKING_DAYS = (0, 1, 2, 3, 4)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}

_LAST_DAY_KNOWN = date(LATEST_YEAR, 12, 31)


class Unit(StrEnum):
    """What a rule counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Basis(StrEnum):
    """What the next date is counted from: the first due day, or the day on which the last one was done."""

    DUE = "due"
    COMPLETION = "completion"


class Missed(StrEnum):
    """
    What becomes of dates that pass while one is not done.

    NEXT: they are let go, and finishing it leads to the next date ahead. EACH: every date gets a task of its own when
    its day begins. LATEST: the open task moves on to the newest date. WAIT: they come one after another, each when the
    one before it is done.
    """

    NEXT = "next"
    EACH = "each"
    LATEST = "latest"
    WAIT = "wait"


@dataclass(frozen=True)
class Rule:
    """
    Every so many days, weeks, months or years.

    `weekdays` are 0 (Monday) to 6. With weeks: on these days. With months and `nth` (1 to 4, or -1 for the last): on
    the nth day of the month that is one of them. `is_last_day`, with months: on the last day.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    is_last_day: bool = False


@dataclass(frozen=True)
class Repeat:
    """
    How a task repeats: its rule, and when that ends.

    `until` is the last day that can be one of its dates; `count` is how many dates there are, the first included,
    whether or not one of them was skipped or missed.
    """

    rule: Rule
    basis: Basis = Basis.DUE
    until: date | None = None
    count: int | None = None
    missed: Missed = Missed.NEXT


class Scope(StrEnum):
    """Which tasks of a series an edit is about."""

    ONE = "one"
    FOLLOWING = "following"


@dataclass(frozen=True)
class SeriesEdit:
    """
    What an edit of a task says about its series. `repeat` None: it comes no more.

    A changed rule counts from this task on; `scope` is about all the rest that a task holds.
    """

    repeat: Repeat | None
    scope: Scope = Scope.ONE


def checked(repeat: Repeat, *, due: date | None) -> Repeat:
    """
    Return `repeat` as it is kept.

    :param due: the day the task is due first
    :raises InvalidInput: naming the field that needs another look
    """
    due = checked_due(due)
    repeat = normal(repeat)
    _check_rule(repeat.rule)
    if repeat.until is not None:
        if repeat.until < due:
            raise InvalidInput("It would end before it is due the first time.", field="repeat_until")
        if repeat.until > _LAST_DAY_KNOWN:
            raise InvalidInput(f"Choose a year from {EARLIEST_YEAR} to {LATEST_YEAR}.", field="repeat_until")
    if repeat.count is not None and not 1 <= repeat.count <= MOST_COUNT:
        raise InvalidInput(f"Choose from 1 to {MOST_COUNT} times.", field="repeat_count")
    return repeat


def checked_due(due: date | None) -> date:
    """
    Return the day a task that repeats is due on.

    :raises InvalidInput: naming the field `due`, when there is none
    """
    if due is None:
        raise InvalidInput("A task that repeats needs a day: choose when it is due first.", field="due")
    return due


def normal(repeat: Repeat) -> Repeat:
    """Return `repeat` in the one way it is written down: two that mean the same are equal."""
    rule = replace(repeat.rule, weekdays=tuple(sorted(set(repeat.rule.weekdays))))
    # From completion nothing can be missed: there is no date before the last one is done.
    missed = Missed.NEXT if repeat.basis is Basis.COMPLETION else repeat.missed
    return replace(repeat, rule=rule, missed=missed)


def _check_rule(rule: Rule) -> None:
    if not 1 <= rule.every <= MOST_EVERY:
        raise InvalidInput(f"Choose a number from 1 to {MOST_EVERY}.", field="repeat_every")
    if any(weekday not in range(7) for weekday in rule.weekdays):
        raise InvalidInput("Choose weekdays from Monday to Sunday.", field="repeat_on")
    if rule.nth is not None and rule.nth not in NTHS:
        raise InvalidInput("Choose the first, second, third, fourth or last one.", field="repeat_nth")
    if rule.nth is not None and not rule.weekdays:
        raise InvalidInput("Choose at least one weekday.", field="repeat_on")
    by_weekday, by_month = rule.unit is Unit.WEEK, rule.unit is Unit.MONTH
    if ((rule.is_last_day or rule.nth is not None) and not by_month) or (rule.is_last_day and rule.weekdays):
        raise InvalidInput("A day of the month goes with “month” only.", field="repeat")
    if rule.weekdays and not by_weekday and rule.nth is None:
        raise InvalidInput("Weekdays go with “week”, or with which one of the month.", field="repeat")


# --- dates ------------------------------------------------------------------------------------------------------------


def nth_date(rule: Rule, *, anchor: date, n: int) -> date | None:
    """
    Return date `n` of a rule; 0 is the anchor itself, whether or not the rule would name that day.

    Each is counted from the anchor, so that Jan 31 is followed by Feb 28 and that by Mar 31. Where the rule names days
    of a week or month, weeks (from Monday) or months are counted from the anchor's. Takes the same time for every n.
    None beyond the last year that is kept.
    """
    if n == 0:
        return anchor
    try:
        day = _counted(rule, anchor, n)
    except (OverflowError, ValueError):
        return None
    return day if day <= _LAST_DAY_KNOWN else None


def _counted(rule: Rule, anchor: date, n: int) -> date:
    if rule.unit is Unit.WEEK and rule.weekdays:
        return _on_weekdays(rule, anchor, n)
    if rule.is_last_day or rule.nth is not None:
        # The anchor's own month counts when its day is still to come.
        first = 0 if _in_month(rule, anchor, 0) > anchor else 1
        return _in_month(rule, anchor, (n - 1 + first) * rule.every)
    return _plus(anchor, rule.unit, rule.every * n)


def _plus(day: date, unit: Unit, number: int) -> date:
    match unit:
        case Unit.DAY:
            return day + timedelta(days=number)
        case Unit.WEEK:
            return day + timedelta(weeks=number)
        case Unit.MONTH:
            return day + relativedelta(months=number)
        case Unit.YEAR:
            return day + relativedelta(years=number)


def _on_weekdays(rule: Rule, anchor: date, n: int) -> date:
    monday = anchor - timedelta(days=anchor.weekday())
    left_this_week = [weekday for weekday in rule.weekdays if weekday > anchor.weekday()]
    if n <= len(left_this_week):
        return monday + timedelta(days=left_this_week[n - 1])
    weeks, position = divmod(n - 1 - len(left_this_week), len(rule.weekdays))
    return monday + timedelta(weeks=(weeks + 1) * rule.every, days=rule.weekdays[position])


def _in_month(rule: Rule, anchor: date, months: int) -> date:
    first = anchor + relativedelta(months=months, day=1)
    if rule.is_last_day:
        return first + relativedelta(day=31)
    start = datetime.combine(first, time.min)
    return next(iter(rrule(MONTHLY, start, count=1, byweekday=rule.weekdays, bysetpos=rule.nth))).date()


def date_after_completion(rule: Rule, *, done_on: date) -> date | None:
    """
    Return the day on which a task is due again that was done on `done_on`.

    Where the rule names days, it is the first of them after so many weeks or months less one: every week on Friday
    means the next Friday. None beyond the last year that is kept.
    """
    if not rule.weekdays and not rule.is_last_day:
        return nth_date(rule, anchor=done_on, n=1)
    try:
        return nth_date(replace(rule, every=1), anchor=_plus(done_on, rule.unit, rule.every - 1), n=1)
    except (OverflowError, ValueError):
        return None


def instant_of(day: date, *, clock: time, zone: ZoneInfo) -> datetime:
    """
    Return the instant (UTC) at which clocks in `zone` show `clock` on `day`.

    A time that the clocks skip in spring counts as if they had not been moved: 02:30 comes at 03:30. Of a time that
    comes twice in autumn it is the first.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


# --- series -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Occurrence:
    """One date of a series and its number, from 0."""

    n: int
    day: date


@dataclass(frozen=True)
class Schedule:
    """
    All the dates of one series.

    Date `anchor_n` falls on `anchor` and the others are counted from it: `anchor_n` is not 0 where the rule or the
    day was changed later. With a `clock` they are instants on clocks in `zone`, else days.
    """

    repeat: Repeat
    anchor: date
    zone: ZoneInfo
    anchor_n: int = 0
    clock: time | None = None

    def occurrence(self, n: int) -> Occurrence | None:
        """Return date `n` (counted from the due day), or None after the end."""
        day = nth_date(self.repeat.rule, anchor=self.anchor, n=n - self.anchor_n)
        return self._unless_over(n, day)

    def following(self, current: Occurrence, *, now: datetime, today: date) -> Occurrence | None:
        """
        Return the date that comes once `current` is done or skipped at `now`; None when it was the last.

        :param today: the local day of whoever does it
        """
        if self.repeat.basis is Basis.COMPLETION:
            return self._unless_over(current.n + 1, date_after_completion(self.repeat.rule, done_on=today))
        if self.repeat.missed is Missed.LATEST:
            latest = self.latest(now=now)
            return latest if latest is not None and latest.n > current.n else self.occurrence(current.n + 1)
        if self.repeat.missed is not Missed.NEXT:
            return self.occurrence(current.n + 1)
        ahead = self._first_from(today + timedelta(days=1) if self.clock is None else today)
        found = self.occurrence(max(current.n + 1, ahead))
        if found is not None and self.clock is not None and self.instant(found.day) <= now:
            return self.occurrence(found.n + 1)
        return found

    def latest(self, *, now: datetime) -> Occurrence | None:
        """Return the newest date whose day has begun in `zone`; None when that is still to come."""
        today = now.astimezone(self.zone).date()
        n = self._first_from(today + timedelta(days=1)) - 1
        if self.repeat.count is not None:
            n = min(n, self.repeat.count - 1)
        if self.repeat.until is not None and self.repeat.until <= today:
            n = min(n, self._first_from(self.repeat.until + timedelta(days=1)) - 1)
        return self.occurrence(n) if n >= self.anchor_n and self.anchor <= today else None

    def upcoming(self, current: Occurrence, *, now: datetime, today: date, most: int = SHOWN_AHEAD) -> list[date]:
        """
        Return the next dates after `current`, as if it were done now and each later one on its day.

        Counted from completion, a task that is not due yet is taken to be done on its day.
        """
        return [occurrence.day for occurrence in islice(self._chain(current, now=now, today=today), most)]

    def wakes_at(self, current: Occurrence) -> datetime | None:
        """
        Return when the date after `current` comes whether or not that is done: as its day begins in `zone`.

        None where dates wait for what was before them, and after the end.
        """
        if self.repeat.basis is Basis.COMPLETION or self.repeat.missed not in (Missed.EACH, Missed.LATEST):
            return None
        found = self.occurrence(current.n + 1)
        return None if found is None else instant_of(found.day, clock=time.min, zone=self.zone)

    def instant(self, day: date) -> datetime:
        """Return the instant that a task of this series is due on `day`: at its clock time, or when the day begins."""
        return instant_of(day, clock=self.clock or time.min, zone=self.zone)

    def _chain(self, current: Occurrence, *, now: datetime, today: date) -> Iterator[Occurrence]:
        day = max(today, current.day) if self.repeat.basis is Basis.COMPLETION else today
        found = self.following(current, now=now, today=day)
        while found is not None:
            yield found
            if self.repeat.basis is Basis.COMPLETION:
                found = self.following(found, now=now, today=found.day)
            else:
                found = self.occurrence(found.n + 1)

    def _first_from(self, day: date) -> int:
        """Return the smallest number, from `anchor_n`, whose date is not before `day`; the end does not count here."""
        rule, anchor = self.repeat.rule, self.anchor
        if day <= anchor:
            return self.anchor_n
        # Each date is at least a day after the one before it, so that no more are before `day` than there are days.
        numbers = range((day - anchor).days + 1)
        return self.anchor_n + bisect_left(numbers, day, key=lambda n: nth_date(rule, anchor=anchor, n=n) or date.max)

    def _unless_over(self, n: int, day: date | None) -> Occurrence | None:
        if day is None or (self.repeat.count is not None and n >= self.repeat.count):
            return None
        if self.repeat.until is not None and day > self.repeat.until:
            return None
        return Occurrence(n, day)


# --- words ------------------------------------------------------------------------------------------------------------


def describe(repeat: Repeat) -> str:
    """Say in words how a task repeats: `every month on the last Friday, 10 times`."""
    rule = repeat.rule
    words = "every working day" if _is_working_days(rule) else f"every {_units(rule)}{_days(rule)}"
    if repeat.basis is Basis.COMPLETION:
        words += " after it is done"
    if repeat.until is not None:
        words += f", until {repeat.until.day} {repeat.until:%B} {repeat.until.year}"
    if repeat.count is not None:
        words += ", once" if repeat.count == 1 else f", {repeat.count} times"
    return words


def _is_working_days(rule: Rule) -> bool:
    return rule.unit is Unit.WEEK and rule.every == 1 and rule.weekdays == WORKING_DAYS


def _units(rule: Rule) -> str:
    return str(rule.unit) if rule.every == 1 else f"{rule.every} {rule.unit}s"


def _days(rule: Rule) -> str:
    if rule.is_last_day:
        return " on the last day"
    if not rule.weekdays:
        return ""
    if rule.nth is not None:
        days = "working day" if rule.weekdays == WORKING_DAYS else _listed_days(rule.weekdays, "or")
        return f" on the {NTH_NAMES[rule.nth]} {days}"
    return " on working days" if rule.weekdays == WORKING_DAYS else f" on {_listed_days(rule.weekdays, 'and')}"


def _listed_days(weekdays: tuple[int, ...], word: str) -> str:
    return listed([WEEKDAY_NAMES[weekday] for weekday in sorted(weekdays)], word)
