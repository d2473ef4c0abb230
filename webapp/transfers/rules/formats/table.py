"""Any table whose columns somebody says the meaning of."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.reading import TextSource, open_sheet
from webapp.transfers.rules.rows import Line, read_lines


class Table:
    """Reads a table by the mapping that it is given."""

    label = "A table: you say what its columns mean"
    source = ""
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether there are columns."""
        return bool(head.header)

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield one line for each row."""
        if reading.mapping is None:
            raise ValueError("A table is read by a mapping.")
        return read_lines(open_sheet(text, reading.mapping.delimiter), reading.mapping)
