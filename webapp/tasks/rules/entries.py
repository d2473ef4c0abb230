"""Decisions about time spent: how it falls on days, which instant a clock time means, what can be believed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.values.shares import share_out

LONGEST_INTERVAL = timedelta(hours=24)
# More than a year around the clock. Totals that were kept elsewhere come in as one plain duration.
LONGEST_PLAIN_MINUTES = 10_000 * 60
EARLIEST_DAY = date(1970, 1, 1)
# A meeting is sometimes written down before it ends; next week's is a slip of the hand.
SLACK_AHEAD = timedelta(days=1)

# No zone has changed its clocks twice within so short a time.
_STEP = timedelta(hours=12)
_SECOND = timedelta(seconds=1)


class Attribution(StrEnum):
    """On which days a report counts time that passed midnight."""

    # On each of its days what belongs to it.
    CLIPPED = "clipped"
    # All of it on the day it began.
    START = "start"


@dataclass(frozen=True)
class Interval:
    """A stretch of the clock between two aware instants; it still runs while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None
    interrupted_seconds: int = 0

    @property
    def seconds(self) -> int:
        """What counts: the time between, less its interruptions; nothing while it runs."""
        if self.ended_at is None:
            return 0
        return max(0, (self.ended_at - self.started_at) // _SECOND - self.interrupted_seconds)


@dataclass(frozen=True)
class PlainDuration:
    """A length of time on a day, without clock times."""

    day: date
    seconds: int


Spent = Interval | PlainDuration


def counted_by_day(spent: Spent, zone: ZoneInfo) -> dict[date, int]:
    """Return what counts on each local day: see `seconds_by_day`. What still runs counts on none."""
    if isinstance(spent, PlainDuration):
        return {spent.day: spent.seconds} if spent.seconds else {}
    if spent.ended_at is None:
        return {}
    return seconds_by_day(spent.started_at, spent.ended_at, zone, spent.interrupted_seconds)


def seconds_by_day(
    started_at: datetime, ended_at: datetime, zone: ZoneInfo, interrupted_seconds: int = 0
) -> dict[date, int]:
    """
    Split the half-open interval between two aware instants over the local days of `zone`.

    The values are whole seconds; days without any are absent. They add up to the whole less `interrupted_seconds`,
    which every day bears in proportion (whole seconds go to the largest remainders, the earlier day first); nothing
    is left when the interruptions are as long as the interval.
    """
    shares: Counter[date] = Counter()
    for start, end in _stretches_of_steady_clocks(started_at, ended_at, zone):
        local, local_end = (
            moment.replace(tzinfo=None) for moment in (start.astimezone(zone), end + _offset(start, zone))
        )
        while local < local_end:
            stop = min(local_end, datetime.combine(local.date() + timedelta(days=1), time.min))
            shares[local.date()] += (stop - local) // _SECOND
            local = stop
    return _less_interruptions(shares, interrupted_seconds)


def _stretches_of_steady_clocks(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """
    Cut an interval wherever the clocks of `zone` are moved; in between, local days are plain arithmetic.

    A local midnight alone is no safe place to cut: there are nights that skip it and nights that see it twice.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    while start < end:
        stop = min(start + _STEP, end)
        offset = _offset(start, zone)
        if _offset(stop, zone) != offset:
            seconds = range((stop - start) // _SECOND + 1)
            stop = start + _SECOND * bisect_left(
                seconds, True, key=lambda second: _offset(start + _SECOND * second, zone) != offset
            )
        yield start, stop
        start = stop


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).replace(tzinfo=UTC) - moment


def _less_interruptions(shares: Counter[date], interrupted_seconds: int) -> dict[date, int]:
    whole = shares.total()
    left = max(0, whole - interrupted_seconds)
    if not interrupted_seconds or not left:
        return dict(shares) if left else {}
    return {day: seconds for day, seconds in share_out(left, shares).items() if seconds}


def instants_of(moment: datetime, zone: ZoneInfo) -> list[datetime]:
    """
    Return the instants (UTC, oldest first) at which the clocks of `zone` show the naive `moment`.

    There is one; none in an hour that the clocks skip in spring; two in the hour that they repeat in autumn.
    """
    readings = {moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(instant for instant in readings if instant.astimezone(zone).replace(tzinfo=None) == moment)


def read_instants(moment: datetime, zone: ZoneInfo, *, field: str) -> list[datetime]:
    """
    Return the instants that a typed `moment` can mean, one or two: see `instants_of`.

    :raises InvalidInput: for `field`, where the clocks skip it
    """
    instants = instants_of(moment, zone)
    if not instants:
        raise InvalidInput(
            f"{moment:%H:%M} does not exist on {moment.day} {moment:%B %Y}: the clocks are put forward over it "
            f"({zone.key}). Enter a time before or after.",
            field=field,
        )
    return instants


def read_interval(
    *,
    start: datetime,
    end: datetime | None,
    zone: ZoneInfo,
    interrupted_seconds: int = 0,
    is_second_start: bool | None = False,
    is_second_end: bool | None = False,
) -> Interval:
    """
    Turn two naive clock times of `zone` into an interval; without an `end` it runs.

    A time that comes twice in an autumn night is the first one, unless the person says that it is the second or only
    the second one lies after the start.

    :param is_second_start: None where nobody asked the person: then what can mean either is refused, with a question
    :raises InvalidInput: for a time that does not exist, an end before its start, or interruptions that leave nothing
    """
    started_at = _choose(start, zone, field="started_at", is_second=is_second_start)
    if end is None:
        return Interval(started_at, None, interrupted_seconds)
    ended_at = _choose(end, zone, field="ended_at", is_second=is_second_end, after=started_at)
    if ended_at <= started_at:
        raise InvalidInput("The end is not after the start.", field="ended_at")
    if interrupted_seconds and _SECOND * interrupted_seconds >= ended_at - started_at:
        raise InvalidInput("The breaks are as long as the whole time.", field="breaks")
    return Interval(started_at, ended_at, interrupted_seconds)


def _choose(
    moment: datetime, zone: ZoneInfo, *, field: str, is_second: bool | None, after: datetime | None = None
) -> datetime:
    instants = read_instants(moment, zone, field=field)
    if is_second or (after is not None and instants[0] <= after):
        return instants[-1]
    if is_second is None and len(instants) > 1:
        raise InvalidInput(
            f"{moment:%H:%M} comes twice on {moment.day} {moment:%B %Y}: the clocks are put back over it ({zone.key}). "
            "Say which of the two it is below.",
            field=field,
        )
    return instants[0]


def name_repeated(instant: datetime, zone: ZoneInfo) -> str | None:
    """Say which of two equal clock times an instant is, `the first 02:30`; None where there is only one."""
    local = instant.astimezone(zone)
    if len(instants_of(local.replace(tzinfo=None, fold=0), zone)) < 2:
        return None
    return f"the {'second' if local.fold else 'first'} {local:%H:%M}"


def describe_repeated(spent: Spent, zone: ZoneInfo) -> str:
    """Say how repeated clock times were read, `, from the first 02:30`; an empty text where there are none."""
    if isinstance(spent, PlainDuration):
        return ""
    start = name_repeated(spent.started_at, zone)
    end = name_repeated(spent.ended_at, zone) if spent.ended_at else None
    return (f", from {start}" if start else "") + (f", up to {end}" if end else "")


def check_believable(spent: Spent, *, now: datetime, zone: ZoneInfo) -> None:
    """
    Refuse time that nobody can have spent.

    :raises InvalidInput: for more than 24 hours at a stretch, nothing at all, the future, or days before 1970
    """
    if isinstance(spent, PlainDuration):
        _check_duration(spent, latest=(now + SLACK_AHEAD).astimezone(zone).date())
        return
    _check_day(spent.started_at.astimezone(zone).date(), field="started_at")
    if spent.ended_at is None:
        if spent.started_at > now:
            raise InvalidInput("A timer cannot have started in the future.", field="started_at")
        return
    if spent.ended_at > now + SLACK_AHEAD:
        raise InvalidInput("This is more than a day ahead. Enter time once it is spent.", field="ended_at")
    if spent.ended_at - spent.started_at > LONGEST_INTERVAL:
        raise InvalidInput(
            "From start to end this is more than 24 hours. Look at the days again, or enter a day and a duration.",
            field="ended_at",
        )


def _check_duration(spent: PlainDuration, *, latest: date) -> None:
    _check_day(spent.day, field="day")
    if spent.day > latest:
        raise InvalidInput("This day is still to come. Enter time once it is spent.", field="day")
    if spent.seconds <= 0:
        raise InvalidInput("Enter a duration of at least one minute.", field="duration")
    if spent.seconds > LONGEST_PLAIN_MINUTES * 60:
        raise InvalidInput("This is more than 10,000 hours. Enter it in parts.", field="duration")


def _check_day(day: date, *, field: str) -> None:
    if day < EARLIEST_DAY:
        raise InvalidInput("This is before 1970. Enter a later day.", field=field)
