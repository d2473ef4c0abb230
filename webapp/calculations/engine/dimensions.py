"""What units are together: their dimension, its name, their size, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from webapp.calculations.engine import numerics
from webapp.calculations.engine.unit_table import GROUPS
from webapp.calculations.engine.values import Dimension, Number, Units

_NOUNS: dict[Dimension, str] = {group.dimension: group.noun for group in GROUPS}
# What the base dimensions are measured in; a currency is its own unit.
BASE_NAMES: dict[str, str] = {
    group.dimension[0][0]: group.rows[0].symbols.split()[0]
    for group in GROUPS
    if len(group.dimension) == 1 and group.dimension[0][1] == 1
}


@lru_cache(maxsize=2048)
def dimension_of(units: Units) -> Dimension:
    """Return the dimension of these units together."""
    if len(units) == 1 and units[0][1] == 1:
        return units[0][0].dimension
    exponents: dict[str, int] = {}
    for unit, exponent in units:
        for base, power in unit.dimension:
            exponents[base] = exponents.get(base, 0) + power * exponent
    return tuple(sorted((base, power) for base, power in exponents.items() if power))


@lru_cache(maxsize=2048)
def scale_of(units: Units) -> Number:
    """Return how much of the base units one of these is."""
    scale: Number = Fraction(1)
    for unit, exponent in units:
        scale = numerics.multiply(scale, numerics.power(unit.factor, Fraction(exponent)))
    return scale


@lru_cache(maxsize=512)
def describe(dimension: Dimension) -> str:
    """Say what has this dimension: “a mass”, “money in EUR per time”, “a plain number”."""
    whole = _noun(dimension)
    if whole is not None:
        return whole
    above = _noun(tuple((base, power) for base, power in dimension if power > 0))
    below = _noun(tuple((base, -power) for base, power in dimension if power < 0))
    if above is not None and below is not None and "plain" not in above:
        return f"{above} per {below.removeprefix('an ').removeprefix('a ')}"
    return "an amount in " + _write([(BASE_NAMES.get(base, base), power) for base, power in dimension])


def _noun(dimension: Dimension) -> str | None:
    if not dimension:
        return "a plain number"
    if len(dimension) == 1 and dimension[0][1] == 1 and dimension not in _NOUNS:
        return f"money in {dimension[0][0]}"
    return _NOUNS.get(dimension)


def write_units(units: Units) -> str:
    """Write units so that they can be typed again: `EUR/h`, `kg m/s^2`, `W/(m K)`."""
    if len(units) == 1 and units[0][1] == 1:
        return units[0][0].name
    # Beside others `in` would convert.
    return _write([("inch" if unit.name == "in" else unit.name, exponent) for unit, exponent in units])


def _write(parts: Iterable[tuple[str, int]]) -> str:
    parts = list(parts)
    above = [name if power == 1 else f"{name}^{power}" for name, power in parts if power > 0]
    if not above:
        return " ".join(f"{name}^{power}" for name, power in parts)
    below = [name if power == -1 else f"{name}^{-power}" for name, power in parts if power < 0]
    text = " ".join(above)
    if len(below) == 1:
        return f"{text}/{below[0]}"
    return f"{text}/({' '.join(below)})" if below else text
