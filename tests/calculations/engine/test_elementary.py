"""
Exponentials, logarithms, angles: held against mpmath, which works with hundreds of digits here.

The rule: an error of at most half of the last of 34 digits, give or take a thousandth of that.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from webapp.calculations.engine import angles, elementary
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.settings import Angle
from webapp.calculations.engine.values import Number

DEG, RAD = Angle.DEGREES, Angle.RADIANS
PI = Decimal("3.141592653589793238462643383279503")
HALF_PI = Decimal("1.570796326794896619231321691639751")

# Numbers of every size, and those where digits cancel out: close to 0, to 1 and to multiples of π/2.
_NEAR_A_QUARTER = st.builds(
    lambda quarters, digits: Fraction(
        int(mpmath.floor(mpmath.pi * quarters / 2 * mpmath.mpf(10) ** digits)), 10**digits
    ),
    st.integers(1, 10**6),
    st.integers(5, 90),
)
_NEAR_ONE = st.builds(
    lambda sign, above, digits: sign * (1 + Fraction(above, 10**digits)),
    st.sampled_from([-1, 1]),
    st.integers(-9, 9),
    st.integers(1, 300),
)
_OF_ANY_SIZE = st.builds(
    lambda digits, power: Fraction(digits) * Fraction(10) ** power,
    st.integers(-(10**40), 10**40),
    st.integers(-120, 60),
)
NUMBERS: st.SearchStrategy[Number] = st.one_of(
    st.fractions(-60, 60, max_denominator=1000),
    _OF_ANY_SIZE,
    _NEAR_ONE,
    st.decimals(-30, 30, places=33).filter(lambda number: len(number.as_tuple().digits) <= 34),
)


@pytest.fixture(autouse=True)
def digits() -> None:
    mpmath.mp.dps = 700


def errors_in_last_digits(found: Number, truth: mpmath.mpf) -> float:
    """Return by how many of its 34th digit a result is off."""
    if not truth:
        return 0.0 if not found else float("inf")
    last = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(abs(truth))) - 33)
    return float(abs(to_mpmath(found) - truth) / last)


def to_mpmath(number: Number) -> mpmath.mpf:
    if isinstance(number, Fraction):
        return mpmath.mpf(number.numerator) / number.denominator
    return mpmath.mpf(str(number))


def anywhere(number: Number) -> Number:
    return number


def up_to_20_000(number: Number) -> Number:
    return number if -20_000 < number < 20_000 else 1 / Fraction(number)


def above_0(number: Number) -> Number:
    return abs(Fraction(number)) or Fraction(1)


def from_1(number: Number) -> Number:
    return 1 + abs(Fraction(number))


def between_ones(number: Number) -> Number:
    return number if -1 < number < 1 else 1 / Fraction(number) / 2


@pytest.mark.parametrize(
    "ours,theirs,fit",
    [
        (elementary.exp, mpmath.exp, up_to_20_000),
        (elementary.ln, mpmath.log, above_0),
        (elementary.log, mpmath.log10, above_0),
        (elementary.sinh, mpmath.sinh, up_to_20_000),
        (elementary.cosh, mpmath.cosh, up_to_20_000),
        (elementary.tanh, mpmath.tanh, anywhere),
        (elementary.asinh, mpmath.asinh, anywhere),
        (elementary.acosh, mpmath.acosh, from_1),
        (elementary.atanh, mpmath.atanh, between_ones),
        (angles.asin, mpmath.asin, between_ones),
        (angles.acos, mpmath.acos, between_ones),
        (angles.atan, mpmath.atan, anywhere),
    ],
)
@given(number=NUMBERS)
@settings(max_examples=40)
def test_function_is_right_to_34_digits(
    ours: Callable[[Number], Number],
    theirs: Callable[[mpmath.mpf], mpmath.mpf],
    fit: Callable[[Number], Number],
    number: Number,
) -> None:
    fitting = fit(number)

    assert errors_in_last_digits(ours(fitting), theirs(to_mpmath(fitting))) < 0.5005


@pytest.mark.parametrize("ours,theirs", [(angles.sin, mpmath.sin), (angles.cos, mpmath.cos), (angles.tan, mpmath.tan)])
@given(number=st.one_of(st.fractions(-60, 60, max_denominator=1000), _OF_ANY_SIZE, _NEAR_A_QUARTER))
@settings(max_examples=60)
def test_exact_angle_is_right_to_34_digits(
    ours: Callable[[Number], Number], theirs: Callable[[mpmath.mpf], mpmath.mpf], number: Fraction
) -> None:
    assert errors_in_last_digits(ours(number), theirs(to_mpmath(number))) < 0.5005


@pytest.mark.parametrize("ours,theirs", [(angles.sin, mpmath.sin), (angles.cos, mpmath.cos), (angles.tan, mpmath.tan)])
@given(number=_OF_ANY_SIZE)
@settings(max_examples=40)
def test_exact_degrees_are_right_to_34_digits(
    ours: Callable[[Number, Angle], Number], theirs: Callable[[mpmath.mpf], mpmath.mpf], number: Fraction
) -> None:
    assume(number % 90)
    within = number % 360
    truth = theirs(to_mpmath(within) * mpmath.pi / 180)

    assert errors_in_last_digits(ours(number, DEG), truth) < 0.5005


def test_large_exact_angle_is_right_to_34_digits() -> None:
    mpmath.mp.dps = 4_400
    number = Fraction(10**4000 + 1)

    assert errors_in_last_digits(angles.sin(number), mpmath.sin(to_mpmath(number))) < 0.5005


@given(
    number=st.fractions(Fraction(1, 50), 1000, max_denominator=60),
    base=st.fractions(Fraction(1, 50), 50, max_denominator=60),
)
def test_logarithm_to_any_base_is_right_to_34_digits(number: Fraction, base: Fraction) -> None:
    assume(base != 1)
    truth = mpmath.log(to_mpmath(number)) / mpmath.log(to_mpmath(base))

    assert errors_in_last_digits(elementary.log(number, base), truth) < 0.5005


@given(base=st.fractions(Fraction(1, 20), 20, max_denominator=20), above=st.integers(-30, 30), below=st.integers(1, 12))
def test_rational_logarithm_is_exact(base: Fraction, above: int, below: int) -> None:
    assume(base != 1)

    assert elementary.log(base**above, base**below) == Fraction(above, below)
    assert isinstance(elementary.log(base**above, base**below), Fraction)


@pytest.mark.parametrize(
    "found,exact",
    [
        (elementary.exp(Fraction(0)), 1),
        (elementary.ln(Fraction(1)), 0),
        (elementary.log(Fraction(1000)), 3),
        (elementary.log(Fraction(1, 9), Fraction(27)), Fraction(-2, 3)),
        (elementary.log(Fraction(1, 10**4000)), -4000),
        (elementary.log(Fraction(2) ** 13_000, Fraction(1, 2)), -13_000),
        (angles.sin(Fraction(0)), 0),
        (angles.cos(Fraction(0)), 1),
        (angles.sin(Fraction(30), DEG), Fraction(1, 2)),
        (angles.sin(Fraction(-210), DEG), Fraction(1, 2)),
        (angles.sin(Fraction(360 * 10**50 + 330), DEG), Fraction(-1, 2)),
        (angles.cos(Fraction(60), DEG), Fraction(1, 2)),
        (angles.cos(Fraction(90), DEG), 0),
        (angles.cos(Fraction(-180), DEG), -1),
        (angles.tan(Fraction(225), DEG), 1),
        (angles.tan(Fraction(-45), DEG), -1),
        (angles.tan(Fraction(180), DEG), 0),
        (angles.asin(Fraction(-1, 2), DEG), -30),
        (angles.acos(Fraction(-1, 2), DEG), 120),
        (angles.acos(Fraction(-1), DEG), 180),
        (angles.acos(Fraction(1)), 0),
        (angles.atan(Fraction(1), DEG), 45),
        (elementary.sinh(Fraction(0)), 0),
        (elementary.cosh(Fraction(0)), 1),
        (elementary.acosh(Fraction(1)), 0),
        (elementary.atanh(Fraction(0)), 0),
    ],
)
def test_rational_result_is_exact(found: Number, exact: Fraction | int) -> None:
    assert isinstance(found, Fraction)
    assert found == exact


@pytest.mark.parametrize(
    "found,number",
    [
        (angles.sin(PI), 0),
        (angles.cos(HALF_PI), 0),
        (angles.cos(PI), -1),
        (angles.tan(PI), 0),
        (angles.sin(Decimal("180.0000000000000000000000000000001"), DEG), 0),
        (angles.asin(Decimal("1.000000000000000000000000000000001")), HALF_PI),
        (elementary.exp(Decimal(0)), 1),
        (elementary.tanh(Decimal("-1E+9999")), -1),
    ],
)
def test_inexact_argument_gives_an_inexact_result_and_reaches_zeros(found: Number, number: Decimal | int) -> None:
    assert isinstance(found, Decimal)
    assert found == number


@pytest.mark.parametrize(
    "work_out,code",
    [
        (lambda: elementary.ln(Fraction(0)), Code.OUT_OF_DOMAIN),
        (lambda: elementary.ln(Decimal(-1)), Code.OUT_OF_DOMAIN),
        (lambda: elementary.log(Fraction(8), Fraction(1)), Code.OUT_OF_DOMAIN),
        (lambda: elementary.log(Fraction(8), Fraction(-2)), Code.OUT_OF_DOMAIN),
        (lambda: angles.asin(Fraction(2)), Code.OUT_OF_DOMAIN),
        (lambda: angles.asin(Decimal("1.00000000000000000000000000000001")), Code.OUT_OF_DOMAIN),
        (lambda: angles.acos(Fraction(-2)), Code.OUT_OF_DOMAIN),
        (lambda: elementary.acosh(Fraction(1, 2)), Code.OUT_OF_DOMAIN),
        (lambda: elementary.atanh(Fraction(1)), Code.OUT_OF_DOMAIN),
        (lambda: angles.tan(Fraction(90), DEG), Code.OUT_OF_DOMAIN),
        (lambda: angles.tan(HALF_PI), Code.OUT_OF_DOMAIN),
        (lambda: angles.sin(Decimal("1E+34")), Code.OUT_OF_DOMAIN),
        (lambda: elementary.exp(Fraction(23_100)), Code.TOO_LARGE),
        (lambda: elementary.exp(Decimal("-1E+9999")), Code.TOO_LARGE),
        (lambda: elementary.exp(Fraction(-23_025)), Code.TOO_LARGE),
        (lambda: elementary.sinh(Fraction(10**4000)), Code.TOO_LARGE),
        (lambda: elementary.cosh(Decimal("-1E+9999")), Code.TOO_LARGE),
    ],
)
def test_what_has_no_result_is_refused(work_out: Callable[[], Number], code: Code) -> None:
    with pytest.raises(CalculationError) as refused:
        work_out()

    assert refused.value.code is code
    assert refused.value.message.endswith(".")
    assert refused.value.hint is not None


@pytest.mark.parametrize(
    "ours",
    [
        angles.sin,
        angles.tan,
        angles.asin,
        angles.atan,
        elementary.sinh,
        elementary.tanh,
        elementary.asinh,
        elementary.atanh,
    ],
)
@pytest.mark.parametrize("number", [Decimal("1E-9999"), Decimal("-7E-5000")])
def test_tiny_number_is_its_own_result(ours: Callable[[Number], Number], number: Decimal) -> None:
    assert ours(number) == number
