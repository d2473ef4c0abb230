"""How the tests of formats read a file: as the import does, recognised by its beginning and guarded."""

from __future__ import annotations

import io
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.transfers.rules.formats import FORMATS, recognise
from webapp.transfers.rules.formats.reader import HEAD_CHARACTERS, Format, Head, Reading
from webapp.transfers.rules.guarding import guarded
from webapp.transfers.rules.reading import TextSource, open_sheet, read_upload
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, TaskLine

BERLIN = ZoneInfo("Europe/Berlin")


def head_of(text: str) -> Head:
    """Return what a reader is shown of a file to recognise it."""
    head = Head(text[:HEAD_CHARACTERS])
    if head.is_json:
        return head
    try:
        return Head(head.text, header=open_sheet(TextSource.of(text)).header)
    except InvalidInput:
        return head


def format_of(text: str) -> Format | None:
    """Return the format that a file is taken for."""
    return recognise(head_of(text))


def read(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[Line]:
    """Return the lines of a file in the format that it is taken for."""
    text = text if isinstance(text, str) else "".join(read_upload(io.BytesIO(text)))
    found = format_of(text)
    assert found is not None
    return list(guarded(FORMATS[found].read(TextSource.of(text), Reading(zone=zone))))


def tasks(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[TaskLine]:
    """Return the tasks of a file."""
    return [line for line in read(text, zone) if isinstance(line, TaskLine)]


def entries(text: str | bytes, zone: ZoneInfo = BERLIN) -> list[EntryLine]:
    """Return the entries of a file."""
    return [line for line in read(text, zone) if isinstance(line, EntryLine)]


def refusals(text: str | bytes, zone: ZoneInfo = BERLIN) -> dict[int, str]:
    """Return what is refused of a file, by line."""
    return {line.line: line.message for line in read(text, zone) if isinstance(line, RefusedLine)}
