"""JSON as a stream: one object after the other, whichever of the usual ways they are put into a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from webapp.errors import InvalidInput
from webapp.transfers.rules.reading import TextSource

_READ_AT_A_TIME = 64 * 1024
# The longest object; also how much is looked at to know that there is no end to it.
LONGEST_OBJECT = 2_000_000
_BLANK = " \t\r\n"
_OF_NUMBERS = "0123456789.eE+-"


def json_objects(text: TextSource) -> Iterator[tuple[int, dict[str, Any]]]:
    """
    Yield each object of an array, or of a file with one object after the other, with the line it begins on.

    Pages of an answer may stand one after the other, each an array, or together in one.

    :raises InvalidInput: where the file is no longer such JSON, or ends too early
    """
    scanner = _Scanner(text)
    while True:
        if scanner.take("["):
            yield from _items(scanner, may_be_pages=True)
        else:
            yield _object(scanner)
        scanner.take(",")
        if scanner.is_at_end():
            return
        if not scanner.comes("[", "{"):
            scanner.expect_end()


def _items(scanner: _Scanner, *, may_be_pages: bool) -> Iterator[tuple[int, dict[str, Any]]]:
    if scanner.take("]"):
        return
    while True:
        if may_be_pages and scanner.take("["):
            yield from _items(scanner, may_be_pages=False)
        else:
            yield _object(scanner)
        if scanner.take("]"):
            return
        scanner.expect(",")


def _object(scanner: _Scanner) -> tuple[int, dict[str, Any]]:
    line, value = scanner.value()
    if not isinstance(value, dict):
        raise scanner.refusal("here should be an object in { }", line)
    return line, value


def json_sections(text: TextSource) -> Iterator[tuple[int, str, Any]]:
    """
    Yield what one object holds: of each array its items, of all else the value, each with its line and its key.

    An array without items yields nothing.

    :raises InvalidInput: where the file is no longer such JSON, or ends too early
    """
    scanner = _Scanner(text)
    scanner.expect("{")
    if scanner.take("}"):
        scanner.expect_end()
        return
    while True:
        line, key = scanner.value()
        if not isinstance(key, str):
            raise scanner.refusal("here should be a name in quotation marks", line)
        scanner.expect(":")
        if scanner.take("["):
            if not scanner.take("]"):
                while True:
                    line, value = scanner.value()
                    yield line, key, value
                    if scanner.take("]"):
                        break
                    scanner.expect(",")
        else:
            line, value = scanner.value()
            yield line, key, value
        if scanner.take("}"):
            scanner.expect_end()
            return
        scanner.expect(",")


class _Scanner:
    """What is left of the text, as far as it was read."""

    def __init__(self, text: TextSource) -> None:
        self.stream = text.open()
        self.buffer = ""
        self.at = 0
        self.line = 1
        self.decoder = json.JSONDecoder(parse_constant=_no_number)

    def value(self) -> tuple[int, Any]:
        """Take one whole value; return it with its line."""
        self._skip_blanks()
        line = self.line
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except RecursionError:
                raise self.refusal("this is nested too deeply", line) from None
            except _NoNumber as error:
                raise self.refusal(f"{error} is no number", line) from None
            except ValueError:
                if len(self.buffer) - self.at > LONGEST_OBJECT or not self._read_more():
                    raise self._broken(line) from None
                continue
            # A number or a word may go on in what was not read yet.
            is_closed = isinstance(value, dict | list | str) or self.buffer[end:].strip(_OF_NUMBERS)
            if not is_closed and self._read_more():
                continue
            self._move_to(end)
            return line, value

    def take(self, character: str) -> bool:
        """Take a character if it comes next."""
        self._skip_blanks()
        if not self.buffer.startswith(character, self.at):
            return False
        self._move_to(self.at + 1)
        return True

    def comes(self, *characters: str) -> bool:
        """Tell whether one of the characters comes next."""
        self._skip_blanks()
        return self.buffer.startswith(characters, self.at)

    def expect(self, character: str) -> None:
        """Take a character, which has to come next."""
        if not self.take(character):
            raise (
                self._broken(self.line) if self.is_at_end() else self.refusal(f"here should be {character}", self.line)
            )

    def expect_end(self) -> None:
        """See that nothing follows."""
        if not self.is_at_end():
            raise self.refusal("here the file should end", self.line)

    def is_at_end(self) -> bool:
        """Tell whether nothing but blanks is left."""
        self._skip_blanks()
        return self.at >= len(self.buffer)

    def refusal(self, words: str, line: int) -> InvalidInput:
        """Return what to say about a line."""
        return InvalidInput(f"Line {line:,} of this file is not as JSON should be: {words}.", field="file")

    def _broken(self, line: int) -> InvalidInput:
        if not self._read_more() and len(self.buffer) - self.at <= LONGEST_OBJECT:
            try:
                self.decoder.raw_decode(self.buffer, self.at)
            except ValueError as error:
                position = getattr(error, "pos", len(self.buffer))
                if position < len(self.buffer.rstrip()) and "Unterminated" not in str(error):
                    return self.refusal("something is missing or too much", line)
            return InvalidInput("This file ends too early: a part of it is missing. Send it again.", field="file")
        return self.refusal("something is missing or too much", line)

    def _skip_blanks(self) -> None:
        while True:
            end = self.at
            while end < len(self.buffer) and self.buffer[end] in _BLANK:
                end += 1
            self._move_to(end)
            if self.at < len(self.buffer) or not self._read_more():
                return

    def _move_to(self, end: int) -> None:
        self.line += self.buffer.count("\n", self.at, end)
        self.at = end

    def _read_more(self) -> bool:
        # The more is held, the more is read: a long object is not tried again for each small piece.
        more = self.stream.read(max(_READ_AT_A_TIME, len(self.buffer) - self.at))
        if not more:
            return False
        self.buffer, self.at = self.buffer[self.at :] + more, 0
        return True


class _NoNumber(Exception):
    """A word that Python takes for a number, and JSON does not."""


def _no_number(word: str) -> float:
    raise _NoNumber(word)
