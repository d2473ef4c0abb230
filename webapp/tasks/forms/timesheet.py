"""What the address of a timesheet asks for, and what was typed into its week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from webapp.errors import InvalidInput
from webapp.tasks.rules.entries import Attribution
from webapp.tasks.rules.rounding import STEPS, Rounding, RoundingWay
from webapp.tasks.rules.timesheet import RecordOrNone, SheetCriteria, View, choose_period, choose_view, week_of
from webapp.tasks.rules.week_grid import MOST_ROWS, Cell, CellEdit, TypedCell, read_cell, says_the_same
from webapp.values.actor import Actor
from webapp.values.period import PERIOD_NAMES, Period, named_period
from webapp.web.fields import read_day

Choice = TypeVar("Choice", bound=StrEnum)

EVERYBODY = "all"
_SPANS = ("this-week", "last-week", "this-month", "last-month", "30d")
# Written as its parameter is: 15 to the nearest quarter, 15-up to the next.
ROUNDINGS = {
    f"{step}{suffix}": Rounding(step, way)
    for step in STEPS
    for suffix, way in (("", RoundingWay.NEAREST), ("-up", RoundingWay.UP))
}


@dataclass(frozen=True)
class AskedSheet:
    """A timesheet as an address asks for it. `row_ids` are tasks that get a row in a week without time on them."""

    view: View
    criteria: SheetCriteria
    after: str | None = None
    row_ids: tuple[int, ...] = ()
    with_last_week: bool = False

    @property
    def period(self) -> Period:
        """The days it shows."""
        return self.criteria.period


def read_sheet(arguments: MultiDict[str, str], *, today: date, week_start: int, actor: Actor) -> AskedSheet:
    """
    Read the parameters of an address. The day and the week are the actor's own and show all of their time.

    :raises InvalidInput: for what is no day, no period or no such choice, naming the parameter
    """
    first, last = _read_day(arguments, "from"), _read_day(arguments, "to")
    view = choose_view(asked=_read_choice(arguments, "view", View), first=first, last=last)
    period = choose_period(first=first, last=last, today=today, week_start=week_start, view=view)
    if view is not View.LIST:
        return AskedSheet(
            view=view,
            criteria=SheetCriteria(period=period, user_id=actor.user_id),
            row_ids=_read_rows(arguments),
            with_last_week=arguments.get("rows") == "last-week",
        )
    return AskedSheet(
        view=view,
        criteria=SheetCriteria(
            period=period,
            user_id=_read_person(arguments.get("person", "").strip(), actor=actor),
            task_id=_read_number(arguments, "task"),
            category_id=_read_record(arguments, "category"),
            tag_id=_read_number(arguments, "tag"),
            customer_id=_read_record(arguments, "customer"),
            is_billable=_read_billable(arguments.get("billable", "").strip()),
            attribution=_read_choice(arguments, "count", Attribution) or Attribution.CLIPPED,
            rounding=_read_rounding(arguments.get("rounding", "").strip()),
        ),
        after=arguments.get("after") or None,
    )


def write_sheet(asked: AskedSheet, *, actor: Actor) -> dict[str, str]:
    """Return the parameters that ask for this timesheet, its first page."""
    criteria = asked.criteria
    parameters = {
        "view": asked.view,
        "from": criteria.period.start,
        "to": criteria.period.last if asked.view is not View.DAY else None,
        "person": None if criteria.user_id == actor.user_id else criteria.user_id or EVERYBODY,
        "task": criteria.task_id,
        "category": criteria.category_id,
        "tag": criteria.tag_id,
        "customer": criteria.customer_id,
        "billable": None if criteria.is_billable is None else "yes" if criteria.is_billable else "no",
        "count": criteria.attribution if criteria.attribution is not Attribution.CLIPPED else None,
        "rounding": next((word for word, way in ROUNDINGS.items() if way == criteria.rounding), None),
    }
    return {name: str(value) for name, value in parameters.items() if value is not None}


def views_of(asked: AskedSheet, *, today: date, week_start: int) -> list[tuple[str, dict[str, str], bool]]:
    """Return the three views of about these days: the word, the parameters, whether it is the one shown."""
    period = asked.period
    # From a long list one goes to today, if it is in it.
    day = today if period.start <= today < period.end else period.start
    week = period if asked.view is View.WEEK else week_of(day, week_start=week_start)
    listed = period if asked.view is View.LIST else week
    return [
        ("Day", {"view": View.DAY, "from": day.isoformat()}, asked.view is View.DAY),
        ("Week", {"view": View.WEEK, **_ends(week)}, asked.view is View.WEEK),
        ("List", {"view": View.LIST, **_ends(listed)}, asked.view is View.LIST),
    ]


def named_spans(
    asked: AskedSheet, *, today: date, week_start: int, actor: Actor
) -> list[tuple[str, dict[str, str], bool]]:
    """Return the usual stretches of days: the words, the parameters, whether it is the one shown."""
    parameters = write_sheet(asked, actor=actor)
    spans = [(name, named_period(name, today=today, week_start=week_start)) for name in _SPANS]
    return [(PERIOD_NAMES[name], moved(parameters, period), period == asked.period) for name, period in spans]


def moved(parameters: Mapping[str, str], period: Period) -> dict[str, str]:
    """Return the parameters of the same timesheet for other days."""
    ends = _ends(period)
    return {**parameters, "from": ends["from"]} | ({"to": ends["to"]} if "to" in parameters else {})


def _ends(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.last.isoformat()}


@dataclass(frozen=True)
class TypedWeek:
    """What was sent from the week: its rows, all that was typed, what is to change, and what cannot be read."""

    period: Period
    row_ids: tuple[int, ...]
    typed: dict[Cell, TypedCell]
    edits: list[CellEdit] = field(default_factory=list)
    errors: dict[tuple[int, date], str] = field(default_factory=dict)

    @property
    def empty_row_ids(self) -> list[int]:
        """Rows that nothing stands in: they would be gone when the week is shown again."""
        filled = {cell.task_id for cell, typed in self.typed.items() if typed.text.strip() or typed.was_seconds}
        return [task_id for task_id in self.row_ids if task_id not in filled]

    def with_now(self, cells: Mapping[tuple[int, date], int]) -> dict[Cell, TypedCell]:
        """Return what was typed, where these cells say something else by now: sent again, it replaces that."""
        return {
            cell: TypedCell(typed.text, cells[cell]) if cell in cells else typed for cell, typed in self.typed.items()
        }


def read_week(sent: MultiDict[str, str], *, today: date, week_start: int) -> TypedWeek:
    """
    Read a week that was typed into. A cell that says what it said before is no change, whatever it says by now.

    :raises InvalidInput: when it is not known which days or tasks it is about
    """
    first, last = _read_day(sent, "from"), _read_day(sent, "to")
    period = choose_period(first=first, last=last, today=today, week_start=week_start, view=View.WEEK)
    week = TypedWeek(period, _read_rows(sent), {})
    for task_id in week.row_ids:
        was = _read_was(sent.get(f"was-{task_id}", ""), period)
        for day, was_seconds in zip(period.days(), was, strict=True):
            text = sent.get(f"cell-{task_id}-{day}")
            if text is not None:
                _take(week, Cell(task_id, day), TypedCell(text, was_seconds))
    return week


def _take(week: TypedWeek, cell: Cell, typed: TypedCell) -> None:
    week.typed[cell] = typed
    if typed.was_seconds is not None and says_the_same(typed.text, typed.was_seconds):
        return
    try:
        week.edits.append(CellEdit(cell, read_cell(typed.text), typed.was_seconds))
    except ValueError as error:
        week.errors[cell] = str(error)


def _read_was(sent: str, period: Period) -> list[int | None]:
    numbers = sent.split(" ")
    if len(numbers) != period.length_days or not all(re.fullmatch(r"[0-9]{1,9}", number) for number in numbers):
        return [None] * period.length_days
    return [int(number) for number in numbers]


def _read_rows(sent: MultiDict[str, str]) -> tuple[int, ...]:
    words = sent.getlist("row")
    if not all(re.fullmatch(r"[0-9]{1,9}", word) for word in words):
        raise InvalidInput("A row stands for a task, by its number.", field="row")
    row_ids = tuple(dict.fromkeys(int(word) for word in words))
    if len(row_ids) > MOST_ROWS:
        raise InvalidInput(f"A week has {MOST_ROWS} rows at most.", field="row")
    return row_ids


def _read_day(arguments: Mapping[str, str], name: str) -> date | None:
    typed = arguments.get(name, "").strip()
    if not typed:
        return None
    try:
        return read_day(typed)
    except ValueError as error:
        raise InvalidInput(str(error), field=name) from None


def _read_choice(arguments: Mapping[str, str], name: str, choices: type[Choice]) -> Choice | None:
    word = arguments.get(name, "").strip()
    try:
        return choices(word) if word else None
    except ValueError:
        raise _unknown(word, name, ", ".join(choices)) from None


def _read_person(word: str, *, actor: Actor) -> int | None:
    if word in ("", "me"):
        return actor.user_id
    return None if word == EVERYBODY else _number(word, "person", others=f"me or {EVERYBODY}")


def _read_record(arguments: Mapping[str, str], name: str) -> RecordOrNone | None:
    word = arguments.get(name, "").strip()
    if word == "none":
        return "none"
    return _number(word, name, others="none") if word else None


def _read_number(arguments: Mapping[str, str], name: str) -> int | None:
    word = arguments.get(name, "").strip()
    return _number(word, name) if word else None


def _number(word: str, name: str, others: str = "") -> int:
    if re.fullmatch(r"[0-9]{1,9}", word, re.ASCII):
        return int(word)
    raise _unknown(word, name, f"a number{', ' if others else ''}{others}")


def _read_billable(word: str) -> bool | None:
    if word in ("", "yes", "no"):
        return {"": None, "yes": True, "no": False}[word]
    raise _unknown(word, "billable", "yes, no")


def _read_rounding(word: str) -> Rounding | None:
    if not word:
        return None
    if word not in ROUNDINGS:
        raise _unknown(word, "rounding", ", ".join(ROUNDINGS))
    return ROUNDINGS[word]


def _unknown(word: str, name: str, known: str) -> InvalidInput:
    return InvalidInput(f"“{word[:40]}” is not known as {name}. Use one of {known}.", field=name)
