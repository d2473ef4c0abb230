"""
How pressing a task is: a sum whose terms are shown with it. Pure.

The terms, their weights and the ramp of the due day are Taskwarrior's (https://taskwarrior.org/docs/urgency/).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.tasks.rules.due import NO_DUE
from webapp.values.priority import Priority
from webapp.values.status import Status

# The due day presses least until two weeks before it, and most from a week after it.
RAMP_BEGINS_DAYS_AHEAD = 14
RAMP_ENDS_DAYS_LATE = 7
LEAST_OF_DUE = Decimal("0.2")
OLDEST_DAYS = 365
HEAVIEST = Decimal(100)

_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Weights:
    """What each term is worth at most. A low priority is worth nothing, as none at all is in Taskwarrior."""

    due: Decimal = Decimal("12.00")
    blocking: Decimal = Decimal("8.00")
    urgent: Decimal = Decimal("6.00")
    high: Decimal = Decimal("3.90")
    medium: Decimal = Decimal("1.80")
    low: Decimal = Decimal("0.00")
    active: Decimal = Decimal("4.00")
    age: Decimal = Decimal("2.00")
    waiting: Decimal = Decimal("-3.00")
    blocked: Decimal = Decimal("-5.00")


WEIGHT_NAMES = tuple(field.name for field in fields(Weights))


@dataclass(frozen=True)
class Facts:
    """
    What the urgency of a task follows from, at `now`, for somebody who lives in `zone`.

    :param starts_on: the day before which nobody wants to see it
    :param is_running: whether anybody's timer runs on it
    :param blockers: how many open tasks it waits for
    :param waiting: how many open tasks wait for it
    """

    now: datetime
    zone: ZoneInfo
    created_at: datetime
    status: Status = Status.TODO
    priority: Priority = Priority.MEDIUM
    due_on: date | None = None
    due_at: datetime | None = None
    starts_on: date | None = None
    is_running: bool = False
    blockers: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Term:
    """One reason: which it is (the name of its weight, or `inherited`), in words, and what it is worth here."""

    name: str
    words: str
    points: Decimal


@dataclass(frozen=True)
class Urgency:
    """The terms that apply, the weightiest first, each to two places; `total` is their exact sum."""

    terms: tuple[Term, ...] = ()

    @property
    def total(self) -> Decimal:
        """The sum of the terms."""
        return sum((term.points for term in self.terms), _ZERO)


NOT_URGENT = Urgency()


def score(facts: Facts, weights: Weights) -> Urgency:
    """Return how pressing a task is by itself; one that is done is not."""
    if facts.status is Status.DONE:
        return NOT_URGENT
    today = facts.now.astimezone(facts.zone).date()
    terms = [Term(facts.priority.word, f"{facts.priority.word} priority", _points(_of(weights, facts.priority)))]
    if (late := days_late(facts)) is not None:
        terms.append(Term("due", _due_words(facts, today), _points(weights.due * due_share(late))))
    if facts.waiting:
        terms.append(Term("blocking", f"{_tasks(facts.waiting)} for it", _points(weights.blocking)))
    if facts.blockers:
        words = f"waits for {facts.blockers} other task{'s' if facts.blockers != 1 else ''}"
        terms.append(Term("blocked", words, _points(weights.blocked)))
    if facts.is_running or facts.status is Status.DOING:
        terms.append(Term("active", "its timer runs" if facts.is_running else "in progress", _points(weights.active)))
    if facts.starts_on is not None and facts.starts_on > today:
        words = f"not to begin for {_days((facts.starts_on - today).days)}"
        terms.append(Term("waiting", words, _points(weights.waiting)))
    age = max(0, (facts.now - facts.created_at).days)
    terms.append(
        Term("age", f"added {_days(age)} ago" if age else "added today", _points(weights.age * age_share(age)))
    )
    return Urgency(_in_order(terms))


def inherit(
    own: Mapping[int, Urgency], waiting: Mapping[int, Collection[int]], titles: Mapping[int, str]
) -> dict[int, Urgency]:
    """
    Return the urgency of each task in `own`, raised to that of the most pressing open task that waits for it.

    What waits may itself be raised by what waits for it. A circle, which there should not be, raises nobody for ever.

    :param waiting: by task, the tasks that wait for it; those not in `own` do not count
    """
    raised: dict[int, Urgency] = {}
    for first in own:
        path, entered = [first], {first}
        while path:
            task_id = path[-1]
            ahead = [other for other in waiting.get(task_id, ()) if other in own]
            further = next((other for other in ahead if other not in raised and other not in entered), None)
            if further is not None:
                path.append(further)
                entered.add(further)
                continue
            if task_id not in raised:
                raised[task_id] = _raised(
                    own[task_id], {other: raised[other] for other in ahead if other in raised}, titles
                )
            path.pop()
    return raised


def days_late(facts: Facts) -> Decimal | None:
    """Return how many days ago a task was due, below zero before; whole ones of a due day. None when it is not due."""
    if facts.due_at is not None:
        return Decimal((facts.now - facts.due_at) // timedelta(seconds=1)) / Decimal(86400)
    if facts.due_on is not None:
        return Decimal((facts.now.astimezone(facts.zone).date() - facts.due_on).days)
    return None


def due_share(late: Decimal) -> Decimal:
    """Return the share of the due weight `late` days after the due day: 0.2 at 14 days before, 1.0 at 7 after."""
    span = RAMP_BEGINS_DAYS_AHEAD + RAMP_ENDS_DAYS_LATE
    climbed = min(max(late + RAMP_BEGINS_DAYS_AHEAD, Decimal(0)), Decimal(span))
    return LEAST_OF_DUE + (1 - LEAST_OF_DUE) * climbed / span


def age_share(days: int) -> Decimal:
    """Return the share of the age weight after so many days: all of it after a year."""
    return Decimal(min(max(days, 0), OLDEST_DAYS)) / OLDEST_DAYS


def most_beyond(
    weights: Weights,
    *,
    status: Status,
    due_sort: datetime,
    priority: Priority,
    created_at: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> Decimal:
    """
    Return what an open task presses at most that is due no sooner, no more important and no older than this.

    It is one that nobody waits for; of those to do, one that no timer runs on.

    :param due_sort: see rules.due; `NO_DUE` when it is not due
    """
    today = now.astimezone(zone).date()
    late = max(Decimal((today - due_sort.date()).days), Decimal((now - due_sort) // timedelta(seconds=1)) / 86400)
    dues = [] if due_sort == NO_DUE else [LEAST_OF_DUE, due_share(late)]
    oldest = age_share(max(0, (now - created_at).days))
    return (
        max([_ZERO, *(_points(weights.due * share) for share in dues)])
        + max(_points(_of(weights, other)) for other in Priority if other <= priority)
        + max(_ZERO, _points(weights.age * oldest))
        + (_points(weights.active) if status is Status.DOING else _ZERO)
        + max(_ZERO, _points(weights.waiting))
        + max(_ZERO, _points(weights.blocked))
    )


def weights_of(kept: Mapping[str, str]) -> Weights:
    """Return weights from what is kept of them, by name as decimal strings; what is not named is as usual."""
    return Weights(**{name: Decimal(kept[name]) for name in WEIGHT_NAMES if name in kept})


def kept_of(weights: Weights) -> dict[str, str]:
    """Return what is to be kept of weights: those that are not as usual."""
    usual = Weights()
    return {
        name: str(getattr(weights, name)) for name in WEIGHT_NAMES if getattr(weights, name) != getattr(usual, name)
    }


def mark_of(weights: Weights) -> str:
    """Return a text that tells these weights from others."""
    return " ".join(f"{getattr(weights, name):.2f}" for name in WEIGHT_NAMES)


def read_weight(typed: str, *, name: str) -> Decimal:
    """
    Read a weight as a person writes it.

    :raises InvalidInput: for what is no number from −100 to 100 with at most two places, naming the field
    """
    text = typed.strip().replace("−", "-").replace(",", ".")
    try:
        weight = Decimal(text) if text.isascii() and len(text) <= 12 and "_" not in text else Decimal("NaN")
    except InvalidOperation:
        weight = Decimal("NaN")
    if not weight.is_finite() or "e" in text.lower():
        raise InvalidInput("Write a number, like 12 or 3.9.", field=name)
    if abs(weight) > HEAVIEST:
        raise InvalidInput(f"A weight lies between −{HEAVIEST} and {HEAVIEST}.", field=name)
    if weight != weight.quantize(_CENT):
        raise InvalidInput("A weight has at most two digits after the point.", field=name)
    # Not -0.00: it would read as another number than 0.
    return weight.quantize(_CENT) + 0


def _raised(own: Urgency, waiting: Mapping[int, Urgency], titles: Mapping[int, str]) -> Urgency:
    most = max(waiting, key=lambda task_id: (waiting[task_id].total, -task_id), default=None)
    if most is None or waiting[most].total <= own.total:
        return own
    words = f"“{titles[most]}” waits for it"
    return Urgency(_in_order([*own.terms, Term("inherited", words, waiting[most].total - own.total)]))


def _in_order(terms: list[Term]) -> tuple[Term, ...]:
    return tuple(sorted((term for term in terms if term.points), key=lambda term: -term.points))


def _of(weights: Weights, priority: Priority) -> Decimal:
    return {
        Priority.URGENT: weights.urgent,
        Priority.HIGH: weights.high,
        Priority.MEDIUM: weights.medium,
        Priority.LOW: weights.low,
    }[priority]


def _points(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _due_words(facts: Facts, today: date) -> str:
    day = facts.due_at.astimezone(facts.zone).date() if facts.due_at is not None else facts.due_on
    away = ((day or today) - today).days
    if away == 0 and facts.due_at is not None:
        return "due later today" if facts.due_at >= facts.now else "late since earlier today"
    if away < 0:
        return f"{_days(-away)} late"
    return {0: "due today", 1: "due tomorrow"}.get(away, f"due in {_days(away)}")


def _days(count: int) -> str:
    return f"{count:,} day{'s' if count != 1 else ''}"


def _tasks(count: int) -> str:
    return "another task waits" if count == 1 else f"{count:,} other tasks wait"
