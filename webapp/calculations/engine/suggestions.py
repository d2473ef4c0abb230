"""Did you mean …: the few known words that are closest to what was typed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

# Longer words are nobody's typing mistake, and comparing them costs.
_LONGEST = 32
_MOST = 3


def closest(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known words, closest first; whether letters are large or small counts for little."""
    if len(word) > _LONGEST:
        return []
    reach = reach_of(word)
    lower = word.lower()
    letters = set(lower)
    ranked = []
    for place, other in enumerate(dict.fromkeys(known)):
        if abs(len(other) - len(word)) > reach or other == word:
            continue
        # Each letter that the other lacks is a step: most words are told apart by that, in a tenth of the time.
        other_lower = other.lower()
        if len(letters.difference(other_lower)) > reach:
            continue
        steps = distance(lower, other_lower, reach)
        if steps <= reach and steps < len(word):
            # Of those equally close: the same capitals, then what was begun or typed on, then the order given.
            is_begun = word.startswith(other) or other.startswith(word)
            ranked.append((steps, distance(word, other, len(word)), not is_begun, place, other))
    return [other for *_, other in heapq.nsmallest(_MOST, ranked)]


def reach_of(word: str) -> int:
    """Return how many letters of a word may be wrong: one of a short word, two of a longer one."""
    return 1 if len(word) < 6 else 2


def distance(left: str, right: str, most: int) -> int:
    """
    Return how many letters must be changed, added, left out or swapped with their neighbour.

    Stops counting beyond `most`.
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        above, before = before, row
        row = [i]
        for j, other in enumerate(right, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                steps = min(steps, above[j - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return row[-1]
