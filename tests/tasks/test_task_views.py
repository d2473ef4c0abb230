"""Pages about tasks: what they show, take, refuse, and for whom they exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, check, error_of, texts, words
from webapp.customers.models import Customer
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.tasks.models import Category, Task
from webapp.tasks.operations import tasks as operations
from webapp.tasks.operations import timers
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status

FILLED = {
    "title": "Écrire l’offre 🖋️",
    "description": "One\r\ntwo",
    "status": "doing",
    "priority": "high",
    "category": "Sales",
    "tags": "acme, #offer",
    "due": "2026-12-01T15:00",
    "estimate": "1h 30m",
    "customer": "",
}


def titles(page: BeautifulSoup) -> list[str]:
    return texts(page.select(".task-row__title"))


def value_of(page: BeautifulSoup, name: str) -> str:
    control = page.find(["input", "textarea"], attrs={"name": name, "type": lambda kind: kind != "search"})
    assert control is not None
    return str(control.get("value", "")) if control.name == "input" else control.text.removeprefix("\r\n").lstrip("\n")


def count_tasks() -> int:
    return db.session.scalar(select(func.count()).select_from(Task)) or 0


def test_an_empty_workspace_says_what_a_task_is(visit: Visit, ada: Person) -> None:
    page = visit("/tasks", as_=ada)

    assert "No tasks yet" in words(page.main)


def test_the_list_shows_what_tells_tasks_apart(visit: Visit, ada: Person) -> None:
    operations.create_task(
        details=TaskDetails(
            title="Late one", category="Sales", tags=("acme",), due_on=date(2020, 1, 1), estimated_minutes=90
        ),
        actor=ada.actor,
        now=NOW,
    )

    row = visit("/tasks", as_=ada, most_statements=8).select_one(".task-row")

    for part in ("Late one", "Sales", "#acme", "late", "1:30"):
        assert part in words(row)


def test_the_list_is_filtered_sorted_and_paged_by_its_address(visit: Visit, ada: Person) -> None:
    for number in range(30):
        make_task(ada, title=f"Task {number:02}", priority=Priority.HIGH if number % 2 else Priority.LOW)
    make_task(ada, title="Done", status=Status.DONE)

    first = visit("/tasks?sort=title&status=todo", as_=ada)
    further = first.select_one(".pager a[rel=next]")
    assert further is not None
    second = visit(str(further["href"]), as_=ada)
    back = second.select_one(".pager a[rel=prev]")
    assert back is not None

    assert titles(first) == [f"Task {number:02}" for number in range(25)]
    assert titles(second) == [f"Task {number:02}" for number in range(25, 30)]
    assert titles(visit(str(back["href"]), as_=ada)) == titles(first)
    assert len(titles(visit("/tasks?priority=4", as_=ada))) == 15
    assert titles(visit("/tasks?q=task+29", as_=ada)) == ["Task 29"]
    assert "No task matches" in words(visit("/tasks?q=zebra", as_=ada).main)


@pytest.mark.parametrize(
    "address",
    [
        "status=open",
        "priority=9",
        "priority=-1",
        "due=someday",
        "sort=colour",
        "sort=--due",
        "sort=--urgency",
        "after=nonsense",
        "after=%F0%9F%98%80",
        "q=a%00b",
        "category=a%00b",
        "customer=Acme",
        "customer=0",
        "assignee=you",
        "estimate=long",
        "estimate_from=soon",
        "estimate_to=99999h",
        "estimate_from=2h&estimate_to=1h",
        "estimate=any&estimate_to=1h",
        "due_from=tomorrow",
        "due_to=2026-02-30",
        "due_from=2026-11-02&due_to=2026-11-01",
        "due=week&due_to=2026-11-01",
        "q=" + "a" * 10_000,
    ],
)
def test_a_value_that_is_not_known_gets_a_sentence(visit: Visit, ada: Person, address: str) -> None:
    page = visit(f"/tasks?{address}", as_=ada, status=422)

    assert words(page.main).count(".") >= 1


def test_the_filters_in_force_stand_in_words_and_can_be_taken_away_one_by_one(visit: Visit, ada: Person) -> None:
    operations.create_task(
        details=TaskDetails(title="Both", category="Sales", tags=("acme",)), actor=ada.actor, now=NOW
    )

    page = visit("/tasks?category=sales&tag=ACME&priority=3&due=none&q=both&sort=title", as_=ada)

    assert titles(page) == ["Both"]
    chips = {
        words(chip).removesuffix(" Remove this filter"): str(chip["href"]) for chip in page.select(".applied .chip")
    }
    assert list(chips) == ["With both", "Priority Medium", "Category sales", "Tag ACME", "Due no day"]
    assert chips["Tag ACME"] == "/tasks?priority=medium&category=sales&due=none&q=both&sort=title"
    form = page.select_one(".filter-bar")
    assert form is not None
    kept = {str(field["name"]): field.get("value") for field in form.select("input")}
    # Other words are looked for within the same filters.
    assert {name: value for name, value in kept.items() if value} == {
        "q": "both",
        "sort": "title",
        "tag": "ACME",
        "category": "sales",
        "due": "none",
        "priority": "medium",
    }


def test_a_page_whose_tasks_are_gone_leads_back(visit: Visit, ada: Person) -> None:
    for number in range(51):
        make_task(ada, title=f"Task {number}")
    later = visit("/tasks", as_=ada).select_one(".pager a[rel=next]")
    assert later is not None
    for task in db.session.scalars(select(Task)).all():
        operations.delete_task(task_id=task.id, actor=ada.actor, now=NOW)

    page = visit(str(later["href"]), as_=ada)

    assert "The list ends here" in words(page.main)


def test_empty_parameters_ask_for_nothing(visit: Visit, ada: Person) -> None:
    make_task(ada)

    assert len(titles(visit("/tasks?status=&priority=&category=&tag=&due=&q=&sort=&after=", as_=ada))) == 1


def test_a_task_is_added_with_all_its_fields(visit: Visit, ada: Person) -> None:
    answer = visit.send("/tasks", FILLED, as_=ada)

    task = db.session.scalars(select(Task)).one()
    task = get_task(task_id=task.id, actor=ada.actor)
    assert answer.location == f"/tasks/{task.id}"
    assert (task.title, task.description) == ("Écrire l’offre 🖋️", "One\ntwo")
    assert (task.status, task.priority, task.estimated_minutes) == (Status.DOING, Priority.HIGH, 90)
    assert (task.due_on, task.due_at) == (None, datetime(2026, 12, 1, 14, 0, tzinfo=UTC))
    assert task.category is not None
    assert (task.category.name, [tag.name for tag in task.tags]) == ("Sales", ["acme", "offer"])
    shown = words(visit.follow(answer, as_=ada).main)
    for part in ("Écrire l’offre", "Doing", "High", "Sales", "#acme", "1 h 30 min", "15:00"):
        assert part in shown


def test_a_title_is_enough(visit: Visit, ada: Person) -> None:
    visit.send("/tasks", {"title": "Only this"}, as_=ada)

    task = db.session.scalars(select(Task)).one()
    assert (task.status, task.priority, task.due_on, task.category_id) == (Status.TODO, Priority.MEDIUM, None, None)


@pytest.mark.parametrize(
    "due,due_on,due_at",
    [
        ({"due": "2026-12-01"}, date(2026, 12, 1), None),
        ({"due": "2026-12-01", "due_time": "15:00"}, None, datetime(2026, 12, 1, 14, 0, tzinfo=UTC)),
        ({"due": "2026-12-01 9:05"}, None, datetime(2026, 12, 1, 8, 5, tzinfo=UTC)),
        ({"due": "", "due_time": ""}, None, None),
    ],
)
def test_a_day_and_an_instant_are_two_things(
    visit: Visit, ada: Person, due: dict[str, str], due_on: date | None, due_at: datetime | None
) -> None:
    visit.send("/tasks", {"title": "Due", **due}, as_=ada)

    task = db.session.scalars(select(Task)).one()
    assert (task.due_on, task.due_at) == (due_on, due_at)


@pytest.mark.parametrize(
    "estimate,minutes", [("1h 30m", 90), ("90m", 90), ("1.5h", 90), ("1:30", 90), ("90", 90), ("", None)]
)
def test_an_estimate_is_typed_in_many_ways(visit: Visit, ada: Person, estimate: str, minutes: int | None) -> None:
    visit.send("/tasks", {"title": "Estimate", "estimate": estimate}, as_=ada)

    assert db.session.scalars(select(Task)).one().estimated_minutes == minutes


@pytest.mark.parametrize("number,priority", [("1", 1), ("2", 2), ("3", 2), ("4", 3), ("5", 4)])
def test_older_numbers_of_priorities_are_read(visit: Visit, ada: Person, number: str, priority: int) -> None:
    visit.send("/tasks", {"title": "Old", "priority": number}, as_=ada)

    assert db.session.scalars(select(Task)).one().priority == priority


BAD_INPUT = [
    ("title", ""),
    ("title", "   "),
    ("title", "a" * 10_000),
    ("title", "nul\0"),
    ("description", "nul\0"),
    ("description", "a" * 60_000),
    ("status", "blocked"),
    ("status", "DONE "),
    ("priority", "highest"),
    ("priority", "0"),
    ("priority", "-1"),
    ("priority", "1e999"),
    ("category", "c" * 10_000),
    ("category", "none"),
    ("tags", "t" * 81),
    ("tags", ",".join(f"t{number}" for number in range(21))),
    ("due", "0000-01-01"),
    ("due", "99999-01-01"),
    ("due", "-2026-01-01"),
    ("due", "2026-02-30"),
    ("due", "2027-03-28T02:30"),
    ("due", "tomorrow"),
    ("due", "20.11.2026"),
    ("due", "2026-11-20T25:00"),
    ("due_time", "25:00"),
    ("due_time", "soon"),
    ("estimate", "-5m"),
    ("estimate", "1e999"),
    ("estimate", "NaN"),
    ("estimate", "9" * 400),
    ("estimate", "99999999h"),
    ("estimate", "５m"),
    ("customer", "77"),
    ("customer", "-1"),
    ("customer", "9" * 30),
    ("customer", "Acme"),
]


@pytest.mark.parametrize("name,typed", BAD_INPUT, ids=lambda part: str(part)[:24])
def test_bad_input_comes_back_as_typed_with_a_sentence(visit: Visit, ada: Person, name: str, typed: str) -> None:
    sent = {**FILLED, "due_time": "", name: typed}

    page = check(visit.send("/tasks", sent, as_=ada, status=422))

    assert error_of(page, name).endswith((".", ". ", "”")), error_of(page, name)
    assert count_tasks() == 0
    assert db.session.scalar(select(func.count()).select_from(Category)) == 0
    for field in ("title", "description", "category", "tags", "due", "estimate"):
        if "\0" not in sent[field]:
            assert value_of(page, field).replace("\n", "\r\n").replace("\r\r", "\r").strip() == sent[field].strip()


def test_a_time_without_its_day_is_refused(visit: Visit, ada: Person) -> None:
    page = check(visit.send("/tasks", {"title": "When?", "due_time": "15:00"}, as_=ada, status=422))

    assert error_of(page, "due") == "Choose the day as well."
    assert value_of(page, "due_time") == "15:00"


@pytest.mark.parametrize(
    "title", ["🖋️👩🏽‍🚀", "مراجعة عقد الترجمة", "\u202eright to left", "<script>alert(1)</script>", "-1", "=1+1"]
)
def test_a_title_is_kept_and_shown_as_it_is(visit: Visit, ada: Person, title: str) -> None:
    page = visit.follow(visit.send("/tasks", {"title": title}, as_=ada), as_=ada)

    assert words(page.h1) == title
    assert titles(visit("/tasks", as_=ada)) == [title]


def test_the_same_form_twice_makes_one_task(visit: Visit, ada: Person) -> None:
    form = visit("/tasks/new", as_=ada).find("input", attrs={"name": "request_key"})
    assert form is not None
    sent = {**FILLED, "request_key": str(form["value"])}

    locations = {visit.send("/tasks", sent, as_=ada).location for _ in range(3)}

    assert len(locations) == 1
    assert count_tasks() == 1
    visit.send("/tasks", {**sent, "title": "Other"}, as_=ada, status=422)


def test_the_line_on_the_list_adds_a_task_and_comes_back(visit: Visit, ada: Person) -> None:
    answer = visit.send("/tasks", {"title": "Quick", "next": "/tasks?status=todo"}, as_=ada)

    assert answer.location == "/tasks?status=todo"
    assert titles(visit.follow(answer, as_=ada)) == ["Quick"]


def test_the_form_shows_what_is_saved_and_saves_what_is_changed(visit: Visit, ada: Person, ben: Person) -> None:
    location = str(visit.send("/tasks", FILLED, as_=ada).location)

    page = visit(f"{location}/edit", as_=ben)
    shown = {
        name: value_of(page, name) for name in ("title", "category", "tags", "due", "due_time", "estimate", "version")
    }
    assert shown == {
        "title": "Écrire l’offre 🖋️",
        "category": "Sales",
        "tags": "acme, offer",
        # Ben lives in Tokyo.
        "due": "2026-12-01",
        "due_time": "23:00",
        "estimate": "1h 30m",
        "version": "1",
    }
    answer = visit.send(location, {**FILLED, **shown, "title": "By Ben", "status": "done"}, as_=ben)

    assert answer.location == location
    task = db.session.scalars(select(Task)).one()
    assert (task.title, task.status, task.version) == ("By Ben", Status.DONE, 2)
    assert task.due_at == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


def test_a_customer_is_chosen_and_stays_also_when_not_among_those_offered(visit: Visit, ada: Person) -> None:
    customer_id = create_customer(details=CustomerDetails(name="Żubr"), actor=ada.actor, now=NOW)
    location = str(visit.send("/tasks", {**FILLED, "customer": str(customer_id)}, as_=ada).location)
    for number in range(501):
        db.session.add(
            Customer(
                workspace_id=ada.workspace_id, name=f"A{number}", name_key=f"a{number}", created_at=NOW, updated_at=NOW
            )
        )
    db.session.commit()

    offered = visit(f"{location}/edit", as_=ada).select("select[name=customer] option")

    assert len(offered) == 502
    assert [words(option) for option in offered if option.has_attr("selected")] == ["Żubr"]
    assert "Żubr" in words(visit(location, as_=ada).main)


def test_a_lost_race_keeps_what_was_written_beside_the_other_version(visit: Visit, ada: Person, ben: Person) -> None:
    location = str(visit.send("/tasks", FILLED, as_=ada).location)
    visit.send(location, {**FILLED, "title": "Ben was faster", "version": "1"}, as_=ben)

    mine = {**FILLED, "title": "Ada’s words", "description": "All of\r\nthem", "version": "1"}
    page = check(visit.send(location, mine, as_=ada, status=409))

    assert (value_of(page, "title"), value_of(page, "tags")) == ("Ada’s words", "acme, #offer")
    assert "All of" in value_of(page, "description")
    assert "Ben was faster" in words(page.select_one(".card"))
    again = {**mine, "version": value_of(page, "version")}
    visit.send(location, again, as_=ada)
    assert db.session.scalars(select(Task)).one().title == "Ada’s words"


def test_time_spent_meanwhile_is_no_lost_race(visit: Visit, ada: Person) -> None:
    location = str(visit.send("/tasks", FILLED, as_=ada).location)
    task_id = int(location.rsplit("/", 1)[1])
    form = visit(f"{location}/edit", as_=ada)
    timers.start_timer(task_id=task_id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=task_id, actor=ada.actor, now=NOW + timedelta(hours=1))

    visit.send(location, {**FILLED, "title": "Mine", "version": value_of(form, "version")}, as_=ada)

    task = get_task(task_id=task_id, actor=ada.actor)
    assert (task.title, task.tracked_seconds) == ("Mine", 3600)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 50, "１"])
def test_a_version_that_is_none_is_a_lost_race(visit: Visit, ada: Person, version: str) -> None:
    location = str(visit.send("/tasks", FILLED, as_=ada).location)

    visit.send(location, {**FILLED, "version": version}, as_=ada, status=409)


@pytest.mark.parametrize("name,typed", [("title", ""), ("due", "2026-02-30"), ("estimate", "x"), ("status", "")])
def test_bad_input_changes_nothing(visit: Visit, ada: Person, name: str, typed: str) -> None:
    location = str(visit.send("/tasks", FILLED, as_=ada).location)

    page = check(visit.send(location, {**FILLED, "version": "1", "title": "New", name: typed}, as_=ada, status=422))

    assert error_of(page, name)
    assert db.session.scalars(select(Task)).one().title == FILLED["title"]


def test_status_by_one_click_goes_back_to_where_one_was(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada)

    answer = visit.send(f"/tasks/{task.id}/status", {"status": "done", "next": "/tasks?status=todo"}, as_=ben)

    assert answer.location == "/tasks?status=todo"
    assert get_task(task_id=task.id, actor=ada.actor).status is Status.DONE
    elsewhere = {"status": "todo", "next": "//elsewhere.example/"}
    assert visit.send(f"/tasks/{task.id}/status", elsewhere, as_=ada).location == f"/tasks/{task.id}"


@pytest.mark.parametrize("status", ["", "blocked", "DONE", "done\0"])
def test_an_unknown_status_is_refused(visit: Visit, ada: Person, status: str) -> None:
    task = make_task(ada)

    visit.send(f"/tasks/{task.id}/status", {"status": status}, as_=ada, status=422)

    assert get_task(task_id=task.id, actor=ada.actor).status is Status.TODO


def test_delete_offers_undo_and_the_trash_offers_it_later(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="Gone")

    page = visit.follow(visit.send(f"/tasks/{task.id}/delete", as_=ada), as_=ada)
    assert titles(page) == []
    visit(f"/tasks/{task.id}", as_=ada, status=404)
    undo = page.select_one(".flash form")
    assert undo is not None
    trash = visit("/tasks/trash", as_=ada)
    assert "Gone" in words(trash.main)
    assert trash.find("form", attrs={"action": f"/tasks/{task.id}/restore"})

    visit.follow(visit.send(str(undo["action"]), as_=ada), as_=ada)
    assert titles(visit("/tasks", as_=ada)) == ["Gone"]
    assert "The trash is empty" in words(visit("/tasks/trash", as_=ada).main)


PAGES = ["/tasks/{}", "/tasks/{}/edit"]
POSTS: list[tuple[str, dict[str, Any]]] = [
    ("/tasks/{}", {**FILLED, "version": "1"}),
    ("/tasks/{}/status", {"status": "done"}),
    ("/tasks/{}/delete", {}),
    ("/tasks/{}/restore", {}),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_task_does_not_exist_for_a_stranger(visit: Visit, ada: Person, cy: Person, page: str) -> None:
    task = make_task(ada, title="Secret")

    assert "Secret" not in str(visit(page.format(task.id), as_=cy, status=404))
    visit(page.format(2**63), as_=ada, status=404)
    visit(page.format(task.id), as_=ada)


@pytest.mark.parametrize("page,fields", POSTS)
def test_a_stranger_changes_nothing(visit: Visit, ada: Person, cy: Person, page: str, fields: dict[str, Any]) -> None:
    task = make_task(ada, title="Secret")

    answer = visit.send(page.format(task.id), fields, as_=cy, status=404)

    assert "Secret" not in answer.text
    after = db.session.get_one(Task, task.id, populate_existing=True)
    assert (after.title, after.version, after.is_deleted) == ("Secret", 1, False)


def test_lists_and_trash_of_a_stranger_are_empty(visit: Visit, ada: Person, cy: Person) -> None:
    make_task(ada, title="Secret")
    make_task(ada, title="Secret too", is_deleted=True, deleted_at=NOW)

    for address in ("/tasks", "/tasks/trash", "/tasks?q=secret"):
        assert "Secret" not in words(visit(address, as_=cy).main)


def test_the_list_takes_as_many_statements_for_many_tasks_as_for_few(visit: Visit, ada: Person) -> None:
    for number in range(50):
        operations.create_task(
            details=TaskDetails(title=f"{number}", category=f"C{number % 7}", tags=(f"t{number % 9}", "all")),
            actor=ada.actor,
            now=NOW,
        )

    # BEGIN, who, the timer that runs or ran last, tasks, tags, categories; one more for a filter by name or words.
    visit("/tasks", as_=ada, most_statements=7)
    visit("/tasks?tag=all&status=todo&due=none&category=c1&sort=title", as_=ada, most_statements=9)
    visit("/tasks?q=1", as_=ada, most_statements=9)
    visit(f"/tasks/{db.session.scalars(select(Task.id)).first()}", as_=ada, most_statements=22)
    visit("/tasks/new", as_=ada, most_statements=8)
    visit("/today", as_=ada, most_statements=13)


def test_a_move_to_another_status_can_be_undone_from_its_message(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="Pay the invoice")
    visit.send("tasks.set_status", {"status": "done"}, as_=ada, task_id=task.id)

    flash = visit("/tasks", as_=ada).find(class_="flash")
    assert flash is not None
    assert "Finished “Pay the invoice”." in words(flash)
    undo = flash.find("form")
    assert undo is not None
    visit.send(str(undo["action"]), {}, as_=ada)
    assert db.session.get_one(Task, task.id).status is Status.TODO


def test_a_move_to_where_a_task_is_says_nothing(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    visit.send("tasks.set_status", {"status": "todo"}, as_=ada, task_id=task.id)

    assert visit("/tasks", as_=ada).find(class_="flash") is None
