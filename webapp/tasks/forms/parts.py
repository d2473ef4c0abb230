"""What people type on the page of a task: one more part of it, a comment, a file."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from webapp.errors import InvalidInput
from webapp.tasks.rules.comments import LONGEST_COMMENT
from webapp.tasks.rules.files import MOST_FILE_BYTES
from webapp.tasks.rules.tasks import LONGEST_TITLE
from webapp.web.fields import Form, LineField, RecordForm, TextField


class SubtaskForm(Form):
    """One line becomes a part of the task."""

    title = LineField("Add a subtask", id="subtask-title", longest=LONGEST_TITLE, required="Give it a title.")

    def refuse(self, refusal: InvalidInput) -> None:
        """Put whatever is refused beside the one line there is."""
        super().refuse(InvalidInput(refusal.message, field="title"))


class CommentForm(RecordForm):
    """Something to say."""

    text = TextField("Comment", id="comment-text", longest=LONGEST_COMMENT, required="Write something first.")


class FileForm(Form):
    """A file to keep with the task."""

    file = FileField("File", id="file")

    def validate_file(self, field: Any) -> None:
        """See that there is a file."""
        if not field.data or not field.data.filename:
            raise ValidationError("Choose a file.")

    @property
    def filename(self) -> str:
        """What the file is called where it came from."""
        return str(self.file.data.filename)

    def content(self) -> bytes:
        """Return the bytes of the file, and at most one more than is kept."""
        with self.file.data.stream as stream:
            return bytes(stream.read(MOST_FILE_BYTES + 1))
