"""What is said when a number, a unit, a day or a time cannot be read; see `refusals`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import END, FORMATS, NAME, NUMBER, Token, read_number
from webapp.calculations.engine.refusals import LONGEST_SHOWN, choose, refuse, show
from webapp.calculations.engine.units import suggest_units
from webapp.calculations.engine.values import Unit


def odd_number(token: Token, number_format: str, *, is_argument: bool) -> CalculationError:
    """Refuse a number whose separators are not the person's."""
    _, word, start, end = token
    point = FORMATS[number_format][0]
    if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}", word):
        day, month, year = word.split(".")
        is_certain = len(year) == 4 and 1 <= int(month) <= 12 and 1 <= int(day) <= _last_day(int(year), int(month))
        full = f"{year}-{month:0>2}-{day:0>2}" if is_certain else "2026-11-30"
        return refuse(
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
        return refuse(
            Code.AMBIGUOUS_NUMBER,
            f"The commas in “{show(word)}” can part numbers or decimals.",
            start,
            end,
            f"Part values with semicolons: “{show(parted)}”.",
            (parted,),
        )
    shown = " or ".join(f"“{show(way)}”" for way in ways)
    return refuse(
        Code.AMBIGUOUS_NUMBER,
        f"“{show(word)}” can be read in more than one way. Your numbers are written like {number_format}.",
        start,
        end,
        f"Write {shown}.",
        ways,
    )


def comma_in_argument(token: Token, number_format: str) -> CalculationError:
    """Refuse `max(1,234)`: one number or two."""
    parted = token[1].replace(",", "; ")
    # In brackets of its own a number is one.
    whole = f"({token[1]})" if FORMATS[number_format][0] == "," else token[1].replace(",", "")
    return refuse(
        Code.AMBIGUOUS_NUMBER,
        f"“{show(token[1])}” can be one number or several.",
        token[2],
        token[3],
        f"Write “{show(whole)}” for one number, or “{show(parted)}” for several.",
        (whole, parted),
    )


def underscore(before: Token, token: Token) -> CalculationError:
    """Refuse `1_000`."""
    digits = token[1].replace("_", "")
    whole = f"{before[1]}{digits}"
    is_number = digits.isascii() and digits.isdecimal()
    return refuse(
        Code.AMBIGUOUS_NUMBER if is_number else Code.MISSING_SIGN,
        "“_” belongs to names, not to numbers." if is_number else f"There is no sign before “{show(token[1])}”.",
        before[2],
        token[3],
        f"Write “{show(whole)}”." if is_number else f"Write “{before[1]} * {show(token[1])}” to multiply.",
        (whole,) if is_number else (f"{before[1]} * {token[1]}",),
    )


def part_of_length(number: Token, word: Token, unit: Unit | None, larger: Unit) -> CalculationError:
    """Refuse `3h 45` and `45 min 3 h`."""
    start, end = number[2], word[3] if unit is not None else number[3]
    if unit is not None and unit.dimension == larger.dimension:
        return refuse(
            Code.MISSING_SIGN,
            f"The larger unit comes first: “{word[1]}” is not smaller than “{larger.name}”.",
            start,
            end,
            "Write “3 h 45 min” or “5 ft 3 in”, or “+” between the two.",
            (f"+ {number[1]} {word[1]}",),
        )
    if larger.dimension == (("time", 1),) and unit is None:
        smaller = {"h": "m", "d": "h", "min": "s"}.get(larger.name, "m")
        return refuse(
            Code.MISSING_SIGN,
            f"A unit is missing after “{number[1]}”.",
            start,
            number[3],
            f"Write “{number[1]}{smaller}”, or a sign before it.",
            (f"{number[1]}{smaller}", f"* {number[1]}", f"+ {number[1]}"),
        )
    return refuse(
        Code.MISSING_SIGN,
        f"There is no sign before “{number[1]}”.",
        start,
        end,
        f"Write “* {number[1]}” to multiply, or “+ {number[1]}” to add.",
        (f"* {number[1]}", f"+ {number[1]}") if end == number[3] else (),
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
    return refuse(
        Code.AMBIGUOUS_PRODUCT,
        f"“{show(token[1])}” after a slash can belong above or below it.",
        tokens[slash][2],
        token[3],
        f"Write “…/({inner} {token[1]})”, or “… {token[1]}/{below}”.",
        (f"/({inner} {token[1]})", f" {token[1]}/{below}"),
    )


def unit_exponent(unit: Token, sign: Token, found: Token) -> CalculationError:
    """Refuse `5 m^x`, `5 m^1.5` and `5 m^2^3`."""
    if found[0] == END:
        return refuse(
            Code.MISSING_OPERAND, "A number is missing after “^”.", sign[2], sign[3], f"Write “{unit[1]}^2”.", ("^2",)
        )
    return refuse(
        Code.NOT_WHOLE if found[0] == NUMBER else Code.AMBIGUOUS_PRODUCT,
        f"The exponent of the unit “{unit[1]}” is a whole number from 1 to 99.",
        sign[2],
        max(found[3], sign[3]),
        f"Write “5 {unit[1]}^2” for a power of the unit, “(5 {unit[1]})^x” for one of the amount.",
    )


def bad_target(sign: Token, target: Token) -> CalculationError:
    """Refuse `5 m to 7`."""
    if target[0] == NAME:
        near = suggest_units(target[1])
        return refuse(
            Code.UNKNOWN_UNIT,
            f"“{show(target[1])}” is not a unit.",
            target[2],
            target[3],
            f"Did you mean {choose(near)}?" if near else "Write a unit after “to”: “5 km to mi”.",
            tuple(near),
        )
    return refuse(
        Code.UNKNOWN_UNIT,
        f"A unit is missing after “{sign[1]}”.",
        sign[2],
        max(sign[3], target[3]),
        "Write “5 km to mi”, or “to fraction”.",
    )


def no_unit_left(first: Token, last: Token) -> CalculationError:
    """Refuse `5 to m/m`."""
    return refuse(
        Code.UNKNOWN_UNIT,
        "These units cancel out, and nothing is left to convert to.",
        first[2],
        last[3],
        "Write the unit that the answer should have: “5 km to mi”.",
    )


def no_such_day(token: Token) -> CalculationError:
    """Refuse 2026-02-30, and 2026-1-5, which may be a sum."""
    _, word, start, end = token
    year, month, day = word.split("-")
    spaced = f"{year} - {month} - {day}"
    full = f"{year}-{month:0>2}-{day:0>2}"
    if full != word:
        return refuse(
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
    return refuse(
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
    return refuse(
        Code.NUMBER,
        f"“{token[1]}” is no time: minutes and seconds go up to 59.",
        token[2],
        token[3],
        "Write hours and minutes, “3:45”; to divide, write “/”.",
    )


def repeating_decimals(number: Token, digits: Token, closing: Token, number_format: str) -> CalculationError:
    """Refuse `0.1(6)`, which is how details write one sixth."""
    point = FORMATS[number_format][0]
    product = f"{number[1].rstrip(point)} * {digits[1]}"
    ways: tuple[str, ...] = (product,)
    if len(number[1]) + len(digits[1]) <= LONGEST_SHOWN and "e" not in number[1].lower():
        decimals = len(number[1].partition(point)[2])
        rest = Fraction(int(digits[1]), 10**decimals * (10 ** len(digits[1]) - 1))
        ways = (f"({read_number(number[1], number_format) + rest})", product)
    return refuse(
        Code.AMBIGUOUS_PRODUCT,
        f"“{show(f'{number[1]}({digits[1]})')}” can be read in two ways: decimals that repeat, or a product.",
        number[2],
        closing[3],
        f"Write “{ways[0]}” as a fraction, or “{product}” for the product."
        if len(ways) > 1
        else "Write a fraction for decimals that repeat, or “*” for a product.",
        ways,
    )
