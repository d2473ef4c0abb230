"""The forms of a worksheet: its text, and what it belongs to."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import ValidationError

from webapp.calculations.engine.limits import SHEET_BYTES
from webapp.calculations.models import WorksheetVersion
from webapp.calculations.queries.worksheets import WorksheetRow
from webapp.calculations.rules.worksheets import LONGEST_TITLE
from webapp.errors import InvalidInput
from webapp.values import text
from webapp.web.fields import Form, LineField, RecordField, RecordForm, TextField


class LinesField(TextField):
    """Lines that are kept exactly as they were typed, but for what ends them."""

    def clean(self, typed: str) -> str:
        """Return the lines, ended by LF; nothing when all are empty."""
        try:
            # It refuses what no database can keep; what it makes even is left as it is.
            words = text.clean_text(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        return typed.replace("\r\n", "\n").replace("\r", "\n") if words else ""


class WorksheetForm(RecordForm):
    """Title and lines. `version` is the number of the version they began from."""

    title = LineField("Title", longest=LONGEST_TITLE, required="Give the worksheet a title, such as “Quote for Acme”.")
    text = LinesField("Lines", longest=SHEET_BYTES, required="Write a line to work out, such as “3h 45m * 85 EUR/h”.")

    @classmethod
    def of(cls, version: WorksheetVersion, *, text: str | None = None) -> WorksheetForm:
        """Return the form filled with a version; with another text where one is given."""
        return cls(
            formdata=None,
            data={
                "title": version.title,
                "text": version.text if text is None else text,
                "version": version.number,
            },
        )

    def read_text(self) -> str:
        """
        Return the lines alone, whatever else was typed; empty without any.

        :raises InvalidInput: when they cannot be kept
        """
        try:
            return self.text.clean(self.text.data or "")
        except ValidationError as error:
            raise InvalidInput(str(error), field="text") from None


class NewWorksheetForm(WorksheetForm):
    """Title and lines of a worksheet that begins, and what it will belong to."""

    task = HiddenField()
    customer = HiddenField()

    def read_belongings(self) -> tuple[int | None, int | None]:
        """Return the ids of the task and the customer that a new worksheet is for; what is no number is none."""
        return _number(self.task.data), _number(self.customer.data)


class FilingForm(Form):
    """What a worksheet belongs to."""

    task = RecordField("Task", what="a task")
    customer = RecordField("Customer", what="a customer")

    @classmethod
    def of(cls, row: WorksheetRow) -> FilingForm:
        """Return the form as the worksheet is filed now."""
        return cls(formdata=None, data={"task": str(row.task_id or ""), "customer": str(row.customer_id or "")})


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
