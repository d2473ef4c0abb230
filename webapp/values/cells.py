"""Cells of a table that somebody opens in a spreadsheet. Pure."""

from __future__ import annotations

# The last four are their wide forms, which spreadsheets in Japanese and Chinese take for the same.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
