"""When a forgotten timer ended, and when somebody is told that none runs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.tasks.rules.timers import (
    NUDGE_AFTER,
    Reason,
    WorkingHours,
    idle_since,
    is_forgotten,
    next_look,
    propose_end,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.integers(0, 365 * 86400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
HOURS = WorkingHours(time(9), time(17), frozenset(range(5)), BERLIN)


def there(text: str) -> datetime:
    """A moment by the clocks of Berlin, in November 2026: `20 15:42`; the 20th is a Friday."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    "started, minutes, now, expected",
    [
        ("20 09:00", 480, "20 16:59", False),
        ("20 09:00", 480, "20 17:00", True),
        ("20 09:00", None, "27 17:00", False),
        ("20 09:00", 0, "27 17:00", False),
    ],
)
def test_a_timer_is_forgotten_after_what_its_owner_says(
    started: str, minutes: int | None, now: str, expected: bool
) -> None:
    assert is_forgotten(there(started), after_minutes=minutes, now=there(now)) is expected


@pytest.mark.parametrize(
    "started, day_end, changed, now, ends, reason",
    [
        # Nothing was changed since the timer was started: the end of the day.
        ("20 14:00", time(18), "20 14:00", "20 23:00", "20 18:00", Reason.DAY_END),
        # They worked later than that.
        ("20 14:00", time(18), "20 19:10", "20 23:00", "20 19:10", Reason.LAST_CHANGE),
        # What they changed the next morning is another day's work.
        ("20 14:00", time(18), "21 08:30", "21 09:00", "20 18:00", Reason.DAY_END),
        # Their day does not end, or was over when they began.
        ("20 14:00", None, "20 15:30", "20 23:00", "20 15:30", Reason.LAST_CHANGE),
        ("20 19:00", time(18), None, "21 09:00", "21 03:00", Reason.LENGTH),
        ("20 14:00", None, None, "20 16:00", "20 16:00", Reason.LENGTH),
        # A day that ends after midnight.
        ("20 20:00", time(1), None, "21 09:00", "21 01:00", Reason.DAY_END),
    ],
)
def test_an_end_is_proposed_from_what_is_known(
    started: str, day_end: time | None, changed: str | None, now: str, ends: str, reason: Reason
) -> None:
    proposal = propose_end(
        started_at=there(started),
        day_end=day_end,
        last_change_at=there(changed) if changed else None,
        after_minutes=480,
        now=there(now),
        zone=BERLIN,
    )

    assert (proposal.ends_at, proposal.reason) == (there(ends), reason)


@given(
    started_at=MOMENTS,
    ran=st.integers(1, 100_000),
    changed=st.none() | st.integers(-100_000, 100_000),
    day_end=st.none() | st.times(),
    minutes=st.integers(60, 10_000),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata"]),
)
def test_a_proposal_lies_within_what_the_timer_counted(
    started_at: datetime, ran: int, changed: int | None, day_end: time | None, minutes: int, zone: str
) -> None:
    now = started_at + timedelta(seconds=ran)

    proposal = propose_end(
        started_at=started_at,
        day_end=day_end.replace(microsecond=0) if day_end else None,
        last_change_at=None if changed is None else started_at + timedelta(seconds=changed),
        after_minutes=minutes,
        now=now,
        zone=ZoneInfo(zone),
    )

    assert started_at < proposal.ends_at <= min(now, started_at + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "now, is_running, ended, since",
    [
        ("20 09:29", False, None, None),
        ("20 09:30", False, None, "20 09:00"),
        ("20 11:00", True, None, None),
        ("20 11:00", False, "20 10:45", None),
        ("20 11:15", False, "20 10:45", "20 10:45"),
        # Time that was entered ahead.
        ("20 11:00", False, "20 12:00", None),
        ("20 08:00", False, None, None),
        ("20 17:00", False, None, None),
        # Saturday.
        ("21 11:00", False, None, None),
    ],
)
def test_nothing_runs_in_working_hours(now: str, is_running: bool, ended: str | None, since: str | None) -> None:
    last_ended_at = there(ended) if ended else None

    found = idle_since(HOURS, now=there(now), is_running=is_running, last_ended_at=last_ended_at)

    assert found == (there(since) if since else None)


@pytest.mark.parametrize(
    "now, is_told, look",
    [
        ("20 07:00", False, "20 09:30"),
        ("20 11:00", False, "20 11:05"),
        # Told, or too late in the day: on Monday.
        ("20 11:00", True, "23 09:30"),
        ("20 16:58", False, "23 09:30"),
        ("22 11:00", False, "23 09:30"),
    ],
)
def test_the_next_look_is_on_a_working_day(now: str, is_told: bool, look: str) -> None:
    assert next_look(HOURS, now=there(now), is_told_today=is_told) == there(look)


@given(
    moment=MOMENTS,
    is_told=st.booleans(),
    days=st.frozensets(st.integers(0, 6)),
)
def test_a_look_is_always_later(moment: datetime, is_told: bool, days: frozenset[int]) -> None:
    hours = WorkingHours(time(9), time(9, 20), days, BERLIN)

    assert next_look(hours, now=moment, is_told_today=is_told) >= moment + NUDGE_AFTER / 6
