"""What becomes of units in products, quotients, powers and roots, and the factor that bringing them together makes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from webapp.calculations.engine import numerics
from webapp.calculations.engine.dimensions import describe, dimension_of, scale_of, write_units
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.unit_names import (
    ALIAS_PARTS,
    DIFFERENCES,
    PERCENT,
    PERCENT_UNITS,
    coherent_units,
    find_unit,
)
from webapp.calculations.engine.unit_table import PARTS
from webapp.calculations.engine.values import Dimension, Number, Unit, Units

# So many units, and so high an exponent, say nothing to anybody.
MOST_UNITS = 12
MOST_EXPONENT = 99

_ONE = Fraction(1)


@lru_cache(maxsize=2048)
def join_units(parts: Units) -> tuple[Number, Units]:
    """
    Return units that are typed one after the other as one, and the factor that this makes: 1 but for percent.

    They stay as they are typed: 40 h/week is not 5/21, as hours are what it is meant to become. A degree Celsius among
    others is a difference: `W/(m °C)`.
    """
    if len(parts) == 1 and parts[0][1] == 1:
        return _ONE, ALIAS_PARTS.get(parts[0][0], parts)
    factor, found = _open(parts, 1)
    return factor, _without_zeros(found)


@lru_cache(maxsize=4096)
def multiply_units(left: Units, right: Units, sign: int) -> tuple[Number, Units]:
    """Return the units of a product (sign 1) or quotient (-1), and the factor that bringing them together makes."""
    if left == PERCENT_UNITS and right == PERCENT_UNITS:
        return (PERCENT.factor, PERCENT_UNITS) if sign == 1 else (_ONE, ())
    for unit, _ in (*left, *right):
        if unit.offset:
            raise offset_error(unit, "multiplied" if sign == 1 else "divided")
    ours, found = _open(left, 1)
    theirs, more = _open(right, sign)
    factor = numerics.multiply(numerics.multiply(ours, theirs), _merge(found, more))
    brought, units = _settle(found)
    return numerics.multiply(factor, brought), units


@lru_cache(maxsize=512)
def raise_units(units: Units, exponent: int) -> tuple[Number, Units]:
    """Return the units of a whole power, and the factor that this makes."""
    if units == PERCENT_UNITS:
        if exponent > 0:
            return numerics.power(PERCENT.factor, Fraction(exponent - 1)), units
        return numerics.power(PERCENT.factor, Fraction(exponent)), ()
    for unit, _ in units:
        if unit.offset and exponent != 1:
            raise offset_error(unit, "raised to a power")
    factor, found = _open(units, 1)
    return numerics.power(factor, Fraction(exponent)), _without_zeros(
        {unit: own * exponent for unit, own in found.items()}
    )


def root_units(units: Units, degree: int) -> tuple[Number, Units]:
    """
    Return the units of a root, and the factor that the number takes before it is drawn.

    :raises CalculationError: if the exponents cannot be divided, as in the square root of a length
    """
    if not units or units == PERCENT_UNITS:
        return scale_of(units), ()
    if all(exponent % degree == 0 for _, exponent in units):
        return _ONE, tuple((unit, exponent // degree) for unit, exponent in units)
    dimension = dimension_of(units)
    if any(exponent % degree for _, exponent in dimension):
        kind = describe(dimension)
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"{kind[:1].upper()}{kind[1:]} has no such root: “{write_units(units)}” has none.",
            hint=f"Divide by the unit first: “x / (1 {write_units(units)})”.",
        )
    return scale_of(units), coherent_units(tuple((base, exponent // degree) for base, exponent in dimension))


def _merge(found: dict[Unit, int], more: dict[Unit, int]) -> Number:
    """
    Multiply the units found by more of them, each as one of its dimension; return the factor that this makes.

    What cancels comes first. Of a ratio within one dimension, like 8 h/d, one side alone meets its like and the other
    takes its place: 5 d * 8 h/d is 40 h, 5 d/w * 8 h/d is 40 h/w, and 85 EUR/h * 8 h/d is 680 EUR/d.
    """
    factor: Number = _ONE
    ratios = _ratios(more)
    met: set[Dimension] = set()
    for is_cancelling, is_same in ((True, True), (True, False), (False, True), (False, False)):
        for unit, exponent in tuple(more.items()):
            if unit.dimension in ratios and (unit.dimension in met or not is_cancelling):
                continue
            like = _like(found, unit, exponent if is_cancelling else -exponent, is_same=is_same)
            if like is None:
                continue
            found[like] += more.pop(unit)
            met.add(unit.dimension)
            if like is not unit:
                ratio = numerics.divide(unit.factor, like.factor)
                factor = numerics.multiply(factor, numerics.power(ratio, Fraction(exponent)))
    for unit, exponent in more.items():
        found[unit] = found.get(unit, 0) + exponent
    return factor


def _like(found: dict[Unit, int], unit: Unit, exponent: int, *, is_same: bool) -> Unit | None:
    """Return a unit found that has the same dimension, or is the same, and an exponent of the other sign."""
    for other, power in found.items():
        if power * exponent < 0 and (other is unit if is_same else other.dimension == unit.dimension):
            return other
    return None


def _ratios(units: Mapping[Unit, int]) -> set[Dimension]:
    """Return the dimensions in which several units make up nothing, as hours and weeks in h/week."""
    sums: dict[Dimension, int] = {}
    for unit, exponent in units.items():
        sums[unit.dimension] = sums.get(unit.dimension, 0) + exponent
    return {dimension for dimension, total in sums.items() if not total}


def _open(units: Units, sign: int) -> tuple[Number, dict[Unit, int]]:
    """Return what these units are made of, and the factor that percentages among them make."""
    factor: Number = _ONE
    found: dict[Unit, int] = {}
    for typed, exponent in units:
        if typed is PERCENT:
            factor = numerics.multiply(factor, numerics.power(typed.factor, Fraction(exponent * sign)))
            continue
        unit = DIFFERENCES.get(typed, typed)
        for part, power in ALIAS_PARTS.get(unit, ((unit, 1),)):
            found[part] = found.get(part, 0) + power * exponent * sign
    return factor, found


def _settle(found: dict[Unit, int]) -> tuple[Number, Units]:
    """
    Return the units without those that cancel out, and the factor that this makes.

    Units that are named for several are opened where one of these would cancel (`mph h` is miles). What cancels in
    other ways, as in V A, is written in the unit of the whole.
    """
    factor: Number = _ONE
    for unit, exponent in tuple(found.items()):
        parts = PARTS.get(unit.name)
        if parts and any(_like(found, part, power * exponent, is_same=False) for part, power in _named(parts)):
            del found[unit]
            opened = {part: power * exponent for part, power in _named(parts)}
            factor = numerics.multiply(factor, _merge(found, opened))
    units = _without_zeros(found)
    if len(units) < 2 or not _has_hidden(units):
        return factor, units
    dimension = dimension_of(units)
    return numerics.multiply(factor, scale_of(units)), coherent_units(dimension) if dimension else ()


def _has_hidden(units: Units) -> bool:
    """Say whether a base of the dimensions is gone from the whole, other than in ratios."""
    ratios = _ratios(dict(units))
    rest = tuple((unit, exponent) for unit, exponent in units if unit.dimension not in ratios)
    whole = {base for base, _ in dimension_of(rest)}
    return any(base not in whole for unit, _ in rest for base, _ in unit.dimension)


@lru_cache(maxsize=64)
def _named(parts: tuple[tuple[str, int], ...]) -> Units:
    return tuple((unit, power) for name, power in parts if (unit := find_unit(name)))


def _without_zeros(found: dict[Unit, int]) -> Units:
    # In the order in which they are written, so that they come back the same when that is typed.
    above = [(unit, exponent) for unit, exponent in found.items() if exponent > 0]
    units = (*above, *((unit, exponent) for unit, exponent in found.items() if exponent < 0))
    if len(units) > MOST_UNITS or any(abs(exponent) > MOST_EXPONENT for _, exponent in units):
        raise CalculationError(
            Code.TOO_LARGE,
            f"An amount has at most {MOST_UNITS} units, each to the power of {MOST_EXPONENT} at most.",
            hint="Use fewer units.",
        )
    return units


def has_offset(units: Units) -> bool:
    """Say whether this is a temperature whose zero is not the absence of heat."""
    return len(units) == 1 and bool(units[0][0].offset)


def offset_error(unit: Unit, done: str) -> CalculationError:
    """Return the error of reckoning with such a temperature, without its place."""
    return CalculationError(
        Code.UNIT_MISMATCH,
        f"A temperature in {unit.name} cannot be {done}, as 0 {unit.name} is not the absence of heat.",
        hint=f"Convert it first: “(20 {unit.name} to K)”.",
    )
