"""One calculation as it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from webapp.calculations.engine.operations import Operation, OperationFactory
from webapp.calculations.models import Calculation
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation

_PLAIN = re.compile(r"[\w.,']+")


@dataclass(frozen=True)
class RecordedInput:
    """A figure or a name that went into a calculation: its name, what it was, and the words or the line behind it."""

    name: str
    shown: str
    words: str
    calculation_id: int | None = None


class Record:
    """A calculation that was kept, and the name of whoever made it. Titles and other names are as they were then."""

    def __init__(self, row: Calculation, user_name: str) -> None:
        self.id = row.id
        self.user_id = row.user_id
        self.user_name = user_name
        self.text = row.typed
        self.operands: tuple[str, ...] = tuple(row.operands or ())
        self.operation = Operation(row.operation) if row.operation else None
        self.reading = row.reading or ""
        self.shown = row.result
        self.is_exact = row.is_exact
        self.numerator, self.denominator = row.numerator, row.denominator
        self.digits = row.digits
        self.unit = row.unit
        self.notes: list[str] = row.remarks or []
        self.error_code = row.error_code
        self.number_format = row.number_format
        self.angle = row.angle
        self.engine_version = row.engine_version
        self.hash = row.hash or ""
        self.previous_hash = row.previous_hash or ""
        self.position_in_chain = row.position
        self.note = row.note
        self.day: date = row.day or row.created_at.date()
        self.created_at: datetime = row.created_at
        self.is_hidden = row.is_hidden
        self.task_id, self.customer_id, self.revises_id = row.task_id, row.customer_id, row.revises_id
        self._error: dict[str, Any] = row.error or {}
        self._links: dict[str, Any] = row.links or {}
        self._inputs: dict[str, Any] = row.inputs or {}

    @property
    def kind(self) -> str:
        """`expression` or `operation`."""
        return "expression" if self.operation is None else "operation"

    @property
    def typed(self) -> Typed:
        """What was typed, to be worked out again."""
        if self.operation is None:
            return TypedExpression(self.text or "")
        return TypedOperation(self.operation, self.operands)

    @property
    def title(self) -> str:
        """The calculation on one line, without its result: as typed, or in its bracketed reading."""
        if self.operation is None:
            return self.text or ""
        return self.reading or _write(self.operation, self.operands)

    @property
    def label(self) -> str:
        """What was done, in a word or two."""
        return "Expression" if self.operation is None else OperationFactory.create(self.operation).label

    @property
    def is_inexact(self) -> bool:
        """Whether the result was rounded."""
        return not self.is_exact

    @property
    def exact(self) -> Fraction | None:
        """The exact result, where there is one."""
        if self.numerator is None or self.denominator is None:
            return None
        return Fraction(int(self.numerator), int(self.denominator))

    @property
    def message(self) -> str:
        """Why there is no result; empty when there is one."""
        return self._error.get("message") or ""

    @property
    def hint(self) -> str | None:
        """One repair of what was refused."""
        return self._error.get("hint")

    @property
    def repairs(self) -> tuple[str, ...]:
        """What could have been written from `position` to `end` instead."""
        return tuple(self._error.get("repairs") or ())

    @property
    def position(self) -> int | None:
        """Where in the text, or in the operand `operand`, the trouble begins."""
        return self._error.get("position")

    @property
    def end(self) -> int | None:
        """Where the trouble ends."""
        return self._error.get("end")

    @property
    def operand(self) -> int | None:
        """Which operand is refused, from 0."""
        return self._error.get("operand")

    @property
    def task_title(self) -> str | None:
        """The title of the task that it belonged to."""
        return (self._links.get("task") or {}).get("title")

    @property
    def customer_name(self) -> str | None:
        """The name of the customer that it was made for."""
        return (self._links.get("customer") or {}).get("name")

    @property
    def inputs(self) -> list[RecordedInput]:
        """The figures from the work that went into it."""
        return [
            RecordedInput(figure["key"], figure.get("shown", ""), figure.get("words", ""))
            for figure in self._inputs.get("figures", ())
        ]

    @property
    def names(self) -> list[RecordedInput]:
        """The person's own names and functions that went into it, with the line that defined each."""
        return [
            RecordedInput(name["name"], name.get("shown", ""), name["text"], name.get("calculation_id"))
            for name in self._inputs.get("names", ())
        ]

    @property
    def rates(self) -> list[tuple[str, str, str, date]]:
        """The rates of exchange that were used: from, to, how much, said on which day."""
        return [
            (rate["from"], rate["to"], rate["factor"], date.fromisoformat(rate["on"]))
            for rate in self._inputs.get("rates", ())
        ]


def _write(operation: Operation, operands: tuple[str, ...]) -> str:
    """Return an operation on one line, where it has no reading: the old ones have none, nor has what was refused."""
    operator = OperationFactory.create(operation)
    if not operator.signs:
        return f"{operator.function}({'; '.join(operands)})"
    return f" {operator.signs[0]} ".join(
        operand if _PLAIN.fullmatch(operand) else f"({operand})" for operand in operands
    )
