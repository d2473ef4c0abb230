"""Calculations are kept, refused attempts too, and never changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_entry, make_task
from webapp.accounts.models import User
from webapp.calculations.engine import ENGINE_VERSION, Code, Operation
from webapp.calculations.models import Calculation, CalculationUse
from webapp.calculations.operations.records import Kept, hide_calculation, keep, restore_calculation
from webapp.calculations.queries.history import get_calculation, list_calculations
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput, NotAllowed, NotFound
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.request_key import RequestKey


def _keep(person: Person, typed: str | Typed, **more: Any) -> Kept:
    typed = TypedExpression(typed) if isinstance(typed, str) else typed
    return keep(typed=typed, actor=person.actor, now=NOW, **more)


def _row(kept: Kept) -> Calculation:
    return db.session.get_one(Calculation, kept.id)


def test_keep_records_all_that_the_result_rests_on(ada: Person) -> None:
    kept = _keep(ada, "3h 45m * 85 EUR/h", note="Quote")

    row = _row(kept)
    assert kept.error is None
    assert (row.typed, row.operation, row.operands) == ("3h 45m * 85 EUR/h", "", [])
    assert (row.result, row.unit, row.is_exact) == ("318.75 EUR", "EUR", True)
    assert (row.numerator, row.denominator, row.digits) == ("1275", "4", None)
    assert (row.engine_version, row.number_format, row.angle) == (ENGINE_VERSION, "1,234.5", "rad")
    assert (row.day, row.created_at, row.note, row.error_code) == (date(2026, 11, 20), NOW, "Quote", "")
    assert row.reading == "(3 h 45 min) * 85 EUR/h"


def test_keep_records_an_attempt_that_was_refused(ada: Person) -> None:
    kept = _keep(ada, "5 EUR + 1/0")

    row = _row(kept)
    assert kept.error is not None
    assert kept.error.code is Code.DIVISION_BY_ZERO
    assert (row.error_code, row.result, row.numerator) == ("division_by_zero", "", None)
    assert row.error is not None
    assert (row.error["message"], row.error["position"]) == (kept.error.message, 9)


@pytest.mark.parametrize("text", ["", "1 + * 2", "\0", "\ud800", "9" * 5000, "1/", "hours(task:99999)", "𝟙 + 1"])
def test_keep_takes_whatever_is_typed(ada: Person, text: str) -> None:
    kept = _keep(ada, text)

    row = _row(kept)
    db.session.refresh(row)
    assert kept.error is not None
    assert row.error_code == kept.error.code.value
    assert len(row.typed or "") <= 2001


def test_keep_rounds_and_says_so_where_a_result_cannot_be_exact(ada: Person) -> None:
    row = _row(_keep(ada, "sqrt(2) * 1 m"))

    assert (row.is_exact, row.numerator, row.unit) == (False, None, "m")
    assert (row.digits or "").startswith("1.41421356237309504880168872420969")
    assert row.result.startswith("≈ 1.414")


def test_keep_reads_numbers_and_angles_as_the_person_writes_them(ada: Person) -> None:
    with transaction():
        user = db.session.get_one(User, ada.user_id)
        user.number_format, user.angle_mode = "1.234,5", "deg"

    row = _row(_keep(ada, "1.234,5 / 2"))

    assert (row.result, row.number_format, row.angle) == ("617,25", "1.234,5", "deg")


def test_keep_works_out_an_operation_of_typed_operands(ada: Person) -> None:
    kept = _keep(ada, TypedOperation(Operation.DIVIDE, ("10 EUR", "4")))
    refused = _keep(ada, TypedOperation(Operation.DIVIDE, ("10", "0")))

    row = _row(kept)
    assert (row.typed, row.operation, row.operands, row.result) == (None, "divide", ["10 EUR", "4"], "2.50 EUR")
    assert refused.error is not None
    assert _row(refused).error_code == "division_by_zero"


def test_keep_records_the_figures_it_asked_the_work_for(ada: Person) -> None:
    task = make_task(ada, title="Build the shop")
    make_entry(task, ada, seconds=5400)

    row = _row(_keep(ada, f"hours(task:{task.id}) * 80 EUR/h"))

    assert row.result == "120.00 EUR"
    assert row.inputs is not None
    (figure,) = row.inputs["figures"]
    assert figure["value"] == {"number": "3/2", "units": [["h:min", 1]]}
    assert (figure["shown"], "Build the shop" in figure["words"]) == ("1 h 30 min", True)


def test_keep_remembers_a_name_and_records_where_it_came_from(ada: Person, ben: Person) -> None:
    rate = _keep(ada, "fee = 85 EUR/h")
    _keep(ada, "gross(x) = x + 19%")

    row = _row(_keep(ada, "gross(2 h * fee)"))
    unknown = _keep(ben, "2 h * fee")

    assert row.result == "202.30 EUR"
    assert row.inputs is not None
    names = {name["name"]: name for name in row.inputs["names"]}
    assert sorted(names) == ["fee", "gross"]
    assert (names["fee"]["text"], names["fee"]["calculation_id"]) == ("fee = 85 EUR/h", rate.id)
    assert names["gross"]["text"] == "gross(x) = x + 19%"
    assert unknown.error is not None
    assert unknown.error.code is Code.UNKNOWN_NAME


def test_keep_records_what_was_used_each_thing_once(ada: Person) -> None:
    kept = _keep(ada, "max(1; 2) + 3 + 4 * pi")

    used = db.session.execute(
        select(CalculationUse.kind, CalculationUse.name).where(CalculationUse.calculation_id == kept.id)
    ).all()
    assert {(kind.value, name) for kind, name in used} >= {
        ("operation", "add"),
        ("operation", "multiply"),
        ("function", "max"),
    }


def test_keep_belongs_to_a_task_and_a_customer_by_the_names_they_had(ada: Person) -> None:
    task = make_task(ada, title="Build the shop")
    customer_id = create_customer(details=CustomerDetails(name="Nordlicht"), actor=ada.actor, now=NOW)
    kept = _keep(ada, "1 + 1", task_id=task.id, customer_id=customer_id)

    with transaction():
        db.session.delete(task)
    record = get_calculation(calculation_id=kept.id, actor=ada.actor)

    assert (record.task_id, record.task_title) == (None, "Build the shop")
    assert (record.customer_id, record.customer_name) == (customer_id, "Nordlicht")


def test_keep_refuses_what_belongs_to_another_workspace(ada: Person, cy: Person) -> None:
    theirs = make_task(cy)
    kept = _keep(cy, "1 + 1")

    with pytest.raises(InvalidInput, match="no such task"):
        _keep(ada, "1 + 1", task_id=theirs.id)
    with pytest.raises(NotFound):
        _keep(ada, "1 + 1", revises_id=kept.id)
    with pytest.raises(NotFound):
        hide_calculation(calculation_id=kept.id, actor=ada.actor, now=NOW)


def test_the_same_form_sent_twice_is_kept_once(ada: Person) -> None:
    key = RequestKey(key="a" * 32, fingerprint="b" * 64)

    first = _keep(ada, "1/0", request_key=key)
    second = _keep(ada, "1/0", request_key=key)

    assert first.id == second.id
    assert second.error is not None
    assert len(list_calculations(actor=ada.actor).rows) == 1


def test_a_revision_points_to_the_old_one_which_stays(ada: Person) -> None:
    old = _keep(ada, "2 + 2")
    new = _keep(ada, "2 + 3", revises_id=old.id)

    row = _row(new)
    assert row.revises_id == old.id
    assert row.links == {"revises": {"id": old.id, "hash": _row(old).hash}}
    assert _row(old).result == "4"


def test_hiding_takes_it_out_of_the_history_until_it_is_restored(ada: Person, ben: Person) -> None:
    kept = _keep(ada, "2 + 2")

    hide_calculation(calculation_id=kept.id, actor=ada.actor, now=NOW)
    hidden = list_calculations(actor=ada.actor).rows
    is_hidden = get_calculation(calculation_id=kept.id, actor=ada.actor).is_hidden
    with pytest.raises(NotAllowed):
        restore_calculation(calculation_id=kept.id, actor=ben.actor)
    restore_calculation(calculation_id=kept.id, actor=ada.actor)

    assert (hidden, is_hidden) == ([], True)
    assert [record.id for record in list_calculations(actor=ada.actor).rows] == [kept.id]


def test_a_day_is_that_of_the_person(ada: Person) -> None:
    kept = keep(typed=TypedExpression("today"), actor=ada.actor, now=NOW + timedelta(hours=9))

    # 00:42 on the next day in Berlin.
    assert _row(kept).result == "2026-11-21"
