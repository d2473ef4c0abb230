"""Calculations of before there were chains are given their place in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from tests.cast import NOW, Person
from webapp.calculations.engine import ENGINE_VERSION
from webapp.calculations.models import Calculation, CalculationChain
from webapp.calculations.operations.records import keep
from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import Checked
from webapp.calculations.rules.chain import check_columns, hash_calculation
from webapp.calculations.rules.typed import TypedExpression
from webapp.storage.db import db

MIGRATIONS = str(Path(__file__).parent.parent.parent / "migrations")
BEFORE = "0058_create_worksheet_links"
OLD: list[dict[str, Any]] = [
    {"operation": "multiply", "operands": ["38.5", "85"], "result": "3272.5", "is_exact": True},
    {"operation": "divide", "operands": ["-2", "-3"], "result": "0." + "6" * 33 + "7", "is_exact": False},
    {"operation": "root", "operands": ["2", "2"], "result": "1.414213562373095048801688724209698", "is_exact": False},
    {"operation": "power", "operands": ["10", "-500"], "result": "0." + "0" * 499 + "1", "is_exact": True},
]


@pytest.fixture
def migrated(app: Flask, ada: Person, ben: Person) -> list[Calculation]:
    """Ada's four calculations and one of Ben's that takes the place of Ada's first, made before the migration."""
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision=BEFORE)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for number, row in enumerate([*OLD, {**OLD[0], "revises_id": 1}], start=1):
            connection.execute(
                text(
                    "INSERT INTO calculations (id, workspace_id, user_id, operation, operands, result, is_exact, note, "
                    "revises_id, created_at) VALUES (:id, :workspace_id, :user_id, :operation, :operands, :result, "
                    ":is_exact, 'Für „Nordlicht“', :revises_id, '2026-11-19 23:30:00')"
                ),
                {
                    "revises_id": None,
                    **row,
                    "id": number,
                    "workspace_id": ada.workspace_id,
                    "user_id": ada.user_id if number <= len(OLD) else ben.user_id,
                    "operands": json.dumps(row["operands"]),
                },
            )
    db.session.remove()
    upgrade(directory=MIGRATIONS)
    return list(db.session.scalars(select(Calculation).order_by(Calculation.id)))


def test_each_person_has_a_whole_chain_of_what_they_worked_out(migrated: list[Calculation], ada: Person) -> None:
    chains = {chain.id: chain for chain in db.session.scalars(select(CalculationChain))}
    last = dict.fromkeys(chains, "")
    for row in migrated:
        chain = chains[row.chain_id or 0]
        assert row.previous_hash == last[chain.id]
        assert row.hash == hash_calculation(
            vars(row), chain_uid=chain.uid or "", person_id=row.user_id, previous_hash=last[chain.id]
        )
        assert row.checks == check_columns(vars(row))
        last[chain.id] = row.hash or ""

    assert [row.position for row in migrated] == [1, 2, 3, 4, 1]
    assert {chain.id: chain.last_hash for chain in chains.values()} == last
    assert sorted(chain.length for chain in chains.values()) == [1, 4]


def test_the_record_is_filled_with_what_can_be_known(migrated: list[Calculation]) -> None:
    product, quotient, root, tiny, again = migrated

    assert [row.reading for row in migrated] == ["38.5 * 85", "(-2) / (-3)", "root(2; 2)", "10^(-500)", "38.5 * 85"]
    assert (product.numerator, product.denominator, product.digits) == ("6545", "2", None)
    assert (quotient.numerator, quotient.digits) == (None, "0." + "6" * 33 + "7")
    assert root.digits == "1.414213562373095048801688724209698"
    assert tiny.denominator == "1" + "0" * 500
    assert again.links == {"revises": {"id": product.id, "hash": product.hash}}
    # Half past midnight in Berlin, half past eight in Tokyo.
    assert {str(row.day) for row in migrated} == {"2026-11-20"}
    assert {(row.engine_version, row.error_code, row.is_hidden) for row in migrated} == {(1, "", False)}


def test_what_is_chained_stays_so_when_the_migration_is_taken_back_and_done_again(
    migrated: list[Calculation], ada: Person
) -> None:
    newest = keep(typed=TypedExpression("1/3 + 1"), actor=ada.actor, now=NOW).id
    before = [row.hash for row in db.session.scalars(select(Calculation).order_by(Calculation.id))]
    db.session.remove()

    downgrade(directory=MIGRATIONS, revision="0063_create_calculation_names")
    upgrade(directory=MIGRATIONS)

    assert [row.hash for row in db.session.scalars(select(Calculation).order_by(Calculation.id))] == before
    assert db.session.get_one(Calculation, newest).engine_version == ENGINE_VERSION
    assert list(verifying.find_differences(email=None, checked=Checked(), on_rows=lambda _: None)) == []
