"""The table of units, held against pint's and against itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import pint
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.calculations.engine.currencies import list_codes
from webapp.calculations.engine.nodes import QuantityNode
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.unit_table import (
    BINARY_PREFIXES,
    CHOICES,
    DECIMAL_PREFIXES,
    GROUPS,
    MEANT,
    PARTS,
    RADIAN_DEGREES,
    Row,
)
from webapp.calculations.engine.units import (
    UnitEntry,
    convert,
    dimension_of,
    find_unit,
    scale_of,
    unit_groups,
    write_units,
)
from webapp.calculations.engine.values import Quantity, Unit

# What pint calls our units, where it knows them by none of our spellings, or something else by the same.
# Its chains, rods, furlongs, leagues, fathoms and acres are made of the US survey foot, which ended in 2022; its month
# and year are Julian; its barrel is not the one of oil, its BTU is rounded, and its rpm are radians.
PINT_NAMES = {
    "ftm": "6 * foot",
    "rod": "16.5 * foot",
    "chain": "66 * foot",
    "furlong": "660 * foot",
    "league": "3 * mile",
    "acre": "43560 * foot ** 2",
    "mil": "thou",
    "pt": "point",
    "px": "css_pixel",
    "Å": "angstrom",
    "mo": "365.2425 / 12 * day",
    "quarter": "365.2425 / 4 * day",
    "yr": "365.2425 * day",
    "decade": "3652.425 * day",
    "century": "36524.25 * day",
    "millennium": "365242.5 * day",
    "°C": "degC",
    "°F": "degF",
    "°R": "degR",
    "nibble": "4 * bit",
    "bbl": "oil_barrel",
    "ukgal": "imperial_gallon",
    "lightspeed": "speed_of_light",
    "g0": "standard_gravity",
    "Gal": "galileo",
    "BTU": "Btu_it",
    "therm": "100000 * Btu_it",
    "ftlb": "foot * pound_force",
    "inHg": "25.4 * mmHg",
    "psi": "psi",
    "PS": "metric_horsepower",
    "gauss": "tesla / 10000",
    "rpm": "1 / minute",
    "cable": "nautical_mile / 10",
    "twip": "inch / 1440",
    "didot": "0.376065 * millimeter",
    "cicero": "12 * 0.376065 * millimeter",
    "ukcwt": "112 * pound",
    "uscwt": "100 * pound",
    "tola": "11.6638038 * gram",
    "zentner": "50 * kilogram",
    "rood": "10890 * foot ** 2",
    "dunam": "1000 * meter ** 2",
    "metric_cup": "250 * milliliter",
    "metric_tbsp": "15 * milliliter",
    "metric_tsp": "5 * milliliter",
    "cord": "128 * foot ** 3",
    "tTNT": "4.184 * gigajoule",
    "acreft": "43560 * foot ** 3",
    "ozf": "ounce * standard_gravity",
    "tf": "1000 * kilogram * standard_gravity",
    "ksi": "1000 * psi",
    "cmH2O": "98.0665 * pascal",
    "hph": "horsepower * hour",
    "toe": "41.868 * gigajoule",
    "fc": "lumen / foot ** 2",
    "dpi": "1 / inch",
    "dpt": "1 / meter",
    "mi/gal": "mile / gallon",
    "cP": "centipoise",
    "cSt": "centistokes",
    "quintal": "100 * kilogram",
    "mph": "mile / hour",
    "fps": "foot / second",
    "mmHg": "mmHg",
    "m/s": "m / s",
    "km/h": "km / hour",
    "bit/s": "bit / s",
    "kbit/s": "kbit / s",
    "Mbit/s": "Mbit / s",
    "Gbit/s": "Gbit / s",
    "m^2": "m ** 2",
    "mm^2": "mm ** 2",
    "cm^2": "cm ** 2",
    "km^2": "km ** 2",
    "m^3": "m ** 3",
    "mm^3": "mm ** 3",
    "cm^3": "cm ** 3",
    "dm^3": "dm ** 3",
    "inch^2": "inch ** 2",
    "ft^2": "foot ** 2",
    "yd^2": "yard ** 2",
    "mi^2": "mile ** 2",
    "inch^3": "inch ** 3",
    "ft^3": "foot ** 3",
    "yd^3": "yard ** 3",
}
# Units that pint has no like of.
NOT_IN_PINT = {"workday"}
# Where one of them is no fraction.
INEXACT = {"rad"}
PINT_BASES = {
    "length": "meter",
    "mass": "kilogram",
    "time": "second",
    "temperature": "kelvin",
    "data": "bit",
    "angle": "degree",
    "current": "ampere",
    "substance": "mole",
    "light": "candela",
    "flux": "lumen",
    "activity": "becquerel",
    "dose": "sievert",
}

ENTRIES = [entry for _, entries in unit_groups() for entry in entries]
KNOWN_TO_PINT = [entry for entry in ENTRIES if entry.unit.name not in NOT_IN_PINT | INEXACT]
AMOUNTS = st.fractions(-(10**6), 10**6, max_denominator=10**4)


@cache
def registry() -> Any:
    return pint.UnitRegistry(non_int_type=Fraction, autoconvert_offset_to_baseunit=True)


def pint_quantity(number: Fraction, name: str, long_name: str) -> Any:
    """Return the same in pint: a number in `16.5 * foot` is a product, so that offsets stay with single names."""
    expression = PINT_NAMES.get(name, long_name.replace(" ", "_"))
    if expression.isidentifier():
        return registry().Quantity(number, expression)
    return registry().Quantity(number, "dimensionless") * registry().parse_expression(expression)


def pint_base(unit: Unit) -> str:
    return " * ".join(f"{PINT_BASES[base]} ** {power}" for base, power in unit.dimension)


def test_one_of_a_unit_is_what_pint_says() -> None:
    for entry in KNOWN_TO_PINT:
        theirs = pint_quantity(Fraction(1), entry.unit.name, entry.long_name).to(pint_base(entry.unit))

        assert Fraction(theirs.magnitude) == Fraction(entry.unit.factor) + entry.unit.offset, entry.unit.name


def prefixed() -> Iterator[tuple[Unit, str, str]]:
    prefixes = {symbol: word for symbol, word, _ in (*DECIMAL_PREFIXES, *BINARY_PREFIXES)}
    for entry in ENTRIES:
        for symbol in entry.prefixes:
            yield entry.unit, symbol, prefixes[symbol] + entry.long_name.replace(" ", "_")


def test_prefixed_units_are_what_pint_says() -> None:
    seen = 0
    for unit, symbol, long_name in prefixed():
        found = find_unit(symbol + unit.name)
        assert found is not None, symbol + unit.name
        assert found is find_unit(long_name), long_name
        assert found.plain_name == long_name
        if unit.name not in INEXACT:
            theirs = registry().Quantity(Fraction(1), long_name).to(pint_base(unit))
            assert Fraction(theirs.magnitude) == found.factor, long_name
        seen += 1
    assert seen > 150


def same_dimension() -> st.SearchStrategy[tuple[UnitEntry, UnitEntry]]:
    groups = [[one for one in KNOWN_TO_PINT if one.unit.dimension == entry.unit.dimension] for entry in KNOWN_TO_PINT]
    return st.sampled_from(groups).flatmap(lambda entries: st.tuples(*[st.sampled_from(entries)] * 2))


@given(AMOUNTS, same_dimension())
@settings(max_examples=200, deadline=None)
def test_conversions_are_what_pint_says_and_lead_back(number: Fraction, pair: tuple[UnitEntry, UnitEntry]) -> None:
    source, target = pair

    ours = convert(Quantity(number, ((source.unit, 1),)), ((target.unit, 1),))

    base = pint_base(source.unit)
    theirs = pint_quantity(number, source.unit.name, source.long_name).to(base).magnitude
    one = pint_quantity(Fraction(1), target.unit.name, target.long_name).to(base).magnitude
    none = pint_quantity(Fraction(0), target.unit.name, target.long_name).to(base).magnitude
    assert ours.number == (theirs - none) / (one - none)
    assert convert(ours, ((source.unit, 1),)).number == number


def test_a_radian_is_as_exact_as_it_is_said_to_be() -> None:
    with mpmath.workdps(60):
        difference = abs(mpmath.mpf(str(RADIAN_DEGREES)) - 180 / mpmath.pi)

    assert difference < Decimal("1e-54")


def test_no_spelling_stands_for_two_units() -> None:
    seen: dict[str, str] = {}
    for entry in ENTRIES:
        for spelling in (entry.unit.name, *entry.spellings):
            assert seen.setdefault(spelling, entry.unit.name) == entry.unit.name, spelling
    prefixed_spellings = [
        (symbol + spelling, row.symbols)
        for group in GROUPS
        for row in group.rows
        for symbol in row.prefixes.split()
        for spelling in row.symbols.split()
    ]
    for spelling, symbols in prefixed_spellings:
        assert spelling not in seen, f"{spelling} of {symbols}"
        seen[spelling] = symbols
    assert not seen.keys() & set(list_codes())


def test_each_spelling_can_be_typed_and_what_is_written_again() -> None:
    typed = [(entry, spelling) for entry in ENTRIES for spelling in (entry.unit.name, *entry.spellings)]
    for entry, spelling in typed:
        read = parse(f"5 {spelling}")
        assert isinstance(read, QuantityNode), spelling
        if entry.unit.name not in INEXACT:
            assert Fraction(scale_of(read.units)) * read.value == 5 * entry.unit.factor, spelling
        assert dimension_of(read.units) == entry.unit.dimension, spelling
        again = parse(f"5 {write_units(read.units)}")
        assert isinstance(again, QuantityNode), spelling
        assert scale_of(again.units) == scale_of(read.units), spelling


def rows() -> list[Row]:
    return [row for group in GROUPS for row in group.rows]


def test_each_spelling_of_the_table_finds_its_unit() -> None:
    for row in rows():
        symbols = row.symbols.split()
        for spelling in (*symbols, *row.words.split()):
            found = find_unit(spelling)
            assert found is not None
            assert found.name == symbols[0]


def test_the_base_unit_of_a_dimension_is_one() -> None:
    for label, entries in unit_groups():
        for entry in entries:
            assert dimension_of(entry.base.units) == entry.unit.dimension, label
            if entry.unit.name not in INEXACT:
                assert convert(Quantity(Fraction(1), ((entry.unit, 1),)), entry.base.units).number == entry.base.number


def test_what_the_reference_says_of_doubtful_spellings_is_so() -> None:
    for spelling, long_name, _ in CHOICES:
        found = find_unit(spelling)

        assert (found.plain_name if found else "") == long_name, spelling


def test_units_are_what_they_are_named_for() -> None:
    for name, parts in PARTS.items():
        unit = find_unit(name)
        assert unit is not None
        opened = tuple((part, power) for symbol, power in parts if (part := find_unit(symbol)))
        assert len(opened) == len(parts)
        assert (scale_of(opened), dimension_of(opened)) == (unit.factor, unit.dimension)


def test_what_is_suggested_for_other_words_is_there_and_they_are_not() -> None:
    for word, meant in MEANT.items():
        assert find_unit(word) is None, word
        assert all(find_unit(name) for name in meant), word


def test_most_letters_are_left_to_people() -> None:
    assert [letter for letter in "abcefiknpqruvxyzDEGIMOPQRUXYZ" if find_unit(letter)] == []
