"""The address of a list is read as what it asks for, and written again."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import MultiDict

from tests.cast import NOW
from webapp.errors import InvalidInput
from webapp.tasks.requests import read_criteria, write_address
from webapp.tasks.rules.criteria import Due, Sort, TaskCriteria
from webapp.values.priority import Priority
from webapp.values.status import Status

ADDRESSES = [
    ({}, {}),
    ({"status": "todo", "priority": "4"}, {"status": Status.TODO, "priority": Priority.HIGH}),
    ({"category": "Sales", "tag": "home", "q": "offer"}, {"category": "Sales", "tag": "home", "q": "offer"}),
    ({"due": "week", "sort": "-due"}, {"due": Due.WEEK, "sort": Sort.DUE, "is_descending": True}),
    ({"due_from": "2026-11-01"}, {"due_from": date(2026, 11, 1)}),
    ({"due_from": "2026-11-01", "due_to": "2026-11-30"}, {"due_from": date(2026, 11, 1), "due_to": date(2026, 11, 30)}),
    ({"estimate": "none"}, {"estimate": "none"}),
    ({"estimate": "any"}, {"estimate": "any"}),
    ({"estimate_to": "1:30"}, {"estimate": (None, 90)}),
    ({"estimate_from": "0", "estimate_to": "2h"}, {"estimate": (0, 120)}),
    ({"customer": "17", "assignee": "none"}, {"customer_id": 17, "assignee_id": "none"}),
    ({"customer": "none", "assignee": "me"}, {"customer_id": "none", "assignee_id": "me"}),
]


@pytest.mark.parametrize("address,asked", ADDRESSES, ids=lambda part: urlencode(part) if part else "")
def test_an_address_is_read_and_written_again(address: dict[str, str], asked: dict[str, object]) -> None:
    criteria = read_criteria(MultiDict(address), now=NOW)

    assert criteria == TaskCriteria(now=NOW, **asked)  # type: ignore[arg-type]
    assert read_criteria(MultiDict(write_address(criteria)), now=NOW) == criteria


@pytest.mark.parametrize(
    "address,field",
    [
        ({"customer": "x"}, "customer"),
        ({"assignee": "-1"}, "assignee"),
        ({"estimate": "1h"}, "estimate"),
        ({"estimate_from": "x"}, "estimate_from"),
        ({"estimate_from": "2h", "estimate_to": "1h"}, "estimate_to"),
        ({"due_from": "1899-01-01"}, "due_from"),
        ({"due_from": "2026-11-02", "due_to": "2026-11-01"}, "due_to"),
        ({"due": "today", "due_from": "2026-11-02"}, "due"),
    ],
)
def test_a_value_that_is_not_known_is_refused_by_its_name(address: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_criteria(MultiDict(address), now=NOW)

    assert refusal.value.field == field
    assert field in refusal.value.message
