"""The form of a calculation: an operation and two or more numbers."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError as RequestError
from wtforms import Field, HiddenField
from wtforms.widgets import TextInput

from webapp.calculations import requests
from webapp.calculations.engine.first.answers import MOST_OPERANDS
from webapp.calculations.engine.first.factory import FEWEST_OPERANDS, operator_for
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.engine.numbers import NumberStyle
from webapp.calculations.queries import CalculationRow
from webapp.calculations.requests import CalculationRequest
from webapp.errors import InvalidInput
from webapp.web.fields import ChoiceField, Form, LineField, RecordField

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


class OperandsField(Field):
    """Several inputs of one name. `data` is what was typed in each; `operand_errors` has the sentences for each."""

    widget = TextInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.operand_errors: dict[int, list[str]] = {}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed."""
        self.data = list(valuelist)

    def process_data(self, value: Any) -> None:
        """Show these numbers."""
        self.data = list(value or [])

    def add(self) -> None:
        """Show one more input, if one more number is taken."""
        if self.can_grow:
            self.data = [*self.shown(), ""]

    def shown(self) -> list[str]:
        """Return what each input shows: two at least."""
        return [*self.data, *[""] * (FEWEST_OPERANDS - len(self.data))]

    @property
    def can_grow(self) -> bool:
        """Whether one more number is taken."""
        return len(self.shown()) < MOST_OPERANDS

    def letter_of(self, position: int) -> str:
        """Return the letter that the descriptions of the operations use for an input, or nothing."""
        return "ab"[position : position + 1]

    def name_of(self, position: int) -> str:
        """Return the words for an input: “First number”."""
        return f"{_ORDINALS[position]} number" if position < len(_ORDINALS) else f"Number {position + 1}"


class CalculationForm(Form):
    """An operation and its numbers, written as the person writes them. `calculation` is what was read."""

    operation = ChoiceField(
        "Operation",
        choices=[
            (member.value, f"{operator_for(member).label}: {operator_for(member).reading}") for member in Operation
        ],
        default=Operation.ADD.value,
    )
    operands = OperandsField("Numbers")
    note = LineField("Note", longest=requests.LONGEST_NOTE)
    customer = RecordField("Customer", what="a customer")
    revises_id = HiddenField(default="")

    calculation: CalculationRequest

    def __init__(self, style: NumberStyle, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.style = style

    @classmethod
    def showing(cls, row: CalculationRow, style: NumberStyle) -> CalculationForm:
        """Return a form filled with the numbers of a calculation, to use them again."""
        return cls(
            style,
            data={
                "operation": row.operation.value,
                "operands": row.typed_operands(style),
                "note": row.note,
                "customer": str(row.customer_id or ""),
                "revises_id": str(row.id),
            },
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the numbers and see that there is a result."""
        is_shaped: bool = super().validate(extra_validators)
        values = {
            "operation": self.operation.data,
            "operands": self.operands.data,
            "revises_id": self.revises_id.data or None,
        }
        try:
            self.calculation = requests.read_request(values, self.style)
        except RequestError as error:
            self.operation.errors = []
            for field, sentence in requests.problems(error):
                self.refuse(InvalidInput(sentence, field=field))
            return False
        return is_shaped

    def refuse(self, refusal: InvalidInput) -> None:
        """Put a refusal beside the number it is about."""
        name, _, position = (refusal.field or "").partition("-")
        if name == "operands" and position.isdecimal():
            self.operands.operand_errors.setdefault(int(position), []).append(refusal.message)
            words = f"{self.operands.name_of(int(position))}: {refusal.message}"
            self.operands.errors = [*self.operands.errors, words]
            self.operands.data = [*self.operands.data, *[""] * (int(position) + 1 - len(self.operands.data))]
            self.renew_request_key()
        else:
            super().refuse(refusal)
