"""
Amounts as they are typed: `1,234.5`, `5 m^2`, `85 EUR/h`, `1/2 m`, `$5`, `3h 45m`, `5 ft 3 in`, `3:45`, days.

`AmountReader` is the part of the parser that knows numbers and units and nothing of the signs between them.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise

from webapp.calculations.engine import amount_refusals
from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.lexer import FORMATS, NAME, NUMBER, SIGN, Token, read_number, split
from webapp.calculations.engine.nodes import BinaryNode, MixedNode, NumberNode, PercentNode, QuantityNode
from webapp.calculations.engine.operations import Operation
from webapp.calculations.engine.sources import SOURCES
from webapp.calculations.engine.units import find_unit, join_units
from webapp.calculations.engine.values import Unit, Units
from webapp.calculations.engine.vocabulary import FUNCTION_NAMES, JOINING, SEVERAL, TARGET_WORDS

SUPERSCRIPTS = {"²": 2, "³": 3}
TIMES = ("*", "·", "×", "⋅")
_UNIT_SIGNS = frozenset({"/", "^", *TIMES, *SUPERSCRIPTS})
# The largest exponent of a unit.
_UNIT_EXPONENT = 99
# Hours, minutes and seconds.
_CLOCK_UNITS = tuple(unit for name in ("h", "min", "s") if (unit := find_unit(name)) is not None)
_MINUTE = _CLOCK_UNITS[1]
_CLOSE_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")


class AmountReader:
    """Reads on from `index` in the words of a line, and leaves it behind what was read."""

    __slots__ = ("call", "index", "number_format", "text", "tokens")

    def __init__(self, text: str, number_format: str) -> None:
        self.text = text
        self.number_format = number_format
        self.tokens = split(text, number_format)
        self.index = 0
        # The function whose values stand here, so that a comma could part them.
        self.call: str | None = None

    # Numbers

    def number(self, token: Token, *, may_divide: bool) -> NumberNode | QuantityNode | MixedNode | PercentNode:
        """Read the amount that a number begins; with `may_divide` also the half metre of `1/2 m`."""
        _, word, start, end = token
        value = self._value(token)
        if self.call is not None and "," in word and self._is_doubtful_comma():
            raise amount_refusals.comma_in_argument(token, self.number_format)
        following = self.tokens[self.index]
        if following[0] == NAME:
            unit = self.unit_at(self.index, is_after_number=True)
            if unit is None and self._split_word(self.index):
                unit = self.unit_at(self.index, is_after_number=True)
            if unit is not None:
                self.index += 1
                units = self.units(unit)
                end = self.tokens[self.index - 1][3]
                if not units:
                    return NumberNode(value, start, end)
                quantity = QuantityNode(value, units, start, end)
                if self.tokens[self.index][0] == NUMBER and len(units) == 1 and units[0][1] == 1:
                    return self._mixed(quantity)
                return quantity
        elif may_divide and following[1] == "/" and following[2] == end and word.isdecimal():
            fraction = self._fraction(value, token)
            if fraction is not None:
                return fraction
        return NumberNode(value, start, end)

    def odd(self, token: Token) -> NumberNode | QuantityNode | MixedNode | PercentNode:
        """Read a number with signs that are not the person's: arguments without spaces, or nothing."""
        is_argument = self.call is not None
        parts = _split_arguments(token, self.number_format) if is_argument else []
        if not parts:
            raise amount_refusals.odd_number(token, self.number_format, is_argument=is_argument)
        self.tokens[self.index - 1 : self.index] = parts
        return self.number(parts[0], may_divide=True)

    def prefixed(self, unit: Unit, symbol: Token) -> QuantityNode:
        """Read the `5` of `$5` and the `/h` that may follow."""
        value = self._value(self.tokens[self.index])
        self.index += 1
        units = self.units(unit) if self.tokens[self.index][1] == "/" else ((unit, 1),)
        return QuantityNode(value, units, symbol[2], self.tokens[self.index - 1][3])

    def _value(self, token: Token) -> Fraction:
        try:
            return read_number(token[1], self.number_format)
        except CalculationError as error:
            raise error.at(token[2], token[3]) from None

    def _fraction(self, numerator: Fraction, above: Token) -> QuantityNode | PercentNode | None:
        """Read `/2 m` of `1/2 m`, if that is what stands here."""
        slash, below = self.tokens[self.index], self.tokens[self.index + 1]
        if below[0] != NUMBER or below[2] != slash[3] or not below[1].isdecimal():
            return None
        start, word = above[2], self.tokens[self.index + 2]
        denominator = self._value(below)
        if word[1] == "percent":
            self.index += 3
            one, other = NumberNode(numerator, start, above[3]), NumberNode(denominator, below[2], below[3])
            return PercentNode(BinaryNode(Operation.DIVIDE, one, other, slash[2], start, below[3]), start, word[3])
        unit = self.unit_at(self.index + 2, is_after_number=True)
        if unit is None or not denominator:
            return None
        self.index += 3
        units = self.units(unit)
        return QuantityNode(numerator / denominator, units, start, self.tokens[self.index - 1][3])

    def _mixed(self, first: QuantityNode) -> QuantityNode | MixedNode:
        """Read on after the `3h` of `3h 45m`."""
        parts = [first]
        while self.tokens[self.index][0] == NUMBER:
            number = self.tokens[self.index]
            unit = self.unit_at(self.index + 1, is_after_number=True)
            if unit is None and self._split_word(self.index + 1):
                unit = self.unit_at(self.index + 1, is_after_number=True)
            word = self.tokens[self.index + 1]
            larger = parts[-1].units[0][0]
            if word[1] == "m" and unit is not None and larger.dimension == _MINUTE.dimension:
                unit = _MINUTE
            if unit is None or unit.dimension != larger.dimension or unit.factor >= larger.factor or unit.offset:
                raise amount_refusals.part_of_length(number, word, unit, larger)
            parts.append(QuantityNode(self._value(number), ((unit, 1),), number[2], word[3]))
            self.index += 2
        return MixedNode(tuple(parts), first.start, parts[-1].end)

    def _split_word(self, index: int) -> bool:
        """Part `h45m` into `h`, `45` and `m`: what follows a number may stand close together."""
        pieces = _split_close(self.tokens[index]) if self.tokens[index][0] == NAME else []
        if not pieces or find_unit(pieces[0][1]) is None:
            return False
        self.tokens[index : index + 1] = pieces
        return True

    def _is_doubtful_comma(self) -> bool:
        """Whether the comma of a number could part two values of the function around it."""
        if FORMATS[self.number_format][0] == ",":
            return self.call in SEVERAL and not self._is_parted_by(";,")
        return not self._is_parted_by(";")

    def _is_parted_by(self, signs: str) -> bool:
        """Whether the values around this place are parted by one of these signs, so that commas belong to numbers."""
        depth = 0
        for index in range(self.index, len(self.tokens)):
            word = self.tokens[index][1]
            depth += (word == "(") - (word == ")")
            if depth < 0:
                break
            if word and word in signs and not depth:
                return True
        depth = 0
        for index in range(self.index - 1, -1, -1):
            word = self.tokens[index][1]
            depth += (word == ")") - (word == "(")
            if depth < 0:
                break
            if word and word in signs and not depth:
                return True
        return False

    # Units

    def unit_at(self, index: int, *, is_after_number: bool = False) -> Unit | None:
        """Return the unit that the word there names, unless it is a call or joins what stands beside it."""
        kind, word, _, end = self.tokens[index]
        if kind != NAME:
            return None
        following = self.tokens[index + 1]
        if word in JOINING:
            if word != "in" or not is_after_number or following[1] == "%" or following[1] in TARGET_WORDS:
                return None
            # “3 in cm” converts, “3 in in cm” is a length.
            if following[0] == NAME and following[1] not in JOINING and find_unit(following[1]) is not None:
                return None
        elif following[1] == "(" and following[2] == end and (word in FUNCTION_NAMES or word in SOURCES):
            return None
        return find_unit(word)

    def units(self, first: Unit, *, is_target: bool = False) -> Units:
        """Read on after the first unit of `EUR/h`, `kg m/s^2`, `W/(m K)`; a target may have signs of a product, too."""
        start = self.tokens[self.index - 1][2]
        following = self.tokens[self.index]
        if following[0] != NAME and following[1] not in _UNIT_SIGNS:
            parts: Units = ((first, 1),)
        else:
            parts = self._unit_parts(first, is_target=is_target)
        try:
            return join_units(parts)[1]
        except CalculationError as error:
            raise error.at(start, self.tokens[self.index - 1][3]) from None

    def _unit_parts(self, first: Unit, *, is_target: bool) -> Units:
        exponents = {first: self._exponent()}
        side = 1
        while True:
            following = self.tokens[self.index]
            unit: Unit | None
            if following[1] == "/":
                unit = self.unit_at(self.index + 1, is_after_number=True)
                group = ((unit, 0),) if unit is not None else self._unit_group()
                if group is None:
                    break
                side = -1
                for one, exponent in group:
                    exponents[one] = exponents.get(one, 0) - exponent
                if unit is None:
                    continue
                self.index += 2
            else:
                is_times = is_target and following[1] in TIMES
                unit = self.unit_at(self.index + is_times, is_after_number=is_times)
                if unit is None or (unit in exponents and not is_times):
                    break
                if side < 0:
                    raise amount_refusals.unit_after_slash(self.tokens, self.index + is_times, self.text)
                self.index += 1 + is_times
            exponents[unit] = exponents.get(unit, 0) + side * self._exponent()
        return tuple((one, exponent) for one, exponent in exponents.items() if exponent)

    def _unit_group(self) -> Units | None:
        """Read `/(m K)`, if that is what stands here."""
        start = self.index
        if self.tokens[start + 1][1] != "(":
            return None
        unit = self.unit_at(start + 2, is_after_number=True)
        if unit is None:
            return None
        self.index += 3
        units = self._unit_parts(unit, is_target=True)
        if self.tokens[self.index][1] != ")":
            self.index = start
            return None
        self.index += 1
        return units

    def _exponent(self) -> int:
        """Read the exponent of the unit before this place, 1 if it has none."""
        unit, sign = self.tokens[self.index - 1], self.tokens[self.index]
        if sign[1] in SUPERSCRIPTS:
            self.index += 1
            return SUPERSCRIPTS[sign[1]]
        if sign[1] != "^":
            return 1
        is_negative = self.tokens[self.index + 1][1] in ("-", "−")
        self.index += 2 + is_negative
        number = self.tokens[self.index - 1]
        if number[0] != NUMBER or not number[1].isdecimal() or not 1 <= int(number[1][:3]) <= _UNIT_EXPONENT:
            raise amount_refusals.unit_exponent(unit, sign, number)
        if self.tokens[self.index][1] == "^":
            raise amount_refusals.unit_exponent(unit, sign, self.tokens[self.index])
        return -int(number[1]) if is_negative else int(number[1])

    # Days and times

    def day(self, token: Token) -> date:
        """Read `2026-11-20`."""
        try:
            return date.fromisoformat(token[1])
        except ValueError:
            raise amount_refusals.no_such_day(token) from None

    def clock(self, token: Token) -> MixedNode:
        """Read `3:45` and `1:30:15`."""
        kind, word, start, end = token
        pieces = word.split(":")
        if any(int(piece) > 59 for piece in pieces[1:]):
            raise amount_refusals.no_such_time(token)
        parts = (
            QuantityNode(self._value((kind, piece, start, end)), ((unit, 1),), start, end)
            for piece, unit in zip(pieces, _CLOCK_UNITS, strict=False)
        )
        return MixedNode(tuple(parts), start, end)


def _split_arguments(token: Token, number_format: str) -> list[Token]:
    """Return `1,2` as the arguments that it is, where the person's numbers have no comma there; else nothing."""
    point, group = FORMATS[number_format]
    pieces = token[1].split(",")
    if point == "," or len(pieces) < 2:
        return []
    if any(not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+", piece) for piece in pieces):
        return []
    if group == ",":
        for piece, following in pairwise(pieces):
            if len(piece) <= 3 and re.fullmatch(r"[0-9]{3}(?:\.[0-9]+)?", following):
                return []
    parts: list[Token] = []
    position = token[2]
    for piece in pieces:
        if parts:
            parts.append((SIGN, ",", position - 1, position))
        parts.append((NUMBER, piece, position, position + len(piece)))
        position += len(piece) + 1
    return parts


def _split_close(token: Token) -> list[Token]:
    """Return `h45m` as `h`, `45`, `m`; nothing where a word has no digits, or other signs."""
    pieces = _CLOSE_PARTS.findall(token[1])
    if len(pieces) < 2 or "".join(pieces) != token[1]:
        return []
    parts: list[Token] = []
    position = token[2]
    for piece in pieces:
        parts.append((NUMBER if piece[0].isdecimal() else NAME, piece, position, position + len(piece)))
        position += len(piece)
    return parts
