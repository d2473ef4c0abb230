"""What people say about a timer that ran without them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from flask import request
from wtforms import HiddenField

from webapp.errors import InvalidInput
from webapp.tasks.forms.entries import NOTE_LENGTH, ExactMomentField
from webapp.tasks.rules.entries import read_instants
from webapp.tasks.rules.timers import Away, Forgotten
from webapp.web.fields import Form, LineField, RecordField


class _TimerForm(Form):
    """A decision about one running entry; the button that was pressed says which."""

    entry_id = HiddenField()

    @property
    def entry(self) -> int:
        """The running entry that was shown; 0, which none is, where that was lost."""
        typed = self.entry_id.data or ""
        return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else 0


class AwayForm(_TimerForm):
    """Since when somebody was away, and what becomes of that time."""

    # It may be asked on any page, beside other forms: these names are its own.
    away_from = ExactMomentField("I was away from", id="away-from")
    # The very instant, where a program knows it: in an autumn night its clock time comes twice.
    away_at = HiddenField()
    task = RecordField("Task", what="a task", id="away-task")
    note = LineField("Note", longest=NOTE_LENGTH, id="away-note")

    @classmethod
    def of(cls, *, entry_id: int, away_from: datetime | None, zone: ZoneInfo) -> Self:
        """Return the form that has not been sent yet."""
        local = None if away_from is None else _in_minutes(away_from, zone)
        return cls(
            formdata=None,
            data={
                "entry_id": str(entry_id),
                "away_from": local,
                "away_at": "" if away_from is None else written(away_from),
            },
        )

    def choice(self) -> Away:
        """Return what the pressed button says. :raises InvalidInput: when it says nothing we know"""
        return Away(_pressed(tuple(Away)))

    def instant(self, choice: Away, *, zone: ZoneInfo, started_at: datetime) -> datetime:
        """
        Return since when they were away; to keep the time it does not matter.

        :raises InvalidInput: when it is missing, or a time that the clocks skip
        """
        typed = self.away_from.data
        if choice is Away.KEEP:
            return started_at
        if typed is None:
            raise InvalidInput("Say from when on you were away.", field="away_from")
        exact = read_instant(self.away_at.data or "")
        if exact is not None and _in_minutes(exact, zone) == typed:
            return exact
        return _first_after(started_at, read_instants(typed, zone, field="away_from"))


class ForgottenForm(_TimerForm):
    """When a timer ended that nobody stopped."""

    proposed = HiddenField()
    ended_at = ExactMomentField("It ended at")

    @classmethod
    def of(cls, *, entry_id: int, proposed: datetime, zone: ZoneInfo) -> Self:
        """Return the form that has not been sent yet, with a proposal."""
        local = proposed.astimezone(zone).replace(tzinfo=None, fold=0)
        return cls(formdata=None, data={"entry_id": str(entry_id), "proposed": written(proposed), "ended_at": local})

    def choice(self) -> Forgotten:
        """Return what the pressed button says. :raises InvalidInput: when it says nothing we know"""
        return Forgotten(_pressed(tuple(Forgotten)))

    def instant(self, choice: Forgotten, *, zone: ZoneInfo, started_at: datetime) -> datetime | None:
        """
        Return when it ended; None where the choice needs no end.

        :raises InvalidInput: naming the field that is missing or cannot be
        """
        if choice is Forgotten.ACCEPT:
            return read_instant(self.proposed.data or "")
        if choice is not Forgotten.OTHER:
            return None
        if self.ended_at.data is None:
            raise InvalidInput("Say when it ended.", field="ended_at")
        return _first_after(started_at, read_instants(self.ended_at.data, zone, field="ended_at"))


def _in_minutes(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what clocks show then: nobody knows to the second when they left."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0, second=0, microsecond=0)


def written(moment: datetime) -> str:
    """Write an instant as `read_instant` reads it: `2026-11-20T14:42:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_instant(typed: str) -> datetime | None:
    """Read `2026-11-20T14:42:00Z`; None for anything else."""
    if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", typed, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(typed).astimezone(UTC).replace(microsecond=0)
    except ValueError:
        return None


def _first_after(started_at: datetime, instants: Sequence[datetime]) -> datetime:
    # A clock time that comes twice is the first that a timer can have seen.
    return next((instant for instant in instants if instant >= started_at), instants[0])


def _pressed(choices: Sequence[str]) -> str:
    choice = request.form.get("choice", "")
    if choice not in choices:
        raise InvalidInput("Press one of the buttons.")
    return choice
