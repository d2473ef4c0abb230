"""What a calculation is worked out under: everything that is not in its text and could change its result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.values import Value


class Angle(StrEnum):
    """What a plain number means to `sin` and its like."""

    RADIANS = "rad"
    DEGREES = "deg"


class Rate(NamedTuple):
    """What one of a currency was worth in another, and on which day somebody said so."""

    factor: Fraction
    on: date


class Settings(NamedTuple):
    """
    The person's way with numbers and what was looked up for them beforehand.

    `number_format` is a sample as in the account's settings (`1234.5` groups nothing). `today` is what `today` means;
    without it the word is refused. `figures` holds the value of each source by its key, or why it has none. `rates`
    goes by (from, to).
    """

    number_format: str = "1234.5"
    angle: Angle = Angle.RADIANS
    today: date | None = None
    figures: Mapping[str, Value | CalculationError] = MappingProxyType({})
    rates: Mapping[tuple[str, str], Rate] = MappingProxyType({})
