"""
What is said where two values stand side by side without a sign: which one was probably meant, and how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.functions import FUNCTIONS
from webapp.calculations.engine.lexer import NAME, NUMBER, SIGN, Token
from webapp.calculations.engine.nodes import Expression
from webapp.calculations.engine.refusals import refuse, show
from webapp.calculations.engine.units import find_unit
from webapp.calculations.engine.values import Unit
from webapp.calculations.engine.vocabulary import CONSTANT_NAMES, FUNCTION_NAMES, RESERVED, SEVERAL, SPOKEN


def missing_sign(tokens: Sequence[Token], index: int, text: str, names: Container[str]) -> CalculationError:
    """Refuse two values that stand side by side."""
    left, right = tokens[index - 1], tokens[index]
    if left[0] == NUMBER and right[0] == NUMBER:
        return _two_numbers(tokens, index, text)
    # “2 x 3” and “85 EUR per h”, but “x 3” may be a name.
    for token in (left, right) if index > 1 else (right,):
        if token[0] == NAME and token[1] in SPOKEN and token[1] not in names:
            return _spoken_sign(tokens, token)
    first, second = text[left[2] : left[3]], text[right[2] : right[3]]
    if left[0] == SIGN:
        hint = f"Write “* {show(second)}” to multiply, or “+ {show(second)}” to add."
        message = f"There is no sign before “{show(second)}”."
        return refuse(Code.MISSING_SIGN, message, right[2], right[3], hint, (f"* {second}", f"+ {second}"))
    if left[1] == "if":
        hint = "Write “if(3 > 2; 1; 0)”: what to ask, what it is then, and what else."
        return refuse(Code.MISSING_SIGN, "“if” is a function; its values stand in brackets.", left[2], left[3], hint)
    if left[1] in FUNCTION_NAMES and right[1] != "(":
        return _without_brackets(tokens, index, text, names)
    if (day := _spoken_day(tokens, index)) is not None:
        return day
    is_prose = left[0] == NAME and right[0] == NAME and len(first + second) > 4
    if is_prose and not _means(left[1], names) and not _means(right[1], names):
        hint = "Write numbers and signs: “0.5 h”, “today + 1 week”, “200 + 19%”."
        message = f"“{show(first)} {show(second)}” is not something to calculate with."
        return refuse(Code.MISSING_SIGN, message, left[2], right[3], hint)
    unit = find_unit(left[1])
    if unit is not None and left[1] == right[1]:
        squared = f"{first}^2"
        return _side_by_side(left, right, text, f"Write “{squared}” for a square.", (squared,))
    if unit is not None and left[0] == NAME and right[0] == NUMBER:
        return _number_after_unit(unit, left, right, text)
    if second == "(":
        hint = f"Write “{show(first)} * (” to multiply."
        message = f"There is no sign between “{show(first)}” and the bracket."
        return refuse(Code.MISSING_SIGN, message, left[2], right[3], hint, (f"{first} * (",))
    hint = f"Write “{show(first)} * {show(second)}” to multiply, or “{show(first)} + {show(second)}” to add."
    return _side_by_side(left, right, text, hint, (f"{first} * {second}", f"{first} + {second}"))


def times_as_letter(token: Token, names: Container[str]) -> CalculationError | None:
    """Refuse `5x3`, unless there is such a name."""
    word = token[1]
    if word in names or not re.fullmatch("[xX][0-9]+", word):
        return None
    sign = f" * {word[1:]}"
    hint = f"To multiply, write “{sign.strip()}”."
    return refuse(Code.MISSING_SIGN, f"“{word[0]}” is not a sign here.", token[2], token[3], hint, (sign,))


def _means(word: str, names: Container[str]) -> bool:
    """Say whether a word is a name, a unit, a function or a word of the language."""
    return (
        word in names
        or word in FUNCTION_NAMES
        or word in CONSTANT_NAMES
        or word in RESERVED
        or find_unit(word) is not None
    )


def percent_as_remainder(
    left: Expression, sign: Token, following: Token, text: str, names: Container[str]
) -> CalculationError:
    """Refuse `5 % 3`, and `100 EUR + 19% VAT`."""
    if following[0] == NAME and not _means(following[1], names):
        return refuse(
            Code.MISSING_SIGN,
            f"“{show(following[1])}” has no meaning after a percentage.",
            sign[2],
            following[3],
            "Leave it out; words belong in the note.",
            (sign[1],),
        )
    above, below = text[left.start : left.end].strip(), text[following[2] : following[3]]
    if below == "(":
        below = "(…)"
    ways = (f"{' ' if left.end == sign[2] else ''}mod {below}", f"% of {below}")
    return refuse(
        Code.MISSING_SIGN,
        "“%” is percent here, and a sign is missing after it.",
        sign[2],
        following[3],
        f"For the remainder write “{show(above)} mod {show(below)}”, for a part “{show(above)}% of {show(below)}”.",
        () if following[1] == "(" else ways if left.end < sign[2] else ways[::-1],
    )


def _two_numbers(tokens: Sequence[Token], index: int, text: str) -> CalculationError:
    """Refuse `2 3`, and `1 234 567`, which may be one number."""
    left, right = tokens[index - 1], tokens[index]
    first, second = text[left[2] : left[3]], text[right[2] : right[3]]
    joined = first + second
    last = index + 1
    while re.fullmatch("[0-9]{3}", second) and re.fullmatch("[0-9]{3}", tokens[last][1]):
        joined += tokens[last][1]
        last += 1
    if last == index + 1:
        hint = f"Write “{first} * {second}” to multiply, or “{joined}” for one number."
        ways = (f"{first} * {second}", joined)
        # “1 000” is likelier a thousand than a product.
        return _side_by_side(left, right, text, hint, ways[::-1] if re.match("[0-9]{3}(?![0-9])", second) else ways)
    hint = f"For one number write “{show(joined)}”."
    return _side_by_side(left, right, text, hint, (joined,), end=tokens[last - 1][3])


def _spoken_sign(tokens: Sequence[Token], token: Token) -> CalculationError:
    """Refuse `8 times 9`, and words around a calculation."""
    word = token[1]
    if word == "and" and (said := _and(tokens, token)):
        return said
    if word == "is" and tokens[0][1] == "what" and token is tokens[1]:
        hint = "Leave out “what is”; the answer comes without it."
        return refuse(Code.MISSING_SIGN, "There is no need to ask.", tokens[0][2], token[3], hint, ("",))
    sign = SPOKEN[word]
    hint = f"Write “{sign}” instead of it."
    return refuse(Code.MISSING_SIGN, f"“{word}” is not a sign here.", token[2], token[3], hint, (sign,))


def _and(tokens: Sequence[Token], token: Token) -> CalculationError | None:
    """Refuse `90 min to hours and minutes` and `3 > 2 and 2 > 1`, where “and” adds nothing."""
    words = [other[1] for other in tokens]
    if any(word in ("<", ">", "<=", ">=", "==", "!=") for word in words):
        return refuse(
            Code.MISSING_SIGN,
            "Two values are compared at a time.",
            token[2],
            token[3],
            "Write two lines, or put one comparison in “if(…; …; …)”.",
        )
    at = tokens.index(token)
    if any(word in ("to", "in") for word in words[:at]):
        hint = "Write the units side by side: “90 min to h min”."
        return refuse(Code.MISSING_SIGN, "“and” is not a sign here.", token[2], token[3], hint, ("",))
    return None


def _without_brackets(tokens: Sequence[Token], index: int, text: str, names: Container[str]) -> CalculationError:
    """Refuse `sqrt 16`, `sin 90°`, `sum 1 2 3` and `days until …`."""
    name, first = tokens[index - 1], tokens[index]
    values: list[str] = []
    last = index
    while tokens[last][0] == NUMBER or (tokens[last][0] == NAME and (_means(tokens[last][1], names) or last == index)):
        token = tokens[last]
        word = text[token[2] : token[3]]
        if values and token[0] == NAME:
            # The unit of the number before it.
            values[-1] += text[tokens[last - 1][3] : token[3]]
        elif values and name[1] not in SEVERAL:
            break
        else:
            values.append(word)
        last += 1
    message = f"“{name[1]}” is a function; its values stand in brackets."
    if not values or (first[0] == NAME and not _means(first[1], names)):
        function = FUNCTIONS.get(name[1])
        written = function.examples[0][0] if function and function.examples else f"{name[1]}(…)"
        return refuse(Code.MISSING_SIGN, message, name[2], first[3], f"Write it as “{written}”.")
    call = f"{name[1]}({'; '.join(values)})"
    return refuse(Code.MISSING_SIGN, message, name[2], tokens[last - 1][3], f"Write “{show(call)}”.", (call,))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _spoken_day(tokens: Sequence[Token], index: int) -> CalculationError | None:
    """Refuse `20 nov 2026` and `november 20`."""
    month, number = tokens[index - 1], tokens[index]
    if month[0] != NAME or number[0] != NUMBER or month[1][:3].lower() not in _MONTHS:
        return None
    if find_unit(month[1]) is not None:
        return None
    which = _MONTHS.index(month[1][:3].lower()) + 1
    before = tokens[index - 2] if index > 1 else None
    if before and before[0] == NUMBER and re.fullmatch("[0-9]{1,2}", before[1]) and re.fullmatch("[0-9]{4}", number[1]):
        day = f"{number[1]}-{which:02}-{int(before[1]):02}"
        return refuse(
            Code.DATE, "A day is written in numbers, year first.", before[2], number[3], f"Write “{day}”.", (day,)
        )
    return refuse(
        Code.DATE,
        "A day is written in numbers, year first.",
        month[2],
        number[3],
        f"Write it as “2026-{which:02}-20”.",
    )


def _number_after_unit(unit: Unit, left: Token, right: Token, text: str) -> CalculationError:
    """Refuse `2 h 30` and `EUR 5`."""
    first, second = text[left[2] : left[3]], text[right[2] : right[3]]
    product = f"{first} * {second}"
    if unit.dimension == (("time", 1),):
        way = f"{first} {second}{'m' if left[1] != 'd' else 'h'}"
        hint = f"Write the unit too: “{way}”, or “{product}” to multiply."
    else:
        way = f"{second} {first}"
        hint = f"A unit follows its number: “{way}”. To multiply, write “{product}”."
    return _side_by_side(left, right, text, hint, (way, product))


def _side_by_side(
    left: Token, right: Token, text: str, hint: str, repairs: tuple[str, ...], *, end: int | None = None
) -> CalculationError:
    first, second = text[left[2] : left[3]], text[right[2] : right[3]]
    message = f"There is no sign between “{show(first)}” and “{show(second)}”."
    return refuse(Code.MISSING_SIGN, message, left[2], right[3] if end is None else end, hint, repairs)
