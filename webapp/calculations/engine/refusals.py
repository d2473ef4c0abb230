"""
What is said when a line cannot be read: the place, the cause, and how to write what was probably meant.

Kept apart from the parser, which stays short and quick; nothing here runs for a line that can be read.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.functions import CONSTANTS, FUNCTIONS
from webapp.calculations.engine.lexer import END, FORMATS, NAME, NUMBER, SIGN, WORDS, Token, read_number
from webapp.calculations.engine.limits import DEPTH
from webapp.calculations.engine.nodes import BinaryNode, Expression, NameNode, PercentNode, QuantityNode
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.sources import SOURCES
from webapp.calculations.engine.suggestions import closest
from webapp.calculations.engine.units import find_unit, suggest_units

if TYPE_CHECKING:
    from webapp.calculations.engine.values import Unit

FUNCTION_NAMES = frozenset(FUNCTIONS) | {operator.function for operator in OPERATORS.values() if operator.function}
JOINING = frozenset({"to", "in", "as", "of", "off", "on", "mod", "div", "at", "percent"})
# Words with a meaning of their own, that no name may take.
RESERVED = JOINING | {"fraction", "percent", "what", "today", "true", "false", "prev", "total", "average", "if"}
_LONGEST_SHOWN = 24
# Signs as they are spoken.
_SPOKEN = {
    "x": "*",
    "X": "*",
    "times": "*",
    "plus": "+",
    "and": "+",
    "minus": "-",
    "less": "-",
    "over": "/",
    "per": "/",
    "modulo": "mod",
    "from": "off",
    "into": "to",
    "equals": "==",
    "is": "==",
}
_CLOSE_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")


def _error(
    code: Code, message: str, start: int, end: int, hint: str | None = None, repairs: tuple[str, ...] = ()
) -> CalculationError:
    return CalculationError(code, message, position=start, end=end, hint=hint, repairs=repairs)


def _show(word: str) -> str:
    return word if len(word) <= _LONGEST_SHOWN else f"{word[:_LONGEST_SHOWN]}…"


def too_deep(token: Token) -> CalculationError:
    """Refuse brackets and signs within one another beyond the limit."""
    return _error(
        Code.TOO_DEEP,
        f"This goes {DEPTH + 1} deep; brackets, signs and powers may stand {DEPTH} deep within one another.",
        token[2],
        token[3],
        "Give an inner part a name, on a line before: “a = …”.",
    )


# What is missing

# What to write where a line begins with a sign that needs something before it.
_BEGINNINGS = {
    **{
        sign: f"Write a number before it: “2 {sign} 3”."
        for sign in ("*", "/", "^", "×", "÷", "·", "mod", "div", "<", ">")
    },
    "to": "Write what to convert: “5 km to mi”.",
    "in": "Write what to convert: “5 km in mi”.",
    "of": "Write “10% of 200”.",
    "off": "Write “10% off 200”.",
    "on": "Write “10% on 200”.",
    "as": "Write “20 as % of 80”.",
    "at": "Write “100 EUR to USD at 1.08”.",
    "percent": "Write “5 percent”.",
    "%": "Write “5%”; for the remainder write “17 mod 5”.",
    "!": "Write “5!”.",
}


def missing_operand(tokens: Sequence[Token], index: int, text: str) -> CalculationError:
    """Refuse the word at `index`, where a number was expected."""
    kind, word, start, end = tokens[index]
    before = tokens[index - 1] if index else None
    if kind == WORDS:
        return _error(
            Code.SYNTAX,
            f"{_show(word)} is not something to calculate with.",
            start,
            end,
            'Quoted words belong in a filter: “hours(category:"Review", this month)”.',
        )
    if before is None:
        if word == ")":
            return _error(Code.UNCLOSED, "This bracket was never opened.", start, end, "Delete it.", ("",))
        return _error(
            Code.MISSING_OPERAND,
            f"A number is missing before “{word}”.",
            start,
            end,
            _BEGINNINGS.get(word, f"Begin with a number or a name, not with “{word}”."),
        )
    if kind == END:
        if before[1] == "(":
            return _error(
                Code.UNCLOSED,
                "There is nothing in this bracket.",
                before[2],
                before[3],
                "Write what belongs in it and close it: “(1 + 2)”.",
            )
        return _error(
            Code.MISSING_OPERAND,
            f"A number is missing after “{before[1]}”.",
            before[2],
            before[3],
            f"Write one, or delete “{before[1]}”.",
            ("",),
        )
    if word == ")" and before[1] == "(":
        return _error(
            Code.MISSING_OPERAND,
            "There is nothing between these brackets.",
            before[2],
            end,
            "Write what belongs in them, or delete them.",
            ("",),
        )
    if before[1] in (";", ",") or word in (";", ","):
        return _error(
            Code.MISSING_OPERAND,
            "A value is missing beside this separator.",
            start,
            end,
            "Write a value on both sides of it: “max(1; 2)”.",
        )
    if word in ("%", "!"):
        return _error(
            Code.MISSING_OPERAND,
            f"A number is missing before “{word}”.",
            start,
            end,
            f"Write “5{word}”; for the remainder write “mod”.",
        )
    return _error(
        Code.MISSING_OPERAND,
        f"A number is missing between “{before[1]}” and “{word}”.",
        before[2],
        end,
        f"Write a number between them, or keep one: “{before[1]}” or “{word}”.",
        (before[1], word) if word != ")" else (word,),
    )


def missing_sign(tokens: Sequence[Token], index: int, text: str, names: Container[str]) -> CalculationError:
    """Refuse two values that stand side by side."""
    left, right = tokens[index - 1], tokens[index]
    start, end = left[2], right[3]
    first, second = text[left[2] : left[3]], text[right[2] : right[3]]
    shown = f"There is no sign between “{_show(first)}” and “{_show(second)}”."
    if left[0] == NUMBER and right[0] == NUMBER:
        joined = first + second
        return _error(
            Code.MISSING_SIGN,
            shown,
            start,
            end,
            f"Write “{first} * {second}” to multiply, or “{joined}” for one number.",
            (f"{first} * {second}", joined),
        )
    # “2 x 3” and “85 EUR per h”, but “x 3” may be a name.
    for token in (left, right) if index > 1 else (right,):
        if token[0] == NAME and token[1] in _SPOKEN and token[1] not in names:
            sign = _SPOKEN[token[1]]
            return _error(
                Code.MISSING_SIGN,
                f"“{token[1]}” is not a sign here.",
                token[2],
                token[3],
                f"Write “{sign}” instead of it.",
                (sign,),
            )
    if left[0] == SIGN:
        return _error(
            Code.MISSING_SIGN,
            f"There is no sign before “{_show(second)}”.",
            right[2],
            end,
            f"Write “* {_show(second)}” to multiply, or “+ {_show(second)}” to add.",
            (f"* {second}", f"+ {second}"),
        )
    if left[1] in FUNCTION_NAMES and right[1] != "(":
        return _error(
            Code.MISSING_SIGN,
            f"“{left[1]}” is a function; its values stand in brackets.",
            start,
            end,
            f"Write “{left[1]}({_show(second)})”.",
            (f"{left[1]}({second})",),
        )
    if left[1] == right[1] and find_unit(left[1]) is not None:
        squared = f"{first}^2"
        return _error(Code.MISSING_SIGN, shown, start, end, f"Write “{squared}” for a square.", (squared,))
    if left[0] == NAME and right[0] == NUMBER:
        unit = find_unit(left[1])
        if unit is not None and unit.dimension == (("time", 1),):
            part = "m" if left[1] != "d" else "h"
            return _error(
                Code.MISSING_SIGN,
                shown,
                start,
                end,
                f"Write the unit too: “{first} {second}{part}”, or “{first} * {second}” to multiply.",
                (f"{first} {second}{part}", f"{first} * {second}"),
            )
        if unit is not None:
            return _error(
                Code.MISSING_SIGN,
                shown,
                start,
                end,
                f"A unit follows its number: “{second} {first}”. To multiply, write “{first} * {second}”.",
                (f"{second} {first}", f"{first} * {second}"),
            )
    if second == "(":
        return _error(
            Code.MISSING_SIGN,
            f"There is no sign between “{_show(first)}” and the bracket.",
            start,
            end,
            f"Write “{_show(first)} * (” to multiply.",
            (f"{first} * (",),
        )
    return _error(
        Code.MISSING_SIGN,
        shown,
        start,
        end,
        f"Write “{_show(first)} * {_show(second)}” to multiply, or “{_show(first)} + {_show(second)}” to add.",
        (f"{first} * {second}", f"{first} + {second}"),
    )


def rest(tokens: Sequence[Token], index: int, text: str, opening: Token | None) -> CalculationError:
    """Refuse what stands where the line, a bracket or a call should have ended."""
    kind, word, start, end = tokens[index]
    if kind == END and opening is not None:
        whose = "This bracket" if opening[1] == "(" else f"The bracket after “{_show(opening[1])}”"
        return _error(
            Code.UNCLOSED,
            f"{whose}, at character {opening[2] + 1 if opening[1] == '(' else opening[3] + 1}, is not closed.",
            end,
            end,
            "Close it with “)”.",
            (")",),
        )
    if word == ")":
        return _error(
            Code.UNCLOSED,
            "This bracket was never opened.",
            start,
            end,
            "Delete it, or write “(” where it begins.",
            ("",),
        )
    if word in (";", ","):
        if word == ",":
            return _error(
                Code.SYNTAX,
                "A comma parts the values of a function, and there is none around it.",
                start,
                end,
                "Write “max(1; 2)”, or “1.5” for a number.",
            )
        return _error(
            Code.SYNTAX,
            "A semicolon parts the values of a function, and there is none around it.",
            start,
            end,
            "Write “max(1; 2)”, or one line for each calculation.",
        )
    if word == "=":
        return _error(
            Code.SYNTAX,
            "“=” stands at the beginning only, after a name.",
            start,
            end,
            "To compare, write “==”.",
            ("==",),
        )
    if word == "at":
        return _error(
            Code.SYNTAX,
            "“at” gives a rate after a conversion, and there is none before it.",
            start,
            end,
            "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        )
    if word == "on":
        return _error(
            Code.SYNTAX,
            "A day with “on” belongs to a rate of exchange.",
            start,
            end,
            "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        )
    if word == ":":
        return _error(
            Code.SYNTAX,
            "“:” stands in times of the clock and in filters only.",
            start,
            end,
            "Write “3:45” for a time; to divide, write “/”.",
            ("/",),
        )
    if word == "..":
        return _error(
            Code.SYNTAX,
            "“..” stands between two days of a filter only.",
            start,
            end,
            "Write “hours(task:42, 2026-11-01..2026-11-15)”.",
        )
    if word == "//":
        return _error(
            Code.SYNTAX,
            "“//” begins a comment, in worksheets only.",
            start,
            end,
            "For whole steps write “div”: “17 div 5”.",
            ("div",),
        )
    return _error(Code.SYNTAX, f"“{_show(word)}” has no meaning here.", start, end, "Delete it.", ("",))


# What could be meant in two ways


def misleading_product(
    term: BinaryNode, left: Expression, tokens: Sequence[Token], index: int, text: str
) -> CalculationError:
    """Refuse `6/2(1+2)`, `1/2x` and `2^3x`."""
    end = _end_of_factor(tokens, index)
    whole = text[term.left.start : tokens[index - 1][3]].strip()
    factor = text[tokens[index][2] : end].strip()
    sign = text[term.at : term.right.start].strip().rstrip("(")
    beginning = text[term.start : term.at].strip()
    last = text[term.right.start : tokens[index - 1][3]].strip()
    ways = (f"({whole}) * {factor}", f"{beginning} {sign} ({last} * {factor})")
    return _error(
        Code.AMBIGUOUS_PRODUCT,
        f"“{_show(text[term.start : end])}” can be read in two ways.",
        term.start,
        end,
        f"Write “{ways[0]}”, or “{ways[1]}”."
        if max(map(len, ways)) < 60
        else "Write “*” and put brackets around what belongs together.",
        ways,
    )


def _end_of_factor(tokens: Sequence[Token], index: int) -> int:
    """Return where the factor ends that begins at `index`: a bracket, a call or a name."""
    if tokens[index][1] != "(" and tokens[index + 1][1] != "(":
        return tokens[index][3]
    depth = 0
    while tokens[index][0] != END:
        depth += (tokens[index][1] == "(") - (tokens[index][1] == ")")
        if tokens[index][1] == ")" and depth <= 0:
            break
        index += 1
    return tokens[index][3]


def misleading_quotient(
    left: Expression, right: QuantityNode | PercentNode, sign: Token, text: str
) -> CalculationError:
    """Refuse `10 / 2 m`."""
    last = left
    while (
        isinstance(last, BinaryNode)
        and last.start == last.left.start
        and last.operation not in (Operation.MULTIPLY, Operation.DIVIDE)
    ):
        last = last.right
    above = text[last.start : last.end].strip()
    below = text[right.start : right.end].strip()
    number = re.match(r"[0-9.,'’ \u00a0\u202f\u2009]*[0-9](?:/[0-9]+)?", below)
    amount = number[0].strip() if number else below
    unit = below[len(amount) :].strip()
    ways = (f"({above} {sign[1]} {amount}) {unit}", f"{above} {sign[1]} ({below})")
    return _error(
        Code.AMBIGUOUS_PRODUCT,
        f"“{_show(text[last.start : right.end])}” can be read in two ways.",
        last.start,
        right.end,
        f"Write “{ways[0]}”, or “{ways[1]}”.",
        ways,
    )


def unit_after_slash(tokens: Sequence[Token], index: int, text: str) -> CalculationError:
    """Refuse `kg/m s`: is what stands at `index` above the slash or below it?"""
    token = tokens[index]
    slash = max(i for i in range(index) if tokens[i][1] == "/")
    below = text[tokens[slash][3] : tokens[slash + 1][3]].strip()
    for later in range(slash + 2, index):
        if tokens[later][1] not in ("*", "·", "×", "⋅"):
            below = text[tokens[slash][3] : tokens[later][3]].strip()
    inner = below[1:-1] if below.startswith("(") else below
    return _error(
        Code.AMBIGUOUS_PRODUCT,
        f"“{_show(token[1])}” after a slash can belong above or below it.",
        tokens[slash][2],
        token[3],
        f"Write “…/({inner} {token[1]})”, or “… {token[1]}/{below}”.",
        (f"/({inner} {token[1]})", f" {token[1]}/{below}"),
    )


def unit_exponent(unit: Token, sign: Token, found: Token) -> CalculationError:
    """Refuse `5 m^x`, `5 m^1.5` and `5 m^2^3`."""
    if found[0] == END:
        return _error(
            Code.MISSING_OPERAND, "A number is missing after “^”.", sign[2], sign[3], f"Write “{unit[1]}^2”.", ("^2",)
        )
    return _error(
        Code.NOT_WHOLE if found[0] == NUMBER else Code.AMBIGUOUS_PRODUCT,
        f"The exponent of the unit “{unit[1]}” is a whole number from 1 to 99.",
        sign[2],
        max(found[3], sign[3]),
        f"Write “5 {unit[1]}^2” for a power of the unit, “(5 {unit[1]})^x” for one of the amount.",
    )


def underscore(before: Token, token: Token) -> CalculationError:
    """Refuse `1_000`."""
    digits = token[1].replace("_", "")
    whole = f"{before[1]}{digits}"
    is_number = digits.isascii() and digits.isdecimal()
    return _error(
        Code.AMBIGUOUS_NUMBER if is_number else Code.MISSING_SIGN,
        "“_” belongs to names, not to numbers." if is_number else f"There is no sign before “{_show(token[1])}”.",
        before[2],
        token[3],
        f"Write “{_show(whole)}”." if is_number else f"Write “{before[1]} * {_show(token[1])}” to multiply.",
        (whole,) if is_number else (f"{before[1]} * {token[1]}",),
    )


def percent_as_remainder(left: Expression, sign: Token, following: Token, text: str) -> CalculationError:
    """Refuse `5 % 3`."""
    above, below = text[left.start : left.end].strip(), text[following[2] : following[3]]
    if below == "(":
        below = "(…)"
    return _error(
        Code.MISSING_SIGN,
        "“%” is percent here, and a sign is missing after it.",
        sign[2],
        following[3],
        f"For the remainder write “{_show(above)} mod {_show(below)}”, for a part “{_show(above)}% of {_show(below)}”.",
        () if following[1] == "(" else (f"{' ' if left.end == sign[2] else ''}mod {below}", f"% of {below}"),
    )


def double_percent(left: Expression, sign: Token, text: str) -> CalculationError:
    """Refuse `5%%`."""
    return _error(Code.SYNTAX, "Two percent signs follow one another.", sign[2], sign[3], "Delete one.", ("",))


def double_factorial(left: Expression, sign: Token, text: str) -> CalculationError:
    """Refuse `5!!`, which mathematics reads otherwise."""
    return _error(
        Code.AMBIGUOUS_PRODUCT,
        "“!!” can be read in two ways.",
        left.start,
        sign[3],
        f"For the factorial of the factorial write “({text[left.start : left.end]})!”.",
        (f"({text[left.start : left.end]})!",),
    )


def repeating_decimals(number: Token, digits: Token, closing: Token, number_format: str) -> CalculationError:
    """Refuse `0.1(6)`, which is how details write one sixth."""
    point = FORMATS[number_format][0]
    product = f"{number[1].rstrip(point)} * {digits[1]}"
    ways: tuple[str, ...] = (product,)
    if len(number[1]) + len(digits[1]) <= _LONGEST_SHOWN and "e" not in number[1].lower():
        decimals = len(number[1].partition(point)[2])
        rest = Fraction(int(digits[1]), 10**decimals * (10 ** len(digits[1]) - 1))
        ways = (f"({read_number(number[1], number_format) + rest})", product)
    return _error(
        Code.AMBIGUOUS_PRODUCT,
        f"“{_show(f'{number[1]}({digits[1]})')}” can be read in two ways: decimals that repeat, or a product.",
        number[2],
        closing[3],
        f"Write “{ways[0]}” as a fraction, or “{product}” for the product."
        if len(ways) > 1
        else "Write a fraction for decimals that repeat, or “*” for a product.",
        ways,
    )


# Numbers, days and times


def odd_number(token: Token, number_format: str, *, is_argument: bool) -> CalculationError:
    """Refuse a number whose separators are not the person's."""
    _, word, start, end = token
    point = FORMATS[number_format][0]
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}", word):
        day, month, year = word.split(".")
        is_certain = len(year) == 4 and 1 <= int(month) <= 12 and 1 <= int(day) <= _last_day(int(year), int(month))
        full = f"{year}-{month:0>2}-{day:0>2}" if is_certain else "2026-11-30"
        return _error(
            Code.DATE,
            f"“{word}” looks like a day.",
            start,
            end,
            f"Days are written year first: “{full}”.",
            (full,) if is_certain else (),
        )
    marks = re.findall(r"[.,'’]+", word)
    whole = re.sub(r"[.,'’]", "", word)
    last = max(word.rfind(mark) for mark in ".,'’")
    ways: tuple[str, ...] = ()
    if len(set(marks)) == 1 and len(marks) > 1:
        ways = (whole,)
    else:
        decimal = f"{re.sub(chr(92) + 'D', '', word[:last])}{point}{word[last + 1 :]}"
        ways = (decimal, whole) if len(marks) == 1 and word[last] in ".," else (decimal,)
    if is_argument and "," in word and point == ",":
        parted = word.replace(",", "; ")
        return _error(
            Code.AMBIGUOUS_NUMBER,
            f"The commas in “{_show(word)}” can part numbers or decimals.",
            start,
            end,
            f"Part values with semicolons: “{_show(parted)}”.",
            (parted,),
        )
    shown = " or ".join(f"“{_show(way)}”" for way in ways)
    return _error(
        Code.AMBIGUOUS_NUMBER,
        f"“{_show(word)}” can be read in more than one way. Your numbers are written like {number_format}.",
        start,
        end,
        f"Write {shown}.",
        ways,
    )


def comma_in_argument(token: Token) -> CalculationError:
    """Refuse `max(1,234)`: one number or two."""
    parted, whole = token[1].replace(",", "; "), token[1].replace(",", "")
    return _error(
        Code.AMBIGUOUS_NUMBER,
        f"“{_show(token[1])}” can be one number or several.",
        token[2],
        token[3],
        f"Write “{_show(whole)}” for one number, or “{_show(parted)}” for several.",
        (whole, parted),
    )


def split_arguments(token: Token, number_format: str) -> list[Token]:
    """Return `1,2` as the arguments that it is, where the person's numbers have no comma there; else nothing."""
    point, group = FORMATS[number_format]
    pieces = token[1].split(",")
    if point == "," or len(pieces) < 2:
        return []
    if any(not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+", piece) for piece in pieces):
        return []
    if group == ",":
        for piece, following in pairwise(pieces):
            if len(piece) <= 3 and re.fullmatch(r"[0-9]{3}(?:\.[0-9]+)?", following):
                return []
    parts: list[Token] = []
    position = token[2]
    for piece in pieces:
        if parts:
            parts.append((SIGN, ",", position - 1, position))
        parts.append((NUMBER, piece, position, position + len(piece)))
        position += len(piece) + 1
    return parts


def split_close(token: Token) -> list[Token]:
    """Return `h45m` as `h`, `45`, `m`; nothing where a word has no digits, or other signs."""
    pieces = _CLOSE_PARTS.findall(token[1])
    if len(pieces) < 2 or "".join(pieces) != token[1]:
        return []
    parts: list[Token] = []
    position = token[2]
    for piece in pieces:
        parts.append((NUMBER if piece[0].isdecimal() else NAME, piece, position, position + len(piece)))
        position += len(piece)
    return parts


def part_of_length(
    first: QuantityNode, number: Token, word: Token, unit: Unit | None, larger: Unit
) -> CalculationError:
    """Refuse `3h 45` and `45 min 3 h`."""
    start, end = number[2], word[3] if unit is not None else number[3]
    if unit is not None and unit.dimension == larger.dimension:
        return _error(
            Code.MISSING_SIGN,
            f"The larger unit comes first: “{word[1]}” is not smaller than “{larger.name}”.",
            start,
            end,
            "Write “3 h 45 min” or “5 ft 3 in”, or “+” between the two.",
            (f"+ {number[1]} {word[1]}",),
        )
    if larger.dimension == (("time", 1),) and unit is None:
        smaller = {"h": "m", "d": "h", "min": "s"}.get(larger.name, "m")
        return _error(
            Code.MISSING_SIGN,
            f"A unit is missing after “{number[1]}”.",
            start,
            number[3],
            f"Write “{number[1]}{smaller}”, or a sign before it.",
            (f"{number[1]}{smaller}", f"* {number[1]}", f"+ {number[1]}"),
        )
    return _error(
        Code.MISSING_SIGN,
        f"There is no sign before “{number[1]}”.",
        start,
        end,
        f"Write “* {number[1]}” to multiply, or “+ {number[1]}” to add.",
        (f"* {number[1]}", f"+ {number[1]}") if end == number[3] else (),
    )


def no_such_day(token: Token) -> CalculationError:
    """Refuse 2026-02-30, and 2026-1-5, which may be a sum."""
    _, word, start, end = token
    year, month, day = word.split("-")
    spaced = f"{year} - {month} - {day}"
    full = f"{year}-{month:0>2}-{day:0>2}"
    if full != word:
        return _error(
            Code.DATE,
            f"“{word}” can be a day or a subtraction.",
            start,
            end,
            f"Write “{full}” for the day, or “{spaced}” to subtract.",
            (full, spaced),
        )
    if not 1 <= int(month) <= 12:
        message = f"There is no month {month}. Days are written year, month, day."
    else:
        message = f"There is no day {word}."
        if 1 <= int(day) <= 31 and int(year):
            message = f"{_MONTHS[int(month) - 1]} {year} has {_last_day(int(year), int(month))} days."
    return _error(
        Code.DATE,
        message,
        start,
        end,
        f"Write a day that there is, like “2026-11-30”; to subtract, write “{spaced}”.",
        (spaced,),
    )


def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def no_such_time(token: Token) -> CalculationError:
    """Refuse 3:75."""
    return _error(
        Code.NUMBER,
        f"“{token[1]}” is no time: minutes and seconds go up to 59.",
        token[2],
        token[3],
        "Write hours and minutes, “3:45”; to divide, write “/”.",
    )


# Names and equals signs

# Names that everybody has, beside constants and functions.
_WORDS = ("today", "what", "true", "false", "prev", "total", "average")


def _choice(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def check_name(token: Token, *, is_function: bool = False, is_parameter: bool = False) -> None:
    """
    See to it that a name is free.

    :raises CalculationError: NAME_TAKEN, when it is a unit, a function, a constant or a word of the language
    """
    word = token[1]
    taken = None
    if word in RESERVED:
        taken = "has a meaning of its own"
    elif word in FUNCTION_NAMES:
        taken = "is a function"
    elif word in CONSTANTS:
        taken = "is a constant"
    elif is_function and word in SOURCES:
        taken = "asks for a figure from the work"
    elif (unit := find_unit(word)) is not None:
        taken = "is a unit" if unit.plain_name == word else f"is a unit: {unit.plain_name}"
    if taken is not None:
        other = f"my_{word}" if word.isascii() and word.isidentifier() else "price"
        # A parameter would have to change in the body, too.
        repairs = () if is_parameter else (other,)
        hint = f"Take another name: “{other}”."
        raise _error(Code.NAME_TAKEN, f"“{word}” {taken}.", token[2], token[3], hint, repairs)


def bad_parameter(token: Token) -> CalculationError:
    """Refuse `f(2) = …` and `f() = …`."""
    return _error(
        Code.SYNTAX,
        "Between these brackets stand the names of the function's values.",
        token[2],
        token[3],
        "Write “gross(x) = x + 19%”, with “;” between several names.",
    )


def same_parameter(token: Token) -> CalculationError:
    """Refuse `f(x; x) = …`."""
    return _error(
        Code.NAME_TAKEN, f"“{token[1]}” stands here twice.", token[2], token[3], "Give each value a name of its own."
    )


def lonely_what(node: NameNode) -> CalculationError:
    """Refuse `what` without an equation."""
    return _error(
        Code.SYNTAX,
        "“what” stands for the number to find, in an equation.",
        node.start,
        node.end,
        "Write “what + 10% = 220”.",
    )


def what_on_right(sign: Token, text: str) -> CalculationError:
    """Refuse `3 = what`."""
    turned = f"{text[sign[3] :].strip()} = {text[: sign[2]].strip()}"
    return _error(
        Code.SYNTAX, "“what” stands on the left of “=”.", 0, len(text), f"Write “{_show(turned)}”.", (turned,)
    )


def second_what(node: NameNode) -> CalculationError:
    """Refuse a second `what`."""
    return _error(
        Code.SYNTAX,
        "“what” stands once in an equation, on the left of “=”.",
        node.start,
        node.end,
        "Write “what + 10% = 220”.",
    )


def leading_equals(token: Token, text: str) -> CalculationError:
    """Refuse `=1+2`, as spreadsheets have it."""
    return _error(
        Code.SYNTAX,
        "There is nothing before “=”.",
        token[2],
        token[3],
        "Leave out “=”; the answer comes without it.",
        ("",),
    )


def stray_equals(token: Token) -> CalculationError:
    """Refuse `1 + 2 = 3`."""
    return _error(
        Code.SYNTAX,
        "“=” gives a name to what follows, and what stands before it is not a name.",
        token[2],
        token[3],
        "To compare, write “==”; to find a number, write “what” for it: “what + 10% = 220”.",
        ("==",),
    )


def bad_rate(left: Expression, right: Expression) -> CalculationError:
    """Refuse a rate that is not between two amounts of money."""
    return _error(
        Code.SYNTAX,
        "A rate says what one amount of money is worth in another.",
        left.start,
        right.end,
        "Write “1 EUR = 1.08 USD on 2026-11-20”.",
    )


# Conversions and comparisons


def bad_target(sign: Token, target: Token) -> CalculationError:
    """Refuse `5 m to 7`."""
    if target[0] == NAME:
        near = suggest_units(target[1])
        return _error(
            Code.UNKNOWN_UNIT,
            f"“{_show(target[1])}” is not a unit.",
            target[2],
            target[3],
            f"Did you mean {_choice(near)}?" if near else "Write a unit after “to”: “5 km to mi”.",
            tuple(near),
        )
    return _error(
        Code.UNKNOWN_UNIT,
        f"A unit is missing after “{sign[1]}”.",
        sign[2],
        max(sign[3], target[3]),
        "Write “5 km to mi”, or “to fraction”.",
    )


def no_unit_left(first: Token, last: Token) -> CalculationError:
    """Refuse `5 to m/m`."""
    return _error(
        Code.UNKNOWN_UNIT,
        "These units cancel out, and nothing is left to convert to.",
        first[2],
        last[3],
        "Write the unit that the answer should have: “5 km to mi”.",
    )


def bad_as(sign: Token, following: Token) -> CalculationError:
    """Refuse `as` without `% of`."""
    return _error(
        Code.SYNTAX,
        "“as” is followed by “% of”.",
        sign[2],
        following[3],
        "Write “20 as % of 80”; to convert, write “to”.",
        (f"as % of {following[1]}",) if following[0] == NUMBER else (f"to {following[1]}",),
    )


def second_comparison(sign: Token) -> CalculationError:
    """Refuse `1 < 2 < 3`."""
    return _error(
        Code.SYNTAX,
        "Two values are compared at a time.",
        sign[2],
        sign[3],
        "Write two lines, or put one comparison in “if(…; …; …)”.",
    )


# Figures from the work


def open_source(name: Token, stop: Token) -> CalculationError:
    """Refuse `hours(task:42` and `hours((1))`."""
    if stop[0] == END:
        return _error(
            Code.UNCLOSED,
            f"The bracket after “{name[1]}” is not closed.",
            stop[2],
            stop[3],
            "Close it with “)”.",
            (")",),
        )
    return _error(
        Code.SOURCE,
        "There is no bracket within the filters of a figure.",
        stop[2],
        stop[3],
        "Put words with brackets in double quotes.",
    )


def empty_filter(stop: Token) -> CalculationError:
    """Refuse `hours(; today)`."""
    return _error(
        Code.SOURCE,
        "A filter is missing here.",
        stop[2],
        stop[3],
        "Write one, “task:42” or “this month”, or delete the separator.",
    )


def words_and_more(token: Token) -> CalculationError:
    """Refuse `task:"a" b`."""
    return _error(
        Code.SOURCE, "Quoted words stand alone in a filter.", token[2], token[3], "Put all of it in one pair of quotes."
    )


def unknown_name(word: str, start: int, end: int, names: Iterable[str]) -> CalculationError:
    """Refuse a name that nobody gave anything, with what it may have been meant to be."""
    if word in FUNCTION_NAMES:
        return _error(
            Code.UNKNOWN_NAME,
            f"“{word}” is a function; its values stand in brackets.",
            start,
            end,
            f"Write “{word}(4)”.",
        )
    message = f"“{_show(word)}” is not a name here, nor a unit."
    near = closest(word, [*names, *CONSTANTS, *_WORDS]) or suggest_units(word)
    if near:
        return _error(Code.UNKNOWN_NAME, message, start, end, f"Did you mean {_choice(near)}?", tuple(near))
    return _error(Code.UNKNOWN_NAME, message, start, end, f"Give it a value first: “{_show(word)} = 5”.")


def unknown_function(word: str, start: int, end: int, names: Iterable[str]) -> CalculationError:
    """Refuse a call of what is no function."""
    near = closest(word, [*names, *FUNCTION_NAMES, *SOURCES])
    if near:
        return _error(
            Code.UNKNOWN_NAME,
            f"There is no function “{_show(word)}”.",
            start,
            end,
            f"Did you mean {_choice(near)}?",
            tuple(near),
        )
    return _error(
        Code.UNKNOWN_NAME,
        f"There is no function “{_show(word)}”.",
        start,
        end,
        f"Write your own: “{_show(word)}(x) = …”; to multiply, write “{_show(word)} * (”.",
    )
