"""Objects of a JSON file, attribute by attribute, each of the type that its format says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.transfers.rules.cells import DayOrder, quoted, read_moment
from webapp.transfers.rules.formats.lines import Unreadable
from webapp.transfers.rules.formats.reader import Head
from webapp.transfers.rules.rows import RefusedLine

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z", re.ASCII)
_KEY = re.compile(r'"([A-Za-z_]{1,40})"\s*:')
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
_LONGEST_NUMBER = 40


class Attributes:
    """One object; remembers which of its attributes were read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._read: set[str] = set()

    def value(self, *names: str) -> Any:
        """Return the first of the attributes that is there and not null."""
        self._read.update(names)
        return next((self._values[name] for name in names if self._values.get(name) is not None), None)

    def text(self, *names: str) -> str:
        """Return text, or a whole number as text; "" where there is none."""
        value = self.value(*names)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 3 * _LONGEST_NUMBER:
            return str(value)
        raise Unreadable(f"“{names[0]}” should be text.")

    def line(self, *names: str) -> str:
        """Return text as one line."""
        return " ".join(self.text(*names).split())

    def number(self, *names: str) -> int | None:
        """Return a whole number that is not negative."""
        value = self.value(*names)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31):
            return value
        raise Unreadable(f"“{names[0]}” should be a whole number.")

    def words(self, *names: str) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.value(*names)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            return tuple(" ".join(word.split()) for word in value)
        raise Unreadable(f"“{names[0]}” should be a list of texts.")

    def objects(self, *names: str) -> tuple[Attributes, ...]:
        """Return a list of objects."""
        value = self.value(*names)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return tuple(Attributes(item) for item in value)
        raise Unreadable(f"“{names[0]}” should be a list of objects.")

    def object(self, *names: str) -> Attributes | None:
        """Return an object."""
        value = self.value(*names)
        if value is None or isinstance(value, dict):
            return None if value is None else Attributes(value)
        raise Unreadable(f"“{names[0]}” should be an object.")

    def instant(self, *names: str, zone: ZoneInfo) -> datetime | None:
        """Return a moment, in UTC; one without an offset is meant in `zone`."""
        text = self.line(*names)
        if not text:
            return None
        if compact := _COMPACT.fullmatch(text):
            text = "{}-{}-{}T{}:{}:{}Z".format(*compact.groups())
        try:
            return read_moment(text, order=DayOrder.DAY_FIRST, zone=zone).instant
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"{names[0]}: {error}.") from None

    def rest(self) -> Iterator[tuple[str, Any]]:
        """Yield what was not read and says something."""
        for name, value in self._values.items():
            if name not in self._read and value not in (None, "", [], {}):
                yield name, value


def refused(line: int, values: Mapping[str, Any], *names: str, because: Unreadable) -> RefusedLine:
    """
    Return the refusal of an object: which one it is, and why. All of a file may stand on one line.

    :param names: the attributes by which somebody may know it, the best first
    """
    said = (values.get(name) for name in names)
    called = next((text for value in said if (text := _called(value))), "")
    # What cannot be kept in a task cannot be kept in a sentence about it, either.
    return RefusedLine(line, _CONTROLS.sub("", f"{quoted(called)}: {because}" if called else str(because)))


def _called(value: object) -> str:
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 3 * _LONGEST_NUMBER else ""
    return value.strip() if isinstance(value, str) else ""


def first_keys(head: Head) -> frozenset[str]:
    """Return the names of the attributes of the first object in a JSON file; nothing where there is none."""
    if not head.is_json:
        return frozenset()
    text = head.text.lstrip().removeprefix("[").lstrip()
    # Pages that were put into one array.
    text = text.removeprefix("[").lstrip()
    try:
        first, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        # It may be longer than what is looked at.
        return frozenset(_KEY.findall(text)) if text.startswith("{") else frozenset()
    return frozenset(first) if isinstance(first, dict) else frozenset()
