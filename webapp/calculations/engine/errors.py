"""How the engine refuses: one error with a stable code, the place, the cause and one repair."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What went wrong, in a word that never changes: it is stored and counted."""

    # Reading
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    CHARACTER = "character"
    NUMBER = "number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    DATE = "date"
    SYNTAX = "syntax"
    UNCLOSED = "unclosed"
    MISSING_OPERAND = "missing_operand"
    MISSING_SIGN = "missing_sign"
    AMBIGUOUS_PRODUCT = "ambiguous_product"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_OPERATION = "unknown_operation"
    NAME_TAKEN = "name_taken"
    # Working out
    DIVISION_BY_ZERO = "division_by_zero"
    UNIT_MISMATCH = "unit_mismatch"
    NO_RATE = "no_rate"
    ARGUMENTS = "arguments"
    OUT_OF_DOMAIN = "out_of_domain"
    NOT_WHOLE = "not_whole"
    WRONG_KIND = "wrong_kind"
    RECURSION = "recursion"
    NO_SOLUTION = "no_solution"
    SOURCE = "source"
    NO_LINES = "no_lines"
    # In a worksheet: a line that this one needs has no answer.
    LINE = "line"
    # Limits
    TOO_LARGE = "too_large"
    TOO_MANY_STEPS = "too_many_steps"
    TOO_SLOW = "too_slow"
    TOO_MANY_NAMES = "too_many_names"


class CalculationError(Exception):
    """
    There is no answer; the only exception that the engine raises.

    `position` and `end` are offsets into the text (end exclusive) of what to look at, or None where it is all of it;
    `hint` is one concrete repair, a sentence or None. `repairs` are what to write from `position` to `end` instead (in
    place of all of it where there is no place), the likeliest first: pages offer each at a press. `operand` is which of
    several texts it is about, from 0, where an operation was given its operands apart; `argument` is which of a
    function's arguments, from 0, for the evaluator to find its place.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        position: int | None = None,
        end: int | None = None,
        hint: str | None = None,
        repairs: tuple[str, ...] = (),
        argument: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
        self.end = end
        self.hint = hint
        self.repairs = repairs
        self.operand: int | None = None
        self.argument = argument

    def at(self, position: int, end: int | None = None) -> CalculationError:
        """Return this error with a place, unless it has one."""
        if self.position is None:
            self.position, self.end = position, end
        return self

    def repaired(self, text: str) -> tuple[str, ...]:
        """Return `text`, in which this went wrong, as each of the repairs would have it."""
        if self.position is None:
            return self.repairs
        end = self.position if self.end is None else self.end
        return tuple(text[: self.position] + repair + text[end:] for repair in self.repairs)
