"""Numbers as people type and read them: which sign is the decimal point, which one groups the digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from webapp.calculations.engine.first.answers import DECIMALS, WHOLE_DIGITS, count_decimals, exact_context

_MINUS = "−"
# Full-width digits and signs mean what they look like. Nothing else is translated: “5²” is not 52.
_PLAIN = str.maketrans("０１２３４５６７８９．，－＋−–’\u00a0\u202f\u2009", "0123456789.,-+--'   ")
_LONGEST_TEXT = 1_500
_SHOWN_LENGTH = 40
_NAMES = {".": "a point", ",": "a comma", " ": "a space", "'": "an apostrophe"}

TOO_MANY_WHOLE_DIGITS = f"This number is too large: it may have {WHOLE_DIGITS} digits before the point."
TOO_MANY_DECIMALS = f"This number is too long: it may have {DECIMALS} digits after the point."


@dataclass(frozen=True)
class NumberStyle:
    """The decimal sign, and the sign between groups of three digits (empty for none)."""

    point: str
    group: str

    @classmethod
    def of(cls, sample: str) -> NumberStyle:
        """Take the style of a sample such as `1,234.5`, `1.234,5` or `1 234,5`."""
        plain = sample.translate(_PLAIN)
        return cls(point=plain[-2], group="" if plain[1].isdigit() else plain[1])

    @property
    def sample(self) -> str:
        """How a number looks in this style."""
        return f"1{self.group}234{self.point}5"


PLAIN_STYLE = NumberStyle(point=".", group="")


def read_number(text: str, style: NumberStyle) -> Decimal:
    """
    Read a number as somebody with this style writes it: `-1,234.5`, `.5`, `1.5e3`; a true minus sign is one too.

    Nothing is guessed: `1,5` from somebody whose comma groups thousands could be meant in two ways and is refused.

    :raises ValueError: with a sentence for the person
    """
    plain = text.translate(_PLAIN).strip()
    if not plain:
        raise ValueError("Enter a number.")
    if len(plain) > _LONGEST_TEXT:
        raise ValueError(f"This is longer than a number may be ({WHOLE_DIGITS} digits before the point).")
    match = _pattern(style).fullmatch(plain)
    if match is None:
        raise ValueError(_why_not(plain, style))
    whole = match["whole"].replace(style.group, "") if style.group else match["whole"]
    # The exponent is read with care: 1e999999999 must not become a number with a thousand million digits.
    exponent = match["exponent"] or "0"
    if len(exponent.lstrip("+-0")) > len(str(WHOLE_DIGITS)):
        is_large = not exponent.startswith("-")
        if not (whole + (match["decimals"] or "")).strip("0"):
            return Decimal(0)
        raise ValueError(TOO_MANY_WHOLE_DIGITS if is_large else TOO_MANY_DECIMALS)
    number = Decimal(f"{match['sign']}{whole or 0}.{match['decimals'] or 0}e{exponent}")
    if not number:
        return Decimal(0)
    number = exact_context().normalize(number)
    if number.adjusted() >= WHOLE_DIGITS:
        raise ValueError(TOO_MANY_WHOLE_DIGITS)
    if count_decimals(number) > DECIMALS:
        raise ValueError(TOO_MANY_DECIMALS)
    return number


def write_number(value: Decimal, style: NumberStyle, *, is_grouped: bool = True) -> str:
    """
    Write every digit of a number, never as a power of ten.

    Grouped, it is for reading, with a true minus sign; not grouped, it is for copying and for form fields.
    """
    digits = f"{value:f}"
    sign = ""
    if digits.startswith("-"):
        sign, digits = (_MINUS if is_grouped else "-"), digits[1:]
    whole, _, decimals = digits.partition(".")
    if is_grouped and style.group:
        # A space that does not break, so that a short number stays on its line.
        group = "\u202f" if style.group == " " else style.group
        whole = f"{int(whole[:-3] or 0):,}".replace(",", group) + group + whole[-3:] if len(whole) > 3 else whole
    return f"{sign}{whole}{style.point if decimals else ''}{decimals}"


def _pattern(style: NumberStyle) -> re.Pattern[str]:
    grouped = rf"\d{{1,3}}(?:{re.escape(style.group)}\d{{3}})+|" if style.group else ""
    point = re.escape(style.point)
    return re.compile(
        rf"(?P<sign>[+-]?) ?(?={point}?\d)(?P<whole>{grouped}\d*)(?:{point}(?P<decimals>\d*))?"
        r"(?:[eE](?P<exponent>[+-]?\d+))?",
        re.ASCII,
    )


def _why_not(plain: str, style: NumberStyle) -> str:
    shown = plain if len(plain) <= _SHOWN_LENGTH else f"{plain[:_SHOWN_LENGTH]}…"
    if re.fullmatch(r"[+-]?\s*(inf(inity)?|s?nan)\d*", plain, re.IGNORECASE):
        return f"“{shown}” is not a number one can calculate with. Enter digits."
    if not re.search(r"[0-9]", plain):
        return f"“{shown}” is not a number. Write it with the digits 0 to 9."
    if re.fullmatch(r"[+-]?[\d., ']+", plain, re.ASCII):
        names = f"{_NAMES.get(style.point, style.point)} before the decimals"
        if style.group:
            names += f" and {_NAMES.get(style.group, style.group)} between thousands"
        return f"“{shown}” can be read in more than one way. You write numbers as {style.sample}: {names}."
    return f"“{shown}” is not a number. Write it as {style.sample}."
