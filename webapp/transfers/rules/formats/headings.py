"""Tables of other programs: columns found by their headings, whatever else the table holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from webapp.transfers.rules.cells import DayOrder, Moment, Unit, read_moment, read_seconds
from webapp.transfers.rules.columns import guess_day_order
from webapp.transfers.rules.formats.lines import Unreadable
from webapp.transfers.rules.reading import BadRow, Row, Sheet
from webapp.transfers.rules.rows import RefusedLine
from webapp.values.text import name_key

Item = TypeVar("Item")

_SAMPLE_ROWS = 2_000


def heading_key(heading: str) -> str:
    """Return a heading as it is compared."""
    return name_key(heading.removeprefix("\ufeff"))


def read_rows(sheet: Sheet, read: Callable[[Row], Item]) -> Iterator[Item | RefusedLine]:
    """Yield what each row is read as; one that cannot be is refused, with the reason."""
    for row in sheet.rows():
        if isinstance(row, BadRow):
            yield RefusedLine(row.line, row.message)
            continue
        try:
            yield read(row)
        except Unreadable as error:
            yield RefusedLine(row.line, str(error))


class Columns:
    """Which column holds which field, and which hold none."""

    def __init__(self, header: Sequence[str], fields: Mapping[str, str]) -> None:
        """
        Find the columns.

        :param fields: the field of each heading, by `heading_key`
        """
        self.header = tuple(heading.removeprefix("\ufeff") for heading in header)
        self.positions: dict[str, int] = {}
        self.others: list[int] = []
        for position, heading in enumerate(header):
            field = fields.get(heading_key(heading))
            if field is None or field in self.positions:
                self.others.append(position)
            else:
                self.positions[field] = position

    def __contains__(self, field: str) -> bool:
        """Tell whether there is a column for a field."""
        return field in self.positions

    def day_order(self, sheet: Sheet, *fields: str) -> DayOrder:
        """Return how the days in these columns are most likely written."""
        places = [self.positions[field] for field in fields if field in self.positions]
        rows = (row for row in islice(sheet.rows(), _SAMPLE_ROWS) if isinstance(row, Row))
        return guess_day_order([row.cells[place] for row in rows for place in places if row.cells[place].strip()])[0]


class Cells:
    """The cells of one row by field. What a field without a column holds is ""."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self._cells = row.cells
        self._columns = columns

    def line(self, field: str) -> str:
        """Return a cell as one line."""
        return " ".join(self.text(field).split())

    def text(self, field: str) -> str:
        """Return a cell as it is."""
        position = self._columns.positions.get(field)
        return "" if position is None else self._cells[position].strip()

    def moment(self, *fields: str, order: DayOrder, zone: ZoneInfo, after: datetime | None = None) -> Moment | None:
        """Return the moment that one cell says, or two together; None where the first says nothing."""
        parts = [self.line(field) for field in fields]
        if not parts[0]:
            return None
        try:
            return read_moment(" ".join(part for part in parts if part), order=order, zone=zone, after=after)
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"{self.heading(fields[0])}: {error}.") from None

    def seconds(self, field: str, *, unit: Unit) -> int | None:
        """Return a length of time."""
        text = self.line(field)
        # “1.5 h”, and the apostrophe with which some programs keep spreadsheets from reading a formula.
        text = re.sub(r"\s*h$", "", text.removeprefix("'"), flags=re.IGNORECASE)
        if not text:
            return None
        try:
            return read_seconds(text, unit=unit)
        except ValueError as error:
            raise Unreadable(f"{self.heading(field)}: {error}.") from None

    def heading(self, field: str) -> str:
        """Return what the column of a field is called in the file."""
        return self._columns.header[self._columns.positions[field]]

    def others(self) -> Iterator[tuple[str, str]]:
        """Yield heading and cell of each column without a field that says something."""
        for position in self._columns.others:
            if cell := self._cells[position].strip():
                yield self._columns.header[position], cell
