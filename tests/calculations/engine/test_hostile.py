"""Hostile input: each is refused by its name, at a place in the text, before it costs anything."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.calculations.engine.hostile import HOSTILE
from tests.calculations.engine.running import check_refusal, check_result, run
from webapp.calculations.engine import evaluate, evaluate_sheet, find_sources
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import EXACT_BITS, LINE_CHARACTERS, NODES, SHEET_BYTES, SHEET_LINES
from webapp.calculations.engine.settings import Settings

# What may be done before something hostile is refused: far less than a line in good faith may take.
MOST_STEPS = 2_000


def test_there_are_many() -> None:
    assert len(HOSTILE) >= 60


def test_it_is_refused_by_its_name_at_a_place_in_the_text() -> None:
    for text, code in HOSTILE.items():
        with pytest.raises(CalculationError) as refused:
            run(text, steps=MOST_STEPS)

        assert refused.value.code is code, ascii(text[:40])
        check_refusal(refused.value, text)
        assert refused.value.hint, ascii(text[:40])


def test_its_sources_can_be_looked_for() -> None:
    for text in HOSTILE:
        assert all(0 <= source.start < source.end <= len(text) for source in find_sources(text)), ascii(text[:40])


def test_functions_cannot_call_themselves_by_any_way() -> None:
    names: dict[str, Any] = {}
    for line in ("three(x) = x", "two(x) = three(x) * 2", "one(x) = two(x) + 1"):
        names[line.partition("(")[0]] = run(line, names=names)[0].function

    with pytest.raises(CalculationError) as refused:
        run("three(x) = one(x)", names=names)

    assert refused.value.code is Code.RECURSION


def test_functions_that_double_their_work_run_out_of_steps() -> None:
    names: dict[str, Any] = {}
    for number in range(25):
        inner = f"f{number - 1}(x) + f{number - 1}(x)" if number else "x + 1"
        result, _ = run(f"f{number}(x) = {inner}", names=names)
        assert result.function is not None
        names[f"f{number}"] = result.function

    with pytest.raises(CalculationError) as refused:
        run("f24(1)", names=names)

    assert refused.value.code in (Code.TOO_MANY_STEPS, Code.TOO_DEEP)


def test_fractions_that_grow_line_by_line_stay_within_the_bits_of_what_is_exact() -> None:
    lines = ["x = 1/3 + 1/7", *["x = x * x + 1/11"] * 20]

    sheet = evaluate_sheet("\n".join(lines), settings=Settings())

    inexact = False
    for line in sheet.lines:
        assert line.error is None
        assert line.result is not None
        check_result(line.result, line.text)
        exact = line.result.exact
        inexact |= exact is None
        assert exact is None or max(exact.numerator.bit_length(), exact.denominator.bit_length()) <= EXACT_BITS
    assert inexact


def test_a_worksheet_shares_one_budget() -> None:
    line = "sum(" + "; ".join(["1"] * 200) + ")"

    sheet = evaluate_sheet("\n".join([line] * 30))

    assert sum(line.error is None for line in sheet.lines) <= NODES // 200
    assert len(sheet.lines) == 30


@pytest.mark.parametrize(
    "text", ["1\n" * SHEET_LINES, "1" * (SHEET_BYTES + 1), "é" * (SHEET_BYTES // 2 + 1)], ids=["lines", "bytes", "wide"]
)
def test_a_worksheet_that_is_too_large_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(CalculationError) as refused:
        evaluate_sheet(text)

    assert refused.value.code is Code.TOO_LONG


def test_the_longest_line_of_a_sum_is_worked_out() -> None:
    text = "1" + "+1" * ((LINE_CHARACTERS - 1) // 2)

    result, steps = run(text)

    assert result.exact == Fraction(len(text) // 2 + 1)
    assert steps <= NODES


def test_a_budget_ends_by_its_steps_and_by_the_clock() -> None:
    spent = Budget(nodes=10, seconds=3600)
    with pytest.raises(CalculationError) as refused:
        spent.spend(11)
    assert refused.value.code is Code.TOO_MANY_STEPS

    late = Budget(nodes=NODES, seconds=-1)
    with pytest.raises(CalculationError) as refused:
        late.spend(NODES)
    assert refused.value.code is Code.TOO_SLOW


def test_nothing_hostile_is_a_result_in_other_number_formats() -> None:
    for number_format in ("1,234.5", "1.234,5", "1 234,5", "1'234.5"):
        for text in HOSTILE:
            try:
                result = evaluate(text, settings=Settings(number_format=number_format))
            except CalculationError as refusal:
                check_refusal(refusal, text)
            else:
                check_result(result, text)
