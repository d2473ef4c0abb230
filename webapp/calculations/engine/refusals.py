"""
What is said when the signs of a line cannot be read: the place, the cause, and how to write what was probably meant.

Refusals stand apart from the parser, which stays short and quick; nothing here runs for a line that can be read.
Those of numbers and units are in `amount_refusals`, those of names and equals signs in `name_refusals`, those of values
that stand side by side in `sign_refusals`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import END, NUMBER, WORDS, Token
from webapp.calculations.engine.limits import DEPTH
from webapp.calculations.engine.nodes import BinaryNode, Expression, PercentNode, QuantityNode
from webapp.calculations.engine.operations import Operation

LONGEST_SHOWN = 24


def refuse(
    code: Code, message: str, start: int, end: int, hint: str | None = None, repairs: tuple[str, ...] = ()
) -> CalculationError:
    """Return an error with its place."""
    return CalculationError(code, message, position=start, end=end, hint=hint, repairs=repairs)


def show(word: str) -> str:
    """Return a word as it is shown in a sentence, cut if it is long."""
    return word if len(word) <= LONGEST_SHOWN else f"{word[:LONGEST_SHOWN]}…"


def choose(words: Sequence[str]) -> str:
    """Return “a” or “b” or “c”."""
    return " or ".join(f"“{word}”" for word in words)


def too_deep(token: Token) -> CalculationError:
    """Refuse brackets and signs within one another beyond the limit."""
    return refuse(
        Code.TOO_DEEP,
        f"This goes {DEPTH + 1} deep; brackets, signs and powers may stand {DEPTH} deep within one another.",
        token[2],
        token[3],
        "Give an inner part a name, on a line before: “a = …”.",
    )


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


def missing_operand(tokens: Sequence[Token], index: int) -> CalculationError:
    """Refuse the word at `index`, where a number was expected."""
    kind, word, start, end = tokens[index]
    before = tokens[index - 1] if index else None
    if kind == WORDS:
        return refuse(
            Code.SYNTAX,
            f"{show(word)} is not something to calculate with.",
            start,
            end,
            'Quoted words belong in a filter: “hours(category:"Review", this month)”.',
        )
    if before is None:
        return _bad_beginning(tokens[index])
    if kind == END:
        return _bad_ending(before)
    if word == ")" and before[1] == "(":
        return refuse(
            Code.MISSING_OPERAND,
            "There is nothing between these brackets.",
            before[2],
            end,
            "Write what belongs in them, or delete them.",
            ("",),
        )
    if before[1] in (";", ",") or word in (";", ","):
        return refuse(
            Code.MISSING_OPERAND,
            "A value is missing beside this separator.",
            start,
            end,
            "Write a value on both sides of it: “max(1; 2)”.",
        )
    if word in ("%", "!"):
        hint = f"Write “5{word}”; for the remainder write “mod”."
        return refuse(Code.MISSING_OPERAND, f"A number is missing before “{word}”.", start, end, hint)
    return refuse(
        Code.MISSING_OPERAND,
        f"A number is missing between “{before[1]}” and “{word}”.",
        before[2],
        end,
        f"Write a number between them, or keep one: “{before[1]}” or “{word}”.",
        (before[1], word) if word != ")" else (word,),
    )


def _bad_beginning(token: Token) -> CalculationError:
    _, word, start, end = token
    if word == ")":
        return refuse(Code.UNCLOSED, "This bracket was never opened.", start, end, "Delete it.", ("",))
    hint = _BEGINNINGS.get(word, f"Begin with a number or a name, not with “{word}”.")
    return refuse(Code.MISSING_OPERAND, f"A number is missing before “{word}”.", start, end, hint)


def _bad_ending(last: Token) -> CalculationError:
    _, word, start, end = last
    if word == "=":
        hint = "Leave out “=”; the answer comes without it."
        return refuse(Code.MISSING_OPERAND, "There is nothing after “=”.", start, end, hint, ("",))
    if word == "(":
        hint = "Write what belongs in it and close it: “(1 + 2)”."
        return refuse(Code.UNCLOSED, "There is nothing in this bracket.", start, end, hint)
    hint = f"Write one, or delete “{word}”."
    return refuse(Code.MISSING_OPERAND, f"A number is missing after “{word}”.", start, end, hint, ("",))


# What to say of a word where the line, a bracket or a call should have ended: the cause, a hint, and what to write.
_OUT_OF_PLACE: dict[str, tuple[str, str, tuple[str, ...]]] = {
    ",": (
        "A comma parts the values of a function, and there is none around it.",
        "Write “max(1; 2)”, or “1.5” for a number.",
        (),
    ),
    ";": (
        "A semicolon parts the values of a function, and there is none around it.",
        "Write “max(1; 2)”, or one line for each calculation.",
        (),
    ),
    "=": ("“=” stands at the beginning only, after a name.", "To compare, write “==”.", ("==",)),
    "at": (
        "“at” gives a rate after a conversion, and there is none before it.",
        "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        (),
    ),
    "on": (
        "A day with “on” belongs to a rate of exchange.",
        "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        (),
    ),
    ":": (
        "“:” stands in times of the clock and in filters only.",
        "Write “3:45” for a time; to divide, write “/”.",
        ("/",),
    ),
    "..": (
        "“..” stands between two days of a filter only.",
        "Write “hours(task:42, 2026-11-01..2026-11-15)”.",
        (),
    ),
    "//": (
        "“//” begins a comment, in worksheets only.",
        "For whole steps write “div”: “17 div 5”.",
        (" div ",),
    ),
}


def rest(tokens: Sequence[Token], index: int, opening: Token | None) -> CalculationError:
    """Refuse what stands where the line, a bracket or a call should have ended."""
    kind, word, start, end = tokens[index]
    if kind == END and opening is not None:
        whose = "This bracket" if opening[1] == "(" else f"The bracket after “{show(opening[1])}”"
        place = opening[2] + 1 if opening[1] == "(" else opening[3] + 1
        message = f"{whose}, at character {place}, is not closed."
        return refuse(Code.UNCLOSED, message, end, end, "Close it with “)”.", (")",))
    if word == ")":
        hint = "Delete it, or write “(” where it begins."
        return refuse(Code.UNCLOSED, "This bracket was never opened.", start, end, hint, ("",))
    if word == ":" and tokens[index - 1][1] in ("h", "hh", "hours") and tokens[index + 1][1] in ("m", "mm", "min"):
        hint = "For hours and minutes write “to h min”."
        return refuse(Code.SYNTAX, _OUT_OF_PLACE[":"][0], start, tokens[index + 1][3], hint, (" min",))
    message, hint, repairs = _OUT_OF_PLACE.get(word, (f"“{show(word)}” has no meaning here.", "Delete it.", ("",)))
    return refuse(Code.SYNTAX, message, start, end, hint, repairs)


def misleading_product(term: BinaryNode, tokens: Sequence[Token], index: int, text: str) -> CalculationError:
    """Refuse `6/2(1+2)`, `1/2x` and `2^3x`."""
    end = _end_of_factor(tokens, index)
    whole = text[term.left.start : tokens[index - 1][3]].strip()
    factor = text[tokens[index][2] : end].strip()
    sign = text[term.at : term.right.start].strip().rstrip("(")
    beginning = text[term.start : term.at].strip()
    last = text[term.right.start : tokens[index - 1][3]].strip()
    ways = (f"({whole}) * {factor}", f"{beginning} {sign} ({last} * {factor})")
    return refuse(
        Code.AMBIGUOUS_PRODUCT,
        f"“{show(text[term.start : end])}” can be read in two ways.",
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
    return refuse(
        Code.AMBIGUOUS_PRODUCT,
        f"“{show(text[last.start : right.end])}” can be read in two ways.",
        last.start,
        right.end,
        f"Write “{ways[0]}”, or “{ways[1]}”.",
        ways,
    )


def double_percent(sign: Token) -> CalculationError:
    """Refuse `5%%`."""
    return refuse(Code.SYNTAX, "Two percent signs follow one another.", sign[2], sign[3], "Delete one.", ("",))


def double_factorial(left: Expression, sign: Token, text: str) -> CalculationError:
    """Refuse `5!!`, which mathematics reads otherwise."""
    return refuse(
        Code.AMBIGUOUS_PRODUCT,
        "“!!” can be read in two ways.",
        left.start,
        sign[3],
        f"For the factorial of the factorial write “({text[left.start : left.end]})!”.",
        (f"({text[left.start : left.end]})!",),
    )


def bad_as(sign: Token, following: Token) -> CalculationError:
    """Refuse `as` without `% of`."""
    return refuse(
        Code.SYNTAX,
        "“as” is followed by “% of”.",
        sign[2],
        following[3],
        "Write “20 as % of 80”; to convert, write “to”.",
        (f"as % of {following[1]}",) if following[0] == NUMBER else (f"to {following[1]}",),
    )


def second_comparison(sign: Token) -> CalculationError:
    """Refuse `1 < 2 < 3`."""
    return refuse(
        Code.SYNTAX,
        "Two values are compared at a time.",
        sign[2],
        sign[3],
        "Write two lines, or put one comparison in “if(…; …; …)”.",
    )
