"""What goes into a calculation besides its text: figures from the work, names a person keeps, rates of exchange."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from webapp.calculations.engine import CalculationError, Function, Settings
from webapp.calculations.engine.nodes import DefineNode
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.values import Value
from webapp.calculations.engine.writing import write_value
from webapp.calculations.rules.packing import pack_number, pack_value, unpack_value

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Figure:
    """A figure from the work as it was then: the question as `key`, what it came to, and that in words."""

    key: str
    value: Value
    words: str = ""
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Name:
    """
    A name that the person keeps: a value, or a function of their own.

    `text` is the line that made it, read in `number_format`; `calculation_id` the calculation whose line that was.
    """

    name: str
    text: str
    number_format: str
    value: Value | Function
    calculation_id: int | None = None


@dataclass(frozen=True)
class Inputs:
    """What was looked up for a calculation before it was worked out."""

    figures: Sequence[Figure] = ()
    names: Sequence[Name] = ()

    @property
    def values(self) -> dict[str, Value]:
        """The figures' values by key, for `Settings.figures`."""
        return {figure.key: figure.value for figure in self.figures}

    @property
    def known(self) -> dict[str, Value | Function]:
        """The names' values and functions, for `evaluate`."""
        return {name.name: name.value for name in self.names}


def names_in(texts: Iterable[str], known: Mapping[str, Name]) -> list[Name]:
    """Return the names that stand in the texts, and those that stand in their definitions, in order."""
    found: dict[str, Name] = {}
    waiting = [word for text in texts for word in _WORD.findall(text)]
    while waiting:
        word = waiting.pop(0)
        name = known.get(word)
        if name is not None and word not in found:
            found[word] = name
            waiting.extend(_WORD.findall(name.text))
    return [found[word] for word in sorted(found)]


def pack_inputs(
    inputs: Inputs, *, settings: Settings, rates: Iterable[tuple[str, str, Fraction, date]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Return inputs, and the rates that were used, as JSON can hold them, with how they are written for the person."""
    return {
        "figures": [
            {
                "key": figure.key,
                "value": pack_value(figure.value),
                "shown": write_value(figure.value, settings),
                "words": figure.words,
                "period": [day.isoformat() if day else None for day in (figure.first_on, figure.last_on)],
            }
            for figure in inputs.figures
        ],
        "names": [
            {
                "name": name.name,
                "text": name.text,
                "number_format": name.number_format,
                "value": None if isinstance(name.value, Function) else pack_value(name.value),
                "shown": "" if isinstance(name.value, Function) else write_value(name.value, settings),
                "calculation_id": name.calculation_id,
            }
            for name in inputs.names
        ],
        "rates": [
            {"from": source, "to": target, "factor": pack_number(factor), "on": on.isoformat()}
            for source, target, factor, on in rates
        ],
    }


def unpack_inputs(packed: Mapping[str, Any]) -> Inputs:
    """
    Return the inputs that `pack_inputs` made this of.

    :raises ValueError: when they are none, or a function cannot be read any more
    """
    figures = [
        Figure(
            figure["key"],
            unpack_value(figure["value"]),
            figure["words"],
            *(date.fromisoformat(day) if day else None for day in figure["period"]),
        )
        for figure in packed.get("figures", ())
    ]
    return Inputs(figures, [_read_name(name) for name in packed.get("names", ())])


def _read_name(packed: Mapping[str, Any]) -> Name:
    text, number_format = packed["text"], packed["number_format"]
    value = _define(text, number_format) if packed["value"] is None else unpack_value(packed["value"])
    return Name(packed["name"], text, number_format, value, packed["calculation_id"])


def _define(text: str, number_format: str) -> Function:
    try:
        node = parse(text, number_format=number_format)
    except CalculationError as error:
        raise ValueError(f"“{text}” cannot be read: {error.message}") from None
    if not isinstance(node, DefineNode):
        raise ValueError(f"“{text}” is no function.")
    return Function(node.name, node.parameters, node.body, text)
