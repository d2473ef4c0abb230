"""The words that mean something by themselves, and which names they leave free."""

from __future__ import annotations

from webapp.calculations.engine.functions import CONSTANTS, FUNCTIONS
from webapp.calculations.engine.operations import OPERATORS

WHAT = "what"
# Words that `to` takes beside units.
TARGET_WORDS = frozenset({"fraction", "percent"})
# Words that join what stands beside them and therefore name nothing.
JOINING = frozenset({"to", "in", "as", "of", "off", "on", "mod", "div", "at", "percent"})
# Names that everybody has, beside constants and functions.
GIVEN_NAMES = frozenset({WHAT, "today", "true", "false", "prev", "total", "average"})
FUNCTION_NAMES = frozenset(FUNCTIONS) | {operator.function for operator in OPERATORS.values() if operator.function}
CONSTANT_NAMES = frozenset(CONSTANTS)
# What no name of a person may be, beside functions, constants and units.
RESERVED = JOINING | TARGET_WORDS | GIVEN_NAMES | {"if"}
# Signs as they are spoken: not read, but understood in a refusal.
SPOKEN = {
    "x": "*",
    "X": "*",
    "times": "*",
    "plus": "+",
    "and": "+",
    "minus": "-",
    "less": "-",
    "over": "/",
    "per": "/",
    "modulo": "mod",
    "from": "off",
    "into": "to",
    "equals": "==",
    "is": "==",
}
