"""What may be a part of what. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.errors import InvalidInput
from webapp.values.text import shortened

# A task, its parts, their parts, and so on: more than five nobody finds their way in.
MOST_LEVELS = 5
MOST_SUBTASKS = 500
# Of a title that a refusal names; it names up to a handful.
LONGEST_TITLE_SAID = 60


@dataclass(frozen=True)
class Step:
    """One task on the way up: what a task is part of, and what that is part of."""

    task_id: int
    title: str


def check_parent(*, task: Step | None, levels_of_task: int, way_up: Sequence[Step]) -> None:
    """
    Refuse a parent that would make a circle, or more levels than people can follow.

    :param task: which is to become a part; None for one that does not exist yet
    :param levels_of_task: how many levels it has itself, at least 1
    :param way_up: the parent, what that is part of, and so on
    :raises InvalidInput: naming the field `parent`, and in the sentence the way round
    """
    if task is not None and way_up[0].task_id == task.task_id:
        raise InvalidInput("A task cannot be a part of itself.", field="parent")
    for number, step in enumerate(way_up):
        if task is not None and step.task_id == task.task_id:
            titles = [f"“{shortened(there.title, longest=LONGEST_TITLE_SAID)}”" for there in way_up[: number + 1]]
            raise InvalidInput(
                f"{titles[0]} is a part of this task already: {' › '.join(reversed(titles))}. Choose another.",
                field="parent",
            )
    if len(way_up) + levels_of_task > MOST_LEVELS:
        raise InvalidInput(
            f"This would be {len(way_up) + levels_of_task} levels of tasks within tasks; there are at most "
            f"{MOST_LEVELS}. Choose one that is further up.",
            field="parent",
        )
