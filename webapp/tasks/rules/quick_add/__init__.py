"""
The grammar of the line that adds a task: `Pay invoice tomorrow 3pm #finance !high ~45m @acme every month`.

Small and its own: whole words only, and what is not understood stays in the title. docs/quick-add.md is its table.
"""

from __future__ import annotations

from webapp.tasks.rules.quick_add.lines import (
    LONGEST_TEXT,
    MOST_LINES,
    Line,
    details_of,
    names_in,
    read_lines,
    without_part,
)
from webapp.tasks.rules.quick_add.reading import (
    Fields,
    Part,
    Understood,
    literally,
    mentioned_customers,
    parse,
    with_first_due,
)
from webapp.tasks.rules.quick_add.signs import Kind, Known
from webapp.tasks.rules.quick_add.writing import write

__all__ = [
    "LONGEST_TEXT",
    "MOST_LINES",
    "Fields",
    "Kind",
    "Known",
    "Line",
    "Part",
    "Understood",
    "details_of",
    "literally",
    "mentioned_customers",
    "names_in",
    "parse",
    "read_lines",
    "with_first_due",
    "without_part",
    "write",
]
