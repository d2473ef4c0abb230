"""What notices are about, and their words, so that all of them sound alike. Pure."""

from __future__ import annotations

from enum import StrEnum

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


def assigned(*, who: str, title: str) -> str:
    """Say that somebody gave the reader a task."""
    return f"{_name(who)} gave you “{shortened(title)}”."


def assigned_many(*, who: str, count: int) -> str:
    """Say that somebody gave the reader several tasks at once."""
    return f"{_name(who)} gave you {count} tasks."


def commented(*, who: str, title: str) -> str:
    """Say that somebody wrote about the reader's task."""
    return f"{_name(who)} wrote about “{shortened(title)}”."


def unblocked(*, title: str) -> str:
    """Say that the last task which blocked another is done."""
    return f"Nothing blocks “{shortened(title)}” any more."


def shortened(text: str, *, longest: int = _LONGEST_TITLE) -> str:
    """Return the text, or its beginning with an ellipsis where it is too long for a sentence."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _name(who: str) -> str:
    return shortened(who, longest=80)


def count_words(unread: int) -> str:
    """Return the number of unread notices as the header shows it."""
    return f"{MOST_COUNTED - 1}+" if unread >= MOST_COUNTED else str(unread)
