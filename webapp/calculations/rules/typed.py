"""What somebody hands in to be worked out."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.calculations.engine.operations import Operation


@dataclass(frozen=True)
class TypedExpression:
    """A line of text, as it was typed."""

    text: str


@dataclass(frozen=True)
class TypedOperation:
    """An operation, and its operands as they were typed: each is an expression of its own."""

    operation: Operation
    operands: tuple[str, ...]


Typed = TypedExpression | TypedOperation
