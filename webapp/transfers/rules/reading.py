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
from itertools import islice

from webapp.errors import InvalidInput
from webapp.values.text import clean_line

MOST_TEXT_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_HEADING = 80
LONGEST_LINE = 2_000_000

_GZIP = b"\x1f\x8b"
# After each part what is left is copied: a file of nothing but empty parts would be copied half a million times.
MOST_GZIP_PARTS = 1_000
_SNIFFED_ROWS = 50
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

    def named_rows(self) -> Iterator[tuple[int, dict[str, str]] | BadRow]:
        """Yield each row as its line and its cells by heading, without outer white space."""
        for row in self.rows():
            if isinstance(row, BadRow):
                yield row
            else:
                yield row.line, {name: cell.strip() for name, cell in zip(self.header, row.cells, strict=True)}


def unpack(content: bytes) -> bytes:
    """
    Return the bytes of a file, unpacked when it is gzip, never more than `MOST_TEXT_BYTES`.

    :raises InvalidInput: for what is empty, too long, damaged, or no table at all
    """
    if content.startswith(_GZIP):
        content = _gunzip(content)
    if len(content) > MOST_TEXT_BYTES:
        raise _too_long()
    for beginning, sentence in _OTHER_FILES.items():
        if content.startswith(beginning):
            raise InvalidInput(sentence, field="file")
    if not content.strip(b" \t\r\n\x00"):
        raise InvalidInput("This file is empty.", field="file")
    return content


def _gunzip(content: bytes) -> bytes:
    unpacked = bytearray()
    parts = 0
    try:
        # A file may hold several parts one after the other.
        while content.startswith(_GZIP):
            parts += 1
            if parts > MOST_GZIP_PARTS:
                raise InvalidInput("This compressed file has too many parts. Send it unpacked.", field="file")
            part = zlib.decompressobj(wbits=31)
            unpacked += part.decompress(content, MOST_TEXT_BYTES + 1 - len(unpacked))
            if len(unpacked) > MOST_TEXT_BYTES:
                raise _too_long()
            if not part.eof:
                raise InvalidInput("This compressed file ends too early. Send it again.", field="file")
            content = part.unused_data
    except zlib.error:
        raise InvalidInput("This compressed file is damaged and cannot be unpacked.", field="file") from None
    return bytes(unpacked)


def _too_long() -> InvalidInput:
    return InvalidInput(
        f"A file may hold {MOST_TEXT_BYTES // 1024 // 1024} MB of text; this one holds more. Send it in parts.",
        field="file",
    )


def decode(content: bytes, encoding: Encoding) -> str:
    """
    Return the text of a file. AUTO knows UTF-8, and UTF-16 by its mark.

    :raises InvalidInput: with the encoding to try instead
    """
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if encoding is Encoding.WINDOWS:
        codec = "cp1252"
    elif encoding is Encoding.UTF_16 or (encoding is Encoding.AUTO and is_marked):
        codec = "utf-16" if is_marked else "utf-16-le"
    else:
        codec = "utf-8-sig"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise InvalidInput(_other_encoding(content, error.start, codec), field="encoding") from None
    if text.count("\x00") > len(text) // 10:
        raise InvalidInput("This looks like UTF-16 without its mark. Choose UTF-16 as the encoding.", field="encoding")
    if len(text.encode()) > MOST_TEXT_BYTES:
        raise _too_long()
    return text


def _other_encoding(content: bytes, position: int, codec: str) -> str:
    if codec == "cp1252":
        return "This file is not in Windows-1252 either. Save it as UTF-8, then send it again."
    if codec.startswith("utf-16"):
        return "This file is not in UTF-16, or it is damaged. Save it as UTF-8, then send it again."
    line = content.count(b"\n", 0, position) + 1
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


def check_length(sheet: Sheet) -> None:
    """
    Read a table to its end, or to what is too much.

    :raises InvalidInput: when there is no row below the header, or there are more than can be taken
    """
    count = sum(1 for _ in islice(sheet.rows(), MOST_ROWS + 1))
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
