"""The words that mean something by themselves, and which names they leave free."""

from __future__ import annotations

from webapp.calculations.engine.functions import CONSTANTS, FUNCTIONS
from webapp.calculations.engine.operations import OPERATORS

WHAT = "what"
# Words that `to` takes beside units.
TARGET_WORDS = frozenset({"fraction", "percent"})
# Words that join what stands beside them and therefore name nothing.
JOINING = frozenset({"to", "in", "at", "percent"}) | {
    sign.partition(" ")[0] for operator in OPERATORS.values() for sign in operator.signs if sign[0].isalpha()
}
# What a worksheet knows by itself.
SHEET_NAMES = frozenset({"prev", "total", "average"})
# Names that everybody has, beside constants and functions.
GIVEN_NAMES = frozenset({WHAT, "today", "true", "false"}) | SHEET_NAMES
FUNCTION_NAMES = frozenset(FUNCTIONS) | {operator.function for operator in OPERATORS.values() if operator.function}
# Those that say something of several values only: a comma between digits could part two of them.
SEVERAL = frozenset(name for name, function in FUNCTIONS.items() if function.fewest > 1 or function.most > 2) | {
    operator.function for operator in OPERATORS.values() if operator.function
}
CONSTANT_NAMES = frozenset(CONSTANTS)
# What no name of a person may be, beside functions, constants and units.
RESERVED = JOINING | TARGET_WORDS | GIVEN_NAMES | {"if"}
# Words for large numbers: not read, either.
LARGE_WORDS = {
    "k": "1000",
    "thousand": "1000",
    "million": "1e6",
    "mio": "1e6",
    "Mio": "1e6",
    "billion": "1e9",
    "M": "1e6",
    "hundred": "100",
    "dozen": "12",
}
# Days that are said with a word: not read, either.
SPOKEN_DAYS = {"tomorrow": "(today + 1 d)", "yesterday": "(today - 1 d)", "now": "today"}
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
