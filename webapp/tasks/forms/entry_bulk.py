"""What changing many time entries looks like: which they are, and what is to become of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from webapp.errors import InvalidInput
from webapp.tasks.forms.bulk import AS_IT_IS, NONE, RecordOrNoneField
from webapp.tasks.forms.entries import NOTE_LENGTH
from webapp.tasks.rules.bulk import KEEP
from webapp.tasks.rules.entry_bulk import EntryEdit
from webapp.web.fields import ChoiceField, Form, LineField


class EntryBulkForm(Form):
    """What is to become of many entries; what is left empty stays as it is."""

    task = RecordOrNoneField("Task")
    is_billable = ChoiceField("Billable", choices=[AS_IT_IS, ("yes", "Yes"), ("no", "No")])
    customer = RecordOrNoneField("Customer")
    note = LineField("Note", longest=NOTE_LENGTH)

    def offer(self, *, tasks: Sequence[tuple[int, str]], customers: Sequence[tuple[int, str]]) -> None:
        """Set what can be chosen from, by id and name."""
        self.task.choices = [SelectChoice(*AS_IT_IS), *(SelectChoice(str(number), title) for number, title in tasks)]
        self.customer.offer("As the task", customers)

    def edit(self) -> EntryEdit:
        """Return what the form says. :raises InvalidInput: when it says that they are on no task"""
        task_id = self.task.chosen
        if task_id is None:
            raise InvalidInput("Time is spent on a task. Choose one.", field="task")
        note = self.note.data
        return EntryEdit(
            task_id=task_id,
            is_billable=self.is_billable.data == "yes" if self.is_billable.data else KEEP,
            customer_id=self.customer.chosen,
            note=KEEP if not note else "" if note.lower() == NONE else note,
        )


def read_ids(values: MultiDict[str, str]) -> list[int]:
    """
    Return the ids of the entries that are selected, each once.

    :raises InvalidInput: for what is no id
    """
    typed = values.getlist("entry")
    if not all(re.fullmatch(r"[0-9]{1,9}", word, re.ASCII) for word in typed):
        raise InvalidInput("One of the selected entries is none. Select them in the list.", field="entry")
    return sorted({int(word) for word in typed})
