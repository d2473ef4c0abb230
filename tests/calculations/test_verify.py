"""`flask calculations verify` finds whatever was changed past the application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.calculations.engine.hostile import HOSTILE
from tests.cast import NOW, Person, make_entry, make_task
from webapp.accounts.models import User
from webapp.calculations.engine import Operation
from webapp.calculations.engine.functions import FUNCTIONS
from webapp.calculations.engine.operations import OPERATORS
from webapp.calculations.models import Calculation, CalculationChain
from webapp.calculations.operations.records import hide_calculation, keep
from webapp.calculations.operations.worksheets import create_worksheet
from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import Checked
from webapp.calculations.rules.chain import check_columns, hash_calculation
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation
from webapp.storage.db import db
from webapp.storage.transaction import transaction


@pytest.fixture
def ids(ada: Person) -> list[int]:
    """The ids of what Ada has worked out: of every kind, also refused, rounded, hidden, and with inputs."""
    task = make_task(ada, title="Build the shop")
    make_entry(task, ada, seconds=5400)
    typed: list[Typed] = [
        TypedExpression("3h 45m * 85 EUR/h"),
        TypedExpression("1/0"),
        TypedExpression("sqrt(2) * 1 km"),
        TypedExpression("fee = 85 EUR/h"),
        TypedExpression("gross(x) = x + 19%"),
        TypedExpression(f"gross(hours(task:{task.id}) * fee)"),
        TypedOperation(Operation.ROOT, ("27", "3")),
        TypedExpression("today + 1 month"),
        TypedExpression("a" * 61 + " = 1"),
        TypedExpression("100 EUR to USD at 1.08 on 2026-11-20"),
    ]
    kept = [keep(typed=each, actor=ada.actor, now=NOW, note="Quote").id for each in typed]
    kept.append(keep(typed=typed[0], actor=ada.actor, now=NOW, revises_id=kept[0], task_id=task.id).id)
    hide_calculation(calculation_id=kept[1], actor=ada.actor, now=NOW)
    return kept


def _find(email: str | None = None) -> list[tuple[int | None, int | None, str]]:
    found = verifying.find_differences(email=email, checked=Checked(), on_rows=lambda _: None)
    return [(each.difference.calculation_id, each.difference.position, each.difference.field) for each in found]


def _tamper(statement: str, **values: Any) -> None:
    db.session.remove()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        assert connection.execute(text(statement), values).rowcount > 0


def test_nothing_differs_in_what_nobody_touched(ids: list[int], ada: Person, app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["calculations", "verify"])

    assert _find() == []
    assert result.exit_code == 0
    assert f"Checked {len(ids)} calculations in 1 chain and 0 versions of worksheets: nothing differs." in result.output


def test_nothing_differs_after_the_person_changed_their_settings_and_names(ids: list[int], ada: Person) -> None:
    keep(typed=TypedExpression("fee = 1 EUR/h"), actor=ada.actor, now=NOW)
    with transaction():
        user = db.session.get_one(User, ada.user_id)
        user.number_format, user.angle_mode = "1.234,5", "deg"
    _tamper("DELETE FROM tasks")

    assert _find() == []


# What is written over the first calculation; what is changed is named, and what follows from it is not.
CHANGED = [
    ("typed", "3h 45m * 86 EUR/h"),
    ("note", "quote"),
    ("result", "318.76 EUR"),
    ("numerator", "1276"),
    ("unit", "USD"),
    ("day", "2026-11-21"),
    ("created_at", "2026-11-20 14:42:01"),
    ("reading", "other"),
    ("error_code", "syntax"),
    ("links", '{"task": {"id": 1, "title": "Other"}}'),
    ("links", "[1]"),
    ("hash", "0" * 64),
    ("checks", "0" * 184),
]


def test_a_changed_column_is_named(ids: list[int]) -> None:
    for column, value in CHANGED:
        before = db.session.execute(text(f"SELECT {column} FROM calculations WHERE id = :id"), {"id": ids[0]}).scalar()
        _tamper(f"UPDATE calculations SET {column} = :value WHERE id = :id", value=value, id=ids[0])

        found = _find()

        _tamper(f"UPDATE calculations SET {column} = :value WHERE id = :id", value=before, id=ids[0])
        assert (ids[0], 1, column) in found
        # What was worked out from it follows the hash that it had.
        allowed = {"previous_hash", "revises_id"} if column == "hash" else set()
        assert {field for number, _, field in found if number != ids[0]} == allowed, column
        if column in {"note", "day", "created_at", "reading", "links"}:
            assert found == [(ids[0], 1, column)]


def test_a_changed_result_is_worked_out_again_even_if_all_hashes_were_renewed(ids: list[int], ada: Person) -> None:
    for place, calculation_id in enumerate(ids[:10], start=1):
        before = db.session.get_one(Calculation, calculation_id).result
        _write_result("42", calculation_id, ada)

        found = _find()

        _write_result(before, calculation_id, ada)
        assert found == [(calculation_id, place, "result")]


def _write_result(result: str, calculation_id: int, person: Person) -> None:
    """Do as somebody does who knows how the hashes are made: write the whole chain anew around one result."""
    _tamper("UPDATE calculations SET result = :result WHERE id = :id", result=result, id=calculation_id)
    chain = db.session.query(CalculationChain).one()
    last = ""
    written: list[dict[str, Any]] = []
    for row in db.session.query(Calculation).order_by(Calculation.position):
        values = {**vars(row), "previous_hash": last}
        if row.links and "revises" in row.links:
            revised = next(each for each in written if each["id"] == row.revises_id)
            values["links"] = {**row.links, "revises": {"id": row.revises_id, "hash": revised["hash"]}}
        last = hash_calculation(values, chain_uid=chain.uid or "", person_id=person.user_id, previous_hash=last)
        written.append(
            {"id": row.id, "hash": last, "previous": values["previous_hash"], "checks": check_columns(values)}
        )
        written[-1]["links"] = json.dumps(values["links"])
    for each in written:
        _tamper(
            "UPDATE calculations SET hash = :hash, previous_hash = :previous, checks = :checks, links = :links "
            "WHERE id = :id",
            **each,
        )
    _tamper("UPDATE calculation_chains SET last_hash = :last", last=last)


def test_whatever_can_be_typed_is_kept_and_comes_out_again(ada: Person) -> None:
    examples = [typed for operator in OPERATORS.values() for typed, _ in operator.examples]
    examples += [typed for function in FUNCTIONS.values() for typed, _ in function.examples]
    lines = list(dict.fromkeys([*HOSTILE, *examples]))
    for line in lines:
        keep(typed=TypedExpression(line), actor=ada.actor, now=NOW)

    assert len(lines) > 100
    assert _find() == []


@pytest.mark.parametrize("rows", [2, 11])
def test_a_chain_is_whole_however_many_rows_are_read_at_a_time(
    ids: list[int], ben: Person, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        keep(typed=TypedExpression("1 + 1"), actor=ben.actor, now=NOW)
    monkeypatch.setattr(verifying, "ROWS", rows)
    checked = Checked()
    told: list[int] = []

    found = list(verifying.find_differences(email=None, checked=checked, on_rows=told.append))

    assert found == []
    assert (checked.chains, checked.calculations, sum(told), max(told)) == (2, 13, 13, min(rows, 11))


def test_a_row_deleted_in_the_middle_is_missed(ids: list[int], app: Flask) -> None:
    _tamper("DELETE FROM calculations WHERE id = :id", id=ids[4])

    result = app.test_cli_runner().invoke(args=["calculations", "verify"])

    assert (None, None, "chain") in _find()
    assert "ada@example.com: no. 5 is missing." in result.output
    assert result.exit_code == 1


def test_a_cut_off_tail_is_missed(ids: list[int], app: Flask) -> None:
    _tamper("DELETE FROM calculations WHERE id >= :id", id=ids[-2])

    result = app.test_cli_runner().invoke(args=["calculations", "verify"])

    assert "no. 10 to 11 are missing at the end" in result.output


def test_two_that_were_swapped_are_found(ids: list[int]) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        _tamper("UPDATE calculations SET position = :new WHERE position = :old", old=old, new=new)

    found = _find()

    assert {(ids[1], 3, "position"), (ids[2], 2, "position"), (ids[2], 2, "previous_hash")} <= set(found)


def test_one_that_was_put_in_somebody_elses_name_is_found(ids: list[int], ada: Person, ben: Person) -> None:
    _tamper("UPDATE calculations SET user_id = :ben WHERE id = :id", ben=ben.user_id, id=ids[2])
    one = _find()
    _tamper("UPDATE calculations SET user_id = :ben", ben=ben.user_id)
    _tamper("UPDATE calculation_chains SET user_id = :ben", ben=ben.user_id)

    assert one == [(ids[2], 3, "user_id")]
    assert (None, None, "user_id") in _find()


def test_one_that_was_slipped_in_is_found(ids: list[int], ada: Person) -> None:
    _tamper(
        "INSERT INTO calculations (workspace_id, user_id, operation, operands, result, is_exact, note, created_at) "
        "VALUES (:workspace, :user, 'add', '[\"1\", \"1\"]', '2', :yes, '', '2026-11-20 10:00:00')",
        workspace=ada.workspace_id,
        user=ada.user_id,
        yes=True,
    )

    ((number, position, field),) = _find()

    assert number not in ids
    assert (position, field) == (None, "chain")


def test_a_calculation_that_points_elsewhere_is_found(ids: list[int]) -> None:
    _tamper("UPDATE calculations SET revises_id = :other WHERE id = :id", other=ids[3], id=ids[-1])

    assert _find() == [(ids[-1], 11, "revises_id")]


def test_only_one_persons_chain_is_checked_when_asked(ids: list[int], ada: Person, ben: Person, app: Flask) -> None:
    keep(typed=TypedExpression("1 + 1"), actor=ben.actor, now=NOW)
    _tamper("UPDATE calculations SET note = 'x' WHERE id = :id", id=ids[0])
    runner = app.test_cli_runner()

    of_ben = runner.invoke(args=["calculations", "verify", "--person", "BEN@example.com"])
    of_ada = runner.invoke(args=["calculations", "verify", "--person", "ada@example.com"])
    nobody = runner.invoke(args=["calculations", "verify", "--person", "nobody@example.com"])

    assert (of_ben.exit_code, of_ada.exit_code, nobody.exit_code) == (0, 1, 1)
    assert "Nobody has registered" in nobody.output


def test_programs_are_answered_in_json(ids: list[int], app: Flask) -> None:
    _tamper("UPDATE calculations SET note = 'x' WHERE id = :id", id=ids[0])

    result = app.test_cli_runner().invoke(args=["calculations", "verify", "--json"])

    difference, summary = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert (difference["calculation_id"], difference["field"]) == (ids[0], "note")
    assert summary == {"calculations": 11, "chains": 1, "versions": 0, "differences": 1}


def test_a_changed_version_of_a_worksheet_is_found(ada: Person, app: Flask) -> None:
    create_worksheet(title="Quote", text="fee = 85 EUR/h\n2 h * fee", actor=ada.actor, now=NOW)
    before = app.test_cli_runner().invoke(args=["calculations", "verify"])
    _tamper("UPDATE worksheet_versions SET text = 'fee = 86 EUR/h\n2 h * fee'")

    result = app.test_cli_runner().invoke(args=["calculations", "verify"])

    assert before.exit_code == 0
    assert result.exit_code == 1
    assert "Worksheet version" in result.output


def test_what_cannot_be_read_is_said_and_the_rest_is_checked(ids: list[int], ada: Person, app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        # MySQL and MariaDB let nothing in that is no JSON.
        with pytest.raises(DBAPIError):
            _tamper("UPDATE calculations SET inputs = '{' WHERE id = :id", id=ids[4])
        return
    create_worksheet(title="Quote", text="2 h * 85 EUR/h", actor=ada.actor, now=NOW)
    create_worksheet(title="Other", text="1 + 2", actor=ada.actor, now=NOW)
    _tamper("UPDATE calculations SET inputs = '{' WHERE id = :id", id=ids[4])
    _tamper("UPDATE calculations SET note = 'x' WHERE id = :id", id=ids[7])
    _tamper("UPDATE worksheet_versions SET settings = '{' WHERE id = (SELECT min(id) FROM worksheet_versions)")

    result = app.test_cli_runner().invoke(args=["calculations", "verify"])

    assert (ids[4], 5, "row") in _find()
    assert (ids[7], 8, "note") in _find()
    assert result.exit_code == 1
    assert result.output.count("cannot be read") == 2
    assert "2 versions of worksheets" in result.output
