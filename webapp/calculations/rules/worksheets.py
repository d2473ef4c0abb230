"""What is kept of a worksheet that was worked out, how it is shown, and what proves that nothing was changed. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import RateNode
from webapp.calculations.engine.sheets import LineKind, Sheet, SheetLine, read_line
from webapp.calculations.rules.chain import write_canonical
from webapp.values.text import shortened

LONGEST_TITLE = 160
LONGEST_ANSWER = 200
# Of what is hashed: another one where the facts of a version change their names, or old hashes would be wrong.
FORM = 1

# No decimals in it: each person writes them in their own way.
EXAMPLE_TITLE = "Quote for a website"
EXAMPLE_TEXT = """\
# Work
rate = 85 EUR/h
design: 6h 30m * rate
building: 3 days * 6 h/day * rate
// travel is billed at half the rate
travel: 2 * 1h 15m * rate / 2
hosting: 12 months * 20 EUR/month
net = total

# To pay
tax: 19% of net
net + 19%
"""

# What is kept of a line: words and numbers as text, so that JSON gives back what it was given.
Kept = dict[str, Any]


class Piece(NamedTuple):
    """A part of a line as it was typed; `tone` is `name`, `label`, `note` or empty."""

    text: str
    tone: str = ""


class Caret(NamedTuple):
    """Where in a line something is wrong: what stands before it, itself, and behind."""

    before: str
    wrong: str
    after: str


@dataclass(frozen=True)
class Row:
    """
    A line as it is shown.

    `change` says how it stands to an earlier version: `changed` where the same line had another answer there, `new`
    where it had no such line, else empty.
    """

    number: int
    kind: LineKind
    text: str
    pieces: tuple[Piece, ...]
    label: str = ""
    shown: str = ""
    reading: str = ""
    notes: tuple[str, ...] = ()
    is_inexact: bool = False
    is_total: bool = False
    message: str = ""
    hint: str = ""
    caret: Caret | None = None
    change: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether there is no answer where there should be one."""
        return bool(self.message)


def keep_results(sheet: Sheet) -> list[Kept]:
    """Return what is kept of each line."""
    return [_keep_line(line) for line in sheet.lines]


def answer_of(results: Sequence[Kept]) -> str:
    """Return the answer of the last line that has one, for a list; empty without any."""
    shown = next((str(line["shown"]) for line in reversed(results) if line.get("shown")), "")
    return shortened(shown, longest=LONGEST_ANSWER)


def come_to_the_same(results: Sequence[Kept], again: Sequence[Kept]) -> bool:
    """
    Tell whether lines have the same answers, however they are worded; whatever took too long once is not compared.
    """
    if len(results) != len(again):
        return False
    pairs = list(zip(results, again, strict=True))
    if any(Code.TOO_SLOW.value in (one.get("code"), other.get("code")) for one, other in pairs):
        return True
    return all(_worth(one) == _worth(other) for one, other in pairs)


def make_rows(
    text: str, results: Sequence[Kept], *, earlier: tuple[str, Sequence[Kept]] | None = None
) -> tuple[Row, ...]:
    """
    Return the lines of a text with what came of them.

    :param earlier: the text and results of an earlier version, to say what has changed since
    """
    before = None if earlier is None else _shown_by_line(*earlier)
    rows = []
    seen: dict[str, int] = {}
    for number, (line, kept) in enumerate(zip(text.split("\n"), results, strict=False), 1):
        place = line.strip(), seen.setdefault(line.strip(), 0)
        seen[line.strip()] += 1
        rows.append(_row(number, line, kept, change=_change(place, kept, before)))
    return tuple(rows)


def version_hash(*, previous_hash: str, facts: Mapping[str, Any]) -> str:
    """Return the hash of a version: of what it says, and of the hash of the version before it."""
    return hashlib.sha256(write_canonical({**facts, "form": FORM, "previous": previous_hash})).hexdigest()


def version_facts(
    *,
    worksheet_id: int,
    number: int,
    title: str,
    text: str,
    settings: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    results: Sequence[Kept],
    engine_version: int,
    saved_at: datetime,
) -> dict[str, Any]:
    """Return what a version says, as its hash is made of it."""
    return {
        "worksheet": worksheet_id,
        "number": number,
        "title": title,
        "text": text,
        "settings": dict(settings),
        "inputs": [dict(given) for given in inputs],
        "results": list(results),
        "engine_version": engine_version,
        "saved_at": saved_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


_ASSIGNED = re.compile(r"\s*[^\W\d]\w*(?:\([^()=]*\))?(?=\s*=(?!=))")


def _keep_line(line: SheetLine) -> Kept:
    kept: Kept = {"kind": line.kind.value}
    if line.label:
        kept["label"] = line.label
    if line.error is not None:
        error = line.error
        kept |= {"code": error.code.value, "message": error.message, "hint": error.hint or ""}
        if error.position is not None:
            kept |= {"position": error.position, "end": error.end}
    result = line.result
    if result is not None and (result.value is None or isinstance(result.statement, RateNode)):
        # A function, or a rate of exchange: it says something for other lines.
        kept |= {"reading": result.reading, "name": result.name}
    elif result is not None:
        kept |= {"shown": result.text, "reading": result.reading, "unit": result.unit}
        kept |= {
            "exact": None if result.exact is None else str(result.exact),
            "number": None if result.number is None else str(result.number),
            "is_inexact": result.is_inexact,
        }
        kept |= {"name": result.name, "notes": list(result.notes)}
        if not {"total", "average"}.isdisjoint(result.names):
            kept["is_total"] = True
    return kept


def _worth(kept: Kept) -> tuple[Any, ...]:
    has_number = kept.get("number") is not None
    words = None if has_number else kept.get("shown")
    return kept["kind"], kept.get("code"), kept.get("exact"), kept.get("number"), kept.get("unit"), words


def _row(number: int, line: str, kept: Kept, *, change: str) -> Row:
    return Row(
        number=number,
        kind=LineKind(kept["kind"]),
        text=line,
        pieces=tuple(_pieces(line)),
        label=kept.get("label", ""),
        shown=kept.get("shown", ""),
        reading=kept.get("reading", ""),
        notes=tuple(kept.get("notes", ())),
        is_inexact=kept.get("is_inexact", False),
        is_total=kept.get("is_total", False),
        message=kept.get("message", ""),
        hint=kept.get("hint", ""),
        caret=_caret(line, kept),
        change=change,
    )


def _pieces(line: str) -> Iterable[Piece]:
    kind, label, code = read_line(line)
    if kind is LineKind.HEADING:
        yield Piece(label)
    elif kind is LineKind.COMMENT:
        yield Piece(line.strip(), "note")
    elif kind is LineKind.EXPRESSION:
        at = len(code) - len(code.lstrip()) if label else 0
        if label:
            yield Piece(line[:at], "label")
        if (named := _ASSIGNED.match(code, at)) is not None:
            yield Piece(line[at : named.end()], "name")
            at = named.end()
        yield Piece(line[at : len(code)])
        if len(code) < len(line):
            yield Piece(line[len(code) :], "note")


def _caret(line: str, kept: Kept) -> Caret | None:
    start = kept.get("position")
    if start is None:
        return None
    end = max(kept.get("end") or start + 1, start + 1)
    return Caret(line[:start], line[start:end], line[end:])


def _shown_by_line(text: str, results: Sequence[Kept]) -> dict[tuple[str, int], str]:
    shown: dict[tuple[str, int], str] = {}
    seen: dict[str, int] = {}
    for line, kept in zip(text.split("\n"), results, strict=False):
        words = line.strip()
        shown[words, seen.get(words, 0)] = _outcome(kept)
        seen[words] = seen.get(words, 0) + 1
    return shown


def _outcome(kept: Kept) -> str:
    # Other words for the same refusal are no other answer.
    return str(kept.get("shown") or kept.get("code") or "")


def _change(place: tuple[str, int], kept: Kept, before: Mapping[tuple[str, int], str] | None) -> str:
    if before is None or not _outcome(kept):
        return ""
    if place not in before:
        return "new"
    return "" if before[place] == _outcome(kept) else "changed"


def refused(error: CalculationError) -> str:
    """Say in a sentence why a text cannot be a worksheet at all."""
    return f"{error.message} {error.hint}" if error.hint else error.message
