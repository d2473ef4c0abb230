"""What a calculation must look like to be accepted, from a page or from JSON. The errors are sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic import ValidationInfo as Info
from pydantic_core import PydanticCustomError

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.limits import LINE_CHARACTERS
from webapp.calculations.engine.operations import Operation, OperationFactory
from webapp.calculations.engine.settings import Settings

LONGEST_NOTE = 200
LARGEST_ID = 2**31 - 1
FEWEST_OPERANDS = 2


def _read_operand(typed: Any) -> str:
    # A number of JSON that is not whole has been through binary and is no longer what was written.
    if isinstance(typed, bool) or not isinstance(typed, str | int):
        raise PydanticCustomError("number", "Write the number as text, such as “1.5”.")
    # int is written by Decimal: str() refuses to write one of more than 4,300 digits.
    operand = typed.strip() if isinstance(typed, str) else f"{Decimal(typed):f}"
    if not operand:
        raise _sentence("Enter a number.")
    if len(operand) > LINE_CHARACTERS:
        raise _sentence(f"This has {len(operand):,} characters; {LINE_CHARACTERS:,} fit.")
    return operand


class OperationAttempt(BaseModel):
    """An operation and what it is to be done with, each an expression as somebody types it. May have no result."""

    model_config = ConfigDict(frozen=True)

    operation: Operation
    operands: tuple[Annotated[str, BeforeValidator(_read_operand)], ...]
    note: str = Field(default="", max_length=LONGEST_NOTE)
    revises_id: Annotated[int, Field(gt=0, le=LARGEST_ID)] | None = None

    @field_validator("operation", mode="before")
    @classmethod
    def _known(cls, operation: Any) -> Any:
        # A list, as what is sent may be of a kind that no set can look up.
        known = [member.value for member in Operation]
        if operation not in known:
            if operation in (None, ""):
                raise _sentence("Choose an operation.")
            raise _sentence(
                f"“{str(operation)[:40]}” is not one of the operations. Choose an operation: {', '.join(known)}."
            )
        return operation

    @field_validator("operands", mode="before")
    @classmethod
    def _without_empty_ends(cls, operands: Any) -> Any:
        if not isinstance(operands, list | tuple):
            raise PydanticCustomError("numbers", "Enter two numbers.")
        kept = list(operands)
        while len(kept) > FEWEST_OPERANDS and isinstance(kept[-1], str) and not kept[-1].strip():
            kept.pop()
        return kept

    @model_validator(mode="after")
    def _right_number_of_operands(self) -> OperationAttempt:
        operator, given = OperationFactory.create(self.operation), len(self.operands)
        if given < FEWEST_OPERANDS:
            raise _at(given, f"{operator.label} takes two numbers. Enter another one.")
        if given > operator.most_operands:
            if operator.most_operands > FEWEST_OPERANDS:
                raise _at(None, f"There are {given} numbers here; {operator.most_operands} fit.")
            raise _at(
                FEWEST_OPERANDS, f"{operator.label} takes two numbers. Empty this field, or choose another operation."
            )
        return self


class OperationRequest(OperationAttempt):
    """
    An attempt that divides by nothing that is zero.

    Validate with `context={"settings": Settings}` to read numbers as a person writes them; without it they are read as
    `1234.5`.
    """

    @model_validator(mode="after")
    def _divides_by_something(self, info: Info) -> OperationRequest:
        never_zero = OperationFactory.create(self.operation).never_zero
        if never_zero is not None:
            place, sentence = never_zero
            settings: Settings = (info.context or {}).get("settings", Settings())
            if _is_zero(self.operands[place], settings):
                raise _at(place, sentence)
        return self


def read_attempt(values: Mapping[str, Any]) -> OperationAttempt:
    """
    Read an operation and its numbers.

    :raises ValidationError: `problems` makes sentences of it
    """
    return OperationAttempt.model_validate(dict(values))


def read_request(values: Mapping[str, Any], settings: Settings) -> OperationRequest:
    """
    Read an operation and its numbers, and see that nothing is divided by zero.

    :raises ValidationError: `problems` makes sentences of it
    """
    return OperationRequest.model_validate(dict(values), context={"settings": settings})


def problems(error: ValidationError) -> Iterable[tuple[str, str]]:
    """Yield the field (`operation`, `operands`, `operands-0`, …) and the sentence of each thing that is wrong."""
    for found in error.errors(include_url=False, include_input=False):
        field = found.get("ctx", {}).get("field") or "-".join(str(step) for step in found["loc"])
        yield field, found["msg"]


def _is_zero(operand: str, settings: Settings) -> bool:
    try:
        number = evaluate(operand, settings=settings).number
    except CalculationError:
        # It is refused where all is worked out, or it needs what only stands there.
        return False
    # A day has no number.
    return number is not None and not number


def _sentence(words: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{sentence}", {"sentence": words})


def _at(place: int | None, words: str) -> PydanticCustomError:
    field = "operands" if place is None else f"operands-{place}"
    return PydanticCustomError("refused", "{sentence}", {"sentence": words, "field": field})
