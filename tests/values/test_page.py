"""Pages of lists: walked from end to end and back, and begun anywhere but where nobody can."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position

IDS = st.integers(0, 2**63 - 1)


def page_of(rows: list[tuple[str, int]], cursor: str | None, limit: int) -> Page[tuple[str, int]]:
    """Ask for a page as a query does: what lies beyond the position, nearest first, and one row more."""
    position = read_position(cursor, order="name")
    found = sorted(rows)
    if position is not None and position.is_backwards:
        found = [row for row in reversed(found) if row < position.key]
    elif position is not None:
        found = [row for row in found if row > position.key]
    return cut_page(found[: limit + 1], limit=limit, order="name", position=position, key_of=lambda row: row)


@given(rows=st.sets(st.tuples(st.text("ab", max_size=3), st.integers(0, 9)), max_size=20), limit=st.integers(1, 7))
def test_pages_show_every_row_once_in_order_and_lead_back(rows: set[tuple[str, int]], limit: int) -> None:
    pages = [page_of(list(rows), None, limit)]
    while pages[-1].later:
        pages.append(page_of(list(rows), pages[-1].later, limit))

    assert [row for page in pages for row in page.rows] == sorted(rows)
    assert pages[0].earlier is None
    for before, after in pairwise(pages):
        assert page_of(list(rows), after.earlier, limit).rows == before.rows


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=480), number=IDS)
@example(name="\U0001f600" * 480, number=2**63 - 1)
def test_a_cursor_holds_whatever_a_key_may_be(name: str, number: int) -> None:
    key = (name, number)
    cursor = cut_page([key, key], limit=1, order="name", position=None, key_of=lambda row: row).later

    assert read_position(cursor, order="name") == Position(key, is_backwards=False)


@pytest.mark.parametrize(
    "cursor",
    [
        *["", "x", "é", "%00", "a" * 5000, "e30", "W10", "bnVsbA"],
        "WyJuYW1lIiwyXQ",  # ["name",2]
        "WyJuYW1lIiwwLFtdXQ",  # ["name",0,[]]
        "WyJuYW1lIiwwLCJcdTAwMDAiXQ",  # ["name",0,"\u0000"]
        "WyJuYW1lIiwwLCJcdWQ4MDAiXQ",  # ["name",0,"\ud800"]
        "WyJuYW1lIiwwLC0xXQ",  # ["name",0,-1]
        "WyJuYW1lIiwwLHRydWVd",  # ["name",0,true]
        "WyJvdGhlciIsMCwxXQ",  # ["other",0,1]
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(UnreadableCursor) as refusal:
        read_position(cursor, order="name")

    assert refusal.value.field == "after"
