"""Cells of a table that somebody opens in a spreadsheet. Pure."""

from __future__ import annotations


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
