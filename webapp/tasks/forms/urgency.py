"""The weights of what presses, as people type them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from wtforms import HiddenField

from webapp.errors import InvalidInput
from webapp.tasks.rules.urgency import WEIGHT_NAMES, Weights, mark_of, read_weight
from webapp.web.fields import Form, TypedField


class WeightField(TypedField):
    """A number from −100 to 100, with two places at most."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, required="Write a number, like 12 or 3.9.", **kwargs)

    def read(self, typed: str) -> Decimal:
        """Read a weight."""
        try:
            return read_weight(typed, name=self.name)
        except InvalidInput as refusal:
            raise ValueError(refusal.message) from None

    def write(self, value: Decimal) -> str:
        """Write a weight without the zeros at its end."""
        return f"{value:f}".rstrip("0").rstrip(".")


class WeightsForm(Form):
    """What each reason is worth at most, in the order in which the page explains them."""

    due = WeightField("Due day")
    blocking = WeightField("Others wait for it")
    urgent = WeightField("Priority urgent")
    high = WeightField("Priority high")
    medium = WeightField("Priority medium")
    low = WeightField("Priority low")
    active = WeightField("In progress")
    age = WeightField("Age")
    waiting = WeightField("Not to begin yet")
    blocked = WeightField("Waits for another")

    # Of the weights that the form was filled in with.
    mark = HiddenField()

    @classmethod
    def of(cls, weights: Weights) -> Self:
        """Return the form filled in with weights."""
        values = {name: getattr(weights, name) for name in WEIGHT_NAMES}
        return cls(formdata=None, data={**values, "mark": mark_of(weights)})

    def stand_beside(self, weights: Weights) -> None:
        """Keep what was typed, to replace `weights` when it is sent again."""
        self.mark.data = mark_of(weights)

    def weights(self) -> Weights:
        """Return what was typed, once the form is valid."""
        return Weights(**{name: self[name].data for name in WEIGHT_NAMES})
