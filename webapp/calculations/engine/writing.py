"""
Values as people read them, in their own number format. Everything is bounded in length and time.

What is exact and not cut can be typed again in the same format and means the same. Three dots follow digits that were
cut off, and “≈” comes before what is not exact. Nothing here writes out a power of ten that has many zeros.
"""

from __future__ import annotations

from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, Inexact
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from webapp.calculations.engine import numerics
from webapp.calculations.engine.currencies import least_decimals, round_money
from webapp.calculations.engine.limits import INEXACT_DIGITS, SHOWN_DIGITS
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.units import PERCENT_UNITS, find_unit, write_units
from webapp.calculations.engine.values import Number, Quantity, Unit, Value, Writing

ABOUT = "≈ "
CUT = "…"

# An exact number that ends within so many digits is written in full; with a power of ten where it would have more
# digits than that before the point, or begin further behind it than the last says.
EXACT_DIGITS = INEXACT_DIGITS
_FULL = 10**EXACT_DIGITS
_LEAST_EXPONENT = -9
# Of a longer one, the digits before the point are not cut if they are fewer than these.
_LONGEST_CUT = 21
# A thousandth of a second: so far are the seconds of 1 h 25 min 42.857 s written.
_TICKS_AN_HOUR = 3_600_000
# “All digits” are so many after the point; and so many before it of a number that is not exact.
_DECIMALS = 1_000
_INEXACT_WHOLE_DIGITS = 60
_MOST_ZEROS = 100

# Copied for each use: its flags must not be shared between threads.
_EXACTLY = Context(prec=EXACT_DIGITS, rounding=ROUND_DOWN, Emin=MIN_EMIN, Emax=MAX_EMAX)
_ROUNDING = Context(prec=SHOWN_DIGITS, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)
_KEEPING = Context(prec=INEXACT_DIGITS, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)

# What a sample of a number may also be typed with.
_SAMPLE = str.maketrans("’\u00a0\u202f\u2009", "'   ")


class NumberStyle(NamedTuple):
    """The decimal sign, and the sign between groups of three digits (empty for none)."""

    point: str
    group: str

    @classmethod
    def of(cls, sample: str) -> NumberStyle:
        """Take the style of a sample such as `1,234.5`, `1.234,5` or `1 234,5`."""
        plain = sample.translate(_SAMPLE)
        return cls(point=plain[-2], group="" if plain[1].isdigit() else plain[1])

    @property
    def sample(self) -> str:
        """How a number looks in this style."""
        return f"1{self.group}234{self.point}5"

    @property
    def minus(self) -> str:
        """
        The sign of a negative number.

        A true minus for readers; the one of programs for those who group nothing, as such numbers go on to them.
        """
        return "−" if self.group else "-"


PLAIN_STYLE = NumberStyle(point=".", group="")
_STYLES = {
    sample: NumberStyle.of(sample) for sample in ("1234.5", "1,234.5", "1.234,5", "1 234,5", "1'234.5", "1234,5")
}
# Groups are written with signs that do not break, or that look better than those on a keyboard.
_WRITTEN_GROUPS = {" ": "\u202f", "'": "’"}


def find_style(number_format: str) -> NumberStyle:
    """Return the style of a setting such as `1,234.5`."""
    return _STYLES.get(number_format) or NumberStyle.of(number_format)


def write_value(value: Value, settings: Settings) -> str:
    """Write a value as it is shown: `0.333333333333333…`, `≈ 1.4142135623731`, `10 h 42 min`, `85.00 EUR/h`, `30%`."""
    if isinstance(value, Quantity):
        return write_quantity(value, find_style(settings.number_format))
    if isinstance(value, date):
        return value.isoformat()
    return "true" if value else "false"


def write_quantity(quantity: Quantity, style: NumberStyle) -> str:
    """Write an amount with its units, with “≈” before it if it is not exact."""
    number, units = quantity.number, quantity.units
    about = ABOUT if isinstance(number, Decimal) else ""
    if not units:
        return about + write_number(number, style)
    unit, power = units[0]
    if len(units) == 1 and power == 1:
        if unit.writing is Writing.PERCENT:
            return f"{about}{_bracket(write_number(number, style))}%"
        if unit.writing is Writing.MIXED:
            return about + _write_time(number, style)
        if unit.writing is Writing.MONEY:
            return f"{about}{_write_money(number, unit, style)} {unit.name}"
    written = write_number(number, style)
    if decimals := least_decimals(units):
        written = _fill_cents(written, decimals, style)
    name = _plural(unit) if len(units) == 1 and power == 1 and number not in (1, -1) else write_units(units)
    bracketed = _bracket(written)
    # After a bracket `in` would convert.
    return f"{about}{bracketed} {'inch' if name == 'in' and bracketed != written else name}"


def write_number(number: Number, style: NumberStyle = PLAIN_STYLE) -> str:
    """
    Write a number so that it is read at a glance: `1,234.5`, `0.333333333333333…`, `1.26765060022822…×10^30`.

    An exact number is written in full if it ends within 34 digits, else cut to 15. One that is not exact is rounded to
    15; the sign for that is left to `write_quantity`.
    """
    if isinstance(number, Fraction):
        numerator, denominator = number.numerator, number.denominator
        if denominator == 1 and -_FULL < numerator < _FULL:
            written = _group(str(abs(numerator)), style)
            return style.minus + written if numerator < 0 else written
        shown, is_cut = _cut(number)
        return _write_digits(shown, style, is_cut=is_cut, whole_digits=_LONGEST_CUT if is_cut else EXACT_DIGITS)
    return _write_digits(_ROUNDING.normalize(number), style, is_cut=False, whole_digits=SHOWN_DIGITS)


def explain(value: Value, settings: Settings) -> tuple[str, ...]:
    """Return a sentence about what `write_value` rounded or cut of an amount of money or a time, if it did."""
    if not isinstance(value, Quantity) or len(value.units) != 1:
        return ()
    number, (unit, power) = value.number, value.units[0]
    if power != 1 or not -_FULL < number < _FULL:
        return ()
    if unit.writing is Writing.MONEY:
        rounded = f"rounded {_COINS.get(unit.decimals, f'to {unit.decimals} decimals')}, half to even."
        if isinstance(number, Decimal):
            return (f"Not exact; {rounded}",)
        if (number * 10**unit.decimals).denominator != 1:
            return (f"Exactly {_write_exactly(number, settings)}; {rounded}",)
    if unit.writing is Writing.MIXED and isinstance(number, Fraction) and (number * _TICKS_AN_HOUR).denominator != 1:
        return (f"Exactly {_write_exactly(number, settings)} h.",)
    return ()


_COINS = {0: "to whole amounts", 2: "to the cent"}
_LONGEST_FRACTION = 200
_LONGEST_NOTE_BITS = 120
_SHORTEST_WORD = 4


def _write_exactly(number: Fraction, settings: Settings) -> str:
    """Write it as a decimal if that has an end, else as a fraction, else cut."""
    style = find_style(settings.number_format)
    written = write_number(number, style)
    if CUT not in written or number.denominator.bit_length() + number.numerator.bit_length() > _LONGEST_NOTE_BITS:
        return written
    return write_fraction(number, style)


def write_as_fraction(value: Value, settings: Settings) -> str:
    """Write an exact amount as a fraction with its unit, `2/3`, `(5/4) h`, `(1/3)%`; if that is too long, as ever."""
    if not isinstance(value, Quantity) or isinstance(value.number, Decimal) or value.number.denominator == 1:
        return write_value(value, settings)
    fraction = write_fraction(value.number, find_style(settings.number_format))
    if len(fraction) > _LONGEST_FRACTION:
        return write_value(value, settings)
    if not value.units:
        return fraction
    return f"({fraction})%" if value.units == PERCENT_UNITS else f"({fraction}) {write_units(value.units)}"


def write_fraction(number: Fraction, style: NumberStyle = PLAIN_STYLE) -> str:
    """Write an exact number as a fraction, `22/7`, all digits of it; a whole number as it is."""
    minus = style.minus if number < 0 else ""
    above = _group(str(abs(number.numerator)), style)
    return f"{minus}{above}" + ("" if number.denominator == 1 else f"/{_group(str(number.denominator), style)}")


class Details(NamedTuple):
    """
    A number at length, for those who want all of it; without “≈”.

    `decimal` has all digits, with those that repeat for ever in brackets (`0.(142857)`), or ends with “…” where there
    are too many (`is_cut`). `before` and `repeating` are the same in two pieces, for drawing a line above the second.
    `fraction` is `22/7` and `mixed` is `3 + 1/7`; both are None where they would say nothing more. `scientific` is
    `1.5×10^3`. `unit` is what comes after each of them, or empty.
    """

    decimal: str
    before: str
    repeating: str
    is_cut: bool
    fraction: str | None
    mixed: str | None
    scientific: str
    unit: str


def details(value: Value, settings: Settings) -> Details | None:
    """Return a quantity's number at length, in its units; None for days and truths."""
    if not isinstance(value, Quantity):
        return None
    style = find_style(settings.number_format)
    unit = write_units(value.units)
    number = value.number
    if isinstance(number, Decimal):
        shown = _KEEPING.normalize(number)
        scientific = _write_scientific(shown, style, is_cut=False)
        decimal = _write_digits(shown, style, is_cut=False, whole_digits=_INEXACT_WHOLE_DIGITS)
        return Details(decimal, decimal, "", False, None, None, scientific, unit)
    shown, is_short = _cut(number)
    scientific = _write_scientific(shown, style, is_cut=is_short)
    minus = style.minus if number < 0 else ""
    whole, rest = divmod(abs(number.numerator), number.denominator)
    before = minus + _group(str(whole), style)
    repeating, is_cut = "", False
    fraction = mixed = None
    if rest:
        decimals, repeating, is_cut = _expand(rest, number.denominator)
        before = f"{before}{style.point}{decimals}"
        below = _group(str(number.denominator), style)
        fraction = write_fraction(number, style)
        if whole:
            sign = style.minus if minus else "+"
            mixed = f"{minus}{_group(str(whole), style)} {sign} {_group(str(rest), style)}/{below}"
    decimal = f"{before}({repeating})" if repeating else f"{before}{CUT if is_cut else ''}"
    if is_cut and shown.adjusted() < -_MOST_ZEROS:
        decimal = before = scientific
    return Details(decimal, before, repeating, is_cut, fraction, mixed, scientific, unit)


def _expand(rest: int, denominator: int) -> tuple[str, str, bool]:
    """Return the decimals of rest ÷ denominator before those that repeat, those, and whether some were left out."""
    twos = (denominator & -denominator).bit_length() - 1
    others, fives = denominator >> twos, 0
    while fives <= _DECIMALS:
        quotient, left = divmod(others, 5)
        if left:
            break
        others, fives = quotient, fives + 1
    before = max(twos, fives)
    period = _find_period(others, _DECIMALS - before) if others > 1 else 0
    is_cut = before > _DECIMALS or period is None
    length = _DECIMALS if is_cut else before + (period or 0)
    decimals = str(rest * 10**length // denominator).zfill(length)
    return (decimals, "", True) if is_cut else (decimals[:before], decimals[before:], False)


def _find_period(divisor: int, most: int) -> int | None:
    """Return after how many digits 1 ÷ divisor repeats, for one that 2 and 5 do not divide; None if after more."""
    rest = 1
    for length in range(1, most + 1):
        rest = rest * 10 % divisor
        if rest == 1:
            return length
    return None


@lru_cache(maxsize=512)
def _plural(unit: Unit) -> str:
    """Return the name for several, where that is a word: `6 workdays`, but `6 km`."""
    name = unit.name
    if len(name) < _SHORTEST_WORD:
        return name
    return next((several for several in (f"{name}s", f"{name[:-1]}ies") if find_unit(several) is unit), name)


def _bracket(written: str) -> str:
    # 1×10^30 m would be read as a power with 30 m.
    return f"({written})" if "^" in written else written


def _cut(number: Fraction) -> tuple[Decimal, bool]:
    """Return the number if it ends within as many digits as are written, else its first few; and whether it was cut."""
    context = _EXACTLY.copy()
    found = numerics.to_digits(number, context)
    if not context.flags[Inexact]:
        return context.normalize(found), False
    context.prec = SHOWN_DIGITS
    if SHOWN_DIGITS <= found.adjusted() < _LONGEST_CUT:
        # The digits before the point are not cut.
        context.prec = found.adjusted() + 1
    return context.plus(found), True


def _write_digits(shown: Decimal, style: NumberStyle, *, is_cut: bool, whole_digits: int) -> str:
    if not shown:
        return "0"
    if not _LEAST_EXPONENT <= shown.adjusted() < whole_digits:
        return _write_scientific(shown, style, is_cut=is_cut)
    minus = style.minus if shown.is_signed() else ""
    whole, _, decimals = f"{shown.copy_abs():f}".partition(".")
    written = _group(whole, style)
    if decimals:
        written = f"{written}{style.point}{decimals}"
    return f"{minus}{written}{CUT}" if is_cut else minus + written


def _write_scientific(shown: Decimal, style: NumberStyle, *, is_cut: bool) -> str:
    if not shown:
        return "0"
    first, *others = map(str, shown.as_tuple().digits)
    exponent = shown.adjusted()
    mantissa = f"{first}{style.point}{''.join(others)}" if others else first
    power = f"{style.minus}{-exponent}" if exponent < 0 else str(exponent)
    return f"{style.minus if shown.is_signed() else ''}{mantissa}{CUT if is_cut else ''}×10^{power}"


def _group(whole: str, style: NumberStyle) -> str:
    if len(whole) < 4 or not style.group:
        return whole
    return f"{int(whole):,}".replace(",", _WRITTEN_GROUPS.get(style.group, style.group))


def _write_money(number: Number, unit: Unit, style: NumberStyle) -> str:
    if isinstance(number, Decimal):
        if number.adjusted() >= SHOWN_DIGITS:
            return _bracket(write_number(number, style))
        # What is less than any coin by far may have thousands of zeros.
        number = Fraction(number) if number.adjusted() > -INEXACT_DIGITS else Fraction(0)
    elif not -_FULL < number < _FULL:
        return _bracket(write_number(number, style))
    coins = int(round_money(number, unit.decimals) * 10**unit.decimals)
    digits = str(abs(coins)).zfill(unit.decimals + 1)
    cut = len(digits) - unit.decimals
    written = _group(digits[:cut], style)
    if unit.decimals:
        written = f"{written}{style.point}{digits[cut:]}"
    return style.minus + written if coins < 0 else written


def _fill_cents(written: str, decimals: int, style: NumberStyle) -> str:
    whole, point, rest = written.partition(style.point)
    if not written[-1].isdigit() or "^" in written or len(rest) >= decimals:
        return written
    return f"{whole}{point or style.point}{rest.ljust(decimals, '0')}"


def _write_time(hours: Number, style: NumberStyle) -> str:
    if not hours:
        return "0 min"
    is_inexact = isinstance(hours, Decimal)
    is_written_out = (
        -INEXACT_DIGITS < hours.adjusted() < SHOWN_DIGITS if isinstance(hours, Decimal) else -_FULL < hours < _FULL
    )
    if not is_written_out:
        return f"{_bracket(write_number(hours, style))} h"
    ticks = abs(Fraction(hours)) * _TICKS_AN_HOUR
    if ticks < 1:
        # Too short for a clock: 0.00036 s and not 0 s.
        return f"{_bracket(write_number(hours * 3_600, style))} s"
    whole = round(ticks) if is_inexact else int(ticks)
    is_cut = not is_inexact and whole != ticks
    minutes, thousandths = divmod(whole, 60_000)
    full_hours, minutes = divmod(minutes, 60)
    parts = []
    if full_hours:
        parts.append(f"{_group(str(full_hours), style)} h")
    if minutes:
        parts.append(f"{minutes} min")
    if thousandths or is_cut:
        seconds, fraction = divmod(thousandths, 1000)
        after = f"{style.point}{fraction:03}" if fraction or is_cut else ""
        parts.append(f"{seconds}{after}{CUT}" + " s" if is_cut else f"{seconds}{after.rstrip('0')} s")
    return (style.minus if hours < 0 else "") + " ".join(parts)
