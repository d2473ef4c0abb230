"""What the address of the history asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.calculations.engine.errors import Code
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.queries.history import HistoryFilters
from webapp.calculations.rules.outcomes import LONGEST_USE
from webapp.calculations.rules.uses import UseKind
from webapp.errors import InvalidInput
from webapp.values.actor import Actor
from webapp.values.period import Period
from webapp.web.fields import read_day, read_search
from webapp.web.filters import write_day

OUTCOMES = ("answered", "refused")
_WITHOUT_FIELD = {"error", "used", "from", "to", "who"}


@dataclass(frozen=True)
class Filters:
    """What the history is narrowed to: None or empty where it is not."""

    words: str = ""
    operation: Operation | None = None
    outcome: str | None = None
    day: date | None = None
    task: int | None = None
    customer: int | None = None
    # What the numbers about calculations lead to: a code of a refusal, a thing that was used, days, and whose.
    error: Code | None = None
    used: tuple[UseKind, str] | None = None
    span: Period | None = None
    is_mine: bool = False

    def asked(self, actor: Actor) -> HistoryFilters:
        """Return the same for the query."""
        return HistoryFilters(
            words=self.words,
            operation=self.operation,
            outcome=self.outcome,
            period=Period.of_day(self.day) if self.day else self.span,
            task_id=self.task,
            customer_id=self.customer,
            error_code=self.error,
            use=self.used,
            user_id=actor.user_id if self.is_mine else None,
        )

    def applied(self, *, task: tuple[int, str] | None, customer: tuple[int, str] | None) -> list[tuple[str, str, str]]:
        """Return what narrows it: the parameter, words before the value, and the value in words."""
        found = (
            ("q", "With", self.words),
            ("kind", "Done with", OPERATORS[self.operation].label if self.operation else ""),
            ("outcome", "", self.outcome.capitalize() if self.outcome else ""),
            ("error", "Refused for", self.error.replace("_", " ") if self.error else ""),
            ("used", "Using", self.used[1] if self.used else ""),
            ("day", "On", write_day(self.day) if self.day else ""),
            ("from", "From", f"{write_day(self.span.start)} to {write_day(self.span.last)}" if self.span else ""),
            ("who", "", "Yours" if self.is_mine else ""),
            ("task", "For the task", task[1] if task and self.task else ""),
            ("customer", "For", customer[1] if customer and self.customer else ""),
        )
        return [(name, words, value) for name, words, value in found if value]

    def kept(self) -> dict[str, str]:
        """Return the parameters that its form has no field for."""
        return {name: value for name, value in self.address().items() if name in _WITHOUT_FIELD}

    def address_without(self, name: str) -> dict[str, str]:
        """Return the parameters that ask for the same, but for one of them."""
        gone = {"from", "to"} if name == "from" else {name}
        return {other: value for other, value in self.address().items() if other not in gone}

    def address(self) -> dict[str, str]:
        """Return the parameters that ask for the same again."""
        values = {
            "q": self.words,
            "kind": self.operation,
            "outcome": self.outcome,
            "error": self.error,
            "used": self.used and f"{self.used[0].value}:{self.used[1]}",
            "day": self.day and self.day.isoformat(),
            "from": self.span and self.span.start.isoformat(),
            "to": self.span and self.span.last.isoformat(),
            "who": "me" if self.is_mine else None,
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
        error=_read_error(address.get("error", "")),
        used=_read_used(address.get("used", "")),
        span=_read_span(address.get("from", "").strip(), address.get("to", "").strip()),
        is_mine=_read_who(address.get("who", "")),
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


def _read_day(typed: str, field: str = "day") -> date | None:
    try:
        return read_day(typed) if typed else None
    except ValueError as error:
        raise InvalidInput(str(error), field=field) from None


def _read_error(typed: str) -> Code | None:
    if typed and typed not in set(Code):
        raise InvalidInput(f"“{typed[:40]}” is not one of the codes of refusals.", field="error")
    return Code(typed) if typed else None


def _read_used(typed: str) -> tuple[UseKind, str] | None:
    if not typed:
        return None
    kind, _, name = typed.partition(":")
    if kind not in set(UseKind) or not 0 < len(name) <= LONGEST_USE:
        raise InvalidInput("Ask for what was used as function:max, or name:fee.", field="used")
    return UseKind(kind), read_search(name)


def _read_span(first: str, last: str) -> Period | None:
    if not first and not last:
        return None
    start, end = _read_day(first, "from"), _read_day(last, "to")
    if start is None or end is None or end < start:
        raise InvalidInput("Ask for the first and the last day, in this order.", field="from")
    return Period(start, end + timedelta(days=1))


def _read_who(typed: str) -> bool:
    if typed not in ("", "me", "all"):
        raise InvalidInput(f"“{typed[:40]}” is not one of the choices: me or all.", field="who")
    return typed == "me"


def _read_number(address: Mapping[str, str], name: str, what: str) -> int | None:
    typed = address.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise InvalidInput(f"Ask for {what}.", field=name)
    return int(typed)
