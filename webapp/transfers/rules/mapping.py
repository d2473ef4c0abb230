"""How one file is to be read: what each column means, what foreign words mean, and in which zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.cells import DayOrder, guess_priority, guess_status
from webapp.transfers.rules.columns import (
    DATES,
    QUANTITIES,
    REPEATABLE,
    Meaning,
    guess_columns,
    guess_day_order,
    guess_kind,
    guess_title_column,
    meanings_of,
)
from webapp.transfers.rules.reading import Delimiter, Row, Sheet
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

LONGEST_SOURCE = 80
MOST_WORDS = 50
# A column with more different words than these has another meaning.
MOST_DIFFERENT = {
    Meaning.STATUS: (MOST_WORDS, "statuses"),
    Meaning.PRIORITY: (MOST_WORDS, "priorities"),
    Meaning.CATEGORY: (500, "categories"),
    Meaning.PERSON: (500, "people"),
    Meaning.CUSTOMER: (2000, "customers"),
}
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Mapping:
    """
    The reading of one file, as a person has agreed to it.

    `columns` has one meaning for each column, None for what is left out. `title_from` is the column whose words stand
    in, with the reference, where a title is missing. `statuses` and `priorities` are keyed by `name_key` of the foreign
    word. `me` is the name by which the file knows the person who imports it.
    """

    kind: ImportKind
    delimiter: Delimiter
    columns: tuple[Meaning | None, ...]
    zone: str
    day_order: DayOrder = DayOrder.DAY_FIRST
    title_from: int | None = None
    statuses: dict[str, Status] = field(default_factory=dict)
    priorities: dict[str, Priority] = field(default_factory=dict)
    me: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {
            "kind": self.kind.value,
            "delimiter": self.delimiter.value,
            "columns": [meaning.value if meaning else None for meaning in self.columns],
            "zone": self.zone,
            "day_order": self.day_order.value,
            "title_from": self.title_from,
            "statuses": {word: status.value for word, status in self.statuses.items()},
            "priorities": {word: priority.word for word, priority in self.priorities.items()},
            "me": self.me,
        }

    @classmethod
    def from_json(cls, kept: AnyMapping[str, Any]) -> Mapping:
        """Return what `as_json` wrote."""
        return cls(
            kind=ImportKind(kept["kind"]),
            delimiter=Delimiter(kept["delimiter"]),
            columns=tuple(Meaning(meaning) if meaning else None for meaning in kept["columns"]),
            zone=kept["zone"],
            day_order=DayOrder(kept["day_order"]),
            title_from=kept["title_from"],
            statuses={word: Status(status) for word, status in kept["statuses"].items()},
            priorities={word: Priority.from_word(priority) for word, priority in kept["priorities"].items()},
            me=kept["me"],
        )

    def column(self, meaning: Meaning) -> int | None:
        """Return where the one column with this meaning is, None when there is none."""
        return self.columns.index(meaning) if meaning in self.columns else None

    def status_of(self, word: str) -> Status:
        """Return what a foreign status means here; what nobody has said counts as to do."""
        return self.statuses.get(name_key(word)) or guess_status(word) or Status.TODO

    def priority_of(self, word: str) -> Priority:
        """Return what a foreign priority means here; what nobody has said counts as medium."""
        return self.priorities.get(name_key(word)) or guess_priority(word) or Priority.MEDIUM


def guess_mapping(sheet: Sheet, *, zone: ZoneInfo, kind: ImportKind | None = None) -> Mapping:
    """Return the reading of a file that is most likely meant."""
    kind = kind or guess_kind(sheet.header)
    samples = [row.cells for row in islice(sheet.rows(), _SAMPLE_ROWS) if isinstance(row, Row)]
    columns = guess_columns(sheet.header, samples, kind)
    dates = [position for position, meaning in enumerate(columns) if meaning in DATES]
    cells = [row[position] for row in samples for position in dates if row[position].strip()]
    return Mapping(
        kind=kind,
        delimiter=sheet.delimiter,
        columns=columns,
        zone=zone.key,
        day_order=guess_day_order(cells)[0],
        title_from=guess_title_column(sheet.header, columns) if kind is ImportKind.TASKS else None,
    )


def check_mapping(mapping: Mapping, header: Sequence[str]) -> None:
    """
    Refuse a reading that cannot be carried out.

    :raises InvalidInput: `field` is `column-N`, counted from 0, or another field of the mapping
    """
    allowed = meanings_of(mapping.kind)
    taken: dict[str, int] = {}
    for position, meaning in enumerate(mapping.columns):
        if meaning is None:
            continue
        if meaning not in allowed:
            raise InvalidInput("A file of this kind has no such column.", field=f"column-{position}")
        if meaning in REPEATABLE:
            continue
        quantity = QUANTITIES.get(meaning, meaning.value)
        if quantity in taken:
            raise InvalidInput(
                f"“{header[taken[quantity]]}” has the same meaning already. Leave one of them out.",
                field=f"column-{position}",
            )
        taken[quantity] = position
    if mapping.kind is ImportKind.TASKS:
        _check_tasks(taken)
    else:
        _check_entries(taken)


def _check_tasks(taken: AnyMapping[str, int]) -> None:
    if "title" not in taken and "ref" not in taken:
        raise InvalidInput("Say which column holds the title of a task, or at least its reference.", field="columns")


def _check_entries(taken: AnyMapping[str, int]) -> None:
    if "task-ref" not in taken:
        raise InvalidInput("Say which column holds the reference of the task.", field="columns")
    if "started" not in taken and "day" not in taken:
        raise InvalidInput("Say which column tells when the time was spent: its start or its day.", field="columns")
    if "spent" not in taken and not ("started" in taken and "ended" in taken):
        raise InvalidInput("Say which column tells how long it took: a time spent, or an end.", field="columns")


@dataclass(frozen=True)
class Words:
    """The different words of one column, the most frequent first, with how often each comes; perhaps not all."""

    counts: tuple[tuple[str, int], ...]
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether all different words are listed."""
        return len(self.counts) == self.total


def words_in(sheet: Sheet, position: int | None, *, most: int) -> Words:
    """Return the different words of a column; words that differ in case alone are the same."""
    if position is None:
        return Words((), 0)
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for row in sheet.rows():
        if isinstance(row, Row) and (word := " ".join(row.cells[position].split())):
            key = name_key(word)
            counts[key] += 1
            shown.setdefault(key, word)
    return Words(tuple((shown[key][:120], count) for key, count in counts.most_common(most)), len(counts))
