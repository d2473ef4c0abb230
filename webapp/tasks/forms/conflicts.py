"""What the form of a task shows to whoever was second to save: both versions, field by field, and a choice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from wtforms import Field, SelectField
from wtforms.widgets import HiddenInput

from webapp.tasks.models import Task
from webapp.tasks.rules.conflicts import DECIDED, marks
from webapp.tasks.rules.recurrence import Repeat
from webapp.tasks.rules.tasks import TaskDetails
from webapp.web.fields import TypedField

LONGEST_MARKS = 2_000
# What is drawn with its line breaks, under each other.
LONG = {"title", "description"}

# The values that a field decides, and the form's own fields for it, where they are called otherwise.
_VALUES = {
    "due": ("due_on", "due_at"),
    "estimate": ("estimated_minutes",),
    "starts": ("starts_on",),
    "parent": ("parent_id",),
    "assignee": ("assignee_id",),
    "customer": ("customer_id",),
}
_FIELDS = {
    "due": ("due", "due_time"),
    "repeat": (
        "repeat",
        "repeat_every",
        "repeat_on",
        "repeat_nth",
        "repeat_basis",
        "repeat_missed",
        "repeat_until",
        "repeat_count",
    ),
}


class ShownField(Field):
    """The marks of what a form showed when it was opened. What cannot be read is no mark."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the marks."""
        self.data = {}
        typed = valuelist[0] if valuelist else ""
        for mark in re.findall(r"([a-z]+)=([0-9a-f]+)", typed[:LONGEST_MARKS]):
            self.data[mark[0]] = mark[1]

    def _value(self) -> str:
        return " ".join(f"{name}={mark}" for name, mark in (self.data or {}).items())


class TakenField(Field):
    """The fields of which the saved version is wanted."""

    def process_data(self, value: Any) -> None:
        """Begin with none."""
        self.data = frozenset()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read their names; what is none is left out."""
        self.data = frozenset(valuelist) & frozenset(DECIDED)


@dataclass(frozen=True)
class Version:
    """One field in two versions, as words."""

    name: str
    label: str
    mine: str
    theirs: str
    is_long: bool
    is_changed_here: bool
    is_changed_there: bool


def details_of(task: Task, *, repeat: Repeat | None) -> TaskDetails:
    """Return what a task holds as what a person decides about it. Its category and tags are loaded."""
    return TaskDetails(
        title=task.title,
        description=task.description,
        status=task.status,
        priority=task.priority,
        category=task.category.name if task.category else None,
        tags=tuple(tag.name for tag in task.tags),
        due_on=task.due_on,
        due_at=task.due_at,
        estimated_minutes=task.estimated_minutes,
        customer_id=task.customer_id,
        starts_on=task.starts_on,
        parent_id=task.parent_id,
        assignee_id=task.assignee_id,
        repeat=repeat,
    )


def take_theirs(mine: TaskDetails, theirs: TaskDetails, names: Iterable[str]) -> TaskDetails:
    """Return `mine` with these fields as they are in `theirs`."""
    values = [value for name in names for value in _VALUES.get(name, (name,))]
    return replace(mine, **{value: getattr(theirs, value) for value in values})


def fields_of(form: Any, name: str) -> list[Field]:
    """Return the fields of a form that a name of `DECIDED` stands for."""
    return [form[field] for field in _FIELDS.get(name, (name,))]


def words_of(form: Any, name: str) -> str:
    """Return what stands in a field, as words."""
    return " ".join(filter(None, map(_words, fields_of(form, name))))


def marks_of(task: Task, *, repeat: Repeat | None) -> dict[str, str]:
    """Return the marks of what a task holds, and of how it repeats."""
    return marks(details_of(task, repeat=repeat))


def _words(field: Field) -> str:
    if isinstance(field, SelectField):
        labels = {str(value): str(label) for value, label, *_ in field.iter_choices()}
        # What stands for nothing is not chosen.
        return labels.get(str(field.data), str(field.data)) if field.data else ""
    return field._value() if isinstance(field, TypedField) else str(field.data or "")
