"""
The algebra of quantities: what becomes of the units when amounts are added, multiplied or converted.

Everything is exact but what passes through radians. Units of one dimension are brought to the one that stands first;
where all cancel out, a plain number is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from webapp.calculations.engine import numerics
from webapp.calculations.engine.currencies import currency_of, find_currency, list_codes
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.suggestions import closest
from webapp.calculations.engine.unit_table import (
    ALIASES,
    BINARY_PREFIXES,
    DECIMAL_PREFIXES,
    GROUPS,
    MEANT,
    PARTS,
    Group,
    Row,
)
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
    """Return up to three spellings that may have been meant: those that differ in capitals alone, else the closest."""
    if word in MEANT:
        return list(MEANT[word])
    lower = word.lower()
    same = [spelling for spelling in _spellings() if spelling.lower() == lower]
    return same[:3] or closest(word, _spellings())


@lru_cache(maxsize=1)
def _spellings() -> tuple[str, ...]:
    """Return all spellings of all units, the long names last."""
    words = {symbol: word for symbol, word, _ in _PREFIXES}
    symbols = [prefix + symbol for symbol, (_, row) in _PREFIXABLE.items() for prefix in row.prefixes.split()]
    names = [words[prefix] + word for word, (_, row) in _PREFIXABLE_WORDS.items() for prefix in row.prefixes.split()]
    return tuple(dict.fromkeys((*_UNITS, *symbols, *list_codes(), *names)))


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
    return "an amount in " + _write([(_BASE_NAMES.get(base, base), power) for base, power in dimension])


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
    Return units that are typed one after the other as one, and the factor that this makes: 1 but for percent.

    They stay as they are typed: 40 h/week is not 5/21, as hours are what it is meant to become. A degree Celsius among
    others is a difference: `W/(m °C)`.
    """
    if len(parts) == 1 and parts[0][1] == 1:
        return _ONE, _ALIASES.get(parts[0][0], parts)
    factor, found = _open(parts, 1)
    return factor, _without_zeros(found)


def _open(units: Units, sign: int) -> tuple[Number, dict[Unit, int]]:
    """Return what these units are made of, and the factor that percentages among them make."""
    factor: Number = _ONE
    found: dict[Unit, int] = {}
    for typed, exponent in units:
        if typed is PERCENT:
            factor = numerics.multiply(factor, numerics.power(typed.factor, Fraction(exponent * sign)))
            continue
        unit = _DIFFERENCES.get(typed, typed)
        for part, power in _ALIASES.get(unit, ((unit, 1),)):
            found[part] = found.get(part, 0) + power * exponent * sign
    return factor, found


def _without_zeros(found: dict[Unit, int]) -> Units:
    units = tuple((unit, exponent) for unit, exponent in found.items() if exponent)
    if len(units) > MOST_UNITS or any(abs(exponent) > MOST_EXPONENT for _, exponent in units):
        raise CalculationError(
            Code.TOO_LARGE,
            f"An amount has at most {MOST_UNITS} units, each to the power of {MOST_EXPONENT} at most.",
            hint="Use fewer units.",
        )
    return units


@lru_cache(maxsize=4096)
def _product(left: Units, right: Units, sign: int) -> tuple[Number, Units]:
    """Return the units of a product (sign 1) or quotient (-1), and the factor that bringing them together makes."""
    if left == PERCENT_UNITS and right == PERCENT_UNITS:
        return (PERCENT.factor, PERCENT_UNITS) if sign == 1 else (_ONE, ())
    for unit, _ in (*left, *right):
        if unit.offset:
            raise _offset_error(unit, "multiplied" if sign == 1 else "divided")
    ours, found = _open(left, 1)
    theirs, more = _open(right, sign)
    factor = numerics.multiply(numerics.multiply(ours, theirs), _merge(found, more))
    brought, units = _settle(found)
    return numerics.multiply(factor, brought), units


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
    return numerics.multiply(factor, scale_of(units)), _coherent(dimension) if dimension else ()


def _has_hidden(units: Units) -> bool:
    """Say whether a base of the dimensions is gone from the whole, other than in ratios."""
    ratios = _ratios(dict(units))
    rest = tuple((unit, exponent) for unit, exponent in units if unit.dimension not in ratios)
    whole = {base for base, _ in dimension_of(rest)}
    return any(base not in whole for unit, _ in rest for base, _ in unit.dimension)


@lru_cache(maxsize=64)
def _named(parts: tuple[tuple[str, int], ...]) -> Units:
    return tuple((unit, power) for name, power in parts if (unit := find_unit(name)))


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
            Code.UNIT_MISMATCH, f"{kind[:1].upper()}{kind[1:]} has no such root: “{write_units(units)}” has none."
        )
    return scale_of(units), _coherent(tuple((base, exponent // degree) for base, exponent in dimension))


def add(left: Quantity, right: Quantity) -> Quantity:
    """Return the sum in the left one's units; a percentage added to something else is a percentage of that."""
    units = left.units
    if not units and not right.units:
        return Quantity(numerics.add(left.number, right.number))
    ratio = _ratio_in_sums(units, right.units)
    if ratio is _ONE:
        return Quantity(numerics.add(left.number, right.number), units)
    if ratio is not None:
        return Quantity(numerics.add(left.number, numerics.multiply(right.number, ratio)), units)
    if right.units == PERCENT_UNITS and not _has_offset(units):
        return Quantity(numerics.add(left.number, _share(left, right)), units)
    raise _refusal(left, right, "added")


def subtract(left: Quantity, right: Quantity) -> Quantity:
    """Return the difference in the left one's units; that of two temperatures is in kelvin."""
    units = left.units
    if not units and not right.units:
        return Quantity(numerics.subtract(left.number, right.number))
    ratio = _ratio_in_sums(units, right.units)
    if ratio is _ONE:
        return Quantity(numerics.subtract(left.number, right.number), units)
    if ratio is not None:
        return Quantity(numerics.subtract(left.number, numerics.multiply(right.number, ratio)), units)
    if right.units == PERCENT_UNITS and not _has_offset(units):
        return Quantity(numerics.subtract(left.number, _share(left, right)), units)
    if _has_offset(units) and _has_offset(right.units):
        return Quantity(numerics.subtract(_in_kelvins(left), _in_kelvins(right)), ((KELVIN, 1),))
    raise _refusal(left, right, "subtracted")


def compare(left: Quantity, right: Quantity) -> int:
    """Return -1, 0 or 1 as the left is less than, equal to or more than the right, whatever their units."""
    if left.units == right.units:
        return numerics.compare(left.number, right.number)
    if dimension_of(left.units) != dimension_of(right.units):
        raise _mismatch(left, right, "compared")
    return numerics.compare(left.number, convert(right, left.units).number)


@lru_cache(maxsize=4096)
def _ratio_in_sums(left: Units, right: Units) -> Number | None:
    """Return what brings the right side of a sum to the left one's units, or None where there is more to it."""
    if _has_offset(left) or _has_offset(right) or dimension_of(left) != dimension_of(right):
        return None
    if right == PERCENT_UNITS and left != PERCENT_UNITS:
        return None
    ratio = _ratio(right, left)
    return _ONE if ratio == 1 else ratio


def _share(whole: Quantity, percentage: Quantity) -> Number:
    return numerics.multiply(whole.number, numerics.multiply(percentage.number, PERCENT.factor))


def _in_kelvins(temperature: Quantity) -> Number:
    return convert(temperature, ((KELVIN, 1),)).number


@lru_cache(maxsize=2048)
def _ratio(source: Units, target: Units) -> Number:
    return numerics.divide(scale_of(source), scale_of(target))


def _has_offset(units: Units) -> bool:
    return len(units) == 1 and bool(units[0][0].offset)


def _refusal(left: Quantity, right: Quantity, done: str) -> CalculationError:
    is_share = right.units == PERCENT_UNITS
    if not is_share and dimension_of(left.units) != dimension_of(right.units):
        return _mismatch(left, right, done)
    scaled = left if is_share or _has_offset(left.units) else right
    return _offset_error(scaled.units[0][0], "part of a sum or a percentage")


def _offset_error(unit: Unit, done: str) -> CalculationError:
    return CalculationError(
        Code.UNIT_MISMATCH,
        f"A temperature in {unit.name} cannot be {done}, as 0 {unit.name} is not the absence of heat.",
        hint=f"Convert it first: “(20 {unit.name} to K)”.",
    )


def _mismatch(left: Quantity, right: Quantity, done: str) -> CalculationError:
    ours, theirs = _short_text(left), _short_text(right)
    if ours is None or theirs is None:
        ours, theirs = "The left side", "the right side"
    message = (
        f"{ours} is {describe(dimension_of(left.units))}, {theirs} is {describe(dimension_of(right.units))}:"
        f" they cannot be {done}."
    )
    return CalculationError(Code.UNIT_MISMATCH, message, hint=_repair(left, right))


def _short_text(quantity: Quantity) -> str | None:
    """Return how a quantity is written in every format of numbers, or None if they differ."""
    number = quantity.number
    if not isinstance(number, Fraction) or number.denominator != 1 or not 0 <= number < 1_000:
        return None
    text = "" if quantity.units == PERCENT_UNITS else " "
    return f"{number}{text}{write_units(quantity.units)}".rstrip()


def _repair(left: Quantity, right: Quantity) -> str:
    if not left.units or not right.units:
        return f"Give the plain number a unit, too: “3 {write_units(left.units or right.units)}”."
    ours, theirs = currency_of(left.units), currency_of(right.units)
    if ours and theirs:
        return f"Convert one of them by a rate: “100 {theirs.name} to {ours.name} at 1.08 on 2026-11-20”."
    if WORKDAY in (left.units[0][0], right.units[0][0]):
        return "Workdays count from a day: “2026-11-20 + 5 workdays”."
    return f"Give both a unit of one kind, such as “{write_units(left.units)}”."


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
                hint=f"State one with its day: “100 {apart[0]} to {apart[1]} at 1.08 on 2026-11-20”.",
            )
        number = numerics.multiply(number, numerics.power(rate, Fraction(apart[2])))
    if _has_offset(source) or _has_offset(target):
        begin = numerics.subtract(source[0][0].offset, target[0][0].offset)
        number = numerics.add(numerics.multiply(number, source[0][0].factor), begin)
        return Quantity(numerics.divide(number, target[0][0].factor), target)
    ratio = _ratio(source, target)
    return Quantity(number if ratio == 1 else numerics.multiply(number, ratio), target)


def _cannot_convert(quantity: Quantity, target: Units) -> CalculationError:
    subject = _short_text(quantity) or "This"
    kind = describe(dimension_of(target))
    units = f"{write_units(target)}, which is {kind}" if target else kind
    message = f"{subject} is {describe(dimension_of(quantity.units))}: it cannot be converted to {units}."
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
