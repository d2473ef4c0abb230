"""Text as people send it: kept as they meant it, and never a way to keep the processor busy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.values.text import (
    MOST_MARKS,
    clean_line,
    clean_text,
    compatible,
    counted,
    listed,
    name_key,
    shortened,
    snippet_around,
    split_at_words,
)

# Above and below, in turn: each has to be sorted past all that stand before it.
MARKS_IN_DISORDER = ("\u0315\u0300", "\u0f73\u0f71", "\uff9e\u0315", "\U0001d16d\u0300", "\U0001e8d0\u0300")


def test_clean_line_keeps_what_was_meant() -> None:
    assert clean_line("  Cafe\u0301\t\n au  lait \U0001f600 \u202e") == "Caf\xe9 au lait \U0001f600 \u202e"


def test_clean_text_keeps_lines() -> None:
    assert clean_text("\r\none\r\n\r  two\tthree \n") == "one\n\n  two\tthree"


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@pytest.mark.parametrize("typed", ["a\0b", "a\x1bb", "\x85a\x86b", "\ud800", "e" + "\u0300" * (MOST_MARKS + 1)])
def test_what_cannot_be_kept_is_refused(clean: object, typed: str) -> None:
    assert callable(clean)
    with pytest.raises(ValueError, match="saved"):
        clean(typed)


@pytest.mark.parametrize("marks", MARKS_IN_DISORDER)
def test_a_megabyte_of_accents_is_dealt_with_at_once(marks: str) -> None:
    typed = "e" + marks * 100_000
    began = time.process_time()

    for clean in (clean_line, clean_text):
        with pytest.raises(ValueError, match="accents"):
            clean(typed)
    name_key(typed)
    compatible(typed)

    # Sorted, these would take some minutes.
    assert time.process_time() - began < 2


def test_accents_as_languages_use_them_are_kept() -> None:
    assert clean_line("e" + "\u0300" * MOST_MARKS).endswith("\u0300" * (MOST_MARKS - 1))
    assert name_key("CAFE\u0301") == name_key("caf\xe9")


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            once = clean(typed)
        except ValueError:
            continue
        assert clean(once) == once


@pytest.mark.parametrize(
    "text,words,found",
    [
        ("Harbour wall", "harbour", ["Harbour"]),
        ("The harbour of Harburg", "harb", ["harb", "Harb"]),
        ("Cafe\u0301 au lait", "café", ["Cafe\u0301"]),
        ("Café", "cafe", ["Café"]),
        ("Straße", "strasse", ["Straße"]),
        ("Straße", "s", ["S", "ß"]),
        ("one two", "two one", ["one", "two"]),
        ("a.b", ".", ["."]),
        ("nothing", "", []),
        ("", "x", []),
        ("<b>", "<", ["<"]),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(text: str, words: str, found: list[str]) -> None:
    assert [piece for piece, is_found in split_at_words(text, words) if is_found] == found


@given(st.text(), st.text(max_size=5))
def test_pieces_make_up_the_text(text: str, words: str) -> None:
    assert "".join(piece for piece, _ in split_at_words(text, words)) == text


@pytest.mark.parametrize(
    "text,words,snippet",
    [
        ("about the HARBOUR wall", "harbour", "about the HARBOUR wall"),
        ("a" * 100 + " before the wall and after it " + "b" * 100, "wall", "… before the wall and after it …"),
        ("x" * 200, "x", "x" * 61 + " …"),
        ("two\n\nlines", "lines", "two lines"),
        ("nothing", "else", ""),
        ("", "else", ""),
    ],
)
def test_a_snippet_is_what_stands_around_a_word(text: str, words: str, snippet: str) -> None:
    assert snippet_around(text, words) == snippet


@given(st.text(), st.text(max_size=5))
def test_a_snippet_is_short_and_of_the_text(text: str, words: str) -> None:
    snippet = snippet_around(text, words)

    assert snippet.removeprefix("… ").removesuffix(" …") in " ".join(text.split())
    assert len(snippet) <= 2 * 62 + max(
        (len(piece) for piece, found in split_at_words(text, words) if found), default=0
    )


@pytest.mark.parametrize(
    "text,short", [("", ""), ("four", "four"), ("fives", "fiv…"), ("six words", "six…"), ("ünïcödé", "ünï…")]
)
def test_shortened_keeps_the_beginning_and_says_so(text: str, short: str) -> None:
    assert shortened(text, longest=4) == short


@given(st.text(), st.integers(1, 20))
def test_shortened_is_never_longer_than_asked(text: str, longest: int) -> None:
    assert len(shortened(text, longest=longest)) <= longest


@pytest.mark.parametrize("words,said", [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_listed_reads_as_a_sentence_does(words: list[str], said: str) -> None:
    assert listed(words) == said


def test_counted_has_the_word_for_one_and_for_many() -> None:
    assert [counted(number, "task") for number in (0, 1, 1200)] == ["0 tasks", "1 task", "1,200 tasks"]
    assert counted(2, "person", "people") == "2 people"
