"""
The formats that can be read. A further one is a module with a reader (see `reader.FormatReader`) and a line here.

The first that recognises a file is proposed: the particular ones stand before any table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from webapp.errors import InvalidInput
from webapp.transfers.rules.formats.github import Github
from webapp.transfers.rules.formats.kimai import Kimai, KimaiApi
from webapp.transfers.rules.formats.own_csv import OwnCsv
from webapp.transfers.rules.formats.own_json import OwnJson
from webapp.transfers.rules.formats.reader import HEAD_CHARACTERS, Format, FormatReader, Head, Reading
from webapp.transfers.rules.formats.redmine import Redmine
from webapp.transfers.rules.formats.table import Table
from webapp.transfers.rules.formats.taskwarrior import Taskwarrior
from webapp.transfers.rules.formats.timewarrior import Timewarrior
from webapp.transfers.rules.formats.todoist import Todoist
from webapp.transfers.rules.formats.toggl import Toggl
from webapp.transfers.rules.guarding import guarded
from webapp.transfers.rules.reading import TextSource, open_sheet
from webapp.transfers.rules.rows import Line

FORMATS: dict[Format, FormatReader] = {
    Format.OWN_JSON: OwnJson(),
    Format.OWN_CSV: OwnCsv(),
    Format.TODOIST: Todoist(),
    Format.TOGGL: Toggl(),
    Format.TASKWARRIOR: Taskwarrior(),
    Format.TIMEWARRIOR: Timewarrior(),
    Format.KIMAI: Kimai(),
    Format.KIMAI_API: KimaiApi(),
    Format.REDMINE: Redmine(),
    Format.GITHUB: Github(),
    Format.TABLE: Table(),
}


# Those that know records by the names that they bear wherever they are.
OWN = frozenset({Format.OWN_JSON, Format.OWN_CSV})


def lines_of(text: TextSource, *, form: Format, reading: Reading) -> Iterator[Line]:
    """
    Yield what a file holds in the format that it is written in, as it may be kept.

    :raises InvalidInput: where it is not written in this format after all
    """
    lines = FORMATS[form].read(text, reading)
    # A table that is read by a mapping sees to it with words of its own.
    return lines if form is Format.TABLE else guarded(lines)


def head_of(text: TextSource, filename: str) -> Head:
    """Return the beginning of a file, as readers look at it."""
    with text.open() as stream:
        head = Head(stream.read(HEAD_CHARACTERS), filename)
    if head.is_json:
        return head
    try:
        return replace(head, header=open_sheet(text).header)
    except InvalidInput:
        return head


def recognise(head: Head) -> Format | None:
    """Return the format of a file that begins like this, None when no reader knows it."""
    return next((name for name, reader in FORMATS.items() if reader.recognises(head)), None)
