"""Each operation by a table of cases, and by the laws of arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine.first.answers import DECIMALS, WHOLE_DIGITS, Refusal, count_decimals
from webapp.calculations.engine.first.factory import operator_for, work_out
from webapp.calculations.engine.first.operators import Operation

LONG = "9" * WHOLE_DIGITS + "." + "9" * DECIMALS
TINY = f"1e-{DECIMALS}"

numbers = st.decimals(
    allow_nan=False, allow_infinity=False, min_value="-1e60", max_value="1e60", places=20
) | st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=2)
divisors = numbers.filter(bool)


def answer_to(operation: Operation, *operands: str | Decimal) -> tuple[str, bool]:
    answer = work_out(operation, [Decimal(operand) for operand in operands])
    return f"{answer.value:f}", answer.is_exact


def exactly(operation: Operation, *operands: Decimal) -> Fraction:
    answer = work_out(operation, operands)
    assert answer.is_exact
    return Fraction(answer.value)


@pytest.mark.parametrize(
    "operation,operands,result",
    [
        (Operation.ADD, ["0.1", "0.2"], "0.3"),
        (Operation.ADD, ["0.1", "0.2", "-0.3"], "0"),
        (Operation.ADD, [TINY, "1e499"], "1" + "0" * 499 + "." + "0" * 499 + "1"),
        (Operation.SUBTRACT, ["3", "10"], "-7"),
        (Operation.SUBTRACT, ["1e300", "1e-300"], "9" * 300 + "." + "9" * 299 + "9"),
        (Operation.MULTIPLY, ["1.1", "1.1", "1.1"], "1.331"),
        (Operation.MULTIPLY, ["1e499", "1e499", "1e-499", "1e-499"], "1"),
        (Operation.MULTIPLY, ["-0", "5"], "0"),
        (Operation.DIVIDE, ["1", "8"], "0.125"),
        (Operation.DIVIDE, ["-7", "2"], "-3.5"),
        (Operation.DIVIDE, ["0", "-3"], "0"),
        (Operation.POWER, ["2", "10"], "1024"),
        (Operation.POWER, ["2", "-3"], "0.125"),
        (Operation.POWER, ["-2", "3"], "-8"),
        (Operation.POWER, ["-2", "-2"], "0.25"),
        (Operation.POWER, ["0", "0"], "1"),
        (Operation.POWER, ["0", "5"], "0"),
        (Operation.POWER, ["5", "0"], "1"),
        (Operation.POWER, ["0.25", "0.5"], "0.5"),
        (Operation.POWER, ["4", "-1.5"], "0.125"),
        (Operation.POWER, ["-32", "0.2"], "-2"),
        (Operation.POWER, ["-32", "0.4"], "4"),
        (Operation.POWER, ["-1", "1e499"], "1"),
        (Operation.POWER, ["1", "1e499"], "1"),
        (Operation.POWER, ["10", "-500"], "0." + "0" * 499 + "1"),
        (Operation.ROOT, ["27", "3"], "3"),
        (Operation.ROOT, ["0.25", "2"], "0.5"),
        (Operation.ROOT, ["0.001", "3"], "0.1"),
        (Operation.ROOT, ["-27", "3"], "-3"),
        (Operation.ROOT, ["0", "7"], "0"),
        (Operation.ROOT, ["5", "1"], "5"),
        (Operation.MODULUS, ["7", "3"], "1"),
        (Operation.MODULUS, ["-7", "3"], "2"),
        (Operation.MODULUS, ["7", "-3"], "-2"),
        (Operation.MODULUS, ["-7", "-3"], "-1"),
        (Operation.MODULUS, ["7.5", "0.2"], "0.1"),
        (Operation.INTEGER_DIVIDE, ["7", "3"], "2"),
        (Operation.INTEGER_DIVIDE, ["-7", "3"], "-3"),
        (Operation.INTEGER_DIVIDE, ["7", "-3"], "-3"),
        (Operation.INTEGER_DIVIDE, ["-7", "-3"], "2"),
        (Operation.INTEGER_DIVIDE, ["7.5", "0.2"], "37"),
        (Operation.PERCENT_OF, ["19", "80"], "15.2"),
        (Operation.PERCENT_OF, ["-5", "0.01"], "-0.0005"),
        (Operation.ABSOLUTE_DIFFERENCE, ["3", "10"], "7"),
        (Operation.ABSOLUTE_DIFFERENCE, ["-3", "-10.5"], "7.5"),
    ],
)
def test_result_is_exact(operation: Operation, operands: Sequence[str], result: str) -> None:
    assert answer_to(operation, *operands) == (result, True)


@pytest.mark.parametrize(
    "operation,operands,result",
    [
        (Operation.DIVIDE, ["1", "3"], "0." + "3" * 34),
        (Operation.DIVIDE, ["2", "3"], "0." + "6" * 33 + "7"),
        (Operation.DIVIDE, ["-200", "3"], "-66." + "6" * 31 + "7"),
        (Operation.ROOT, ["2", "2"], "1.414213562373095048801688724209698"),
        (Operation.ROOT, ["-2", "3"], "-1.259921049894873164767210607278228"),
        (Operation.ROOT, ["1e-499", "2"], "0." + "0" * 249 + "3162277660168379331998893544432719"),
        (Operation.POWER, ["2", "0.5"], "1.414213562373095048801688724209698"),
        (Operation.POWER, ["3", "-1"], "0." + "3" * 34),
        # Its 730 decimals are more than are kept.
        (Operation.POWER, ["1.01", "365"], "37.78343433288715887761660479649761"),
        (Operation.POWER, ["1.00000001", "1e9"], "22026.46469348346165185870218274457"),
    ],
)
def test_result_without_an_end_is_rounded_to_34_digits(
    operation: Operation, operands: Sequence[str], result: str
) -> None:
    assert answer_to(operation, *operands) == (result, False)


@pytest.mark.parametrize(
    "operation,operands,operand,words",
    [
        (Operation.DIVIDE, ["1", "0"], 1, "divided by zero"),
        (Operation.MODULUS, ["1", "0"], 1, "divided by zero"),
        (Operation.INTEGER_DIVIDE, ["0", "0"], 1, "divided by zero"),
        (Operation.POWER, ["0", "-1"], 1, "divide by zero"),
        (Operation.POWER, ["-4", "0.5"], 1, "no even root"),
        (Operation.ROOT, ["-4", "2"], 0, "no even root"),
        (Operation.ROOT, ["4", "0"], 1, "whole number from 1 to 1,000"),
        (Operation.ROOT, ["4", "2.5"], 1, "whole number from 1 to 1,000"),
        (Operation.ROOT, ["4", "-2"], 1, "whole number from 1 to 1,000"),
        (Operation.ROOT, ["4", "1e400"], 1, "whole number from 1 to 1,000"),
        (Operation.ADD, ["1"], 1, "takes two numbers"),
        (Operation.ADD, [], 0, "takes two numbers"),
        (Operation.SUBTRACT, ["1", "2", "3"], 2, "takes two numbers"),
        (Operation.ADD, ["1"] * 51, 50, "takes 50 numbers"),
        (Operation.MULTIPLY, ["1e499", "10"], None, "too large"),
        (Operation.ADD, [LONG, LONG], None, "too large"),
        (Operation.DIVIDE, ["1e499", "0.1"], None, "too large"),
        # It is rounded up to 1 and 500 zeros.
        (Operation.DIVIDE, ["9" * 500 + ".9", "1.0000000000000000000000000000000000000001"], None, "too large"),
        (Operation.DIVIDE, [TINY, "10"], None, "too close to zero"),
        (Operation.DIVIDE, [TINY, "3"], None, "too close to zero"),
        (Operation.INTEGER_DIVIDE, [LONG, TINY], None, "too large"),
        (Operation.POWER, ["10", "500"], None, "too large"),
        (Operation.POWER, ["10", "-501"], None, "too close to zero"),
    ],
)
def test_refusal_names_the_number_to_look_at(
    operation: Operation, operands: Sequence[str], operand: int | None, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        answer_to(operation, *operands)

    assert refused.value.operand == operand
    assert refused.value.field == ("operands" if operand is None else f"operands-{operand}")


@pytest.mark.parametrize(
    "operation,operands",
    [
        (Operation.POWER, ["9", "387420489"]),
        (Operation.POWER, ["9", "1e499"]),
        (Operation.POWER, ["-9", "-1e499"]),
        (Operation.POWER, [LONG, LONG]),
        (Operation.POWER, [LONG, "0.3330"]),
        (Operation.POWER, ["1." + "0" * 498 + "1", "1e499"]),
        (Operation.POWER, ["1.000001", "123456789.123456789"]),
        (Operation.ROOT, [LONG, "1000"]),
        (Operation.ROOT, [TINY, "999"]),
        (Operation.MULTIPLY, [LONG] * 50),
        (Operation.DIVIDE, [LONG, LONG[:-1] + "7"]),
        (Operation.MODULUS, [LONG, TINY]),
    ],
)
def test_hostile_sizes_are_answered_or_refused_at_once(operation: Operation, operands: Sequence[str]) -> None:
    started = process_time()

    try:
        result, _ = answer_to(operation, *operands)
    except Refusal:
        result = ""

    # About 25 ms at most where it was written; without a look at the size first, hours.
    assert process_time() - started < 2
    assert len(result) <= WHOLE_DIGITS + DECIMALS + 2


@given(first=numbers, second=numbers)
def test_sum_difference_and_product_are_those_of_fractions(first: Decimal, second: Decimal) -> None:
    assert exactly(Operation.ADD, first, second) == Fraction(first) + Fraction(second)
    assert exactly(Operation.SUBTRACT, first, second) == Fraction(first) - Fraction(second)
    assert exactly(Operation.MULTIPLY, first, second) == Fraction(first) * Fraction(second)
    assert exactly(Operation.PERCENT_OF, first, second) == Fraction(first) * Fraction(second) / 100
    assert exactly(Operation.ABSOLUTE_DIFFERENCE, first, second) == abs(Fraction(first) - Fraction(second))


@given(first=numbers, second=numbers)
def test_adding_and_taking_away_again_changes_nothing(first: Decimal, second: Decimal) -> None:
    total = work_out(Operation.ADD, [first, second]).value

    assert work_out(Operation.SUBTRACT, [total, second]).value == first


@given(operands=st.lists(numbers, min_size=2, max_size=9))
def test_sum_does_not_depend_on_the_order(operands: list[Decimal]) -> None:
    shuffled = sorted(operands)

    assert exactly(Operation.ADD, *operands) == exactly(Operation.ADD, *shuffled)


@given(first=numbers, second=divisors)
def test_quotient_is_exact_when_its_fraction_has_only_the_factors_2_and_5(first: Decimal, second: Decimal) -> None:
    true = Fraction(first) / Fraction(second)
    rest = true.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor

    answer = work_out(Operation.DIVIDE, [first, second])

    assert answer.is_exact == (rest == 1)
    if answer.is_exact:
        assert Fraction(answer.value) == true
    else:
        # Half of the last of 34 digits at most.
        assert abs(Fraction(answer.value) - true) <= Fraction(10) ** (answer.value.adjusted() - 33) / 2
        assert len(answer.value.as_tuple().digits) <= 34


@given(first=numbers, second=divisors)
def test_steps_and_rest_make_the_number_again(first: Decimal, second: Decimal) -> None:
    steps = exactly(Operation.INTEGER_DIVIDE, first, second)
    rest = exactly(Operation.MODULUS, first, second)

    assert steps.denominator == 1
    assert steps * Fraction(second) + rest == Fraction(first)
    assert rest == 0 or (rest > 0) == (second > 0)
    assert abs(rest) < abs(Fraction(second))


@given(base=st.decimals(min_value=0, max_value=1000, places=3), degree=st.integers(1, 40))
def test_root_of_a_power_is_the_base(base: Decimal, degree: int) -> None:
    power = work_out(Operation.POWER, [base, Decimal(degree)])
    assert power.is_exact

    assert exactly(Operation.ROOT, power.value, Decimal(degree)) == Fraction(base)


@given(base=numbers.filter(lambda number: abs(number) > Decimal("0.001")), power=st.integers(-3, 7))
def test_whole_power_is_that_of_fractions(base: Decimal, power: int) -> None:
    answer = work_out(Operation.POWER, [base, Decimal(power)])
    true = Fraction(base) ** power

    assert abs(Fraction(answer.value) - true) <= abs(true) / 10**33
    if answer.is_exact:
        assert Fraction(answer.value) == true


@given(number=st.decimals(min_value="0.0001", max_value="1e30", places=4), degree=st.integers(2, 30))
def test_root_is_the_nearest_of_34_digits(number: Decimal, degree: int) -> None:
    answer = work_out(Operation.ROOT, [number, Decimal(degree)])
    root = Fraction(answer.value)
    half_step = Fraction(10) ** (answer.value.adjusted() - 33) / 2

    if answer.is_exact:
        assert root**degree == Fraction(number)
    else:
        assert (root - half_step) ** degree < Fraction(number) < (root + half_step) ** degree


@given(first=numbers, second=numbers, operation=st.sampled_from(Operation))
def test_every_result_keeps_the_limits(first: Decimal, second: Decimal, operation: Operation) -> None:
    try:
        answer = work_out(operation, [first, second])
    except Refusal:
        return

    assert answer.value.is_finite()
    assert answer.value.adjusted() < WHOLE_DIGITS
    assert count_decimals(answer.value) <= DECIMALS
    assert not (answer.value.is_zero() and answer.value.is_signed())


@pytest.mark.parametrize(
    "operation,operands,text",
    [
        (Operation.ADD, ["1", "−2", "3"], "1 + (−2) + 3"),
        (Operation.POWER, ["−2", "3"], "(−2) ^ 3"),
        (Operation.ROOT, ["27", "3"], "root 3 of 27"),
        (Operation.MODULUS, ["7", "2"], "7 mod 2"),
        (Operation.PERCENT_OF, ["19", "80"], "19 % of 80"),
        (Operation.INTEGER_DIVIDE, ["7", "2"], "⌊7 ÷ 2⌋"),
        (Operation.ABSOLUTE_DIFFERENCE, ["7", "−2"], "|7 − (−2)|"),
    ],
)
def test_calculation_is_written_on_one_line(operation: Operation, operands: Sequence[str], text: str) -> None:
    assert operator_for(operation).write(operands) == text


def test_every_operation_has_an_operator_of_its_own() -> None:
    operators = {type(operator_for(operation)) for operation in Operation}

    assert len(operators) == len(Operation)
