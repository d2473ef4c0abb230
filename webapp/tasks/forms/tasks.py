"""What the form of a task looks like: its fields, and how they are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import StringField

from webapp.errors import InvalidInput
from webapp.tasks.errors import TaskEditedMeanwhile
from webapp.tasks.forms.conflicts import (
    LONG,
    ShownField,
    TakenField,
    Version,
    details_of,
    fields_of,
    marks_of,
    take_theirs,
    words_of,
)
from webapp.tasks.forms.recurrence import RepeatFields
from webapp.tasks.models import Task
from webapp.tasks.rules.conflicts import differences
from webapp.tasks.rules.due import local_instant
from webapp.tasks.rules.recurrence import Repeat, SeriesEdit, describe
from webapp.tasks.rules.tasks import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TITLE, TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.web.fields import (
    ChoiceField,
    DayField,
    Form,
    LineField,
    MinutesField,
    RecordField,
    RecordForm,
    TagsField,
    TextField,
    TypedField,
)

STATUSES = [(status.value, status.label) for status in Status]
PRIORITIES = [(priority.word, priority.name.capitalize()) for priority in Priority]


class PriorityField(ChoiceField):
    """A priority by its word, or by the number that older files use."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the word or the number; what is neither is refused later, by name."""
        super().process_formdata(valuelist)
        try:
            self.data = Priority.from_word(self.data).word if valuelist else self.data
        except ValueError:
            return


# What the address of an empty form may fill in.
PREFILLED = ("title", "description", "due", "category", "tags", "customer", "parent", "starts")


class TaskForm(RepeatFields, RecordForm):
    """All that a person decides about a task."""

    title = LineField("Title", longest=LONGEST_TITLE, required="Give the task a title.")
    description = TextField("Description", longest=LONGEST_DESCRIPTION)
    status = ChoiceField("Status", choices=STATUSES, default=Status.TODO.value)
    priority = PriorityField("Priority", choices=PRIORITIES, default=Priority.MEDIUM.word)
    category = LineField("Category", longest=LONGEST_NAME)
    tags = TagsField("Tags")
    estimate = MinutesField("Estimate")
    customer = RecordField("Customer", what="a customer")
    # Asked only where it is wanted; what is right is decided where the task is saved.
    override_reason = StringField("Why it is done all the same", default="")
    starts = DayField("Hidden until")
    parent = RecordField("Part of", what="a task")
    assignee = RecordField("Whose it is", what="a person")
    # What the form showed when it was opened, and what of a version saved meanwhile is wanted.
    shown = ShownField()
    take = TakenField()

    @property
    def starts_kind(self) -> str:
        """The input for `starts`, likewise."""
        return "text" if self.starts.errors else "date"

    @property
    def has_more(self) -> bool:
        """Whether a field is filled, or wrong, that is not among the first ones."""
        more = (self.category, self.tags, self.customer, self.starts, self.parent, self.assignee)
        is_filled = any(field.data or field.errors for field in more)
        return is_filled or bool(self.status.errors) or self.status.data != Status.TODO

    @classmethod
    def prefilled(cls, given: MultiDict[str, str]) -> TaskForm:
        """Return the form of a new task with what its address says filled in, as it stands there."""
        return cls(formdata=MultiDict({name: given[name] for name in PREFILLED if given.get(name)}))

    @classmethod
    def of(cls, task: Task, *, repeat: Repeat | None, zone: ZoneInfo) -> TaskForm:
        """Return the form filled in with what a task holds and how it repeats, its times in `zone`."""
        due_at = task.due_at.astimezone(zone) if task.due_at else None
        return cls(
            formdata=None,
            title=task.title,
            description=task.description,
            status=task.status.value,
            priority=task.priority.word,
            category=task.category.name if task.category else "",
            tags=tuple(tag.name for tag in task.tags),
            due=due_at.date() if due_at else task.due_on,
            due_time=due_at.time() if due_at else None,
            estimate=task.estimated_minutes,
            customer=str(task.customer_id or ""),
            starts=task.starts_on,
            parent=str(task.parent_id or ""),
            assignee=str(task.assignee_id or ""),
            version=task.version,
            shown=marks_of(task, repeat=repeat),
            **cls.filled(repeat),
        )

    def details(self, *, zone: ZoneInfo, before: Task | None = None) -> TaskDetails:
        """
        Return what was decided; clock times are read in `zone`.

        :param before: the task as it is: start, parent and assignee stay where the form does not speak of them, and so
            does what is taken from it
        :raises InvalidInput: for a time that does not exist there, or a time without its day
        """
        due = self.read_due()
        details = TaskDetails(
            title=self.title.data,
            description=self.description.data,
            status=Status(self.status.data),
            priority=Priority.from_word(self.priority.data),
            category=self.category.data or None,
            tags=self.tags.data or (),
            due_on=None if isinstance(due, datetime) else due,
            due_at=local_instant(due, zone=zone) if isinstance(due, datetime) else None,
            estimated_minutes=self.estimate.data,
            customer_id=self.customer.number,
            starts_on=before.starts_on if before and not self.starts.raw_data else self.starts.data,
            parent_id=before.parent_id if before and not self.parent.raw_data else self.parent.number,
            assignee_id=before.assignee_id if before and not self.assignee.raw_data else self.assignee.number,
            repeat=self.read_repeat(),
        )
        # How it repeats is saved apart (`read_series_edit`).
        taken = self.take.data - {"repeat"}
        return take_theirs(details, details_of(before, repeat=None), taken) if before else details

    def read_series_edit(self) -> SeriesEdit | None:
        """Return what is said about the series, or None where nothing was, or what is saved is wanted."""
        return None if "repeat" in self.take.data else super().read_series_edit()

    def show_both(
        self, late: TaskEditedMeanwhile, *, mine: TaskDetails, task: Task, repeat: Repeat | None, zone: ZoneInfo
    ) -> list[Version]:
        """
        Say that somebody was faster, and return the fields in which the versions differ, both as words.

        What only they changed is taken over into the form; what was typed stays in it.

        :param task: as it is now, and how it repeats
        """
        self.show_late(late, version=task.version)
        theirs = TaskForm.of(task, repeat=repeat, zone=zone)
        for field in ("customer", "parent", "assignee"):
            theirs[field].choices = self[field].choices
        if not self.repeat.raw_data:
            # A short form does not speak of it.
            mine = replace(mine, repeat=repeat)
        found = differences(mine=mine, theirs=details_of(task, repeat=repeat), shown=self.shown.data or {})
        both = [
            Version(
                name=difference.name,
                label=self[difference.name].label.text,
                mine=_words_of(mine.repeat) if difference.name == "repeat" else words_of(self, difference.name),
                theirs=words_of(theirs, difference.name) if difference.name != "repeat" else _words_of(repeat),
                is_long=difference.name in LONG,
                is_changed_here=difference.is_changed_here,
                is_changed_there=difference.is_changed_there,
            )
            for difference in found
        ]
        for difference in found:
            if not difference.is_changed_here:
                self._take_over(difference.name, theirs)
        self.shown.data, self.take.data = marks_of(task, repeat=repeat), frozenset()
        return both

    def _take_over(self, name: str, theirs: TaskForm) -> None:
        for own, other in zip(fields_of(self, name), fields_of(theirs, name), strict=True):
            own.data = other.data
            if isinstance(own, TypedField):
                own.typed = None


def _words_of(repeat: Repeat | None) -> str:
    return describe(repeat) if repeat is not None else "Never"


class StatusForm(Form):
    """One click. `was` is where the task stood when it was shown; without it that does not matter."""

    status = ChoiceField("Status", choices=STATUSES)
    was = ChoiceField("From", choices=[("", ""), *STATUSES], default="")

    def read(self) -> Status:
        """
        Return the status asked for.

        :raises InvalidInput: when it is none
        """
        if not self.validate():
            raise InvalidInput(f"Choose a status: {', '.join(Status)}.", field="status")
        return Status(self.status.data)

    def read_was(self) -> Status | None:
        """Return where the task stood when it was shown, once `read` has accepted the form."""
        return Status(self.was.data) if self.was.data else None
