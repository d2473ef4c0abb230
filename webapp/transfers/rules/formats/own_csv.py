"""Our own tables: tasks, or the time spent on them, as docs/export.md tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from webapp.transfers.rules.formats.own_records import entry_line, further, task_line
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.own import OwnEntry, OwnTask, columns_of, from_cells
from webapp.transfers.rules.reading import BadRow, TextSource, open_sheet
from webapp.transfers.rules.rows import Line, RefusedLine

# What only people need: a table without it is read as well.
_FOR_PEOPLE = {"tracked_seconds", "task_title"}
_TASKS, _ENTRIES = (frozenset(columns_of(kind)) - _FOR_PEOPLE for kind in (OwnTask, OwnEntry))


class OwnCsv:
    """Reads a table that DevTrackr gave out: every row by the name that it bears everywhere."""

    label = "DevTrackr, a table of tasks or of time"
    source = "DevTrackr"
    needs_zone = False

    def recognises(self, head: Head) -> bool:
        """Tell whether all of our columns are there."""
        return set(head.header) >= _TASKS or set(head.header) >= _ENTRIES

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield a line for each row."""
        sheet = open_sheet(text, reading.delimiter)
        is_tasks = set(sheet.header) >= _TASKS
        for row in sheet.rows():
            if isinstance(row, BadRow):
                yield RefusedLine(row.line, row.message)
                continue
            said = dict(zip(sheet.header, row.cells, strict=True))
            try:
                yield _task(row.line, said) if is_tasks else _entry(row.line, said)
            except ValueError as error:
                yield RefusedLine(row.line, str(error))


def _task(line: int, said: dict[str, str]) -> Line:
    task = from_cells(OwnTask, said)
    return replace(task_line(line, task, customer=task.customer or ""), left_out=_more(said, OwnTask))


def _entry(line: int, said: dict[str, str]) -> Line:
    entry = from_cells(OwnEntry, said)
    return replace(entry_line(line, entry, customer=entry.customer or ""), left_out=_more(said, OwnEntry))


def _more(said: dict[str, str], kind: type[OwnTask] | type[OwnEntry]) -> tuple[str, ...]:
    return further({name: cell for name, cell in said.items() if cell}, columns_of(kind))
