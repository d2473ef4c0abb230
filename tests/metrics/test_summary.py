"""Totals of a period and of the one before."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.facts import CreatedCount, DayFinished
from webapp.metrics.rules.summary import Summary, summarise
from webapp.values.period import Period
from webapp.values.status import Status

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
counts = st.integers(0, 10_000)


def summarise_created(now: dict[Status, int]) -> Summary:
    created = [CreatedCount(status, None, count, 0) for status, count in now.items()]
    return summarise(period=NOVEMBER, before=OCTOBER, seconds={}, created=created, finished=[])


@given(st.fixed_dictionaries(dict.fromkeys(Status, counts)))
def test_shares_of_statuses_are_the_whole_together(now: dict[Status, int]) -> None:
    totals = summarise_created(now).now

    shares = [totals.status_share(status) for status in Status]
    if not totals.created_total:
        assert shares == [None, None, None]
        return
    assert round(sum(share or 0 for share in shares), 6) == 1
    assert totals.completion == now[Status.DONE] / sum(now.values())


def test_each_day_counts_in_its_own_period() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30)]
    seconds = {day: 60 * 10**index for index, day in enumerate([*days, date(2026, 12, 1)])}
    finished = [DayFinished(day, finished=1, with_due=1, on_time=index % 2) for index, day in enumerate(days)]

    summary = summarise(period=NOVEMBER, before=OCTOBER, seconds=seconds, created=[], finished=finished)

    assert summary.now.tracked_seconds == 60 * (10**3 + 10**4)
    assert summary.before.tracked_seconds == 60 * (10 + 10**2)
    assert (summary.now.finished, summary.now.on_time) == (2, 1)
    assert summary.now.on_time_share == 0.5


def test_an_empty_period_divides_by_nothing() -> None:
    summary = summarise(period=NOVEMBER, before=OCTOBER, seconds={}, created=[], finished=[])

    assert summary.is_empty
    assert not summary.has_before
    assert (summary.now.completion, summary.now.on_time_share, summary.now.took) == (None, None, None)


def test_what_was_before_alone_is_something_to_compare_with() -> None:
    seconds = {NOVEMBER.start - timedelta(days=1): 60}

    summary = summarise(period=NOVEMBER, before=OCTOBER, seconds=seconds, created=[], finished=[])

    assert summary.is_empty
    assert summary.has_before
