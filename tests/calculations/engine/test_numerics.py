"""Arithmetic on exact and inexact numbers, against Python's own fractions and against mpmath."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from webapp.calculations.engine import numerics
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import EXACT_BITS, INEXACT_DIGITS, MAGNITUDE
from webapp.calculations.engine.values import Number

FRACTIONS = st.fractions(max_denominator=10**12)
POSITIVE = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)
DECIMALS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=8)
HUGE = Fraction(2**EXACT_BITS - 1)


def near(found: Number, wanted: Fraction, digits: int = INEXACT_DIGITS - 1) -> bool:
    return bool(abs(Fraction(found) - wanted) * 10**digits <= abs(wanted))


@given(FRACTIONS, FRACTIONS)
def test_fractions_are_exact(left: Fraction, right: Fraction) -> None:
    assert numerics.add(left, right) == left + right
    assert numerics.subtract(left, right) == left - right
    assert numerics.multiply(left, right) == left * right
    assert numerics.compare(left, right) == (left > right) - (left < right)
    if right:
        assert numerics.divide(left, right) == left / right
        assert numerics.modulus(left, right) == left % right
        assert numerics.floor_divide(left, right) == left // right


@given(FRACTIONS, DECIMALS)
def test_one_inexact_number_makes_the_result_inexact(left: Fraction, right: Decimal) -> None:
    assume(right)
    exactly = Fraction(right)

    for found, wanted in (
        (numerics.multiply(left, right), left * exactly),
        (numerics.divide(left, right), left / exactly),
    ):
        assert isinstance(found, Decimal) == bool(left)
        assert near(found, wanted)
    total = numerics.add(left, right)
    assert isinstance(total, Decimal)
    assert abs(Fraction(total) - (left + exactly)) * 10 ** (INEXACT_DIGITS - 2) <= abs(left) + abs(exactly)


@given(FRACTIONS, st.integers(-30, 30))
def test_whole_powers_are_exact(base: Fraction, exponent: int) -> None:
    assume(base or exponent >= 0)

    found = numerics.power(base, Fraction(exponent))

    assert isinstance(found, Decimal) or found == base**exponent


@given(POSITIVE, st.integers(1, 12))
def test_roots_of_powers_are_exact(number: Fraction, degree: int) -> None:
    assert numerics.root(number**degree, degree) == number
    if degree % 2:
        assert numerics.root(-(number**degree), degree) == -number


@given(POSITIVE, st.fractions(min_value=-60, max_value=60, max_denominator=50))
def test_powers_are_right_to_34_digits(base: Fraction, exponent: Fraction) -> None:
    found = numerics.power(base, exponent)

    with mpmath.workdps(80):
        wanted = mpmath.power(
            mpmath.mpf(base.numerator) / base.denominator, mpmath.mpf(exponent.numerator) / exponent.denominator
        )
        given_ = Fraction(found)
        apart = abs(mpmath.mpf(given_.numerator) / given_.denominator / wanted - 1)
        assert apart <= mpmath.mpf(10) ** (1 - INEXACT_DIGITS)


@pytest.mark.parametrize(
    "base, exponent, start",
    [
        # A base as close to 1 as this counts in the end.
        (1 + Fraction(1, 10**99), Fraction(10**90), "1.00000000100000000050000000016"),
        (1 + Fraction(1, 10**99), Fraction(10**100), "22026.46579480671651695790064528"),
        (1 - Fraction(1, 10**900), Fraction(10**900), "0.36787944117144232159552377016"),
    ],
)
def test_a_base_close_to_one_keeps_its_digits(base: Fraction, exponent: Fraction, start: str) -> None:
    assert str(numerics.power(base, exponent)).startswith(start)


@given(st.integers(0, 10**60), st.integers(1, 200))
def test_whole_roots(number: int, degree: int) -> None:
    root = numerics.whole_root(number, degree)

    assert root**degree <= number < (root + 1) ** degree


@settings(max_examples=50)
@given(st.integers(1, 2**14), st.integers(2, 1_000), st.integers(-1, 1))
def test_whole_roots_of_the_longest_numbers(root: int, degree: int, beside: int) -> None:
    number = root**degree + beside
    found = numerics.whole_root(number, degree)

    assert found**degree <= number < (found + 1) ** degree


def test_what_is_too_long_to_be_exact_is_kept_to_34_digits() -> None:
    assert numerics.add(HUGE, Fraction(0)) == HUGE
    assert isinstance(numerics.add(HUGE, Fraction(0)), Fraction)

    found = numerics.add(HUGE, Fraction(1))

    assert isinstance(found, Decimal)
    assert len(found.as_tuple().digits) <= INEXACT_DIGITS
    assert near(found, HUGE + 1)
    assert isinstance(numerics.multiply(Fraction(1, 3), HUGE), Fraction), "it is judged as a reduced fraction"


@pytest.mark.parametrize(
    "base, exponent, is_small",
    [
        (Fraction(9), Fraction(9**9), False),
        (Fraction(9), Fraction(-(9**9)), True),
        (Fraction(1, 9), Fraction(10**400), True),
        (Fraction(-3), Fraction(10**400 + 1), False),
        (Decimal(10), Fraction(MAGNITUDE + 1), False),
        (Fraction(10), Decimal("1E+9000"), False),
        (1 + Fraction(1, 10**20), Fraction(10**400), False),
    ],
)
def test_powers_are_judged_before_they_are_worked_out(base: Number, exponent: Number, is_small: bool) -> None:
    with pytest.raises(CalculationError) as refusal:
        numerics.power(base, exponent)

    assert refusal.value.code == Code.TOO_LARGE
    assert ("closer to zero" in refusal.value.message) == is_small


@pytest.mark.parametrize("base", [Fraction(1), Fraction(-1)])
def test_one_has_any_power(base: Fraction) -> None:
    assert numerics.power(base, Fraction(10**900)) == 1
    assert numerics.power(base, Fraction(10**900 + 1)) == base


@pytest.mark.parametrize("zero", [Fraction(0), Decimal(0), Decimal("-0E+10")])
@pytest.mark.parametrize("number", [Fraction(3), Decimal("2.5"), Fraction(0), Decimal(0)])
def test_nothing_is_divided_by_zero(number: Number, zero: Number) -> None:
    for work in (numerics.divide, numerics.modulus, numerics.floor_divide):
        with pytest.raises(CalculationError) as refusal:
            work(number, zero)
        assert refusal.value.code == Code.DIVISION_BY_ZERO


def test_a_negative_decimal_keeps_its_digits() -> None:
    number = Decimal("1.234567890123456789012345678901234")

    assert numerics.negate(number) == Decimal("-1.234567890123456789012345678901234")


@pytest.mark.parametrize(
    "number, written",
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(-5), "-5"),
        (Fraction(10**40), "1" + "0" * 40),
        (Fraction(1, 3), "0.3333333333333333333333333333333333"),
        (Fraction(1, 2**200), str(Fraction(5**200)) + "E-200"),
    ],
)
def test_decimals_have_all_digits_where_they_end(number: Fraction, written: str) -> None:
    assert numerics.write_decimal(number) == Decimal(written)
    assert len(numerics.write_decimal(number).as_tuple().digits) == len(Decimal(written).as_tuple().digits)


@given(st.integers(1, 2**EXACT_BITS - 1), st.integers(1, 2**EXACT_BITS - 1), st.booleans())
def test_long_fractions_become_the_nearest_decimal(above: int, below: int, is_negative: bool) -> None:
    number = Fraction(-above if is_negative else above, below)
    context = Context(prec=INEXACT_DIGITS + 6, Emin=-99_999, Emax=99_999)

    assert numerics.to_decimal(number) == context.divide(Decimal(number.numerator), Decimal(number.denominator))


@pytest.mark.parametrize("power", [1, 2, 1_000, 6_000])
def test_a_long_power_of_five_is_known_from_its_neighbours(power: int) -> None:
    written = numerics.write_decimal(Fraction(3, 5**power))
    beside = numerics.write_decimal(Fraction(3, 5**power + 2))

    assert Fraction(written) == Fraction(3, 5**power)
    assert len(beside.as_tuple().digits) == 34


def test_digits_that_end_too_late_are_not_written() -> None:
    assert len(numerics.write_decimal(Fraction(1, 2**13_999)).as_tuple().digits) == 34
