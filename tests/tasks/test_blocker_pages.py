"""The pages about tasks that wait for each other, as Ada and a stranger see them."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Person, make_task
from tests.page import Visit, check, error_of, texts, words
from webapp.storage.db import db
from webapp.tasks.models import Task, TaskBlocker
from webapp.tasks.operations.blockers import add_blocker
from webapp.values.status import Status


def link(owner: Person, task: Task, blocker: Task) -> None:
    add_blocker(task_id=task.id, blocked_by_id=blocker.id, actor=owner.actor, now=NOW)


def count_links() -> int:
    db.session.rollback()
    return db.session.query(TaskBlocker).count()


def status_of(task: Task) -> Status:
    db.session.rollback()
    return db.session.get_one(Task, task.id, populate_existing=True).status


def test_a_blocker_is_added_by_its_title_shown_on_both_pages_and_removed(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Get the <b>invoice</b>")

    answer = visit.send("blockers.add", {"blocker": "get the"}, as_=ada, task_id=pay.id)

    page = visit.follow(answer, as_=ada)
    assert texts(page.select("ul[aria-label='Waits for'] a")) == ["Get the <b>invoice</b>"]
    assert "It waits for “Get the <b>invoice</b>” now." in words(page.main)
    other = visit("tasks.show", as_=ada, task_id=invoice.id)
    assert texts(other.select("ul[aria-label='Waits for this'] a")) == ["Pay"]
    visit.send("blockers.remove", {"blocker": str(invoice.id)}, as_=ada, task_id=pay.id)
    assert not visit("tasks.show", as_=ada, task_id=pay.id).select("ul[aria-label='Waits for']")


def test_where_several_may_be_meant_one_is_chosen(visit: Visit, ada: Person) -> None:
    pay, first = make_task(ada, title="Pay"), make_task(ada, title="Invoice one")
    make_task(ada, title="Invoice two")

    page = check(visit.send("blockers.add", {"blocker": "Invoice"}, as_=ada, status=422, task_id=pay.id))

    assert "More than one task" in error_of(page, "blocker")
    chosen = page.select_one(f"input[type=hidden][name=blocker][value='#{first.id}']")
    assert chosen is not None
    visit.send("blockers.add", {"blocker": f"#{first.id}"}, as_=ada, task_id=pay.id)
    assert texts(visit("blockers.index", as_=ada, task_id=pay.id).select("ul[aria-label='Waits for'] a")) == [
        "Invoice one"
    ]


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("", "Write the title"),
        ("nothing like it", "No other task"),
        ("Pay", "No other task"),
        ("a\0", "cannot be saved"),
        ("x" * 600, "512 fit"),
    ],
)
def test_what_names_no_task_comes_back_as_typed(visit: Visit, ada: Person, typed: str, sentence: str) -> None:
    pay = make_task(ada, title="Pay")

    page = check(visit.send("blockers.add", {"blocker": typed}, as_=ada, status=422, task_id=pay.id))

    assert sentence in error_of(page, "blocker")
    assert count_links() == 0


def test_a_circle_is_refused_by_its_path(visit: Visit, ada: Person) -> None:
    a, b = make_task(ada, title="A"), make_task(ada, title="B")
    link(ada, b, a)

    page = check(visit.send("blockers.add", {"blocker": f"#{b.id}"}, as_=ada, status=422, task_id=a.id))

    assert "“A” waits for “B”, which waits for “A”" in error_of(page, "blocker")
    assert count_links() == 1


def test_what_waits_is_done_with_a_reason_only(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)

    answer = visit.send("tasks.set_status", {"status": "done", "next": "/tasks"}, as_=ada, status=409, task_id=pay.id)
    page = check(answer)
    assert texts(page.select("ul[aria-label='Waits for'] a")) == ["Invoice"]
    assert answer.headers["HX-Replace-Url"] == f"/tasks/{pay.id}/blocked?next=/tasks"
    form = page.select_one("form[action$='/status']")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input")}
    page = check(visit.send("tasks.set_status", sent, as_=ada, status=422, task_id=pay.id))
    assert "Say in a few words" in error_of(page, "override_reason")
    assert status_of(pay) is Status.TODO
    answer = visit.send("tasks.set_status", {**sent, "override_reason": "Waived"}, as_=ada, task_id=pay.id)
    assert answer.location == "/tasks"
    assert status_of(pay) is Status.DONE


def test_a_program_is_told_in_a_sentence(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)

    answer = visit.post(
        "tasks.set_status", {"status": "done"}, as_=ada, headers={"Accept": "application/json"}, task_id=pay.id
    )

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["detail"].startswith("“Pay” waits for “Invoice”.")


def test_the_form_of_a_task_asks_for_the_reason(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)
    sent = {"title": "Pay now", "status": "done", "version": str(pay.version)}

    page = check(visit.send("tasks.save", sent, as_=ada, status=422, task_id=pay.id))

    assert "“Pay” waits for “Invoice”" in error_of(page, "override_reason")
    title = page.find("input", attrs={"name": "title"})
    assert title is not None
    assert title["value"] == "Pay now"
    visit.send("tasks.save", {**sent, "override_reason": "Waived"}, as_=ada, task_id=pay.id)
    assert status_of(pay) is Status.DONE


def test_the_page_of_a_blocked_task_offers_the_way_out(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)

    assert visit("tasks.show", as_=ada, task_id=pay.id).select_one("input[name=override_reason]")
    assert not visit("tasks.show", as_=ada, task_id=invoice.id).select_one("input[name=override_reason]")
    assert "It waits for another task" in words(visit("blockers.blocked", as_=ada, task_id=pay.id).main)
    assert "waits for nothing" in words(visit("blockers.blocked", as_=ada, task_id=invoice.id).main)


def test_tasks_of_others_cannot_be_named(visit: Visit, ada: Person, cy: Person) -> None:
    mine, theirs = make_task(cy, title="Mine"), make_task(ada, title="Theirs")

    page = check(visit.send("blockers.add", {"blocker": f"#{theirs.id}"}, as_=cy, status=422, task_id=mine.id))
    assert "No other task" in error_of(page, "blocker")
    visit.send("blockers.remove", {"blocker": str(theirs.id)}, as_=cy, status=404, task_id=mine.id)
    visit.send("blockers.remove", {"blocker": "x"}, as_=cy, status=404, task_id=mine.id)
    visit.send("blockers.add", {"blocker": str(mine.id)}, as_=cy, status=404, task_id=theirs.id)
    visit("blockers.index", as_=cy, status=404, task_id=theirs.id)
    visit("blockers.blocked", as_=cy, status=404, task_id=theirs.id)
    assert count_links() == 0


def test_a_task_page_says_why_it_presses(visit: Visit, ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)

    page = visit("tasks.show", as_=ada, task_id=invoice.id)

    rows = dict(zip(texts(page.select(".terms tbody th")), texts(page.select(".terms tbody td")), strict=True))
    assert rows["Another task waits for it"] == "+8.00"
    assert rows["Medium priority"] == "+1.80"
    assert words(page.find(id="urgency")) == f"Urgency {words(page.select_one('.terms tfoot td'))}"
