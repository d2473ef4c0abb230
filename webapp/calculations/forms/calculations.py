"""The forms of a calculation: a line, or an operation and two or more numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError as RequestError
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from webapp.calculations import requests
from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.limits import MOST_OPERANDS
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.printer import print_node
from webapp.calculations.engine.settings import Settings
from webapp.calculations.queries.record import Record
from webapp.calculations.requests import FEWEST_OPERANDS, LARGEST_ID, LONGEST_NOTE, OperationAttempt
from webapp.errors import InvalidInput
from webapp.web.fields import ChoiceField, Form, LineField, RecordField

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


class RevisesField(HiddenField):
    """Which calculation this one is made from, if any. `number` is its id."""

    @property
    def number(self) -> int | None:
        """The id, or None."""
        return int(self.data) if self.data else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what no calculation is numbered."""
        typed = self.data or ""
        if typed and not (re.fullmatch(r"[0-9]{1,10}", typed) and 0 < int(typed) <= LARGEST_ID):
            self.data = ""
            raise ValidationError("The calculation to revise is not there. Open it again, and change it from its page.")


class ExpressionField(StringField):
    """One line of the calculator, exactly as it was typed."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed."""
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Ask for something."""
        if not self.data.strip():
            raise ValidationError("Type what to work out, such as 3h 45m * 85 EUR/h.")


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


@dataclass(frozen=True)
class Chosen:
    """What a calculation is for so far, by id and name."""

    task: tuple[int, str] | None = None
    customer: tuple[int, str] | None = None


class _OptionsForm(Form):
    """What every calculation may say besides what is worked out."""

    note: LineField
    task: RecordField
    customer: RecordField
    revises: RevisesField

    @property
    def has_options(self) -> bool:
        """Whether more is filled in, or wrong, than what is worked out."""
        options = (self.note, self.task, self.customer)
        return any(option.data or option.errors for option in options)

    def offer(self, *, tasks: Sequence[tuple[int, str]], customers: Sequence[tuple[int, str]], chosen: Chosen) -> None:
        """Let the person choose among these; what it is for so far is one of them, archived or not."""
        self.task.offer("None", tasks, chosen=chosen.task)
        self.customer.offer("None", customers, chosen=chosen.customer)


class ExpressionForm(_OptionsForm):
    """A line to work out, and what it is for."""

    @classmethod
    def holding(cls, expression: str, *, task_id: int | None = None, customer_id: int | None = None) -> ExpressionForm:
        """Return a form that holds this line, for this task and customer."""
        data = {"expression": expression, "task": str(task_id or ""), "customer": str(customer_id or "")}
        return cls(formdata=None, data=data)

    @classmethod
    def showing(cls, record: Record, settings: Settings) -> ExpressionForm:
        """Return a form filled with a calculation, to make another of it; numbers are as this person types them."""
        form = cls.holding(_retyped(record, settings), task_id=record.task_id, customer_id=record.customer_id)
        form.note.data, form.revises.data = record.note, str(record.id)
        return form

    expression = ExpressionField("Expression")
    note = LineField("Note", longest=LONGEST_NOTE)
    task = RecordField("Task", what="a task")
    customer = RecordField("Customer", what="a customer")
    revises = RevisesField("Revises", name="revises_id", default="")


class OperationForm(_OptionsForm):
    """An operation and its numbers, written as the person writes them. `attempt` is what was read, if it could be."""

    # Its ids differ from those of the line's form, which stands on the same page.
    operation = ChoiceField(
        "Operation",
        choices=[(member.value, f"{operator.label}: {operator.reading}") for member, operator in OPERATORS.items()],
        default=Operation.ADD.value,
    )
    operands = OperandsField("Numbers")
    note = LineField("Note", longest=LONGEST_NOTE, id="operation-note")
    task = RecordField("Task", what="a task", id="operation-task")
    customer = RecordField("Customer", what="a customer", id="operation-customer")
    revises = RevisesField("Revises", name="revises_id", default="", id="operation-revises")

    attempt: OperationAttempt | None = None

    def __init__(self, settings: Settings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings

    @classmethod
    def showing(cls, record: Record, settings: Settings) -> OperationForm:
        """Return a form filled with the numbers of a calculation, to use them again."""
        return cls(
            settings,
            formdata=None,
            data={
                "operation": record.operation or "",
                "operands": [_renumbered(typed, record, settings) for typed in record.operands],
                "note": record.note,
                "task": str(record.task_id or ""),
                "customer": str(record.customer_id or ""),
                "revises": str(record.id),
            },
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the numbers, and see that nothing is divided by zero."""
        is_shaped: bool = super().validate(extra_validators)
        values = {"operation": self.operation.data, "operands": self.operands.data}
        try:
            attempt = requests.read_attempt(values)
            self.attempt = attempt if is_shaped else None
            requests.read_request(values, self.settings)
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
            self._refuse_operand(int(position), refusal.message)
        else:
            super().refuse(refusal)

    def tell(self, error: CalculationError) -> None:
        """Say why there is no result, beside the number that it is about, unless that is said already."""
        if not self.errors:
            words = f"{error.message} {error.hint}" if error.hint else error.message
            self._refuse_operand(error.operand, words) if error.operand is not None else self.form_errors.append(words)
        self.renew_request_key()

    def _refuse_operand(self, place: int, sentence: str) -> None:
        self.operands.operand_errors.setdefault(place, []).append(sentence)
        self.operands.errors = [*self.operands.errors, f"{self.operands.name_of(place)}: {sentence}"]
        self.operands.data = [*self.operands.data, *[""] * (place + 1 - len(self.operands.data))]
        self.renew_request_key()


def _retyped(record: Record, settings: Settings) -> str:
    """Return the line of a calculation as this person would type it."""
    return _renumbered(record.text or record.reading, record, settings)


def _renumbered(typed: str, record: Record, settings: Settings) -> str:
    """Return an expression of somebody else's number format in this person's; as it is where it cannot be read."""
    theirs = record.number_format or "1234.5"
    if theirs == settings.number_format:
        return typed
    try:
        return print_node(parse(typed, number_format=theirs), number_format=settings.number_format)
    except CalculationError:
        return typed
