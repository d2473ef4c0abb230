"""The functions and constants that everybody has: what they answer, what they refuse, and how much they do."""

from __future__ import annotations

import math
import re
import statistics
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.functions import BUILT_INS, CONSTANTS, FUNCTIONS
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.engine.units import find_unit
from webapp.calculations.engine.values import Quantity

FRACTIONS = st.fractions(-(10**6), 10**6, max_denominator=10**4)


def test_examples_are_answered_as_they_say() -> None:
    for built_in in BUILT_INS:
        for typed, answered in built_in.examples:
            assert evaluate(typed).text == answered, typed


def test_each_row_of_the_table_is_complete() -> None:
    for built_in in BUILT_INS:
        assert built_in.label
        assert built_in.group
        assert built_in.reading.startswith(f"{built_in.name}(")
        assert 1 <= built_in.fewest <= built_in.most
        assert built_in.examples


def test_each_name_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs" / "calculations.md").read_text(encoding="utf-8")
    written = {name for code in re.findall(r"`([^`]+)`", page) for name in re.findall(r"[a-z][a-z0-9]*", code)}

    assert set(FUNCTIONS) | set(CONSTANTS) <= written


def test_minutes_written_as_metres_are_pointed_out() -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate("sum(1h 30m; 45m)")

    assert refused.value.hint == "“m” alone is metres: write “min” for minutes."


def test_no_name_stands_twice() -> None:
    names = [name for each in BUILT_INS for name in (each.name, *each.aliases)]

    assert len(names) == len(set(names)) == len(FUNCTIONS)
    assert not set(names) & set(CONSTANTS)
    assert not [name for name in CONSTANTS if find_unit(name)]


@pytest.mark.parametrize(
    "typed,answered",
    [
        ("round(-2.5)", "-3"),
        ("round(2.4999)", "2"),
        ("round(1/3; 4)", "0.3333"),
        ("round(12.345 EUR; 1)", "12.30 EUR"),
        ("round(7.3 km; 500 m)", "7.5 km"),
        ("round(3h 53m; 15 min)", "4 h"),
        ("round(12.34%)", "12%"),
        ("round(12.34%; 0.5%)", "12.5%"),
        ("ceil(-2.9)", "-2"),
        ("ceil(61 min; h)", "120 min"),
        ("floor(-7h 5m; 1 h)", "-8 h"),
        ("floor(1299; -2)", "1200"),
        ("round(sqrt(2); 3)", "≈ 1.414"),
        ("min(1 km; 900 m; 2 mi)", "900 m"),
        ("max(10%; 0.2)", "0.2"),
        ("min(2026-03-01; 2026-02-28)", "2026-02-28"),
        ("sum(1 km; 500 m)", "1.5 km"),
        ("sum(10%; 20%)", "30%"),
        ("average(10%; 20%)", "15%"),
        ("avg(1h 30m; 30 min)", "1 h"),
        ("median(3 km; 100 m; 1 km; 2 km)", "1.5 km"),
        ("median(7)", "7"),
        ("median(20 °C; 30 °C; 68 °F)", "20 °C"),
        ("avg(20 °C; 30 °C)", "25 °C"),
        ("sign(0)", "0"),
        ("abs(-sqrt(2))", "≈ 1.4142135623731"),
        ("abs(3h - 5h)", "2 h"),
        ("sin(90 deg)", "1"),
        ("sin(0.5 turn)", "0"),
        ("sin(100 grad)", "1"),
        ("sin(1 rad)", "≈ 0.841470984807897"),
        ("sin(1000 mrad)", "≈ 0.841470984807897"),
        ("cos(pi/2)", "≈ 0"),
        ("tan(pi)", "≈ 0"),
        ("exp(50%)", "≈ 1.64872127070013"),
        ("ln(8 m / 8 m)", "0"),
        ("log(100; 10)", "2"),
        ("log2(1/8)", "-3"),
        ("fact(0)", "1"),
        ("0!", "1"),
        ("ncr(5; 7)", "0"),
        ("ncr(0; 0)", "1"),
        ("npr(5; 0)", "1"),
        ("gcd(-12; 18; 27)", "3"),
        ("gcd(0; 5)", "5"),
        ("lcm(4; 0)", "0"),
        ("lcm(10^4000; 10^4000 + 1; 10^4000 - 1; 0)", "0"),
        ("gcd(sqrt(2)^2 * 6; 9)", "≈ 3"),
        ("weekday(2026-11-22)", "7"),
        ("days(2026-03-01; 2026-01-01)", "-59 d"),
        ("workdays(2026-11-21; 2026-11-22)", "0 workdays"),
        ("tau / pi", "≈ 2"),
    ],
)
def test_function_answers(typed: str, answered: str) -> None:
    assert evaluate(typed).text == answered


@pytest.mark.parametrize(
    "typed,answered",
    [
        ("sin(30)", "0.5"),
        ("cos(60)", "0.5"),
        ("asin(1/2)", "30 deg"),
        ("acos(0)", "90 deg"),
        ("atan(-1)", "-45 deg"),
        ("sin(pi * 1 rad)", "≈ 0"),
        ("sin(asin(0.3))", "≈ 0.3"),
    ],
)
def test_plain_number_is_an_angle_in_degrees_for_those_who_set_it(typed: str, answered: str) -> None:
    assert evaluate(typed, settings=Settings(angle=Angle.DEGREES)).text == answered


@pytest.mark.parametrize(
    "typed,code,caret,words",
    [
        ("abs()", Code.ARGUMENTS, "abs()", "abs takes one value, not none."),
        ("abs(1; 2)", Code.ARGUMENTS, "abs(1; 2)", "abs takes one value, not 2."),
        ("ncr(1)", Code.ARGUMENTS, "ncr(1)", "ncr takes 2 values, not 1."),
        ("log(1; 2; 3)", Code.ARGUMENTS, "log(1; 2; 3)", "log takes 1 or 2 values, not 3."),
        ("abs(2026-01-01)", Code.WRONG_KIND, "2026-01-01", "abs takes numbers, and this is a day."),
        ("max(1; 1 < 2)", Code.WRONG_KIND, "1 < 2", "max takes numbers, and this is true or false."),
        ("max(2026-01-01; 3)", Code.WRONG_KIND, "3", "max takes days or numbers, not both."),
        ("max(1 km; 2 kg)", Code.UNIT_MISMATCH, "2 kg", "mass"),
        ("sum(1; 2 km)", Code.UNIT_MISMATCH, "2 km", "the first is a plain number, this is a length"),
        ("sum(200; 10%)", Code.UNIT_MISMATCH, "10%", "of what would the percentage be?"),
        ("avg(10%; 3)", Code.UNIT_MISMATCH, "3", "not both"),
        ("median(1 EUR; 2 USD)", Code.UNIT_MISMATCH, "2 USD", "money in EUR, this is money in USD"),
        ("round(2.5; 0.5)", Code.NOT_WHOLE, "0.5", "a whole number of digits"),
        ("round(2.5; 2000)", Code.TOO_LARGE, "2000", "at most 999 digits"),
        ("round(3h; 0 min)", Code.OUT_OF_DOMAIN, "0 min", "steps above zero"),
        ("round(3h; 5 kg)", Code.UNIT_MISMATCH, "5 kg", "cannot be converted"),
        ("ln(5 kg)", Code.WRONG_KIND, "5 kg", "ln takes a plain number, and this is a mass."),
        ("ln(0)", Code.OUT_OF_DOMAIN, "ln(0)", "above 0"),
        ("log(8; 1)", Code.OUT_OF_DOMAIN, "1", "base"),
        ("log(-8; 1)", Code.OUT_OF_DOMAIN, "-8", "above 0"),
        ("log(-8; 2)", Code.OUT_OF_DOMAIN, "-8", "above 0"),
        ("sqrt(-4)", Code.OUT_OF_DOMAIN, "sqrt(-4)", "negative"),
        ("sin(5 kg)", Code.WRONG_KIND, "5 kg", "sin takes an angle, and this is a mass."),
        ("tan(90 deg)", Code.OUT_OF_DOMAIN, "tan(90 deg)", "quarter turn"),
        ("asin(2)", Code.OUT_OF_DOMAIN, "asin(2)", "from -1 to 1"),
        ("fact(2.5)", Code.NOT_WHOLE, "2.5", "A factorial takes whole numbers"),
        ("2.5!", Code.NOT_WHOLE, "2.5!", "A factorial takes whole numbers"),
        ("(3 kg)!", Code.WRONG_KIND, "(3 kg)!", "A factorial takes a plain number, and this is a mass."),
        ("fact(-1)", Code.OUT_OF_DOMAIN, "-1", "0 or more"),
        ("fact(1001)", Code.TOO_LARGE, "1001", "1000"),
        ("ncr(-1; 2)", Code.OUT_OF_DOMAIN, "-1", "0 or more"),
        ("npr(5; 1/2)", Code.NOT_WHOLE, "1/2", "whole"),
        ("gcd(4; 2.5)", Code.NOT_WHOLE, "2.5", "whole"),
        ("gcd(4; pi * 10^40)", Code.NOT_WHOLE, "pi * 10^40", "whole"),
        ("days(2026-01-01; 5)", Code.WRONG_KIND, "5", "days takes days, and this is a plain number."),
        ("weekday(5 kg)", Code.WRONG_KIND, "5 kg", "a mass"),
    ],
)
def test_function_refuses_with_a_sentence_at_its_place(typed: str, code: Code, caret: str, words: str) -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate(typed)

    error = refused.value
    assert error.code is code
    assert words in error.message
    assert error.position is not None
    assert typed[error.position : error.end] == caret
    assert error.message.endswith((".", "?"))


@pytest.mark.parametrize(
    "typed",
    [
        "ncr(1000000; 500000)",
        "ncr(40000; 20000)",
        "ncr(10^4000; 3)",
        "ncr(10^4000; 10^3999)",
        "ncr(10^4000; 3000)",
        "ncr(10^9; 5*10^8)",
        "npr(1000000; 500000)",
        "npr(10^4000; 10^4000)",
        "npr(100000; 100000)",
        "exp(1000000)",
        "exp(10^4000)",
        "sinh(-10^4000)",
        "cosh(10^9)",
        "fact(10^4000)",
    ],
)
def test_what_is_too_large_is_refused_before_it_is_worked_out(typed: str) -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate(typed)

    assert refused.value.code is Code.TOO_LARGE


def test_result_of_too_many_bits_is_no_longer_exact() -> None:
    assert evaluate("fact(1000)").exact == math.factorial(1000)
    assert evaluate("ncr(14000; 7000)").exact == math.comb(14000, 7000)

    result = evaluate("ncr(20000; 10000)")

    assert result.is_inexact
    assert result.text == "≈ " + f"{Decimal(math.comb(20_000, 10_000)):.14e}".replace("e+", "×10^")


@given(numbers=st.lists(FRACTIONS, min_size=1, max_size=12))
def test_statistics_are_those_of_the_standard_library(numbers: list[Fraction]) -> None:
    quantities = [Quantity(number) for number in numbers]
    found = {name: FUNCTIONS[name].apply(quantities, Settings()) for name in ("sum", "avg", "median", "min", "max")}

    assert {name: value.number for name, value in found.items() if isinstance(value, Quantity)} == {
        "sum": sum(numbers),
        "avg": statistics.mean(numbers),
        "median": statistics.median(numbers),
        "min": min(numbers),
        "max": max(numbers),
    }


@given(number=FRACTIONS, digits=st.integers(-8, 8))
def test_rounding_goes_to_a_neighbour_on_the_grid(number: Fraction, digits: int) -> None:
    step = Fraction(10) ** -digits
    arguments = [Quantity(number), Quantity(Fraction(digits))]
    results = [FUNCTIONS[name].apply(arguments, Settings()) for name in ("floor", "round", "ceil")]
    down, nearest, up = (Fraction(result.number) for result in results if isinstance(result, Quantity))

    assert down <= number <= up
    assert up - down in {0, step}
    assert nearest in {down, up}
    assert abs(nearest - number) <= step / 2


@pytest.mark.parametrize(
    "name", ["sqrt", "cbrt", "abs", "round", "floor", "ceil", "sign", "exp", "sin", "atan", "fact"]
)
def test_inexact_argument_makes_the_result_inexact(name: str) -> None:
    value = FUNCTIONS[name].apply([Quantity(Decimal(2))], Settings())

    assert isinstance(value, Quantity)
    assert isinstance(value.number, Decimal)


def test_a_common_multiple_is_given_up_once_it_is_too_large() -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate(f"lcm({'; '.join(f'7^4000 + {more}' for more in range(50))})")

    assert refused.value.code is Code.TOO_LARGE
