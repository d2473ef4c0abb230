"""What a list is asked for, as named conditions on tasks and the values in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.tasks.models import Category, Tag, Task, TaskBlocker, TaskTag, TaskWord
from webapp.tasks.rules.criteria import (
    Due,
    DueWindow,
    Estimate,
    State,
    Stretch,
    TaskCriteria,
    due_range,
    due_stretches,
    due_window,
)
from webapp.tasks.rules.due import NO_DUE
from webapp.tasks.rules.tasks import NO_ESTIMATE
from webapp.tasks.rules.words import MOST_LOOKED_FOR, looked_for
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.values.text import name_key

# What is found by its words, or waits for others, is fetched by its ids when there are no more than this.
MOST_IDS = 1000
# So many links between tasks are read to know what waits.
MOST_LINKS = 2000

# Later than any word that begins with what stands before it.
_LAST = "\U0010ffff"

_T, _TAGS, _WORDS, _BLOCKERS = table_of(Task), table_of(TaskTag), table_of(TaskWord), table_of(TaskBlocker)
_OTHER = _T.alias("other_tasks")


Value = Callable[[str], Any]


def _is_there(statement: Select[Any]) -> ColumnElement[bool]:
    """
    Return whether `statement` finds a row for the task that is asked.

    Not EXISTS: a server that knows too little of its tables, as after an import, reads the whole table for that once.
    """
    return statement.correlate(_T).limit(literal_column("1")).scalar_subquery().is_not(None)


def _waits() -> ColumnElement[bool]:
    return _is_there(
        select(_BLOCKERS.c.task_id)
        .join(_OTHER, _OTHER.c.id == _BLOCKERS.c.blocked_by_id)
        .where(_BLOCKERS.c.task_id == _T.c.id, _OTHER.c.status != Status.DONE, _OTHER.c.is_deleted == false())
    )


def _has_word(number: int, value: Value) -> ColumnElement[bool]:
    return _is_there(
        select(_WORDS.c.task_id).where(
            _WORDS.c.task_id == _T.c.id,
            _WORDS.c.word >= value(f"begins_word_{number}"),
            _WORDS.c.word < value(f"ends_of_word_{number}"),
        )
    )


_MAKERS: dict[str, Callable[[Value], ColumnElement[bool]]] = {
    "status": lambda value: _T.c.status == value("status"),
    "open": lambda value: _T.c.status != Status.DONE,
    "priority": lambda value: _T.c.priority == value("priority"),
    "category": lambda value: _T.c.category_id == value("category"),
    "no category": lambda value: _T.c.category_id.is_(None),
    "customer": lambda value: _T.c.customer_id == value("customer"),
    "no customer": lambda value: _T.c.customer_id.is_(None),
    "assignee": lambda value: _T.c.assignee_id == value("assignee"),
    "no assignee": lambda value: _T.c.assignee_id.is_(None),
    "parent": lambda value: _T.c.parent_id == value("parent"),
    "no parent": lambda value: _T.c.parent_id.is_(None),
    "no due": lambda value: _T.c.due_sort == NO_DUE,
    "due until": lambda value: or_(_T.c.due_on <= value("due_last"), _T.c.due_at < value("due_ends_at")),
    "due between": lambda value: or_(
        and_(_T.c.due_on >= value("due_first"), _T.c.due_on <= value("due_last")),
        and_(_T.c.due_at >= value("due_starts_at"), _T.c.due_at < value("due_ends_at")),
    ),
    "no estimate": lambda value: _T.c.estimate_sort == NO_ESTIMATE,
    "estimate": lambda value: and_(
        _T.c.estimate_sort >= value("estimate_from"), _T.c.estimate_sort <= value("estimate_to")
    ),
    "tag": lambda value: _is_there(
        select(_TAGS.c.task_id).where(_TAGS.c.task_id == _T.c.id, _TAGS.c.tag_id == value("tag"))
    ),
    "blocked": lambda value: and_(_T.c.status != Status.DONE, _T.c.has_blockers == true(), _waits()),
    "ready": lambda value: and_(
        _T.c.status != Status.DONE,
        or_(_T.c.starts_on.is_(None), _T.c.starts_on <= value("today")),
        or_(_T.c.has_blockers == false(), ~_waits()),
    ),
    # + 0 keeps the engines from looking through all of the workspace for what the ids name already.
    "ids": lambda value: and_(_T.c.id.in_(value("ids")), _T.c.workspace_id + 0 == value("workspace")),
    **{f"word {number}": partial(_has_word, number) for number in range(MOST_LOOKED_FOR)},
}


def _place(name: str) -> Any:
    return bindparam(name, expanding=name == "ids")


# Written once, with a place for each value, so that the statements made of them can be kept.
CONDITIONS = {name: make(_place) for name, make in _MAKERS.items()}


@dataclass
class Asked:
    """
    What a list is asked for: names of `CONDITIONS` and their values.

    Where a due day is asked for, `stretches` are those of the order by due day that hold all that is wanted and nothing
    else. `statuses` are those it can have; `is_empty` when nothing can match.
    """

    names: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    statuses: tuple[Status, ...] = ()
    is_empty: bool = False

    def add(self, name: str, **values: Any) -> None:
        """Ask for one more thing."""
        self.names.append(name)
        self.values.update(values)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what is asked for with its values in place."""
        return [_MAKERS[name](self.values.__getitem__) for name in self.names]


def ask(criteria: TaskCriteria, *, actor: Actor) -> Asked:
    """Look up the names in `criteria`, and return what is asked for."""
    asked = Asked(values={"workspace": actor.workspace_id})
    _ask_status_and_due(asked, criteria, actor=actor)
    if criteria.priority is not None:
        asked.add("priority", priority=criteria.priority)
    if criteria.estimate is not None:
        _ask_estimate(asked, criteria.estimate)
    assignee_id = actor.user_id if criteria.assignee_id == "me" else criteria.assignee_id
    for name, record_id in (("customer", criteria.customer_id), ("assignee", assignee_id)):
        if record_id == "none":
            asked.add(f"no {name}")
        elif record_id is not None:
            asked.add(name, **{name: record_id})
    if criteria.parent_id is not None:
        asked.add("parent", parent=criteria.parent_id)
    if criteria.is_top_level:
        asked.add("no parent")
    _ask_names(asked, criteria, actor=actor)
    if not asked.is_empty:
        _ask_by_ids(asked, criteria, actor=actor)
    return asked


def filters_of(asked: Asked, *, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions for what is asked, those for where to look first, for whoever has an order of their own."""
    if asked.is_empty:
        return [false()]
    # An index of the workspace would have to be read for what the ids name already.
    workspace_id = Task.workspace_id + 0 if "ids" in asked.names else Task.workspace_id
    return [workspace_id == actor.workspace_id, Task.is_deleted == false(), *asked.conditions()]


def due_within(window: DueWindow) -> list[ColumnElement[bool]]:
    """Return the conditions for what is due in `window`: a range of the index first, then what is exact."""
    on_a_day: list[ColumnElement[bool]] = [Task.due_on <= window.last]
    at_an_instant: list[ColumnElement[bool]] = [Task.due_at < window.ends_at]
    sorts: list[ColumnElement[bool]] = [Task.due_sort <= window.sorts_to]
    if window.first is not None and window.starts_at is not None and window.sorts_from is not None:
        on_a_day.append(Task.due_on >= window.first)
        at_an_instant.append(Task.due_at >= window.starts_at)
        sorts.append(Task.due_sort >= window.sorts_from)
    return [*sorts, or_(and_(*on_a_day), and_(*at_an_instant))]


def _ask_status_and_due(asked: Asked, criteria: TaskCriteria, *, actor: Actor) -> None:
    asked.statuses = tuple(Status) if criteria.status is None else (criteria.status,)
    if criteria.status is not None:
        asked.add("status", status=criteria.status)
    if criteria.due is Due.NONE:
        asked.add("no due")
        return
    if criteria.due is not None:
        window = due_window(criteria.due, now=criteria.now, zone=actor.zone)
    elif criteria.has_due_range:
        window = due_range(criteria.due_from, criteria.due_to, zone=actor.zone)
    else:
        return
    if criteria.due is Due.OVERDUE:
        asked.statuses = tuple(status for status in asked.statuses if status is not Status.DONE)
        asked.is_empty = not asked.statuses
        if criteria.status is None:
            asked.add("open")
    asked.stretches = due_stretches(window)
    asked.add("due until", due_last=window.last, due_ends_at=window.ends_at)
    if window.first is not None:
        asked.names[-1] = "due between"
        asked.values |= {"due_first": window.first, "due_starts_at": window.starts_at}


def _ask_estimate(asked: Asked, estimate: Estimate) -> None:
    if estimate == "none":
        asked.add("no estimate")
        return
    shortest, longest = (None, None) if estimate == "any" else estimate
    asked.add("estimate", estimate_from=shortest or 0, estimate_to=NO_ESTIMATE - 1 if longest is None else longest)


def _ask_names(asked: Asked, criteria: TaskCriteria, *, actor: Actor) -> None:
    wanted: dict[str, str] = {}
    if criteria.category is not None:
        if criteria.category.strip().lower() == "none":
            asked.add("no category")
        else:
            wanted["category"] = name_key(criteria.category)
    if criteria.tag is not None:
        wanted["tag"] = name_key(criteria.tag)
    if not wanted:
        return
    values = {"workspace": actor.workspace_id} | {f"{kind}_name": key for kind, key in wanted.items()}
    found = {row.kind: row.id for row in db.session.execute(_named(tuple(wanted)), values)}
    for kind in wanted:
        asked.add(kind, **{kind: found.get(kind)})
    asked.is_empty |= found.keys() != wanted.keys()


@cache
def _named(kinds: tuple[str, ...]) -> Any:
    statements = []
    for kind in kinds:
        named = table_of({"category": Category, "tag": Tag}[kind])
        statements.append(
            select(literal_column(f"'{kind}'").label("kind"), named.c.id).where(
                named.c.workspace_id == bindparam("workspace"), named.c.name_key == bindparam(f"{kind}_name")
            )
        )
    return union_all(*statements) if len(statements) > 1 else statements[0]


def _ask_by_ids(asked: Asked, criteria: TaskCriteria, *, actor: Actor) -> None:
    """Ask for what is found by words, or waits for others: by ids where these are few, else of each task in turn."""
    ids: set[int] | None = None
    if criteria.q is not None:
        words = looked_for(criteria.q)
        asked.is_empty |= not words
        rarest = _find_rarest(words, actor=actor) if len(words) > 1 else 0
        if words and rarest is not None:
            ids = _list_with_word(words[rarest], actor=actor)
        for number, word in enumerate(words):
            if number != rarest or ids is None:
                asked.add(f"word {number}", **{f"begins_word_{number}": word, f"ends_of_word_{number}": word + _LAST})
    if criteria.state is State.READY:
        asked.add("ready", today=criteria.now.astimezone(actor.zone).date())
    elif criteria.state is State.BLOCKED:
        asked.add("blocked")
        waiting = _list_waiting(actor=actor)
        if waiting is not None:
            ids = waiting if ids is None else ids & waiting
    if ids is not None:
        asked.is_empty |= not ids
        asked.add("ids", ids=sorted(ids))


def _with_word(word: str, *, actor: Actor) -> Select[int]:
    # A task may have several words that begin so.
    return (
        select(_WORDS.c.task_id)
        .where(_WORDS.c.workspace_id == actor.workspace_id, _WORDS.c.word >= word, _WORDS.c.word < word + _LAST)
        .limit(MOST_IDS + 1)
    )


def _list_with_word(word: str, *, actor: Actor) -> set[int] | None:
    found = list(db.session.scalars(_with_word(word, actor=actor)))
    return None if len(found) > MOST_IDS else set(found)


def _find_rarest(words: Sequence[str], *, actor: Actor) -> int | None:
    """Return which of the words fewest tasks have; None when even those are too many to be fetched by their ids."""
    if not words:
        return None
    counts = [
        select(literal(number), func.count()).select_from(_with_word(word, actor=actor).subquery())
        for number, word in enumerate(words)
    ]
    by_number = {int(number): int(count) for number, count in db.session.execute(union_all(*counts))}
    found = [by_number[number] for number in range(len(words))]
    fewest = min(found)
    return found.index(fewest) if fewest <= MOST_IDS else None


def _list_waiting(*, actor: Actor) -> set[int] | None:
    # One row for each link, also of what holds nothing up any more: these pile up over the years.
    links = (
        select(_BLOCKERS.c.task_id, _BLOCKERS.c.blocked_by_id)
        .where(_BLOCKERS.c.workspace_id == actor.workspace_id)
        .limit(MOST_LINKS + 1)
        .subquery()
    )
    is_open = and_(_OTHER.c.status != Status.DONE, _OTHER.c.is_deleted == false())
    found = db.session.execute(
        select(links.c.task_id, is_open).outerjoin(_OTHER, _OTHER.c.id == links.c.blocked_by_id)
    ).all()
    waiting = {task_id for task_id, holds_up in found if holds_up}
    return None if len(found) > MOST_LINKS or len(waiting) > MOST_IDS else waiting
