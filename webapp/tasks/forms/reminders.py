"""What people choose about reminders: how long before, at which moment, until when to put one off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from webapp.errors import InvalidInput
from webapp.tasks.rules.due import local_instant
from webapp.tasks.rules.reminders import DAY_MINUTES, Basis, Dates, Snooze, Timing, describe
from webapp.web.fields import ChoiceField, Form, MomentField

_BEFORE_AN_INSTANT = (0, 10, 60, DAY_MINUTES, 7 * DAY_MINUTES)
_BEFORE_A_DAY = (0, DAY_MINUTES, 2 * DAY_MINUTES, 7 * DAY_MINUTES)
_RELATIVE = {
    f"{basis}-{minutes}": Timing(basis, minutes)
    for basis in (Basis.DUE, Basis.START)
    for minutes in sorted({*_BEFORE_AN_INSTANT, *_BEFORE_A_DAY})
}
_FROM_NOW = {snooze.value: snooze for snooze in Snooze}


class ReminderForm(Form):
    """One reminder more: `when` names how long before or from now, or `at` is the moment itself."""

    when = ChoiceField(
        "Remind me",
        choices=[("", "Choose"), *((word, describe(timing)) for word, timing in _RELATIVE.items())]
        + [(word, snooze.label) for word, snooze in _FROM_NOW.items()],
        id="reminder-when",
    )
    at = MomentField("Day and time", id="reminder-at")

    @property
    def at_kind(self) -> str:
        """The input for `at`: a calendar with a clock, unless that would swallow what was typed."""
        return "text" if self.at.errors else "datetime-local"

    def offer(self, dates: Dates) -> None:
        """Let the person choose what makes sense for a task of these dates, and what they chose so far."""
        minutes = _BEFORE_AN_INSTANT if dates.due_at is not None else _BEFORE_A_DAY
        words = [f"{Basis.DUE}-{before}" for before in minutes] if dates.due_at or dates.due_on else []
        words += [f"{Basis.START}-0"] * (dates.starts_on is not None)
        if self.when.data in _RELATIVE and self.when.data not in words:
            words.append(self.when.data)
        self.when.choices = [SelectChoice(word, describe(_RELATIVE[word])) for word in words]

    def timing(self, *, zone: ZoneInfo) -> Timing | Snooze:
        """
        Return what was chosen; a clock time is read in `zone`.

        :raises InvalidInput: when nothing was, or a time that does not exist there
        """
        chosen: str = self.when.data or ""
        if chosen in _FROM_NOW:
            return _FROM_NOW[chosen]
        if chosen:
            return _RELATIVE[chosen]
        moment: datetime | None = self.at.data
        if moment is None:
            raise InvalidInput("Choose a day and a time.", field="at")
        try:
            return Timing(Basis.AT, at=local_instant(moment, zone=zone))
        except InvalidInput as refusal:
            raise InvalidInput(refusal.message, field="at") from None


class SnoozeForm(Form):
    """One click."""

    until = ChoiceField("Put off", choices=[(snooze.value, snooze.label) for snooze in Snooze])

    def read(self) -> Snooze:
        """
        Return until when to put a reminder off.

        :raises InvalidInput: when it is no choice
        """
        if not self.validate():
            raise InvalidInput(f"Choose until when: {', '.join(Snooze)}.", field="until")
        return Snooze(self.until.data)
