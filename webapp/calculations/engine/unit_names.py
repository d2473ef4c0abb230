"""Units by their names: symbols, long names, prefixes, codes of currencies and other spellings of these."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from webapp.calculations.engine import numerics
from webapp.calculations.engine.currencies import find_currency, list_codes
from webapp.calculations.engine.dimensions import BASE_NAMES, dimension_of, scale_of, write_units
from webapp.calculations.engine.suggestions import closest, reach_of
from webapp.calculations.engine.unit_table import ALIASES, BINARY_PREFIXES, DECIMAL_PREFIXES, GROUPS, MEANT, Group, Row
from webapp.calculations.engine.values import Dimension, Quantity, Unit, Units, Writing

PERCENT = Unit("%", (), Fraction(1, 100), plain_name="percent", writing=Writing.PERCENT)
# Hours that are written as the sum of whole units: 10 h 42 min.
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
WEEK = _UNITS["w"]
WORKDAY = _UNITS["workday"]
KELVIN = _UNITS["K"]

# What a unit with an offset becomes where only a difference can be meant.
DIFFERENCES: dict[Unit, Unit] = {_UNITS["°C"]: KELVIN, _UNITS["°F"]: _UNITS["°R"]}

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
    if known is None:
        size = numerics.multiply(unit.factor, factor)
        # One unit is one object, however it is spelled and whichever thread asked first.
        known = _UNITS.setdefault(name, Unit(name, unit.dimension, size, plain_name=word + unit.plain_name))
    return known


# The units of the SI that have a name, by their dimension; but for those of which not all of it is made: not every
# 1/s is a frequency, nor all energy by mass a dose.
_COHERENT: dict[Dimension, Unit] = {
    group.dimension: _UNITS[group.rows[0].symbols.split()[0]]
    for group in reversed(GROUPS)
    if group.rows and group.rows[0].size == 1 and group.label not in {"Frequency", "Absorbed dose"}
}


@lru_cache(maxsize=512)
def coherent_units(dimension: Dimension) -> Units:
    """Return the base units of a dimension, or the one unit that stands for all of them: newtons."""
    unit = _COHERENT.get(dimension)
    if unit is not None:
        return ((unit, 1),)
    return tuple((_base_unit(base), power) for base, power in dimension)


def _base_unit(base: str) -> Unit:
    """Return the base unit of a base dimension; a currency is its own."""
    unit = find_unit(BASE_NAMES.get(base, base))
    if unit is None:
        raise LookupError(base)
    return unit


# What is only another spelling of units with exponents, by the unit that stands for it.
ALIAS_PARTS: dict[Unit, Units] = {}


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
        ALIAS_PARTS[alias] = units
        _UNITS.update(dict.fromkeys(words, alias))


_read_aliases()


def suggest_units(word: str) -> list[str]:
    """Return up to three spellings that may have been meant: those that differ in capitals alone, else the closest."""
    return list(MEANT.get(word) or _near_units(word))


# The lines of a worksheet often miss the same one.
@lru_cache(maxsize=512)
def _near_units(word: str) -> tuple[str, ...]:
    reach = reach_of(word)
    spellings = _spellings()
    lower = word.lower()
    letters = _letters_of(lower)
    near: list[str] = []
    for length in range(len(word) - reach, len(word) + reach + 1):
        # A step changes two letters at most; most spellings need no closer look.
        near += [name for name, its in spellings.get(length, ()) if (its ^ letters).bit_count() <= 2 * reach]
    same = [name for name in near if name.lower() == lower]
    return tuple(same[:3] or closest(word, near))


@lru_cache(maxsize=1)
def _spellings() -> dict[int, list[tuple[str, int]]]:
    """Return all spellings of all units by their length, each with its letters as bits; the long names last."""
    words = {symbol: word for symbol, word, _ in _PREFIXES}
    symbols = [prefix + symbol for symbol, (_, row) in _PREFIXABLE.items() for prefix in row.prefixes.split()]
    names = [words[prefix] + word for word, (_, row) in _PREFIXABLE_WORDS.items() for prefix in row.prefixes.split()]
    found: dict[int, list[tuple[str, int]]] = {}
    for name in dict.fromkeys((*_UNITS, *symbols, *list_codes(), *names)):
        found.setdefault(len(name), []).append((name, _letters_of(name.lower())))
    return found


def _letters_of(word: str) -> int:
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) & 63)
    return letters


class UnitEntry(NamedTuple):
    """One unit of the reference: other ways to spell it, and what one of it is in the group's base units."""

    unit: Unit
    long_name: str
    spellings: tuple[str, ...]
    prefixes: tuple[str, ...]
    # With its offset: 1 °C is 274.15 K.
    base: Quantity


@lru_cache(maxsize=1)
def unit_groups() -> tuple[tuple[str, tuple[UnitEntry, ...]], ...]:
    """Return all units but currencies, under the labels of their groups."""
    return tuple((group.label, tuple(_entries(group))) for group in GROUPS)


def _entries(group: Group) -> Iterator[UnitEntry]:
    base = coherent_units(group.dimension)
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
    for alias in ALIAS_PARTS:
        if alias.dimension == group.dimension:
            spellings = tuple(
                word for word, unit in tuple(_UNITS.items()) if unit is alias and word != alias.plain_name
            )
            yield UnitEntry(alias, alias.plain_name.replace("_", " "), spellings, (), Quantity(alias.factor, base))
