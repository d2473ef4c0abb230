"""Whatever is kept, answered or refused, comes out the same when it is worked out again from its record."""

from __future__ import annotations

from random import Random

from sqlalchemy import update

from tests.calculations.engine.lines import make_line, make_pieces
from tests.calculations.test_figures import make_customer
from tests.cast import NOW, Person, make_entry, make_task
from webapp.accounts.models import User
from webapp.calculations.engine.operations import Operation
from webapp.calculations.operations.records import keep
from webapp.calculations.queries.verifying import Checked, find_differences
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation
from webapp.storage.db import db
from webapp.storage.transaction import transaction


def test_whatever_is_kept_comes_out_again(ada: Person) -> None:
    random = Random("1.234,5")
    customer_id = make_customer(ada)
    task = make_task(ada, customer_id=customer_id, estimated_minutes=90)
    make_entry(task, ada, seconds=5000)
    with transaction():
        db.session.execute(update(User).values(number_format="1.234,5"))
    lines = [
        "price = sqrt(2) EUR/h",
        "net(x) = x + 1 h * price",
        "net(5 EUR)",
        f"hours(task:{task.id}) * rate(task:{task.id}) + 19%",
        "price = 85 EUR/h",
        "net(5 EUR) + count(today) * 1 EUR",
        'estimate(customer:"Acme", status:open) / hours(person:me, today)',
        "hours(task:999999)",
        "today + 1 month",
        *(make(random) for make in [make_line] * 40 + [make_pieces] * 10),
    ]
    typed: list[Typed] = [TypedExpression(line) for line in lines]
    typed += [TypedOperation(operation, (make_line(random, 1), make_line(random, 1))) for operation in Operation]

    kept = [keep(typed=each, actor=ada.actor, now=NOW) for each in typed]

    checked = Checked()
    assert list(find_differences(email=None, checked=checked, on_rows=lambda _: None)) == []
    assert checked.calculations == len(typed)
    assert [each.error is None for each in kept[:9]] == [True] * 7 + [False, True]
