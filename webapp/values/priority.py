"""How important a task is. Stored as its number, so that a list can be ordered by it."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """The four priorities; a larger number is more important."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4

    @property
    def word(self) -> str:
        """The word used in forms, addresses and files: `low`, `medium`, `high` or `urgent`."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Priority:
        """
        Read a word or one of the numbers that older files use (1 low, 2 and 3 medium, 4 high, 5 urgent).

        :raises ValueError: for anything else
        """
        text = word.strip().lower()
        if text in _OLDER_NUMBERS:
            return _OLDER_NUMBERS[text]
        try:
            return cls[text.upper()]
        except KeyError:
            raise ValueError(f"“{word}” is not a priority. Use low, medium, high or urgent.") from None


_OLDER_NUMBERS = {
    "1": Priority.LOW,
    "2": Priority.MEDIUM,
    "3": Priority.MEDIUM,
    "4": Priority.HIGH,
    "5": Priority.URGENT,
}
