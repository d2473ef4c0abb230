"""What was worked out for a task or a customer stands on its page, with the way to work out more."""

from __future__ import annotations

from tests.calculations.test_figures import make_customer
from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, texts, words
from webapp.calculations.operations.records import hide_calculation, keep
from webapp.calculations.operations.worksheets import create_worksheet
from webapp.calculations.rules.typed import TypedExpression


def keep_line(person: Person, text: str, *, task_id: int | None = None, customer_id: int | None = None) -> int:
    kept = keep(typed=TypedExpression(text), task_id=task_id, customer_id=customer_id, actor=person.actor, now=NOW)
    return kept.id


def test_a_task_shows_its_calculations_and_worksheets(ada: Person, cy: Person, visit: Visit) -> None:
    customer_id = make_customer(ada)
    task_id = (task := make_task(ada, customer_id=customer_id)).id
    make_entry(task, ada, seconds=3600)
    empty = visit(f"/tasks/{task_id}", as_=ada)
    keep_line(ada, f"hours(task:{task_id}) * rate(task:{task_id})", task_id=task_id)
    keep_line(ada, "1 + 1")
    keep_line(ada, "1 + * 2", task_id=task_id)
    hidden = keep_line(ada, "2 + 2", task_id=task_id)
    hide_calculation(calculation_id=hidden, actor=ada.actor, now=NOW)
    create_worksheet(title="Quote", text="2 * 3 EUR", task_id=task_id, actor=ada.actor, now=NOW)

    page = visit(f"/tasks/{task_id}", as_=ada)

    assert "Nothing has been worked out here yet." in words(empty.main)
    assert texts(page.select(".calculation__text")) == [f"hours(task:{task_id}) * rate(task:{task_id})"]
    assert texts(page.select(".calculation__result")) == ["85.00 EUR"]
    assert texts(page.select(".worksheets__title")) == ["Quote"]
    # One is on the page of the task: its title need not stand at each line.
    assert not page.select(f".calculation__facts a[href='/tasks/{task_id}']")
    assert "All of these calculations" in words(page.main)
    link = page.select(".button[href*='expression=']")[0]
    calculator = visit(str(link["href"]), as_=ada)
    assert "85.00 EUR" in words(calculator.main)
    assert f"Time on task {task_id} “Write the report”, everybody’s, all days: 1 h." in words(calculator.main)
    assert "Hourly rate of “Acme”" in words(calculator.main)


def test_a_customer_shows_their_calculations_and_worksheets(ada: Person, cy: Person, visit: Visit) -> None:
    customer_id, free_id = make_customer(ada), make_customer(ada, "Free", rate_cents=None, currency=None)
    make_entry(task := make_task(ada, customer_id=customer_id), ada, seconds=7200)
    task_id = task.id
    keep_line(ada, "200 + 19%", task_id=task_id, customer_id=customer_id)
    create_worksheet(title="Offer", text="1 + 1", task_id=task_id, customer_id=customer_id, actor=ada.actor, now=NOW)

    page = visit(f"/customers/{customer_id}", as_=ada)
    other = visit(f"/customers/{free_id}", as_=ada)

    assert texts(page.select(".calculation__result")) == ["238"]
    assert texts(page.select(".worksheets__title")) == ["Offer"]
    assert len(page.select(f".calculation__facts a[href='/tasks/{task_id}']")) == 1
    assert len(page.select(f".worksheets__facts a[href='/tasks/{task_id}']")) == 1
    assert "Nothing has been worked out here yet." in words(other.main)
    hrefs = [str(at.select(".button[href*='expression=']")[0]["href"]) for at in (page, other)]
    assert ["rate" in href for href in hrefs] == [True, False]
    for href in hrefs:
        visit(href, as_=ada)
    visit(f"/customers/{customer_id}", as_=cy, status=404)
