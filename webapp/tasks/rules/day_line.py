"""One day from midnight to midnight: its entries by the clock, the gaps between them, and where they overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.tasks.rules.timesheet import SheetEntry
from webapp.values.period import Period

# Shorter ones are the moment between stopping one timer and starting the next.
SHORTEST_GAP = timedelta(minutes=5)


@dataclass(frozen=True)
class Stretch:
    """
    Part of the day that an entry takes.

    `start` and `end` are as the clocks showed them where it was lived, and cut at its midnights. `left` and `width` are
    where it stands on the line, in hundredths of the day; `lane` is 0, or more where it would cover another.
    `overlap_seconds` is what it shares with earlier ones, `overlaps` the title of the one before.
    """

    entry: SheetEntry
    start: datetime
    end: datetime
    left: float
    width: float
    lane: int
    begins_earlier: bool
    ends_later: bool
    overlap_seconds: int = 0
    overlaps: str | None = None


@dataclass(frozen=True)
class Gap:
    """Time between two stretches that nothing was written down for."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """How long it is."""
        return (self.end - self.start) // timedelta(seconds=1)


@dataclass(frozen=True)
class Hour:
    """A mark on the line, in hundredths of the day. A night may skip one, or have it twice."""

    left: float
    name: str
    is_major: bool


@dataclass(frozen=True)
class DayLine:
    """
    A day in order: stretches of the clock with the gaps between them (`items`), and what has no clock times (`plain`).

    `now_left` is where it is now, None on another day.
    """

    items: tuple[Stretch | Gap, ...]
    plain: tuple[SheetEntry, ...]
    hours: tuple[Hour, ...]
    lanes: int
    now_left: float | None

    @property
    def stretches(self) -> list[Stretch]:
        """What is drawn."""
        return [item for item in self.items if isinstance(item, Stretch)]

    @property
    def overlaps(self) -> list[Stretch]:
        """Those that begin before an earlier one has ended."""
        return [stretch for stretch in self.stretches if stretch.overlap_seconds]


def lay_out(entries: Iterable[SheetEntry], *, day: Period, zone: ZoneInfo, now: datetime) -> DayLine:
    """Lay out one day as the clocks of `zone` have it; `now` is where what runs ends."""
    first, last = day.instants(zone)
    listed = list(entries)
    clocked = sorted(
        (entry for entry in listed if entry.started_at is not None),
        key=lambda entry: (entry.started_at or now, entry.entry_id),
    )
    stretches = _stretches(clocked, day=day, now=now)
    return DayLine(
        items=tuple(_with_gaps(stretches)),
        plain=tuple(sorted((entry for entry in listed if entry.started_at is None), key=lambda one: one.entry_id)),
        hours=tuple(_hours(first, last, zone)),
        lanes=max((stretch.lane + 1 for stretch in stretches), default=1),
        now_left=_share(now - first, last - first) if first <= now < last else None,
    )


def _stretches(clocked: Sequence[SheetEntry], *, day: Period, now: datetime) -> list[Stretch]:
    stretches: list[Stretch] = []
    lanes: list[float] = []
    for entry in clocked:
        zone = ZoneInfo(entry.zone)
        # Its own midnights: it counts on this day because its clocks said so, wherever its reader is now.
        first, last = day.instants(zone)
        began_at, ended_at = entry.started_at or now, entry.ended_at or now
        start = min(max(began_at, first), last)
        end = min(max(ended_at, start), last)
        before = max(stretches, key=lambda one: one.end, default=None)
        shared = max(timedelta(), min(before.end, end) - start) if before else timedelta()
        left, width = _share(start - first, last - first), _share(end - start, last - first)
        lane = next((number for number, taken in enumerate(lanes) if taken <= left), len(lanes))
        lanes[lane : lane + 1] = [left + width]
        stretches.append(
            Stretch(
                entry=entry,
                start=start.astimezone(zone),
                end=end.astimezone(zone),
                left=left,
                width=width,
                lane=lane,
                begins_earlier=began_at < first,
                ends_later=ended_at > last,
                overlap_seconds=shared // timedelta(seconds=1),
                overlaps=before.entry.title if before and shared else None,
            )
        )
    return stretches


def _with_gaps(stretches: Sequence[Stretch]) -> Iterable[Stretch | Gap]:
    covered_until: datetime | None = None
    for stretch in stretches:
        if covered_until is not None and stretch.start - covered_until >= SHORTEST_GAP:
            yield Gap(covered_until, stretch.start)
        yield stretch
        covered_until = stretch.end if covered_until is None else max(covered_until, stretch.end)


def _hours(first: datetime, last: datetime, zone: ZoneInfo) -> Iterable[Hour]:
    moment = first
    while moment < last:
        local = moment.astimezone(zone)
        if local.minute == 0:
            yield Hour(_share(moment - first, last - first), f"{local.hour}", local.hour % 6 == 0)
        moment += timedelta(minutes=30)
    yield Hour(100.0, "24", True)


def _share(part: timedelta, whole: timedelta) -> float:
    return round(100 * part / whole, 3)
