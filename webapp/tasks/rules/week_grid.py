"""A week as a table that is typed into: what a cell says, and how it is made to say so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from webapp.tasks.rules.entries import EARLIEST_DAY
from webapp.tasks.rules.timesheet import Share
from webapp.values.duration import MINUTE_SECONDS, parse_minutes
from webapp.values.period import Period

MOST_ROWS = 100
LONGEST_CELL_SECONDS = 24 * 3600
# A whole number up to this means hours; nobody means 90 hours of one day.
MOST_BARE_HOURS = 24

_BARE = re.compile(r"(?P<whole>[0-9]{1,4})?(?:[.,](?P<part>[0-9]{1,4}))?")
_NOTHING = frozenset({"", "-", "–", "0"})


class Cell(NamedTuple):
    """A task on a day."""

    task_id: int
    day: date


@dataclass(frozen=True)
class CellEdit:
    """What a cell is to say; `was_seconds` is what it said to whoever changed it, None where that is not known."""

    cell: Cell
    seconds: int
    was_seconds: int | None = None


@dataclass(frozen=True)
class TypedCell:
    """What somebody typed into a cell that was not saved, and what it said to them before."""

    text: str
    was_seconds: int | None


@dataclass(frozen=True)
class Part:
    """What one entry adds to a cell. A plain one can be made longer or shorter."""

    entry_id: int
    seconds: int
    is_plain: bool
    has_words: bool = False


@dataclass(frozen=True)
class Settlement:
    """How a cell comes to say something: the new seconds of plain entries (0 takes one out), and what is added."""

    changed: Mapping[int, int]
    added_seconds: int = 0


def read_cell(typed: str) -> int:
    """
    Read what was typed into a cell, in whole seconds: `1:30`, `90m`, `1h 30m`, `1.5` or `1,5` (hours); nothing is 0.

    :raises ValueError: with a sentence, for anything else and for more than a day has
    """
    words = typed.strip()
    if words in _NOTHING:
        return 0
    bare = _BARE.fullmatch(words)
    if bare and words.isascii():
        seconds = _read_hours(bare)
    else:
        try:
            seconds = parse_minutes(words) * MINUTE_SECONDS
        except ValueError:
            raise ValueError("Type 1:30, 90m or 1.5.") from None
    if seconds > LONGEST_CELL_SECONDS:
        raise ValueError("A day has 24 hours.")
    return seconds


def _read_hours(bare: re.Match[str]) -> int:
    whole, part = bare["whole"] or "0", bare["part"]
    if part is None and int(whole) > MOST_BARE_HOURS:
        raise ValueError(f"Type {whole}m for minutes, or hours as 1:30.")
    minutes = Decimal(f"{whole}.{part or 0}") * 60
    return int(minutes + Decimal("0.5")) * MINUTE_SECONDS


def write_cell(seconds: int) -> str:
    """Write a cell as `read_cell` reads it: `1:30`. Nothing is written as nothing, less than a minute as `0:00`."""
    minutes = seconds // MINUTE_SECONDS
    return f"{minutes // 60}:{minutes % 60:02}" if seconds else ""


def says_the_same(typed: str, was_seconds: int) -> bool:
    """Tell whether what is typed is what the cell showed: a cell shows whole minutes and may hold seconds besides."""
    return typed.strip() == write_cell(was_seconds) or _reads_as(typed, was_seconds)


def _reads_as(typed: str, was_seconds: int) -> bool:
    try:
        seconds = read_cell(typed)
    except ValueError:
        return False
    # A few seconds are shown as 0:00 and can be emptied.
    is_emptied = seconds == 0 and was_seconds > 0 and not typed.strip()
    return not is_emptied and seconds // MINUTE_SECONDS == was_seconds // MINUTE_SECONDS


def settle(target: int, parts: Sequence[Part]) -> Settlement:
    """
    Return what to do so that the parts of a cell come to `target` seconds: one plain entry is made, longer or shorter.

    Of plain entries the newest without words is changed first. Shorter than nothing, one is taken out and the next
    one is shortened.

    :raises ValueError: with a sentence, below what the clock says
    """
    difference = target - sum(part.seconds for part in parts)
    plain = sorted((part for part in parts if part.is_plain), key=lambda part: (part.has_words, -part.entry_id))
    if difference > 0:
        if plain and not plain[0].has_words:
            return Settlement({plain[0].entry_id: plain[0].seconds + difference})
        return Settlement({}, difference)
    changed: dict[int, int] = {}
    for part in plain:
        if not difference:
            break
        less = min(part.seconds, -difference)
        changed[part.entry_id] = part.seconds - less
        difference += less
    if difference:
        clocked = sum(part.seconds for part in parts if not part.is_plain)
        raise ValueError(f"Timed entries say {write_cell(clocked)}. Shorten those in the day.")
    return Settlement(changed)


def find_fault(edit: CellEdit, *, latest: date) -> str | None:
    """Return why nobody can have spent what a cell is to say, in a sentence; None where it can be."""
    if edit.cell.day < EARLIEST_DAY:
        return "This is before 1970."
    if edit.cell.day > latest:
        return "This day is still to come."
    if not 0 <= edit.seconds <= LONGEST_CELL_SECONDS:
        return "A day has 24 hours."
    return None


@dataclass(frozen=True)
class GridCell:
    """
    One field of the grid: `typed` is what stands in it, `seconds` what is kept, `running_seconds` what runs besides.

    `was_seconds` is what it said when its reader saw it first; `error` says why it was not taken. A day that is still
    to come cannot be typed into.
    """

    day: date
    typed: str
    was_seconds: int
    seconds: int
    running_seconds: int
    error: str | None
    can_type: bool

    @property
    def whole_seconds(self) -> int:
        """What counts, with what runs."""
        return self.seconds + self.running_seconds


@dataclass(frozen=True)
class GridRow:
    """One task of the grid."""

    task_id: int
    title: str
    category: str | None
    customer: str | None
    cells: tuple[GridCell, ...]

    @property
    def seconds(self) -> int:
        """What the task took in the week."""
        return sum(cell.whole_seconds for cell in self.cells)

    @property
    def is_running(self) -> bool:
        """Whether a timer runs on it."""
        return any(cell.running_seconds for cell in self.cells)

    @property
    def was(self) -> str:
        """What its cells said when they were shown, for the form to send back."""
        return " ".join(str(cell.was_seconds) for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """
    A week: tasks by their titles, days across. What does not fit as a row is one sum a day in `others`.

    Rows and others add up to `days`, day by day.
    """

    period: Period
    days: tuple[tuple[date, int], ...]
    rows: tuple[GridRow, ...]
    others_count: int
    others: tuple[int, ...]

    @property
    def seconds(self) -> int:
        """What the week took."""
        return sum(seconds for _, seconds in self.days)

    @property
    def errors(self) -> list[tuple[Cell, str, str]]:
        """Each cell that was not taken, with its row’s title and why."""
        return [
            (Cell(row.task_id, cell.day), row.title, cell.error)
            for row in self.rows
            for cell in row.cells
            if cell.error
        ]


@dataclass(frozen=True)
class RowName:
    """A task as a row of the grid is headed."""

    task_id: int
    title: str
    category: str | None = None
    customer: str | None = None


def lay_out(
    *,
    period: Period,
    shares: Iterable[Share],
    added: Sequence[RowName] = (),
    latest: date,
    typed: Mapping[Cell, TypedCell] | None = None,
    errors: Mapping[tuple[int, date], str] | None = None,
) -> Grid:
    """
    Lay out a week.

    :param added: tasks that get a row though nothing was spent on them
    :param latest: the last day that can be typed into
    :param typed: what stands in cells instead of what is kept
    :param errors: why cells were not taken
    """
    kept: dict[Cell, int] = {}
    running: dict[Cell, int] = {}
    names = {name.task_id: name for name in added}
    by_task: dict[int, int] = dict.fromkeys(names, 0)
    by_day = dict.fromkeys(period.days(), 0)
    for share in shares:
        cell = Cell(share.task_id, share.day)
        sums = running if share.is_running else kept
        sums[cell] = sums.get(cell, 0) + share.seconds
        names.setdefault(share.task_id, RowName(share.task_id, share.title, share.category, share.customer))
        by_task[share.task_id] = by_task.get(share.task_id, 0) + share.seconds
        by_day[share.day] += share.seconds
    asked = {name.task_id for name in added} | {cell.task_id for cell in typed or {}}
    # What somebody types into stays; of the others those with the most time.
    first = sorted(by_task, key=lambda task_id: (task_id not in asked, -by_task[task_id], task_id))
    shown, others = first[:MOST_ROWS], first[MOST_ROWS:]
    rows = [
        GridRow(
            task_id=task_id,
            title=names[task_id].title,
            category=names[task_id].category,
            customer=names[task_id].customer,
            cells=tuple(
                _cell(
                    day,
                    seconds=kept.get(Cell(task_id, day), 0),
                    running_seconds=running.get(Cell(task_id, day), 0),
                    typed=(typed or {}).get(Cell(task_id, day)),
                    error=(errors or {}).get(Cell(task_id, day)),
                    can_type=EARLIEST_DAY <= day <= latest,
                )
                for day in by_day
            ),
        )
        for task_id in shown
    ]
    return Grid(
        period=period,
        days=tuple(by_day.items()),
        rows=tuple(sorted(rows, key=lambda row: (row.title.casefold(), row.task_id))),
        others_count=len(others),
        others=tuple(
            sum(kept.get(Cell(task_id, day), 0) + running.get(Cell(task_id, day), 0) for task_id in others)
            for day in by_day
        ),
    )


def _cell(
    day: date, *, seconds: int, running_seconds: int, typed: TypedCell | None, error: str | None, can_type: bool
) -> GridCell:
    was = seconds if typed is None or typed.was_seconds is None else typed.was_seconds
    text = write_cell(seconds) if typed is None else typed.text
    return GridCell(day, text, was, seconds, running_seconds, error, can_type)


def moved_week(totals: Mapping[Cell, int], *, days_later: int) -> dict[Cell, int]:
    """
    Return what cells say, so many days later, in whole minutes as they are shown.

    What shows nothing is absent, and so is what no day can hold: a total that was kept elsewhere.
    """
    return {
        Cell(cell.task_id, cell.day + timedelta(days=days_later)): seconds - seconds % MINUTE_SECONDS
        for cell, seconds in totals.items()
        if MINUTE_SECONDS <= seconds <= LONGEST_CELL_SECONDS
    }
