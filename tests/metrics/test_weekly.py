"""The score of a week adds up, whatever its parts are."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.facts import DayFinished, Planned
from webapp.metrics.rules.spans import weeks_of
from webapp.metrics.rules.weekly import WEIGHTS, PartName, score, score_weeks
from webapp.values.period import Period

FRIDAY = date(2026, 11, 20)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1))
WEEKS = weeks_of(MONTH, today=FRIDAY, week_start=0)
amounts = st.tuples(st.integers(0, 10**7), st.integers(0, 10**7))


@given(st.fixed_dictionaries(dict.fromkeys(PartName, amounts)))
def test_points_add_up_to_the_score_and_weights_to_a_hundred(given_amounts: dict[PartName, tuple[int, int]]) -> None:
    parts, total = score(given_amounts)

    judged = [part for part in parts if part.has_data]
    if len(judged) < 2:
        assert total is None
        return
    assert total is not None
    assert 0 <= total <= 1000
    assert sum(part.points_tenths for part in parts) == total
    assert sum(part.weight_tenths for part in parts) == 1000
    for part in parts:
        assert 0 <= part.points_tenths <= part.weight_tenths
        assert part.has_data or part.weight_tenths == 0
    exact = sum(part.weight_tenths * part.got / part.of for part in judged)
    assert abs(total - exact) <= 0.5 + 1e-6


def test_weights_are_a_hundred_together() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_everything_kept_is_a_hundred_and_nothing_kept_is_nought() -> None:
    _, best = score(dict.fromkeys(PartName, (7, 7)))
    _, worst = score(dict.fromkeys(PartName, (0, 7)))

    assert (best, worst) == (1000, 0)


def test_a_part_without_data_gives_its_weight_to_the_others() -> None:
    parts, total = score(
        {PartName.PLANNED: (1, 2), PartName.ON_TIME: (0, 0), PartName.TRACKED: (9, 3), PartName.WITHIN: (0, 0)}
    )

    # 40 and 20 of a hundred become two thirds and one third; more tracked than usual gives no more points.
    assert [part.weight for part in parts] == [66.7, 0.0, 33.3, 0.0]
    assert [part.points for part in parts] == [33.4, 0.0, 33.3, 0.0]
    assert total == 667


def test_a_week_is_scored_by_what_was_planned_finished_tracked_and_estimated() -> None:
    monday = date(2026, 11, 9)
    seconds = {monday - timedelta(days=7 * back): 3600 * 10 for back in range(4)}
    finished = [DayFinished(monday, finished=5, with_due=4, on_time=3, with_both=2, within=1)]
    planned = [
        Planned(monday, monday + timedelta(days=6), 60),
        Planned(monday, monday + timedelta(days=7), 60),
        Planned(monday, None, 120),
    ]

    weekly = score_weeks(weeks=WEEKS, seconds=seconds, finished=finished, planned=planned, today=FRIDAY)

    week = next(result for result in weekly.weeks if result.week.start == monday)
    assert [(part.got, part.of) for part in week.parts] == [(60, 240), (3, 4), (36000, 36000), (1, 2)]
    # 40 × 1/4 + 25 × 3/4 + 20 + 15 × 1/2 = 56.25, a half up.
    assert week.score == 56.3
    assert weekly.usual_seconds == 36000
    assert weekly.focus is week


def test_the_week_that_is_not_over_is_held_against_the_days_so_far() -> None:
    monday = date(2026, 11, 16)
    seconds = {monday - timedelta(days=7 * back): 70_000 for back in range(1, 5)} | {monday: 25_000}
    planned = [Planned(monday + timedelta(days=6), None, 600), Planned(monday, monday, 30)]

    weekly = score_weeks(weeks=WEEKS, seconds=seconds, finished=[], planned=planned, today=FRIDAY)

    this_week = weekly.weeks[-1]
    tracked = this_week.parts[2]
    assert not this_week.week.is_over
    assert (tracked.got, tracked.of) == (25_000, 50_000)
    # What is due on Sunday is not late on Friday.
    assert (this_week.parts[0].got, this_week.parts[0].of) == (30, 30)


def test_weeks_before_the_first_record_are_left_out() -> None:
    weekly = score_weeks(weeks=WEEKS, seconds={date(2026, 11, 10): 60}, finished=[], planned=[], today=FRIDAY)

    assert [result.week.start for result in weekly.weeks] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert [result.score for result in weekly.weeks] == [None, None]


def test_an_empty_account_has_no_weeks() -> None:
    weekly = score_weeks(weeks=WEEKS, seconds={}, finished=[], planned=[], today=FRIDAY)

    assert weekly.is_empty
    assert weekly.focus is None
    assert weekly.change is None


def test_a_week_off_has_no_score() -> None:
    off = date(2026, 11, 9)
    seconds = {off + timedelta(days=7 * away): 3600 for away in (-4, -3, -2, -1, 1)}
    planned = [Planned(off, None, 60)]

    weekly = score_weeks(weeks=WEEKS, seconds=seconds, finished=[], planned=planned, today=FRIDAY)

    week = next(result for result in weekly.weeks if result.week.start == off)
    assert week.score is None
    assert [(part.got, part.of) for part in week.parts[:3]] == [(0, 60), (0, 0), (0, 3600)]


def test_change_names_the_part_that_moved_most() -> None:
    first, second = date(2026, 11, 2), date(2026, 11, 9)
    finished = [
        DayFinished(first, finished=4, with_due=4, on_time=1, with_both=2, within=1),
        DayFinished(second, finished=4, with_due=4, on_time=4, with_both=2, within=1),
    ]

    weekly = score_weeks(weeks=WEEKS, seconds={}, finished=finished, planned=[], today=FRIDAY)

    assert weekly.change is not None
    assert weekly.change.mostly is PartName.ON_TIME
    assert weekly.change.tenths == round(1000 * 25 / 40 * 0.75)
