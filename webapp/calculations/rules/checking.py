"""Whether a chain of calculations still says what it said, and whether each result comes out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.calculations.engine import ENGINE_VERSION, first
from webapp.calculations.rules.chain import check_columns, find_changed, hash_calculation
from webapp.calculations.rules.outcomes import find_differences

_SHOWN_CHARACTERS = 60
# Keys that are emptied when what they point at goes, and what the record keeps of it.
_LINKED = {"task_id": "task", "customer_id": "customer", "revises_id": "revises"}


@dataclass(frozen=True)
class Difference:
    """
    Something that is not as it was.

    :param field: a column of the calculation, or `chain` for its place among the others
    :param calculation_id: None where a calculation is missing
    """

    calculation_id: int | None
    position: int | None
    field: str
    message: str


class ChainChecker:
    """Goes along one chain, from its first calculation to its last, and remembers the place and the hash it is at."""

    def __init__(self, *, uid: str, workspace_id: int, user_id: int, person_id: int, is_deleted_person: bool) -> None:
        self._uid = uid
        self._workspace_id = workspace_id
        self._user_id = user_id
        self._person_id = person_id
        self._is_deleted_person = is_deleted_person
        self._length = 0
        self._last_hash = ""

    def begin(self) -> Iterator[Difference]:
        """Yield what is wrong with whose chain it is."""
        if self._user_id != self._person_id and not self._is_deleted_person:
            yield Difference(
                None, None, "user_id", f"the chain was person {self._person_id}'s and is person {self._user_id}'s"
            )

    def check(self, row: Mapping[str, Any], *, revised_hash: str | None) -> Iterator[Difference]:
        """
        Yield what differs in the next calculation.

        :param row: its columns by name
        :param revised_hash: of the calculation that it points to with `revises_id`, if it does
        """
        yield from self._check_place(row)
        yield from self._check_words(row)
        yield from self._check_links(row, revised_hash)
        yield from ((self._difference(row, name, words)) for name, words in _work_out_again(row))
        self._length, self._last_hash = row["position"], row["hash"] or ""

    def finish(self, *, length: int, last_hash: str) -> Iterator[Difference]:
        """Yield what is missing at the end, by what the head of the chain says."""
        if self._length < length:
            yield Difference(None, None, "chain", f"{_missing(self._length + 1, length)} at the end")
        elif self._length > length:
            yield Difference(None, None, "chain", f"the head says {length}, there are {self._length}")
        elif self._last_hash != last_hash:
            yield Difference(None, None, "chain", "the head has another hash than the last calculation")

    def _check_place(self, row: Mapping[str, Any]) -> Iterator[Difference]:
        position = row["position"]
        if position > self._length + 1:
            yield Difference(None, None, "chain", _missing(self._length + 1, position - 1))
        elif row["previous_hash"] != self._last_hash:
            yield self._difference(
                row, "previous_hash", f"it does not follow no. {self._length}: one of the two is another"
            )
        if (row["user_id"], row["workspace_id"]) != (self._user_id, self._workspace_id):
            yield self._difference(row, "user_id", "it is in the chain of somebody else")

    def _check_words(self, row: Mapping[str, Any]) -> Iterator[Difference]:
        """Compare each column with what was hashed, over the hash that the row itself says came before it."""
        expected = hash_calculation(
            row, chain_uid=self._uid, person_id=self._person_id, previous_hash=row["previous_hash"] or ""
        )
        checks = row["checks"] or ""
        if expected == row["hash"]:
            if checks != check_columns(row):
                yield self._difference(row, "checks", "it is not what the columns add up to")
            return
        is_whole = len(checks) == len(check_columns(row))
        changed = find_changed(row, checks) if is_whole else []
        for name in changed:
            yield self._difference(row, name, f"it was changed, and is now {_shown(row[name])}")
        if not changed:
            yield self._difference(row, "hash", "it is not the hash of this calculation")

    def _check_links(self, row: Mapping[str, Any], revised_hash: str | None) -> Iterator[Difference]:
        links = row["links"] if isinstance(row["links"], dict) else {}
        for column, name in _LINKED.items():
            linked = links[name] if isinstance(links.get(name), dict) else {}
            if row[column] is not None and row[column] != linked.get("id"):
                yield self._difference(row, column, f"it points to {row[column]}, and pointed to {linked.get('id')}")
            elif column == "revises_id" and row[column] is not None and linked.get("hash") != revised_hash:
                yield self._difference(row, column, f"calculation {row[column]} is not the one that was revised")

    @staticmethod
    def _difference(row: Mapping[str, Any], name: str, words: str) -> Difference:
        return Difference(row["id"], row["position"], name, words)


def _work_out_again(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    version = row["engine_version"]
    if version == 1:
        differences = _work_out_first(row)
    elif version == ENGINE_VERSION:
        try:
            differences = find_differences(row)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            yield "inputs", f"it cannot be worked out from what is kept: {type(error).__name__}"
            return
    else:
        yield "engine_version", f"there is no engine of version {_shown(version)}"
        return
    for name, (kept, found) in differences.items():
        yield name, f"it is {_shown(kept)}, and works out as {_shown(found)}"


def _work_out_first(row: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    try:
        answer = first.work_out(row["operation"], [Decimal(operand) for operand in row["operands"]])
    except (ArithmeticError, ValueError, TypeError) as error:
        return {"result": (row["result"], str(error) or type(error).__name__)}
    found = {"result": f"{answer.value:f}", "is_exact": answer.is_exact}
    return {name: (row[name], value) for name, value in found.items() if row[name] != value}


def _missing(first: int, last: int) -> str:
    return f"no. {first} is missing" if first == last else f"no. {first} to {last} are missing"


def _shown(value: Any) -> str:
    text = "nothing" if value is None or value == "" else f"“{value}”"
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…”"
