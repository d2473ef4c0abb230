"""
Time from Timewarrior's `timew export`: intervals with tags.

The ids in it count from the newest interval, so that they change with every new one: an interval is known by its start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import EntryIn
from webapp.transfers.rules.formats.attributes import Attributes, first_keys, refused
from webapp.transfers.rules.formats.lines import (
    STILL_RUNNING,
    LeftOut,
    Numbering,
    Unreadable,
    digest_of,
    fitting_note,
)
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.formats.tracked import Tracked, lines_of, tags_by_task
from webapp.transfers.rules.json_reading import json_objects
from webapp.transfers.rules.reading import TextSource
from webapp.transfers.rules.rows import Line, RefusedLine

_KEYS = frozenset({"id", "start", "end", "tags", "annotation"})
_UNNAMED = "Time without a tag"


class Timewarrior:
    """Reads what Timewarrior exports."""

    label = "Timewarrior"
    source = "Timewarrior"
    needs_zone = False

    def recognises(self, head: Head) -> bool:
        """Tell whether the first object is an interval of Timewarrior."""
        keys = first_keys(head)
        return "start" in keys and keys <= _KEYS and re.search(r'"start"\s*:\s*"\d{8}T\d{6}Z"', head.text) is not None

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the intervals in order, and the tasks they are for."""
        tags = tags_by_task(_tags(text))
        return lines_of(_intervals(text, reading.zone), tags)


def _tags(text: TextSource) -> Iterator[tuple[str, tuple[str, ...]]]:
    for _, values in json_objects(text):
        with suppress(Unreadable):
            tags = Attributes(values).words("tags")
            yield _task_ref(tags), tags


def _task_ref(tags: Iterable[str]) -> str:
    """Return what the task of these tags is called: in another order they are the same work."""
    return f"tags-{digest_of(*sorted(tag for tag in tags if tag))}"


def _intervals(text: TextSource, zone: ZoneInfo) -> Iterator[Tracked | RefusedLine]:
    numbering = Numbering()
    for line, values in json_objects(text):
        try:
            yield _interval(line, Attributes(values), zone, numbering)
        except Unreadable as error:
            yield refused(line, values, "start", because=error)


def _interval(line: int, values: Attributes, zone: ZoneInfo, numbering: Numbering) -> Tracked:
    start, end = values.instant("start", zone=zone), values.instant("end", zone=zone)
    if start is None:
        raise Unreadable("It is not said when it began.")
    if end is None:
        raise Unreadable(STILL_RUNNING)
    left_out = LeftOut()
    tags = tuple(tag for tag in values.words("tags") if tag)
    entry = EntryIn(
        source_ref=numbering.ref(f"start-{start:%Y%m%dT%H%M%SZ}"),
        task_ref=_task_ref(tags),
        user_id=0,
        started_at=start,
        ended_at=end,
        note=fitting_note(values.text("annotation"), left_out),
    )
    values.value("id")
    if any(True for _ in values.rest()):
        left_out.add("other attributes")
    return Tracked(
        line=line,
        entry=entry,
        title=", ".join(tags) or _UNNAMED,
        is_title_made=not tags,
        left_out=left_out.names,
    )
