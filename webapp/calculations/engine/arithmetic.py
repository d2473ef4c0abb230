"""What the operations mean for values of each kind: numbers, units, percentages, money and days."""

from __future__ import annotations

from fractions import Fraction

from webapp.calculations.engine import numerics
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.values import Number, Quantity, Value


def add(left: Value, right: Value) -> Value:
    """Return the sum."""
    return Quantity(numerics.add(_number(left), _number(right)))


def subtract(left: Value, right: Value) -> Value:
    """Return the difference."""
    return Quantity(numerics.subtract(_number(left), _number(right)))


def multiply(left: Value, right: Value) -> Value:
    """Return the product."""
    return Quantity(numerics.multiply(_number(left), _number(right)))


def divide(left: Value, right: Value) -> Value:
    """Return the quotient."""
    return Quantity(numerics.divide(_number(left), _number(right)))


def power(left: Value, right: Value) -> Value:
    """Return the power."""
    return Quantity(numerics.power(_number(left), _number(right)))


def root(left: Value, right: Value) -> Value:
    """Return the root."""
    return Quantity(numerics.power(_number(left), numerics.divide(Fraction(1), _number(right))))


def modulus(left: Value, right: Value) -> Value:
    """Return the remainder, which has the divisor's sign."""
    return Quantity(numerics.modulus(_number(left), _number(right)))


def floor_divide(left: Value, right: Value) -> Value:
    """Return the quotient, rounded down."""
    return Quantity(numerics.floor_divide(_number(left), _number(right)))


def percent_of(left: Value, right: Value) -> Value:
    """Return so many hundredths of the second."""
    return Quantity(numerics.multiply(_number(left), _number(right)))


def percent_off(left: Value, right: Value) -> Value:
    """Return the second less so many hundredths of it."""
    return subtract(right, percent_of(left, right))


def percent_on(left: Value, right: Value) -> Value:
    """Return the second and so many hundredths of it."""
    return add(right, percent_of(left, right))


def share(left: Value, right: Value) -> Value:
    """Return how many percent of the second the first is."""
    return Quantity(numerics.divide(_number(left), _number(right)))


def percent_change(left: Value, right: Value) -> Value:
    """Return by how many percent of the first the second is more than it."""
    return share(subtract(right, left), left)


def difference(left: Value, right: Value) -> Value:
    """Return how far apart they are."""
    rest = numerics.subtract(_number(left), _number(right))
    return Quantity(numerics.negate(rest) if rest < 0 else rest)


def _number(value: Value) -> Number:
    if not isinstance(value, Quantity):
        raise CalculationError(Code.WRONG_KIND, "This is not a number.", hint="Use a number.")
    return value.number
