"""A saved version of a worksheet as a file: a table, JSON, or Markdown. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from webapp.calculations.engine.sheets import LineKind
from webapp.calculations.rules.worksheets import Row
from webapp.values.cells import safe_cell

FORMAT = "devtrackr worksheet 1"
_COLUMNS = ("line", "kind", "label", "text", "result", "number", "unit", "exact", "inexact", "problem")


class Version(Protocol):
    """What is asked of a saved version."""

    number: int
    title: str
    text: str
    settings: dict[str, Any]
    inputs: list[dict[str, Any]]
    results: list[dict[str, Any]]
    engine_version: int
    saved_at: datetime
    previous_hash: str
    hash: str


def write_csv(version: Version) -> str:
    """Return a table of all lines. What a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number, (line, kept) in enumerate(_lines(version), 1):
        words = (kept["kind"], kept.get("label", ""), line, kept.get("shown", ""))
        writer.writerow(
            (
                number,
                *map(safe_cell, words),
                # A number stays one, also below zero.
                kept.get("number") or "",
                safe_cell(kept.get("unit") or ""),
                kept.get("exact") or "",
                ("yes" if kept["is_inexact"] else "no") if "shown" in kept else "",
                safe_cell(kept.get("message", "")),
            )
        )
    return out.getvalue()


def write_json(version: Version) -> str:
    """Return everything that is kept of a version, with its hashes."""
    said = {
        "format": FORMAT,
        "title": version.title,
        "version": version.number,
        "saved_at": f"{version.saved_at:%Y-%m-%dT%H:%M:%SZ}",
        "settings": version.settings,
        "inputs": version.inputs,
        "lines": [{"text": line, **kept} for line, kept in _lines(version)],
        "engine_version": version.engine_version,
        "previous_hash": version.previous_hash or None,
        "hash": version.hash,
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def write_markdown(title: str, rows: Sequence[Row]) -> str:
    """Return a text with a table for each block of lines."""
    parts = [f"# {_escaped(title)}"]
    table: list[str] = []
    for row in rows:
        if row.kind is LineKind.EXPRESSION:
            table = table or ["| Line | Answer |", "| --- | ---: |"]
            answer = f"**{_escaped(row.shown)}**" if row.is_total else _escaped(row.shown)
            table.append(f"| {_code(row.text)} | {answer or f'*{_escaped(row.message)}*'} |")
            continue
        if table:
            parts, table = [*parts, "\n".join(table)], []
        if row.kind is LineKind.HEADING:
            parts.append(f"## {_escaped(row.label)}")
        elif row.kind is LineKind.COMMENT:
            parts.append(f"*{_escaped(row.label)}*" if row.label else "")
    if table:
        parts.append("\n".join(table))
    return "\n\n".join(part for part in parts if part) + "\n"


def _lines(version: Version) -> Iterator[tuple[str, dict[str, Any]]]:
    return zip(version.text.split("\n"), version.results, strict=True)


def _escaped(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", words.strip())


def _code(line: str) -> str:
    """Return a line as code within a cell; marks of its own end it no sooner."""
    words = line.strip().replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    room = " " if "`" in words else ""
    return f"{fence}{room}{words}{room}{fence}"
