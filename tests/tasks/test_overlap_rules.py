"""What can be done where two times of one person overlap: what each choice leaves of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.tasks.rules.entries import Interval
from webapp.tasks.rules.overlaps import Neighbour, OverlapChoice, Plan, is_overlapping, list_plans

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
MINE, OTHER, SPLIT, KEEP = (
    OverlapChoice.TRIM_MINE,
    OverlapChoice.TRIM_OTHER,
    OverlapChoice.SPLIT,
    OverlapChoice.KEEP_BOTH,
)


def read(text: str) -> Interval:
    """An interval of that day: `9-12`, `9:30-`, `9-12 less 30`."""
    clock, _, breaks = text.partition(" less ")
    start, end = (_instant(part) if part else None for part in clock.split("-"))
    assert start is not None
    return Interval(start, end, int(breaks or 0) * 60)


def _instant(text: str) -> datetime:
    hour, _, minute = text.partition(":")
    return NOW.replace(hour=int(hour), minute=int(minute or 0))


def write(spent: Interval) -> str:
    """The text that `read` reads as this."""
    start, end = (
        f"{moment:%-H:%M}".removesuffix(":00") if moment else "" for moment in (spent.started_at, spent.ended_at)
    )
    breaks = spent.interrupted_seconds // 60
    return f"{start}-{end}" + (f" less {breaks}" if breaks else "")


def neighbours(*texts: str, title: str | None = "Design") -> list[Neighbour]:
    return [Neighbour(number, 1, 7, title, read(text)) for number, text in enumerate(texts, start=1)]


def intervals(plan: Plan) -> list[Interval]:
    return [part for part in plan.mine if isinstance(part, Interval)]


def told(plan: Plan) -> tuple[list[str], list[list[str]]]:
    return [write(part) for part in intervals(plan)], [[write(part) for part in parts] for _, parts in plan.others]


@pytest.mark.parametrize(
    "mine, others, plans",
    [
        # It reaches into the one after, and into the one before.
        ("9-11", ["10-12"], {MINE: (["9-10"], []), OTHER: (["9-11"], [["11-12"]])}),
        ("11-13", ["10-12"], {MINE: (["12-13"], []), OTHER: (["11-13"], [["10-11"]])}),
        # Inside the other: that loses its shorter part, or becomes two.
        ("10-11", ["9-13"], {OTHER: (["10-11"], [["11-13"]]), SPLIT: (["10-11"], [["9-10", "11-13"]])}),
        ("10-11", ["10-13"], {OTHER: (["10-11"], [["11-13"]])}),
        # Around the other: the same, turned round; the other would be gone.
        ("9-13", ["10-11"], {MINE: (["11-13"], []), OTHER: (["9-13"], [[]]), SPLIT: (["9-10", "11-13"], [])}),
        # Of two equal parts it is the earlier.
        ("9-12", ["10-11"], {MINE: (["9-10"], []), OTHER: (["9-12"], [[]]), SPLIT: (["9-10", "11-12"], [])}),
        ("9-12", ["9-11"], {MINE: (["11-12"], []), OTHER: (["9-12"], [[]])}),
        ("9-12", ["9-12"], {OTHER: (["9-12"], [[]])}),
        # Several at once.
        (
            "9-14",
            ["8-10", "11-12", "13-15"],
            {
                MINE: (["10-11"], []),
                OTHER: (["9-14"], [["8-9"], [], ["14-15"]]),
                SPLIT: (["10-11", "12-13"], []),
            },
        ),
        ("9-11", ["8-10", "10-12"], {OTHER: (["9-11"], [["8-9"], ["11-12"]])}),
        (
            "10-11",
            ["8-12", "9:30-10:30"],
            {OTHER: (["10-11"], [["8-10"], ["9:30-10"]]), SPLIT: (["10-11"], [["8-10", "11-12"], ["9:30-10"]])},
        ),
        # A timer that runs: shortened, it runs from later on; what it is cut in runs on at its end.
        ("9-11", ["10-"], {MINE: (["9-10"], []), OTHER: (["9-11"], [["11-"]])}),
        ("10-11", ["9-"], {OTHER: (["10-11"], [["11-"]]), SPLIT: (["10-11"], [["9-10", "11-"]])}),
        # Time ahead cannot leave a timer that starts ahead.
        ("17-19", ["17:30-"], {MINE: (["17-17:30"], [])}),
        ("17:45-19", ["17:30-"], {}),
        # The timer that runs is the person's own, moved back over what was before.
        ("9-", ["8-10"], {MINE: (["10-"], []), OTHER: (["9-"], [["8-9"]])}),
        ("9-", ["10-11"], {MINE: (["11-"], []), OTHER: (["9-"], [[]]), SPLIT: (["9-10", "11-"], [])}),
        ("9-", ["10-19"], {OTHER: (["9-"], [[]])}),
        # Breaks go in proportion.
        ("9-11", ["10-12 less 30"], {MINE: (["9-10"], []), OTHER: (["9-11"], [["11-12 less 15"]])}),
        ("9-11 less 10", ["10-12"], {MINE: (["9-10 less 5"], []), OTHER: (["9-11 less 10"], [["11-12"]])}),
        (
            "10-11",
            ["9-13 less 40"],
            {
                OTHER: (["10-11"], [["11-13 less 20"]]),
                SPLIT: (["10-11"], [["9-10 less 10", "11-13 less 20"]]),
            },
        ),
    ],
)
def test_what_each_choice_leaves(
    mine: str, others: list[str], plans: dict[OverlapChoice, tuple[list[str], list[list[str]]]]
) -> None:
    found = list_plans(read(mine), neighbours(*others), now=NOW)

    assert {plan.choice: told(plan) for plan in found} == plans | {KEEP: ([mine], [])}


def test_what_is_in_another_workspace_stays_as_it_is() -> None:
    choices = [plan.choice for plan in list_plans(read("9-13"), neighbours("10-11", title=None), now=NOW)]
    inside = [plan.choice for plan in list_plans(read("10-11"), neighbours("9-13", title=None), now=NOW)]

    assert choices == [MINE, SPLIT, KEEP]
    assert inside == [KEEP]


@pytest.mark.parametrize(
    "mine, other, overlaps",
    [
        ("9-10", "10-11", False),
        ("10-11", "9-10", False),
        ("9-10", "11-12", False),
        ("9-10", "9:59-11", True),
        ("9-10", "8-", True),
        ("9-10", "10-", False),
        ("9-", "10-11", True),
        ("9-", "8-9", False),
    ],
)
def test_is_overlapping(mine: str, other: str, overlaps: bool) -> None:
    assert is_overlapping(read(mine), read(other)) is overlaps


def test_less_than_a_minute_is_nobody_s_mistake() -> None:
    timer = Interval(NOW, NOW + timedelta(minutes=30, seconds=59))

    assert not is_overlapping(Interval(NOW + timedelta(minutes=30), NOW + timedelta(hours=1)), timer)


MINUTES = st.integers(0, 17 * 60)
SPANS = st.tuples(MINUTES, st.integers(1, 300)).map(
    lambda span: Interval(
        NOW.replace(hour=0) + timedelta(minutes=span[0]), NOW.replace(hour=0) + timedelta(minutes=sum(span))
    )
)


@given(mine=SPANS, spans=st.lists(SPANS, max_size=4))
def test_who_gives_way_loses_what_is_covered_and_nothing_else(mine: Interval, spans: list[Interval]) -> None:
    others = [
        Neighbour(number, 1, 7, "Design", spent) for number, spent in enumerate(spans) if is_overlapping(mine, spent)
    ]

    for plan in list_plans(mine, others, now=NOW + timedelta(days=1)):
        if plan.choice is KEEP:
            continue
        changed = {other.entry_id: parts for other, parts in plan.others}
        left = [part for other in others for part in changed.get(other.entry_id, (other.spent,))]
        assert not any(is_overlapping(part, other) for part in intervals(plan) for other in left)
        if plan.choice is SPLIT:
            before = minutes_of([mine, *(other.spent for other in others)])
            assert minutes_of([*intervals(plan), *left]) == before


def minutes_of(spans: list[Interval]) -> set[datetime]:
    """The minutes that are in any of these."""
    return {
        span.started_at + timedelta(minutes=minute)
        for span in spans
        if span.ended_at
        for minute in range(int((span.ended_at - span.started_at).total_seconds()) // 60)
    }
