"""What people type on the page of a task: one more part of it, a comment, a file."""

from __future__ import annotations

from webapp.errors import InvalidInput
from webapp.tasks.rules.tasks import LONGEST_TITLE
from webapp.web.fields import Form, LineField


class SubtaskForm(Form):
    """One line becomes a part of the task."""

    title = LineField("Add a subtask", id="subtask-title", longest=LONGEST_TITLE, required="Give it a title.")

    def refuse(self, refusal: InvalidInput) -> None:
        """Put whatever is refused beside the one line there is."""
        super().refuse(InvalidInput(refusal.message, field="title"))
