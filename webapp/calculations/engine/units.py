"""
The algebra of quantities: what becomes of the units when amounts are added, multiplied or converted.

Everything is exact but what passes through radians. Units of one dimension are brought to the one that stands first;
where all cancel out, a plain number is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from webapp.calculations.engine import numerics
from webapp.calculations.engine.currencies import currency_of, find_currency, list_codes
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.unit_table import ALIASES, BINARY_PREFIXES, DECIMAL_PREFIXES, GROUPS, Group, Row
from webapp.calculations.engine.values import Dimension, Number, Quantity, Unit, Units, Writing

# So many units, and so high an exponent, say nothing to anybody.
MOST_UNITS = 12
MOST_EXPONENT = 99

_ONE = Fraction(1)

PERCENT = Unit("%", (), Fraction(1, 100), plain_name="percent", writing=Writing.PERCENT)
# Hours that are written as whole days' parts: 10 h 42 min.
HMS = Unit("h", (("time", 1),), Fraction(3_600), writing=Writing.MIXED)

PERCENT_UNITS: Units = ((PERCENT, 1),)
HOURS_MIXED: Units = ((HMS, 1),)

_UNITS: dict[str, Unit] = {"%": PERCENT, "percent": PERCENT}
# The rows with prefixes, by their symbols and by their words.
_PREFIXABLE: dict[str, tuple[Unit, Row]] = {}
_PREFIXABLE_WORDS: dict[str, tuple[Unit, Row]] = {}


def _read_table() -> None:
    for group in GROUPS:
        for row in group.rows:
            symbols = row.symbols.split()
            words = row.words.split()
            unit = Unit(symbols[0], group.dimension, row.size, plain_name=words[0], offset=row.offset)
            for spelling in (*symbols, *words):
                _UNITS[spelling] = unit
            if row.prefixes:
                _PREFIXABLE.update((symbol, (unit, row)) for symbol in symbols)
                _PREFIXABLE_WORDS.update((word, (unit, row)) for word in words)


_read_table()

DEGREE = _UNITS["deg"]
RADIAN = _UNITS["rad"]
DAY = _UNITS["d"]
HOUR = _UNITS["h"]
WORKDAY = _UNITS["workday"]
KELVIN = _UNITS["K"]

# What a unit with an offset becomes where only a difference can be meant.
_DIFFERENCES: dict[Unit, Unit] = {_UNITS["°C"]: KELVIN, _UNITS["°F"]: _UNITS["°R"]}

_PREFIXES: tuple[tuple[str, str, Fraction], ...] = tuple(
    (symbol, word, Fraction(10) ** power) for symbol, word, power in DECIMAL_PREFIXES
) + tuple((symbol, word, Fraction(2) ** power) for symbol, word, power in BINARY_PREFIXES)


def find_unit(word: str) -> Unit | None:
    """Return the unit of a symbol or long name, with a prefix or without, or of a currency's code or sign."""
    return _UNITS.get(word) or _find_rarer(word)


@lru_cache(maxsize=1024)
def _find_rarer(word: str) -> Unit | None:
    return find_currency(word) or _find_prefixed(word)


def _find_prefixed(word: str) -> Unit | None:
    # The Greek mu and a plain u are typed for the micro sign.
    symbol_word = "µ" + word[1:] if word[:1] in {"μ", "u"} else word
    for symbol, long, factor in _PREFIXES:
        if symbol_word.startswith(symbol):
            found = _PREFIXABLE.get(symbol_word[len(symbol) :])
            if found is not None and symbol in found[1].prefixes.split():
                return _prefixed(symbol, long, factor, found[0])
        if word.startswith(long):
            found = _PREFIXABLE_WORDS.get(word[len(long) :])
            if found is not None and symbol in found[1].prefixes.split():
                return _prefixed(symbol, long, factor, found[0])
    return None


def _prefixed(symbol: str, word: str, factor: Fraction, unit: Unit) -> Unit:
    name = symbol + unit.name
    known = _UNITS.get(name)
    if known is None or known.plain_name != word + unit.plain_name:
        size = numerics.multiply(unit.factor, factor)
        known = Unit(name, unit.dimension, size, plain_name=word + unit.plain_name)
        # One unit is one object, however it is spelled.
        _UNITS[name] = known
    return known


def suggest_units(word: str) -> list[str]:
    """Return the spellings that differ in capitals alone, then those that begin alike; at most three."""
    lower = word.lower()
    spellings = (*_UNITS, *list_codes())
    same = [spelling for spelling in spellings if spelling.lower() == lower]
    if not same and len(word) > 2:
        same = [spelling for spelling in spellings if len(spelling) > 2 and spelling.lower().startswith(lower)]
    return list(dict.fromkeys(same))[:3]


# --- Dimensions ---


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


_NOUNS: dict[Dimension, str] = {group.dimension: group.noun for group in GROUPS}
_BASE_NAMES: dict[str, str] = {
    group.dimension[0][0]: group.rows[0].symbols.split()[0]
    for group in GROUPS
    if len(group.dimension) == 1 and group.dimension[0][1] == 1
}


def describe(dimension: Dimension) -> str:
    """Say what has this dimension: “a mass”, “money in EUR”, “a plain number”."""
    if not dimension:
        return "a plain number"
    noun = _NOUNS.get(dimension)
    if noun is not None:
        return noun
    if len(dimension) == 1 and dimension[0][1] == 1:
        return f"money in {dimension[0][0]}"
    return "an amount in " + _write([(_BASE_NAMES.get(base, base), power) for base, power in dimension])


def write_units(units: Units) -> str:
    """Write units so that they can be typed again: `EUR/h`, `kg m/s^2`, `W/(m K)`."""
    if len(units) == 1 and units[0][1] == 1:
        return units[0][0].name
    return _write([(unit.name, exponent) for unit, exponent in units])


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


# --- Units together ---


@lru_cache(maxsize=2048)
def scale_of(units: Units) -> Number:
    """Return how much of the base units one of these is."""
    scale: Number = _ONE
    for unit, exponent in units:
        scale = numerics.multiply(scale, numerics.power(unit.factor, Fraction(exponent)))
    return scale


@lru_cache(maxsize=2048)
def join_units(parts: Units) -> tuple[Number, Units]:
    """
    Return units as typed one after the other in their normal form, and the factor that this makes.

    `km/m` is the factor 1000 and no unit. A degree Celsius among others is a difference: `W/(m °C)`.
    """
    if len(parts) == 1 and parts[0][1] == 1:
        return _ONE, _ALIASES.get(parts[0][0], parts)
    factor: Number = _ONE
    found: dict[Unit, int] = {}
    for typed, exponent in parts:
        unit = _DIFFERENCES.get(typed, typed)
        if unit is PERCENT:
            factor = numerics.multiply(factor, numerics.power(unit.factor, Fraction(exponent)))
            continue
        factor = numerics.multiply(factor, _put(found, unit, exponent))
    more, units = _settle(found)
    return numerics.multiply(factor, more), units


def _put(found: dict[Unit, int], unit: Unit, exponent: int) -> Number:
    """Add a unit to those found, as one of its dimension if there is one; return the factor that this makes."""
    if unit in found:
        found[unit] += exponent
        return _ONE
    alias = _ALIASES.get(unit)
    if alias is not None:
        factor: Number = _ONE
        for part, power in alias:
            factor = numerics.multiply(factor, _put(found, part, power * exponent))
        return factor
    for other in found:
        if other.dimension == unit.dimension:
            found[other] += exponent
            return numerics.power(numerics.divide(unit.factor, other.factor), Fraction(exponent))
    found[unit] = exponent
    return _ONE


def _settle(found: dict[Unit, int]) -> tuple[Number, Units]:
    """Leave out what has cancelled out, also where a unit of several dimensions hides it (`mph h` is miles)."""
    units = tuple((unit, exponent) for unit, exponent in found.items() if exponent)
    if len(units) > MOST_UNITS or any(abs(exponent) > MOST_EXPONENT for _, exponent in units):
        raise CalculationError(
            Code.TOO_LARGE, f"An amount has at most {MOST_UNITS} units, to the power of {MOST_EXPONENT} at most."
        )
    if len(units) < 2 or not _has_hidden(units):
        return _ONE, units
    dimension = dimension_of(units)
    if not dimension:
        return scale_of(units), ()
    factor: Number = _ONE
    opened: dict[Unit, int] = {}
    for unit, exponent in units:
        for part, power in _PARTS.get(unit.name, ((unit.name, 1),)):
            factor = numerics.multiply(factor, _put(opened, find_unit(part) or unit, power * exponent))
    plainer = tuple((unit, exponent) for unit, exponent in opened.items() if exponent)
    if not _has_hidden(plainer):
        return factor, plainer
    return scale_of(units), _coherent(dimension)


def _has_hidden(units: Units) -> bool:
    """Say whether a dimension of one of them is gone from the whole."""
    whole = {base for base, _ in dimension_of(units)}
    return any(base not in whole for unit, _ in units for base, _ in unit.dimension)


# What units that are named for several are made of.
_PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "mph": (("mi", 1), ("h", -1)),
    "kn": (("nmi", 1), ("h", -1)),
    "fps": (("ft", 1), ("s", -1)),
    "Wh": (("W", 1), ("h", 1)),
    "kWh": (("kW", 1), ("h", 1)),
    "MWh": (("MW", 1), ("h", 1)),
    "GWh": (("GW", 1), ("h", 1)),
    "Ah": (("A", 1), ("h", 1)),
    "mAh": (("mA", 1), ("h", 1)),
}

_COHERENT: dict[Dimension, Unit] = {
    group.dimension: _UNITS[group.rows[0].symbols.split()[0]]
    for group in reversed(GROUPS)
    if group.rows and group.rows[0].size == 1
}


@lru_cache(maxsize=512)
def _coherent(dimension: Dimension) -> Units:
    unit = _COHERENT.get(dimension)
    if unit is not None:
        return ((unit, 1),)
    return tuple((_base_unit(base), power) for base, power in dimension)


def _base_unit(base: str) -> Unit:
    """Return the base unit of a base dimension; a currency is its own."""
    unit = find_unit(_BASE_NAMES.get(base, base))
    if unit is None:
        raise LookupError(base)
    return unit


@lru_cache(maxsize=4096)
def _product(left: Units, right: Units, sign: int) -> tuple[Number, Units]:
    """Return the units of a product (sign 1) or quotient (-1), and the factor that bringing them together makes."""
    if left == PERCENT_UNITS and right == PERCENT_UNITS:
        return (PERCENT.factor, PERCENT_UNITS) if sign == 1 else (_ONE, ())
    factor: Number = _ONE
    found: dict[Unit, int] = {}
    for units, turn in ((left, 1), (right, sign)):
        for unit, exponent in units:
            if unit.offset:
                raise _offset_error(unit, "multiplied" if sign == 1 else "divided")
            if unit is PERCENT:
                factor = numerics.multiply(factor, numerics.power(unit.factor, Fraction(exponent * turn)))
            else:
                factor = numerics.multiply(factor, _put(found, unit, exponent * turn))
    more, units = _settle(found)
    return numerics.multiply(factor, more), units


# What is only another spelling of units with exponents, by the unit that stands for it.
_ALIASES: dict[Unit, Units] = {}


def _read_aliases() -> None:
    for spellings, named in ALIASES:
        parts: list[tuple[Unit, int]] = []
        for name, exponent in named:
            unit = find_unit(name)
            if unit is None:
                raise LookupError(name)
            parts.append((unit, exponent))
        units = tuple(parts)
        words = spellings.split()
        alias = Unit(write_units(units), dimension_of(units), scale_of(units), plain_name=words[1])
        _ALIASES[alias] = units
        _UNITS.update(dict.fromkeys(words, alias))


_read_aliases()


# --- For the reference ---


class UnitEntry(NamedTuple):
    """One unit of the reference: other ways to spell it, and what one of it is in the group's base units."""

    unit: Unit
    long_name: str
    spellings: tuple[str, ...]
    prefixes: tuple[str, ...]
    # With its offset: 1 °C is 274.15 K.
    base: Quantity


def unit_groups() -> tuple[tuple[str, tuple[UnitEntry, ...]], ...]:
    """Return all units but currencies, under the labels of their groups."""
    return tuple((group.label, tuple(_entries(group))) for group in GROUPS)


def _entries(group: Group) -> Iterator[UnitEntry]:
    base = _coherent(group.dimension)
    for row in group.rows:
        symbol, *others = row.symbols.split()
        long_name, *words = row.words.split()
        number = numerics.add(row.size, row.offset) if row.offset else row.size
        yield UnitEntry(
            _UNITS[symbol],
            long_name.replace("_", " "),
            (*others, *words),
            tuple(row.prefixes.split()),
            Quantity(number, base),
        )
    for alias in _ALIASES:
        if alias.dimension == group.dimension:
            spellings = tuple(word for word, unit in _UNITS.items() if unit is alias and word != alias.plain_name)
            yield UnitEntry(alias, alias.plain_name.replace("_", " "), spellings, (), Quantity(alias.factor, base))


# --- The algebra ---


def multiply(left: Quantity, right: Quantity) -> Quantity:
    """Return the product. A percentage of something is of its kind; percent times percent is percent."""
    if not left.units and not right.units:
        return Quantity(numerics.multiply(left.number, right.number))
    factor, units = _product(left.units, right.units, 1)
    number = numerics.multiply(left.number, right.number)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


def divide(left: Quantity, right: Quantity) -> Quantity:
    """
    Return the quotient.

    :raises CalculationError: on division by zero
    """
    if not left.units and not right.units:
        return Quantity(numerics.divide(left.number, right.number))
    factor, units = _product(left.units, right.units, -1)
    number = numerics.divide(left.number, right.number)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


def power(quantity: Quantity, exponent: int) -> Quantity:
    """Return a whole power; also of the units."""
    number = numerics.power(quantity.number, Fraction(exponent))
    if not quantity.units or not exponent:
        return Quantity(number)
    factor, units = _power_of_units(quantity.units, exponent)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


@lru_cache(maxsize=512)
def _power_of_units(units: Units, exponent: int) -> tuple[Number, Units]:
    if units == PERCENT_UNITS:
        if exponent > 0:
            return numerics.power(PERCENT.factor, Fraction(exponent - 1)), units
        return numerics.power(PERCENT.factor, Fraction(exponent)), ()
    for unit, _ in units:
        if unit.offset and exponent != 1:
            raise _offset_error(unit, "raised to a power")
    factor: Number = _ONE
    found: dict[Unit, int] = {}
    for unit, own in units:
        factor = numerics.multiply(factor, _put(found, unit, own * exponent))
    more, powers = _settle(found)
    return numerics.multiply(factor, more), powers


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
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"{_capital(describe(dimension))} has no such root, as its unit ({write_units(units)}) has none.",
        )
    return scale_of(units), _coherent(tuple((base, exponent // degree) for base, exponent in dimension))


def add(left: Quantity, right: Quantity) -> Quantity:
    """Return the sum in the left one's units; a percentage added to something else is a percentage of that."""
    if left.units == right.units and not _has_offset(left.units):
        return Quantity(numerics.add(left.number, right.number), left.units)
    if right.units == PERCENT_UNITS:
        share = numerics.multiply(left.number, numerics.multiply(right.number, PERCENT.factor))
        _refuse_offset(left.units, "added to")
        return Quantity(numerics.add(left.number, share), left.units)
    number = _in_units_of(left, right, "added")
    _refuse_offset(left.units or right.units, "added to")
    return Quantity(numerics.add(left.number, number), left.units)


def subtract(left: Quantity, right: Quantity) -> Quantity:
    """Return the difference in the left one's units; that of two temperatures is in kelvin."""
    if left.units == right.units and not _has_offset(left.units):
        return Quantity(numerics.subtract(left.number, right.number), left.units)
    if right.units == PERCENT_UNITS:
        share = numerics.multiply(left.number, numerics.multiply(right.number, PERCENT.factor))
        _refuse_offset(left.units, "made less")
        return Quantity(numerics.subtract(left.number, share), left.units)
    if _has_offset(left.units) and _has_offset(right.units):
        kelvins = ((KELVIN, 1),)
        difference = numerics.subtract(convert(left, kelvins).number, convert(right, kelvins).number)
        return Quantity(difference, kelvins)
    number = _in_units_of(left, right, "subtracted")
    _refuse_offset(left.units, "made less")
    return Quantity(numerics.subtract(left.number, number), left.units)


def compare(left: Quantity, right: Quantity) -> int:
    """Return -1, 0 or 1 as the left is less than, equal to or more than the right, whatever their units."""
    if left.units == right.units:
        return numerics.compare(left.number, right.number)
    return numerics.compare(left.number, _in_units_of(left, right, "compared"))


def _in_units_of(left: Quantity, right: Quantity, done: str) -> Number:
    if dimension_of(left.units) != dimension_of(right.units):
        raise _mismatch(left, right, done)
    if _has_offset(right.units) or _has_offset(left.units):
        if done != "compared":
            _refuse_offset(right.units, done)
        return convert(right, left.units).number
    ratio = _ratio(right.units, left.units)
    return right.number if ratio == 1 else numerics.multiply(right.number, ratio)


@lru_cache(maxsize=2048)
def _ratio(source: Units, target: Units) -> Number:
    return numerics.divide(scale_of(source), scale_of(target))


def _has_offset(units: Units) -> bool:
    return len(units) == 1 and bool(units[0][0].offset)


def _refuse_offset(units: Units, done: str) -> None:
    if _has_offset(units):
        raise _offset_error(units[0][0], done)


def _offset_error(unit: Unit, done: str) -> CalculationError:
    return CalculationError(
        Code.UNIT_MISMATCH,
        f"A temperature in {unit.name} cannot be {done}, as its zero is not the end of the scale.",
        hint=f"Convert it first: (20 {unit.name} to K).",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(quantity: Quantity, side: str) -> str:
    """Name a quantity in an error: as written where that is short, else by its side."""
    number = quantity.number
    if isinstance(number, Fraction) and number.denominator == 1 and 0 <= number < 1_000:
        return f"{number} {write_units(quantity.units)}".rstrip()
    return side


def _mismatch(left: Quantity, right: Quantity, done: str) -> CalculationError:
    one, other = dimension_of(left.units), dimension_of(right.units)
    message = (
        f"{_name(left, 'The left side')} is {describe(one)}, {_name(right, 'the right side')} is {describe(other)}:"
        f" they cannot be {done}."
    )
    return CalculationError(Code.UNIT_MISMATCH, message, hint=_repair(left, right))


def _repair(left: Quantity, right: Quantity) -> str | None:
    if not left.units or not right.units:
        units = write_units(left.units or right.units)
        return f"Give the plain number a unit, too: 3 {units}."
    one, other = currency_of(left.units), currency_of(right.units)
    if one and other:
        return f"Convert one of them by a rate: 100 {other.name} to {one.name} at 1.08 on 2026-11-20."
    return None


# --- Conversion ---


def currencies_between(source: Units, target: Units) -> tuple[str, str] | None:
    """Return from which currency to which a conversion leads, or None if it needs no rate."""
    apart = _apart(source, target)
    return None if apart is None else (apart[0], apart[1])


@lru_cache(maxsize=512)
def _apart(source: Units, target: Units) -> tuple[str, str, int] | None:
    """Return the two currencies in which these differ, and their exponent."""
    one, other = dict(dimension_of(source)), dict(dimension_of(target))
    ours = [base for base in one if base not in other]
    theirs = [base for base in other if base not in one]
    if len(ours) != 1 or len(theirs) != 1 or not find_currency(ours[0]) or not find_currency(theirs[0]):
        return None
    exponent = one.pop(ours[0])
    return (ours[0], theirs[0], exponent) if other.pop(theirs[0]) == exponent and one == other else None


def convert(quantity: Quantity, target: Units, rate: Number | None = None) -> Quantity:
    """
    Return the same amount in other units.

    :param rate: how much of the target's currency one of the source's is
    :raises CalculationError: if the dimensions differ, or the currencies without a rate
    """
    source = quantity.units
    number = quantity.number
    if source == target:
        return Quantity(number, target)
    if dimension_of(source) != dimension_of(target):
        apart = _apart(source, target)
        if apart is None:
            raise _cannot_convert(quantity, target)
        if rate is None:
            raise CalculationError(
                Code.NO_RATE,
                f"There is no rate from {apart[0]} to {apart[1]}.",
                hint=f"State one with its day: 100 {apart[0]} to {apart[1]} at 1.08 on 2026-11-20.",
            )
        number = numerics.multiply(number, numerics.power(rate, Fraction(apart[2])))
    if _has_offset(source) or _has_offset(target):
        begin = numerics.subtract(source[0][0].offset, target[0][0].offset)
        number = numerics.add(numerics.multiply(number, source[0][0].factor), begin)
        return Quantity(numerics.divide(number, target[0][0].factor), target)
    ratio = _ratio(source, target)
    return Quantity(number if ratio == 1 else numerics.multiply(number, ratio), target)


def _cannot_convert(quantity: Quantity, target: Units) -> CalculationError:
    one, other = dimension_of(quantity.units), dimension_of(target)
    subject = _name(quantity, "This")
    message = f"{subject} is {describe(one)}, {write_units(target)} is for {describe(other)}: it cannot be converted."
    return CalculationError(Code.UNIT_MISMATCH, message)


def plain_number(quantity: Quantity) -> Number | None:
    """Return the number that it is without any unit (10% is 0.1), or None if it has a dimension."""
    if not quantity.units:
        return quantity.number
    if dimension_of(quantity.units):
        return None
    return numerics.multiply(quantity.number, scale_of(quantity.units))


def sum_parts(parts: Iterable[Quantity]) -> Quantity:
    """Return the sum of what is written as one amount in several units: `3h 45m` in hours, `5 ft 3 in` in feet."""
    quantities = iter(parts)
    whole = next(quantities)
    if dimension_of(whole.units) == HMS.dimension:
        whole = convert(whole, HOURS_MIXED)
    for part in quantities:
        whole = add(whole, part)
    return whole
