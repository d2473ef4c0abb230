"""What people type about tasks that wait for each other."""

from __future__ import annotations

from wtforms import StringField

from webapp.tasks.rules.tasks import LONGEST_TITLE
from webapp.web.fields import Form, LineField


class BlockerForm(Form):
    """Another task, by its title or its number."""

    blocker = LineField(
        "Title or number of a task",
        longest=LONGEST_TITLE + 12,
        required="Write the title of a task, or its number.",
    )


class OverrideForm(Form):
    """Why a task is done although it waits for another. What is right is decided where it is done."""

    override_reason = StringField("Why it is done all the same", default="")
