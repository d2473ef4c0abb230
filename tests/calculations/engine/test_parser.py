"""Tests for what a line is read as."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import FORMATS
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
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.parser import find_sources, parse
from webapp.calculations.engine.printer import print_node


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
        ("1 000 000", Code.MISSING_SIGN, ("1000000",)),
        ("1 + * 2", Code.MISSING_OPERAND, ("+", "*")),
        ("(1+2", Code.UNCLOSED, (")",)),
        ("1+2)", Code.UNCLOSED, ("",)),
        ("1,5", Code.AMBIGUOUS_NUMBER, ("1.5", "15")),
        ("１２", Code.CHARACTER, ("12",)),
        ("3!!", Code.AMBIGUOUS_PRODUCT, ("(3!)!",)),
        ("0.(3)", Code.AMBIGUOUS_PRODUCT, ("(1/3)", "0 * 3")),
        ("1.1(6)", Code.AMBIGUOUS_PRODUCT, ("(7/6)", "1.1 * 6")),
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


@pytest.mark.parametrize(
    "operation, sign", [(operation, sign) for operation, each in OPERATORS.items() for sign in each.signs]
)
def test_every_sign_of_the_table_is_read_and_is_no_name(operation: Operation, sign: str) -> None:
    node = parse(f"6 {sign} 3")
    assert isinstance(node, BinaryNode)
    assert node.operation is operation
    if sign.isalpha():
        assert refusal_of(f"{sign} = 5") is not None


def test_adding_many_is_not_deep() -> None:
    node = parse("+".join(["1"] * 1_000))
    terms = 1
    while isinstance(node, BinaryNode):
        node = node.left
        terms += 1
    assert terms == 1_000


def read(text: str, number_format: str = "1234.5") -> str:
    return print_node(parse(text, number_format=number_format))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("5 m^2", "5 m^2"),
        ("5 m²", "5 m^2"),
        ("1/2 m", "0.5 m"),
        ("3/4 kg m/s^2", "0.75 kg m/s^2"),
        ("1/2 m * 2", "0.5 m * 2"),
        ("2 * 1/2 m", "2 * 0.5 m"),
        ("85 EUR / h", "85 EUR/h"),
        ("48 EUR/h/d", "48 EUR/(h d)"),
        ("9 W/(m K)", "9 W/(m K)"),
        ("60 km/(2 h)", "60 km / (2 h)"),
        ("100 EUR / 5 EUR/h", "100 EUR / (5 EUR/h)"),
        ("x / h", "x / h"),
        ("5 km/m", "5 km/m"),
        ("(10/2) m", "(10 / 2) * m"),
        ("$5", "5 USD"),
        ("$5/h", "5 USD/h"),
        ("5€ + €6", "5 EUR + 6 EUR"),
        ("30° + 5 °C", "30 deg + 5 °C"),
        ("5 min + min(1; 2)", "5 min + min(1; 2)"),
        ("2 min(1; 2)", "2 * min(1; 2)"),
        ("3h 45m", "3 h 45 min"),
        ("3h45m30s", "3 h 45 min 30 s"),
        ("3 hours 45 minutes", "3 h 45 min"),
        ("1d 2h", "1 d 2 h"),
        ("-3h 45m", "-(3 h 45 min)"),
        ("3:45", "3 h 45 min"),
        ("5 ft 3 in", "5 ft 3 in"),
        ("45 m", "45 m"),
        ("5 in", "5 in"),
        ("5 K/in", "5 K/inch"),
        ("5 N m to lbf*in", "5 N m to lbf inch"),
        ("5 in * 2", "5 in * 2"),
        ("5 in in cm", "5 in to cm"),
        ("5 m in cm", "5 m to cm"),
        ("5 m → cm", "5 m to cm"),
        ("1 m + 5 cm to mm + 1 m", "((1 m + 5 cm) to mm) + 1 m"),
        ("3h 45m to h min", "(3 h 45 min) to h min"),
        ("10 percent of 200", "10% of 200"),
        ("1/2 percent", "(1 / 2)%"),
        ("x / 2 percent", "x / 2%"),
        ("1/2%", "1 / 2%"),
        ("(5 + 5) percent", "(5 + 5)%"),
        ("1/4 to %", "(1 / 4) to percent"),
        ("2.5 to fraction", "2.5 to fraction"),
        ("5 km/h to m/s", "5 km/h to m/s"),
        ("5 lbf to kg*m/s^2", "5 lbf to kg m/s^2"),
        ("100 EUR to USD at 1/0.9 on 2026-11-20", "100 EUR to USD at (1 / 0.9) on 2026-11-20"),
        ("1 EUR = 1.08 USD on 2026-11-20", "1 EUR = 1.08 USD on 2026-11-20"),
        ("today + 3 d", "today + 3 d"),
        ("5% on (2026-11-20)", "5% on (2026-11-20)"),
        ("if(x >= 2; 1; 0)", "if(x >= 2; 1; 0)"),
        ("(1 < 2) == (2 < 3)", "(1 < 2) == (2 < 3)"),
        ("rate = 85 EUR/h", "rate = 85 EUR/h"),
        ("f(x, y) = x*y", "f(x; y) = x * y"),
        ("what + 10% = 220", "what + 10% = 220"),
        ("sqrt(what) = 3", "sqrt(what) = 3"),
        ("max(1,2)", "max(1; 2)"),
        ("max(1, 2.5,3)", "max(1; 2.5; 3)"),
        ("2π", "2 * pi"),
    ],
)
def test_reads_units_days_names_and_calls(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "number_format, text, expected",
    [
        ("1,234.5", "max(1,2)", "max(1; 2)"),
        ("1,234.5", "max(1,234; 5)", "max(1234; 5)"),
        ("1,234.5", "(1,234)", "1234"),
        ("1,234.5", "max((1,234), 5)", "max(1234; 5)"),
        ("1.234,5", "sqrt(1,2)", "sqrt(1.2)"),
        ("1.234,5", "round(2,5)", "round(2.5)"),
        ("1.234,5", "max((1,2))", "max(1.2)"),
        ("1.234,5", "max(1,2, 3,4)", "max(1.2; 3.4)"),
        ("1.234,5", "max(1,2; 1.234)", "max(1.2; 1234)"),
        ("1 234,5", "max(1 234; 2, 3)", "max(1234; 2; 3)"),
        ("1'234.5", "max(1'234, 234)", "max(1234; 234)"),
    ],
)
def test_commas_part_arguments_where_they_cannot_be_in_a_number(number_format: str, text: str, expected: str) -> None:
    assert read(text, number_format) == expected


@pytest.mark.parametrize(
    "number_format, text, repairs",
    [
        ("1,234.5", "max(1,234)", ("max(1234)", "max(1; 234)")),
        ("1,234.5", "2 * max(5 + 1,234)", ("2 * max(5 + 1234)", "2 * max(5 + 1; 234)")),
        ("1.234,5", "max(1,2)", ("max((1,2))", "max(1; 2)")),
        ("1234,5", "sum(1,2 + 3)", ("sum((1,2) + 3)", "sum(1; 2 + 3)")),
    ],
)
def test_commas_that_could_part_arguments_are_refused(number_format: str, text: str, repairs: tuple[str, ...]) -> None:
    with pytest.raises(CalculationError) as refusal:
        parse(text, number_format=number_format)
    assert refusal.value.code == Code.AMBIGUOUS_NUMBER
    assert refusal.value.repaired(text) == repairs
    for repaired in repairs:
        parse(repaired, number_format=number_format)


@pytest.mark.parametrize(
    "text, key",
    [
        ("hours(task:42)", "hours(task:42)"),
        ("HOURS = hours( task : 42 )", "hours(task:42)"),
        ('2 hours(category:"Code Review", this  month)', "hours(category:code review; period:this month)"),
        ("hours(this month; category:“Code review”)", "hours(category:code review; period:this month)"),
        ("count(status:done; last week)", "count(period:last week; status:done)"),
        ("hours(task:42, 2026-11-01..2026-11-15)", "hours(period:2026-11-01..2026-11-15; task:42)"),
        ("hours(person:me, 2026-11)", "hours(period:2026-11; person:me)"),
        ("f(x) = x * rate(customer:Acme)", "rate(customer:acme)"),
    ],
)
def test_finds_the_figures_that_a_line_asks_for(text: str, key: str) -> None:
    assert [source.key for source in find_sources(text)] == [key]
    assert [source.key for source in find_sources(print_node(parse(text)))] == [key]


def test_a_line_that_cannot_be_read_asks_for_nothing() -> None:
    assert find_sources("hours(task:42) +") == ()
    assert find_sources("5 EUR") == ()


# What people type by mistake, and the code of what is said to it.
REFUSED = [
    ("", Code.EMPTY),
    ("   ", Code.EMPTY),
    ("1 +", Code.MISSING_OPERAND),
    ("* 2", Code.MISSING_OPERAND),
    ("1 + * 2", Code.MISSING_OPERAND),
    ("5 + %", Code.MISSING_OPERAND),
    ("()", Code.MISSING_OPERAND),
    ("max(1;)", Code.MISSING_OPERAND),
    ("to", Code.MISSING_OPERAND),
    ("5 m^", Code.MISSING_OPERAND),
    ("x =", Code.MISSING_OPERAND),
    ("(1", Code.UNCLOSED),
    ("1)", Code.UNCLOSED),
    (")", Code.UNCLOSED),
    ("max(1", Code.UNCLOSED),
    ("hours(task:42", Code.UNCLOSED),
    ("2 3", Code.MISSING_SIGN),
    ("a b", Code.MISSING_SIGN),
    ("2 x 3", Code.MISSING_SIGN),
    ("85 EUR per h", Code.MISSING_SIGN),
    ("sqrt 4", Code.MISSING_SIGN),
    ("EUR 5", Code.MISSING_SIGN),
    ("5 EUR 3", Code.MISSING_SIGN),
    ("5 m m", Code.MISSING_SIGN),
    ("2h 30", Code.MISSING_SIGN),
    ("45 min 3 h", Code.MISSING_SIGN),
    ("(1)2", Code.MISSING_SIGN),
    ("5!5", Code.MISSING_SIGN),
    ("5 % 3", Code.MISSING_SIGN),
    ("10% x", Code.MISSING_SIGN),
    ("6/2(1+2)", Code.AMBIGUOUS_PRODUCT),
    ("-6/2*3(1+2)", Code.AMBIGUOUS_PRODUCT),
    ("2^3x", Code.AMBIGUOUS_PRODUCT),
    ("-2^3x", Code.AMBIGUOUS_PRODUCT),
    ("x^2(3)", Code.AMBIGUOUS_PRODUCT),
    ("7 mod 2x", Code.AMBIGUOUS_PRODUCT),
    ("10 / 2 m", Code.AMBIGUOUS_PRODUCT),
    ("(3+4)/2 m", Code.AMBIGUOUS_PRODUCT),
    ("6 / 1/2 m", Code.AMBIGUOUS_PRODUCT),
    ("6 / 2 percent", Code.AMBIGUOUS_PRODUCT),
    ("6 / 1/2 percent", Code.AMBIGUOUS_PRODUCT),
    ("1*" * 900 + "1 / 2 m", Code.AMBIGUOUS_PRODUCT),
    ("60 km/m s", Code.AMBIGUOUS_PRODUCT),
    ("5 m^x", Code.AMBIGUOUS_PRODUCT),
    ("5 m^2^3", Code.AMBIGUOUS_PRODUCT),
    ("3!!", Code.AMBIGUOUS_PRODUCT),
    ("5 m^1.5", Code.NOT_WHOLE),
    ("5 m^0", Code.NOT_WHOLE),
    ("5 m to m/m", Code.UNKNOWN_UNIT),
    ("1,5", Code.AMBIGUOUS_NUMBER),
    ("1.234,5", Code.AMBIGUOUS_NUMBER),
    ("1_000", Code.AMBIGUOUS_NUMBER),
    ("1e1000", Code.NUMBER),
    ("3:75", Code.NUMBER),
    ("31.12.2026", Code.DATE),
    ("2026-02-30", Code.DATE),
    ("2026-13-01", Code.DATE),
    ("2026-1-5", Code.DATE),
    ("5%%", Code.SYNTAX),
    ("1 < 2 < 3", Code.SYNTAX),
    ("1 + 2 = 3", Code.SYNTAX),
    ("=1+2", Code.SYNTAX),
    ("a = b = c", Code.SYNTAX),
    ("if(x = 2; 1; 0)", Code.SYNTAX),
    ("f(2) = 3", Code.SYNTAX),
    ("f() = 3", Code.SYNTAX),
    ("f(x y) = 3", Code.SYNTAX),
    ("what", Code.SYNTAX),
    ("what + what = 3", Code.SYNTAX),
    ("3 = what", Code.SYNTAX),
    ("1 EUR = 3 kg on 2026-11-20", Code.SYNTAX),
    ("5 on 2026-11-20", Code.SYNTAX),
    ("20 as 80", Code.SYNTAX),
    ("1; 2", Code.SYNTAX),
    ("1, 2", Code.SYNTAX),
    ("17 // 5", Code.SYNTAX),
    ("3:5", Code.SYNTAX),
    ('"x"', Code.SYNTAX),
    ("5 to", Code.UNKNOWN_UNIT),
    ("5 to 7", Code.UNKNOWN_UNIT),
    ("5 km to metr", Code.UNKNOWN_UNIT),
    ("m = 5", Code.NAME_TAKEN),
    ("pi = 3", Code.NAME_TAKEN),
    ("max = 3", Code.NAME_TAKEN),
    ("today = 3", Code.NAME_TAKEN),
    ("hours(x) = 3", Code.NAME_TAKEN),
    ("f(h) = 3", Code.NAME_TAKEN),
    ("f(x; x) = 3", Code.NAME_TAKEN),
    ("hours()", Code.SOURCE),
    ("hours(tusk:42)", Code.SOURCE),
    ("hours(; today)", Code.SOURCE),
    ("hours((1))", Code.SOURCE),
    ('hours(task:"a" b)', Code.SOURCE),
    ("{{7*7}}", Code.CHARACTER),
    ("=cmd|' /C calc'!A0", Code.CHARACTER),
    ("__import__('os')", Code.CHARACTER),
    ("().__class__", Code.CHARACTER),
    ("5' 3\"", Code.CHARACTER),
    ("(" * 65 + "1" + ")" * 65, Code.TOO_DEEP),
]


@pytest.mark.parametrize("text, code", REFUSED)
def test_refuses_with_a_place_a_cause_and_a_repair(text: str, code: Code) -> None:
    error = refusal_of(text)
    assert error is not None
    assert error.code == code
    assert error.hint
    assert error.message.endswith(".")
    if code != Code.EMPTY:
        assert error.position is not None
        assert error.end is not None
        assert 0 <= error.position <= error.end <= len(text)
    # What is offered instead leads on.
    for repaired in error.repaired(text):
        left = refusal_of(repaired)
        assert left is None or (left.code, left.position) != (error.code, error.position)
        if error.code in (Code.AMBIGUOUS_PRODUCT, Code.AMBIGUOUS_NUMBER):
            assert left is None


def refusal_of(text: str) -> CalculationError | None:
    try:
        parse(text)
    except CalculationError as error:
        return error
    return None


_TYPED = (
    "1 2.5 1,5 1e3 x pi m h EUR % ! ( ) + - * / ^ = == < ; , : .. to in of off on as at mod what max sqrt hours "
    'task 42 "a" today 2026-11-20 3:45 $ ° ² if 3h 45m 1/2 _ ?'
)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(_TYPED.split()), max_size=14), st.sampled_from(["", " "]), st.sampled_from(list(FORMATS))
)
def test_any_words_are_read_or_refused_within_the_line(words: list[str], between: str, number_format: str) -> None:
    text = between.join(words)
    try:
        node = parse(text, number_format=number_format)
    except CalculationError as error:
        refusal = error
    else:
        reading = print_node(node, number_format=number_format)
        assert print_node(parse(reading, number_format=number_format), number_format=number_format) == reading
        return
    position, end = refusal.position or 0, refusal.end or 0
    assert 0 <= position <= end <= len(text)
    assert refusal.hint


@pytest.mark.parametrize(
    "text, code, hint",
    [
        ("sqr(4)", Code.UNKNOWN_NAME, "Did you mean “sqrt”?"),
        ("5 kgg", Code.UNKNOWN_NAME, "Did you mean “kg” or “kgf” or “Gg”?"),
        ("50k", Code.UNKNOWN_NAME, "Write “* 1000” instead."),
        ("total + 1", Code.NO_LINES, "Use it in a worksheet, or write the numbers: “sum(1; 2; 3)”."),
        ("8h - 45m", Code.UNIT_MISMATCH, "Minutes alone are written “min”: “8 h - 45 min”."),
        ("asdfgh", Code.UNKNOWN_NAME, "Give it a value first: “asdfgh = 5”."),
    ],
)
def test_knows_what_may_have_been_meant(text: str, code: Code, hint: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        evaluate(text)
    assert (refusal.value.code, refusal.value.hint) == (code, hint)
