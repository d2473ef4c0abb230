"""Tests for what a line is read as."""

from __future__ import annotations

import pytest

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import (
    BinaryNode,
    CallNode,
    FactorialNode,
    MinusNode,
    NameNode,
    NumberNode,
    PercentNode,
    Statement,
)
from webapp.calculations.engine.parser import parse


def shape(node: Statement) -> str:
    """Write a tree of plain numbers with all its brackets."""
    if isinstance(node, NumberNode):
        return str(node.value)
    if isinstance(node, NameNode):
        return node.name
    if isinstance(node, CallNode):
        return f"{node.name}({'; '.join(map(shape, node.arguments))})"
    if isinstance(node, MinusNode):
        return f"-[{shape(node.operand)}]"
    if isinstance(node, PercentNode):
        return f"[{shape(node.operand)}]%"
    if isinstance(node, FactorialNode):
        return f"[{shape(node.operand)}]!"
    assert isinstance(node, BinaryNode)
    return f"[{shape(node.left)} {node.operation} {shape(node.right)}]"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("1 + 2 * 3", "[1 add [2 multiply 3]]"),
        ("(1 + 2) * 3", "[[1 add 2] multiply 3]"),
        ("1 - 2 - 3", "[[1 subtract 2] subtract 3]"),
        ("8 / 4 / 2", "[[8 divide 4] divide 2]"),
        ("-2^2", "-[[2 power 2]]"),
        ("(-2)^2", "[-[2] power 2]"),
        ("2^-3", "[2 power -[3]]"),
        ("2^-3^2", "[2 power -[[3 power 2]]]"),
        ("2^3^2", "[2 power [3 power 2]]"),
        ("-2 * -3", "[-[2] multiply -[3]]"),
        ("--2", "-[-[2]]"),
        ("1 - -2", "[1 subtract -[2]]"),
        ("+2 + +3", "[2 add 3]"),
        ("3!^2", "[[3]! power 2]"),
        ("-3!", "-[[3]!]"),
        ("2^3!", "[2 power [3]!]"),
        ("200 + 10% + 10%", "[[200 add [10]%] add [10]%]"),
        ("2 * 50%^2", "[2 multiply [[50]% power 2]]"),
        ("17 mod 5 * 2", "[[17 modulus 5] multiply 2]"),
        ("-7 div 2", "[-[7] integer_divide 2]"),
        ("2 pi", "[2 multiply pi]"),
        ("2x^2", "[2 multiply [x power 2]]"),
        ("-2x", "[-[2] multiply x]"),
        ("3(4 + 5)", "[3 multiply [4 add 5]]"),
        ("6 * 2(1 + 2)", "[[6 multiply 2] multiply [1 add 2]]"),
        ("(6/2)(1 + 2)", "[[6 divide 2] multiply [1 add 2]]"),
        ("2 max(1; 2)", "[2 multiply max(1; 2)]"),
        ("10% of 200 + 5", "[[[10]% percent_of 200] add 5]"),
        ("1 + 20 as % of 80", "[[1 add 20] share 80]"),
        ("x²", "[x power 2]"),
        ("2×3·4÷5−6", "[[[[2 multiply 3] multiply 4] divide 5] subtract 6]"),
        ("1.5×10^−20", "[3/2 multiply [10 power -[20]]]"),
    ],
)
def test_signs_bind_as_tightly_as_is_taught(text: str, expected: str) -> None:
    assert shape(parse(text)) == expected


@pytest.mark.parametrize(
    "text, code, repairs",
    [
        ("6/2(1+2)", Code.AMBIGUOUS_PRODUCT, ("(6/2) * (1+2)", "6 / (2 * (1+2))")),
        ("1/2x", Code.AMBIGUOUS_PRODUCT, ("(1/2) * x", "1 / (2 * x)")),
        ("2^3x", Code.AMBIGUOUS_PRODUCT, ("(2^3) * x", "2 ^ (3 * x)")),
        ("2 3", Code.MISSING_SIGN, ("2 * 3", "23")),
        ("a b", Code.MISSING_SIGN, ("a * b", "a + b")),
        ("5 % 3", Code.MISSING_SIGN, ("mod 3", "% of 3")),
        ("1 + * 2", Code.MISSING_OPERAND, ("+", "*")),
        ("(1+2", Code.UNCLOSED, (")",)),
        ("1+2)", Code.UNCLOSED, ("",)),
        ("1,5", Code.AMBIGUOUS_NUMBER, ("1.5", "15")),
        ("１２", Code.CHARACTER, ("12",)),
        ("3!!", Code.AMBIGUOUS_PRODUCT, ("(3!)!",)),
    ],
)
def test_refuses_what_could_be_meant_in_two_ways(text: str, code: Code, repairs: tuple[str, ...]) -> None:
    with pytest.raises(CalculationError) as refusal:
        parse(text)
    assert (refusal.value.code, refusal.value.repairs) == (code, repairs)


@pytest.mark.parametrize("text", ["-" * 50_000, "(" * 10_000, "-" * 1_900, "(" * 1_900, "2^" * 900 + "2", "f(" * 900])
def test_refuses_depth_before_it_is_reached(text: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        parse(text)
    assert refusal.value.code in (Code.TOO_LONG, Code.TOO_DEEP)
