"""
What bench/pages.py measures on: a workspace with very many tasks.

Ten thousand are made as an import makes them, over five hundred days. Each statement of `multiply` copies one table of
them as often as is wanted, in the order of its primary key, with the lesser indexes away; they are built again at the
end, and what is there then is what writing the rows one by one would have left.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, NullPool, Table, create_engine, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

from webapp.customers.models import Customer
from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import EntryDay, Task, TaskBlocker, TaskTag, TaskWord, TimeEntry
from webapp.tasks.operations.intake import take_in
from webapp.tasks.rules.intake import EntryIn, TaskIn
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.workspaces import operations as workspaces

SEEDED = 10_000
PASSWORD = "a long enough password"
TASKS_A_DAY = 20
CHUNK = 500
# Of the open tasks so many, the oldest: each second waits for the one before it.
LINKED = 200


def fill(actor: Actor, size: int, *, now: datetime) -> None:
    """Make `size` tasks over size / 20 days: most of the old ones are done, with the time they took."""
    chance = random.Random(1)
    customers = make_customers(actor, now=now)
    for first in range(0, size, CHUNK):
        tasks, entries = [], []
        for number in range(first, min(size, first + CHUNK)):
            age_days = number / TASKS_A_DAY
            created = now - timedelta(days=age_days, hours=chance.random() * 8)
            is_done = chance.random() < (0.3 if age_days < 14 else 0.97)
            completed = min(now, created + timedelta(days=chance.expovariate(0.5))) if is_done else None
            estimate = chance.choice([None, 15, 30, 60, 120, 240])
            tasks.append(
                TaskIn(
                    source_ref=str(number),
                    title=f"{chance.choice(['Review', 'Write', 'Call about', 'Mend'])} matter {number}",
                    created_at=created,
                    status=Status.DONE if completed else chance.choice([Status.TODO, Status.TODO, Status.DOING]),
                    priority=chance.choice(list(Priority)),
                    category=f"Category {chance.randrange(8)}" if number % 9 else None,
                    customer_id=customers[number % 4] if number % 5 == 0 else None,
                    tags=(f"tag {chance.randrange(30)}",),
                    due_on=(created + timedelta(days=chance.randrange(30))).date() if chance.random() < 0.5 else None,
                    estimated_minutes=estimate,
                    completed_at=completed,
                )
            )
            if completed:
                length = timedelta(minutes=max(1, int((estimate or 45) * chance.lognormvariate(0.2, 0.6))))
                entries.append(
                    EntryIn(
                        source_ref=str(number),
                        task_ref=str(number),
                        user_id=actor.user_id,
                        started_at=completed - length,
                        ended_at=completed,
                    )
                )
        take_in(source="bench", tasks=tasks, entries=entries, zone=actor.zone, actor=actor, now=now)
        db.session.remove()


def make_customers(actor: Actor, *, now: datetime) -> list[int]:
    with transaction():
        made = [
            Customer(workspace_id=actor.workspace_id, name=name, name_key=name.lower(), created_at=now, updated_at=now)
            for name in ("Acme", "Globex", "Initech", "Umbrella")
        ]
        db.session.add_all(made)
    return [customer.id for customer in made]


def multiply(times: int, *, now: datetime) -> None:
    """Let some tasks wait for others, and copy all there is until there is `times` as much, in the server itself."""
    with transaction():
        open_ids = list(
            db.session.scalars(select(Task.id).where(Task.status != Status.DONE).order_by(Task.id).limit(LINKED))
        )
        db.session.add_all(
            TaskBlocker(task_id=task_id, blocked_by_id=other, workspace_id=1, created_at=now)
            for task_id, other in zip(open_ids[::2], open_ids[1::2], strict=False)
        )
    db.session.remove()
    if times > 1:
        make_people(times - 1, now=now)
        tables = [table_of(model) for model in (Task, TaskTag, TaskWord, TaskBlocker, TimeEntry, EntryDay)]
        (_copy_on_sqlite if db.engine.dialect.name == "sqlite" else _copy_on_server)(tables, times)


def make_people(number: int, *, now: datetime) -> None:
    """Let others work in the workspace, too: each copy of the time is the time of another."""
    for place in range(number):
        email = f"person-{place}@example.com"
        workspaces.register(name=f"Person {place}", email=email, password=PASSWORD, timezone="Europe/Berlin", now=now)
        workspaces.add_member(workspace_id=1, email=email, now=now)
    db.session.remove()


def _copy_on_sqlite(tables: list[Table], times: int) -> None:
    indexes = [index for table in tables for index in table.indexes if not index.unique]
    raw = db.engine.raw_connection()
    connection: Any = raw.driver_connection
    # For this connection and no longer: nobody minds a file that is half-way when the power fails.
    for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA journal_mode = OFF")
    for index in indexes:
        connection.execute(str(DropIndex(index).compile(db.engine)))
    connection.execute("BEGIN")
    for table in tables:
        connection.execute(copy_statement(table, times))
    connection.execute("COMMIT")
    for index in indexes:
        connection.execute(str(CreateIndex(index).compile(db.engine)))
    raw.invalidate()


def _copy_on_server(tables: list[Table], times: int) -> None:
    # Without the time limits of a page's connection.
    engine = create_engine(db.engine.url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET foreign_key_checks = 0, unique_checks = 0"))
        for table in tables:
            with _without_indexes(connection, table):
                connection.execute(text(copy_statement(table, times)))
                connection.commit()
        connection.execute(text("SET foreign_key_checks = 1, unique_checks = 1"))
        connection.execute(text("ANALYZE TABLE " + ", ".join(table.name for table in tables)))
        connection.commit()


@contextmanager
def _without_indexes(connection: Any, table: Table) -> Iterator[None]:
    # The others back foreign keys. Those of one table are built together: it is read once for all of them.
    indexes = [index for index in table.indexes if "_by_" in str(index.name) and not index.unique]
    if not indexes:
        yield
        return
    connection.execute(text(f"ALTER TABLE {table.name} " + ", ".join(f"DROP INDEX {one.name}" for one in indexes)))
    yield
    connection.execute(text(f"ALTER TABLE {table.name} " + ", ".join(f"ADD INDEX {_named(one)}" for one in indexes)))


def _named(index: Index) -> str:
    return f"{index.name} ({', '.join(column.name for column in index.columns)})"


def copy_statement(table: Table, times: int) -> str:
    """Return what adds the first tasks until they are there `times`, each time with other ids, names and people."""
    moved = {"task_id", "blocked_by_id", "entry_id", "id"}
    names = [column.name for column in table.columns]
    shown = {
        **{name: name for name in names},
        **{name: f"{name} + number * {SEEDED}" for name in moved},
        "user_id": "user_id + number",
        **dict.fromkeys(("source", "source_ref", "source_hash"), "NULL"),
        "uid": (
            "SUBSTR(uid, 1, 24) || PRINTF('%08x', number)"
            if db.engine.dialect.name == "sqlite"
            else "CONCAT(SUBSTR(uid, 1, 24), LPAD(LOWER(HEX(number)), 8, '0'))"
        ),
    }
    own = "id" if "id" in names else "entry_id" if "entry_id" in names else "task_id"
    order = ", ".join(str(names.index(column.name) + 1) for column in table.primary_key.columns)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) "
        "WITH RECURSIVE copies (number) AS "
        f"(SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < {times - 1}) "
        f"SELECT {', '.join(map(shown.__getitem__, names))} "
        f"FROM copies CROSS JOIN {table.name} WHERE {own} <= {SEEDED} ORDER BY {order}"
    )
