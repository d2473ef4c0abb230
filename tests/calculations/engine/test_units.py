"""What becomes of units in sums, products and conversions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.currencies import list_codes
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.units import (
    HOURS_MIXED,
    add,
    compare,
    convert,
    describe,
    dimension_of,
    divide,
    find_unit,
    join_units,
    multiply,
    power,
    root_units,
    scale_of,
    subtract,
    suggest_units,
    sum_parts,
    write_units,
)
from webapp.calculations.engine.values import Quantity, Units


def units_of(text: str) -> Units:
    """Return the units of `kg m/s^2`: what follows the stroke is below it."""
    above, _, below = text.partition("/")
    parts = []
    for side, sign in ((above, 1), (below, -1)):
        for word in side.split():
            name, _, exponent = word.partition("^")
            unit = find_unit(name)
            assert unit is not None, name
            parts.append((unit, sign * int(exponent or 1)))
    return tuple(parts)


def quantity(text: str) -> Quantity:
    """Return the quantity of `85 EUR/h`."""
    number, _, words = text.partition(" ")
    factor, units = join_units(units_of(words))
    assert isinstance(factor, Fraction)
    return Quantity(Fraction(number) * factor, units)


def written(value: Quantity) -> str:
    return f"{value.number} {write_units(value.units)}".rstrip()


@pytest.mark.parametrize(
    "typed,target,expected",
    [
        ("20 °C", "°F", "68 °F"),
        ("20 °C", "kJ K/J", "5863/20000 kJ K/J"),
        ("1 kJ K/J", "°C", "14537/20 °C"),
        ("-40 °F", "°C", "-40 °C"),
        ("0 K", "°C", "-5463/20 °C"),
        ("1 mi", "km", "25146/15625 km"),
        ("12 in", "cm", "762/25 cm"),
        ("36 km/h", "m/s", "10 m/s"),
        ("1 GiB", "MB", "16777216/15625 MB"),
        ("1 kWh", "MJ", "18/5 MJ"),
        ("90 min", "h", "3/2 h"),
        ("1 yr", "d", "146097/400 d"),
        ("1 acre", "m^2", "316160658/78125 m^2"),
        ("1 L", "cm^3", "1000 cm^3"),
        ("1/4", "%", "25 %"),
        ("25 %", "", "1/4"),
        ("85 EUR/h", "EUR/d", "2040 EUR/d"),
        ("1 bar", "N/m^2", "100000 N/m^2"),
        ("1/2 turn", "deg", "180 deg"),
        ("72 pt", "in", "1 in"),
    ],
)
def test_amounts_are_converted_exactly(typed: str, target: str, expected: str) -> None:
    assert written(convert(quantity(typed), units_of(target))) == expected


@pytest.mark.parametrize(
    "left,right,expected",
    [
        ("85 EUR/h", "15/4 h", "1275/4 EUR"),
        ("15/4 h", "85 EUR/h", "1275/4 EUR"),
        ("45 min", "80 EUR/h", "60 EUR"),
        ("60 mph", "2 h", "120 mi"),
        ("5 m", "2 m", "10 m^2"),
        ("5 m", "20 cm", "1 m^2"),
        ("10 %", "200", "20"),
        ("10 %", "200 EUR", "20 EUR"),
        ("10 %", "10 %", "1 %"),
        ("230 V", "2 A", "460 W"),
        ("5 N", "2 m", "10 N m"),
        ("3 kW", "2 h", "6 kW h"),
        ("30 EUR/MWh", "100 kW", "3 EUR/h"),
        ("7 L/km", "10 km", "70 L"),
        ("40 h/w", "4 w", "160 h"),
        ("8 h/d", "5 d/w", "40 h/w"),
        ("5 d/w", "8 h/d", "40 h/w"),
        ("7 h/d", "2 w", "98 h"),
        ("2 w", "7 h/d", "98 h"),
        ("40 h/w", "85 EUR/h", "3400 EUR/w"),
        ("85 EUR/h", "30 min/d", "85/2 EUR/d"),
        ("30 min/d", "85 EUR/h", "85/2 EUR/d"),
        ("3 h", "8 h/d", "1 h"),
        ("8 h/d", "3 h", "1 h"),
        ("5 mg/kg", "80 kg", "400 mg"),
        ("40 h/w", "3", "120 h/w"),
        ("60 mph", "8 h/d", "480 mi/d"),
        ("24 h/d", "100 W", "2400 h W/d"),
        ("10 L/m^2", "5 m^2", "50 L"),
    ],
)
def test_units_merge_in_a_product(left: str, right: str, expected: str) -> None:
    assert written(multiply(quantity(left), quantity(right))) == expected


@pytest.mark.parametrize(
    "left,right,expected",
    [
        ("100 EUR", "5 EUR/h", "20 h"),
        ("1 km", "1 m", "1000"),
        ("10 %", "5 %", "2"),
        ("100", "10 %", "1000"),
        ("10 kWh", "2 kW", "5 h"),
        ("100 EUR", "8 h", "25/2 EUR/h"),
        ("6", "2 h", "3 h^-1"),
        ("12 V", "4 A", "3 V/A"),
        ("1 m^3", "1 L", "1000"),
        ("3 ha", "100 m^2", "300"),
        ("60 mph", "2 mi", "30 h^-1"),
        ("120 min", "60 min/h", "2 h"),
        ("30 kWh", "3 h", "10 kW"),
        ("6 N m", "2 kg", "3 m^2/s^2"),
        ("40 h/w", "8 h/d", "5 d/w"),
        ("10 EUR/h", "80 EUR/d", "3"),
    ],
)
def test_units_cancel_in_a_quotient(left: str, right: str, expected: str) -> None:
    assert written(divide(quantity(left), quantity(right))) == expected


@pytest.mark.parametrize(
    "left,right,total,difference",
    [
        ("1 h", "30 min", "3/2 h", "1/2 h"),
        ("200", "10 %", "220", "180"),
        ("5 EUR", "19 %", "119/20 EUR", "81/20 EUR"),
        ("10 %", "20 %", "30 %", "-10 %"),
        ("10 %", "1", "11/10", "-9/10"),
        ("1 m", "1 cm", "101/100 m", "99/100 m"),
    ],
)
def test_the_right_side_takes_the_units_of_the_left(left: str, right: str, total: str, difference: str) -> None:
    assert written(add(quantity(left), quantity(right))) == total
    assert written(subtract(quantity(left), quantity(right))) == difference


@pytest.mark.parametrize(
    "left,right,message",
    [
        ("5 EUR", "3 kg", "5 EUR is money in EUR, 3 kg is a mass: they cannot be added."),
        ("5 EUR", "3 USD", "5 EUR is money in EUR, 3 USD is money in USD: they cannot be added."),
        ("5 h", "3", "5 h is a time, 3 is a plain number: they cannot be added."),
        ("5/2 h", "3 kg", "The left side is a time, the right side is a mass: they cannot be added."),
        ("5 EUR/h", "3 EUR", "5 EUR/h is money in EUR per time, 3 EUR is money in EUR: they cannot be added."),
    ],
)
def test_unlike_things_are_not_added_and_both_are_named(left: str, right: str, message: str) -> None:
    with pytest.raises(CalculationError) as refused:
        add(quantity(left), quantity(right))

    assert refused.value.code == Code.UNIT_MISMATCH
    assert refused.value.message == message


def test_temperatures_with_an_offset_are_converted_and_subtracted_and_no_more() -> None:
    warm = quantity("20 °C")

    assert written(subtract(warm, quantity("50 °F"))) == "10 K"
    assert compare(warm, quantity("68 °F")) == 0
    assert compare(warm, quantity("1 kJ K/J")) == -1
    assert written(power(warm, 1)) == "20 °C"
    refusals: tuple[Callable[[], Quantity], ...] = (
        lambda: add(warm, warm),
        lambda: add(warm, quantity("5 K")),
        lambda: add(warm, quantity("10 %")),
        lambda: multiply(warm, quantity("2")),
        lambda: power(warm, 2),
    )
    for refused in refusals:
        with pytest.raises(CalculationError) as error:
            refused()
        assert error.value.hint


def test_currencies_need_a_rate() -> None:
    hourly = quantity("100 EUR/h")

    with pytest.raises(CalculationError) as refused:
        convert(hourly, units_of("USD/h"))

    assert refused.value.code == Code.NO_RATE
    assert written(convert(hourly, units_of("USD/min"), Fraction(108, 100))) == "9/5 USD/min"


def test_durations_in_parts_are_hours() -> None:
    whole = sum_parts([quantity("3 h"), quantity("45 min")])

    assert whole.number == Fraction(15, 4)
    assert whole.units == HOURS_MIXED


@pytest.mark.parametrize("word,name", [("kilometres", "km"), ("us", "µs"), ("μm", "µm"), ("hrs", "h"), ("$", "USD")])
def test_a_unit_has_several_spellings_and_is_one(word: str, name: str) -> None:
    unit = find_unit(word)

    assert unit is not None
    assert unit.name == name
    assert unit is find_unit(name)


@pytest.mark.parametrize("word", ["Mb", "kmin", "x", "", "KM", "eur", "millih", "kilom", "kmetre"])
def test_other_words_are_no_units(word: str) -> None:
    assert find_unit(word) is None


@pytest.mark.parametrize(
    "word,expected",
    [
        ("eur", "EUR"),
        ("Hours", "hours"),
        ("KM", "km"),
        ("kb", "kB"),
        ("Mb", "Mbit"),
        ("euros", "EUR"),
        ("houer", "hour"),
        ("kilomter", "kilometer"),
    ],
)
def test_suggestions_are_what_may_have_been_meant(word: str, expected: str) -> None:
    assert expected in suggest_units(word)


def test_nothing_is_suggested_for_what_is_like_no_unit() -> None:
    assert suggest_units("apples and pears") == []


@pytest.mark.parametrize(
    "text,kind",
    [
        ("kg", "a mass"),
        ("EUR", "money in EUR"),
        ("km/h", "a speed"),
        ("", "a plain number"),
        ("EUR/m^2", "money in EUR per area"),
        ("kg/L", "a mass per volume"),
        ("kg^2 K", "an amount in kg^2 K"),
    ],
)
def test_dimensions_have_names(text: str, kind: str) -> None:
    assert describe(dimension_of(units_of(text))) == kind


def test_units_are_written_as_they_are_typed() -> None:
    assert write_units(units_of("kg m/s^2")) == "kg m/s^2"
    assert write_units(units_of("W/m K")) == "W/(m K)"


AMOUNTS = st.fractions(-1_000, 1_000, max_denominator=1_000)
WORDS = (
    "m",
    "km",
    "in",
    "kg",
    "h",
    "min",
    "d",
    "EUR",
    "USD",
    "kWh",
    "W",
    "mph",
    "L",
    "acre",
    "N",
    "V",
    "A",
    "%",
    "GiB",
)
EXPONENTS = st.sampled_from([-2, -1, 1, 2])
MANY_UNITS = st.lists(st.tuples(st.sampled_from(WORDS), EXPONENTS), max_size=3)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    parts = []
    for word, exponent in draw(MANY_UNITS):
        unit = find_unit(word)
        assert unit is not None
        parts.append((unit, exponent))
    factor, units = join_units(tuple(parts))
    assert isinstance(factor, Fraction)
    return Quantity(draw(AMOUNTS) * factor, units)


def base(value: Quantity) -> Fraction:
    """Return the amount in base units, whatever it is written in."""
    scale = scale_of(value.units)
    assert isinstance(scale, Fraction)
    assert isinstance(value.number, Fraction)
    return value.number * scale


def exponents(value: Quantity) -> Counter[str]:
    return Counter(dict(dimension_of(value.units)))


@given(quantities(), quantities())
def test_products_are_exact_whatever_their_units(left: Quantity, right: Quantity) -> None:
    product = multiply(left, right)

    assert base(product) == base(left) * base(right)
    assert exponents(product) == Counter(
        {
            name: n
            for name in [*exponents(left), *exponents(right)]
            if (n := exponents(left)[name] + exponents(right)[name])
        }
    )
    if right.number:
        back = divide(product, right)
        assert base(back) == base(left)
        assert dimension_of(back.units) == dimension_of(left.units)


@given(quantities(), quantities(), quantities())
def test_products_are_associative_and_distribute_over_sums(one: Quantity, two: Quantity, three: Quantity) -> None:
    assert base(multiply(multiply(one, two), three)) == base(multiply(one, multiply(two, three)))
    like = Quantity(three.number, two.units)
    assert base(multiply(one, add(two, like))) == base(add(multiply(one, two), multiply(one, like)))


@given(quantities(), st.integers(-3, 4))
def test_powers_are_repeated_products(value: Quantity, exponent: int) -> None:
    if exponent <= 0 and not value.number:
        return
    raised = power(value, exponent)

    assert base(raised) == base(value) ** exponent
    assert exponents(raised) == Counter({name: n * exponent for name, n in exponents(value).items() if n * exponent})


@given(quantities())
def test_a_root_of_a_square_is_of_the_same_kind(value: Quantity) -> None:
    squared = power(value, 2)
    factor, units = root_units(squared.units, 2)

    assert dimension_of(units) == dimension_of(value.units)
    assert base(Quantity(Fraction(1), squared.units)) == base(Quantity(Fraction(1), units)) ** 2 * Fraction(factor)


@given(quantities())
def test_no_unit_stands_twice_and_none_to_the_power_of_nothing(value: Quantity) -> None:
    names = [unit.name for unit, _ in value.units]

    assert len(set(names)) == len(names)
    assert all(exponent for _, exponent in value.units)


@pytest.mark.parametrize(
    "typed", ["3.75 kg/mps * 1 m^2", "5 EUR/inch", "40 h/week * 3", "2^(60 min/h)", "5 m^-1 kg * 2 s"]
)
def test_what_is_read_back_gives_the_same_units_in_the_same_order(typed: str) -> None:
    once = evaluate(typed)
    again = evaluate(once.reading)

    assert (again.reading, again.text) == (once.reading, once.text)


def test_so_many_units_are_refused() -> None:
    metre = quantity("1 m")
    with pytest.raises(CalculationError) as high:
        power(metre, 100)
    with pytest.raises(CalculationError) as many:
        join_units(tuple((unit, 1) for code in list_codes()[:13] if (unit := find_unit(code))))

    assert high.value.code == many.value.code == Code.TOO_LARGE
