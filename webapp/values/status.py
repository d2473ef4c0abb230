"""Where a task stands."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The three states of a task, in the order work goes through them."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"

    @property
    def label(self) -> str:
        """The words a person reads."""
        return {"todo": "To do", "doing": "Doing", "done": "Done"}[self.value]
