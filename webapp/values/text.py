"""Text as people send it, made safe to keep without changing what they meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# All of the categories Cc, but for the line feed and the tab, and Cs.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")

# No language puts more accents on one letter. Unicode's normal forms sort them, which takes Python the square of
# their number: a form full of nothing else would keep a processor busy for minutes.
MOST_MARKS = 100
# These say that they are no marks, and are taken apart into some.
_MARKS_IN_DISGUISE = "\u0f73\u0f75\u0f81\uff9e\uff9f"
_MARKS = _MARKS_IN_DISGUISE + "".join(filter(unicodedata.combining, map(chr, range(0x300, 0x20000))))
_PILE_OF_MARKS = re.compile(f"[{_MARKS}]{{{MOST_MARKS + 1},}}")


def clean_line(text: str) -> str:
    """
    Return one line of text: NFC, outer white space gone, inner line breaks and tabs as single spaces.

    :raises ValueError: when it holds characters that cannot be kept (NUL, other control characters, half a surrogate)
    """
    return _refuse_controls(" ".join(unicodedata.normalize("NFC", _refuse_piles(text)).split()))


def clean_text(text: str) -> str:
    """
    Return text of several lines: NFC, line ends as LF, outer white space gone.

    :raises ValueError: when it holds characters that cannot be kept, as for a line
    """
    lines = unicodedata.normalize("NFC", _refuse_piles(text)).replace("\r\n", "\n").replace("\r", "\n")
    return _refuse_controls(lines.strip())


def name_key(name: str) -> str:
    """Return what two names share when a person would call them the same: case and white space do not count."""
    return compatible(" ".join(name.split())).casefold()


def compatible(text: str) -> str:
    """Return what looks alike in one spelling (NFKC); of marks piled on one letter the first hundred count."""
    return unicodedata.normalize("NFKC", _PILE_OF_MARKS.sub(lambda pile: pile[0][:MOST_MARKS], text))


def shortened(text: str, *, longest: int) -> str:
    """Return the text, or its beginning with an ellipsis; never more than `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a sentence lists them: `a, b and c`. There must be one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return `1 task` or `1,200 tasks`. :param many: the word for several where it is not `one` with an s"""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def split_at_words(text: str, words: str) -> list[tuple[str, bool]]:
    """
    Take `text` apart at each of the `words` in it: pieces, and whether each is one; together they are the text.

    Neither case nor accents matter.
    """
    folded, places = _folded(text)
    wanted = {_folded(word)[0] for word in words.split()} - {""}
    if not wanted:
        return [(text, False)] if text else []
    pattern = "|".join(re.escape(word) for word in sorted(wanted, key=len, reverse=True))
    pieces, at = [], 0
    for match in re.finditer(pattern, folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        # The accents that follow the last letter belong to it.
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if start < at:
            continue
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, found) for piece, found in [*pieces, (text[at:], False)] if piece]


def snippet_around(text: str, words: str, *, around: int = 60) -> str:
    """Return one line of `text` around the first of the `words` in it, with … where it was cut; empty without any."""
    line = " ".join(text.split())
    at = 0
    for piece, found in split_at_words(line, words):
        if found:
            start, end = max(0, at - around), min(len(line), at + len(piece) + around)
            # Whole words, where there are any near.
            if start and (space := line.find(" ", start, at)) != -1:
                start = space + 1
            if end < len(line) and (space := line.rfind(" ", at + len(piece), end)) != -1:
                end = space
            return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
        at += len(piece)
    return ""


def _folded(text: str) -> tuple[str, list[int]]:
    """Return text without case and accents, and for each of its characters where it stood."""
    folded, places = [], []
    for place, character in enumerate(text):
        plain = [part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part)]
        for part in "".join(plain).casefold():
            folded.append(part)
            places.append(place)
    return "".join(folded), places


def _refuse_piles(text: str) -> str:
    if _PILE_OF_MARKS.search(text):
        raise ValueError("There are more accents on one letter here than can be saved.")
    return text


def _refuse_controls(text: str) -> str:
    if _CONTROLS.search(text):
        raise ValueError(
            "There is a character in this text that cannot be saved. Retype it, or paste it as plain text."
        )
    return text
