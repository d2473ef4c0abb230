"""What people decide about a category or a tag."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from webapp.errors import InvalidInput
from webapp.tasks.errors import LabelNotFound
from webapp.tasks.rules.labels import HUE_NAMES, Kind
from webapp.tasks.rules.tasks import LONGEST_NAME
from webapp.web.fields import Form, LineField

_HUES = [SelectChoice(str(hue), name) for hue, name in enumerate(HUE_NAMES, start=1)]


class LabelForm(Form):
    """Its name and its colour."""

    name = LineField("Name", longest=LONGEST_NAME, required="Give it a name.")
    hue = SelectField("Colour", choices=_HUES, validate_choice=False)

    @classmethod
    def of(cls, kind: Kind, *, name: str, hue: int | None) -> LabelForm:
        """Return the form filled in."""
        form = cls(formdata=None, name=name, hue=str(hue or ""))
        form.offer_hues(kind)
        return form

    def offer_hues(self, kind: Kind) -> None:
        """Let a tag have no colour, as most have."""
        self.hue.choices = [SelectChoice("", "None"), *_HUES] if kind is Kind.TAG else _HUES

    def read_hue(self) -> int | None:
        """Return the chosen hue, or None. :raises InvalidInput: for what is none"""
        typed = str(self.hue.data or "")
        if typed and not re.fullmatch(r"[1-9]", typed, re.ASCII):
            raise InvalidInput("Choose one of the colours.", field="hue")
        return int(typed) if typed else None


class MergeForm(Form):
    """Which one another is merged into."""

    into = SelectField("Merge into", validate_choice=False)

    def offer(self, names: Sequence[tuple[int, str]]) -> None:
        """Let the person choose among these."""
        self.into.choices = [
            SelectChoice("", "Choose one"),
            *(SelectChoice(str(number), name) for number, name in names),
        ]

    def read(self) -> int:
        """Return the chosen one. :raises InvalidInput: when none is"""
        typed = str(self.into.data or "")
        if not re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII):
            raise InvalidInput("Choose one from the list.", field="into")
        return int(typed)

    def refuse_into(self, gone: LabelNotFound) -> None:
        """Say that the chosen one is not there."""
        self.refuse(InvalidInput(gone.message, field="into"))
