"""Values as they are shown: short, in the person's own number format, and never more than they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.units import HOURS_MIXED, PERCENT_UNITS, convert, find_unit
from webapp.calculations.engine.values import Quantity, Units, Value
from webapp.calculations.engine.writing import (
    NumberStyle,
    details,
    explain,
    write_as_fraction,
    write_number,
    write_value,
)

ENGLISH = "1,234.5"
GERMAN = "1.234,5"
FRENCH = "1 234,5"
SWISS = "1'234.5"
BARE = "1234.5"
FORMATS = [ENGLISH, GERMAN, FRENCH, SWISS, BARE]


def units_of(*words: str) -> Units:
    """Return units from words such as `EUR` and `/h`."""
    found = []
    for word in words:
        unit = find_unit(word.removeprefix("/"))
        assert unit is not None
        found.append((unit, -1 if word.startswith("/") else 1))
    return tuple(found)


@pytest.mark.parametrize(
    "number,text",
    [
        (Fraction(0), "0"),
        (Fraction(-7), "-7"),
        (Fraction(5, 2), "2.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 3), "0.333333333333333…"),
        (Fraction(2, 3), "0.666666666666666…"),
        (Fraction(-22, 7), "-3.14285714285714…"),
        (Fraction(1, 10**9), "0.000000001"),
        (Fraction(1, 10**10), "1×10^-10"),
        (Fraction(2**100), "1267650600228229401496703205376"),
        (Fraction(10**34 - 1), "9" * 34),
        (Fraction(10**34), "1×10^34"),
        (Fraction(25 * 10**40), "2.5×10^41"),
        (Fraction(2**120), "1.32922799578491…×10^36"),
        (Fraction(10**17 + 1, 10), "10000000000000000.1"),
        (Fraction(10**22, 3), "3.33333333333333…×10^21"),
        (Fraction(10**16) + Fraction(1, 3), "10000000000000000…"),
        (Fraction(1, 10**4000), "1×10^-4000"),
        (Fraction(123456789012345678, 10**17), "1.23456789012345678"),
        (Fraction(int("1" * 34), 10**33), "1." + "1" * 33),
        (Fraction(int("1" * 35), 10**34), "1.11111111111111…"),
        (2 - Fraction(1, 10**50), "1.99999999999999…"),
        (Decimal("1.414213562373095048801688724209698"), "1.4142135623731"),
        (Decimal("2.000000000000000000000000000000001"), "2"),
        (Decimal("-1.5E-30"), "-1.5×10^-30"),
        (Decimal(123456789012345678), "1.23456789012346×10^17"),
        (Decimal("1E+9000"), "1×10^9000"),
        (Decimal(0), "0"),
    ],
)
def test_number_is_written_as_short_as_it_is_true(number: Fraction | Decimal, text: str) -> None:
    assert write_number(number) == text


@pytest.mark.parametrize(
    "number_format,large,small",
    [
        (ENGLISH, "−1,234,567.5", "1.5×10^−20"),
        (GERMAN, "−1.234.567,5", "1,5×10^−20"),
        (FRENCH, "−1\u202f234\u202f567,5", "1,5×10^−20"),
        (SWISS, "−1’234’567.5", "1.5×10^−20"),
        (BARE, "-1234567.5", "1.5×10^-20"),
    ],
)
def test_number_is_written_in_the_persons_format(number_format: str, large: str, small: str) -> None:
    settings = Settings(number_format)

    assert write_value(Quantity(Fraction(-12345675, 10)), settings) == large
    assert write_value(Quantity(Fraction(15, 10**21)), settings) == small


@pytest.mark.parametrize(
    "value,text",
    [
        (True, "true"),
        (False, "false"),
        (date(2026, 1, 31), "2026-01-31"),
        (Quantity(Decimal("0.5")), "≈ 0.5"),
        (Quantity(Fraction(30), PERCENT_UNITS), "30%"),
        (Quantity(Fraction(100, 3), PERCENT_UNITS), "33.3333333333333…%"),
        (Quantity(Fraction(5), ((units_of("m")[0][0], 2),)), "5 m^2"),
        (Quantity(Fraction(10**40), units_of("kg")), "(1×10^40) kg"),
        (Quantity(Fraction(6), units_of("workday")), "6 workdays"),
        (Quantity(Fraction(1), units_of("workday")), "1 workday"),
        (Quantity(Fraction(3, 2), units_of("century")), "1.5 centuries"),
        (Quantity(Fraction(6), units_of("km")), "6 km"),
        (Quantity(Fraction(6069, 16), units_of("EUR")), "379.31 EUR"),
        (Quantity(Fraction(85), units_of("EUR", "/h")), "85.00 EUR/h"),
        (Quantity(Fraction(1, 8), units_of("EUR", "/h")), "0.125 EUR/h"),
        (Quantity(Fraction(256, 3), units_of("EUR", "/h")), "85.3333333333333… EUR/h"),
        (Quantity(Fraction(5, 1000), units_of("EUR")), "0.00 EUR"),
        (Quantity(Fraction(15, 1000), units_of("EUR")), "0.02 EUR"),
        (Quantity(Fraction(-1, 1000), units_of("EUR")), "0.00 EUR"),
        (Quantity(Fraction(-1, 100), units_of("EUR")), "-0.01 EUR"),
        (Quantity(Fraction(5, 2), units_of("JPY")), "2 JPY"),
        (Quantity(Fraction(1), units_of("KWD")), "1.000 KWD"),
        (Quantity(Fraction(10**40), units_of("EUR")), "(1×10^40) EUR"),
        (Quantity(Decimal("1.005"), units_of("EUR")), "≈ 1.00 EUR"),
        (Quantity(Decimal("1E-9000"), units_of("EUR")), "≈ 0.00 EUR"),
        (Quantity(Decimal("1E+9000"), units_of("EUR")), "≈ (1×10^9000) EUR"),
    ],
)
def test_value_is_written_by_its_kind(value: Value, text: str) -> None:
    assert write_value(value, Settings()) == text


@pytest.mark.parametrize(
    "hours,text",
    [
        (Fraction(15, 4), "3 h 45 min"),
        (Fraction(-15, 4), "-3 h 45 min"),
        (Fraction(0), "0 min"),
        (Fraction(2), "2 h"),
        (Fraction(3, 4), "45 min"),
        (Fraction(5, 3600), "5 s"),
        (3 + Fraction(5, 3600), "3 h 5 s"),
        (Fraction(3723, 3600), "1 h 2 min 3 s"),
        (Fraction(3, 7200), "1.5 s"),
        (Fraction(10, 7), "1 h 25 min 42.857… s"),
        (Fraction(1, 36 * 10**9), "0.0000001 s"),
        (Fraction(1, 36 * 10**20), "(1×10^-18) s"),
        (Fraction(10**40), "(1×10^40) h"),
        (Decimal("1.333333333333333333"), "≈ 1 h 20 min"),
        (Decimal("1E+5000"), "≈ (1×10^5000) h"),
        (Decimal("1E-5000"), "≈ (1×10^-5000) h"),
    ],
)
def test_time_is_written_as_hours_minutes_and_seconds(hours: Fraction | Decimal, text: str) -> None:
    assert write_value(Quantity(hours, HOURS_MIXED), Settings()) == text


@pytest.mark.parametrize("number_format", FORMATS)
def test_sample_shows_the_style(number_format: str) -> None:
    assert NumberStyle.of(number_format).sample == number_format


def test_details_bracket_what_repeats() -> None:
    found = details(Quantity(Fraction(-22, 7)), Settings())

    assert found is not None
    assert found.decimal == "-3.(142857)"
    assert (found.before, found.repeating) == ("-3.", "142857")
    assert (found.fraction, found.mixed) == ("-22/7", "-3 - 1/7")
    assert found.scientific == "-3.14285714285714…×10^0"


@pytest.mark.parametrize(
    "number,decimal,is_cut",
    [
        (Fraction(7), "7", False),
        (Fraction(1, 8), "0.125", False),
        (Fraction(1, 6), "0.1(6)", False),
        (Fraction(1, 2**1001), None, True),
        (Fraction(7**4000, 3**8000), None, True),
        (Fraction(1, 10**4000), "1×10^-4000", True),
        (Decimal("1E+9000"), "1×10^9000", False),
        (Decimal("1.414213562373095048801688724209698"), "1.414213562373095048801688724209698", False),
    ],
)
def test_details_are_bounded(number: Fraction | Decimal, decimal: str | None, is_cut: bool) -> None:
    found = details(Quantity(number), Settings())

    assert found is not None
    assert found.is_cut is is_cut
    assert decimal is None or found.decimal == decimal
    assert len(found.decimal) < 1_100


@given(
    above=st.integers(-(10**6), 10**6),
    below=st.integers(1, 900),
    number_format=st.sampled_from(FORMATS),
)
def test_repeating_decimals_are_the_fraction(above: int, below: int, number_format: str) -> None:
    found = details(Quantity(Fraction(above, below)), Settings(number_format))

    assert found is not None
    style = NumberStyle.of(number_format)
    before = found.before.replace(style.minus, "-")
    for group in ("\u202f", "’", style.group):
        before = before.replace(group, "") if group else before
    whole, _, decimals = before.partition(style.point)
    first = Fraction(int(whole + decimals), 10 ** len(decimals))
    period = len(found.repeating)
    rest = Fraction(int(found.repeating), 10 ** len(decimals) * (10**period - 1)) if period else 0
    assert first + (rest if above >= 0 else -rest) == Fraction(above, below)


@pytest.mark.parametrize(
    "value,sentences",
    [
        (Quantity(Fraction(6069, 16), units_of("EUR")), ("Exactly 379.3125; rounded to the cent, half to even.",)),
        (Quantity(Fraction(100, 3), units_of("EUR")), ("Exactly 100/3; rounded to the cent, half to even.",)),
        (Quantity(Fraction(5, 2), units_of("JPY")), ("Exactly 2.5; rounded to whole amounts, half to even.",)),
        (Quantity(Fraction(10, 7), HOURS_MIXED), ("Exactly 10/7 h.",)),
        (Quantity(Fraction(318), units_of("EUR")), ()),
        (Quantity(Fraction(1, 3), units_of("EUR", "/h")), ()),
        (Quantity(Fraction(1, 3)), ()),
        (Quantity(Decimal("1.005"), units_of("EUR")), ("Not exact; rounded to the cent, half to even.",)),
        (True, ()),
    ],
)
def test_what_was_rounded_is_said(value: Value, sentences: tuple[str, ...]) -> None:
    assert explain(value, Settings()) == sentences


@pytest.mark.parametrize(
    "value,text",
    [
        (Quantity(Fraction(-22, 7)), "-22/7"),
        (Quantity(Fraction(4)), "4"),
        (Quantity(Fraction(5, 4), units_of("h")), "(5/4) h"),
        (Quantity(Fraction(1, 3), PERCENT_UNITS), "(1/3)%"),
        (Quantity(Decimal("0.5")), "≈ 0.5"),
        (True, "true"),
    ],
)
def test_amount_is_written_as_a_fraction(value: Value, text: str) -> None:
    assert write_as_fraction(value, Settings()) == text


_NUMBERS = st.builds(
    lambda digits, power: Fraction(digits) * Fraction(10) ** power, st.integers(-(10**34), 10**34), st.integers(-60, 40)
)


@given(number=_NUMBERS, number_format=st.sampled_from(FORMATS))
def test_number_that_is_not_cut_can_be_typed_again(number: Fraction, number_format: str) -> None:
    settings = Settings(number_format)
    text = write_value(Quantity(number), settings)

    assert evaluate(text, settings=settings).exact == number


@given(
    number=st.fractions(-(10**6), 10**6, max_denominator=1000).map(lambda number: Fraction(round(number * 100), 100)),
    units=st.sampled_from(
        [PERCENT_UNITS, units_of("EUR"), units_of("EUR", "/h"), units_of("km", "/h"), units_of("kg")]
    ),
    number_format=st.sampled_from(FORMATS),
)
def test_amount_can_be_typed_again(number: Fraction, units: Units, number_format: str) -> None:
    settings = Settings(number_format)
    again = evaluate(write_value(Quantity(number, units), settings), settings=settings).value

    assert isinstance(again, Quantity)
    assert (again.number, again.units) == (number, units)


@given(seconds=st.integers(-(10**9), 10**9), number_format=st.sampled_from(FORMATS))
def test_time_can_be_typed_again(seconds: int, number_format: str) -> None:
    settings = Settings(number_format)
    text = write_value(Quantity(Fraction(seconds, 3_600_000), HOURS_MIXED), settings)
    again = evaluate(text, settings=settings).value

    assert isinstance(again, Quantity)
    assert convert(again, HOURS_MIXED).number == Fraction(seconds, 3_600_000)


def read_shown(text: str) -> tuple[Fraction, Fraction]:
    """Return the number that is shown, and one of its last digit."""
    mantissa, _, power = text.removesuffix("…").replace("…×", "×").partition("×10^")
    decimals = len(mantissa.partition(".")[2])
    scale = Fraction(10) ** int(power or 0)
    return Fraction(mantissa) * scale, scale / 10**decimals


@given(number=st.fractions(max_denominator=10**40), power=st.integers(-60, 60))
def test_cut_number_shows_right_digits_only(number: Fraction, power: int) -> None:
    exactly = number * Fraction(10) ** power
    text = write_number(exactly)
    shown, last = read_shown(text)

    if "…" in text:
        assert 0 < abs(exactly) - abs(shown) < last
        assert shown * exactly >= 0
    else:
        assert shown == exactly


@given(number=st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number.adjusted()) < 900))
def test_inexact_number_is_rounded_to_15_digits(number: Decimal) -> None:
    shown, _ = read_shown(write_number(number))

    assert abs(shown - Fraction(number)) * 2 <= Fraction(10) ** (number.adjusted() - 14)
