"""Whatever is typed: a result, or the engine's own refusal at a place in the text; never more than the budget."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculations.engine.hostile import HOSTILE
from tests.calculations.engine.lines import make_line, make_pieces
from tests.calculations.engine.running import check_refusal, check_result, run
from tests.calculations.engine.test_oracles import YARDSTICK
from webapp.calculations.engine import evaluate_sheet
from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.functions import BUILT_INS
from webapp.calculations.engine.limits import NODES
from webapp.calculations.engine.operations import OPERATORS
from webapp.calculations.engine.printer import print_node
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.engine.sources import SOURCES

NUMBER_FORMATS = ("1234.5", "1,234.5", "1.234,5", "1 234,5", "1'234.5")
NAMES = {"x": 3, "y": -2, "price": 5}
# Examples of everything there is; the preview is asked after each sign that is typed.
TYPED = [
    *(text for text, _, _ in YARDSTICK),
    *(example for built_in in BUILT_INS for example, *_ in built_in.examples),
    *(example for operator in OPERATORS.values() for example, *_ in operator.examples),
    *(example for source in SOURCES.values() for example in source.examples),
    "100 EUR to USD at 1.08 on 2026-11-20",
    "1 EUR = 1.08 USD on 2026-11-20",
    "gross(x) = x + 19%",
    "what + 10% = 220",
]
SHORT = [text for text in HOSTILE if len(text) < 200]

# A line is made of its seed in microseconds; of strategies it would take longer than working it out.
randoms = st.integers(0, 2**32).map(Random)
raw_text = st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", errors="surrogateescape")) | st.text(max_size=60)


def way_of(random: Random) -> Settings:
    return Settings(random.choice(NUMBER_FORMATS), random.choice(list(Angle)), date(2026, 11, 21))


def check(text: str, way: Settings) -> None:
    try:
        result, steps = run(text, way, names=NAMES)
    except CalculationError as refused:
        check_refusal(refused, text)
    else:
        check_result(result, text)
        assert steps <= NODES


@settings(max_examples=150)
@given(raw_text, randoms)
def test_bytes_as_text_are_answered_or_refused(text: str, random: Random) -> None:
    check(text, way_of(random))


@settings(max_examples=300)
@given(randoms)
def test_pieces_of_calculations_are_answered_or_refused(random: Random) -> None:
    check(make_pieces(random), way_of(random))


@settings(max_examples=200)
@given(randoms)
def test_hostile_text_with_more_in_it_is_answered_or_refused(random: Random) -> None:
    text = random.choice(SHORT)
    at = random.randint(0, len(text))
    check(text[:at] + make_pieces(random) + text[at:], way_of(random))


@settings(max_examples=300)
@given(randoms)
def test_lines_of_the_grammar_are_answered_or_refused_and_their_readings_mean_the_same(random: Random) -> None:
    text, way = make_line(random), Settings(angle=random.choice(list(Angle)), today=date(2026, 11, 21))
    check(text, way)
    try:
        result, _ = run(text, way, names=NAMES)
    except CalculationError:
        return

    assert run(result.reading, way, names=NAMES)[0].text == result.text
    for number_format in NUMBER_FORMATS:
        there = Settings(number_format, way.angle, way.today)
        reading = print_node(result.statement, number_format=number_format, angle=way.angle)
        again, _ = run(reading, there, names=NAMES)
        assert getattr(again.value, "number", again.value) == getattr(result.value, "number", result.value)


@pytest.mark.parametrize("number_format", ["1234.5", "1.234,5"])
def test_what_is_answered_can_be_typed_sign_by_sign_and_taken_back_from_the_front(number_format: str) -> None:
    way = Settings(number_format, today=date(2026, 11, 21))
    for text in TYPED:
        for place in range(len(text)):
            check(text[:place], way)
            check(text[place:], way)
            check(text[:place] + text[place + 1 :], way)


@settings(max_examples=100)
@given(randoms)
def test_each_line_of_a_worksheet_of_it_has_a_result_or_a_refusal(random: Random) -> None:
    text = "\n".join(random.choice((make_line, make_pieces))(random) for _ in range(random.randint(0, 6)))
    try:
        sheet = evaluate_sheet(text, settings=way_of(random))
    except CalculationError as refused:
        check_refusal(refused, text)
        return
    for line in sheet.lines:
        if line.error is not None:
            check_refusal(line.error, line.text)
        if line.result is not None:
            check_result(line.result, line.text)
