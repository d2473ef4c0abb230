"""What is said about names, functions, equals signs and the filters of figures; see `refusals`."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.calculations.engine.currencies import currency_of
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import END, Token
from webapp.calculations.engine.nodes import Expression, NameNode, QuantityNode
from webapp.calculations.engine.refusals import choose, refuse, show
from webapp.calculations.engine.sources import SOURCES
from webapp.calculations.engine.suggestions import closest
from webapp.calculations.engine.units import find_unit, suggest_units
from webapp.calculations.engine.vocabulary import (
    CONSTANT_NAMES,
    FUNCTION_NAMES,
    GIVEN_NAMES,
    LARGE_WORDS,
    RESERVED,
    SHEET_NAMES,
    SPOKEN_DAYS,
)


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
    elif word in CONSTANT_NAMES:
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
        raise refuse(Code.NAME_TAKEN, f"“{word}” {taken}.", token[2], token[3], hint, repairs)


def bad_parameter(token: Token) -> CalculationError:
    """Refuse `f(2) = …` and `f() = …`."""
    return refuse(
        Code.SYNTAX,
        "Between these brackets stand the names of the function's values.",
        token[2],
        token[3],
        "Write “gross(x) = x + 19%”, with “;” between several names.",
    )


def same_parameter(token: Token) -> CalculationError:
    """Refuse `f(x; x) = …`."""
    return refuse(
        Code.NAME_TAKEN, f"“{token[1]}” stands here twice.", token[2], token[3], "Give each value a name of its own."
    )


def unknown_name(word: str, start: int, end: int, names: Iterable[str]) -> CalculationError:
    """Refuse a name that nobody gave anything, with what it may have been meant to be."""
    if word in FUNCTION_NAMES:
        return refuse(
            Code.UNKNOWN_NAME,
            f"“{word}” is a function; its values stand in brackets.",
            start,
            end,
            f"Write “{word}(4)”.",
        )
    message = f"“{show(word)}” is not a name here, nor a unit."
    if word in SHEET_NAMES:
        return refuse(
            Code.NO_LINES,
            f"“{word}” looks at the lines above, and this line stands alone.",
            start,
            end,
            "Use it in a worksheet, or write the numbers: “sum(1; 2; 3)”.",
        )
    if word in LARGE_WORDS:
        factor = LARGE_WORDS[word]
        return refuse(Code.UNKNOWN_NAME, message, start, end, f"Write “* {factor}” instead.", (f"* {factor}",))
    if word.lower() in SPOKEN_DAYS:
        day = SPOKEN_DAYS[word.lower()]
        return refuse(Code.UNKNOWN_NAME, message, start, end, f"Write “{day.strip('()')}” instead.", (day,))
    near = closest(word, [*names, *CONSTANT_NAMES, *GIVEN_NAMES]) or suggest_units(word)
    if near:
        return refuse(Code.UNKNOWN_NAME, message, start, end, f"Did you mean {choose(near)}?", tuple(near))
    return refuse(Code.UNKNOWN_NAME, message, start, end, f"Give it a value first: “{show(word)} = 5”.")


def unknown_function(word: str, start: int, end: int, names: Iterable[str]) -> CalculationError:
    """Refuse a call of what is no function."""
    near = closest(word, [*names, *FUNCTION_NAMES, *SOURCES])
    if near:
        return refuse(
            Code.UNKNOWN_NAME,
            f"There is no function “{show(word)}”.",
            start,
            end,
            f"Did you mean {choose(near)}?",
            tuple(near),
        )
    return refuse(
        Code.UNKNOWN_NAME,
        f"There is no function “{show(word)}”.",
        start,
        end,
        f"Write your own: “{show(word)}(x) = …”; to multiply, write “{show(word)} * (”.",
    )


def lonely_what(node: NameNode) -> CalculationError:
    """Refuse `what` without an equation."""
    return refuse(
        Code.SYNTAX,
        "“what” stands for the number to find, in an equation.",
        node.start,
        node.end,
        "Write “what + 10% = 220”.",
    )


def what_on_right(sign: Token, text: str) -> CalculationError:
    """Refuse `3 = what`."""
    turned = f"{text[sign[3] :].strip()} = {text[: sign[2]].strip()}"
    return refuse(Code.SYNTAX, "“what” stands on the left of “=”.", 0, len(text), f"Write “{show(turned)}”.", (turned,))


def second_what(node: NameNode) -> CalculationError:
    """Refuse a second `what`."""
    return refuse(
        Code.SYNTAX,
        "“what” stands once in an equation, on the left of “=”.",
        node.start,
        node.end,
        "Write “what + 10% = 220”.",
    )


def leading_equals(token: Token) -> CalculationError:
    """Refuse `=1+2`, as spreadsheets have it."""
    return refuse(
        Code.SYNTAX,
        "There is nothing before “=”.",
        token[2],
        token[3],
        "Leave out “=”; the answer comes without it.",
        ("",),
    )


def stray_equals(token: Token, left: Expression, right: Expression) -> CalculationError:
    """Refuse `1 + 2 = 3`, and a rate without its day."""
    if all(isinstance(side, QuantityNode) and currency_of(side.units) for side in (left, right)):
        return refuse(
            Code.SYNTAX,
            "A rate has a day.",
            right.start,
            right.end,
            "Write it after the rate: “1 EUR = 1.08 USD on 2026-11-20”.",
        )
    return refuse(
        Code.SYNTAX,
        "“=” gives a name to what follows, and what stands before it is not a name.",
        token[2],
        token[3],
        "To compare, write “==”; to find a number, write “what” for it: “what + 10% = 220”.",
        ("==",),
    )


def bad_rate(left: Expression, right: Expression) -> CalculationError:
    """Refuse a rate that is not between two amounts of money."""
    return refuse(
        Code.SYNTAX,
        "A rate says what one amount of money is worth in another.",
        left.start,
        right.end,
        "Write “1 EUR = 1.08 USD on 2026-11-20”.",
    )


def open_source(name: Token, stop: Token) -> CalculationError:
    """Refuse `hours(task:42` and `hours((1))`."""
    if stop[0] == END:
        return refuse(
            Code.UNCLOSED,
            f"The bracket after “{name[1]}” is not closed.",
            stop[2],
            stop[3],
            "Close it with “)”.",
            (")",),
        )
    return refuse(
        Code.SOURCE,
        "There is no bracket within the filters of a figure.",
        stop[2],
        stop[3],
        "Put words with brackets in double quotes.",
    )


def empty_filter(stop: Token) -> CalculationError:
    """Refuse `hours(; today)`."""
    return refuse(
        Code.SOURCE,
        "A filter is missing here.",
        stop[2],
        stop[3],
        "Write one, “task:42” or “this month”, or delete the separator.",
    )


def words_and_more(token: Token) -> CalculationError:
    """Refuse `task:"a" b`."""
    return refuse(
        Code.SOURCE, "Quoted words stand alone in a filter.", token[2], token[3], "Put all of it in one pair of quotes."
    )
