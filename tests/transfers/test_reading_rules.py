"""From bytes to lines: what is accepted, and by which sentence the rest is refused."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.transfers.csv import as_csv
from webapp.transfers.rules.reading import (
    MOST_TEXT_BYTES,
    BadRow,
    Delimiter,
    Encoding,
    Row,
    TextSource,
    open_sheet,
    read_upload,
)
from webapp.values.cells import safe_cell

Result = TypeVar("Result")
cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20)


def done_or_refused(work: Callable[[], Result]) -> Result | InvalidInput:
    try:
        return work()
    except InvalidInput as refusal:
        return refusal


def text_of(content: bytes, encoding: Encoding = Encoding.AUTO) -> str:
    return "".join(read_upload(io.BytesIO(content), encoding))


def test_gzip_is_unpacked_also_in_several_parts() -> None:
    assert text_of(gzip.compress(b"id,ti") + gzip.compress(b"tle\n1,a")) == "id,title\n1,a"


def test_a_file_of_nothing_but_empty_parts_is_refused_at_once() -> None:
    began = time.process_time()

    with pytest.raises(InvalidInput, match="parts"):
        text_of(gzip.compress(b"") * 500_000)

    assert time.process_time() - began < 4


def test_a_bomb_is_not_unpacked_to_its_end() -> None:
    bomb = gzip.compress(b"0" * (MOST_TEXT_BYTES + 1), compresslevel=1)

    with pytest.raises(InvalidInput, match="100 MB") as refusal:
        text_of(bomb)

    assert refusal.value.field == "file"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_decode_finds_out_the_encoding(encoding: str) -> None:
    assert text_of("name\nZoë 🦉".encode(encoding), Encoding.AUTO) == "name\nZoë 🦉"


def test_decode_names_the_line_and_the_encoding_to_try() -> None:
    with pytest.raises(InvalidInput, match=r"Line 3 is not in UTF-8.*Windows-1252") as refusal:
        text_of("a\nb\nZoë".encode("cp1252"), Encoding.AUTO)

    assert refusal.value.field == "encoding"


def test_decode_reads_windows_letters_when_told_so() -> None:
    assert text_of("“Zoë” – €".encode("cp1252"), Encoding.WINDOWS) == "“Zoë” – €"


@pytest.mark.parametrize("encoding, codec", [(Encoding.AUTO, "utf-8"), (Encoding.UTF_16, "utf-16-le")])
def test_characters_that_two_pieces_share_come_out_whole(encoding: Encoding, codec: str) -> None:
    text = "a" + "Zoë 🦉" * 200_000

    assert text_of(text.encode(codec), encoding) == text


def test_half_a_compressed_file_is_said_to_be_half() -> None:
    with pytest.raises(InvalidInput, match="ends too early"):
        text_of(gzip.compress(bytes(range(200)) * 999)[:-20])


@pytest.mark.parametrize("encoding", Encoding)
@given(content=st.binary(max_size=200))
def test_decode_never_fails_without_a_sentence(encoding: Encoding, content: bytes) -> None:
    answer = done_or_refused(lambda: text_of(content, encoding))

    if isinstance(answer, InvalidInput):
        assert answer.message.endswith(".")
    else:
        answer.encode()


@pytest.mark.parametrize(
    "text, delimiter",
    [
        ("id,title\n1,a;b;c\n", Delimiter.COMMA),
        ("id;title\n1;one, two, three\n2;four, five\n", Delimiter.SEMICOLON),
        ("id\ttitle\n1\ta, b\n", Delimiter.TAB),
        ("title\nNo delimiter at all\n", Delimiter.COMMA),
        ('id;title\n1;"a;b"\n2;c\n', Delimiter.SEMICOLON),
    ],
)
def test_open_sheet_finds_out_the_delimiter(text: str, delimiter: Delimiter) -> None:
    assert open_sheet(TextSource.of(text)).delimiter is delimiter


def test_rows_know_their_lines_across_line_breaks_in_cells() -> None:
    sheet = open_sheet(TextSource.of('id,title\n1,"two\nlines"\n\n2,b\n'))

    assert list(sheet.rows()) == [Row(2, ("1", "two\nlines")), Row(5, ("2", "b"))]


def test_a_row_of_another_width_is_refused_by_its_line() -> None:
    sheet = open_sheet(TextSource.of("id,title\n1\n2,b,,\n3,c,d\n4,d\n"))

    assert list(sheet.rows()) == [
        BadRow(2, "This line has 1 cells, the first line has 2."),
        Row(3, ("2", "b")),
        BadRow(4, "This line has 3 cells, the first line has 2."),
        Row(5, ("4", "d")),
    ]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest_in_silence() -> None:
    rows = list(open_sheet(TextSource.of('id,title\n1,a\n2,"b\n3,c\n')).rows())

    assert rows == [Row(2, ("1", "a")), BadRow(3, "A quotation mark is opened here and never closed.")]


def test_a_cell_longer_than_can_be_read_is_refused_by_its_line() -> None:
    rows = list(open_sheet(TextSource.of(f"id,title\n1,{'x' * 200_000}\n2,b\n")).rows())

    assert isinstance(rows[0], BadRow)
    assert rows[0].line == 2
    assert "longer than can be read" in rows[0].message


def test_columns_without_a_name_or_with_the_same_one_get_their_own() -> None:
    assert open_sheet(TextSource.of("id,,title,title,\x00,\n1,2,3,4,5,\n")).header == (
        "id",
        "Column 2",
        "title",
        "title (2)",
        "Column 5",
    )


@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_was_written_as_csv_is_read_as_it_was(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b", "c"], *rows])
    kept = [tuple(row) for row in rows if any(cell.strip() for cell in row)]

    if kept:
        sheet = open_sheet(TextSource.of(text.getvalue()), Delimiter.COMMA)
        assert [row.cells for row in sheet.rows() if isinstance(row, Row)] == kept


@given(text=st.text(max_size=500))
def test_any_text_is_a_sheet_or_a_sentence(text: str) -> None:
    answer = done_or_refused(lambda: open_sheet(TextSource.of(text)))

    if isinstance(answer, InvalidInput):
        assert answer.message.endswith(".")
    else:
        assert all(isinstance(row, BadRow) or len(row.cells) == len(answer.header) for row in answer.rows())


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1+1", "\uff0b1", "\uff20SUM(A1)"]
)
def test_safe_cell_is_no_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert f"'{text}".encode() in as_csv(["a"], [[text]])


def test_safe_cell_leaves_other_text_alone() -> None:
    assert safe_cell("1 – 2 = 3") == "1 – 2 = 3"
