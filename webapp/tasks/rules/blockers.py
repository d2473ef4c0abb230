"""Which task may wait for which, and how that is said. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from webapp.errors import InvalidInput
from webapp.values.text import clean_line, listed, shortened

# How many tasks one may wait for, and how many may wait for one.
MOST_LINKS = 50
# How many may stand in a row, and how many are looked at to know that there is no circle.
LONGEST_LINE = 200
MOST_WALKED = 5_000
LONGEST_REASON = 150
# What the history keeps of a change (storage.journal).
LONGEST_SUMMARY = 300
# Of a long circle the beginning and the end are named.
MOST_NAMED = 8


def find_way(waits_for: Mapping[int, Collection[int]], *, start: int, goal: int) -> list[int] | None:
    """
    Return the shortest way from `start` to `goal`, both included, each waiting for the next; None when there is none.

    :param waits_for: by task, the tasks that it waits for
    """
    came_from: dict[int, int | None] = {start: None}
    frontier = [start]
    while frontier and goal not in came_from:
        beyond = []
        for task_id in frontier:
            for other in waits_for.get(task_id, ()):
                if other not in came_from:
                    came_from[other] = task_id
                    beyond.append(other)
        frontier = beyond
    if goal not in came_from:
        return None
    way: list[int] = []
    step: int | None = goal
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]


def describe_circle(titles: Sequence[str]) -> str:
    """
    Say which circle there would be: `“A” waits for “B”, which waits for “A”`.

    :param titles: each waits for the next, and the last for the first
    """
    named = [f"“{title}”" for title in titles]
    if len(named) > MOST_NAMED:
        left_out = len(named) - MOST_NAMED
        half = MOST_NAMED // 2
        named = [*named[:half], f"{left_out} other{'s' if left_out > 1 else ''} in a row", *named[-half:]]
    first, *others = [*named, named[0]]
    return f"{first} waits for " + ", which waits for ".join(others)


def describe_blocked(title: str, blockers: Sequence[str]) -> str:
    """Say what a task waits for: `“Pay” waits for “Invoice” and 2 more`."""
    shown = [f"“{blocker}”" for blocker in blockers[:3]]
    if len(blockers) > len(shown):
        shown.append(f"{len(blockers) - len(shown)} more")
    return f"“{title}” waits for {listed(shown)}"


def describe_override(described: str, reason: str) -> str:
    """Say that a task was done all the same, and why; the reason is never cut."""
    room = LONGEST_SUMMARY - len(reason) - len(" and was done all the same: ")
    return f"{shortened(described, longest=room)} and was done all the same: {reason}"


def checked_reason(reason: str) -> str:
    """
    Return why something is done all the same, as it is kept.

    :raises InvalidInput: naming the field, when nothing is said, or too much
    """
    try:
        kept = clean_line(reason)
    except ValueError as error:
        raise InvalidInput(str(error), field="override_reason") from None
    if not kept:
        raise InvalidInput("Say in a few words why it is done all the same.", field="override_reason")
    if len(kept) > LONGEST_REASON:
        raise InvalidInput(f"This has {len(kept):,} characters; {LONGEST_REASON} fit.", field="override_reason")
    return kept
