"""Days and times of day as the clocks of a place show them. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """
    Return the instant (UTC) at which clocks in `zone` show `clock` on `day`.

    Of two, in the hour that comes twice in autumn, the first. Where the clocks skip it in spring, the moment they jump.
    """
    return _instant(day, clock, zone, fold=0)


def next_instant_of(clock: time, zone: ZoneInfo, *, after: datetime) -> datetime:
    """Return the first instant later than `after` at which clocks in `zone` show `clock`; a second showing counts."""
    today = after.astimezone(zone).date()
    days = [today + timedelta(days=away) for away in (-1, 0, 1, 2)]
    readings = (_instant(day, clock, zone, fold=fold) for day in days for fold in (0, 1))
    return min(instant for instant in readings if instant > after)


def _instant(day: date, clock: time, zone: ZoneInfo, *, fold: int) -> datetime:
    moment = datetime.combine(day, clock)
    instant = moment.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == moment:
        return instant
    # Skipped: read with the offset of after the jump it lies before it, with that of before the jump after it.
    before = moment.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = moment.replace(tzinfo=zone, fold=0).astimezone(UTC)
    earlier_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == earlier_offset:
            before = middle
        else:
            after = middle
    return after
