"""The address of a list of tasks, read as what it asks for and written again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from webapp.errors import InvalidInput
from webapp.tasks.rules.criteria import Due, Estimate, RecordOrNone, Sort, State, TaskCriteria
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES, format_minutes, parse_minutes
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.web.fields import read_day, read_search

Choice = TypeVar("Choice", bound=StrEnum)


class FilteredPage(StrEnum):
    """The pages that show the tasks an address asks for."""

    TASKS = "tasks"
    BOARD = "board"
    CALENDAR = "calendar"


def read_criteria(address: Mapping[str, str], *, now: datetime) -> TaskCriteria:
    """
    Read the parameters of an address; empty ones and unknown names ask for nothing.

    :raises InvalidInput: for a value that is not one of those known, naming the parameter
    """
    sort, is_descending = _read_sort(address.get("sort", ""))
    due_from, due_to = _read_due_range(address)
    return TaskCriteria(
        now=now,
        status=_read_choice(address, "status", Status),
        priority=_read_priority(address.get("priority", "")),
        category=read_search(address.get("category", ""), name="category") or None,
        tag=read_search(address.get("tag", ""), name="tag") or None,
        due=_read_choice(address, "due", Due),
        due_from=due_from,
        due_to=due_to,
        estimate=_read_estimate(address),
        customer_id=_read_record(address, "customer"),
        assignee_id="me" if address.get("assignee") == "me" else _read_record(address, "assignee"),
        state=_read_choice(address, "state", State),
        parent_id=_read_parent(address.get("parent", "")),
        is_top_level=address.get("parent") == "none",
        q=read_search(address.get("q", ""), name="q") or None,
        sort=sort,
        is_descending=is_descending,
        after=address.get("after") or None,
    )


def read_page(address: Mapping[str, str]) -> str:
    """
    Return which page the filters are for: the list, the board or the calendar.

    :raises InvalidInput: for another
    """
    return _read_choice(address, "page", FilteredPage) or FilteredPage.TASKS


def write_address(criteria: TaskCriteria) -> dict[str, str]:
    """Return the parameters that ask for the first page of `criteria`."""
    parameters = {
        "status": criteria.status,
        "priority": criteria.priority.word if criteria.priority else None,
        "category": criteria.category,
        "tag": criteria.tag,
        "due": criteria.due,
        "due_from": criteria.due_from,
        "due_to": criteria.due_to,
        **_write_estimate(criteria.estimate),
        "customer": criteria.customer_id,
        "assignee": criteria.assignee_id,
        "state": criteria.state,
        "parent": "none" if criteria.is_top_level else criteria.parent_id,
        "q": criteria.q,
        "sort": criteria.sort_word if criteria.sort else None,
    }
    return {name: str(value) for name, value in parameters.items() if value}


def _read_due_range(address: Mapping[str, str]) -> tuple[date | None, date | None]:
    first, last = _read_day(address, "due_from"), _read_day(address, "due_to")
    if (first or last) and address.get("due"):
        raise InvalidInput("Ask for due or for due_from and due_to, not for both.", field="due")
    if first and last and last < first:
        raise InvalidInput(f"due_to ({last}) is before due_from ({first}). Turn them round.", field="due_to")
    return first, last


def _read_day(address: Mapping[str, str], name: str) -> date | None:
    word = address.get(name, "").strip()
    try:
        return read_day(word) if word else None
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}", field=name) from None


def _read_estimate(address: Mapping[str, str]) -> Estimate | None:
    word = address.get("estimate", "").strip()
    shortest, longest = _read_minutes(address, "estimate_from"), _read_minutes(address, "estimate_to")
    if word and (shortest is not None or longest is not None):
        raise InvalidInput("Ask for estimate or for estimate_from and estimate_to, not for both.", field="estimate")
    if shortest is not None and longest is not None and longest < shortest:
        raise InvalidInput("estimate_to is shorter than estimate_from. Turn them round.", field="estimate_to")
    match word:
        case "none" | "any":
            return word
        case "":
            return None if shortest is None and longest is None else (shortest, longest)
    raise InvalidInput(
        f"“{word[:40]}” is not known as estimate. Use none or any, or estimate_from and estimate_to.",
        field="estimate",
    )


def _read_minutes(address: Mapping[str, str], name: str) -> int | None:
    word = address.get(name, "").strip()
    try:
        minutes = parse_minutes(word) if word else None
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}", field=name) from None
    if minutes is not None and minutes > LONGEST_ESTIMATE_MINUTES:
        raise InvalidInput(f"{name}: an estimate is at most {LONGEST_ESTIMATE_MINUTES // 60:,} hours.", field=name)
    return minutes


def _write_estimate(estimate: Estimate | None) -> dict[str, str | None]:
    if estimate is None or isinstance(estimate, str):
        return {"estimate": estimate}
    shortest, longest = estimate
    return {
        "estimate_from": None if shortest is None else format_minutes(shortest),
        "estimate_to": None if longest is None else format_minutes(longest),
    }


def _read_record(address: Mapping[str, str], name: str) -> RecordOrNone | None:
    word = address.get(name, "").strip()
    if word == "none":
        return "none"
    return _read_number(word, name, others="none") if word else None


def _read_parent(word: str) -> int | None:
    return None if word in ("", "none") else _read_number(word, "parent", others="none")


def _read_number(word: str, name: str, *, others: str) -> int:
    if word.isascii() and word.isdecimal() and len(word) < 10 and int(word) > 0:
        return int(word)
    raise InvalidInput(f"“{word[:40]}” is not known as {name}. Use a number, or {others}.", field=name)


def _read_sort(word: str) -> tuple[Sort | None, bool]:
    if not word:
        return None, False
    try:
        return Sort(word.removeprefix("-")), word.startswith("-")
    except ValueError:
        raise _unknown("sort", word, Sort) from None


def _read_choice(address: Mapping[str, str], name: str, choices: type[Choice]) -> Choice | None:
    word = address.get(name, "")
    try:
        return choices(word) if word else None
    except ValueError:
        raise _unknown(name, word, choices) from None


def _read_priority(word: str) -> Priority | None:
    try:
        return Priority.from_word(word) if word else None
    except ValueError as error:
        raise InvalidInput(str(error), field="priority") from None


def _unknown(name: str, word: str, choices: type[StrEnum]) -> InvalidInput:
    known = ", ".join(choices)
    return InvalidInput(f"“{word[:40]}” is not known as {name}. Use one of {known}.", field=name)
