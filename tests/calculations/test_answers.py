"""Answers as pages show them: the place of an error, what can be pressed, and what is copied."""

from __future__ import annotations

import pytest

from webapp.calculations.engine import CalculationError, evaluate
from webapp.calculations.engine.settings import Settings
from webapp.calculations.queries.answers import AROUND_CHARACTERS, Answer, answer_of, refusal_of


def answer_to(typed: str, number_format: str = "1234.5") -> Answer:
    try:
        result = evaluate(typed, settings=Settings(number_format=number_format))
    except CalculationError as error:
        return refusal_of(typed, error)
    return answer_of(typed, result, number_format=number_format)


@pytest.mark.parametrize(
    "typed,number_format,result,unit,copied",
    [
        ("3h 45m * 85 EUR/h", "1234.5", "318.75", "EUR", "318.75 EUR"),
        ("1190.5 * 1000", "1,234.5", "1,190,500", "", "1190500"),
        ("1190,5 * -1000 EUR", "1.234,5", "−1.190.500,00", "EUR", "-1190500,00 EUR"),
        ("1234567 m", "1 234,5", "1\u202f234\u202f567", "m", "1234567 m"),
        ("sqrt(2)", "1234.5", "1.4142135623731", "", "1.4142135623731"),
        ("1/3", "1234.5", "0.333333333333333…", "", "0.333333333333333"),
        ("2^200", "1234.5", "1.60693804425899…×10^60", "", "1.60693804425899×10^60"),
        ("200 + 10%", "1234.5", "220", "", "220"),
        ("3h 45m * 2", "1234.5", "7 h 30 min", "", "7 h 30 min"),
    ],
)
def test_result_is_split_from_its_unit_and_copied_plainly(
    typed: str, number_format: str, result: str, unit: str, copied: str
) -> None:
    answer = answer_to(typed, number_format)

    assert (answer.result, answer.unit, answer.copied) == (result, unit, copied)


def test_all_digits_stand_in_the_details() -> None:
    assert {way.name: way.copied for way in answer_to("(22/7) m").details} == {
        "In full": "3.(142857) m",
        "As a fraction": "(22/7) m",
        "Mixed": "(3 + 1/7) m",
        "Scientific": "(3.14285714285714…×10^0) m",
    }


def test_caret_stands_under_the_sign() -> None:
    wrong = answer_to("5 EUR + 3 kg").wrong

    assert wrong is not None
    assert (wrong.before, wrong.marked, wrong.after) == ("5 EUR ", "+", " 3 kg")
    assert wrong.code == "unit_mismatch"


def test_repairs_are_whole_lines() -> None:
    wrong = answer_to("1 + 6/2(1+2)").wrong

    assert wrong is not None
    assert wrong.repairs == ("1 + (6/2) * (1+2)", "1 + 6 / (2 * (1+2))")


def test_of_a_long_line_only_the_place_is_shown() -> None:
    wrong = answer_to("1+" * 300 + "sqr(2)" + "+1" * 300).wrong

    assert wrong is not None
    assert wrong.marked == "sqr"
    assert len(wrong.before) == len(wrong.after) == AROUND_CHARACTERS + 1
    assert wrong.repairs == ()


@pytest.mark.parametrize(
    "typed,is_unfinished",
    [
        ("3 *", True),
        ("3 * ", True),
        ("(1 + 2", True),
        ("3 * sq", True),
        ("sqr(2)", False),
        ("3 * * 2", False),
        ("1 + )", False),
        ("1/0", False),
    ],
)
def test_a_line_whose_end_is_missing_is_told_from_a_wrong_one(typed: str, is_unfinished: bool) -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate(typed)

    assert refusal_of(typed, refused.value, is_typing=True).is_unfinished is is_unfinished
    assert not refusal_of(typed, refused.value).is_unfinished
