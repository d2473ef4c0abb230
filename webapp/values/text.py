"""Text as people send it, made safe to keep without changing what they meant."""

from __future__ import annotations

import re
import unicodedata

# All of the categories Cc, but for the line feed and the tab, and Cs.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


def clean_line(text: str) -> str:
    """
    Return one line of text: NFC, outer white space gone, inner line breaks and tabs as single spaces.

    :raises ValueError: when it holds characters that cannot be kept (NUL, other control characters, half a surrogate)
    """
    return _refuse_controls(" ".join(unicodedata.normalize("NFC", text).split()))


def clean_text(text: str) -> str:
    """
    Return text of several lines: NFC, line ends as LF, outer white space gone.

    :raises ValueError: when it holds characters that cannot be kept
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _refuse_controls(lines.strip())


def name_key(name: str) -> str:
    """Return what two names share when a person would call them the same: case and white space do not count."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _refuse_controls(text: str) -> str:
    if _CONTROLS.search(text):
        raise ValueError(
            "There is a character in this text that cannot be saved. Retype it, or paste it as plain text."
        )
    return text
