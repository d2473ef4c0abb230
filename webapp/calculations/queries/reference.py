"""
What the calculator understands, for its reference page and its completions: made of the engine's own tables.

Each example's answer is worked out when the page is drawn, in the reader's number format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.currencies import SYMBOLS
from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.functions import CONSTANTS, FUNCTIONS, BuiltIn
from webapp.calculations.engine.limits import (
    DEPTH,
    EVALUATION_DEPTH,
    EXACT_BITS,
    FACTORIAL,
    INEXACT_DIGITS,
    LINE_CHARACTERS,
    LITERAL_DIGITS,
    LITERAL_EXPONENT,
    MAGNITUDE,
    NODES,
    SECONDS,
    SHEET_LINES,
)
from webapp.calculations.engine.operations import OPERATORS
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.sources import FIELDS, SOURCES
from webapp.calculations.engine.unit_table import CHOICES
from webapp.calculations.engine.units import UnitEntry, unit_groups
from webapp.calculations.engine.writing import find_style, write_quantity
from webapp.calculations.rules.reference import DIFFERENCES, PRECEDENCE, REFUSALS, TOPICS, Note

# The day on which the examples are worked out: what they say must not depend on when it is read.
EXAMPLE_DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Example:
    """What is typed, and what is answered or refused."""

    typed: str
    answer: str
    is_refused: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the reference: how it is written, what it does, and examples."""

    name: str
    words: str
    examples: tuple[Example, ...] = ()
    anchor: str = ""
    # Written as it is typed.
    is_code: bool = False


@dataclass(frozen=True)
class UnitLine:
    """One unit: how it is written, its name, what one is in the base unit, other spellings and usual prefixes."""

    symbol: str
    name: str
    size: str
    spellings: str
    prefixes: str


@dataclass(frozen=True)
class UnitTable:
    """The units of one kind."""

    anchor: str
    label: str
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True)
class Section:
    """One part of the reference. `anchor` names it in the address."""

    anchor: str
    title: str
    words: str
    entries: tuple[Entry, ...]
    tables: tuple[UnitTable, ...] = ()


@cache
def list_sections(number_format: str) -> tuple[Section, ...]:
    """Return the whole reference, with numbers as `number_format` writes them."""
    settings = Settings(number_format=number_format, today=EXAMPLE_DAY)
    topics = [
        Section(
            topic.anchor,
            topic.title,
            topic.words,
            tuple(_note(entry, settings) for entry in topic.entries),
        )
        for topic in TOPICS
    ]
    return (
        topics[0],
        _operations(settings),
        *topics[1:],
        *_functions(settings),
        _units(settings),
        _figures(),
        _differences(settings),
        _refusals(settings),
        _limits(),
    )


@cache
def list_completions() -> tuple[tuple[str, str, str, str], ...]:
    """Return what the line of the calculator can complete: an id, the name, what is put in, and what it is."""
    named = {name: (f"{name}(", function.label) for name, function in FUNCTIONS.items()}
    named |= {
        operator.function: (f"{operator.function}(", operator.label)
        for operator in OPERATORS.values()
        if operator.function
    }
    named |= {name: (name, constant.label) for name, constant in CONSTANTS.items()}
    named |= {name: (f"{name}(", f"{source.label}, from your work") for name, source in SOURCES.items()}
    return tuple((name, name, inserted, words) for name, (inserted, words) in sorted(named.items()))


def list_operations() -> list[tuple[str, str]]:
    """Return the operations, each with its name."""
    return [(operation.value, operator.label) for operation, operator in OPERATORS.items()]


def localised(typed: str, number_format: str) -> str:
    """Return an example, written with a decimal point, as somebody with this number format types it."""
    point = find_style(number_format).point
    return typed if point == "." else re.sub(r"(?<!\.)\.(?=\d)", point, typed)


def _work_out(typed: Iterable[str], settings: Settings) -> tuple[Example, ...]:
    return tuple(_example(each, settings) for each in typed)


def _note(note: Note, settings: Settings) -> Entry:
    return Entry(note.name, note.words, _work_out((typed for typed, _ in note.examples), settings))


def _example(typed: str, settings: Settings) -> Example:
    text = localised(typed, settings.number_format)
    try:
        return Example(text, evaluate(text, settings=settings).text)
    except CalculationError as error:
        return Example(text, f"{error.message} {error.hint}" if error.hint else error.message, is_refused=True)


def _operations(settings: Settings) -> Section:
    order = tuple(Entry(name, words, is_code=True) for name, words in PRECEDENCE)
    entries = tuple(
        Entry(
            " ".join(operator.signs) or f"{operator.function}(a; b)",
            f"{operator.label}: {operator.reading}. {_first_sentence(operator)}",
            _work_out((typed for typed, _ in operator.examples), settings),
            anchor=f"operation-{operation}",
            is_code=True,
        )
        for operation, operator in OPERATORS.items()
    )
    return Section(
        "operations",
        "Operations",
        "What holds most tightly stands first below: brackets, then what follows, each before the next.",
        (*order, *entries),
    )


def _first_sentence(described: object) -> str:
    return " ".join((described.__doc__ or "").split())


def _functions(settings: Settings) -> Iterable[Section]:
    groups: dict[str, list[Entry]] = {}
    for function in dict.fromkeys(FUNCTIONS.values()):
        groups.setdefault(function.group, []).append(
            Entry(
                function.reading,
                _with_aliases(function),
                _work_out((typed for typed, _ in function.examples), settings),
                anchor=f"function-{function.name}",
                is_code=True,
            )
        )
    for group, entries in groups.items():
        yield Section(f"functions-{_slug(group)}", f"Functions: {group}", "", tuple(entries))
    yield Section(
        "constants",
        "Constants",
        "Names that everybody has.",
        tuple(
            Entry(name, constant.label, _work_out([name], settings), is_code=True)
            for name, constant in CONSTANTS.items()
        ),
    )


def _with_aliases(function: BuiltIn) -> str:
    return f"{function.label}. Also: {', '.join(function.aliases)}." if function.aliases else function.label


def _units(settings: Settings) -> Section:
    signs = ", ".join(f"{sign} {code}" for sign, code in SYMBOLS.items())
    examples = (
        "5 ft 3 in to cm",
        "72 km/h to mps",
        "20 °C to °F",
        "3 kWh to MJ",
        "5 GiB to GB",
        "6 L / 100 km * 250 km",
        "40 h/week * 85 EUR/h",
    )
    entries = (
        Entry("Convert", "With “to” or “in”; a unit may be made of others.", _work_out(examples, settings)),
        Entry("Money", f"The codes of all currencies (EUR, USD, CHF, JPY …) and these signs: {signs}"),
        *(Entry(spelling, _choice(name, words)) for spelling, name, words in CHOICES),
    )
    return Section(
        "units",
        "Units",
        "Units are exact by definition; prefixes go before a symbol or a name: km, kilometres, GB. What is unlike is"
        " not added: 5 EUR + 3 kg is refused, naming both. First, the spellings that could be two things.",
        entries,
        tuple(_unit_table(label, units, settings) for label, units in unit_groups() if units),
    )


def _choice(long_name: str, words: str) -> str:
    name = long_name.replace("_", " ")
    return f"{name[:1].upper()}{name[1:]}. {words}" if name else words


def _typed(unit: UnitEntry) -> tuple[str, ...]:
    """Return what else is typed for a unit: its name, too, where that is typed without the gaps."""
    return (unit.long_name.replace(" ", "_"), *unit.spellings) if " " in unit.long_name else unit.spellings


def _unit_table(label: str, units: Iterable[UnitEntry], settings: Settings) -> UnitTable:
    style = find_style(settings.number_format)
    lines = tuple(
        UnitLine(
            entry.unit.name,
            entry.long_name,
            write_quantity(entry.base, style),
            ", ".join(_typed(entry)),
            " ".join(entry.prefixes),
        )
        for entry in units
    )
    return UnitTable(f"units-{_slug(label)}", label, lines)


def _figures() -> Section:
    entries = [
        Entry(
            f"{name}(…)",
            f"{source.label}. It gives {source.gives}. Narrowed by {', '.join(source.fields)}.",
            tuple(Example(example, "") for example in source.examples),
            anchor=f"figure-{name}",
            is_code=True,
        )
        for name, source in SOURCES.items()
    ]
    fields = [Entry(f"{name}:" if name != "period" else "days", words, is_code=True) for name, words in FIELDS.items()]
    return Section(
        "figures",
        "Figures from your work",
        "Looked up when you press Keep, in what you may see, and kept with the answer: it stays what it was.",
        (*entries, *fields),
    )


def _differences(settings: Settings) -> Section:
    return Section(
        "differences",
        "Where we differ from other calculators",
        "What every calculator shares gives the same answer here. Where they disagree with each other, or repair in "
        "silence, this is what we do and why.",
        tuple(_note(each, settings) for each in DIFFERENCES),
    )


def _refusals(settings: Settings) -> Section:
    return Section(
        "errors",
        "What is refused",
        "A refusal has a name that never changes, says where, why, and what to write instead. It is kept in the "
        "history like an answer, and counted under its name in the metrics.",
        tuple(
            Entry(code, words, _work_out([typed] if typed else [], settings), anchor=f"error-{code}", is_code=True)
            for code, (words, typed) in REFUSALS.items()
        ),
    )


def _limits() -> Section:
    named = (
        (f"{LINE_CHARACTERS:,} characters", "in a line"),
        (f"{SHEET_LINES} lines", "in a worksheet"),
        (f"{DEPTH} levels", "of brackets and calls within each other"),
        (f"{EVALUATION_DEPTH} levels", "with the bodies of your own functions that are called"),
        (
            f"{LITERAL_DIGITS} digits",
            f"in a number that is typed, and an exponent from −{LITERAL_EXPONENT} to {LITERAL_EXPONENT}",
        ),
        (
            f"{EXACT_BITS:,} bits",
            f"in an exact number, some {EXACT_BITS * 3 // 10:,} digits; a longer one is rounded to {INEXACT_DIGITS}",
        ),
        (f"10^{MAGNITUDE}", f"is the largest number, and 10^-{MAGNITUDE} the one closest to 0"),
        (f"{FACTORIAL:,}!", "is the largest factorial"),
        (f"{NODES:,} steps", f"and {int(SECONDS * 1000)} ms for one answer"),
    )
    return Section(
        "limits",
        "Limits",
        "Each is checked before the work is done.",
        tuple(Entry(name, words) for name, words in named),
    )


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
