"""From the bytes of a file to its lines: unpacking, decoding, telling columns apart. Never more than is bearable."""

from __future__ import annotations

import codecs
import csv
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import BinaryIO

from webapp.errors import InvalidInput
from webapp.values.text import clean_line

MOST_TEXT_BYTES = 100 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_HEADING = 80
LONGEST_LINE = 2_000_000

_GZIP = b"\x1f\x8b"
# A file of nothing but empty parts would be begun half a million times.
MOST_GZIP_PARTS = 1_000
_SNIFFED_ROWS = 50
_PIECE_BYTES = 256 * 1024
_NOTHING = " \t\r\n\x00"
# What else people choose by mistake, told by the first bytes.
_OTHER_FILES = {
    b"PK\x03\x04": "This is a spreadsheet or a zip file. Open it and save the table as CSV, then choose that file.",
    b"\xd0\xcf\x11\xe0": "This is an older Excel file. Open it and save the table as CSV, then choose that file.",
    b"%PDF": "This is a PDF. A table can be read as CSV only.",
    b"\x89PNG": "This is a picture. A table can be read as CSV only.",
    b"\xff\xd8\xff": "This is a picture. A table can be read as CSV only.",
    b"BZh": "This file is compressed in a way that is not known here. Unpack it, or use gzip.",
    b"\xfd7zXZ": "This file is compressed in a way that is not known here. Unpack it, or use gzip.",
}


class Encoding(StrEnum):
    """How the characters of a file are written down."""

    AUTO = "auto"
    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS = "cp1252"


class Delimiter(StrEnum):
    """What stands between two cells."""

    AUTO = "auto"
    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"

    @property
    def character(self) -> str:
        """The character itself; none for AUTO."""
        return {"comma": ",", "semicolon": ";", "tab": "\t"}[self.value]


@dataclass(frozen=True)
class TextSource:
    """The text of a file, to be read from its beginning as often as one likes, a piece at a time."""

    open: Callable[[], io.TextIOBase]

    @classmethod
    def of(cls, text: str) -> TextSource:
        """Return a text that is at hand."""
        return cls(lambda: io.StringIO(text, newline=""))

    def lines(self) -> Iterator[str]:
        """
        Yield the lines with their ends as they are.

        :raises InvalidInput: at a line that is longer than anything a table may hold
        """
        with self.open() as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise InvalidInput(f"A line of this file is longer than {LONGEST_LINE:,} characters.", field="file")
                yield line


@dataclass(frozen=True)
class Row:
    """One row of the table; `line` is where it begins in the file, the header being line 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read as a row of this table, and why."""

    line: int
    message: str


@dataclass(frozen=True)
class Sheet:
    """A table as text. `header` names the columns, each differently."""

    text: TextSource
    delimiter: Delimiter
    header: tuple[str, ...]

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield the rows below the header, in order; blank ones are left out."""
        records = _records(self.text, self.delimiter)
        next(records, None)
        width = len(self.header)
        for record in records:
            if isinstance(record, BadRow):
                yield record
            elif any(cell.strip() for cell in record.cells):
                yield _fitted(record, width)


def read_upload(stream: BinaryIO, encoding: Encoding = Encoding.AUTO) -> Iterator[str]:
    """
    Yield the text of a file piece by piece, unpacked when it is gzip; AUTO knows UTF-8, and UTF-16 by its mark.

    Never more is held than a piece, and never more yielded than `MOST_TEXT_BYTES`.

    :raises InvalidInput: for what is empty, too long, damaged, or not in that encoding; `field` is `file` or `encoding`
    """
    pieces = _pieces(stream)
    first = next(pieces, b"")
    for beginning, sentence in _OTHER_FILES.items():
        if first.startswith(beginning):
            raise InvalidInput(sentence, field="file")
    is_blank = True
    size = 0
    for text in _decoded(chain([first], pieces), encoding):
        is_blank = is_blank and not text.strip(_NOTHING)
        size += len(text.encode())
        if size > MOST_TEXT_BYTES:
            raise _too_long()
        yield text
    if is_blank:
        raise InvalidInput("This file is empty.", field="file")


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    first = stream.read(_PIECE_BYTES)
    raw = chain([first], iter(lambda: stream.read(_PIECE_BYTES), b""))
    unpacked = _gunzipped(raw) if first.startswith(_GZIP) else raw
    size = 0
    for piece in unpacked:
        size += len(piece)
        # UTF-16 takes two bytes where UTF-8 takes one.
        if size > 2 * MOST_TEXT_BYTES:
            raise _too_long()
        yield piece


def _gunzipped(raw: Iterator[bytes]) -> Iterator[bytes]:
    parts = 1
    part = zlib.decompressobj(wbits=31)
    waiting = b""
    try:
        while True:
            if part.eof:
                # A file may hold several parts one after the other; what follows the last is no part of it.
                waiting = part.unused_data
                if len(waiting) < len(_GZIP):
                    waiting += next(raw, b"")
                if not waiting.startswith(_GZIP):
                    return
                parts += 1
                if parts > MOST_GZIP_PARTS:
                    raise InvalidInput("This compressed file has too many parts. Send it unpacked.", field="file")
                part = zlib.decompressobj(wbits=31)
            elif not waiting:
                waiting = next(raw, b"")
                if not waiting:
                    raise InvalidInput("This compressed file ends too early. Send it again.", field="file")
            piece = part.decompress(waiting, _PIECE_BYTES)
            waiting = part.unconsumed_tail
            if piece:
                yield piece
    except zlib.error:
        raise InvalidInput("This compressed file is damaged and cannot be unpacked.", field="file") from None


def _decoded(pieces: Iterator[bytes], encoding: Encoding) -> Iterator[str]:
    first = next(pieces, b"")
    is_marked = first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if encoding is Encoding.WINDOWS:
        codec = "cp1252"
    elif encoding is Encoding.UTF_16 or (encoding is Encoding.AUTO and is_marked):
        codec = "utf-16" if is_marked else "utf-16-le"
    else:
        codec = "utf-8-sig"
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 0
    for piece, is_last in _marking_last(chain([first], pieces)):
        held = decoder.getstate()[0]
        try:
            text = decoder.decode(piece, final=is_last)
        except UnicodeDecodeError as error:
            lines += (held + piece).count(b"\n", 0, error.start)
            raise InvalidInput(_other_encoding(lines + 1, codec), field="encoding") from None
        lines += piece.count(b"\n")
        if text.count("\x00") > max(1, len(text) // 10) and text.strip(_NOTHING):
            raise InvalidInput(
                "This looks like UTF-16 without its mark. Choose UTF-16 as the encoding.", field="encoding"
            )
        yield _encodable(text)


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # UTF-16 may hold one half of a character.
        raise InvalidInput(_other_encoding(0, "utf-16"), field="encoding") from None
    return text


def _marking_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = next(pieces, b"")
    for piece in pieces:
        yield held, False
        held = piece
    yield held, True


def _too_long() -> InvalidInput:
    return InvalidInput(
        f"A file may hold {MOST_TEXT_BYTES // 1024 // 1024} MB of text; this one holds more. Send it in parts.",
        field="file",
    )


def _other_encoding(line: int, codec: str) -> str:
    if codec == "cp1252":
        return "This file is not in Windows-1252 either. Save it as UTF-8, then send it again."
    if codec.startswith("utf-16"):
        return "This file is not in UTF-16, or it is damaged. Save it as UTF-8, then send it again."
    return (
        f"Line {line:,} is not in UTF-8. Files from older Windows programs are mostly in Windows-1252: choose that, "
        "and look whether letters with accents are right in the preview."
    )


def open_sheet(text: TextSource, delimiter: Delimiter = Delimiter.AUTO) -> Sheet:
    """
    Return the table in `text`; no more than its beginning is read.

    :raises InvalidInput: when there is no header, or more columns than can be taken
    """
    if delimiter is Delimiter.AUTO:
        delimiter = _sniff(text)
    first = next(_records(text, delimiter), None)
    if first is None or isinstance(first, BadRow) or not any(cell.strip() for cell in first.cells):
        raise InvalidInput("The first line has to name the columns.", field="file")
    if len(first.cells) > MOST_COLUMNS:
        raise InvalidInput(
            f"This table has {len(first.cells):,} columns; {MOST_COLUMNS} can be read. Leave out what is not needed.",
            field="file",
        )
    return Sheet(text, delimiter, _headings(first.cells))


def check_length(sheet: Sheet, *, lines: int) -> None:
    """
    See that a table has rows, and not too many; it is read to its end only if that is needed to know.

    :param lines: how many lines the file has; cells may have several
    :raises InvalidInput: when there is no row below the header, or there are more than can be taken
    """
    count = sum(1 for _ in islice(sheet.rows(), MOST_ROWS + 1 if lines > MOST_ROWS else 1))
    if count == 0:
        raise InvalidInput("Below the names of the columns there are no rows.", field="file")
    if count > MOST_ROWS:
        raise InvalidInput(f"A file may hold {MOST_ROWS:,} rows; this one holds more. Send it in parts.", field="file")


def _sniff(text: TextSource) -> Delimiter:
    """Choose what divides the first rows into the most columns, the same number in each."""

    def merit(delimiter: Delimiter) -> tuple[int, int]:
        widths = Counter(
            len(record.cells) for record in islice(_records(text, delimiter), _SNIFFED_ROWS) if isinstance(record, Row)
        )
        width, share = widths.most_common(1)[0] if widths else (1, 0)
        return (share, width) if width > 1 else (0, 1)

    return max((Delimiter.COMMA, Delimiter.SEMICOLON, Delimiter.TAB), key=merit)


def _headings(cells: tuple[str, ...]) -> tuple[str, ...]:
    # An unnamed last column is what a comma at the end of every line leaves.
    names = list(cells)
    while len(names) > 1 and not names[-1].strip():
        names.pop()
    seen: Counter[str] = Counter()
    headings = []
    for position, name in enumerate(names, 1):
        try:
            heading = clean_line(name)[:LONGEST_HEADING]
        except ValueError:
            heading = ""
        heading = heading or f"Column {position}"
        seen[heading] += 1
        headings.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(headings)


def _records(text: TextSource, delimiter: Delimiter) -> Iterator[Row | BadRow]:
    # Strict, or a quotation mark that is never closed would swallow the rest of the file without a word.
    reader = csv.reader(text.lines(), delimiter=delimiter.character, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, _csv_sentence(str(error)))
            continue
        yield Row(line, tuple(cells))


def _csv_sentence(words: str) -> str:
    if "unexpected end" in words:
        return "A quotation mark is opened here and never closed."
    if "field limit" in words:
        return "A cell here is longer than can be read; a quotation mark may be missing."
    return "A closing quotation mark here is followed by more text."


def _fitted(row: Row, width: int) -> Row | BadRow:
    if len(row.cells) == width or (len(row.cells) > width and not any(c.strip() for c in row.cells[width:])):
        return Row(row.line, row.cells[:width])
    return BadRow(row.line, f"This line has {len(row.cells):,} cells, the first line has {width:,}.")
