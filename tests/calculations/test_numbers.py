"""Numbers as people type and read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine.numbers import NumberStyle, read_number, write_number

ENGLISH = NumberStyle.of("1,234.5")
GERMAN = NumberStyle.of("1.234,5")
FRENCH = NumberStyle.of("1 234,5")
SWISS = NumberStyle.of("1'234.5")
BARE = NumberStyle.of("1234.5")
STYLES = [ENGLISH, GERMAN, FRENCH, SWISS, BARE]


@pytest.mark.parametrize(
    "text,style,number",
    [
        ("1234.5", ENGLISH, "1234.5"),
        ("1,234.5", ENGLISH, "1234.5"),
        ("12,345,678", ENGLISH, "12345678"),
        ("1.234", ENGLISH, "1.234"),
        ("1.234,5", GERMAN, "1234.5"),
        ("1.234", GERMAN, "1234"),
        ("1,234", GERMAN, "1.234"),
        ("1 234,5", FRENCH, "1234.5"),
        ("1\u202f234,5", FRENCH, "1234.5"),
        ("1\u00a0234,5", FRENCH, "1234.5"),
        ("1’234.5", SWISS, "1234.5"),
        ("1234.5", BARE, "1234.5"),
        ("  42 ", ENGLISH, "42"),
        ("-5", ENGLISH, "-5"),
        ("−5", ENGLISH, "-5"),
        ("– 5", ENGLISH, "-5"),
        ("+5", ENGLISH, "5"),
        (".5", ENGLISH, "0.5"),
        ("5.", ENGLISH, "5"),
        ("-.5", ENGLISH, "-0.5"),
        ("1.5e3", ENGLISH, "1500"),
        ("1,5E-3", GERMAN, "0.0015"),
        ("1e+2", ENGLISH, "100"),
        ("1e-0000000000000000002", ENGLISH, "0.01"),
        ("0e999999999999999999", ENGLISH, "0"),
        ("-0", ENGLISH, "0"),
        ("000", ENGLISH, "0"),
        ("1.50", ENGLISH, "1.5"),
        ("１２．５", ENGLISH, "12.5"),
        ("－１", ENGLISH, "-1"),
        ("9" * 500, ENGLISH, "9" * 500),
        ("0." + "0" * 499 + "1", ENGLISH, "1e-500"),
    ],
)
def test_number_is_read_as_its_writer_means_it(text: str, style: NumberStyle, number: str) -> None:
    read = read_number(text, style)

    assert read == Decimal(number)
    assert not (read.is_zero() and read.is_signed())


@pytest.mark.parametrize(
    "text,style,words",
    [
        ("", ENGLISH, "Enter a number"),
        ("  ", ENGLISH, "Enter a number"),
        ("1,5", ENGLISH, "more than one way. You write numbers as 1,234.5: a point before the decimals"),
        ("1.234,5", ENGLISH, "more than one way"),
        ("1,23,456", ENGLISH, "more than one way"),
        ("1.5", GERMAN, "more than one way. You write numbers as 1.234,5: a comma before the decimals"),
        ("1,234.5", GERMAN, "more than one way"),
        ("1.2.3", ENGLISH, "more than one way"),
        ("12 34", FRENCH, "more than one way"),
        ("1,234", BARE, "more than one way"),
        ("NaN", ENGLISH, "one can calculate with"),
        ("sNaN12", ENGLISH, "one can calculate with"),
        ("Infinity", ENGLISH, "one can calculate with"),
        ("-inf", ENGLISH, "one can calculate with"),
        ("1e999", ENGLISH, "too large"),
        ("1e999999999999999999", ENGLISH, "too large"),
        ("1e500", ENGLISH, "too large"),
        ("1e-501", ENGLISH, "too long"),
        ("1e-999999999999999999", ENGLISH, "too long"),
        ("9" * 501, ENGLISH, "too large"),
        ("9" * 5000, ENGLISH, "longer than a number may be"),
        ("abc", ENGLISH, "digits 0 to 9"),
        ("٣", ENGLISH, "digits 0 to 9"),
        ("5²", ENGLISH, "not a number"),
        ("0x10", ENGLISH, "not a number"),
        ("1_000", ENGLISH, "not a number"),
        ("--5", ENGLISH, "not a number"),
        ("5-", ENGLISH, "not a number"),
        ("1e", ENGLISH, "not a number"),
        ("e5", ENGLISH, "not a number"),
        ("5 €", ENGLISH, "not a number"),
        ("5\x00", ENGLISH, "not a number"),
        ("😀", ENGLISH, "digits 0 to 9"),
        (".", ENGLISH, "digits 0 to 9"),
        ("-", ENGLISH, "digits 0 to 9"),
        ("1\n2", ENGLISH, "not a number"),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text: str, style: NumberStyle, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        read_number(text, style)

    assert str(refused.value).endswith((".", ")."))
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    "number,style,reading,copying",
    [
        ("1234567.891", ENGLISH, "1,234,567.891", "1234567.891"),
        ("-1234.5", GERMAN, "−1.234,5", "-1234,5"),
        ("1234", FRENCH, "1\u202f234", "1234"),
        ("999", ENGLISH, "999", "999"),
        ("1e6", ENGLISH, "1,000,000", "1000000"),
        ("1e-7", ENGLISH, "0.0000001", "0.0000001"),
        ("1234", BARE, "1234", "1234"),
        ("0", ENGLISH, "0", "0"),
    ],
)
def test_number_is_written_in_full(number: str, style: NumberStyle, reading: str, copying: str) -> None:
    assert write_number(Decimal(number), style) == reading
    assert write_number(Decimal(number), style, is_grouped=False) == copying


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e40", max_value="1e40", places=30),
    style=st.sampled_from(STYLES),
    is_grouped=st.booleans(),
)
def test_what_is_written_is_read_back(number: Decimal, style: NumberStyle, is_grouped: bool) -> None:
    assert read_number(write_number(number, style, is_grouped=is_grouped), style) == number


@given(text=st.text(max_size=60) | st.text("0123456789.,-−e '", max_size=30), style=st.sampled_from(STYLES))
def test_any_text_is_read_or_refused(text: str, style: NumberStyle) -> None:
    try:
        number = read_number(text, style)
    except ValueError:
        return

    assert number.is_finite()


@pytest.mark.parametrize("style", STYLES)
def test_sample_shows_the_style(style: NumberStyle) -> None:
    assert NumberStyle.of(style.sample) == style
