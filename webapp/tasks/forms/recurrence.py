"""What the form of a task asks about its repetition, and how that is read."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask import request
from flask_wtf import FlaskForm

from webapp.errors import InvalidInput
from webapp.tasks.forms.due import DueFields
from webapp.tasks.rules.recurrence import (
    MOST_COUNT,
    MOST_EVERY,
    NTH_NAMES,
    Basis,
    Missed,
    Repeat,
    Rule,
    Scope,
    SeriesEdit,
    Unit,
)
from webapp.web.fields import ChoiceField, DayField, TypedField, WeekdaysField

NEVER = ""
WEEKDAYS, MONTH_END, MONTH_WEEKDAY = "weekdays", "month-end", "month-weekday"

KINDS = [
    (NEVER, "Never"),
    (Unit.DAY.value, "Daily"),
    (Unit.WEEK.value, "Weekly, on the same weekday"),
    (WEEKDAYS, "Weekly, on chosen weekdays"),
    (Unit.MONTH.value, "Monthly, on the same day"),
    (MONTH_END, "Monthly, on the last day"),
    (MONTH_WEEKDAY, "Monthly, on a weekday"),
    (Unit.YEAR.value, "Yearly"),
]
BASES = [
    (Basis.DUE.value, "Counted from the due day"),
    (Basis.COMPLETION.value, "Counted from the day it is done"),
]
MISSED = [
    (Missed.NEXT.value, "Go on with the next date ahead"),
    (Missed.EACH.value, "Add a task for each date as it comes"),
    (Missed.LATEST.value, "Move the open task to the newest date"),
    (Missed.WAIT.value, "Keep every date; the next waits for this one"),
]
SCOPES = [
    (Scope.ONE.value, "This one only"),
    (Scope.FOLLOWING.value, "This one and those that follow"),
]


class NumberField(TypedField):
    """A whole number from 1 to `most`."""

    def __init__(self, label: str, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; what was not asked keeps its default."""
        if valuelist:
            super().process_formdata(valuelist)

    def read(self, typed: str) -> int:
        """Read the number."""
        if not re.fullmatch(r"0*[0-9]{1,9}", typed, re.ASCII) or not 1 <= int(typed) <= self.most:
            raise ValueError(f"Enter a number from 1 to {self.most}.")
        return int(typed)


class RepeatFields(DueFields):
    """Whether a task comes again, and when."""

    repeat = ChoiceField("Repeat", choices=KINDS)
    repeat_every = NumberField("Every", most=MOST_EVERY, default=1)
    repeat_on = WeekdaysField("On")
    repeat_nth = ChoiceField("Which one", choices=[(str(nth), name.capitalize()) for nth, name in NTH_NAMES.items()])
    repeat_basis = ChoiceField("The next one is", choices=BASES, default=Basis.DUE.value)
    repeat_missed = ChoiceField("If a date passes and it is not done", choices=MISSED, default=Missed.NEXT.value)
    repeat_until = DayField("Until")
    repeat_count = NumberField("Times in all", most=MOST_COUNT)
    repeat_scope = ChoiceField("Save for", choices=SCOPES, default=Scope.ONE.value)

    @property
    def only_shows_dates(self) -> bool:
        """Whether the button was pressed that saves nothing yet."""
        return "show_dates" in request.form

    @property
    def repeats(self) -> bool:
        """Whether the fields of repetition have something to show."""
        return bool(self.repeat.data) or any(
            field.errors for name, field in self._fields.items() if name.startswith("repeat")
        )

    @property
    def repeat_until_kind(self) -> str:
        """The input for `repeat_until`: a calendar, unless it would swallow what stands there."""
        return "text" if self.repeat_until.errors else "date"

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether all fields can be read; what belongs to another way of repeating does not matter."""
        is_valid = bool(super().validate(extra_validators))
        ignored = [field for name, field in self._fields.items() if name in self._unused() and field.errors]
        for field in ignored:
            field.errors = []
        return is_valid or (bool(ignored) and not self.errors)

    def read_repeat(self) -> Repeat | None:
        """
        Return how it repeats, or None, once the fields have been accepted.

        :raises InvalidInput: naming what is missing
        """
        kind = self.repeat.data or NEVER
        if kind == NEVER:
            return None
        weekdays = self._weekdays() if kind in (WEEKDAYS, MONTH_WEEKDAY) else ()
        if kind in (WEEKDAYS, MONTH_WEEKDAY) and not weekdays:
            raise InvalidInput("Choose at least one weekday.", field="repeat_on")
        rule = Rule(
            unit={WEEKDAYS: Unit.WEEK, MONTH_END: Unit.MONTH, MONTH_WEEKDAY: Unit.MONTH}.get(kind) or Unit(kind),
            every=self.repeat_every.data or 1,
            weekdays=weekdays,
            nth=int(self.repeat_nth.data) if kind == MONTH_WEEKDAY else None,
            is_last_day=kind == MONTH_END,
        )
        return Repeat(
            rule,
            basis=Basis(self.repeat_basis.data),
            until=self.repeat_until.data,
            count=self.repeat_count.data,
            missed=Missed(self.repeat_missed.data),
        )

    def read_edit(self) -> SeriesEdit:
        """
        Return what is said about the series.

        :raises InvalidInput: naming what is missing
        """
        return SeriesEdit(self.read_repeat(), Scope(self.repeat_scope.data))

    def read_series_edit(self) -> SeriesEdit | None:
        """Return the same, or None where nothing was said: a short form need not speak of it."""
        return self.read_edit() if self.repeat.raw_data else None

    def read_day_and_clock(self) -> tuple[date | None, time | None]:
        """
        Return the local day it is due on, and the time if it has one.

        :raises InvalidInput: for a time without its day
        """
        due = self.read_due()
        return (due.date(), due.time()) if isinstance(due, datetime) else (due, None)

    @staticmethod
    def filled(repeat: Repeat | None) -> dict[str, Any]:
        """Return the fields as they say `repeat`, by their names."""
        if repeat is None:
            return {}
        rule = repeat.rule
        return {
            "repeat": _kind(rule),
            "repeat_every": rule.every,
            "repeat_on": [str(weekday) for weekday in rule.weekdays],
            "repeat_nth": str(rule.nth or 1),
            "repeat_basis": repeat.basis.value,
            "repeat_missed": repeat.missed.value,
            "repeat_until": repeat.until,
            "repeat_count": repeat.count,
        }

    def _unused(self) -> set[str]:
        """Return the names of the fields that the chosen way of repeating does not look at."""
        if not self.repeat.data:
            return {name for name in self._fields if name.startswith("repeat_")} - {"repeat_scope"}
        unused = set() if self.repeat.data in (WEEKDAYS, MONTH_WEEKDAY) else {"repeat_on"}
        return unused if self.repeat.data == MONTH_WEEKDAY else unused | {"repeat_nth"}

    def _weekdays(self) -> tuple[int, ...]:
        return tuple(sorted({int(weekday) for weekday in self.repeat_on.data or ()}))


class DatesForm(RepeatFields):
    """The same fields in an address, to see which dates would come; nothing is saved by it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """An address carries no token."""

        csrf = False


def _kind(rule: Rule) -> str:
    if rule.is_last_day:
        return MONTH_END
    if rule.nth is not None:
        return MONTH_WEEKDAY
    return WEEKDAYS if rule.weekdays else rule.unit.value
