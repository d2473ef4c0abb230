"""Answers as pages show them, made of what the engine has just said or of what was kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Number, Quantity
from webapp.calculations.engine.writing import ABOUT, CUT, Details, find_style
from webapp.calculations.engine.writing import details as write_details
from webapp.calculations.queries.record import Record

if TYPE_CHECKING:
    from webapp.calculations.engine.results import Result

# What is shown on either side of the place of an error: a line may be two thousand characters long.
AROUND_CHARACTERS = 120
# Repairs are buttons; a longer one is said by the hint alone.
LONGEST_REPAIR = 200
MOST_REPAIRS = 3
# Errors of a line that is still being typed, when they are at its end.
_UNFINISHED = {Code.MISSING_OPERAND, Code.UNCLOSED, Code.EMPTY, Code.UNKNOWN_NAME, Code.UNKNOWN_UNIT}


@dataclass(frozen=True)
class Wrong:
    """
    Why there is no answer.

    `marked` is what the caret points at, with what stands on either side; None where it is all of the text.
    """

    code: str
    message: str
    hint: str | None
    before: str = ""
    marked: str | None = None
    after: str = ""
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """One way to write a number: its name, and the digits, of which `repeating` go on for ever."""

    name: str
    digits: str
    repeating: str = ""
    unit: str = ""

    @property
    def copied(self) -> str:
        """The same as text alone: digits that repeat stand in brackets."""
        text = f"{self.digits}({self.repeating})" if self.repeating else self.digits
        return f"{text} {self.unit}" if self.unit else text


@dataclass(frozen=True)
class Answer:
    """
    What a text comes to: `result` and `unit` as this person reads them, or what is wrong.

    `details` are the same at length; `is_typing` while nobody asked for more than a look, and `is_unfinished` when then
    only the end of the text is missing.
    """

    typed: str
    reading: str = ""
    result: str = ""
    unit: str = ""
    is_inexact: bool = False
    notes: tuple[str, ...] = ()
    details: tuple[Way, ...] = ()
    wrong: Wrong | None = None
    is_typing: bool = False
    is_unfinished: bool = False
    group: str = ""

    @property
    def copied(self) -> str:
        """The result for another program: no signs between thousands, no dots, a plain minus, and its unit."""
        plain = self.result.replace("−", "-").replace(CUT, "")
        if self.group:
            plain = re.sub(rf"(?<=\d){re.escape(self.group)}(?=\d{{3}})", "", plain)
        return f"{plain} {self.unit}" if self.unit else plain


def answer_of(typed: str, result: Result, *, number_format: str) -> Answer:
    """Return the answer to show for a result."""
    return write_answer(
        typed,
        reading=result.reading,
        text=result.text,
        unit=result.unit,
        is_inexact=result.is_inexact,
        notes=result.notes,
        details=result.details,
        number_format=number_format,
    )


def answer_of_record(record: Record, *, number_format: str) -> Answer:
    """
    Return the answer that was kept: its text as it was shown then, its digits as this person reads numbers.

    What was kept by the first version of the engine is digits alone, and written as this person reads them.
    """
    typed = record.title
    if record.error_code:
        at = record.text if record.text is not None else _at(record.operands, record.operand)
        wrong = explain(
            at,
            code=record.error_code,
            message=record.message,
            hint=record.hint,
            position=record.position,
            end=record.end,
        )
        return Answer(typed, reading=record.reading, wrong=wrong)
    number = _number_of(record)
    lines = write_details(Quantity(number), Settings(number_format=number_format)) if number is not None else None
    return write_answer(
        typed,
        reading=record.reading or typed,
        text=lines.decimal if lines and record.engine_version == 1 else record.shown,
        unit=record.unit,
        is_inexact=record.is_inexact,
        notes=record.notes,
        details=lines._replace(unit=record.unit or "") if lines else None,
        number_format=record.number_format or number_format,
    )


def _number_of(record: Record) -> Number | None:
    if record.engine_version == 1:
        return Fraction(Decimal(record.shown))
    if record.exact is not None:
        return record.exact
    return Decimal(record.digits) if record.digits else None


def _at(operands: Sequence[str], place: int | None) -> str:
    return operands[place] if place is not None and place < len(operands) else ""


def write_answer(
    typed: str,
    *,
    reading: str,
    text: str,
    unit: str | None,
    is_inexact: bool,
    notes: Sequence[str],
    details: Details | None,
    number_format: str,
) -> Answer:
    """Return the answer to show for a text, its reading, and what it came to."""
    shown = text.removeprefix(ABOUT)
    number, after = shown, ""
    if unit and shown.endswith(f" {unit}"):
        number, after = shown[: -len(unit) - 1], unit
    return Answer(
        typed=typed,
        reading=reading,
        result=number,
        unit=after,
        is_inexact=is_inexact,
        notes=tuple(notes),
        details=_ways(details) if details else (),
        group=_written_group(number_format),
    )


def refusal_of(typed: str, error: CalculationError, *, is_typing: bool = False) -> Answer:
    """Return the answer to show for a text that was refused; while somebody is typing it may only be unfinished."""
    is_unfinished = is_typing and error.code in _UNFINISHED and _is_at_end(error, typed)
    return Answer(
        typed=typed,
        wrong=explain(
            typed,
            code=error.code,
            message=error.message,
            hint=error.hint,
            position=error.position,
            end=error.end,
            repairs=error.repaired(typed),
        ),
        is_typing=is_typing,
        is_unfinished=is_unfinished,
    )


def _is_at_end(error: CalculationError, typed: str) -> bool:
    if error.position is None:
        return True
    if error.code is Code.MISSING_OPERAND and typed.rstrip().endswith(")"):
        return False
    return max(error.position + 1, error.end or 0) >= len(typed.rstrip())


def explain(
    typed: str,
    *,
    code: str,
    message: str,
    hint: str | None,
    position: int | None,
    end: int | None,
    repairs: Sequence[str] = (),
) -> Wrong:
    """Return what is wrong with a text, and where; of a long text only what stands around the place."""
    pressable = tuple(
        repair
        for repair in dict.fromkeys(repairs)
        if typed != repair.strip() and repair.strip() and len(repair) <= LONGEST_REPAIR
    )
    if position is None:
        return Wrong(code, message, hint, repairs=pressable[:MOST_REPAIRS])
    end = max(position + 1, position if end is None else end)
    before, marked, after = typed[:position], typed[position:end], typed[end:]
    if len(before) > AROUND_CHARACTERS:
        before = CUT + before[-AROUND_CHARACTERS:]
    if len(marked) > AROUND_CHARACTERS:
        marked, after = marked[:AROUND_CHARACTERS], ""
    if len(after) > AROUND_CHARACTERS:
        after = after[:AROUND_CHARACTERS] + CUT
    return Wrong(code, message, hint, before, marked, after, pressable[:MOST_REPAIRS])


_NEEDS_BRACKETS = re.compile("[ /^]")


def _ways(details: Details) -> tuple[Way, ...]:
    in_full = details.before if details.repeating else details.decimal
    others = (
        ("As a fraction", details.fraction),
        ("Mixed", details.mixed),
        ("Scientific", details.scientific),
    )
    return (
        Way("In full", in_full, details.repeating, details.unit),
        # `(22/7) h` and `(1.5×10^3) h`, so that they can be typed again.
        *(
            Way(name, _bracket(written) if details.unit else written, unit=details.unit)
            for name, written in others
            if written
        ),
    )


def _bracket(written: str) -> str:
    return f"({written})" if _NEEDS_BRACKETS.search(written) else written


def _written_group(number_format: str) -> str:
    group = find_style(number_format).group
    return {" ": "\u202f", "'": "’"}.get(group, group)
