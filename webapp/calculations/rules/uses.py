"""What a calculation can be said to have used."""

from __future__ import annotations

from enum import StrEnum


class UseKind(StrEnum):
    """The kinds of things that calculations are counted and found by."""

    OPERATION = "operation"
    FUNCTION = "function"
    NAME = "name"
    SOURCE = "source"
