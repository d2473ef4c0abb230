"""What notices are about, and their words, so that all of them sound alike. Pure."""

from __future__ import annotations

from enum import StrEnum

from webapp.values.text import counted, shortened

LONGEST_TEXT = 300
LONGEST_ADDRESS = 300
LONGEST_DEDUPE_KEY = 120
# The header counts no further: “99+” says enough, and each page would pay for more.
MOST_COUNTED = 100
_LONGEST_TITLE = 120


class Kind(StrEnum):
    """What a notice is about."""

    REMINDER = "reminder"
    DIGEST = "digest"
    ASSIGNED = "assigned"
    COMMENT = "comment"
    UNBLOCKED = "unblocked"
    TIMER = "timer"


def assigned(*, who: str, title: str) -> str:
    """Say that somebody gave the reader a task."""
    return f"{_name(who)} gave you “{short_title(title)}”."


def assigned_many(*, who: str, count: int) -> str:
    """Say that somebody gave the reader several tasks at once."""
    return f"{_name(who)} gave you {counted(count, 'task')}."


def commented(*, who: str, title: str) -> str:
    """Say that somebody wrote about the reader's task."""
    return f"{_name(who)} wrote about “{short_title(title)}”."


def unblocked(*, title: str) -> str:
    """Say that the last task which blocked another is done."""
    return f"Nothing blocks “{short_title(title)}” any more."


def short_title(title: str) -> str:
    """Return a title as a sentence has room for it."""
    return shortened(title, longest=_LONGEST_TITLE)


def _name(who: str) -> str:
    return shortened(who, longest=80)


def count_words(unread: int) -> str:
    """Return the number of unread notices as the header shows it."""
    return f"{MOST_COUNTED - 1}+" if unread >= MOST_COUNTED else str(unread)
