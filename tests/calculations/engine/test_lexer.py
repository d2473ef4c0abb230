"""Tests for how a line is cut into words, and for numbers in the formats that people have."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import (
    CLOCK,
    DAY,
    END,
    FORMATS,
    NAME,
    NUMBER,
    ODD,
    SIGN,
    WORDS,
    read_number,
    split,
)


def words(text: str, number_format: str = "1234.5") -> list[tuple[int, str]]:
    return [(kind, word) for kind, word, _, _ in split(text, number_format)[:-1]]


def test_each_word_knows_its_place() -> None:
    text = "  rate2 = 3h 45m*85.5 EUR/h ≤ “a b”  "
    tokens = split(text, "1234.5")
    expected = ["rate2", "=", "3", "h", "45", "m", "*", "85.5", "EUR", "/", "h", "≤", "“a b”", ""]
    assert [text[start:end] for _, _, start, end in tokens] == expected
    assert [word for _, word, _, _ in tokens] == expected
    assert tokens[-1][0] == END


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-11-20", [(DAY, "2026-11-20")]),
        ("2026 - 11", [(NUMBER, "2026"), (SIGN, "-"), (NUMBER, "11")]),
        ("2026-11-01..2026-11-02", [(DAY, "2026-11-01"), (SIGN, ".."), (DAY, "2026-11-02")]),
        ("2026-1-5", [(DAY, "2026-1-5")]),
        ("3:45 1:30:15", [(CLOCK, "3:45"), (CLOCK, "1:30:15")]),
        ("task:42", [(NAME, "task"), (SIGN, ":"), (NUMBER, "42")]),
        ("2e3 2e 2E-3", [(NUMBER, "2e3"), (NUMBER, "2"), (NAME, "e"), (NUMBER, "2E-3")]),
        ("5m² 3!", [(NUMBER, "5"), (NAME, "m"), (SIGN, "²"), (NUMBER, "3"), (SIGN, "!")]),
        (
            "3!=6 3! = 6",
            [(NUMBER, "3"), (SIGN, "!="), (NUMBER, "6"), (NUMBER, "3"), (SIGN, "!"), (SIGN, "="), (NUMBER, "6")],
        ),
        (
            "$5 5€ °C 30°",
            [(NAME, "$"), (NUMBER, "5"), (NUMBER, "5"), (NAME, "€"), (NAME, "°C"), (NUMBER, "30"), (NAME, "°")],
        ),
        ('"a + b" “c”', [(WORDS, '"a + b"'), (WORDS, "“c”")]),
        ("größe µm Ω π", [(NAME, "größe"), (NAME, "µm"), (NAME, "Ω"), (NAME, "pi")]),
        ("o\u0308l", [(NAME, "öl")]),
        (".5 5. 1..2", [(NUMBER, ".5"), (NUMBER, "5."), (NUMBER, "1"), (SIGN, ".."), (NUMBER, "2")]),
        ("1.2.3", [(ODD, "1.2.3")]),
        ("1\u00a0+\u20092", [(NUMBER, "1"), (SIGN, "+"), (NUMBER, "2")]),
    ],
)
def test_cuts_a_line_into_words(text: str, expected: list[tuple[int, str]]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "number_format, text, expected",
    [
        ("1234.5", "1234.5", "1234.5"),
        ("1234,5", "1234,5", "1234.5"),
        ("1,234.5", "1,234,567.5", "1234567.5"),
        ("1,234.5", "1.234", "1.234"),
        ("1.234,5", "1.234.567,5", "1234567.5"),
        ("1.234,5", "1.234", "1234"),
        ("1.234,5", "1,5e3", "1500"),
        ("1 234,5", "1 234 567,5", "1234567.5"),
        ("1 234,5", "1\u202f234\u00a0567\u2009890", "1234567890"),
        ("1'234.5", "1'234’567.5", "1234567.5"),
        ("1234.5", "1e999", "1e999"),
        ("1234.5", "1.5e−3", "0.0015"),
        ("1234.5", "007", "7"),
    ],
)
def test_reads_numbers_as_the_person_writes_them(number_format: str, text: str, expected: str) -> None:
    assert words(text, number_format) == [(NUMBER, text)]
    assert read_number(text, number_format) == Fraction(expected)


@pytest.mark.parametrize(
    "number_format, text",
    [
        ("1234.5", "1,5"),
        ("1234.5", "1,234"),
        ("1234.5", "1'234"),
        ("1,234.5", "1,5"),
        ("1,234.5", "1,23,456"),
        ("1,234.5", "1.234,5"),
        ("1.234,5", "1.5"),
        ("1.234,5", "1.2345"),
        ("1.234,5", "1,234.5"),
        ("1 234,5", "1.5"),
        ("1'234.5", "1'23"),
    ],
)
def test_does_not_guess_what_is_written_otherwise(number_format: str, text: str) -> None:
    assert words(text, number_format) == [(ODD, text)]


@pytest.mark.parametrize("text", ["1" * 101, "0." + "1" * 100, "1e1000", "1e-1000", "1e" + "9" * 500, "1e-999999999"])
def test_refuses_numbers_beyond_the_limits_before_making_them(text: str) -> None:
    (kind, word) = words(text)[0]
    assert kind == NUMBER
    with pytest.raises(CalculationError) as refusal:
        read_number(word, "1234.5")
    assert refusal.value.code == Code.NUMBER
    assert refusal.value.hint


@pytest.mark.parametrize(
    "text, position, repairs",
    [
        ("1 + １２", 4, ("12",)),
        ("٣ + 4", 0, ("3",)),
        ("a\u202eb", 1, ("",)),
        ("1\x00", 1, ("",)),
        ("1\u200b2", 1, ("",)),
        ("1\n2", 1, (" ",)),
        ("[1]", 0, ("(",)),
        ("2–1", 1, ("-",)),
        ("a１", 1, ("1",)),
        ("🙂", 0, ("",)),
    ],
)
def test_refuses_characters_with_their_place(text: str, position: int, repairs: tuple[str, ...]) -> None:
    with pytest.raises(CalculationError) as refusal:
        split(text, "1234.5")
    assert (refusal.value.code, refusal.value.position) == (Code.CHARACTER, position)
    assert refusal.value.repairs == repairs
    assert refusal.value.hint


def test_refuses_a_long_line() -> None:
    assert len(split("1+" * 999 + "1", "1234.5")) == 2_000
    with pytest.raises(CalculationError) as refusal:
        split("1" + "+1" * 1_000, "1234.5")
    assert refusal.value.code == Code.TOO_LONG


_GROUP_SIGNS = {"1234.5": "", "1,234.5": ",", "1.234,5": ".", "1 234,5": "\u202f", "1'234.5": "’", "1234,5": ""}


@given(st.integers(0, 10**30), st.integers(0, 10**6), st.sampled_from(list(FORMATS)))
def test_reads_back_every_grouped_number(whole: int, decimals: int, number_format: str) -> None:
    point = FORMATS[number_format][0]
    text = f"{whole:,}".replace(",", _GROUP_SIGNS[number_format]) + f"{point}{decimals}"
    assert words(text, number_format) == [(NUMBER, text)]
    assert read_number(text, number_format) == Fraction(f"{whole}.{decimals}")


@given(st.text(max_size=60), st.sampled_from(list(FORMATS)))
def test_any_text_is_cut_or_refused(text: str, number_format: str) -> None:
    refusal = None
    tokens = []
    try:
        tokens = split(text, number_format)
    except CalculationError as error:
        refusal = error
    if refusal is not None:
        assert refusal.code == Code.CHARACTER
        assert refusal.position is not None
        assert 0 <= refusal.position < len(text)
        return
    # Nothing is left out but spaces.
    rest = list(text)
    for _, _, start, end in tokens:
        rest[start:end] = " " * (end - start)
    assert not "".join(rest).strip()
