"""What a calculation must look like to be accepted, from a page or from JSON. The errors are sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic import ValidationInfo as Info
from pydantic_core import PydanticCustomError

from webapp.calculations.engine.first.answers import MOST_OPERANDS, Refusal
from webapp.calculations.engine.first.factory import FEWEST_OPERANDS, work_out
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.engine.numbers import PLAIN_STYLE, NumberStyle, read_number

LONGEST_NOTE = 200
LARGEST_ID = 2**31 - 1


def _read_operand(typed: Any, info: Info) -> Decimal:
    if isinstance(typed, Decimal):
        return typed
    # A number of JSON that is not whole has been through binary and is no longer what was written.
    if isinstance(typed, bool) or not isinstance(typed, str | int):
        raise PydanticCustomError("number", "Write the number as text, such as “1.5”.")
    style = (info.context or {}).get("style", PLAIN_STYLE)
    try:
        # int is written by Decimal: str() refuses to write one of more than 4,300 digits.
        return read_number(typed if isinstance(typed, str) else f"{Decimal(typed):f}", style)
    except ValueError as error:
        raise _sentence(str(error)) from None


class CalculationRequest(BaseModel):
    """
    An operation and its numbers, read and found to have a result.

    Validate with `context={"style": NumberStyle}` to read numbers as a person writes them; without it they are read
    as `1234.5`.
    """

    model_config = ConfigDict(frozen=True)

    operation: Operation
    operands: tuple[Annotated[Decimal, BeforeValidator(_read_operand)], ...]
    note: str = Field(default="", max_length=LONGEST_NOTE)
    revises_id: Annotated[int, Field(gt=0, le=LARGEST_ID)] | None = None

    @field_validator("operation", mode="before")
    @classmethod
    def _known(cls, operation: Any) -> Any:
        # A list, as what is sent may be of a kind that no set can look up.
        known = [member.value for member in Operation]
        if operation not in known:
            name = "" if operation in (None, "") else f"“{str(operation)[:40]}” is not one of the operations. "
            raise _sentence(f"{name}Choose an operation.")
        return operation

    @field_validator("operands", mode="before")
    @classmethod
    def _without_empty_ends(cls, operands: Any) -> Any:
        if not isinstance(operands, list | tuple):
            raise PydanticCustomError("numbers", "Enter two numbers.")
        kept = list(operands)
        while len(kept) > FEWEST_OPERANDS and isinstance(kept[-1], str) and not kept[-1].strip():
            kept.pop()
        if len(kept) > MOST_OPERANDS:
            raise _sentence(f"There are {len(kept)} numbers here; {MOST_OPERANDS} fit.")
        return kept

    @model_validator(mode="after")
    def _has_a_result(self) -> CalculationRequest:
        try:
            work_out(self.operation, self.operands)
        except Refusal as refusal:
            raise PydanticCustomError(
                "refused", "{sentence}", {"sentence": refusal.message, "field": refusal.field}
            ) from None
        return self


def read_request(values: Mapping[str, Any], style: NumberStyle) -> CalculationRequest:
    """
    Read a request whose numbers are written in `style`.

    :raises ValidationError: `problems` makes sentences of it
    """
    return CalculationRequest.model_validate(dict(values), context={"style": style})


def problems(error: ValidationError) -> Iterable[tuple[str, str]]:
    """Yield the field (`operation`, `operands`, `operands-0`, …) and the sentence of each thing that is wrong."""
    for found in error.errors(include_url=False, include_input=False):
        field = found.get("ctx", {}).get("field") or "-".join(str(step) for step in found["loc"])
        yield field, found["msg"]


def _sentence(words: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{sentence}", {"sentence": words})
