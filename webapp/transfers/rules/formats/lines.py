"""What the readers of other programs' files share: references that stay the same, texts of bearable length."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from webapp.tasks.rules.tasks import LONGEST_NAME, MOST_TAGS
from webapp.transfers.rules.guarding import LONGEST_EXTRA
from webapp.transfers.rules.rows import LONGEST_NOTE
from webapp.values.text import clean_line, name_key, shortened

STILL_RUNNING = "It is still running there. Stop it there and export again: an import starts no timer."
_LONGEST_EXTRA_NAME = 80


class Unreadable(Exception):
    """A sentence about the line that is being read."""


def digest_of(*parts: str) -> str:
    """Return what stands for these words as a reference: case and white space do not matter."""
    joined = "\x1f".join(name_key(part) for part in parts)
    return hashlib.sha256(joined.encode(errors="replace")).hexdigest()[:24]


class Numbering:
    """Tells things apart that say the same: the first keeps its reference, the others get a number."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def ref(self, ref: str) -> str:
        """Return the reference, with a number from the second time on."""
        self._seen[ref] += 1
        return ref if self._seen[ref] == 1 else f"{ref}-{self._seen[ref]}"


class LeftOut:
    """What one line says and nothing here can hold, each once, in the order it is met."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str) -> None:
        """Leave something out."""
        self._names.setdefault(name)

    @property
    def names(self) -> tuple[str, ...]:
        """What was left out."""
        return tuple(self._names)


def fitting_name(text: str, what: str, left_out: LeftOut) -> str:
    """Return a name of a category or tag, "" where it is longer than one may be."""
    if len(text) <= LONGEST_NAME and len(name_key(text)) <= 3 * LONGEST_NAME:
        return text
    left_out.add(f"{what} of more than {LONGEST_NAME} characters")
    return ""


def fitting_tags(words: Iterable[str], left_out: LeftOut) -> tuple[str, ...]:
    """Return tags, each once and no more than a task may have."""
    tags: dict[str, str] = {}
    for word in words:
        if tag := fitting_name(word.strip(), "tags", left_out):
            tags.setdefault(name_key(tag), tag)
    if len(tags) > MOST_TAGS:
        left_out.add(f"tags beyond the first {MOST_TAGS}")
    return tuple(tags.values())[:MOST_TAGS]


def fitting_note(text: str, left_out: LeftOut) -> str:
    """Return what was said about time, cut where it is longer than a note may be: the time is not lost for it."""
    note = " ".join(text.split())
    if len(note) > LONGEST_NOTE:
        left_out.add(f"what notes say after {LONGEST_NOTE} characters")
    return shortened(note, longest=LONGEST_NOTE)


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a cell that lists them."""
    return tuple(tag for part in re.split(r"[,;|]", text) if (tag := part.strip().lstrip("#").strip()))


def extra_of(pairs: Iterable[tuple[str, Any]], left_out: LeftOut) -> tuple[tuple[str, str], ...]:
    """
    Return attributes that no field here holds as they are kept: names, sorted, and values as JSON text.

    What is too long, or cannot be written, is left out.
    """
    kept: dict[str, str] = {}
    left = LONGEST_EXTRA
    for name, value in pairs:
        written = _written(name, value)
        if written is None or len(name) + len(written) > left or name in kept:
            left_out.add("attributes that are too long, or hold what cannot be kept")
            continue
        kept[name] = written
        left -= len(name) + len(written)
    return tuple(sorted(kept.items()))


def _written(name: str, value: Any) -> str | None:
    try:
        if not name or len(name) > _LONGEST_EXTRA_NAME or clean_line(name) != name:
            return None
        written = json.dumps(value, ensure_ascii=False)
        written.encode()
    except (ValueError, TypeError, RecursionError):
        return None
    return written
