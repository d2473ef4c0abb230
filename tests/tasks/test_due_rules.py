"""When a task is due: reading it, writing it back, sorting by it, being late."""

# ruff: noqa: DTZ001 — what clocks show has no zone yet.

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.criteria import Due, due_window
from webapp.tasks.rules.due import NO_DUE, due_sort, is_overdue, local_instant
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)
ZONES = st.sampled_from([BERLIN, ZoneInfo("UTC"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")])


@pytest.mark.parametrize(
    "moment,instant",
    [
        (datetime(2026, 11, 20, 15, 0), datetime(2026, 11, 20, 14, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 15, 0, 30), datetime(2026, 7, 1, 13, 0, 30, tzinfo=UTC)),
        # Berlin turns its clocks back at 3:00: 2:30 happens twice, the first is meant.
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ],
)
def test_local_instant_reads_the_clocks_of_the_zone(moment: datetime, instant: datetime) -> None:
    assert local_instant(moment, zone=BERLIN) == instant


def test_local_instant_refuses_a_time_that_the_clocks_skip() -> None:
    with pytest.raises(InvalidInput, match="02:30 does not exist on 29 March 2026") as refusal:
        local_instant(datetime(2026, 3, 29, 2, 30), zone=BERLIN)

    assert refusal.value.field == "due"


@pytest.mark.parametrize(
    "due_on,due_at,sort",
    [
        (None, None, NO_DUE),
        (date(2026, 11, 20), None, datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)),
        (None, NOW, NOW),
    ],
)
def test_due_sort_is_never_empty(due_on: date | None, due_at: datetime | None, sort: datetime) -> None:
    assert due_sort(due_on=due_on, due_at=due_at) == sort


@pytest.mark.parametrize(
    "status,due_on,due_at,late",
    [
        (Status.TODO, date(2026, 11, 19), None, True),
        (Status.TODO, date(2026, 11, 20), None, False),
        (Status.DOING, None, NOW - timedelta(seconds=1), True),
        (Status.DOING, None, NOW, False),
        (Status.DONE, date(2020, 1, 1), None, False),
        (Status.DONE, None, NOW - timedelta(days=1), False),
        (Status.TODO, None, None, False),
    ],
)
def test_is_overdue_when_its_day_or_instant_has_passed(
    status: Status, due_on: date | None, due_at: datetime | None, late: bool
) -> None:
    assert is_overdue(status=status, due_on=due_on, due_at=due_at, now=NOW, zone=BERLIN) is late


def test_is_overdue_follows_the_day_where_the_viewer_lives() -> None:
    just_before_midnight_utc = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    facts = {"status": Status.TODO, "due_on": date(2026, 11, 20), "due_at": None, "now": just_before_midnight_utc}

    assert is_overdue(**facts, zone=BERLIN)  # type: ignore[arg-type]
    assert not is_overdue(**facts, zone=ZoneInfo("America/New_York"))  # type: ignore[arg-type]


@given(
    due=st.sampled_from([Due.OVERDUE, Due.TODAY, Due.WEEK]),
    now=st.integers(0, 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    zone=ZONES,
    days=st.integers(-9, 9),
    minutes=st.integers(-9 * 1440, 9 * 1440),
)
def test_due_window_sorts_around_all_that_is_in_it(
    due: Due, now: datetime, zone: ZoneInfo, days: int, minutes: int
) -> None:
    window = due_window(due, now=now, zone=zone)
    due_on = now.astimezone(zone).date() + timedelta(days=days)
    due_at = now + timedelta(minutes=minutes)

    inside = []
    if (window.first is None or window.first <= due_on) and due_on <= window.last:
        inside.append(due_sort(due_on=due_on, due_at=None))
    if (window.starts_at is None or window.starts_at <= due_at) and due_at < window.ends_at:
        inside.append(due_sort(due_on=None, due_at=due_at))

    for sort in inside:
        assert window.sorts_from is None or window.sorts_from <= sort
        assert sort <= window.sorts_to
