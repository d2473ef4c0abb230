"""The same form sent many times at once."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person
from webapp.calculations import operations
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.models import Calculation
from webapp.storage.db import db
from webapp.values.request_key import RequestKey

AT_ONCE = 6


def test_one_form_sent_many_times_at_once_is_worked_out_once(app: Flask, ada: Person) -> None:
    key = RequestKey(key=secrets.token_hex(16), fingerprint=secrets.token_hex(32))
    start = Barrier(AT_ONCE)

    def send(_: int) -> int:
        with app.app_context():
            start.wait()
            return operations.calculate(
                operation=Operation.DIVIDE,
                operands=[Decimal(1), Decimal(8)],
                actor=ada.actor,
                now=NOW,
                request_key=key,
            )

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        ids = set(threads.map(send, range(AT_ONCE)))

    assert len(ids) == 1
    assert db.session.scalar(select(func.count()).select_from(Calculation)) == 1
