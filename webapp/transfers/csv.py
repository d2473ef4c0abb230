"""Writing CSV that a spreadsheet opens as what it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from webapp.values.cells import safe_cell


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table in UTF-8 with its mark, without which a spreadsheet guesses; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
