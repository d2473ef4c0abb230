"""The whole engine against others: Python's own Fraction, and the answers on which published calculators agree."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculations.engine.running import run
from webapp.calculations.engine.errors import CalculationError, Code

# How tightly signs hold, in Python as here; brackets are written only where these ask for them.
SUM, PRODUCT, MINUS, POWER, ATOM = 1, 2, 3, 4, 5
# Of numerator and denominator: far inside of what is exact.
MOST_BITS = 4_000


class Part(NamedTuple):
    """Text, what it is in fractions (None when something in it is divided by zero), and what holds it together."""

    text: str
    value: Fraction | None
    binding: int

    def within(self, binding: int) -> str:
        """Return the text as it stands beside a sign that holds so tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


def is_small(part: Part) -> bool:
    return part.value is None or (part.value.numerator.bit_length() + part.value.denominator.bit_length()) < MOST_BITS


def join(sign: str, left: Part, right: Part) -> Part:
    binding = SUM if sign in "+-" else PRODUCT
    text = f"{left.within(binding)} {sign} {right.within(binding + 1)}"
    if left.value is None or right.value is None or (sign not in "+-*" and right.value == 0):
        return Part(text, None, binding)
    return Part(text, _SIGNS[sign](left.value, right.value), binding)


_SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "mod": lambda left, right: left % right,
    "div": lambda left, right: Fraction(left // right),
}


def raise_to(base: Part, exponent: int) -> Part:
    text = f"{base.within(ATOM)} ^ {exponent}"
    if base.value is None or (base.value == 0 and exponent < 0):
        return Part(text, None, POWER)
    return Part(text, base.value**exponent, POWER)


def negate(part: Part) -> Part:
    return Part(f"-{part.within(MINUS)}", None if part.value is None else -part.value, MINUS)


numerals = st.decimals(min_value=0, max_value=10_000, places=3).map(lambda number: f"{number:f}") | st.integers(
    0, 10**12
).map(str)
numbers = numerals.map(lambda text: Part(text, Fraction(text), ATOM))
parts = st.recursive(
    numbers,
    lambda inner: (
        st.builds(join, st.sampled_from(list(_SIGNS)), inner, inner)
        | st.builds(raise_to, inner, st.integers(-3, 4))
        | st.builds(negate, inner)
    ).filter(is_small),
    max_leaves=12,
)


def exactly(text: str) -> Fraction:
    result, _ = run(text)
    assert result.exact is not None
    assert not result.is_inexact
    return result.exact


@settings(max_examples=250)
@given(parts)
def test_arithmetic_is_that_of_pythons_fractions_and_so_is_its_reading(part: Part) -> None:
    if part.value is None:
        with pytest.raises(CalculationError) as refused:
            run(part.text)
        assert refused.value.code is Code.DIVISION_BY_ZERO
    else:
        result, _ = run(part.text)
        assert (result.exact, result.is_inexact) == (part.value, False)
        assert exactly(result.reading) == part.value


@given(*[numerals] * 3)
def test_sums_and_products_are_associative_and_distributive(a: str, b: str, c: str) -> None:
    assert exactly(f"({a} + {b}) + {c}") == exactly(f"{a} + ({b} + {c})")
    assert exactly(f"({a} * {b}) * {c}") == exactly(f"{a} * ({b} * {c})")
    assert exactly(f"{a} * ({b} + {c})") == exactly(f"{a} * {b} + {a} * {c}")


@given(numerals, st.lists(st.integers(0, 200), max_size=5))
def test_percentages_are_of_what_stands_before_them(amount: str, percents: list[int]) -> None:
    value = Fraction(amount)
    for percent in percents:
        value *= 1 + Fraction(percent, 100)

    assert exactly(amount + "".join(f" + {percent}%" for percent in percents)) == value


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_what_is_divided_and_multiplied_again_is_itself(a: int, b: int) -> None:
    assert exactly(f"{a} / {b} * {b}") == a


# What the documentation or the tests of others say, as they write it where that can be typed here: Q Qalculate,
# S SpeedCrunch, M math.js, N Numbat, F fend, I Numi, V Soulver. Where we differ on purpose, the reference says why.
YARDSTICK = [
    ("1 + 2 * 3", "7", "QSMNFIV"),
    ("0.1 + 0.2", "0.3", "QSNF"),
    ("1/3*3", "1", "QF"),
    ("-2^2", "-4", "QSMNF"),
    ("-1!", "-1", "SM"),
    ("3^3^3", "7625597484987", "SMNF"),
    ("4 ** 3 ** 2", "262144", "QN"),
    ("2^-3", "0.125", "QSMNF"),
    ("1/-1^2", "-1", "S"),
    ("1*-1^2", "-1", "S"),
    ("(5-7)^2", "4", "S"),
    ("5--2", "7", "QS"),
    ("5---2", "3", "Q"),
    ("-5-2", "-7", "Q"),
    ("3 × 4", "12", "QNFI"),
    ("3 mod -2", "-1", "Q"),
    ("7 mod 3", "1", "QMNFI"),
    ("5 div 2", "2", "Q"),
    ("5!", "120", "QSMNF"),
    ("6 (3)", "18", "MI"),
    ("2(3+4)", "14", "QMNFI"),
    ("sqrt(16)", "4", "QSMNF"),
    ("10% + 5%", "15%", "QV"),
    ("10% - 6%", "4%", "Q"),
    ("123% - 3% + 10%", "130%", "Q"),
    ("10% * 2%", "0.2%", "Q"),
    ("10% / 2%", "5", "Q"),
    ("100 + 10%", "110", "QMIV"),
    ("100 + 10% + 10%", "121", "Q"),
    ("100 - 10%", "90", "QMIV"),
    ("100 - 10% - 10%", "81", "Q"),
    ("100 * 10%", "10", "QMN"),
    ("100 / 10%", "1000", "QM"),
    ("10 m + 20%", "12 m", "Q"),
    ("20% of $10", "2.00 USD", "I"),
    ("$10 - 40%", "6.00 USD", "I"),
    ("10% off 200", "180", "V"),
    ("10% on 200", "220", "IV"),
    ("20 as % of 80", "25%", "IV"),
    ("1 ft to cm", "30.48 cm", "QMNF"),
    ("5 ft 10 in to cm", "177.8 cm", "F"),
    ("30 °C to °F", "86 °F", "QMNF"),
    ("100 °C to °F", "212 °F", "QMNF"),
    ("20 cm in inch", "7.87401574803149… in", "MI"),
    ("3 inch to cm", "7.62 cm", "MNF"),
    ("1 m 20 cm to cm", "120 cm", "I"),
    ("12 h to min", "720 min", "MNF"),
    ("90 km/h to m/s", "25 m/s", "MNF"),
    ("2020-05-20 + 523 d", "2021-10-25", "Q"),
    ("2020-11-05 - 2020-10-05", "31 d", "Q"),
    ("2020-10-05 - 2020-10-15", "-10 d", "Q"),
]


@pytest.mark.parametrize("text,answer", [(text, answer) for text, answer, _ in YARDSTICK])
def test_what_calculators_agree_on_is_so_here(text: str, answer: str) -> None:
    result, _ = run(text)

    assert result.text == answer
