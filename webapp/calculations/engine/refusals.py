"""
What is said when the signs of a line cannot be read: the place, the cause, and how to write what was probably meant.

Refusals stand apart from the parser, which stays short and quick; nothing here runs for a line that can be read.
Those of numbers and units are in `amount_refusals`, those of names and equals signs in `name_refusals`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.functions import FUNCTIONS
from webapp.calculations.engine.lexer import END, NAME, NUMBER, SIGN, WORDS, Token
from webapp.calculations.engine.limits import DEPTH
from webapp.calculations.engine.nodes import BinaryNode, Expression, PercentNode, QuantityNode
from webapp.calculations.engine.operations import Operation
from webapp.calculations.engine.units import find_unit
from webapp.calculations.engine.vocabulary import CONSTANT_NAMES, FUNCTION_NAMES, RESERVED, SEVERAL, SPOKEN

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
        if word == ")":
            return refuse(Code.UNCLOSED, "This bracket was never opened.", start, end, "Delete it.", ("",))
        return refuse(
            Code.MISSING_OPERAND,
            f"A number is missing before “{word}”.",
            start,
            end,
            _BEGINNINGS.get(word, f"Begin with a number or a name, not with “{word}”."),
        )
    if kind == END:
        if before[1] == "=":
            return refuse(
                Code.MISSING_OPERAND,
                "There is nothing after “=”.",
                before[2],
                before[3],
                "Leave out “=”; the answer comes without it.",
                ("",),
            )
        if before[1] == "(":
            return refuse(
                Code.UNCLOSED,
                "There is nothing in this bracket.",
                before[2],
                before[3],
                "Write what belongs in it and close it: “(1 + 2)”.",
            )
        return refuse(
            Code.MISSING_OPERAND,
            f"A number is missing after “{before[1]}”.",
            before[2],
            before[3],
            f"Write one, or delete “{before[1]}”.",
            ("",),
        )
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
        return refuse(
            Code.MISSING_OPERAND,
            f"A number is missing before “{word}”.",
            start,
            end,
            f"Write “5{word}”; for the remainder write “mod”.",
        )
    return refuse(
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
    shown = f"There is no sign between “{show(first)}” and “{show(second)}”."
    if left[0] == NUMBER and right[0] == NUMBER:
        joined = first + second
        last = index + 1
        while re.fullmatch("[0-9]{3}", second) and re.fullmatch("[0-9]{3}", tokens[last][1]):
            joined += tokens[last][1]
            last += 1
        if last > index + 1:
            end = tokens[last - 1][3]
            return refuse(Code.MISSING_SIGN, shown, start, end, f"For one number write “{show(joined)}”.", (joined,))
        return refuse(
            Code.MISSING_SIGN,
            shown,
            start,
            end,
            f"Write “{first} * {second}” to multiply, or “{joined}” for one number.",
            (f"{first} * {second}", joined),
        )
    # “2 x 3” and “85 EUR per h”, but “x 3” may be a name.
    for token in (left, right) if index > 1 else (right,):
        if token[0] == NAME and token[1] in SPOKEN and token[1] not in names:
            if token[1] == "and" and (said := _and(tokens, token)):
                return said
            if token[1] == "is" and tokens[0][1] == "what" and token is tokens[1]:
                return refuse(
                    Code.MISSING_SIGN,
                    "There is no need to ask.",
                    tokens[0][2],
                    token[3],
                    "Leave out “what is”; the answer comes without it.",
                    ("",),
                )
            sign = SPOKEN[token[1]]
            return refuse(
                Code.MISSING_SIGN,
                f"“{token[1]}” is not a sign here.",
                token[2],
                token[3],
                f"Write “{sign}” instead of it.",
                (sign,),
            )
    if left[0] == SIGN:
        return refuse(
            Code.MISSING_SIGN,
            f"There is no sign before “{show(second)}”.",
            right[2],
            end,
            f"Write “* {show(second)}” to multiply, or “+ {show(second)}” to add.",
            (f"* {second}", f"+ {second}"),
        )
    if left[1] in FUNCTION_NAMES and right[1] != "(":
        return _without_brackets(tokens, index, text, names)
    if (day := _spoken_day(tokens, index)) is not None:
        return day
    is_prose = left[0] == NAME and right[0] == NAME and len(first + second) > 4
    if is_prose and not _means(left[1], names) and not _means(right[1], names):
        return refuse(
            Code.MISSING_SIGN,
            f"“{show(first)} {show(second)}” is not something to calculate with.",
            start,
            end,
            "Write numbers and signs: “0.5 h”, “today + 1 week”, “200 + 19%”.",
        )
    if left[1] == right[1] and find_unit(left[1]) is not None:
        squared = f"{first}^2"
        return refuse(Code.MISSING_SIGN, shown, start, end, f"Write “{squared}” for a square.", (squared,))
    if left[0] == NAME and right[0] == NUMBER:
        unit = find_unit(left[1])
        if unit is not None and unit.dimension == (("time", 1),):
            part = "m" if left[1] != "d" else "h"
            return refuse(
                Code.MISSING_SIGN,
                shown,
                start,
                end,
                f"Write the unit too: “{first} {second}{part}”, or “{first} * {second}” to multiply.",
                (f"{first} {second}{part}", f"{first} * {second}"),
            )
        if unit is not None:
            return refuse(
                Code.MISSING_SIGN,
                shown,
                start,
                end,
                f"A unit follows its number: “{second} {first}”. To multiply, write “{first} * {second}”.",
                (f"{second} {first}", f"{first} * {second}"),
            )
    if second == "(":
        return refuse(
            Code.MISSING_SIGN,
            f"There is no sign between “{show(first)}” and the bracket.",
            start,
            end,
            f"Write “{show(first)} * (” to multiply.",
            (f"{first} * (",),
        )
    return refuse(
        Code.MISSING_SIGN,
        shown,
        start,
        end,
        f"Write “{show(first)} * {show(second)}” to multiply, or “{show(first)} + {show(second)}” to add.",
        (f"{first} * {second}", f"{first} + {second}"),
    )


def _means(word: str, names: Container[str]) -> bool:
    """Say whether a word is a name, a unit, a function or a word of the language."""
    return (
        word in names
        or word in FUNCTION_NAMES
        or word in CONSTANT_NAMES
        or word in RESERVED
        or find_unit(word) is not None
    )


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


def times_as_letter(token: Token, names: Container[str]) -> CalculationError | None:
    """Refuse `5x3`, unless there is such a name."""
    word = token[1]
    if word in names or not re.fullmatch("[xX][0-9]+", word):
        return None
    sign = f" * {word[1:]}"
    hint = f"To multiply, write “{sign.strip()}”."
    return refuse(Code.MISSING_SIGN, f"“{word[0]}” is not a sign here.", token[2], token[3], hint, (sign,))


def rest(tokens: Sequence[Token], index: int, opening: Token | None) -> CalculationError:
    """Refuse what stands where the line, a bracket or a call should have ended."""
    kind, word, start, end = tokens[index]
    if kind == END and opening is not None:
        whose = "This bracket" if opening[1] == "(" else f"The bracket after “{show(opening[1])}”"
        return refuse(
            Code.UNCLOSED,
            f"{whose}, at character {opening[2] + 1 if opening[1] == '(' else opening[3] + 1}, is not closed.",
            end,
            end,
            "Close it with “)”.",
            (")",),
        )
    if word == ")":
        return refuse(
            Code.UNCLOSED,
            "This bracket was never opened.",
            start,
            end,
            "Delete it, or write “(” where it begins.",
            ("",),
        )
    if word in (";", ","):
        if word == ",":
            return refuse(
                Code.SYNTAX,
                "A comma parts the values of a function, and there is none around it.",
                start,
                end,
                "Write “max(1; 2)”, or “1.5” for a number.",
            )
        return refuse(
            Code.SYNTAX,
            "A semicolon parts the values of a function, and there is none around it.",
            start,
            end,
            "Write “max(1; 2)”, or one line for each calculation.",
        )
    if word == "=":
        return refuse(
            Code.SYNTAX,
            "“=” stands at the beginning only, after a name.",
            start,
            end,
            "To compare, write “==”.",
            ("==",),
        )
    if word == "at":
        return refuse(
            Code.SYNTAX,
            "“at” gives a rate after a conversion, and there is none before it.",
            start,
            end,
            "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        )
    if word == "on":
        return refuse(
            Code.SYNTAX,
            "A day with “on” belongs to a rate of exchange.",
            start,
            end,
            "Write “100 EUR to USD at 1.08 on 2026-11-20”.",
        )
    if word == ":" and tokens[index - 1][1] in ("h", "hh", "hours") and tokens[index + 1][1] in ("m", "mm", "min"):
        return refuse(
            Code.SYNTAX,
            "“:” stands in times of the clock and in filters only.",
            start,
            tokens[index + 1][3],
            "For hours and minutes write “to h min”.",
            (" min",),
        )
    if word == ":":
        return refuse(
            Code.SYNTAX,
            "“:” stands in times of the clock and in filters only.",
            start,
            end,
            "Write “3:45” for a time; to divide, write “/”.",
            ("/",),
        )
    if word == "..":
        return refuse(
            Code.SYNTAX,
            "“..” stands between two days of a filter only.",
            start,
            end,
            "Write “hours(task:42, 2026-11-01..2026-11-15)”.",
        )
    if word == "//":
        return refuse(
            Code.SYNTAX,
            "“//” begins a comment, in worksheets only.",
            start,
            end,
            "For whole steps write “div”: “17 div 5”.",
            ("div",),
        )
    return refuse(Code.SYNTAX, f"“{show(word)}” has no meaning here.", start, end, "Delete it.", ("",))


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
