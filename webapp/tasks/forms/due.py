"""When a task is due, as forms ask for it: a day, and a time if it has one."""

from __future__ import annotations

from datetime import date, datetime, time

from webapp.errors import InvalidInput
from webapp.web.fields import DueField, Form, TimeOfDayField


class DueFields(Form):
    """The day a task is due on, and the time. `due` alone may hold both; the page asks for the time beside it."""

    due = DueField("Due")
    due_time = TimeOfDayField("At")

    @property
    def due_kind(self) -> str:
        """The input for `due`: a calendar, unless it would swallow what stands there (a time, or no day at all)."""
        return "text" if self.due.errors or isinstance(self.due.data, datetime) else "date"

    @property
    def due_time_kind(self) -> str:
        """The input for `due_time`, likewise."""
        return "text" if self.due_time.errors else "time"

    def read_due(self) -> date | datetime | None:
        """
        Return the day, or the local moment.

        :raises InvalidInput: for a time without its day
        """
        due: date | datetime | None = self.due.data
        clock: time | None = self.due_time.data
        if clock is None or isinstance(due, datetime):
            return due
        if due is None:
            raise InvalidInput("Choose the day as well.", field="due")
        return datetime.combine(due, clock)
