"""What has to be there before a file can be written."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from webapp.customers.models import Customer
from webapp.storage.bulk import ROWS_A_STATEMENT, table_of
from webapp.storage.db import Model, db
from webapp.storage.transaction import transactional
from webapp.storage.uid import new_uid
from webapp.tasks.models import Series, Task, TimeEntry
from webapp.values.actor import Actor


def name_all(*, actor: Actor) -> None:
    """Give what has no lasting name one: what a version without them has written while this one was being deployed."""
    for model in (Customer, Series, Task, TimeEntry):
        while _has_nameless(model, actor=actor):
            _name_some(model, actor=actor)


def _has_nameless(model: type[Model], *, actor: Actor) -> bool:
    table = table_of(model)
    nameless = select(table.c.id).where(table.c.workspace_id == actor.workspace_id, table.c.uid.is_(None)).limit(1)
    return db.session.execute(nameless).first() is not None


@transactional
def _name_some(model: type[Model], *, actor: Actor) -> None:
    table = table_of(model)
    nameless = (
        select(table.c.id, table.c.created_at)
        .where(table.c.workspace_id == actor.workspace_id, table.c.uid.is_(None))
        .limit(ROWS_A_STATEMENT)
    )
    found = db.session.execute(nameless).all()
    if found:
        db.session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("record_id"), table.c.uid.is_(None))
            .values(uid=bindparam("name")),
            [{"record_id": row.id, "name": new_uid(row.created_at)} for row in found],
        )
