"""
Days of the calendar: what comes so long after one, and how far apart two are.

Months and years are the calendar's here, and clamp to the end of a month that is too short. Workdays are Monday to
Friday; nothing is known of holidays.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.numerics import floor, negate
from webapp.calculations.engine.units import DAY, WEEK, WORKDAY, convert, describe, dimension_of, find_unit, write_units
from webapp.calculations.engine.values import Quantity, Unit

_DAYS = ((DAY, 1),)
_TIME = DAY.dimension
_WORKDAYS = WORKDAY.dimension
# More than the calendar's days, from the year 1 to 9999.
_MOST_DAYS = 3_652_060

_MONTHS = (
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
)


def _unit(name: str) -> Unit:
    unit = find_unit(name)
    if unit is None:
        raise LookupError(name)
    return unit


# How many of the calendar's months a unit is.
_CALENDAR_MONTHS: dict[Unit, int] = {
    _unit("month"): 1,
    _unit("quarter"): 3,
    _unit("year"): 12,
    _unit("decade"): 120,
    _unit("century"): 1_200,
}
_WEEKS = ((WEEK, 1),)


def add_to_day(day: date, quantity: Quantity) -> tuple[date, tuple[str, ...]]:
    """
    Return the day that comes so long after this one, and what there is to say about it.

    :raises CalculationError: when the time is none, is not a number of whole days, or leads out of the calendar
    """
    dimension = dimension_of(quantity.units)
    if dimension == _WORKDAYS:
        return _add_workdays(day, _whole(quantity, "workdays")), ()
    if dimension != _TIME:
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"{day} is a day, and this is {describe(dimension)}: only a time can be added to it or taken from it.",
            hint=f"Say how long: “{day} + {_count(quantity)} d”.",
        )
    months = _CALENDAR_MONTHS.get(quantity.units[0][0]) if len(quantity.units) == 1 else None
    if months is not None:
        return _add_months(day, _whole(quantity, "months or years") * months)
    return _shift(day, _whole(convert(quantity, _DAYS), "days")), ()


def _count(quantity: Quantity) -> int:
    """Return how many days may have been meant."""
    number = quantity.number
    return int(number) if not quantity.units and 1 <= number < 1_000 and number == int(number) else 5


def subtract_from_day(day: date, quantity: Quantity) -> tuple[date, tuple[str, ...]]:
    """
    Return the day that was so long before this one, and what there is to say about it.

    :raises CalculationError: as `add_to_day`
    """
    return add_to_day(day, Quantity(negate(quantity.number), quantity.units))


def days_between(first: date, last: date) -> Quantity:
    """Return how many days after the first the last is; less than 0 when it is before."""
    return Quantity(Fraction(last.toordinal() - first.toordinal()), _DAYS)


def weeks_between(first: date, last: date) -> Quantity:
    """Return how many weeks after the first the last is, with parts of a week as a fraction."""
    return Quantity(Fraction(last.toordinal() - first.toordinal(), 7), _WEEKS)


def workdays_between(first: date, last: date) -> Quantity:
    """
    Count Monday to Friday after the first day, up to and including the last; less than 0 when it is before.

    So Monday to Friday of a week are 4, and `first + workdays(first; last)` is the last, if that is a workday.
    """
    return Quantity(Fraction(_workdays_until(last) - _workdays_until(first)), ((WORKDAY, 1),))


def weekday(day: date) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return day.isoweekday()


def _whole(quantity: Quantity, what: str) -> int:
    number = quantity.number
    if isinstance(number, Fraction) and number.denominator == 1:
        if abs(number.numerator) > _MOST_DAYS:
            raise _out_of_calendar()
        return number.numerator
    raise CalculationError(
        Code.NOT_WHOLE,
        f"This is not a whole number of {what}, so that it leads to no day.",
        hint=_whole_beside(quantity),
    )


def _whole_beside(quantity: Quantity) -> str:
    units = write_units(quantity.units)
    if isinstance(quantity.number, Fraction) and abs(quantity.number) < 1_000:
        below = floor(abs(quantity.number))
        return f"Write “{below} {units}” or “{below + 1} {units}”."
    return f"Round it first: “round(x; {units})”."


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        raise _out_of_calendar() from None


def _add_months(day: date, months: int) -> tuple[date, tuple[str, ...]]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9_999:
        raise _out_of_calendar()
    name, last = _MONTHS[month]
    if month == 1 and _is_leap(year):
        last = 29
    if day.day <= last:
        return date(year, month + 1, day.day), ()
    note = f"There is no {day.day} {name} {year}: the last day of that month is taken."
    return date(year, month + 1, last), (note,)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _workdays_until(day: date) -> int:
    """Count the workdays from the beginning of the calendar, a Monday, to this day, included."""
    weeks, weekday_index = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(weekday_index + 1, 5)


def _add_workdays(day: date, workdays: int) -> date:
    if not workdays:
        return day
    if workdays > 0:
        count = _workdays_until(day) + workdays - 1
    else:
        # The workdays before this one.
        weeks, weekday_index = divmod(day.toordinal() - 1, 7)
        count = weeks * 5 + min(weekday_index, 5) + workdays
    weeks, weekday_index = divmod(count, 5)
    try:
        return date.fromordinal(weeks * 7 + weekday_index + 1)
    except (ValueError, OverflowError):
        raise _out_of_calendar() from None


def _out_of_calendar() -> CalculationError:
    return CalculationError(
        Code.OUT_OF_DOMAIN,
        "This leads out of the calendar, which goes from 0001-01-01 to 9999-12-31.",
        hint="Use a shorter time.",
    )
