"""What a task may hold, and what follows from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.tasks import (
    HUES,
    LONGEST_TITLE,
    NO_ESTIMATE,
    TaskDetails,
    checked,
    estimate_sort,
    next_hue,
    title_key,
)
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES

PLAIN = TaskDetails(title="Write the offer")


def test_checked_cleans_what_was_typed() -> None:
    typed = replace(
        PLAIN,
        title="  Write \t the\noffer ",
        description="one\r\ntwo\r\n",
        category=" Sales ",
        tags=(" #home", "Home", "", "work"),
    )

    kept = checked(typed)

    assert kept == TaskDetails(title="Write the offer", description="one\ntwo", category="Sales", tags=("home", "work"))


@pytest.mark.parametrize("title", ["🖋️👩🏽‍🚀", "مراجعة عقد", "\u202eright to left", "-1", "a" * LONGEST_TITLE])
def test_checked_keeps_any_title_a_person_may_mean(title: str) -> None:
    assert checked(replace(PLAIN, title=title)).title == title


@pytest.mark.parametrize("category", [None, "", "  "])
def test_checked_reads_no_name_as_no_category(category: str | None) -> None:
    assert checked(replace(PLAIN, category=category)).category is None


@pytest.mark.parametrize(
    "field,changes",
    [
        ("title", {"title": ""}),
        ("title", {"title": " \n "}),
        ("title", {"title": "a" * 10_000}),
        ("title", {"title": "a\0b"}),
        ("title", {"title": "half \ud800"}),
        ("description", {"description": "a" * 50_001}),
        ("description", {"description": "\0"}),
        ("category", {"category": "c" * 81}),
        ("category", {"category": "none"}),
        ("category", {"category": "None "}),
        ("category", {"category": "\ufdfa" * 80}),
        ("tags", {"tags": ("t" * 81,)}),
        ("tags", {"tags": tuple(f"tag {number}" for number in range(21))}),
        ("tags", {"tags": ("one, two",)}),
        ("estimate", {"estimated_minutes": -1}),
        ("estimate", {"estimated_minutes": LONGEST_ESTIMATE_MINUTES + 1}),
        ("due", {"due_on": date(1, 1, 1)}),
        ("due", {"due_on": date(9999, 12, 31)}),
        ("due", {"due_on": date(2026, 1, 1), "due_at": datetime(2026, 1, 1, tzinfo=UTC)}),
    ],
)
def test_checked_refuses_naming_the_field(field: str, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(replace(PLAIN, **changes))  # type: ignore[arg-type]

    assert refusal.value.field == field
    assert refusal.value.message.endswith(".")


@given(st.text())
def test_title_key_fits_its_column_and_sorts_alike_whatever_the_case(title: str) -> None:
    key = title_key(title)

    assert len(key) <= 120
    assert key == key.rstrip()


def test_titles_sort_without_case() -> None:
    assert sorted(["b", "A", "C", "a"], key=title_key) == ["A", "a", "b", "C"]


def test_what_has_no_estimate_sorts_last() -> None:
    assert estimate_sort(LONGEST_ESTIMATE_MINUTES) < estimate_sort(None) == NO_ESTIMATE
    assert estimate_sort(0) == 0


def test_each_new_category_gets_the_next_hue() -> None:
    assert [next_hue(before) for before in range(10)] == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2]


def test_each_hue_of_the_palette_is_given() -> None:
    styles = (Path(__file__).parents[2] / "static/css/category.css").read_text()

    assert {int(hue) for hue in re.findall(r"\.category--(\d)", styles)} == {next_hue(before) for before in range(HUES)}
