"""One chain a person, whoever calculates at the same time, and whatever is deleted beside it."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person
from webapp.calculations.models import Calculation, CalculationChain
from webapp.calculations.operations.records import keep
from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import Checked
from webapp.calculations.rules.chain import HASHED, check_columns, find_changed, hash_calculation
from webapp.calculations.rules.typed import TypedExpression
from webapp.storage.db import db
from webapp.values.request_key import RequestKey

AT_ONCE = 8
EACH = 4


def _differences() -> list[str]:
    found = verifying.find_differences(email=None, checked=Checked(), on_rows=lambda _: None)
    return [each.difference.message for each in found]


def test_eight_tabs_at_once_make_one_unbroken_chain(app: Flask, ada: Person, ben: Person) -> None:
    start = Barrier(AT_ONCE)

    def calculate(number: int) -> None:
        with app.app_context():
            start.wait()
            for again in range(EACH):
                keep(typed=TypedExpression(f"{number} + {again}"), actor=ada.actor, now=NOW)

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(calculate, range(AT_ONCE)))

    positions = db.session.scalars(select(Calculation.position).order_by(Calculation.position)).all()
    assert positions == list(range(1, AT_ONCE * EACH + 1))
    assert db.session.scalar(select(func.count()).select_from(CalculationChain)) == 1
    assert _differences() == []


def test_one_form_sent_many_times_at_once_is_kept_once(app: Flask, ada: Person) -> None:
    key = RequestKey(key=secrets.token_hex(16), fingerprint=secrets.token_hex(32))
    start = Barrier(AT_ONCE)

    def send(_: int) -> int:
        with app.app_context():
            start.wait()
            return keep(typed=TypedExpression("1 / 8"), actor=ada.actor, now=NOW, request_key=key).id

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        ids = set(threads.map(send, range(AT_ONCE)))

    assert len(ids) == 1
    assert db.session.scalar(select(func.count()).select_from(Calculation)) == 1
    assert _differences() == []


def test_each_person_has_a_chain_of_their_own(ada: Person, ben: Person) -> None:
    for person in (ada, ben, ada):
        keep(typed=TypedExpression("1 + 1"), actor=person.actor, now=NOW)

    rows = db.session.execute(
        select(Calculation.user_id, Calculation.position, Calculation.previous_hash).order_by(Calculation.id)
    ).all()
    assert [(row.user_id, row.position) for row in rows] == [(ada.user_id, 1), (ben.user_id, 1), (ada.user_id, 2)]
    assert [row.previous_hash == "" for row in rows] == [True, True, False]
    assert _differences() == []


def test_every_hashed_column_makes_another_hash() -> None:
    values = dict.fromkeys(HASHED, "1")
    of_chain = {"chain_uid": "a", "person_id": 1, "previous_hash": ""}
    one = hash_calculation(values, **of_chain)  # type: ignore[arg-type]

    others = {hash_calculation({**values, name: "2"}, **of_chain) for name in HASHED}  # type: ignore[arg-type]
    others |= {hash_calculation(values, **{**of_chain, name: 2}) for name in of_chain}  # type: ignore[arg-type]

    assert len(others) == len(HASHED) + len(of_chain)
    assert one not in others
    for name in HASHED:
        assert find_changed({**values, name: "2"}, check_columns(values)) == [name]


def test_a_hash_of_today_is_a_hash_for_good() -> None:
    # If this fails, every chain that was ever written is broken: give the canonical form a new number instead.
    values = dict.fromkeys(HASHED, "ä")

    written = hash_calculation(values, chain_uid="abc", person_id=7, previous_hash="0")

    assert written == "ca9594f83b128e92e93ece04089cbde68bb59cb38be6446e620e197ae83e595a"
