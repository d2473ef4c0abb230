"""What the address of a calendar asks for, and the form that moves a task to another day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from wtforms import StringField

from webapp.errors import InvalidInput
from webapp.tasks.rules.calendar import Span, month_of, week_of
from webapp.web.fields import DayField, Form, read_day


def read_span(address: Mapping[str, str], *, today: date, week_start: int) -> Span:
    """
    Read `month` (`2026-11`) or `week` (any day of it); without either, this month.

    :raises InvalidInput: for what is none, or for both
    """
    month, week = address.get("month", "").strip(), address.get("week", "").strip()
    if month and week:
        raise InvalidInput("Ask for a month or for a week, not for both.", field="week")
    if week:
        return week_of(_read(week, "week"), week_start)
    if month:
        if not re.fullmatch(r"\d{4,6}-\d{1,2}", month, re.ASCII):
            raise InvalidInput("Write the month as 2026-11.", field="month")
        return month_of(_read(f"{month}-1", "month"), week_start)
    return month_of(today, week_start)


def _read(typed: str, name: str) -> date:
    try:
        return read_day(typed)
    except ValueError as error:
        raise InvalidInput(str(error), field=name) from None


class MoveForm(Form):
    """A task, by its number, and the day it is to be due on."""

    task = StringField("Task")
    day = DayField("To", required="Choose the day to move it to.", id="move-day")

    @property
    def task_id(self) -> int | None:
        """The number of the task; None when it is none."""
        typed = self.task.data or ""
        return int(typed) if re.fullmatch(r"[1-9][0-9]{0,8}", typed, re.ASCII) else None

    @property
    def day_kind(self) -> str:
        """The input for `day`: a calendar, unless it would swallow what was typed."""
        return "text" if self.day.errors else "date"
