"""What people type about time spent: a start and an end, or a day and a duration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask import request
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField

from webapp.errors import InvalidInput
from webapp.tasks.errors import EntryOverlaps
from webapp.tasks.models import Task
from webapp.tasks.rules import entries as rules
from webapp.tasks.rules.entries import LONGEST_PLAIN_MINUTES, Interval, PlainDuration, Spent
from webapp.tasks.rules.entry_text import Around, read_spent
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.values.duration import parse_minutes
from webapp.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MinutesField,
    MomentField,
    RecordField,
    RecordForm,
    read_day,
)

NOTE_LENGTH = 500
LONGEST_TIME = 40
_TIME_FIELDS = ("started_at", "ended_at", "is_second_start", "is_second_end", "breaks", "day", "duration")


class ExactMomentField(MomentField):
    """A local moment, with its seconds where it has any: a timer that is opened and saved keeps them."""

    def write(self, value: datetime) -> str:
        """Write a moment."""
        return value.isoformat(timespec="seconds" if value.second else "minutes")

    @property
    def step(self) -> int | None:
        """What the browser should count in: 1 where seconds are shown."""
        return 1 if len(self._value()) > len("2026-11-20T15:00") else None


class SpentField(MinutesField):
    """How long it took, in whole minutes; or a text that says when as well, to be read by `rules.entry_text`."""

    def read(self, typed: str) -> Any:
        """Read a length of time; keep what is none for whoever knows what time it is."""
        try:
            parse_minutes(typed)
        except ValueError:
            return typed
        return super().read(typed)

    def write(self, value: Any) -> str:
        """Write a length of time, or the text."""
        return value if isinstance(value, str) else super().write(value)


class EntryForm(RecordForm):
    """Time on one task, in one of two ways; the zone is the person's."""

    started_at = ExactMomentField("Start")
    ended_at = ExactMomentField("End")
    # Only asked of a time that comes twice in an autumn night.
    is_second_start = BooleanField("The start is the second of the two")
    is_second_end = BooleanField("The end is the second of the two")
    # Which of the two the person was asked about: no tick is an answer only then.
    asked_twice = SelectMultipleField(validate_choice=False)
    breaks = MinutesField("Less breaks")
    day = DayField("Day")
    duration = SpentField("Duration", most=LONGEST_PLAIN_MINUTES)
    note = LineField("Note", longest=NOTE_LENGTH)
    customer = RecordField("Customer", what="a customer")
    is_billable = BooleanField("Billable")
    # Tells a box without a tick from a form that has no box.
    asks_billable = HiddenField(default="1")
    # Asked only where it overlaps other time; the mark is of what was shown with the question.
    overlap = ChoiceField(
        "What is right", choices=[("", ""), *((choice.value, choice.value) for choice in OverlapChoice)]
    )
    overlap_mark = HiddenField()
    overlaps: EntryOverlaps | None = None
    # The start as it was proposed: left as it is, it does not count beside a duration.
    proposed_start = HiddenField()
    # When the last time ended that this one may go on from.
    goes_on_from: datetime | None = None
    # What a text was read as; it is saved once the person has seen that.
    understood: Spent | None = None

    @classmethod
    def empty(cls, *, day: date, last_ended_at: datetime | None = None) -> Self:
        """
        Return the form that has not been sent yet, for time spent on `day`.

        :param last_ended_at: when the person's last time ended, as their clocks show it: the start that is proposed
        """
        return cls._proposing({"day": day}, last_ended_at)

    @classmethod
    def proposed_for(cls, task: Task, *, day: date, last_ended_at: datetime | None = None) -> Self:
        """Return the form that has not been sent yet, for time spent on a task (with its customer); see `empty`."""
        is_billable = task.customer is not None and task.customer.is_billed_by_hour
        return cls._proposing({"day": day, "is_billable": is_billable}, last_ended_at)

    @classmethod
    def _proposing(cls, values: dict[str, object], last_ended_at: datetime | None) -> Self:
        form = cls(formdata=None, data=values | _proposed_start(last_ended_at))
        form.goes_on_from = last_ended_at
        return form

    @classmethod
    def of(
        cls, spent: Spent, *, note: str, customer_id: int | None, is_billable: bool, version: int, zone: ZoneInfo
    ) -> Self:
        """Return the form filled in with what an entry holds, its times in `zone`."""
        values = {
            **_shown(spent, zone),
            "note": note,
            "customer": str(customer_id or ""),
            "is_billable": is_billable,
            "version": version,
        }
        return cls(formdata=None, data=values)

    def offer_customers(self, names: Sequence[tuple[int, str]], *, chosen: tuple[int, str] | None = None) -> None:
        """Let the person say whom it was for, by id and name, if that is not whom the task is for."""
        self.customer.offer("As the task", names, chosen=chosen)

    def customer_id(self, *, before: int | None = None) -> int | None:
        """Return whom it was for; as before, when the form does not ask."""
        return self.customer.number if self.customer.raw_data else before

    def billable(self) -> bool | None:
        """Return whether it is billable; None when the form does not ask."""
        return bool(self.is_billable.data) if self.asks_billable.raw_data or self.is_billable.raw_data else None

    def overlap_choice(self) -> OverlapChoice | None:
        """Return what the person has chosen where time overlaps; None where they have not."""
        return OverlapChoice(self.overlap.data) if self.overlap.data else None

    @contextmanager
    def questions(self) -> Iterator[None]:
        """Ask what is right where time overlaps inside, and go on after the block."""
        try:
            yield
        except EntryOverlaps as overlaps:
            self.overlaps = overlaps
            self.overlap_mark.data = overlaps.mark
            self.overlap.errors = [overlaps.message]
            self.renew_request_key()

    @property
    def has_clock(self) -> bool:
        """Whether a start or an end is given, or wrong."""
        is_started = (self.started_at._value() or self.started_at.errors) and not self._is_start_proposed
        return bool(is_started or any(field._value() or field.errors for field in (self.ended_at, self.breaks)))

    @property
    def _is_start_proposed(self) -> bool:
        proposed = self.proposed_start.data
        return bool(proposed) and self.started_at._value() == proposed and self.ended_at.data is None

    @property
    def has_sum(self) -> bool:
        """Whether a duration is given, or it or its day is wrong."""
        return bool(self.duration._value() or self.duration.errors or self.day.errors)

    @property
    def day_and_text(self) -> str:
        """What is read of a text: sent back with the form, it tells that the person has seen how."""
        return f"{self.day._value()} {self.duration._value().strip()}"

    def repeated_words(self, zone: ZoneInfo) -> str:
        """Say how a text's clock times were read that come twice that night; an empty text where there are none."""
        return rules.describe_repeated(self.understood, zone) if self.understood else ""

    @property
    def has_been_seen(self) -> bool:
        """Whether there is no text, or the person has seen how this very one is read."""
        return self.understood is None or request.form.get("seen", "") == self.day_and_text

    def spent(self, *, around: Around, before: Spent | None = None) -> Spent:
        """
        Return the time that was typed; what was read of a text is `understood` from then on.

        :param before: what the entry held when it was shown: what reads as that stays exactly that
        :raises InvalidInput: naming the field that is missing or cannot be
        """
        if before is not None and self._shows(before, around.zone):
            return before
        is_started = self.started_at.data is not None and not self._is_start_proposed
        has_clock = is_started or self.ended_at.data is not None
        if has_clock and self.duration.data is not None:
            raise InvalidInput("Enter a start and an end, or a duration, but not both.", field="duration")
        if has_clock:
            return self._interval(around.zone, before)
        if self.duration.data is None:
            raise InvalidInput("Enter how long it took, or when it began and ended.", field="duration")
        if self.breaks.data:
            raise InvalidInput("Breaks belong to a start and an end. Enter the duration without them.", field="breaks")
        if self.day.data is None:
            raise InvalidInput("Enter the day it was on.", field="day")
        if isinstance(self.duration.data, str):
            self.understood = read_spent(self.duration.data, day=self.day.data, around=around)
            return self.understood
        return PlainDuration(self.day.data, _kept(self.duration.data, before))

    def _shows(self, before: Spent, zone: ZoneInfo) -> bool:
        # A timer that was stopped at once has no length, and must still be open to a note.
        shown = _shown(before, zone)
        return all((self[name].data or None) == (shown.get(name) or None) for name in _TIME_FIELDS)

    def _interval(self, zone: ZoneInfo, before: Spent | None) -> Interval:
        if self.started_at.data is None:
            raise InvalidInput("Enter when it began.", field="started_at")
        is_running = isinstance(before, Interval) and before.ended_at is None
        if self.ended_at.data is None and not is_running:
            raise InvalidInput("Enter when it ended.", field="ended_at")
        asked = set(self.asked_twice.data or ())
        return rules.read_interval(
            start=self.started_at.data,
            end=self.ended_at.data,
            zone=zone,
            interrupted_seconds=_kept(self.breaks.data or 0, before),
            is_second_start=self.is_second_start.data or (False if "started_at" in asked else None),
            is_second_end=self.is_second_end.data or (False if "ended_at" in asked else None),
        )

    def repeated(self, zone: ZoneInfo) -> dict[str, bool]:
        """Tell for `started_at` and `ended_at` whether the time in it comes twice that night."""
        fields = (self.started_at, self.ended_at)
        return {
            field.name: isinstance(field.data, datetime) and len(rules.instants_of(field.data, zone)) > 1
            for field in fields
        }


class AddEntryForm(EntryForm):
    """Time on a task that is chosen in the form."""

    # Any task of the workspace is taken, not only those offered: what is offered may have changed in the meantime.
    task = SelectField("Task", validate_choice=False)
    # No box to tick: which customer pays by the hour is known once the task is.
    is_billable = ChoiceField(  # type: ignore[assignment]
        "Billable", choices=[("", "When the customer pays by the hour"), ("yes", "Yes"), ("no", "No")]
    )
    asks_billable = None  # type: ignore[assignment]

    @classmethod
    def asked_for(cls, address: Mapping[str, str], *, today: date) -> Self | None:
        """Return the form as an address fills it in, `day=2026-11-20&time=9:00-9:45`; None where it does not."""
        if not ("day" in address or "time" in address):
            return None
        try:
            day = read_day(address.get("day", ""))
        except ValueError:
            day = today
        form = cls.empty(day=day)
        with suppress(ValueError):
            form.duration.process_formdata([address.get("time", "")[:LONGEST_TIME]])
        return form

    def offer(self, tasks: Sequence[tuple[int, str]]) -> None:
        """Set the tasks to choose from."""
        self.task.choices = [("", "Choose a task"), *((str(task_id), title) for task_id, title in tasks)]

    def billable(self) -> bool | None:
        """Return whether it is billable; None leaves that to whom it was for."""
        return self.is_billable.data == "yes" if self.is_billable.data else None

    def task_id(self) -> int:
        """Return the chosen task. :raises InvalidInput: when none is"""
        chosen = str(self.task.data or "")
        if not re.fullmatch(r"[0-9]{1,10}", chosen):
            raise InvalidInput("Choose the task that it was spent on.", field="task")
        return int(chosen)


def _proposed_start(last_ended_at: datetime | None) -> dict[str, object]:
    if last_ended_at is None:
        return {}
    start = last_ended_at.replace(tzinfo=None, fold=0)
    return {
        "started_at": start,
        "is_second_start": bool(last_ended_at.fold),
        "proposed_start": start.isoformat(timespec="seconds" if start.second else "minutes"),
    }


def _shown(spent: Spent, zone: ZoneInfo) -> dict[str, object]:
    if isinstance(spent, PlainDuration):
        return {"day": spent.day, "duration": _minutes(spent.seconds)}
    start, end = spent.started_at.astimezone(zone), spent.ended_at and spent.ended_at.astimezone(zone)
    return {
        "started_at": start.replace(tzinfo=None, fold=0),
        "ended_at": end and end.replace(tzinfo=None, fold=0),
        "is_second_start": bool(start.fold),
        "is_second_end": bool(end and end.fold),
        "breaks": _minutes(spent.interrupted_seconds) or None,
    }


def _minutes(seconds: int) -> int:
    """Return seconds as the whole minutes that stand for them in a form: never none where there is some."""
    return max(1, (seconds + 30) // 60) if seconds else 0


def _kept(minutes: int, before: Spent | None) -> int:
    """Return typed minutes as seconds; those that were there, when they were shown as these minutes."""
    seconds = before.seconds if isinstance(before, PlainDuration) else before.interrupted_seconds if before else 0
    return seconds if minutes == _minutes(seconds) else minutes * 60
