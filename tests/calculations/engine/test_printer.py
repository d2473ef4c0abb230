"""Tests for readings: they show how a line was understood, and can be typed again."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.calculations.engine.lexer import FORMATS
from webapp.calculations.engine.nodes import (
    BinaryNode,
    CallNode,
    CompareNode,
    ConvertNode,
    DayNode,
    Expression,
    FactorialNode,
    MinusNode,
    NameNode,
    NumberNode,
    PercentNode,
    QuantityNode,
)
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.printer import print_node
from webapp.calculations.engine.settings import Angle
from webapp.calculations.engine.units import find_unit
from webapp.calculations.engine.values import Unit, Units


@pytest.mark.parametrize(
    "text, expected",
    [
        ("-2^2", "-(2^2)"),
        ("2^-3", "2^(-3)"),
        ("2^3^2", "2^(3^2)"),
        ("1+2*3-4", "1 + (2 * 3) - 4"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("8/4/2", "(8 / 4) / 2"),
        ("2 pi", "2 * pi"),
        ("200 + 10% + 10%", "(200 + 10%) + 10%"),
        ("3h 45m * 85 EUR/h", "(3 h 45 min) * 85 EUR/h"),
        ("1:30:15", "1 h 30 min 15 s"),
        ("1/2 m", "0.5 m"),
        ("1/3 m * 2", "(1/3 m) * 2"),
        ("(5 m)/s", "(5 m) / s"),
        ("100 EUR / 5 EUR/h", "100 EUR / (5 EUR/h)"),
        ("$5*3", "5 USD * 3"),
        ("5 ft 3 in in cm", "(5 ft 3 in) to cm"),
        ("20 as % of 80", "20 as % of 80"),
        ("what + 10% = 220", "what + 10% = 220"),
        ("gross(net) = net + 19%", "gross(net) = net + 19%"),
        ("100 EUR to USD at 1.08 on 2026-11-20", "100 EUR to USD at 1.08 on 2026-11-20"),
        ("1 EUR = 1.08 USD on 2026-11-20", "1 EUR = 1.08 USD on 2026-11-20"),
        ('hours(this month, category:"Re view")', 'hours(this month; category:"Re view")'),
        ("hours( task : 42 )", "hours(task:42)"),
        ("1e3", "1000"),
        ("1.5e40", "1.5e40"),
        ("1e-40", "1e-40"),
        ("301e999 + 0.012e-999", "301e999 + 0.012e-999"),
        ("12" * 50 + "e10", f"1.{'21' * 49}2e109"),
        ("2^(60 min/h)", "2^(60 min/h)"),
        ("sin(30) + sin(-x) + sin(1 turn)", "sin(30 deg) + sin(-x) + sin(1 turn)"),
        ("cos(pi/6)", "cos((pi / 6) * deg)"),
    ],
)
def test_shows_how_a_line_was_read(text: str, expected: str) -> None:
    reading = print_node(parse(text), angle=Angle.DEGREES)
    assert reading == expected
    assert print_node(parse(reading), angle=Angle.DEGREES) == expected


@pytest.mark.parametrize("number_format", FORMATS)
def test_has_the_decimal_sign_of_the_person(number_format: str) -> None:
    point = FORMATS[number_format][0]
    reading = print_node(parse("max(1234.5; 1e30)"), number_format=number_format)
    assert reading == f"max(1234{point}5; 1e30)"
    assert print_node(parse(reading, number_format=number_format)) == "max(1234.5; 1e30)"


def test_a_thousand_operations_in_a_row_are_read_and_written() -> None:
    for sign in "+-*/":
        text = "1" + f"{sign}1" * 999
        reading = print_node(parse(text))
        assert reading.replace(" ", "").replace("(", "").replace(")", "") == text
        assert "rad" in print_node(parse(f"sin({text[:1_899]})"), angle=Angle.RADIANS)


def _unit(name: str) -> Unit:
    unit = find_unit(name)
    assert unit is not None
    return unit


_UNITS: tuple[Units, ...] = (
    ((_unit("m"), 1),),
    ((_unit("in"), 1),),
    ((_unit("EUR"), 1), (_unit("h"), -1)),
    ((_unit("kg"), 1), (_unit("m"), 1), (_unit("s"), -2)),
    ((_unit("h"), -1),),
)
_NUMBERS = st.builds(
    lambda digits, exponent: Fraction(digits) * Fraction(10) ** exponent,
    st.integers(0, 10**6),
    st.integers(-30, 30) | st.integers(-3, 3) | st.sampled_from([-1001, -120, 95, 999]),
)
_SIGNS = [operation for operation, operator in OPERATORS.items() if operator.signs]
_LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(lambda value: NumberNode(value, 0, 0), _NUMBERS),
    st.builds(lambda value, units: QuantityNode(value, units, 0, 0), _NUMBERS, st.sampled_from(_UNITS)),
    st.builds(lambda value: QuantityNode(value / 7, ((_unit("m"), 1),), 0, 0), st.integers(1, 99).map(Fraction)),
    st.builds(lambda units: QuantityNode(Fraction(1), units, 0, 0, is_bare=True), st.sampled_from(_UNITS[2:5])),
    st.builds(lambda name: NameNode(name, 0, 0), st.sampled_from(["x", "total_1", "pi", "größe", "today"])),
    st.builds(lambda day: DayNode(day, 0, 0), st.dates(date(1900, 1, 1), date(2200, 1, 1))),
)


def _deeper(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(
            lambda sign, left, right: BinaryNode(sign, left, right, 0, 0, 0), st.sampled_from(_SIGNS), inner, inner
        ),
        st.builds(lambda operand: MinusNode(operand, 0, 0), inner),
        st.builds(lambda operand: PercentNode(operand, 0, 0), inner),
        st.builds(lambda operand: FactorialNode(operand, 0, 0), inner),
        st.builds(lambda arguments: CallNode("max", tuple(arguments), 0, 0), st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda sign, left, right: CompareNode(sign, left, right, 0, 0, 0),
            st.sampled_from(["<", "=="]),
            inner,
            inner,
        ),
        st.builds(lambda operand, units: ConvertNode(operand, units, 0, 0, 0), inner, st.sampled_from(_UNITS)),
        st.builds(
            lambda operand, rate: ConvertNode(operand, _UNITS[0], 0, 0, 0, rate=rate, rate_on=date(2026, 11, 20)),
            inner,
            inner,
        ),
    )


def _same(left: object, right: object) -> bool:
    """Whether two trees say the same, wherever they stand."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if type(left) is not type(right) or not hasattr(left, "__slots__") or isinstance(left, (Fraction, Unit, date)):
        return left == right
    return all(
        _same(getattr(left, slot), getattr(right, slot))
        for slot in type(left).__slots__
        if slot not in ("at", "is_bare")
    )


@settings(max_examples=250)
@given(tree=st.recursive(_LEAVES, _deeper, max_leaves=12), number_format=st.sampled_from(list(FORMATS)))
def test_readings_can_be_typed_again_and_are_the_same_tree(tree: Expression, number_format: str) -> None:
    reading = print_node(tree, number_format=number_format)
    again = parse(reading, number_format=number_format)
    assert _same(again, tree), reading
    assert print_node(again, number_format=number_format) == reading


def test_operations_without_a_sign_are_functions() -> None:
    assert Operation.ROOT not in _SIGNS
    assert print_node(parse("root(27; 3)")) == "root(27; 3)"
