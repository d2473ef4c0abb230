"""One line of text as words: what stands in quotes is one, and what a backslash stands before is marked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

QUOTES = ('"', "“")
# What may follow a word that is understood, and goes with it: it only separated.
SEPARATORS = ",;."
LONGEST_QUOTED_NAME = 500

_ENDS = r"(?=[\s,;.:!?)]|$)"
_CLOSING = {'"': re.compile(rf'"{_ENDS}'), "“": re.compile(rf"”{_ENDS}")}
_QUOTED_NAME = re.compile(
    rf'[#@=]("(?P<plain>(?:[^"]|""){{1,{LONGEST_QUOTED_NAME}}})"|“(?P<curled>[^”]{{1,{LONGEST_QUOTED_NAME}}})”)'
    rf"[,;]?(?=\s|$)"
)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Word:
    """
    One word of a line.

    `raw` is what was typed from `start` to `end`; `slashes` counts the backslashes before it, `core` is what follows
    them. `name` is what stands in the quotes of `@"Acme Ltd"`. What is in plain quotes is never read.
    """

    start: int
    end: int
    raw: str
    slashes: int = 0
    name: str | None = None
    is_quoted: bool = False

    @cached_property
    def core(self) -> str:
        """The word without the backslashes before it."""
        return self.raw[self.slashes :]

    @cached_property
    def plain(self) -> str:
        """The word as the grammar compares it: lower case, no separator after it; empty when it cannot matter."""
        if self.is_quoted or not self.core.isascii():
            return ""
        return self.core.lower().rstrip(SEPARATORS)

    @property
    def is_last_of_its_kind(self) -> bool:
        """Whether a separator after it ends what it belongs to."""
        return self.raw.endswith((";", "."))


def split_words(text: str) -> list[Word]:
    """Return the words of a line in order; each character that is no white space belongs to one."""
    words: list[Word] = []
    # Where no closing mark is left, none is looked for again: a line of nothing but opening ones stays quick.
    open_ended: set[str] = set()
    place = 0
    while found := _WORD.search(text, place):
        word = _word_at(text, found, open_ended)
        words.append(word)
        place = word.end
    return words


def quoted(name: str) -> str:
    """Return a name as it is written after a sign so that it is read back: a quotation mark in it is doubled."""
    return '"' + name.replace('"', '""') + '"'


def _word_at(text: str, found: re.Match[str], open_ended: set[str]) -> Word:
    start, mark = found.start(), text[found.start()]
    if mark in _CLOSING and mark not in open_ended:
        closing = _CLOSING[mark].search(text, start + 1)
        if closing:
            # What follows the mark directly, a comma or a question mark, belongs to the word.
            rest = _WORD.match(text, closing.end())
            end = rest.end() if rest else closing.end()
            return Word(start, end, text[start:end], is_quoted=True)
        open_ended.add(mark)
    slashes = len(found[0]) - len(found[0].lstrip("\\"))
    if name := _QUOTED_NAME.match(text, start + slashes):
        inside = name["curled"] or name["plain"].replace('""', '"')
        return Word(start, name.end(), text[start : name.end()], slashes, name=" ".join(inside.split()))
    return Word(start, found.end(), found[0], slashes)
