"""How pressing a task is: a table of cases, and the laws that hold for all of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW
from webapp.errors import InvalidInput
from webapp.tasks.rules.urgency import (
    NOT_URGENT,
    Facts,
    Term,
    Urgency,
    Weights,
    due_share,
    inherit,
    read_weight,
    score,
)
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 20)


def facts(**overrides: Any) -> Facts:
    return Facts(**{"now": NOW, "zone": BERLIN, "created_at": NOW, "priority": Priority.LOW, **overrides})


def of(**overrides: Any) -> dict[str, str]:
    return {term.name: str(term.points) for term in score(facts(**overrides), Weights()).terms}


def words_of(**overrides: Any) -> list[str]:
    return [term.words for term in score(facts(**overrides), Weights()).terms]


@pytest.mark.parametrize(
    "late, share",
    [
        (-400, "0.2"),
        (-15, "0.2"),
        (-14, "0.2"),
        (-7, "0.4667"),
        (-1, "0.6952"),
        (0, "0.7333"),
        (1, "0.7714"),
        (6, "0.9619"),
        (7, "1"),
        (8, "1"),
        (3000, "1"),
    ],
)
def test_the_due_day_presses_from_14_days_ahead_to_7_days_late(late: int, share: str) -> None:
    assert round(due_share(Decimal(late)), 4) == Decimal(share)


@pytest.mark.parametrize(
    "given_, terms",
    [
        ({}, {}),
        ({"priority": Priority.URGENT}, {"urgent": "6.00"}),
        ({"priority": Priority.HIGH}, {"high": "3.90"}),
        ({"priority": Priority.MEDIUM}, {"medium": "1.80"}),
        ({"due_on": TODAY + timedelta(days=100)}, {"due": "2.40"}),
        ({"due_on": TODAY + timedelta(days=14)}, {"due": "2.40"}),
        ({"due_on": TODAY + timedelta(days=13)}, {"due": "2.86"}),
        ({"due_on": TODAY}, {"due": "8.80"}),
        ({"due_on": TODAY - timedelta(days=7)}, {"due": "12.00"}),
        ({"due_on": TODAY - timedelta(days=70)}, {"due": "12.00"}),
        ({"due_at": NOW}, {"due": "8.80"}),
        ({"due_at": NOW - timedelta(hours=12)}, {"due": "9.03"}),
        ({"waiting": 1}, {"blocking": "8.00"}),
        ({"waiting": 7}, {"blocking": "8.00"}),
        ({"blockers": 2}, {"blocked": "-5.00"}),
        ({"status": Status.DOING}, {"active": "4.00"}),
        ({"is_running": True}, {"active": "4.00"}),
        ({"is_running": True, "status": Status.DOING}, {"active": "4.00"}),
        ({"created_at": NOW - timedelta(days=1)}, {"age": "0.01"}),
        ({"created_at": NOW - timedelta(days=73)}, {"age": "0.40"}),
        ({"created_at": NOW - timedelta(days=365)}, {"age": "2.00"}),
        ({"created_at": NOW - timedelta(days=3650)}, {"age": "2.00"}),
        ({"created_at": NOW + timedelta(days=3)}, {}),
        ({"starts_on": TODAY + timedelta(days=1)}, {"waiting": "-3.00"}),
        ({"starts_on": TODAY}, {}),
        (
            {"priority": Priority.HIGH, "due_on": TODAY + timedelta(days=3), "blockers": 1, "waiting": 1},
            {"blocking": "8.00", "due": "7.43", "high": "3.90", "blocked": "-5.00"},
        ),
        ({"status": Status.DONE, "priority": Priority.URGENT, "due_on": TODAY, "waiting": 3}, {}),
    ],
)
def test_each_fact_is_worth_what_taskwarrior_says(given_: dict[str, Any], terms: dict[str, str]) -> None:
    assert of(**given_) == terms


@pytest.mark.parametrize(
    "given_, words",
    [
        ({"due_on": TODAY + timedelta(days=3)}, "due in 3 days"),
        ({"due_on": TODAY + timedelta(days=1)}, "due tomorrow"),
        ({"due_on": TODAY}, "due today"),
        ({"due_on": TODAY - timedelta(days=1)}, "1 day late"),
        ({"due_at": NOW + timedelta(hours=1)}, "due later today"),
        ({"due_at": NOW - timedelta(hours=1)}, "late since earlier today"),
        # 23:30 UTC is half past midnight in Berlin.
        ({"due_at": datetime.fromisoformat("2026-11-20T23:30:00+00:00")}, "due tomorrow"),
        ({"waiting": 1}, "another task waits for it"),
        ({"waiting": 2}, "2 other tasks wait for it"),
        ({"blockers": 1}, "waits for 1 other task"),
        ({"status": Status.DOING}, "in progress"),
        ({"is_running": True}, "its timer runs"),
        ({"created_at": NOW - timedelta(days=1)}, "added 1 day ago"),
        ({"starts_on": TODAY + timedelta(days=2)}, "not to begin for 2 days"),
        ({"priority": Priority.URGENT}, "urgent priority"),
    ],
)
def test_each_term_says_why(given_: dict[str, Any], words: str) -> None:
    assert words_of(**given_) == [words]


def test_weights_can_be_others() -> None:
    urgency = score(facts(priority=Priority.HIGH, due_on=TODAY), Weights(high=Decimal("-1.50"), due=Decimal(0)))

    assert urgency.terms == (Term("high", "high priority", Decimal("-1.50")),)


ANY_FACTS = st.builds(
    Facts,
    now=st.just(NOW),
    zone=st.just(BERLIN),
    created_at=st.integers(-10, 4000).map(lambda days: NOW - timedelta(days=days)),
    status=st.sampled_from(Status),
    priority=st.sampled_from(Priority),
    due_on=st.none() | st.integers(-90, 90).map(lambda days: TODAY + timedelta(days=days)),
    starts_on=st.none() | st.integers(-9, 9).map(lambda days: TODAY + timedelta(days=days)),
    is_running=st.booleans(),
    blockers=st.integers(0, 3),
    waiting=st.integers(0, 3),
)


@given(ANY_FACTS, st.builds(Weights, due=st.decimals(-100, 100, places=2), age=st.decimals(-100, 100, places=2)))
def test_the_printed_terms_add_up_to_the_printed_total(facts: Facts, weights: Weights) -> None:
    urgency = score(facts, weights)

    assert sum((Decimal(f"{term.points:.2f}") for term in urgency.terms), Decimal(0)) == Decimal(f"{urgency.total:.2f}")
    assert all(term.points for term in urgency.terms)


@given(st.integers(-60, 60))
def test_waiting_makes_nothing_less_pressing(days: int) -> None:
    one, next_one = (facts(due_on=TODAY + timedelta(days=d)) for d in (days, days - 1))

    assert score(next_one, Weights()).total >= score(one, Weights()).total


def worth(points: int) -> Urgency:
    return Urgency((Term("due", "due", Decimal(points)),)) if points else NOT_URGENT


def test_a_blocker_is_as_pressing_as_what_waits_for_it() -> None:
    raised = inherit({1: worth(3), 2: worth(9), 3: worth(5)}, {1: [2, 3]}, {2: "Pay", 3: "Call"})

    assert raised[1].terms == (Term("inherited", "“Pay” waits for it", Decimal(6)), Term("due", "due", Decimal(3)))
    assert [raised[number].total for number in (1, 2, 3)] == [Decimal(9), Decimal(9), Decimal(5)]


def test_a_blocker_that_presses_more_keeps_its_own() -> None:
    assert inherit({1: worth(9), 2: worth(3)}, {1: [2]}, {2: "Pay"})[1] == worth(9)


def test_it_is_passed_on_along_a_long_line() -> None:
    line = {number: worth(0) for number in range(5000)} | {4999: worth(7)}

    raised = inherit(line, {number: [number + 1] for number in range(4999)}, dict.fromkeys(line, "x"))

    assert {urgency.total for urgency in raised.values()} == {Decimal(7)}


def test_a_circle_ends() -> None:
    raised = inherit({1: worth(1), 2: worth(2)}, {1: [2], 2: [1]}, {1: "A", 2: "B"})

    assert raised[1].total == 2


@given(
    st.dictionaries(st.integers(0, 12), st.integers(0, 30), min_size=1),
    st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda edge: edge[0] < edge[1])),
)
def test_nothing_that_waits_presses_more_than_what_it_waits_for(
    points: dict[int, int], edges: set[tuple[int, int]]
) -> None:
    own = {task_id: worth(value) for task_id, value in points.items()}
    waiting = {blocker: [after for before, after in edges if before == blocker] for blocker, _ in edges}

    raised = inherit(own, waiting, dict.fromkeys(range(13), "x"))

    reached = {task_id: _beyond(task_id, edges) & set(points) for task_id in points}
    through = {
        task_id: {other for other in reached[task_id] if _is_linked(task_id, other, edges, set(points))}
        for task_id in points
    }
    for task_id in points:
        assert raised[task_id].total == max(points[task_id], *(points[other] for other in through[task_id]), 0)


def _beyond(start: int, edges: set[tuple[int, int]]) -> set[int]:
    found: set[int] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        for before, after in edges:
            if before == here and after not in found:
                found.add(after)
                ahead.append(after)
    return found


def _is_linked(start: int, end: int, edges: set[tuple[int, int]], among: set[int]) -> bool:
    return end in _beyond(start, {edge for edge in edges if set(edge) <= among})


@pytest.mark.parametrize(
    "typed, weight",
    [
        ("12", "12.00"),
        (" 3.9 ", "3.90"),
        ("3,9", "3.90"),
        ("−5", "-5.00"),
        ("-0", "0.00"),
        ("100", "100.00"),
        ("+2", "2.00"),
    ],
)
def test_a_weight_is_read(typed: str, weight: str) -> None:
    assert str(read_weight(typed, name="due")) == weight


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("", "Write a number"),
        ("heavy", "Write a number"),
        ("NaN", "Write a number"),
        ("inf", "Write a number"),
        ("1e2", "Write a number"),
        ("1_0", "Write a number"),
        ("１２", "Write a number"),
        ("9" * 400, "Write a number"),
        ("100.01", "between −100 and 100"),
        ("-101", "between −100 and 100"),
        ("1.234", "two digits"),
    ],
)
def test_what_is_no_weight_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        read_weight(typed, name="due")

    assert refusal.value.field == "due"
