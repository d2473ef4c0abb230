"""What a task may hold, and what follows from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from webapp.errors import InvalidInput
from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR
from webapp.tasks.rules.recurrence import Repeat
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import clean_line, clean_text, name_key

LONGEST_TITLE = 500
LONGEST_DESCRIPTION = 50_000
LONGEST_NAME = 80
LONGEST_NAME_KEY = 240
MOST_TAGS = 20
# The hues of the palette (static/css/category.css).
HUES = 8
TITLE_KEY_LENGTH = 120
# A task without an estimate comes after all that have one.
NO_ESTIMATE = 2_000_000_000


@dataclass(frozen=True)
class TaskDetails:
    """
    What a person decides about a task.

    `category` and `tags` are names; `due_on` and `due_at` (aware) exclude each other. It is out of sight until
    `starts_on`. A new task without `assignee_id` falls to whoever adds it.
    """

    title: str
    description: str = ""
    status: Status = Status.TODO
    priority: Priority = Priority.MEDIUM
    category: str | None = None
    tags: tuple[str, ...] = ()
    due_on: date | None = None
    due_at: datetime | None = None
    estimated_minutes: int | None = None
    customer_id: int | None = None
    repeat: Repeat | None = None
    starts_on: date | None = None
    parent_id: int | None = None
    assignee_id: int | None = None


def checked(details: TaskDetails) -> TaskDetails:
    """
    Return `details` as they are kept: clean text, each tag once.

    :raises InvalidInput: naming the field that needs another look
    """
    title = _line(details.title, field="title")
    if not title:
        raise InvalidInput("Give the task a title.", field="title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInput(
            f"A title has at most {LONGEST_TITLE} characters, this one has {len(title):,}. "
            "The rest can go in the description.",
            field="title",
        )
    _check_due(details)
    _check_start(details)
    return replace(
        details,
        title=title,
        description=_description(details.description),
        category=_category(details.category),
        tags=_tags(details.tags),
        estimated_minutes=_estimate(details.estimated_minutes),
        due_at=details.due_at.replace(microsecond=0) if details.due_at else None,
    )


def describe_move(title: str, status: Status) -> str:
    """Return what moving a task to `status` is called in its history."""
    verbs = {Status.TODO: "Put “{}” back to do", Status.DOING: "Took up “{}”", Status.DONE: "Finished “{}”"}
    return verbs[status].format(title)


def title_key(title: str) -> str:
    """Return the beginning of a title as it is sorted."""
    return name_key(title)[:TITLE_KEY_LENGTH].rstrip()


def estimate_sort(estimated_minutes: int | None) -> int:
    """Return the number a task is sorted by when sorted by its estimate."""
    return NO_ESTIMATE if estimated_minutes is None else estimated_minutes


def next_hue(categories_before: int) -> int:
    """Return the hue of a new category: each in turn."""
    return categories_before % HUES + 1


def checked_name(name: str, *, field: str, what: str) -> str:
    """
    Return the name of a category or tag as it is kept.

    :param what: how a sentence begins that speaks of it, `A category`
    :raises InvalidInput: when it cannot be one
    """
    name = _line(name, field=field)
    if len(name) > LONGEST_NAME or len(name_key(name)) > LONGEST_NAME_KEY:
        raise InvalidInput(f"{what} has at most {LONGEST_NAME} characters.", field=field)
    return name


def _line(text: str, *, field: str) -> str:
    try:
        return clean_line(text)
    except ValueError as error:
        raise InvalidInput(str(error), field=field) from None


def _description(text: str) -> str:
    try:
        description = clean_text(text)
    except ValueError as error:
        raise InvalidInput(str(error), field="description") from None
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            f"A description has at most {LONGEST_DESCRIPTION:,} characters, this one has {len(description):,}.",
            field="description",
        )
    return description


def _category(name: str | None) -> str | None:
    if not name or not (checked_category := checked_name(name, field="category", what="The name of a category")):
        return None
    if name_key(checked_category) == "none":
        raise InvalidInput("“none” means a task without a category. Choose another name.", field="category")
    return checked_category


def _tags(names: Iterable[str]) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for name in names:
        tag = checked_name(name.strip().lstrip("#"), field="tags", what="A tag")
        if "," in tag:
            raise InvalidInput("A tag holds no comma: commas stand between tags.", field="tags")
        if tag:
            tags.setdefault(name_key(tag), tag)
    if len(tags) > MOST_TAGS:
        raise InvalidInput(f"A task has at most {MOST_TAGS} tags, these are {len(tags)}.", field="tags")
    return tuple(tags.values())


def _estimate(minutes: int | None) -> int | None:
    if minutes is not None and not 0 <= minutes <= LONGEST_ESTIMATE_MINUTES:
        raise InvalidInput(
            f"An estimate is at most {LONGEST_ESTIMATE_MINUTES // 60:,} hours. Split the task if it is longer.",
            field="estimate",
        )
    return minutes


def _check_due(details: TaskDetails) -> None:
    if details.due_on is not None and details.due_at is not None:
        raise InvalidInput("A task is due on a day or at a time, not both.", field="due")
    due = details.due_on or details.due_at
    if due is not None and not EARLIEST_YEAR <= due.year <= LATEST_YEAR:
        raise InvalidInput(f"Choose a year from {EARLIEST_YEAR} to {LATEST_YEAR}.", field="due")


def _check_start(details: TaskDetails) -> None:
    starts_on = details.starts_on
    if starts_on is None:
        return
    if not EARLIEST_YEAR <= starts_on.year <= LATEST_YEAR:
        raise InvalidInput(f"Choose a year from {EARLIEST_YEAR} to {LATEST_YEAR}.", field="starts")
    # An instant falls on another day elsewhere, on none later than the next.
    latest = details.due_on or (details.due_at and (details.due_at + timedelta(hours=14)).date())
    if latest is not None and starts_on > latest:
        raise InvalidInput("It would be hidden until after it is due. Choose an earlier day.", field="starts")
