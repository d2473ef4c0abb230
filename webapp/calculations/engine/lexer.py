"""
Text cut into words: numbers in the person's own format, names, signs, days, clock times and quoted words.

Only the digits 0 to 9 are digits here. What could be meant in two ways is not guessed: it becomes an `ODD` token, and
the parser, who knows what stands around it, says how to write it.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import LINE_CHARACTERS, LITERAL_DIGITS, LITERAL_EXPONENT
from webapp.calculations.engine.operations import OPERATORS

# What kind of word it is: the number of its group in the pattern, so that nothing has to be looked up.
DAY = 1
CLOCK = 2
NUMBER = 3
ODD = 4
NAME = 5
SIGN = 6
WORDS = 7
UNKNOWN = 8
END = 9

# Kind, text, start and end (exclusive).
Token: TypeAlias = tuple[int, str, int, int]

# The decimal point and the sign between groups of three digits, by the sample in the account's settings.
FORMATS = {
    "1234.5": (".", ""),
    "1,234.5": (".", ","),
    "1.234,5": (",", "."),
    "1 234,5": (",", " "),
    "1'234.5": (".", "'"),
    "1234,5": (",", ""),
}

_SPACES = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# How a group sign may be typed: the spaces that do not break, the apostrophes of a phone.
_GROUPS = {"": "", ",": ",", ".": r"\.", " ": "[ \u00a0\u2007\u2009\u202f]", "'": "['’]"}
_POINTS = {".": r"\.", ",": ","}
# Letters and digits to a regular expression, which are none to us.
_RAISED = "²³¹⁰-₟½-¾"
# Accents that follow their letter, as some keyboards send them.
_ACCENTS = "\u0300-\u036f"
_TO_PLAIN = str.maketrans("−＋", "-+")


# Signs beside those of the operations.
_OTHER_SIGNS = ("//", "==", "!=", "<=", ">=", "<>", "->", "..", *"%!()=<>;,:⋅∕≤≥≠→²³")


def _list_signs() -> str:
    """Return a pattern of all signs that are not words, the longer ones first."""
    signs = {sign for operator in OPERATORS.values() for sign in operator.signs if not sign[0].isalpha()}
    signs.update(_OTHER_SIGNS)
    longer = sorted(sign for sign in signs if len(sign) > 1)
    single = sorted(sign for sign in signs if len(sign) == 1)
    return "|".join((*map(re.escape, longer), f"[{''.join(map(re.escape, single))}]"))


_SIGNS = _list_signs()


@lru_cache(maxsize=16)
def _pattern(number_format: str) -> re.Pattern[str]:
    point, group = (_POINTS[FORMATS[number_format][0]], _GROUPS[FORMATS[number_format][1]])
    whole = rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})++(?![0-9])|[0-9]++)" if group else "[0-9]++"
    exponent = "(?:[eE][-+−]?[0-9]++)?+"
    # A point that ends a number (`5.`) belongs to it; a comma does so only before a digit, or it parts arguments.
    decimals = r"(?:\.(?!\.)[0-9]*+)?+" if point == r"\." else "(?:,[0-9]++)?+"
    return re.compile(
        rf"[{_SPACES}]*+(?:"
        # Also what looks like a day and is not quite one: `2026-1-5` must not be 2020.
        r"([0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|(?:19|2[01])[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])(?![0-9]))"
        r"|([0-9]++:[0-9]{2}(?::[0-9]{2})?+(?![0-9:]))"
        rf"|((?:{whole}{decimals}|{point}[0-9]++){exponent}(?![.,'’]?[0-9]))"
        r"|([.,]?[0-9]++(?:[.,'’]++[0-9]++)*+)"
        rf"|((?:[^\W0-9{_RAISED}]|°)(?:[^\W{_RAISED}]|[{_ACCENTS}])*+|[$¢£¥฿₠-⃀])"
        rf"|({_SIGNS})"
        '|("[^"]*+"|“[^”]*+”)'
        r"|(.))",
        re.DOTALL,
    )


def split(text: str, number_format: str) -> list[Token]:
    """
    Return the words of a line, and one `END` more.

    :raises CalculationError: when it is too long, or has a character that no calculation has
    """
    if len(text) > LINE_CHARACTERS:
        raise CalculationError(
            Code.TOO_LONG,
            f"This line has {len(text):,} characters; it may have {LINE_CHARACTERS:,}.",
            position=LINE_CHARACTERS,
            end=len(text),
            hint="Give parts of it a name and use the names, one line for each in a worksheet.",
        )
    tokens: list[Token] = []
    append = tokens.append
    stripped = text.rstrip()
    for match in _pattern(number_format).finditer(stripped):
        kind = match.lastindex or UNKNOWN
        word = match[kind]
        end = match.end()
        if kind == NAME and not word.isascii():
            word = _check_name(word, end - len(word))
        elif kind == UNKNOWN:
            raise _refuse_character(stripped, match.start(kind))
        append((kind, word, match.start(kind), end))
    end = len(stripped)
    append((END, "", end, end))
    return tokens


@lru_cache(maxsize=2_048)
def read_number(text: str, number_format: str) -> Fraction:
    """
    Return the number that a `NUMBER` token says.

    :raises CalculationError: when it has too many digits or too large an exponent; nothing large is made before
    """
    point, group = FORMATS[number_format]
    plain = text
    if group and not text.isdecimal():
        plain = re.sub(_GROUPS[group], "", plain)
    if point == ",":
        plain = plain.replace(",", ".")
    mantissa, has_exponent, exponent_text = plain.replace("E", "e").partition("e")
    whole, _, decimals = mantissa.partition(".")
    if len(whole) + len(decimals) > LITERAL_DIGITS:
        raise CalculationError(
            Code.NUMBER,
            f"This number has {len(whole) + len(decimals)} digits; it may have {LITERAL_DIGITS}.",
            hint="Write large numbers with an exponent: “1e40”.",
        )
    exponent = -len(decimals)
    if has_exponent:
        exponent_text = exponent_text.translate(_TO_PLAIN)
        if len(exponent_text.lstrip("+-0")) > len(str(LITERAL_EXPONENT)) or abs(int(exponent_text)) > LITERAL_EXPONENT:
            raise CalculationError(
                Code.NUMBER,
                f"The exponent of this number is too large: it may be from -{LITERAL_EXPONENT} to {LITERAL_EXPONENT}.",
                hint=f"Write a smaller exponent, “1e{LITERAL_EXPONENT}” at most.",
            )
        exponent += int(exponent_text)
    digits = int(whole + decimals)
    return Fraction(digits * 10**exponent) if exponent >= 0 else Fraction(digits, 10**-exponent)


def _check_name(word: str, start: int) -> str:
    for offset, character in enumerate(word):
        if not character.isascii() and character != "°" and unicodedata.category(character) not in _NAME_CATEGORIES:
            raise _refuse_character(word, offset, start)
    word = unicodedata.normalize("NFC", word)
    return _GREEK.get(word, word)


def _refuse_character(text: str, offset: int, start: int = 0) -> CalculationError:
    character = text[offset]
    position = start + offset
    category = unicodedata.category(character)
    digit = unicodedata.digit(character, None)
    if digit is not None and category == "Nd":
        run = re.match(r"\d+", text[offset:])
        odd = run[0] if run else character
        plain = "".join(str(unicodedata.digit(one, 0)) for one in odd)
        return CalculationError(
            Code.CHARACTER,
            f"“{odd}” is written with digits of another script or width.",
            position=position,
            end=position + len(odd),
            hint=f"Write “{plain}”.",
            repairs=(plain,),
        )
    if character in "\n\r\v\f\x85\u2028\u2029":
        return CalculationError(
            Code.CHARACTER,
            "A calculation is one line, and this one has a line break.",
            position=position,
            end=position + 1,
            hint="Delete the line break, or use a worksheet for several lines.",
            repairs=(" ",),
        )
    if category[0] == "C":
        return CalculationError(
            Code.CHARACTER,
            f"There is a character here that cannot be seen (U+{ord(character):04X}).",
            position=position,
            end=position + 1,
            hint="Delete it, or type this part again.",
            repairs=("",),
        )
    hint, repair = _CHARACTER_HINTS.get(character, (None, None))
    if character == "?" and re.search(r"[\w)%]\s*$", text[:offset]):
        hint, repair = "Leave it out; the answer comes without it.", ""
    if character in "'’\"”″′" and text[:offset].rstrip()[-1:].isdecimal():
        hint, repair = "For feet and inches write “5 ft 3 in”, for times “3:45” or “3h 45m”.", None
    return CalculationError(
        Code.CHARACTER,
        f"“{character}” has no meaning in a calculation.",
        position=position,
        end=position + 1,
        hint=hint or "Delete it. A calculation is made of digits, names, units and the signs + - * / ^ ( ) %.",
        repairs=("",) if hint is None else () if repair is None else (repair,),
    )


# Constants as they are printed.
_GREEK = {"π": "pi", "τ": "tau"}
# Letters and what is written above and below them, and the signs of currencies.
_NAME_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Sc"})

_QUOTES = 'Words stand in double quotes, in filters only: “hours(category:"Review", this month)”.'
# What to do about a character, and what to write in its place.
_CHARACTER_HINTS: dict[str, tuple[str, str | None]] = {
    '"': ("Close the quoted words with another double quote.", None),
    "“": ("Close the quoted words with another quote: “”.", None),
    "'": (_QUOTES, None),
    "’": (_QUOTES, None),
    "`": (_QUOTES, None),
    "[": ("Use round brackets: “(”.", "("),
    "]": ("Use round brackets: “)”.", ")"),
    "{": ("Use round brackets: “(”.", "("),
    "}": ("Use round brackets: “)”.", ")"),
    "√": ("Write a root as “sqrt(2)”.", "sqrt"),
    "∛": ("Write a cube root as “cbrt(8)”.", "cbrt"),
    "∞": ("Nothing here is infinite; write a number.", None),
    "|": ("For the amount without its sign write “abs(x)”.", None),
    "\\": ("To divide, write “/”.", "/"),
    "&": ("Leave it out; words that belong together stand in double quotes.", None),
    "?": ("For the number to find write “what”: “what + 10% = 220”.", "what"),
    "#": ("Comments have a place in worksheets only: delete it and what follows.", None),
    "@": ("To multiply by a price, write “*”: “5 h * 85 EUR/h”.", "*"),
    "~": ("Answers that are not exact say so by themselves; delete it.", ""),
    "≈": ("Answers that are not exact say so by themselves; delete it.", ""),
    "…": ("Write the digits that you mean, or a fraction: “1/3”.", None),
    "½": ("Write “1/2”.", None),
    "¼": ("Write “1/4”.", None),
    "¾": ("Write “3/4”.", None),
    "¹": ("Write “^1”.", "^1"),
    "⁴": ("Write “^4”.", "^4"),
    "–": ("This is a dash; to subtract write “-”.", "-"),
    "—": ("This is a dash; to subtract write “-”.", "-"),
    "‐": ("This is a hyphen; to subtract write “-”.", "-"),
    "✕": ("To multiply, write “*”.", "*"),
    "✖": ("To multiply, write “*”.", "*"),
    "∙": ("To multiply, write “*”.", "*"),
    "•": ("To multiply, write “*”.", "*"),
    ".": ("Numbers are written like “0.5”, and nothing else has a point.", ""),
}
