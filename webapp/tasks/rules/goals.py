"""How far somebody is with what they mean to work in a day and in a week. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """What somebody means to work, and what they have, in seconds."""

    seconds: int
    goal_seconds: int

    @property
    def left_seconds(self) -> int:
        """What is left; 0 when it is reached."""
        return max(0, self.goal_seconds - self.seconds)

    @property
    def is_reached(self) -> bool:
        """Whether nothing is left."""
        return self.left_seconds == 0


@dataclass(frozen=True)
class Goals:
    """The goals of today and of this week; None where somebody has none."""

    day: Goal | None
    week: Goal | None
