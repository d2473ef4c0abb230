"""What changing many tasks looks like: which they are, and what is to become of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from webapp.errors import InvalidInput
from webapp.tasks.forms.tasks import PRIORITIES, STATUSES
from webapp.tasks.rules.bulk import KEEP, BulkEdit, Keep, Shift
from webapp.tasks.rules.due import local_instant
from webapp.tasks.rules.tasks import LONGEST_NAME
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.web.fields import ChoiceField, DueField, Form, LineField, MinutesField, TagsField, TypedField

AS_IT_IS = ("", "Leave as it is")
# The word that takes something away, as in the filters.
NONE = "none"


class RecordOrNoneField(ChoiceField):
    """One of some records by number, `none` for no one, or empty to leave it as it is."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is neither; whether there is such a record is known where the tasks are changed."""
        if self.data and not re.fullmatch(r"[0-9]{1,9}|none", self.data, re.ASCII):
            raise ValidationError("Choose from the list.")

    def offer(self, none: str, names: Sequence[tuple[int, str]]) -> None:
        """Let the person choose among these. :param none: the words for none of them"""
        self.choices = [
            SelectChoice(*AS_IT_IS),
            SelectChoice(NONE, none),
            *(SelectChoice(str(number), name) for number, name in names),
        ]

    @property
    def chosen(self) -> int | Keep | None:
        """The id, None for no one, or KEEP."""
        if not self.data:
            return KEEP
        return None if self.data == NONE else int(self.data)


class MinutesOrNoneField(MinutesField):
    """A length of time in minutes, or `none` for no estimate."""

    def read(self, typed: str) -> Any:
        """Read a length of time."""
        return NONE if typed.lower() == NONE else super().read(typed)

    def write(self, value: Any) -> str:
        """Write a length of time."""
        return NONE if value == NONE else super().write(value)


class DaysField(TypedField):
    """A number of days, `7` or `-7`."""

    def read(self, typed: str) -> int:
        """Read a number of days."""
        plain = typed.replace("\u2212", "-").removeprefix("+")
        if not re.fullmatch(r"-?[0-9]{1,6}", plain, re.ASCII):
            raise ValueError("Write a number of days, 7 for later or -7 for earlier.")
        return int(plain)


class BulkForm(Form):
    """What is to become of many tasks; what is left empty stays as it is."""

    status = ChoiceField("Status", choices=[AS_IT_IS, *STATUSES])
    priority = ChoiceField("Priority", choices=[AS_IT_IS, *PRIORITIES])
    category = LineField("Category", longest=LONGEST_NAME)
    add_tags = TagsField("Add tags")
    remove_tags = TagsField("Remove tags")
    due_change = ChoiceField(
        "Due",
        choices=[AS_IT_IS, ("set", "On this day"), ("shift", "Moved by so many days"), ("clear", "No day")],
    )
    due = DueField("Day")
    days = DaysField("Days later, or earlier with a minus")
    estimate = MinutesOrNoneField("Estimate")
    customer = RecordOrNoneField("Customer")
    assignee = RecordOrNoneField("Whose they are")
    parent = RecordOrNoneField("Part of")
    override_reason = StringField("Why those that wait for others are done all the same", default="")

    def edit(self, *, zone: ZoneInfo) -> BulkEdit:
        """
        Return what the form says, times read in `zone`.

        :raises InvalidInput: naming the field that is missing, or makes no sense
        """
        estimate = self.estimate.data
        return BulkEdit(
            status=Status(self.status.data) if self.status.data else KEEP,
            priority=Priority.from_word(self.priority.data) if self.priority.data else KEEP,
            category=self._category(),
            add_tags=self.add_tags.data or (),
            remove_tags=self.remove_tags.data or (),
            due=self._due(zone=zone),
            estimated_minutes=KEEP if estimate is None else (None if estimate == NONE else estimate),
            customer_id=self.customer.chosen,
            assignee_id=self.assignee.chosen,
            parent_id=self.parent.chosen,
        )

    def _category(self) -> str | Keep | None:
        if not self.category.data:
            return KEEP
        return None if self.category.data.lower() == NONE else self.category.data

    def _due(self, *, zone: ZoneInfo) -> Any:
        way = self.due_change.data
        # A day that was filled in says enough.
        if way == "set" or (not way and self.due.data is not None):
            due = self.due.data
            if due is None:
                raise InvalidInput("Choose the day.", field="due")
            return local_instant(due, zone=zone) if isinstance(due, datetime) else due
        if way == "shift" or (not way and self.days.data is not None):
            if self.days.data is None:
                raise InvalidInput("Write by how many days.", field="days")
            return Shift(self.days.data)
        return None if way == "clear" else KEEP


def read_ids(values: MultiDict[str, str]) -> list[int]:
    """
    Return the ids of the tasks that are selected, each once.

    :raises InvalidInput: for what is no id
    """
    typed = values.getlist("task")
    if not all(re.fullmatch(r"[0-9]{1,9}", word, re.ASCII) for word in typed):
        raise InvalidInput("One of the selected tasks is none. Select them in the list.", field="task")
    return sorted({int(word) for word in typed})


def read_count(values: MultiDict[str, str]) -> int | None:
    """Return how many tasks the person was told; None where that was lost."""
    typed = values.get("count", "")
    return int(typed) if re.fullmatch(r"[0-9]{1,6}", typed, re.ASCII) else None
