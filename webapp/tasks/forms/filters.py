"""The address of a list of tasks, read as what it asks for and written again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from webapp.errors import InvalidInput
from webapp.tasks.rules.criteria import Due, Sort, TaskCriteria
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.web.fields import read_search

Choice = TypeVar("Choice", bound=StrEnum)


def read_criteria(address: Mapping[str, str], *, now: datetime) -> TaskCriteria:
    """
    Read the parameters of an address; empty ones and unknown names ask for nothing.

    :raises InvalidInput: for a value that is not one of those known, naming the parameter
    """
    sort, is_descending = _read_sort(address.get("sort", ""))
    return TaskCriteria(
        now=now,
        status=_read_choice(address, "status", Status),
        priority=_read_priority(address.get("priority", "")),
        category=read_search(address.get("category", ""), name="category") or None,
        tag=read_search(address.get("tag", ""), name="tag") or None,
        due=_read_choice(address, "due", Due),
        q=read_search(address.get("q", ""), name="q") or None,
        sort=sort,
        is_descending=is_descending,
        after=address.get("after") or None,
    )


def write_address(criteria: TaskCriteria) -> dict[str, str]:
    """Return the parameters that ask for the first page of `criteria`."""
    parameters = {
        "status": criteria.status,
        "priority": criteria.priority.word if criteria.priority else None,
        "category": criteria.category,
        "tag": criteria.tag,
        "due": criteria.due,
        "q": criteria.q,
        "sort": criteria.sort_word if criteria.sort else None,
    }
    return {name: str(value) for name, value in parameters.items() if value}


def _read_sort(word: str) -> tuple[Sort | None, bool]:
    if not word:
        return None, False
    if word.removeprefix("-") == "urgency":
        raise InvalidInput("Tasks cannot be sorted by urgency yet. Sort them by due or by priority.", field="sort")
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
