"""
Figures from the work itself, looked up before anything is worked out, such as `hours(task:42)`.

What the viewer may not see is not there. Every refusal stands at the filter that it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import Filter, SourceNode
from webapp.calculations.engine.sources import ME, NONE, OPEN, PERIOD, days_of
from webapp.calculations.engine.units import HOUR, HOURS_MIXED, find_unit
from webapp.calculations.engine.values import Quantity, Value
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.tasks.models import Category, Tag
from webapp.tasks.queries import figures as work
from webapp.tasks.queries.choices import list_choices
from webapp.tasks.queries.figures import ChosenTasks, TaskFacts, TimeSum
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.actor import Actor
from webapp.values.period import Period
from webapp.values.status import Status
from webapp.values.text import counted, name_key, shortened
from webapp.workspaces import queries as workspaces

# Each is two questions or three.
MOST_FIGURES = 50
_LARGEST_ID = 2**31 - 1
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Figure:
    """
    What a source came to, and what it was, in words for the record: in a year the same question has another answer.

    :param period: the days that were asked for, in the person's zone
    :param is_running: a timer was in it that still ran, counted up to then
    """

    key: str
    value: Value
    words: str
    period: Period | None = None
    is_running: bool = False


def figures_for(sources: Iterable[SourceNode], *, actor: Actor, now: datetime) -> dict[str, Figure]:
    """
    Return the figure of each source by its key.

    :raises CalculationError: SOURCE or DATE, at the filter: there is no such task, category, customer, tag or person,
        or several; a task has no estimate; a customer has no rate
    """
    asked = {source.key: source for source in sources}
    if len(asked) > MOST_FIGURES:
        first_too_many = list(asked.values())[MOST_FIGURES]
        raise CalculationError(
            Code.SOURCE,
            f"A calculation asks at most {MOST_FIGURES} figures of the work; there are {len(asked)} here.",
            position=first_too_many.start,
            end=first_too_many.end,
        )
    lookup = _Lookup(actor, now)
    return {key: _ASKED_BY_NAME[source.name](lookup, source) for key, source in asked.items()}


@dataclass(frozen=True)
class _Named:
    """A record that a filter names, or none of its kind."""

    id: int | Literal["none"]
    name: str


@dataclass(frozen=True)
class _Person:
    """Whose time, or whose tasks."""

    id: int
    name: str


class _Lookup:
    """One viewer's questions; the words of a filter are looked up where it stands."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.actor = actor
        self.now = now
        self.today = now.astimezone(actor.zone).date()

    def hours(self, source: SourceNode) -> Figure:
        filters = _by_field(source)
        period = self._period(filters)
        task = self._task(filters)
        chosen = self._records(filters)
        person = self._person(filters)
        if task is not None and filters.keys() == {"task"}:
            total = work.sum_time_of_task(task=task, actor=self.actor, now=self.now)
        else:
            criteria = SheetCriteria(
                period=period or work.ALL_DAYS,
                user_id=person.id if person else None,
                task_id=task.id if task else None,
                category_id=_id_of(chosen, "category"),
                tag_id=_number_of(chosen, "tag"),
                customer_id=_id_of(chosen, "customer"),
                is_billable=filters["billable"].value == "yes" if "billable" in filters else None,
                statuses=_statuses(filters),
            )
            total = work.sum_time(criteria=criteria, actor=self.actor, now=self.now)
        parts = [f"Time on {_name_task(task)}" if task else "Time", *_write_records(chosen)]
        if "status" in filters:
            parts.append(f"on tasks that are {_STATUS_WORDS[filters['status'].value]}")
        if "billable" in filters:
            parts.append("billable" if filters["billable"].value == "yes" else "not billable")
        parts.append(f"of {person.name}" if person else "everybody’s")
        parts.append(_write_days(period) if period else "all days")
        if task is None:
            parts.append(counted(total.tasks, "task"))
        return self._figure(source, total.seconds, parts, period, self._running(total))

    def estimate(self, source: SourceNode) -> Figure:
        filters = _by_field(source)
        task = self._task(filters)
        if task is not None:
            if filters.keys() != {"task"}:
                raise _refusal("One task has one estimate, whatever else is asked.", _other(filters, "task"))
            if task.estimated_minutes is None:
                raise _refusal(f"{_capital(_name_task(task))} has no estimate.", filters["task"], "Give it one first.")
            return self._figure(source, task.estimated_minutes * 60, [f"Estimate of {_name_task(task)}"], None)
        period, found, parts = self._tasks(filters)
        total = work.sum_tasks(criteria=found, actor=self.actor)
        parts = ["Estimates of tasks", *parts]
        parts.append(f"{counted(total.estimated_tasks, 'task')} of {total.tasks:,} with an estimate")
        return self._figure(source, total.estimated_minutes * 60, parts, period)

    def count(self, source: SourceNode) -> Figure:
        period, found, parts = self._tasks(_by_field(source))
        total = work.sum_tasks(criteria=found, actor=self.actor)
        return Figure(source.key, Quantity(Fraction(total.tasks)), ", ".join(["Tasks", *parts]), period)

    def rate(self, source: SourceNode) -> Figure:
        filters = _by_field(source)
        task = self._task(filters)
        if task is not None:
            asked = filters["task"]
            if task.customer_id is None:
                raise _refusal(f"{_capital(_name_task(task))} is for no customer, so it has no rate.", asked)
            customer_id = task.customer_id
        else:
            asked = filters["customer"]
            customer = self._customer(asked)
            if not isinstance(customer.id, int):
                raise _refusal("No customer has no rate.", asked, "Name one.")
            customer_id = customer.id
        row = db.session.execute(
            select(Customer.name, Customer.rate_cents, Customer.currency).where(Customer.id == customer_id)
        ).one()
        if row.rate_cents is None or row.currency is None:
            raise _refusal(f"{_quoted(row.name)} has no hourly rate.", asked, "Set it on the customer’s page.")
        money = find_unit(row.currency)
        if money is None:
            raise _refusal(f"{row.currency} is no currency that can be calculated with.", asked)
        parts = ["Hourly rate of", _quoted(row.name)]
        if task is not None:
            parts.append(f"for {_name_task(task)}")
        value = Quantity(Fraction(row.rate_cents, 100), ((money, 1), (HOUR, -1)))
        return Figure(source.key, value, " ".join(parts))

    def _tasks(self, filters: Mapping[str, Filter]) -> tuple[Period | None, ChosenTasks, list[str]]:
        period = self._period(filters)
        chosen = self._records(filters)
        person = self._person(filters)
        statuses = _statuses(filters)
        found = ChosenTasks(
            period=period,
            statuses=statuses,
            category_id=_id_of(chosen, "category"),
            tag_id=_number_of(chosen, "tag"),
            customer_id=_id_of(chosen, "customer"),
            assignee_id=person.id if person else None,
        )
        parts = _write_records(chosen)
        if person:
            parts.append(f"of {person.name}")
        if period and statuses == (Status.DONE,):
            parts.append(f"finished {_write_days(period)}")
        else:
            if period:
                parts.append(f"created {_write_days(period)}")
            if "status" in filters:
                parts.append(f"now {_STATUS_WORDS[filters['status'].value]}")
        return period, found, parts

    def _figure(
        self, source: SourceNode, seconds: int, parts: Sequence[str], period: Period | None, running: str = ""
    ) -> Figure:
        words = ", ".join([*parts, running] if running else parts)
        value = Quantity(Fraction(seconds, 3600), HOURS_MIXED)
        return Figure(source.key, value, words, period, is_running=bool(running))

    def _running(self, total: TimeSum) -> str:
        if not total.is_running:
            return ""
        until = self.now.astimezone(self.actor.zone)
        return f"with a running timer counted to {until:%Y-%m-%d %H:%M}"

    def _period(self, filters: Mapping[str, Filter]) -> Period | None:
        asked = filters.get(PERIOD)
        if asked is None:
            return None
        week_start = 0
        if asked.value.endswith("week"):
            week_start = db.session.scalar(select(User.week_start).where(User.id == self.actor.user_id)) or 0
        try:
            return Period(*days_of(asked.value, today=self.today, week_start=week_start))
        except CalculationError as error:
            raise error.at(asked.start, asked.end) from None

    def _task(self, filters: Mapping[str, Filter]) -> TaskFacts | None:
        asked = filters.get("task")
        if asked is None:
            return None
        number = _read_number(asked.value.removeprefix("#"))
        if number is not None:
            task = work.find_task(task_id=number, actor=self.actor)
            if task is not None:
                return task
        found = work.list_tasks_titled(title=asked.value, actor=self.actor)
        if len(found) == 1:
            return found[0]
        if found:
            raise _refusal(
                f"Several tasks are called {_quoted(asked.value)}.",
                asked,
                "Name one by its number.",
                [f"task:{task.id}" for task in found],
            )
        if number is not None:
            raise _refusal(f"There is no task {number}.", asked, "The number is at the end of a task’s address.")
        raise _refusal(
            f"There is no task called {_quoted(asked.value)}.", asked, "Write its whole title or its number."
        )

    def _records(self, filters: Mapping[str, Filter]) -> dict[str, _Named]:
        finders: dict[str, Callable[[Filter], _Named]] = {
            "category": self._category,
            "tag": self._tag,
            "customer": self._customer,
        }
        return {field: find(filters[field]) for field, find in finders.items() if field in filters}

    def _category(self, asked: Filter) -> _Named:
        row = db.session.execute(
            select(Category.id, Category.name).where(
                Category.workspace_id == self.actor.workspace_id, Category.name_key == name_key(asked.value)
            )
        ).one_or_none()
        if row is not None:
            return _Named(row.id, row.name)
        if asked.value.lower() == NONE:
            return _Named(NONE, NONE)
        raise self._unknown(asked, [name for _, name in list_choices(actor=self.actor).categories])

    def _tag(self, asked: Filter) -> _Named:
        row = db.session.execute(
            select(Tag.id, Tag.name).where(
                Tag.workspace_id == self.actor.workspace_id, Tag.name_key == name_key(asked.value)
            )
        ).one_or_none()
        if row is not None:
            return _Named(row.id, row.name)
        raise self._unknown(asked, [name for _, name in list_choices(actor=self.actor).tags])

    def _customer(self, asked: Filter) -> _Named:
        mine = select(Customer.id, Customer.name).where(Customer.workspace_id == self.actor.workspace_id)
        by_name = mine.where(Customer.name_key == name_key(asked.value)).order_by(Customer.id).limit(3)
        found = db.session.execute(by_name).all()
        if not found and (number := _read_number(asked.value)) is not None:
            found = db.session.execute(mine.where(Customer.id == number)).all()
        if len(found) > 1:
            raise _refusal(
                f"Several customers are called {_quoted(asked.value)}.",
                asked,
                "Name one by the number at the end of their page’s address.",
                [f"customer:{row.id}" for row in found],
            )
        if found:
            return _Named(found[0].id, found[0].name)
        if asked.value.lower() == NONE:
            return _Named(NONE, NONE)
        raise self._unknown(asked, [name for _, name in list_choices(actor=self.actor).customers])

    def _person(self, filters: Mapping[str, Filter]) -> _Person | None:
        asked = filters.get("person")
        if asked is None:
            return None
        people = workspaces.list_names(actor=self.actor)
        wanted = name_key(asked.value)
        if wanted == ME:
            return _Person(self.actor.user_id, dict(people).get(self.actor.user_id, ME))
        found = [person for person in people if name_key(person[1]) == wanted]
        # Ada is enough where there is only one.
        found = found or [person for person in people if wanted in name_key(person[1]).split()]
        if len(found) > 1:
            raise _refusal(f"Several people are called {_quoted(asked.value)}.", asked, "Write the whole name.")
        if found:
            return _Person(*found[0])
        raise self._unknown(asked, [name for _, name in people])

    def _unknown(self, asked: Filter, names: Sequence[str]) -> CalculationError:
        by_key = {name_key(name): name for name in names}
        meant = [by_key[key] for key in get_close_matches(name_key(asked.value), by_key)]
        hint = f"Did you mean {_quoted(meant[0])}?" if meant else None
        if hint is None and names:
            hint = f"There are {', '.join(map(_quoted, names[:5]))}{' …' if len(names) > 5 else ''}."
        return _refusal(
            f"There is no {asked.field} called {_quoted(asked.value)}.",
            asked,
            hint,
            [f'{asked.field}:"{name}"' for name in meant if '"' not in name],
        )


_ASKED_BY_NAME: dict[str, Callable[[_Lookup, SourceNode], Figure]] = {
    "hours": _Lookup.hours,
    "estimate": _Lookup.estimate,
    "count": _Lookup.count,
    "rate": _Lookup.rate,
}

_STATUS_WORDS = {OPEN: "open", **{status.value: status.label.lower() for status in Status}}


def _by_field(source: SourceNode) -> dict[str, Filter]:
    return {filter_.field: filter_ for filter_ in source.filters}


def _statuses(filters: Mapping[str, Filter]) -> tuple[Status, ...]:
    if "status" not in filters:
        return ()
    value = filters["status"].value
    return work.OPEN if value == OPEN else (Status(value),)


def _other(filters: Mapping[str, Filter], field: str) -> Filter:
    return next(filter_ for filter_ in filters.values() if filter_.field != field)


def _id_of(chosen: Mapping[str, _Named], field: str) -> int | Literal["none"] | None:
    return chosen[field].id if field in chosen else None


def _number_of(chosen: Mapping[str, _Named], field: str) -> int | None:
    record_id = _id_of(chosen, field)
    return record_id if isinstance(record_id, int) else None


def _write_records(chosen: Mapping[str, _Named]) -> list[str]:
    return [f"no {field}" if named.id == NONE else f"{field} {_quoted(named.name)}" for field, named in chosen.items()]


def _write_days(period: Period) -> str:
    return period.start.isoformat() if period.length_days == 1 else f"{period.start} to {period.last}"


def _name_task(task: TaskFacts) -> str:
    return f"task {task.id} {_quoted(task.title)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _quoted(name: str) -> str:
    return f"“{shortened(name, longest=_SHOWN_CHARACTERS)}”"


def _read_number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 12 and 0 < int(text) <= _LARGEST_ID
    return int(text) if is_number else None


def _refusal(message: str, asked: Filter, hint: str | None = None, repairs: Sequence[str] = ()) -> CalculationError:
    return CalculationError(
        Code.SOURCE, message, position=asked.start, end=asked.end, hint=hint, repairs=tuple(repairs)
    )
