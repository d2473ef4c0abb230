"""Our own JSON: all of a workspace, as docs/export.md tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from webapp.errors import InvalidInput
from webapp.transfers.rules.formats.own_records import entry_line, further, task_line
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.json_reading import json_sections
from webapp.transfers.rules.own import (
    FORMAT,
    OwnCategory,
    OwnCustomer,
    OwnEntry,
    OwnSeries,
    OwnTag,
    OwnTask,
    Section,
    from_json,
    keys_of,
)
from webapp.transfers.rules.reading import TextSource
from webapp.transfers.rules.rows import Line, RecordLine, RefusedLine

_BEGINS = re.compile(r"\s*\{\s*\"format\"\s*:\s*\"devtrackr ")


class OwnJson:
    """Reads what DevTrackr gave out: every record by the name that it bears everywhere."""

    label = "DevTrackr, everything as JSON"
    source = "DevTrackr"
    needs_zone = False

    def recognises(self, head: Head) -> bool:
        """Tell whether it says so itself."""
        return _BEGINS.match(head.text) is not None

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield what the lists of the file hold."""
        for line, key, value in json_sections(text):
            if key == "format":
                if value != FORMAT:
                    raise InvalidInput(f"This file is “{value}”; what can be read here is “{FORMAT}”.", field="file")
            elif key in list(Section):
                yield _line(line, Section(key), value)


def _line(line: int, section: Section, said: Any) -> Line:
    if not isinstance(said, dict):
        return RefusedLine(line, "Here should be an object in { }.")
    try:
        match section:
            case Section.CATEGORIES:
                return RecordLine(line, from_json(OwnCategory, said))
            case Section.TAGS:
                return RecordLine(line, from_json(OwnTag, said))
            case Section.CUSTOMERS:
                return RecordLine(line, from_json(OwnCustomer, said))
            case Section.SERIES:
                return RecordLine(line, from_json(OwnSeries, said))
            case Section.TASKS:
                task = from_json(OwnTask, said)
                found = task_line(line, task, customer_ref=task.customer or "")
                return replace(found, left_out=further(said, keys_of(OwnTask)))
            case Section.ENTRIES:
                entry = from_json(OwnEntry, said)
                spent = entry_line(line, entry, customer_ref=entry.customer or "")
                return replace(spent, left_out=further(said, keys_of(OwnEntry)))
    except ValueError as error:
        return RefusedLine(line, str(error))
