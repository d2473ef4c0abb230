"""Names and functions that a person keeps: the newest meaning counts, for them alone, in one workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Person
from webapp.calculations.engine import Function, evaluate
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Value
from webapp.calculations.models import CalculationName
from webapp.calculations.operations import names as operations
from webapp.calculations.operations.names import MOST_NAMES
from webapp.calculations.queries import names as queries
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.actor import Actor


def keep(person: Person, line: str, *, number_format: str = "1234.5") -> None:
    known = known_to(person)
    result = evaluate(line, names=known, settings=Settings(number_format=number_format))
    assert result.name is not None
    operations.check_room(name=result.name, actor=person.actor)
    operations.remember(
        calculation_id=None, text=line, number_format=number_format, result=result, actor=person.actor, now=NOW
    )


def answer(person: Person, line: str) -> str:
    db.session.expire_all()
    return evaluate(line, names=known_to(person)).text


def known_to(person: Person) -> dict[str, Value | Function]:
    named = queries.find_names(actor=person.actor)
    return {name: kept.value for name, kept in named.items() if kept.value is not None}


def test_a_name_keeps_its_value_with_its_unit_exactly(ada: Person) -> None:
    keep(ada, "rate = 85 EUR/h")
    keep(ada, "third = 1/3")
    keep(ada, "long = 3h 45m")
    keep(ada, "root2 = sqrt(2)")
    keep(ada, "start = 2026-11-20")

    assert answer(ada, "3h 45m * rate") == "318.75 EUR"
    assert answer(ada, "third * 3") == "1"
    assert answer(ada, "long * 2") == "7 h 30 min"
    assert answer(ada, "root2 - sqrt(2)") == "≈ 0"
    assert answer(ada, "start + 1 month") == "2026-12-20"


def test_a_function_is_kept_as_it_was_typed(ada: Person) -> None:
    keep(ada, "half(x) = x * 0,5", number_format="1.234,5")
    keep(ada, "vat = 19%")
    keep(ada, "gross(x) = x + vat")

    assert answer(ada, "half(3)") == "1.5"
    assert answer(ada, "gross(200)") == "238"
    kept = {name.name: name for name in queries.list_names(actor=ada.actor)}
    assert [(name.kind, name.text, name.shown) for name in kept.values()] == [
        ("function", "gross(x) = x + vat", ""),
        ("function", "half(x) = x * 0,5", ""),
        ("value", "vat = 19%", "19%"),
    ]
    keep(ada, "vat = 7%")
    assert answer(ada, "gross(200)") == "214"


def test_the_newest_meaning_counts(ada: Person) -> None:
    keep(ada, "rate = 85 EUR/h")
    keep(ada, "rate = 90 EUR/h")

    assert answer(ada, "1 h * rate") == "90.00 EUR"
    assert len(queries.list_names(actor=ada.actor)) == 1
    assert queries.find_names(actor=ada.actor)["rate"].text == "rate = 90 EUR/h"


def test_case_matters_on_every_engine(ada: Person) -> None:
    keep(ada, "a = 1")
    keep(ada, "A1 = 2")
    keep(ada, "a1 = 3")

    assert answer(ada, "a + A1 + a1") == "6"


def test_a_removed_name_means_nothing_and_can_be_put_back(ada: Person) -> None:
    keep(ada, "fee = 5 EUR")
    keep(ada, "tip = 2 EUR")
    fee, tip = queries.list_names(actor=ada.actor)

    assert operations.remove_name(name_id=fee.id, actor=ada.actor, now=NOW) == "fee"
    with pytest.raises(CalculationError) as refused:
        answer(ada, "fee")
    assert refused.value.code is Code.UNKNOWN_NAME
    assert operations.restore_name(name_id=fee.id, actor=ada.actor) == "fee"
    assert answer(ada, "fee + tip") == "7.00 EUR"

    operations.remove_name(name_id=fee.id, actor=ada.actor, now=NOW)
    operations.remove_name(name_id=tip.id, actor=ada.actor, now=NOW + timedelta(minutes=1))
    with pytest.raises(NotFound):
        operations.restore_name(name_id=fee.id, actor=ada.actor)
    keep(ada, "tip = 3 EUR")
    assert answer(ada, "tip") == "3.00 EUR"


def test_names_are_those_of_one_person_in_one_workspace(ada: Person, ben: Person, cy: Person) -> None:
    keep(ada, "fee = 5 EUR")
    keep(ben, "fee = 7 EUR")
    fee_id = queries.list_names(actor=ada.actor)[0].id

    assert (answer(ada, "fee"), answer(ben, "fee")) == ("5.00 EUR", "7.00 EUR")
    assert queries.list_names(actor=cy.actor) == []
    elsewhere = Actor(ada.user_id, cy.workspace_id, ada.actor.zone)
    assert queries.list_names(actor=elsewhere) == []
    for stranger in (ben.actor, cy.actor, elsewhere):
        with pytest.raises(NotFound):
            operations.remove_name(name_id=fee_id, actor=stranger, now=NOW)
        with pytest.raises(NotFound):
            operations.restore_name(name_id=fee_id, actor=stranger)


def test_there_is_an_end_to_how_many_and_how_long(ada: Person) -> None:
    with transaction():
        db.session.add_all(
            CalculationName(
                workspace_id=ada.workspace_id,
                user_id=ada.user_id,
                name=f"n{number}",
                text=f"n{number} = 1",
                number_format="1234.5",
                value={"number": "1", "units": []},
                kept_at=NOW,
            )
            for number in range(MOST_NAMES)
        )

    with pytest.raises(CalculationError, match="200 names") as refused:
        keep(ada, "one_more = 1")
    assert refused.value.code is Code.TOO_MANY_NAMES
    keep(ada, "n7 = 2")
    assert answer(ada, "n7 + n8") == "3"
    with pytest.raises(CalculationError) as refused:
        keep(ada, f"{'a' * 61} = 1")
    assert refused.value.code is Code.TOO_LONG


def test_what_can_no_longer_be_read_means_nothing(ada: Person) -> None:
    keep(ada, "fee = 5 EUR")
    with transaction():
        row = db.session.get_one(CalculationName, queries.list_names(actor=ada.actor)[0].id)
        row.value = {"number": "5", "units": [["forgotten", 1]]}

    assert known_to(ada) == {}
    assert [name.value for name in queries.list_names(actor=ada.actor)] == [None]
