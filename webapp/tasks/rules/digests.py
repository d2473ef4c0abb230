"""What a daily digest holds, and its words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.tasks.rules.reminders import Dates

MOST_A_PART = 20
MOST_READY = 5


@dataclass(frozen=True)
class DigestTask:
    """One task of a digest."""

    task_id: int
    title: str
    dates: Dates


@dataclass(frozen=True)
class Digest:
    """
    What is before a person on one day: each task once, the first due first; ready is what else could be done next.

    Each part holds one more than `MOST_A_PART` where there are more. `workspace_id` is the person's own workspace where
    they have one.
    """

    workspace_id: int
    overdue: list[DigestTask]
    due: list[DigestTask]
    ready: list[DigestTask]

    @property
    def words(self) -> str:
        """The digest in one sentence: `Today: 2 overdue, 3 due, 5 ready.`"""
        return f"Today: {', '.join(self._counts())}."

    @property
    def parts(self) -> list[tuple[str, list[DigestTask]]]:
        """The parts that hold something, by their headings."""
        named = [("Overdue", self.overdue), ("Due today", self.due), ("Ready", self.ready)]
        return [(name, tasks) for name, tasks in named if tasks]

    def _counts(self) -> list[str]:
        named = [(self.overdue, "overdue"), (self.due, "due"), (self.ready, "ready")]
        return [f"{_count(tasks)} {word}" for tasks, word in named if tasks]


def _count(tasks: list[DigestTask]) -> str:
    return f"{MOST_A_PART}+" if len(tasks) > MOST_A_PART else str(len(tasks))
