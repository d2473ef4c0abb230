"""Currencies, and money to the cent."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine.currencies import (
    SYMBOLS,
    currency_of,
    find_currency,
    least_decimals,
    list_codes,
    round_money,
)
from webapp.calculations.engine.units import find_unit
from webapp.values import money


@pytest.mark.parametrize("code,digits", [("EUR", 2), ("JPY", 0), ("KWD", 3), ("UYW", 4), ("HUF", 2), ("ISK", 0)])
def test_a_currency_has_the_digits_of_its_coins(code: str, digits: int) -> None:
    unit = find_currency(code)

    assert unit is not None
    assert (unit.name, unit.decimals, unit.dimension) == (code, digits, ((code, 1),))


@pytest.mark.parametrize("word", ["eur", "XXX", "XAU", "€€", "", "EU"])
def test_other_words_are_no_currencies(word: str) -> None:
    assert find_currency(word) is None


def test_each_sign_stands_for_one_currency() -> None:
    assert find_unit("$") is find_unit("USD")
    for code in SYMBOLS.values():
        assert find_currency(code) is not None


def test_what_customers_can_be_billed_in_can_be_reckoned_in() -> None:
    assert set(money.currencies()) <= set(list_codes())


def test_a_currency_is_spelled_like_no_other_unit() -> None:
    for code in list_codes():
        assert find_unit(code) is find_currency(code), code


@pytest.mark.parametrize(
    "number,decimals,expected",
    [
        ("6069/16", 2, "37931/100"),
        ("0.125", 2, "0.12"),
        ("0.135", 2, "0.14"),
        ("-0.125", 2, "-0.12"),
        ("1/3", 2, "0.33"),
        ("0.5", 0, "0"),
        ("1.5", 0, "2"),
        ("1.0005", 3, "1"),
    ],
)
def test_money_is_rounded_half_to_even(number: str, decimals: int, expected: str) -> None:
    assert round_money(Fraction(number), decimals) == Fraction(expected)


@given(st.fractions(), st.sampled_from([0, 2, 3, 4]))
def test_rounded_money_is_a_whole_number_of_coins_at_most_half_a_coin_away(amount: Fraction, decimals: int) -> None:
    rounded = round_money(amount, decimals)

    assert (rounded * 10**decimals).denominator == 1
    assert abs(rounded - amount) * 10**decimals <= Fraction(1, 2)


def test_only_plain_money_is_rounded() -> None:
    euro, hour, yen = find_unit("EUR"), find_unit("h"), find_unit("JPY")
    assert euro is not None
    assert hour is not None
    assert yen is not None

    assert currency_of(((euro, 1),)) is euro
    assert currency_of(((euro, 1), (hour, -1))) is None
    assert currency_of(((hour, 1),)) is None
    assert currency_of(()) is None
    assert least_decimals(((euro, 1), (hour, -1))) == 2
    assert least_decimals(((yen, 1),)) == 0
