"""The form of one field that adds tasks."""

from __future__ import annotations

from flask import request

from webapp.tasks.rules.quick_add import LONGEST_TEXT
from webapp.values.text import clean_text
from webapp.web.fields import Form, TextField


class QuickAddForm(Form):
    """Lines to be read, and which lines the person has seen read."""

    text = TextField("New task", longest=LONGEST_TEXT, required="Write what there is to do.")

    @property
    def has_been_seen(self) -> bool:
        """Whether what was understood of this very text has been shown."""
        try:
            return bool(clean_text(request.form.get("seen", "")) == self.text.data)
        except ValueError:
            return False

    @property
    def literal_place(self) -> int | None:
        """Where the part begins that was pressed to be no field but a part of the title."""
        typed = request.form.get("literal", "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else None
