"""What the address of the history asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.queries.history import HistoryFilters
from webapp.errors import InvalidInput
from webapp.values.period import Period
from webapp.web.fields import read_day, read_search
from webapp.web.filters import write_day

OUTCOMES = ("answered", "refused")


@dataclass(frozen=True)
class Filters:
    """What the history is narrowed to: None or empty where it is not."""

    words: str = ""
    operation: Operation | None = None
    outcome: str | None = None
    day: date | None = None
    task: int | None = None
    customer: int | None = None

    def asked(self) -> HistoryFilters:
        """Return the same for the query."""
        return HistoryFilters(
            words=self.words,
            operation=self.operation,
            outcome=self.outcome,
            period=Period.of_day(self.day) if self.day else None,
            task_id=self.task,
            customer_id=self.customer,
        )

    def applied(self, *, task: tuple[int, str] | None, customer: tuple[int, str] | None) -> list[tuple[str, str, str]]:
        """Return what narrows it: the parameter, words before the value, and the value in words."""
        found = (
            ("q", "With", self.words),
            ("kind", "Done with", OPERATORS[self.operation].label if self.operation else ""),
            ("outcome", "", self.outcome.capitalize() if self.outcome else ""),
            ("day", "On", write_day(self.day) if self.day else ""),
            ("task", "For the task", task[1] if task and self.task else ""),
            ("customer", "For", customer[1] if customer and self.customer else ""),
        )
        return [(name, words, value) for name, words, value in found if value]

    def address(self) -> dict[str, str]:
        """Return the parameters that ask for the same again."""
        values = {
            "q": self.words,
            "kind": self.operation,
            "outcome": self.outcome,
            "day": self.day and self.day.isoformat(),
            "task": self.task,
            "customer": self.customer,
        }
        return {name: str(value) for name, value in values.items() if value}


def read_filters(address: Mapping[str, str]) -> Filters:
    """
    Read the parameters of the history's address.

    :raises InvalidInput: for one that cannot be, naming it
    """
    return Filters(
        words=read_search(address.get("q", "")),
        operation=_read_operation(address.get("kind", "")),
        outcome=_read_outcome(address.get("outcome", "")),
        day=_read_day(address.get("day", "").strip()),
        task=_read_number(address, "task", "a task by its number, as in the address of its page"),
        customer=_read_number(address, "customer", "a customer by the number in the address of their page"),
    )


def _read_operation(typed: str) -> Operation | None:
    if not typed:
        return None
    if typed not in {member.value for member in Operation}:
        known = ", ".join(OPERATORS)
        raise InvalidInput(f"“{typed[:40]}” is not one of the operations. Use {known}.", field="kind")
    return Operation(typed)


def _read_outcome(typed: str) -> str | None:
    if typed and typed not in OUTCOMES:
        raise InvalidInput(f"“{typed[:40]}” is not known as outcome. Use answered or refused.", field="outcome")
    return typed or None


def _read_day(typed: str) -> date | None:
    try:
        return read_day(typed) if typed else None
    except ValueError as error:
        raise InvalidInput(str(error), field="day") from None


def _read_number(address: Mapping[str, str], name: str, what: str) -> int | None:
    typed = address.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise InvalidInput(f"Ask for {what}.", field=name)
    return int(typed)
