"""Goes through all that was ever worked out, of one moment, a few rows at a time, and says what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from webapp.accounts.models import User
from webapp.calculations.models import Calculation, CalculationChain, WorksheetVersion
from webapp.calculations.queries.worksheets import verify_versions
from webapp.calculations.rules.checking import ChainChecker, Difference
from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.storage.transaction import one_moment

ROWS = 200

_C, _CHAINS, _USERS = table_of(Calculation), table_of(CalculationChain), table_of(User)


@dataclass(frozen=True)
class ChainDifference:
    """A difference, and in whose chain it is; `person` is an e-mail address, or a name where there is none."""

    person: str
    workspace_id: int | None
    difference: Difference


@dataclass
class Checked:
    """How much has been gone through."""

    calculations: int = 0
    chains: int = 0
    versions: int = 0


def count_rows(*, email: str | None) -> int:
    """Return how much there should be to go through: one person's calculations, or everybody's and all worksheets."""
    counted = select(func.coalesce(func.sum(_CHAINS.c.length), 0))
    if email is not None:
        counted = counted.join(_USERS, _USERS.c.id == _CHAINS.c.user_id).where(_USERS.c.email == email)
    versions = 0 if email is not None else db.session.scalar(select(func.count(WorksheetVersion.id))) or 0
    return int(db.session.execute(counted).scalar_one()) + versions


def has_person(email: str) -> bool:
    """Tell whether somebody has this address."""
    return db.session.scalar(select(User.id).where(User.email == email)) is not None


def find_differences(
    *, email: str | None, checked: Checked, on_rows: Callable[[int], None]
) -> Iterator[ChainDifference]:
    """
    Yield what differs in the chains of one person, or of all, as it is found.

    All of it is read as of one moment, `ROWS` at a time. `on_rows` is told how many calculations were gone through.
    """
    with one_moment() as connection:
        for chain in _chains(connection, email):
            checked.chains += 1
            person = chain.email or chain.name
            for difference in _check_chain(connection, chain, checked, on_rows):
                yield ChainDifference(person, chain.workspace_id, difference)
        if email is None:
            for row in _strays(connection):
                stray = Difference(row.id, None, "chain", "it is in no chain")
                yield ChainDifference(row.email or row.name, row.workspace_id, stray)


def find_version_differences(*, checked: Checked, on_rows: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    """Yield what differs in the saved versions of worksheets: the id of each, and what."""
    last = 0
    while batch := verify_versions(after_id=last, limit=ROWS):
        for version_id, sentences in batch:
            yield from ((version_id, sentence) for sentence in sentences)
        last = batch[-1][0]
        checked.versions += len(batch)
        on_rows(len(batch))
        # Nothing of a batch is needed for the next.
        db.session.expunge_all()


def _check_chain(
    connection: Connection, chain: Any, checked: Checked, on_rows: Callable[[int], None]
) -> Iterator[Difference]:
    checker = ChainChecker(
        uid=chain.uid or "",
        workspace_id=chain.workspace_id,
        user_id=chain.user_id,
        person_id=chain.person_id,
        is_deleted_person=chain.email is None,
    )
    yield from checker.begin()
    for rows in _rows(connection, chain.id):
        for row in rows:
            if isinstance(row, Difference):
                yield row
                continue
            values = row._asdict()
            revised_hash = values.pop("revised_hash")
            yield from checker.check(values, revised_hash=revised_hash)
        checked.calculations += len(rows)
        on_rows(len(rows))
    yield from checker.finish(length=chain.length, last_hash=chain.last_hash)


def _chains(connection: Connection, email: str | None) -> Iterator[Any]:
    last = 0
    statement = (
        select(_CHAINS, _USERS.c.email, _USERS.c.name)
        .join(_USERS, _USERS.c.id == _CHAINS.c.user_id)
        .order_by(_CHAINS.c.id)
        .limit(ROWS)
    )
    if email is not None:
        statement = statement.where(_USERS.c.email == email)
    while batch := connection.execute(statement.where(_CHAINS.c.id > last)).all():
        yield from batch
        last = batch[-1].id


def _rows(connection: Connection, chain_id: int) -> Iterator[list[Any]]:
    """Yield the calculations of a chain in order, a few at a time; a `Difference` in place of what cannot be read."""
    revised = aliased(Calculation)
    last = None
    statement = (
        select(_C, revised.hash.label("revised_hash"))
        .outerjoin(revised, revised.id == _C.c.revises_id)
        .where(_C.c.chain_id == chain_id, _C.c.position.is_not(None))
        .order_by(_C.c.position)
        .limit(ROWS)
    )
    while True:
        batch = _read(connection, statement if last is None else statement.where(_C.c.position > last))
        if not batch:
            return
        yield batch
        last = batch[-1].position


def _read(connection: Connection, statement: Any) -> list[Any]:
    try:
        return list(connection.execute(statement).all())
    except ValueError:
        # SQLite keeps in a column what is no JSON or no moment, and gives it back.
        places = connection.execute(
            statement.with_only_columns(_C.c.id, _C.c.position, maintain_column_froms=True)
        ).all()
    return [_read_one(connection, statement, place) for place in places]


def _read_one(connection: Connection, statement: Any, place: Any) -> Any:
    try:
        return connection.execute(statement.where(_C.c.id == place.id)).one()
    except ValueError:
        return Difference(place.id, place.position, "row", "something in it is of another kind and cannot be read")


def _strays(connection: Connection) -> Iterator[Any]:
    last = 0
    statement = (
        select(_C.c.id, _C.c.workspace_id, _USERS.c.email, _USERS.c.name)
        .join(_USERS, _USERS.c.id == _C.c.user_id)
        .where(_C.c.chain_id.is_(None))
        .order_by(_C.c.id)
        .limit(ROWS)
    )
    while batch := connection.execute(statement.where(_C.c.id > last)).all():
        yield from batch
        last = batch[-1].id
