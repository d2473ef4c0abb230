"""What the operations mean for values of each kind: plain numbers, amounts in units, percentages and days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from webapp.calculations.engine import days, numerics, units
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import INEXACT_DIGITS
from webapp.calculations.engine.unit_products import has_offset, offset_error
from webapp.calculations.engine.values import Quantity, Value

_ONE = Fraction(1)
_HUNDRED = Fraction(100)
# So much of a number its last digits are, after some steps of inexact arithmetic.
_NEAR = Fraction(1, 10 ** (INEXACT_DIGITS - 6))
_MOST_DEGREE = 1_000


def add(left: Value, right: Value) -> Value:
    """Return the sum; a percentage is added of what stands before it, a time moves a day."""
    if type(left) is Quantity and type(right) is Quantity:
        if not left.units and not right.units:
            return Quantity(numerics.add(left.number, right.number))
        return units.add(left, right)
    if type(left) is date and type(right) is Quantity:
        return days.add_to_day(left, right)[0]
    if type(left) is Quantity and type(right) is date:
        return days.add_to_day(right, left)[0]
    if type(left) is date and type(right) is date:
        raise CalculationError(
            Code.WRONG_KIND,
            "Two days cannot be added.",
            hint="Subtract them to see how far apart they are, or add a time: “2026-01-31 + 2 weeks”.",
        )
    raise wrong_kind(left, right, "added")


def subtract(left: Value, right: Value) -> Value:
    """Return the difference; that of two days is a number of days."""
    if type(left) is Quantity and type(right) is Quantity:
        if not left.units and not right.units:
            return Quantity(numerics.subtract(left.number, right.number))
        return units.subtract(left, right)
    if type(left) is date and type(right) is date:
        return days.days_between(right, left)
    if type(left) is date and type(right) is Quantity:
        return days.subtract_from_day(left, right)[0]
    raise wrong_kind(left, right, "subtracted")


def multiply(left: Value, right: Value) -> Value:
    """Return the product."""
    if type(left) is Quantity and type(right) is Quantity:
        if not left.units and not right.units:
            return Quantity(numerics.multiply(left.number, right.number))
        return units.multiply(left, right)
    raise wrong_kind(left, right, "multiplied")


def divide(left: Value, right: Value) -> Value:
    """Return the quotient."""
    if type(left) is Quantity and type(right) is Quantity:
        if not left.units and not right.units:
            return Quantity(numerics.divide(left.number, right.number))
        return units.divide(left, right)
    raise wrong_kind(left, right, "divided")


def negate(value: Value) -> Value:
    """Return it with the other sign."""
    if type(value) is not Quantity:
        raise CalculationError(
            Code.WRONG_KIND, f"{capital(kind_of(value))} has no opposite.", hint="Use minus with a number."
        )
    return Quantity(numerics.negate(value.number), value.units)


def power(left: Value, right: Value) -> Value:
    """Return the power; of an amount in units whole ones, and those that are roots of its units."""
    base, exponent = _quantities(left, right, "raised to a power")
    number = units.plain_number(exponent)
    if number is None:
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"A power is a plain number, and this is {units.describe(units.dimension_of(exponent.units))}.",
            hint="Leave the unit of the power out.",
        )
    if not base.units:
        return Quantity(numerics.power(base.number, number))
    if not isinstance(number, Fraction):
        raise CalculationError(
            Code.UNIT_MISMATCH, "An amount in units has no such power.", hint="Use a whole power, or a plain number."
        )
    if number.denominator == 1:
        if abs(number.numerator) > units.MOST_EXPONENT:
            raise CalculationError(
                Code.TOO_LARGE,
                f"A unit has at most the power of {units.MOST_EXPONENT}.",
                hint=f"Use a whole power from -{units.MOST_EXPONENT} to {units.MOST_EXPONENT}.",
            )
        return units.power(base, number.numerator)
    root_of_it = _root(base, number.denominator)
    return power(root_of_it, Quantity(Fraction(number.numerator)))


def root(left: Value, right: Value) -> Value:
    """Return the root; the degree is a whole number from 1."""
    base, degree = _quantities(left, right, "drawn a root of")
    number = units.plain_number(degree)
    if not isinstance(number, Fraction) or number.denominator != 1 or not 1 <= number <= _MOST_DEGREE:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            f"The degree of a root is a whole number from 1 to {_MOST_DEGREE:,}.",
            hint="Use 2 for the square root: “root(9; 2)”.",
        )
    return _root(base, number.numerator)


def _root(base: Quantity, degree: int) -> Quantity:
    if not base.units:
        return Quantity(numerics.root(base.number, degree))
    factor, found = units.root_units(base.units, degree)
    return Quantity(numerics.root(numerics.multiply(base.number, factor), degree), found)


def modulus(left: Value, right: Value) -> Value:
    """Return what whole steps of the second leave of the first, in the units of the first."""
    dividend, divisor = _of_one_kind(left, right, "divided")
    return Quantity(numerics.modulus(dividend.number, divisor.number), dividend.units)


def floor_divide(left: Value, right: Value) -> Value:
    """Return how many whole steps of the second reach the first, rounded down."""
    dividend, divisor = _of_one_kind(left, right, "divided")
    return Quantity(numerics.floor_divide(dividend.number, divisor.number))


def percent_of(left: Value, right: Value) -> Value:
    """Return so many hundredths of the second."""
    percentage, whole = _percentage_and_whole(left, right, "of")
    if whole.units == units.PERCENT_UNITS:
        return units.multiply(percentage, whole)
    return Quantity(numerics.multiply(numerics.divide(percentage.number, _HUNDRED), whole.number), whole.units)


def percent_off(left: Value, right: Value) -> Value:
    """Return the second less so many hundredths of it."""
    percentage, whole = _percentage_and_whole(left, right, "off")
    left_over = numerics.subtract(_ONE, numerics.divide(percentage.number, _HUNDRED))
    return Quantity(numerics.multiply(whole.number, left_over), whole.units)


def percent_on(left: Value, right: Value) -> Value:
    """Return the second and so many hundredths of it."""
    percentage, whole = _percentage_and_whole(left, right, "on")
    grown = numerics.add(_ONE, numerics.divide(percentage.number, _HUNDRED))
    return Quantity(numerics.multiply(whole.number, grown), whole.units)


def share(left: Value, right: Value) -> Value:
    """Return how many percent of the second the first is."""
    part, whole = _of_one_kind(left, right, "part of a percentage")
    number = numerics.multiply(numerics.divide(part.number, whole.number), _HUNDRED)
    return Quantity(number, units.PERCENT_UNITS)


def percent_change(left: Value, right: Value) -> Value:
    """Return by how many percent of the first the second is more than it."""
    before, after = _of_one_kind(left, right, "part of a percentage")
    rise = numerics.subtract(numerics.divide(after.number, before.number), _ONE)
    return Quantity(numerics.multiply(rise, _HUNDRED), units.PERCENT_UNITS)


def difference(left: Value, right: Value) -> Value:
    """Return how far apart they are."""
    if type(left) is date and type(right) is date:
        return days.days_between(min(left, right), max(left, right))
    first, second = _quantities(left, right, "compared")
    if units.PERCENT_UNITS in (first.units, second.units) and first.units != second.units:
        first, second = _of_one_kind(left, right, "compared")
    rest = units.subtract(first, second)
    return Quantity(numerics.negate(rest.number), rest.units) if rest.number < 0 else rest


def compare(left: Value, right: Value, sign: str) -> bool:
    """Return whether a comparison holds: `==`, `!=`, `<`, `<=`, `>` or `>=`."""
    if isinstance(left, bool) and isinstance(right, bool) and sign in ("==", "!="):
        return (left == right) == (sign == "==")
    if type(left) is date and type(right) is date:
        order = (left > right) - (left < right)
    elif type(left) is Quantity and type(right) is Quantity:
        order = units.compare(left, right)
    else:
        raise wrong_kind(left, right, "compared")
    if sign == "==":
        return order == 0
    if sign == "!=":
        return order != 0
    if sign == "<":
        return order < 0
    if sign == "<=":
        return order <= 0
    return order > 0 if sign == ">" else order >= 0


def is_same(left: Value, right: Value) -> bool:
    """Return whether both are one value, or as near as inexact numbers come."""
    if type(left) is not Quantity or type(right) is not Quantity:
        return type(left) is type(right) and left == right
    if units.dimension_of(left.units) != units.dimension_of(right.units):
        return False
    return units.compare(left, right) == 0 or is_near(left, right)


def is_near(left: Value, right: Value) -> bool:
    """Return whether two amounts of one kind, of which one is not exact, differ in their last digits at most."""
    if type(left) is not Quantity or type(right) is not Quantity:
        return False
    one, other = left.number, units.convert(right, left.units).number
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return False
    size = max(abs(Fraction(one)), abs(Fraction(other)))
    return abs(Fraction(numerics.subtract(one, other))) <= size * _NEAR


def kind_of(value: Value) -> str:
    """Say what kind of thing it is: “a day”, “a truth value”, “a mass”."""
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, date):
        return "a day"
    if value.units == units.PERCENT_UNITS:
        return "a percentage"
    return units.describe(units.dimension_of(value.units))


def wrong_kind(left: Value, right: Value, done: str) -> CalculationError:
    """Return the error of two values that cannot be taken together, without its place."""
    hint = "Use numbers, with or without units."
    if isinstance(left, bool) or isinstance(right, bool):
        hint = "Choose between two values by a comparison: “if(2 > 1; 10; 20)”."
    elif type(left) is date or type(right) is date:
        hint = "Add a time to a day: “2026-01-31 + 2 weeks”."
    return CalculationError(
        Code.WRONG_KIND, f"{capital(kind_of(left))} and {kind_of(right)} cannot be {done}.", hint=hint
    )


def _quantities(left: Value, right: Value, done: str) -> tuple[Quantity, Quantity]:
    if type(left) is Quantity and type(right) is Quantity:
        return left, right
    raise wrong_kind(left, right, done)


def _of_one_kind(left: Value, right: Value, done: str) -> tuple[Quantity, Quantity]:
    """Return both in the units of the first."""
    first, second = _quantities(left, right, done)
    _refuse_offset(first, done)
    if first.units == second.units:
        return first, second
    # Comparing refuses what is not of one kind, in words that name both.
    units.compare(first, second)
    return first, units.convert(second, first.units)


def _percentage_and_whole(left: Value, right: Value, word: str) -> tuple[Quantity, Quantity]:
    first, second = _quantities(left, right, "taken together")
    if first.units != units.PERCENT_UNITS:
        raise CalculationError(
            Code.WRONG_KIND,
            f"“{word}” takes a percentage before it, and this is {kind_of(first)}.",
            hint="To take a part, multiply: “1/3 * 90”; of a percentage write “10% of 200”."
            if word == "of"
            else f"Write it as “10% {word} 200”.",
        )
    _refuse_offset(second, "part of a percentage")
    return first, second


def _refuse_offset(quantity: Quantity, done: str) -> None:
    """Refuse to take a part of 20 °C: what it is of has no beginning at 0."""
    if has_offset(quantity.units):
        raise offset_error(quantity.units[0][0], done)


def capital(text: str) -> str:
    """Return it as a sentence begins."""
    return text[:1].upper() + text[1:]
