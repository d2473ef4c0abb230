"""Tables: calculations and the chains they form, and worksheets."""

from __future__ import annotations

from webapp.calculations.models.calculations import Calculation, CalculationChain, CalculationUse
from webapp.calculations.models.names import CalculationName
from webapp.calculations.models.worksheets import Worksheet, WorksheetLink, WorksheetVersion

__all__ = [
    "Calculation",
    "CalculationChain",
    "CalculationName",
    "CalculationUse",
    "Worksheet",
    "WorksheetLink",
    "WorksheetVersion",
]
