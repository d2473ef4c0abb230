"""
What a calculation works with: quantities, days and truths. Plain classes with slots, as thousands are made a second.

A number is an exact `Fraction`, or a `Decimal` of 34 digits where it cannot be exact. Never a binary float.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

# A Decimal says by its type that it is inexact.
Number: TypeAlias = Fraction | Decimal
# Sorted pairs of a base dimension (“length”, “time”, “EUR”) and its exponent, none of them 0; () for a plain number.
Dimension: TypeAlias = tuple[tuple[str, int], ...]


class Writing(Enum):
    """How an amount in a unit is written."""

    PLAIN = "plain"
    # 10 h 42 min: time as the sum of whole units.
    MIXED = "mixed"
    # 318.75 EUR: to the cent.
    MONEY = "money"
    PERCENT = "percent"


class Unit:
    """
    A unit of measurement, made once by the table of units.

    `name` is how it is written and can be typed again; `factor` is how many of the dimension's base unit it is (a
    Decimal only where that cannot be exact: radians); `offset` is added after that (temperatures only); `decimals` is
    how many digits money is rounded to.
    """

    __slots__ = ("decimals", "dimension", "factor", "name", "offset", "plain_name", "writing")

    def __init__(
        self,
        name: str,
        dimension: Dimension,
        factor: Number,
        *,
        plain_name: str = "",
        offset: Fraction = Fraction(0),
        writing: Writing = Writing.PLAIN,
        decimals: int = 0,
    ) -> None:
        self.name = name
        self.plain_name = plain_name or name
        self.dimension = dimension
        self.factor = factor
        self.offset = offset
        self.writing = writing
        self.decimals = decimals

    def __repr__(self) -> str:
        return f"Unit({self.name!r})"


# Units with their exponents, in the order in which they are written; () for a plain number.
Units: TypeAlias = tuple[tuple[Unit, int], ...]


class Quantity:
    """An amount in its units: 85 in EUR/h, 10 in %, 3.75 in hours, or a plain number. Never changed once made."""

    __slots__ = ("number", "units")

    def __init__(self, number: Number, units: Units = ()) -> None:
        self.number = number
        self.units = units

    def __repr__(self) -> str:
        return f"Quantity({self.number}, {self.units})"


# bool is what a comparison says.
Value: TypeAlias = Quantity | date | bool
