"""What may be said about a task. Pure."""

from __future__ import annotations

from webapp.errors import InvalidInput
from webapp.values.text import clean_text

LONGEST_COMMENT = 10_000


def checked_comment(text: str) -> str:
    """
    Return a comment as it is kept.

    :raises InvalidInput: naming the field `text`
    """
    try:
        text = clean_text(text)
    except ValueError as error:
        raise InvalidInput(str(error), field="text") from None
    if not text:
        raise InvalidInput("Write something first.", field="text")
    if len(text) > LONGEST_COMMENT:
        raise InvalidInput(
            f"A comment has at most {LONGEST_COMMENT:,} characters, this one has {len(text):,}.", field="text"
        )
    return text
