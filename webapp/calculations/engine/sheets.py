"""
Several lines worked out together: a worksheet.

    # Archive migration             a heading
    rate = 85 EUR/h                 a name for what follows
    work: 3h 45m * rate             a line with a label
    // half of it is travel         a comment; one may also follow a line
    hosting: 3 months * 19.90 EUR/month
    total + 19%                     of the block above

A block ends at an empty line or a heading. `total` adds its lines up, and `average` is their mean: those that give an
amount. Not counted are lines that only say something for others (a name, a function, a rate), days and truths, and
lines that use `total` or `average` themselves, so that a total may stand twice. Where a line that would count has no
answer, there is no total either. `prev` is the answer of the nearest line above that has one to give, in whichever
block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from webapp.calculations.engine import numerics
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.evaluator import Named
from webapp.calculations.engine.limits import SHEET_BYTES, SHEET_LINES
from webapp.calculations.engine.nodes import AssignNode, DefineNode, RateNode, SourceNode, Statement
from webapp.calculations.engine.parser import find_sources, parse
from webapp.calculations.engine.settings import Rate, Settings
from webapp.calculations.engine.statements import evaluate_statement
from webapp.calculations.engine.units import PERCENT, add, describe, dimension_of
from webapp.calculations.engine.values import Quantity, Value
from webapp.calculations.engine.vocabulary import SHEET_NAMES

if TYPE_CHECKING:
    from webapp.calculations.engine.results import Result


class LineKind(StrEnum):
    """What a line is; the value is stored with its result."""

    BLANK = "blank"
    HEADING = "heading"
    COMMENT = "comment"
    EXPRESSION = "expression"


class SheetLine(NamedTuple):
    """
    One line and what came of it: of an expression a result or an error, of any other neither.

    `number` counts from 1; `label` is what stands before a colon, or of a heading or a comment its words. Places in the
    error and in the sources are offsets into `text`, the line as it was typed.
    """

    number: int
    text: str
    kind: LineKind
    label: str = ""
    result: Result | None = None
    error: CalculationError | None = None


class Sheet(NamedTuple):
    """All lines in order."""

    lines: tuple[SheetLine, ...]

    @property
    def answer(self) -> Result | None:
        """The result of the last line that has one."""
        return next((line.result for line in reversed(self.lines) if line.result is not None), None)

    @property
    def error_count(self) -> int:
        """How many lines have no answer that should."""
        return sum(line.error is not None for line in self.lines)


def evaluate_sheet(
    text: str,
    *,
    names: Mapping[str, Named] | None = None,
    settings: Settings | None = None,
) -> Sheet:
    """
    Work out all lines from top to bottom; an error stops its own line and those that need it.

    :param names: what names mean before the first line
    :raises CalculationError: when there are more lines or bytes than a worksheet may have
    """
    run = _Run(dict(names or {}), settings or Settings())
    return Sheet(tuple(run.work_out(number, line) for number, line in enumerate(_split(text), 1)))


def find_sheet_sources(text: str, settings: Settings | None = None) -> tuple[SourceNode, ...]:
    """Return what the lines ask of the work itself, each question once; places are within its line."""
    found: dict[str, SourceNode] = {}
    for line in _split(text):
        kind, _, code = read_line(line)
        if kind is LineKind.EXPRESSION and "(" in code:
            for source in find_sources(code, settings=settings):
                found.setdefault(source.key, source)
    return tuple(found.values())


def read_line(line: str) -> tuple[LineKind, str, str]:
    """Return what a line is, its label, and what there is to work out: as long as the line, so that places agree."""
    code = _without_comment(line)
    words = code.strip()
    if not words:
        is_comment = len(code) < len(line)
        return (LineKind.COMMENT, line.strip()[2:].strip(), "") if is_comment else (LineKind.BLANK, "", "")
    if words[0] == "#":
        return LineKind.HEADING, line.strip().lstrip("#").strip(), ""
    end = _label_end(code) if ":" in code else 0
    if not end:
        return LineKind.EXPRESSION, "", code
    label = code[: end - 1].strip()
    if not code[end:].strip():
        # Words and a colon alone: there is nothing to work out.
        return LineKind.COMMENT, label, ""
    return LineKind.EXPRESSION, label, " " * end + code[end:]


# Not before a bracket: `average(1; 2)` is the function of everybody.
_OWN_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(SHEET_NAMES))})(?!\w|\()")
# How a line begins that says what a name is, also where it cannot be read.
_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*(?:\([^()=]*\)\s*)?=(?!=)")
_OPENING, _CLOSING = "([{", ")]}"
_PLAIN_LABEL = re.compile(r"[\w ]*")
# A label begins with a word, its number in a list, or is a day.
_NUMBERED = re.compile(r"\s*\d+[.)]\s+(?=[^\W\d_])")
_LABEL_START = re.compile(r"[^\W\d_]|\d+[.)]\s+[^\W\d_]|\d{4}-\d\d-\d\d$")
# After these there is nothing left to spend on any line.
_SPENT = frozenset({Code.TOO_MANY_STEPS, Code.TOO_SLOW})


def _split(text: str) -> list[str]:
    # Not splitlines(), which also splits where no person sees an end.
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > SHEET_LINES:
        raise CalculationError(
            Code.TOO_LONG, f"There are {len(lines):,} lines here; {SHEET_LINES} fit.", hint="Make two worksheets of it."
        )
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > SHEET_BYTES:
        raise CalculationError(
            Code.TOO_LONG,
            f"This text has {size:,} bytes; a worksheet holds {SHEET_BYTES:,}.",
            hint="Make two worksheets of it.",
        )
    return lines


def _without_comment(line: str) -> str:
    at = line.find("//")
    while at != -1 and line.count('"', 0, at) % 2:
        # Within quotation marks it is part of a name.
        at = line.find("//", at + 1)
    return line if at == -1 else line[:at]


def _label_end(code: str) -> int:
    """Return where the line goes on after label and colon; 0 without. `3:45`, `task:42` and `5 : 2` have none."""
    depth = 0
    numbered = _NUMBERED.match(code)
    for at in range(numbered.end() if numbered else 0, len(code)):
        character = code[at]
        if character == ":":
            return at + 1 if depth == 0 and _is_label(code[:at].strip(), code[at + 1 : at + 2]) else 0
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character in '="':
            return 0
    return 0


def _is_label(label: str, next_character: str) -> bool:
    if _LABEL_START.match(label) is None:
        # What begins with an amount may be divided by what follows.
        return False
    if not next_character or next_character.isspace():
        return True
    # Tight: words alone, and no time of day behind them.
    return _PLAIN_LABEL.fullmatch(label) is not None and not (label[-1].isdigit() and next_character.isdigit())


class _Block:
    """The lines above since an empty line or a heading, as far as they count, and their sum so far."""

    __slots__ = ("amounts", "failed", "mismatch", "sum", "summed")

    def __init__(self) -> None:
        # Line numbers and amounts.
        self.amounts: list[tuple[int, Quantity]] = []
        self.failed: int | None = None
        self.sum: Quantity | None = None
        self.summed = 0
        self.mismatch: str | None = None

    def total(self, word: str, at: int) -> Quantity:
        """Return the sum of the lines; :raises CalculationError: placed at the word that asks for it."""
        problem: tuple[Code, str, str] | None = None
        try:
            adds_up = self._add_up()
        except CalculationError as error:
            raise error.at(at, at + len(word)) from None
        if self.failed is not None:
            problem = (
                Code.LINE,
                f"Line {self.failed} has no answer, so the lines above have no {word}.",
                f"Mend line {self.failed} first.",
            )
        elif not self.amounts:
            problem = (
                Code.NO_LINES,
                f"There is no amount above for “{word}”, up to the empty line or heading before.",
                "Lines that only give a name to something are not counted.",
            )
        elif not adds_up:
            problem = (
                Code.UNIT_MISMATCH,
                f"{self.mismatch}: they have no {word}.",
                "Put what belongs together in a block of its own, with an empty line between.",
            )
        if problem is not None or self.sum is None:
            code, message, hint = problem or (Code.NO_LINES, "", "")
            raise CalculationError(code, message, position=at, end=at + len(word), hint=hint)
        return self.sum

    def _add_up(self) -> bool:
        # From where it was left, so that many totals of one block are one walk.
        while self.mismatch is None and self.summed < len(self.amounts):
            number, amount = self.amounts[self.summed]
            if self.sum is None:
                self.sum = amount
            elif _kind_of(self.sum) != _kind_of(amount):
                first = self.amounts[0][0]
                self.mismatch = f"Line {first} is {_named(self.sum)}, line {number} is {_named(amount)}"
            else:
                self.sum = add(self.sum, amount)
            self.summed += 1
        return self.mismatch is None


class _Run:
    """One way through the lines, and what is known on it."""

    __slots__ = (
        "block",
        "budget",
        "failed_names",
        "last",
        "last_failed",
        "names",
        "rates",
        "settings",
        "spent",
        "uses_block",
    )

    def __init__(self, names: dict[str, Named], settings: Settings) -> None:
        for word in SHEET_NAMES:
            names.pop(word, None)
        self.names = names
        self.settings = settings
        self.rates: dict[tuple[str, str], Rate] = dict(settings.rates)
        self.budget = Budget()
        self.block = _Block()
        # Names whose line has no answer, and which it is.
        self.failed_names: dict[str, int] = {}
        self.last: Value | None = None
        self.last_failed: int | None = None
        self.spent: CalculationError | None = None
        # Whether the line that is worked out now is made of the block's total.
        self.uses_block = False

    def work_out(self, number: int, line: str) -> SheetLine:
        """Work one line out and remember what it says for those below."""
        kind, label, code = read_line(line)
        if kind is not LineKind.EXPRESSION:
            if kind is not LineKind.COMMENT:
                self.block = _Block()
            return SheetLine(number, line, kind, label)
        if self.spent is not None:
            return SheetLine(number, line, kind, label, None, self.spent)
        try:
            if label in self.names and line[: line.index(":")][-1:].isspace():
                raise _label_or_division(line, label)
            result = self._evaluate(number, code)
        except CalculationError as error:
            return SheetLine(number, line, kind, label, None, self._failed(number, code, error))
        return SheetLine(number, line, kind, label, result)

    def _evaluate(self, number: int, code: str) -> Result:
        self.uses_block = False
        if (named := _NAMED.match(code)) is not None and named[1] in SHEET_NAMES:
            raise _taken(named[1], named.start(1))
        names = self.names
        if (found := _OWN_WORD.search(code)) is not None:
            names = dict(names)
            while found is not None:
                word, at = found[0], found.start()
                if code.count('"', 0, at) % 2 == 0 and word not in names:
                    self.uses_block = self.uses_block or word != "prev"
                    names[word] = self._own(word, at)
                found = _OWN_WORD.search(code, found.end())
        statement = parse(code, number_format=self.settings.number_format, names=names.keys())
        says_for_others = isinstance(statement, AssignNode | DefineNode | RateNode)
        result = evaluate_statement(statement, code, names=names, settings=self.settings, budget=self.budget)
        self._learn(statement, result)
        if not isinstance(statement, DefineNode | RateNode):
            self.last, self.last_failed = result.value, None
        if not says_for_others and not self.uses_block and isinstance(result.value, Quantity):
            self.block.amounts.append((number, result.value))
        return result

    def _own(self, word: str, at: int) -> Value:
        if word == "prev":
            if self.last_failed is not None:
                raise CalculationError(
                    Code.LINE,
                    f"Line {self.last_failed}, which “prev” means, has no answer.",
                    position=at,
                    end=at + len(word),
                    hint=f"Mend line {self.last_failed} first.",
                )
            if self.last is None:
                raise CalculationError(
                    Code.NO_LINES,
                    "There is no answer above that “prev” could mean.",
                    position=at,
                    end=at + len(word),
                    hint="Write a line above this one.",
                )
            return self.last
        total = self.block.total(word, at)
        if word == "total":
            return total
        # Of the number alone: the mean of percentages is one, too.
        return Quantity(numerics.divide(total.number, Fraction(len(self.block.amounts))), total.units)

    def _learn(self, statement: Statement, result: Result) -> None:
        named = result.function or result.value
        if result.name is not None and named is not None:
            self.names[result.name] = named
            self.failed_names.pop(result.name, None)
        if isinstance(statement, RateNode):
            for source, target, factor, on in result.rates:
                # The latest holds, whichever way round it was said.
                self.rates.pop((target, source), None)
                self.rates[source, target] = Rate(factor, on)
            self.settings = self.settings._replace(rates=dict(self.rates))

    def _failed(self, number: int, code: str, error: CalculationError) -> CalculationError:
        """Remember that a line has no answer, and say why in a worksheet's words."""
        named = _NAMED.match(code)
        if named is not None:
            if named[1] not in SHEET_NAMES:
                self.names.pop(named[1], None)
                self.failed_names[named[1]] = number
        elif not self.uses_block:
            self.block.failed = self.block.failed or number
        self.last_failed = number
        if error.code in _SPENT:
            self.spent = CalculationError(
                error.code, f"Line {number} took all there is for a worksheet: {error.message}"
            )
        if error.code is Code.UNKNOWN_NAME and error.position is not None:
            meant = code[error.position : error.end]
            if (other := self.failed_names.get(meant)) is not None and other != number:
                return CalculationError(
                    Code.LINE,
                    f"Line {other}, which says what “{meant}” is, has no answer.",
                    position=error.position,
                    end=error.end,
                    hint=f"Mend line {other} first.",
                )
        return error


def _taken(name: str, at: int) -> CalculationError:
    return CalculationError(
        Code.NAME_TAKEN,
        f"“{name}” has a meaning of its own in a worksheet.",
        position=at,
        end=at + len(name),
        hint=f"Choose another name, such as “{name}_1”.",
        repairs=(f"{name}_1",),
    )


def _label_or_division(line: str, label: str) -> CalculationError:
    at = line.index(":")
    return CalculationError(
        Code.SYNTAX,
        f"“{label} :” could be a label, or “{label}” divided.",
        position=at,
        end=at + 1,
        hint=f"Write “{label} /” to divide, or “{label}:” for a label.",
        repairs=("/",),
    )


def _kind_of(amount: Quantity) -> object:
    return PERCENT if _is_percent(amount) else dimension_of(amount.units)


def _named(amount: Quantity) -> str:
    return "a percentage" if _is_percent(amount) else describe(dimension_of(amount.units))


def _is_percent(amount: Quantity) -> bool:
    return any(unit is PERCENT for unit, _ in amount.units)
