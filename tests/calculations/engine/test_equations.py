"""What an equation asks for: found by undoing what stands around it, and true when put in its place."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from webapp.calculations.engine import CalculationError, Code, evaluate
from webapp.calculations.engine.evaluator import Named


@pytest.mark.parametrize(
    "text, answer",
    [
        ("what = 5", "5"),
        ("what + 10% = 220", "200"),
        ("what - 10% = 180", "200"),
        ("200 + what% = 220", "10"),
        ("200 - what% = 180", "10"),
        ("2 * what + 1 = 7", "3"),
        ("5 - what = 3", "2"),
        ("10 / what = 4", "2.5"),
        ("what / 4 = 10", "40"),
        ("1/3 * (what - 1) = 2/7", "1.85714285714285…"),
        ("-what = 3", "-3"),
        ("what^2 = 9", "3"),
        ("what^3 = -8", "-2"),
        ("2^what = 1024", "10"),
        ("8^what = 2", "0.333333333333333…"),
        ("2^what = 3", "≈ 1.58496250072116"),
        ("10% of what = 20", "200"),
        ("what% of 200 = 20", "10"),
        ("what of 200 = 20", "10%"),
        ("what off 200 = 180", "10%"),
        ("10% off what = 180", "200"),
        ("what on 200 = 220", "10%"),
        ("19% on what = 119 EUR", "100.00 EUR"),
        ("20 as % of what = 25%", "80"),
        ("what as % of 80 = 25%", "20"),
        ("percent_change(what; 100) = 25%", "80"),
        ("percent_change(80 EUR; what) = 25%", "100.00 EUR"),
        ("10% + what = 220", "219.9"),
        ("10% + what = 30%", "20%"),
        ("sqrt(what + 1) = 3", "8"),
        ("root(what; 3) = 2", "8"),
        ("log10(what) = 3", "1000"),
        ("ln(what) = 2", "≈ 7.38905609893065"),
        ("exp(what) = 1", "0"),
        ("what * 85 EUR/h = 340 EUR", "4 h"),
        ("3 km + what = 5000 m", "2000 m"),
        ("2026-01-01 + what = 2026-02-01", "31 d"),
        ("what + 2 weeks = 2026-02-01", "2026-01-18"),
        ("what to km = 5000 m", "5 km"),
    ],
)
def test_equations_are_solved(text: str, answer: str) -> None:
    assert evaluate(text).text == answer


@pytest.mark.parametrize(
    "text",
    [
        "0 * what = 5",
        "0 * what = 0",
        "1 / what = 0",
        "what^2 = -4",
        "what^0 = 1",
        "1^what = 5",
        "what mod 3 = 1",
        "what! = 6",
        "(what < 3) == (1 < 2) = 1",
    ],
)
def test_equations_without_one_answer_are_refused(text: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        evaluate(text)

    assert refusal.value.code in (Code.NO_SOLUTION, Code.WRONG_KIND)
    assert refusal.value.position is not None
    assert refusal.value.hint


@pytest.mark.parametrize("text", ["what / 0 = 5", "what + 1/0 = 5", "what = 1/0"])
def test_nothing_is_divided_by_zero_in_an_equation(text: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        evaluate(text)

    assert refusal.value.code == Code.DIVISION_BY_ZERO


def test_an_even_power_has_another_answer() -> None:
    assert evaluate("what^2 = 9").notes
    assert not evaluate("what^3 = 8").notes


def test_functions_of_somebodys_own_are_undone() -> None:
    gross = evaluate("gross(net; rate) = net + rate").function
    assert gross is not None

    assert evaluate("2 * gross(what + 1; 19%) = 238", names={"gross": gross}).text == "99"


def test_a_function_that_uses_its_value_twice_is_not_undone() -> None:
    twofold = evaluate("twofold(x) = x * x").function
    assert twofold is not None

    with pytest.raises(CalculationError) as refusal:
        evaluate("1 + twofold(what + 0) = 10", names={"twofold": twofold})
    assert refusal.value.code == Code.NO_SOLUTION


FRACTIONS = st.fractions(max_denominator=1_000)


@given(FRACTIONS, st.lists(st.tuples(st.sampled_from("+-*/"), FRACTIONS, st.booleans()), min_size=1, max_size=6))
def test_the_answer_makes_the_equation_true(start: Fraction, steps: list[tuple[str, Fraction, bool]]) -> None:
    names: dict[str, Named] = {}
    left = "what"
    for number, (sign, value, is_right) in enumerate(steps):
        names[f"a{number}"] = value
        left = f"(a{number} {sign} {left})" if is_right else f"({left} {sign} a{number})"
    names["start"] = start
    try:
        wanted = evaluate(left.replace("what", "start"), names=names)
        result = evaluate(f"{left} = wanted", names={**names, "wanted": wanted.value or 0})
    except CalculationError as error:
        # Somewhere there is a zero: no number does, or any.
        event(error.code)
        assume(error.code not in (Code.DIVISION_BY_ZERO, Code.NO_SOLUTION))
        raise
    assert result.exact == start
