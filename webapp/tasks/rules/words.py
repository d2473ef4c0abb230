"""The words of a task as they are looked for. Pure. When they change, `flask tasks index-words` writes all anew."""

from __future__ import annotations

import re
import unicodedata

from webapp.values.text import name_key

LONGEST_WORD = 32
# Of one task; its title comes first, and what is beyond these of a long text is not found by its words.
MOST_WORDS = 400
MOST_LOOKED_FOR = 8

_ACCENTS = re.compile("[\u0300-\u036f]")
# Written without spaces between words: pairs of characters stand for them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowels and other signs that belong to the letter before them.
_MARKS = "".join(
    character for character in map(chr, range(0x300, 0x20000)) if unicodedata.category(character)[0] == "M"
)
_LETTER = f"(?![{_UNSPACED}_])\\w"
_PARTS = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>{_LETTER}(?:{_LETTER}|[{_MARKS}])*)|(?P<sign>[^\\w\\s])")


def words_of(*texts: str) -> list[str]:
    """Return the distinct words of some texts, as `fold` writes them, at most `MOST_WORDS`, in their order."""
    found: dict[str, None] = {}
    for text in texts:
        for kind, part in _parts(text):
            if kind == "unspaced":
                found.update(dict.fromkeys([*_pairs(part), part[-1]]))
            else:
                found[part] = None
            if len(found) >= MOST_WORDS:
                return list(found)[:MOST_WORDS]
    return list(found)


def looked_for(typed: str) -> list[str]:
    """
    Return beginnings of words that must all be there, for what somebody typed; none when that holds no word.

    Text without spaces is looked for by its pairs of characters, one after another.
    """
    found: dict[str, None] = {}
    for kind, part in _parts(typed):
        found.update(dict.fromkeys(_pairs(part) if kind == "unspaced" and len(part) > 1 else [part]))
    # Of two where one begins the other, the longer says it all.
    wanted = [word for word in found if not any(other != word and other.startswith(word) for other in found)]
    return wanted[:MOST_LOOKED_FOR]


def fold(text: str) -> str:
    """Return text as words are compared: without case and accents, what looks alike in one spelling."""
    if text.isascii():
        return text.casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", name_key(text)))
    return unicodedata.normalize("NFC", plain)


def _parts(text: str) -> list[tuple[str, str]]:
    parts = []
    for match in _PARTS.finditer(fold(text)):
        kind, part = str(match.lastgroup), match[0]
        if kind == "sign" and not _is_picture(part):
            continue
        parts.append((kind, part if kind == "unspaced" else part[:LONGEST_WORD]))
    return parts


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) == "So"


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]
