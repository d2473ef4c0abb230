"""How the tests of formats read a file: as the import does, recognised by its beginning and guarded."""

from __future__ import annotations

import io
from zoneinfo import ZoneInfo

from webapp.transfers.rules.formats import head_of, lines_of, recognise
from webapp.transfers.rules.formats.reader import Format, Reading
from webapp.transfers.rules.reading import TextSource, read_upload
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, TaskLine

BERLIN = ZoneInfo("Europe/Berlin")


def format_of(text: str) -> Format | None:
    """Return the format that a file is taken for."""
    return recognise(head_of(TextSource.of(text), "file"))


def read(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[Line]:
    """Return the lines of a file in the format that it is taken for."""
    text = text if isinstance(text, str) else "".join(read_upload(io.BytesIO(text)))
    found = format_of(text)
    assert found is not None
    return list(lines_of(TextSource.of(text), form=found, reading=Reading(zone=zone)))


def tasks(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[TaskLine]:
    """Return the tasks of a file."""
    return [line for line in read(text, zone) if isinstance(line, TaskLine)]


def entries(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[EntryLine]:
    """Return the entries of a file."""
    return [line for line in read(text, zone) if isinstance(line, EntryLine)]


def refusals(text: str | bytes, zone: ZoneInfo = BERLIN) -> dict[int, str]:
    """Return what is refused of a file, by line."""
    return {line.line: line.message for line in read(text, zone) if isinstance(line, RefusedLine)}
