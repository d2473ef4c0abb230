"""
What can be done where two times of one person overlap. Pure.

Whoever gives way loses what the other covers. Breaks go in proportion: nobody wrote down when they were. A timer that
runs goes on for ever as far as this is concerned, and what is left of it must run on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from webapp.tasks.rules.entries import Interval, Spent

# Clock times are typed in minutes, and timers count seconds: what overlaps by less is no mistake of anybody's.
SHORTEST_OVERLAP = timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class OverlapChoice(StrEnum):
    """What a person can do about time that overlaps; to cancel is to send nothing."""

    TRIM_MINE = "trim-mine"
    TRIM_OTHER = "trim-other"
    SPLIT = "split"
    KEEP_BOTH = "keep"


@dataclass(frozen=True)
class Neighbour:
    """
    Time of the same person that lies where other time is to go.

    `task_title` is None where it is in another workspace: of that nothing is told here, and nothing changed.
    """

    entry_id: int
    version: int
    task_id: int
    task_title: str | None
    spent: Interval

    @property
    def can_change(self) -> bool:
        """Whether it can be changed from here."""
        return self.task_title is not None


@dataclass(frozen=True)
class Plan:
    """
    What a choice comes to.

    `mine`: the parts in which the person's time is written down, in order. `others`: what is left of those that
    change, none where it is deleted.
    """

    choice: OverlapChoice
    mine: tuple[Spent, ...]
    others: tuple[tuple[Neighbour, tuple[Interval, ...]], ...] = ()

    @property
    def task_ids(self) -> list[int]:
        """The tasks of the others that change."""
        return [other.task_id for other, _ in self.others]

    @property
    def is_split_of_mine(self) -> bool:
        """Whether it is the person's own time that is cut in parts."""
        return len(self.mine) > 1


def is_overlapping(mine: Interval, other: Interval) -> bool:
    """Tell whether two intervals share enough time for somebody to be asked about it."""
    return min(_end(mine), _end(other)) - max(mine.started_at, other.started_at) >= SHORTEST_OVERLAP


def list_plans(mine: Interval, neighbours: Sequence[Neighbour], *, now: datetime) -> tuple[Plan, ...]:
    """
    Return what can be done about the neighbours that `mine` overlaps, the same for all of them at once.

    Shortening leaves the longest part of what gives way. Splitting leaves all its parts, and is offered where there are
    several: of mine, or else of the neighbours.
    """
    left = [(other, _less(other.spent, [mine], now=now)) for other in neighbours]
    mine_parts = _less(mine, [other.spent for other in neighbours], now=now)
    plans = []
    if _can_give_way(mine, mine_parts) and mine_parts:
        plans.append(Plan(OverlapChoice.TRIM_MINE, (_longest(mine_parts),)))
    others_can = all(other.can_change and _can_give_way(other.spent, parts) for other, parts in left)
    if others_can:
        trimmed = tuple((other, (_longest(parts),) if parts else ()) for other, parts in left)
        plans.append(Plan(OverlapChoice.TRIM_OTHER, (mine,), trimmed))
    if len(mine_parts) > 1 and _can_give_way(mine, mine_parts):
        plans.append(Plan(OverlapChoice.SPLIT, mine_parts))
    elif others_can and any(len(parts) > 1 for _, parts in left):
        plans.append(Plan(OverlapChoice.SPLIT, (mine,), tuple(left)))
    return (*plans, Plan(OverlapChoice.KEEP_BOTH, (mine,)))


def mark_of(mine: Interval, neighbours: Iterable[Neighbour]) -> str:
    """Return what tells whether a choice is made about what was shown: this time, and these neighbours."""
    seen = sorted((other.entry_id, other.version) for other in neighbours)
    return hashlib.sha256(repr((mine, seen)).encode()).hexdigest()[:16]


def lasting_part(parts: Sequence[Spent]) -> Spent:
    """Return the part that stays the entry it was: the one that runs on, else the first."""
    last = parts[-1]
    return last if isinstance(last, Interval) and last.ended_at is None else parts[0]


def _can_give_way(spent: Interval, parts: Sequence[Interval]) -> bool:
    return spent.ended_at is not None or any(part.ended_at is None for part in parts)


def _less(spent: Interval, others: Iterable[Interval], *, now: datetime) -> tuple[Interval, ...]:
    """Return what is left of an interval when others are taken out; none of it would start to run after `now`."""
    free = []
    start, end = spent.started_at, _end(spent)
    for other in sorted(others, key=lambda other: other.started_at):
        if other.started_at > start:
            free.append((start, min(other.started_at, end)))
        start = max(start, _end(other))
    free.append((start, end))
    return tuple(_part(spent, start, end) for start, end in free if start < end and (end != _NEVER or start <= now))


def _part(spent: Interval, start: datetime, end: datetime) -> Interval:
    if spent.ended_at is None:
        # The breaks of a timer that runs stay with what runs on.
        return Interval(start, None, spent.interrupted_seconds) if end == _NEVER else Interval(start, end)
    return Interval(start, end, spent.interrupted_seconds * (end - start) // (spent.ended_at - spent.started_at))


def _longest(parts: Sequence[Interval]) -> Interval:
    return max(parts, key=lambda part: _end(part) - part.started_at)


def _end(spent: Interval) -> datetime:
    return _NEVER if spent.ended_at is None else spent.ended_at
