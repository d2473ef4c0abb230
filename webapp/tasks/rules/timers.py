"""Decisions about timers that somebody forgot, or walked away from, or did not start. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.notices.rules import short_title
from webapp.tasks.rules.day_plan import end_of_day
from webapp.values.duration import format_minutes
from webapp.values.local_time import instant_of

# Nothing has run for so long in working hours: time to say so.
NUDGE_AFTER = timedelta(minutes=30)


class Reason(StrEnum):
    """Why a forgotten timer is thought to have ended when it is."""

    DAY_END = "day end"
    LAST_CHANGE = "last change"
    LENGTH = "length"


class Away(StrEnum):
    """What becomes of the time that somebody was away from a running timer."""

    KEEP = "keep"
    # The timer ends where they left; it goes on now, or does not.
    REVERT = "revert"
    DISCARD = "discard"
    # The time becomes an entry of its own, and the timer goes on now.
    SPLIT = "split"


class Forgotten(StrEnum):
    """What becomes of a timer that somebody forgot."""

    ACCEPT = "accept"
    OTHER = "other"
    KEEP = "keep"
    DISCARD = "discard"


@dataclass(frozen=True)
class Proposal:
    """When a forgotten timer may have ended, and why."""

    ends_at: datetime
    reason: Reason


def is_forgotten(started_at: datetime, *, after_minutes: int | None, now: datetime) -> bool:
    """Tell whether a timer has run for so long that somebody may have forgotten it."""
    return bool(after_minutes) and now - started_at >= timedelta(minutes=after_minutes or 0)


def propose_end(
    *,
    started_at: datetime,
    day_end: time | None,
    last_change_at: datetime | None,
    after_minutes: int,
    now: datetime,
    zone: ZoneInfo,
) -> Proposal:
    """
    Return when a timer that nobody stopped may have ended: always after its start, and before now.

    At the end of the day on which it began; at the last thing that its owner changed, when that was later; when neither
    is known, after as long as a timer may run. What came after that long is another day's work.

    :param last_change_at: when they last changed anything
    """
    latest = min(started_at + timedelta(minutes=after_minutes), now)
    day_ends_at = None if day_end is None else end_of_day(day_end, now=started_at, zone=zone)
    known = [
        Proposal(moment, reason)
        for moment, reason in ((day_ends_at, Reason.DAY_END), (last_change_at, Reason.LAST_CHANGE))
        if moment is not None and started_at < moment <= latest
    ]
    if known:
        return max(known, key=lambda proposal: proposal.ends_at)
    return Proposal(latest, Reason.LENGTH)


def describe_reason(reason: Reason, *, after_minutes: int | None, is_now: bool = False) -> str:
    """Say why: it follows “Proposed: 18:00, ”; `is_now` when that is now, before as long as a timer may run."""
    if reason is Reason.DAY_END:
        return "when your day ends"
    if reason is Reason.LAST_CHANGE:
        return "when you last changed something"
    if is_now:
        return "which is now, as nothing says that it was earlier"
    return f"after {format_minutes(after_minutes or 0)}, as nothing else is known"


def forgotten_key(entry_id: int) -> str:
    """Return by what a notice about a forgotten timer is known."""
    return f"forgotten:{entry_id}"


def told(title: str, *, started_at: datetime, zone: ZoneInfo) -> str:
    """Say that a timer may have been forgotten."""
    there = started_at.astimezone(zone)
    return (
        f"The timer on “{short_title(title)}” has run since {there.day} {there:%B}, {there:%H:%M}. Did you forget it?"
    )


def check_end(ended_at: datetime, *, started_at: datetime, now: datetime, field: str) -> None:
    """
    Refuse an end of a running timer that cannot be.

    :raises InvalidInput: for `field`, when it is not after the start, or still to come
    """
    if ended_at <= started_at:
        raise InvalidInput("This is not after the start of the timer.", field=field)
    if ended_at > now:
        raise InvalidInput("This is still to come.", field=field)


def check_away_from(away_from: datetime, *, started_at: datetime, now: datetime) -> None:
    """
    Refuse an absence that cannot be.

    :raises InvalidInput: for `away_from`, when it began before the timer did, or not yet
    """
    if away_from < started_at:
        raise InvalidInput("The timer was started later than that.", field="away_from")
    if away_from >= now:
        raise InvalidInput("This is still to come.", field="away_from")


@dataclass(frozen=True)
class WorkingHours:
    """When somebody works, by their clocks; `days` are of date.weekday()."""

    work_from: time
    work_until: time
    days: Collection[int]
    zone: ZoneInfo

    def begins_at(self, moment: datetime) -> datetime:
        """Return when working hours begin on the day of a moment."""
        return instant_of(moment.astimezone(self.zone).date(), self.work_from, self.zone)

    def ends_at(self, moment: datetime) -> datetime:
        """Return when working hours end on the day of a moment."""
        return instant_of(moment.astimezone(self.zone).date(), self.work_until, self.zone)


def idle_since(
    hours: WorkingHours, *, now: datetime, is_running: bool, last_ended_at: datetime | None
) -> datetime | None:
    """
    Return since when nothing runs in working hours, when that is long enough to say so.

    :param last_ended_at: when time ended last; None: not since the working hours of today began
    """
    begins = hours.begins_at(now)
    is_working = now.astimezone(hours.zone).weekday() in hours.days and begins <= now < hours.ends_at(now)
    if is_running or not is_working:
        return None
    since = begins if last_ended_at is None else max(begins, min(last_ended_at, now))
    return since if now - since >= NUDGE_AFTER else None


def next_look(hours: WorkingHours, *, now: datetime, is_told_today: bool) -> datetime:
    """Return when to look next whether something runs: later today, or on the next working day."""
    today = now.astimezone(hours.zone).date()
    for away in range(8):
        day = today + timedelta(days=away)
        first = instant_of(day, hours.work_from, hours.zone) + NUDGE_AFTER
        last = instant_of(day, hours.work_until, hours.zone)
        if day.weekday() not in hours.days or (away == 0 and is_told_today):
            continue
        look = max(first, now + NUDGE_AFTER / 6) if away == 0 else first
        if look < last:
            return look
    # Working hours too short to be missed: look again in a week, they may be others by then.
    return now + timedelta(days=7)


def nudge(since: datetime, *, zone: ZoneInfo) -> str:
    """Say that nothing runs."""
    return f"No timer has run since {since.astimezone(zone):%H:%M}. Start one if you are at work."
