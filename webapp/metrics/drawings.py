"""Which chart shows which analysis: findings in, drawings with the reader's own way of writing days and numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from statistics import quantiles

from markupsafe import Markup

from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.metrics.charts import (
    MOST_POINTS,
    Band,
    Bar,
    Dot,
    Piece,
    Point,
    Square,
    Tone,
    count_ticks,
    draw_bars,
    draw_calendar,
    draw_length,
    draw_line,
    draw_scatter,
    draw_stack,
    duration_ticks,
)
from webapp.metrics.rules.calculations import Calculations, Step
from webapp.metrics.rules.categories import Categories, CategoryRow
from webapp.metrics.rules.efficiency import Efficiency
from webapp.metrics.rules.productivity import MEAN_DAYS, Productivity, WeekdayMean
from webapp.metrics.rules.summary import Totals
from webapp.metrics.rules.weekly import PartName, Weekly, WeekResult
from webapp.values.period import Period
from webapp.values.status import Status
from webapp.values.text import counted
from webapp.web.access import current_viewer
from webapp.web.filters import write_day, write_number
from webapp.web.formats import MONTHS, WEEKDAYS, write_duration
from webapp.web.formats import write_day as write_day_as

# More bars than these are too thin to be told apart.
MOST_BARS = 26
LEAST_CALENDAR_DAYS = 150
MOST_CALENDAR_DAYS = 400
_TONES = {PartName.PLANNED: 4, PartName.ON_TIME: 3, PartName.TRACKED: 2, PartName.WITHIN: 1}
_PART_WORDS = {
    PartName.PLANNED: "Planned work done",
    PartName.ON_TIME: "Finished on time",
    PartName.TRACKED: "Tracked as usual",
    PartName.WITHIN: "Estimates within 25 %",
}


def part_words(name: PartName) -> str:
    """Return what a part of the score is called."""
    return _PART_WORDS[name]


def hours(seconds: int) -> Markup:
    """Write a length of time as a figure: the numbers large, the units small."""
    whole, minutes = divmod(abs(seconds) // 60, 60)
    unit = Markup('<span class="figure__unit"> {} </span>')
    if not whole:
        return Markup("{}{}").format(write_number(minutes), unit.format("min"))
    if not minutes:
        return Markup("{}{}").format(write_number(whole), unit.format("h"))
    return Markup("{}{}{}{}").format(write_number(whole), unit.format("h"), f"{minutes:02}", unit.format("min"))


def span(period: Period) -> str:
    """Write the days of a period, the year only once where it is the same."""
    if period.length_days == 1:
        return write_day(period.start)
    # A year that comes first cannot be left to the end.
    is_once = period.start.year == period.last.year and not current_viewer().date_format.startswith("2026")
    return f"{_short(period.start) if is_once else write_day(period.start)} – {write_day(period.last)}"


def statuses(totals: Totals) -> Markup:
    """Draw the tasks created in the period by the status they have now."""
    order = ((Status.DONE, 4), (Status.DOING, 3), (Status.TODO, 1))
    pieces = [
        Piece(totals.created[status], tone, f"{status.label}: {totals.created[status]}") for status, tone in order
    ]
    said = ", ".join(f"{piece.words}" for piece in pieces)
    return draw_stack(
        "statuses",
        title=f"Tasks created in the period by the status they have now. {said}.",
        pieces=pieces,
        whole=totals.created_total,
    )


def category_length(row: CategoryRow, categories: Categories) -> Markup:
    """Draw the time of a category beside the category with the most."""
    return draw_length(row.tracked_seconds / categories.longest_seconds if categories.longest_seconds else 0)


def is_crowded(efficiency: Efficiency) -> bool:
    """Tell whether there are so many tasks that they are drawn as a grid."""
    return len(efficiency.pairs) > MOST_POINTS


def stands_out(efficiency: Efficiency) -> bool:
    """Tell whether the category that the heading speaks of is drawn apart from others."""
    return efficiency.finding is not None and len(efficiency.rows) > 1


def score_weeks(weekly: Weekly) -> Markup:
    """Draw the score of each week."""
    results = weekly.weeks[-MOST_BARS:]
    bars = [
        Bar(
            label=_short(result.week.start),
            value=result.score,
            words=_score_words(result),
            above="" if result.score is None else str(math.floor(result.score + 0.5)),
            tone=_tone(result, weekly),
        )
        for result in results
    ]
    said = ", ".join(f"{_short(result.week.start)} {_score(result)}" for result in results)
    return draw_bars(
        "score-weeks",
        title=f"Productivity score of the last {len(results)} weeks",
        description=f"Week from: {said}.",
        bars=bars,
        ticks=[(0, "0"), (25, "25"), (50, "50"), (75, "75"), (100, "100")],
    )


def score_parts(result: WeekResult) -> Markup:
    """Draw the parts of one week's score end to end on a line of a hundred."""
    pieces = [
        Piece(part.points, _TONES[part.name], f"{_PART_WORDS[part.name]}: {write_number(part.points, 1)} points")
        for part in result.parts
    ]
    said = ", ".join(piece.words for piece in pieces)
    return draw_stack(
        "score-parts",
        title=f"{said}, laid end to end: {write_number(result.score, 1)} of 100.",
        pieces=pieces,
        whole=100,
    )


def tracked_weeks(weekly: Weekly) -> Markup:
    """Draw the tracked time of each week, with the usual week as a level."""
    results = weekly.weeks
    values = [result.seconds for result in results]
    usual = weekly.usual_seconds
    ticks = duration_ticks(max([*values, usual or 0]))
    said = f"Between {write_duration(min(values))} and {write_duration(max(values))} a week."
    title = f"Tracked time of {len(results)} weeks"
    if len(results) > MOST_BARS:
        dots = [Dot(_month(result.week.start), result.seconds, _week_words(result)) for result in results]
        is_open = not results[-1].week.is_over
        return draw_line("tracked-weeks", title=title, description=said, dots=dots, ticks=ticks, is_last_open=is_open)
    bars = [
        Bar(
            _short(result.week.start),
            result.seconds,
            _week_words(result),
            tone="mine" if result.week.is_over else "open",
        )
        for result in results
    ]
    level = (float(usual), f"usual: {write_duration(usual)}") if usual else None
    return draw_bars("tracked-weeks", title=title, description=said, bars=bars, ticks=ticks, level=level)


def pairs(efficiency: Efficiency) -> Markup:
    """Draw estimate against actual; the category that the heading speaks of stands out."""
    finding = efficiency.finding
    marked = finding.category.id if finding and finding.category and stands_out(efficiency) else None
    points = [
        Point(
            60 * pair.estimated_minutes,
            pair.actual_seconds,
            f"{pair.title}: estimated {write_duration(60 * pair.estimated_minutes)}, "
            f"took {write_duration(pair.actual_seconds)}",
            is_other=marked is not None and pair.category_id == marked,
        )
        for pair in efficiency.pairs
    ]
    over = sum(1 for pair in efficiency.pairs if pair.ratio > 1)
    return draw_scatter(
        "pairs",
        title=f"Estimate against actual time of {len(points)} finished tasks",
        description=(
            f"{over} took longer than estimated, {efficiency.overall.within} lie within 25 % of their estimate."
        ),
        points=points,
    )


def has_mean(productivity: Productivity) -> bool:
    """Tell whether there are enough working days for a moving mean to mean anything."""
    return productivity.is_daily and productivity.working_days >= MEAN_DAYS


def tracked_course(productivity: Productivity) -> Markup:
    """Draw tracked time by day with its moving mean, or by week with the band that eight of ten weeks lie in."""
    steps = productivity.steps
    values = [step.seconds for step in steps]
    ticks = duration_ticks(max(values, default=0))
    said = f"Between {write_duration(min(values, default=0))} and {write_duration(max(values, default=0))}."
    if productivity.is_daily:
        return draw_bars(
            "tracked-course",
            title=f"Tracked time of {len(steps)} days",
            description=f"{said} The line is the mean of seven days.",
            bars=[
                Bar(
                    _label(step.start, productivity),
                    step.seconds,
                    f"{_weekday(step.start)}: {write_duration(step.seconds)}",
                    tone="open" if step.is_open else "soft",
                )
                for step in steps
            ],
            ticks=ticks,
            means=productivity.moving_means() if has_mean(productivity) else (),
        )
    return draw_line(
        "tracked-course",
        title=f"Tracked time of {len(steps)} weeks",
        description=said,
        dots=[
            Dot(
                _label(step.start, productivity),
                step.seconds,
                f"Week from {write_day(step.start)}: {write_duration(step.seconds)}",
            )
            for step in steps
        ],
        ticks=ticks,
        band=_band(productivity),
        is_last_open=bool(steps) and steps[-1].is_open,
    )


def finished_course(productivity: Productivity) -> Markup:
    """Draw how many tasks were finished each day or week."""
    steps = productivity.steps
    values = [step.finished for step in steps]
    ticks = count_ticks(max(values, default=0))
    title = f"Finished tasks of {len(steps)} {'days' if productivity.is_daily else 'weeks'}"
    said = f"{sum(values)} altogether, at most {max(values, default=0)}."
    names = [_weekday(step.start) if productivity.is_daily else f"Week from {write_day(step.start)}" for step in steps]
    words = [f"{name}: {step.finished} finished" for name, step in zip(names, steps, strict=True)]
    if productivity.is_daily:
        bars = [
            Bar(_label(step.start, productivity), step.finished, said_, tone="open" if step.is_open else "mine")
            for step, said_ in zip(steps, words, strict=True)
        ]
        return draw_bars("finished-course", title=title, description=said, bars=bars, ticks=ticks)
    dots = [
        Dot(_label(step.start, productivity), step.finished, said_) for step, said_ in zip(steps, words, strict=True)
    ]
    is_open = bool(steps) and steps[-1].is_open
    return draw_line("finished-course", title=title, description=said, dots=dots, ticks=ticks, is_last_open=is_open)


def calculation_course(calculations: Calculations) -> Markup:
    """Draw how many calculations were made each day, week or month."""
    steps = calculations.steps
    return draw_bars(
        "calculation-course",
        title=f"Calculations of {counted(len(steps), calculations.unit)}",
        description=f"{calculations.number} altogether, at most {max((step.number for step in steps), default=0)}.",
        bars=[
            Bar(
                _month(step.days.start) if calculations.unit == "month" else _short(step.days.start),
                step.number,
                f"{step_words(step, calculations)}: {step.number}",
                tone="open" if step.is_open else "mine",
            )
            for step in steps
        ],
        ticks=count_ticks(max((step.number for step in steps), default=0)),
    )


def step_words(step: Step, calculations: Calculations) -> str:
    """Return which days a bar of the calculations stands for."""
    if calculations.unit == "day":
        return _weekday(step.days.start)
    return _month(step.days.start) if calculations.unit == "month" else f"Week from {write_day(step.days.start)}"


def use_length(number: int, rows: Sequence[tuple[str, int]]) -> Markup:
    """Draw how often a thing was used beside the one that was used most, the first of `rows`."""
    return draw_length(number / rows[0][1])


def operation_label(name: str) -> str:
    """Return what an operation is called; one that there is no more, by its stored name."""
    try:
        return OPERATORS[Operation(name)].label
    except ValueError:
        return name


def error_label(code: str) -> str:
    """Return the code of a refusal in words: “Division by zero”."""
    return code.replace("_", " ").capitalize()


def has_calendar(productivity: Productivity) -> bool:
    """Tell whether the period is long enough for a calendar, and short enough."""
    return LEAST_CALENDAR_DAYS <= len(productivity.days) <= MOST_CALENDAR_DAYS


def calendar(productivity: Productivity) -> Markup:
    """Draw the tracked time of every day."""
    full = productivity.full_day_seconds
    squares = [
        # Any work at all is told from none; a full day and more has the deepest colour.
        Square(day, min(4, math.ceil(4 * seconds / full)), f"{_weekday(day)}: {write_duration(seconds)}")
        for day, seconds in productivity.days.items()
    ]
    return draw_calendar(
        "calendar",
        title=f"Tracked time of {len(squares)} days",
        description=f"{productivity.working_days} of them have any.",
        squares=squares,
        week_start=productivity.week_start,
        weekdays=[name[:3] for name in WEEKDAYS],
        months=MONTHS,
    )


def weekdays(productivity: Productivity) -> Markup:
    """Draw the mean of each weekday."""
    means = productivity.weekdays()
    bars = [
        Bar(
            WEEKDAYS[mean.weekday][:3],
            mean.seconds,
            f"{WEEKDAYS[mean.weekday]}: {write_duration(mean.seconds or 0)} on average",
            above=write_duration(mean.seconds) if mean.seconds else "",
        )
        for mean in means
    ]
    return draw_bars(
        "weekdays",
        title="Mean tracked time of each weekday",
        description=", ".join(bar.words for bar in bars) + ".",
        bars=bars,
        ticks=duration_ticks(max((mean.seconds or 0 for mean in means), default=0)),
    )


def weekday_name(mean: WeekdayMean) -> str:
    """Return what a weekday is called."""
    return WEEKDAYS[mean.weekday]


def weekday_rows(productivity: Productivity) -> list[tuple[str, str | None]]:
    """Write the mean of each weekday as rows of a table."""
    return [
        (weekday_name(mean), None if mean.seconds is None else write_duration(mean.seconds))
        for mean in productivity.weekdays()
    ]


def month_rows(productivity: Productivity) -> list[tuple[str, str, str]]:
    """Write the sum of each month as rows of a table, the newest first."""
    return [
        (write_day(month.first), write_duration(month.seconds), write_number(month.working_days))
        for month in reversed(productivity.months())
    ]


def _band(productivity: Productivity) -> Band | None:
    settled = [step.seconds for step in productivity.steps if not step.is_open]
    slope = productivity.tracked.slope
    if slope is None or len(settled) < 2:
        return None
    middle = sorted(value - slope * index for index, value in enumerate(settled))[len(settled) // 2]
    rest = [value - slope * index - middle for index, value in enumerate(settled)]
    # Eight of ten weeks lie between the first of these and the last.
    tenths = quantiles(rest, n=10, method="inclusive")
    end = middle + slope * (len(productivity.steps) - 1)
    return Band(start=middle, end=end, below=max(0.0, -tenths[0]), above=max(0.0, tenths[-1]))


def _tone(result: WeekResult, weekly: Weekly) -> Tone:
    if not result.week.is_over:
        return "open"
    return "mine" if result is weekly.focus else "quiet"


def _score(result: WeekResult) -> str:
    return "no score" if result.score is None else write_number(result.score, 1)


def _score_words(result: WeekResult) -> str:
    so_far = "" if result.week.is_over else " so far"
    return f"Week from {write_day(result.week.start)}: {_score(result)}{so_far}"


def _week_words(result: WeekResult) -> str:
    so_far = "" if result.week.is_over else " so far"
    return f"Week from {write_day(result.week.start)}: {write_duration(result.seconds)}{so_far}"


def _label(day: date, productivity: Productivity) -> str:
    # Over several years the year matters more than the day.
    if (productivity.steps[-1].start - productivity.steps[0].start).days > MOST_CALENDAR_DAYS:
        return _month(day)
    return _short(day)


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _short(day: date) -> str:
    return write_day_as(day, current_viewer().date_format, this_year=day.year)


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {write_day(day)}"
