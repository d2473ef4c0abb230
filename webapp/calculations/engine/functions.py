"""
The functions and constants that everybody has: one literal table of what each is called, takes and makes.

The reference page shows their examples and the tests run them. A new function is one small function, one line in the
table and its tests. The functions of operations (`root`, `percent_change`, `difference`) stand in the operations'
table, and `if`, which works out one of its branches only, belongs to the evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from webapp.calculations.engine import (
    angles,
    arithmetic,
    counting,
    days,
    elementary,
    gathering,
    numerics,
    rounding,
    units,
)
from webapp.calculations.engine.arguments import count_of, day_at, exact_as, number_at, quantity_at, refuse
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import MOST_OPERANDS
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.engine.values import Number, Quantity, Units, Value

_TWO = Quantity(Fraction(2))
_THREE = Quantity(Fraction(3))
_DEGREES: Units = ((units.DEGREE, 1),)
_RADIANS: Units = ((units.RADIAN, 1),)


class BuiltIn(NamedTuple):
    """
    A function by name: what it is called, how it is read, how many arguments it takes, and what it makes of them.

    `examples` are pairs of what is typed and what is answered, in the number format `1234.5` and with angles in
    radians. `aliases` are other names for the same. `group` is where the reference lists it.
    """

    name: str
    group: str
    label: str
    reading: str
    fewest: int
    most: int
    work_out: Callable[[Sequence[Value], Settings], Value]
    examples: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...] = ()

    def apply(self, arguments: Sequence[Value], settings: Settings) -> Value:
        """
        Return what the function makes of its arguments.

        :raises CalculationError: without a place, when there is no answer or the arguments do not fit; its `argument`
            says which one is meant, counted from 0, where it is one
        """
        if not self.fewest <= len(arguments) <= self.most:
            raise CalculationError(
                Code.ARGUMENTS,
                f"{self.name} takes {count_of(self.fewest, self.most)}, not {len(arguments) or 'none'}.",
                hint=f"Write it as “{self.reading}”, for example “{self.examples[0][0]}”.",
            )
        return self.work_out(arguments, settings)


class Constant(NamedTuple):
    """A number by name."""

    name: str
    label: str
    value: Quantity


# --- Everyday ---


def _absolute(arguments: Sequence[Value], settings: Settings) -> Value:
    quantity = quantity_at(arguments, 0, "abs")
    return Quantity(_size(quantity.number), quantity.units)


def _sign(arguments: Sequence[Value], settings: Settings) -> Value:
    number = quantity_at(arguments, 0, "sign").number
    return exact_as((number > 0) - (number < 0), arguments)


def _size(number: Number) -> Number:
    return numerics.negate(number) if number < 0 else number


# --- Roots, powers and logarithms ---


def _square_root(arguments: Sequence[Value], settings: Settings) -> Value:
    return arithmetic.root(quantity_at(arguments, 0, "sqrt"), _TWO)


def _cube_root(arguments: Sequence[Value], settings: Settings) -> Value:
    return arithmetic.root(quantity_at(arguments, 0, "cbrt"), _THREE)


def _plain_function(name: str, work_out: Callable[[Number], Number]) -> Callable[[Sequence[Value], Settings], Value]:
    """Return what works out a function of one plain number."""

    def apply(arguments: Sequence[Value], settings: Settings) -> Value:
        return Quantity(work_out(number_at(arguments, 0, name)))

    return apply


def _log(arguments: Sequence[Value], settings: Settings) -> Value:
    number = number_at(arguments, 0, "log")
    if len(arguments) == 1:
        return Quantity(elementary.log(number))
    base = number_at(arguments, 1, "log")
    try:
        return Quantity(elementary.log(number, base))
    except CalculationError as error:
        error.argument = 0 if number <= 0 else 1
        raise


# --- Angles ---


def _of_angle(name: str, work_out: Callable[[Number, Angle], Number]) -> Callable[[Sequence[Value], Settings], Value]:
    """Return what works out a function of an angle; a plain number is one in the unit of the settings."""

    def apply(arguments: Sequence[Value], settings: Settings) -> Value:
        quantity = quantity_at(arguments, 0, name)
        if not quantity.units:
            return Quantity(work_out(quantity.number, settings.angle))
        dimension = units.dimension_of(quantity.units)
        if dimension != units.DEGREE.dimension:
            if not dimension:
                return Quantity(work_out(number_at(arguments, 0, name), settings.angle))
            raise refuse(
                Code.WRONG_KIND,
                f"{name} takes an angle, and this is {units.describe(dimension)}.",
                0,
                f"Use degrees or radians: “{name}(30 deg)”, “{name}(0.5 rad)”.",
            )
        # Radians are no exact degrees, but they are exact radians.
        if isinstance(units.scale_of(quantity.units), Decimal):
            return Quantity(work_out(units.convert(quantity, _RADIANS).number, Angle.RADIANS))
        return Quantity(work_out(units.convert(quantity, _DEGREES).number, Angle.DEGREES))

    return apply


def _to_angle(name: str, work_out: Callable[[Number, Angle], Number]) -> Callable[[Sequence[Value], Settings], Value]:
    """Return what works out an angle, in the unit of the settings."""

    def apply(arguments: Sequence[Value], settings: Settings) -> Value:
        number = work_out(number_at(arguments, 0, name), settings.angle)
        return Quantity(number, _DEGREES if settings.angle is Angle.DEGREES else _RADIANS)

    return apply


# --- Days ---


def _days(arguments: Sequence[Value], settings: Settings) -> Value:
    return days.days_between(day_at(arguments, 0, "days"), day_at(arguments, 1, "days"))


def _weeks(arguments: Sequence[Value], settings: Settings) -> Value:
    return days.weeks_between(day_at(arguments, 0, "weeks"), day_at(arguments, 1, "weeks"))


def _workdays(arguments: Sequence[Value], settings: Settings) -> Value:
    return days.workdays_between(day_at(arguments, 0, "workdays"), day_at(arguments, 1, "workdays"))


def _weekday(arguments: Sequence[Value], settings: Settings) -> Value:
    return Quantity(Fraction(days.weekday(day_at(arguments, 0, "weekday"))))


# --- The table ---


_EVERYDAY = "Everyday"
_ROUNDING = "Rounding"
_POWERS = "Roots, powers and logarithms"
_ANGLES = "Angles"
_HYPERBOLIC = "Hyperbolic functions"
_COUNTING = "Counting"
_DAY_COUNTS = "Days"

BUILT_INS: tuple[BuiltIn, ...] = (
    BuiltIn(
        "abs",
        _EVERYDAY,
        "Size without sign",
        "abs(a)",
        1,
        1,
        _absolute,
        (("abs(-5)", "5"), ("abs(-3 EUR)", "3.00 EUR")),
    ),
    BuiltIn("sign", _EVERYDAY, "-1, 0 or 1", "sign(a)", 1, 1, _sign, (("sign(-5)", "-1"), ("sign(3 km)", "1"))),
    BuiltIn(
        "min",
        _EVERYDAY,
        "The least of all",
        "min(a; b; …)",
        1,
        MOST_OPERANDS,
        gathering.least,
        (("min(3; 1; 2)", "1"), ("min(90 min; 1 h)", "1 h")),
    ),
    BuiltIn(
        "max",
        _EVERYDAY,
        "The greatest of all",
        "max(a; b; …)",
        1,
        MOST_OPERANDS,
        gathering.greatest,
        (("max(3; 1; 2)", "3"), ("max(2026-01-31; 2026-02-01)", "2026-02-01")),
    ),
    BuiltIn(
        "sum",
        _EVERYDAY,
        "The sum of all",
        "sum(a; b; …)",
        1,
        MOST_OPERANDS,
        gathering.total,
        (("sum(1; 2; 3.5)", "6.5"), ("sum(1h 30m; 45 min)", "2 h 15 min")),
    ),
    BuiltIn(
        "avg",
        _EVERYDAY,
        "The average: the sum of all divided by how many they are",
        "avg(a; b; …)",
        1,
        MOST_OPERANDS,
        gathering.average,
        (("avg(1; 2; 6)", "3"), ("mean(80 EUR; 85 EUR)", "82.50 EUR")),
        ("average", "mean"),
    ),
    BuiltIn(
        "median",
        _EVERYDAY,
        "The middle one by size; of an even number, half-way between the middle two",
        "median(a; b; …)",
        1,
        MOST_OPERANDS,
        gathering.median,
        (("median(1; 2; 10)", "2"), ("median(1; 2; 4; 10)", "3")),
    ),
    BuiltIn(
        "round",
        _ROUNDING,
        "To the nearest whole number, digit or step; halves away from zero",
        "round(a; digits or step)",
        1,
        2,
        rounding.to_nearest,
        (
            ("round(2.5)", "3"),
            ("round(2.345; 2)", "2.35"),
            ("round(1234; -2)", "1200"),
            ("round(3h 47m; 15 min)", "3 h 45 min"),
        ),
    ),
    BuiltIn(
        "floor",
        _ROUNDING,
        "Down to a whole number, digit or step",
        "floor(a; digits or step)",
        1,
        2,
        rounding.down,
        (("floor(2.7)", "2"), ("floor(-2.1)", "-3"), ("floor(3h 47m; 15 min)", "3 h 45 min")),
    ),
    BuiltIn(
        "ceil",
        _ROUNDING,
        "Up to a whole number, digit or step",
        "ceil(a; digits or step)",
        1,
        2,
        rounding.up,
        (("ceil(2.1)", "3"), ("ceil(2.341; 2)", "2.35"), ("ceil(3h 47m; 15 min)", "4 h")),
    ),
    BuiltIn(
        "sqrt",
        _POWERS,
        "Square root",
        "sqrt(a)",
        1,
        1,
        _square_root,
        (("sqrt(4/9)", "0.666666666666666…"), ("sqrt(2)", "≈ 1.4142135623731"), ("sqrt(9 m^2)", "3 m")),
    ),
    BuiltIn("cbrt", _POWERS, "Cube root", "cbrt(a)", 1, 1, _cube_root, (("cbrt(27)", "3"), ("cbrt(-8)", "-2"))),
    BuiltIn(
        "exp",
        _POWERS,
        "e to the power of a",
        "exp(a)",
        1,
        1,
        _plain_function("exp", elementary.exp),
        (("exp(0)", "1"), ("exp(1)", "≈ 2.71828182845905")),
    ),
    BuiltIn(
        "ln",
        _POWERS,
        "Natural logarithm",
        "ln(a)",
        1,
        1,
        _plain_function("ln", elementary.ln),
        (("ln(1)", "0"), ("ln(2)", "≈ 0.693147180559945")),
    ),
    BuiltIn(
        "log",
        _POWERS,
        "Logarithm to the base 10, or to another",
        "log(a; base)",
        1,
        2,
        _log,
        (("log(1000)", "3"), ("log(8; 2)", "3"), ("log(8; 4)", "1.5"), ("log(2)", "≈ 0.301029995663981")),
    ),
    BuiltIn(
        "log2",
        _POWERS,
        "Logarithm to the base 2",
        "log2(a)",
        1,
        1,
        _plain_function("log2", lambda number: elementary.log(number, Fraction(2))),
        (("log2(1024)", "10"),),
    ),
    BuiltIn(
        "log10",
        _POWERS,
        "Logarithm to the base 10",
        "log10(a)",
        1,
        1,
        _plain_function("log10", elementary.log),
        (("log10(0.001)", "-3"),),
    ),
    BuiltIn(
        "sin",
        _ANGLES,
        "Sine of an angle",
        "sin(a)",
        1,
        1,
        _of_angle("sin", angles.sin),
        (("sin(30 deg)", "0.5"), ("sin(1)", "≈ 0.841470984807897")),
    ),
    BuiltIn(
        "cos",
        _ANGLES,
        "Cosine of an angle",
        "cos(a)",
        1,
        1,
        _of_angle("cos", angles.cos),
        (("cos(60 deg)", "0.5"), ("cos(pi)", "≈ -1")),
    ),
    BuiltIn(
        "tan", _ANGLES, "Tangent of an angle", "tan(a)", 1, 1, _of_angle("tan", angles.tan), (("tan(45 deg)", "1"),)
    ),
    BuiltIn(
        "asin",
        _ANGLES,
        "The angle that has this sine",
        "asin(a)",
        1,
        1,
        _to_angle("asin", angles.asin),
        (("asin(1)", "≈ 1.5707963267949 rad"), ("asin(0.5) to deg", "≈ 30 deg")),
    ),
    BuiltIn(
        "acos",
        _ANGLES,
        "The angle that has this cosine",
        "acos(a)",
        1,
        1,
        _to_angle("acos", angles.acos),
        (("acos(0)", "≈ 1.5707963267949 rad"),),
    ),
    BuiltIn(
        "atan",
        _ANGLES,
        "The angle that has this tangent",
        "atan(a)",
        1,
        1,
        _to_angle("atan", angles.atan),
        (("atan(1) to deg", "≈ 45 deg"),),
    ),
    BuiltIn(
        "sinh",
        _HYPERBOLIC,
        "Hyperbolic sine",
        "sinh(a)",
        1,
        1,
        _plain_function("sinh", elementary.sinh),
        (("sinh(1)", "≈ 1.1752011936438"),),
    ),
    BuiltIn(
        "cosh",
        _HYPERBOLIC,
        "Hyperbolic cosine",
        "cosh(a)",
        1,
        1,
        _plain_function("cosh", elementary.cosh),
        (("cosh(0)", "1"),),
    ),
    BuiltIn(
        "tanh",
        _HYPERBOLIC,
        "Hyperbolic tangent",
        "tanh(a)",
        1,
        1,
        _plain_function("tanh", elementary.tanh),
        (("tanh(0)", "0"),),
    ),
    BuiltIn(
        "asinh",
        _HYPERBOLIC,
        "The number that has this hyperbolic sine",
        "asinh(a)",
        1,
        1,
        _plain_function("asinh", elementary.asinh),
        (("asinh(1)", "≈ 0.881373587019543"),),
    ),
    BuiltIn(
        "acosh",
        _HYPERBOLIC,
        "The number of 0 or more that has this hyperbolic cosine",
        "acosh(a)",
        1,
        1,
        _plain_function("acosh", elementary.acosh),
        (("acosh(1)", "0"),),
    ),
    BuiltIn(
        "atanh",
        _HYPERBOLIC,
        "The number that has this hyperbolic tangent",
        "atanh(a)",
        1,
        1,
        _plain_function("atanh", elementary.atanh),
        (("atanh(0.5)", "≈ 0.549306144334055"),),
    ),
    BuiltIn(
        "fact",
        _COUNTING,
        "Factorial: in how many orders so many things can stand",
        "fact(n)",
        1,
        1,
        counting.factorial,
        (("fact(5)", "120"), ("5!", "120")),
    ),
    BuiltIn(
        "ncr",
        _COUNTING,
        "In how many ways k of n things can be chosen, in no order",
        "ncr(n; k)",
        2,
        2,
        counting.combinations,
        (("ncr(49; 6)", "13983816"),),
    ),
    BuiltIn(
        "npr",
        _COUNTING,
        "In how many ways k of n things can be chosen one after the other",
        "npr(n; k)",
        2,
        2,
        counting.permutations,
        (("npr(10; 3)", "720"),),
    ),
    BuiltIn(
        "gcd",
        _COUNTING,
        "Greatest common divisor",
        "gcd(a; b; …)",
        1,
        MOST_OPERANDS,
        counting.greatest_divisor,
        (("gcd(12; 18)", "6"),),
    ),
    BuiltIn(
        "lcm",
        _COUNTING,
        "Least common multiple",
        "lcm(a; b; …)",
        1,
        MOST_OPERANDS,
        counting.least_multiple,
        (("lcm(4; 6)", "12"),),
    ),
    BuiltIn(
        "days",
        _DAY_COUNTS,
        "From one day to another",
        "days(first; last)",
        2,
        2,
        _days,
        (("days(2026-01-01; 2026-03-01)", "59 d"),),
    ),
    BuiltIn(
        "weeks",
        _DAY_COUNTS,
        "From one day to another, in weeks",
        "weeks(first; last)",
        2,
        2,
        _weeks,
        (("weeks(2026-01-01; 2026-02-05)", "5 w"),),
    ),
    BuiltIn(
        "workdays",
        _DAY_COUNTS,
        "Monday to Friday after the first day, up to and including the last",
        "workdays(first; last)",
        2,
        2,
        _workdays,
        (("workdays(2026-11-20; 2026-11-30)", "6 workdays"),),
    ),
    BuiltIn(
        "weekday",
        _DAY_COUNTS,
        "1 for Monday to 7 for Sunday",
        "weekday(day)",
        1,
        1,
        _weekday,
        (("weekday(2026-11-20)", "5"),),
    ),
)

FUNCTIONS: dict[str, BuiltIn] = {name: each for each in BUILT_INS for name in (each.name, *each.aliases)}

CONSTANTS: dict[str, Constant] = {
    "pi": Constant("pi", "Half a turn in radians", Quantity(Decimal("3.141592653589793238462643383279503"))),
    "e": Constant("e", "The base of natural logarithms", Quantity(Decimal("2.718281828459045235360287471352662"))),
    "tau": Constant("tau", "A full turn in radians", Quantity(Decimal("6.283185307179586476925286766559006"))),
}
