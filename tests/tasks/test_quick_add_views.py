"""The line that adds tasks: what was understood is shown first, and several lines are one change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person
from tests.page import Visit, error_of, texts, words
from webapp.customers.models import Customer
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Series, Task
from webapp.tasks.operations.quick_add import add_tasks
from webapp.tasks.rules.quick_add import MOST_LINES
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority

TEXT = "Pay invoice tomorrow 3pm #finance !high ~45m"


def titles() -> list[str]:
    return list(db.session.scalars(select(Task.title).order_by(Task.id)))


def chips(page: BeautifulSoup) -> list[str]:
    return [" ".join(text.split()).removesuffix(" Keep this in the title") for text in texts(page.select(".chip"))]


def test_a_plain_title_is_added_at_once(visit: Visit, ada: Person) -> None:
    answer = visit.send("/tasks/quick", {"text": "The 9/11 Report", "next": "/today"}, as_=ada)

    assert answer.location == "/today"
    assert titles() == ["The 9/11 Report"]
    assert "Added “The 9/11 Report”." in words(visit("/today", as_=ada).find(class_="flash"))


@time_machine.travel(NOW, tick=False)
def test_what_is_understood_is_shown_before_it_is_saved(visit: Visit, ada: Person) -> None:
    page = BeautifulSoup(visit.send("/tasks/quick", {"text": TEXT}, as_=ada, status=200).text, "html.parser")

    assert chips(page) == [
        "Due Tomorrow 15:00",
        "Tag finance",
        "Priority high",
        "Estimate 45 min",
    ]
    assert words(page.select_one(".quick-read__title")) == "Pay invoice"
    assert titles() == []


@time_machine.travel(NOW, tick=False)
def test_what_was_seen_is_saved(visit: Visit, ada: Person) -> None:
    visit.send("/tasks/quick", {"text": TEXT, "seen": TEXT}, as_=ada)

    task = db.session.scalars(select(Task)).one()
    assert task.title == "Pay invoice"
    assert task.due_at == datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    assert task.priority is Priority.HIGH
    assert task.estimated_minutes == 45


def test_what_was_seen_of_another_text_is_not_enough(visit: Visit, ada: Person) -> None:
    visit.send("/tasks/quick", {"text": TEXT, "seen": "Pay invoice"}, as_=ada, status=200)

    assert titles() == []


def test_a_chip_that_is_pressed_belongs_to_the_title(visit: Visit, ada: Person) -> None:
    sent = {"text": TEXT, "seen": TEXT, "literal": str(TEXT.index("#"))}
    page = BeautifulSoup(visit.send("/tasks/quick", sent, as_=ada, status=200).text, "html.parser")

    text = "Pay invoice tomorrow 3pm \\#finance !high ~45m"
    assert page.select_one("[name=text]").text.strip() == text  # type: ignore[union-attr]
    assert page.select_one("[name=seen]")["value"] == text  # type: ignore[index]
    assert words(page.select_one(".quick-read__title")) == "Pay invoice #finance"
    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada)
    assert titles() == ["Pay invoice #finance"]


@pytest.mark.parametrize("place", ["0", "99", "-1", "x", "1" * 30, "٣"])
def test_a_place_where_nothing_was_understood_changes_nothing(visit: Visit, ada: Person, place: str) -> None:
    sent = {"text": TEXT, "seen": "Something else", "literal": place}
    page = BeautifulSoup(visit.send("/tasks/quick", sent, as_=ada, status=200).text, "html.parser")

    assert page.select_one("[name=text]").text.strip() == TEXT  # type: ignore[union-attr]


def test_several_lines_are_shown_and_become_several_tasks_in_one_change(visit: Visit, ada: Person) -> None:
    text = "Milk #shop\r\n\r\nBread #shop\r\nCall Bob tomorrow\r\n"
    page = BeautifulSoup(visit.send("/tasks/quick", {"text": text}, as_=ada, status=200).text, "html.parser")
    assert words(page.h1) == "Add 3 tasks"
    assert texts(page.select(".quick-read__title")) == ["Milk", "Bread", "Call Bob"]
    assert titles() == []

    seen = page.select_one("[name=seen]")["value"]  # type: ignore[index]
    visit.send("/tasks/quick", {"text": text, "seen": str(seen)}, as_=ada)

    assert titles() == ["Milk", "Bread", "Call Bob"]
    flash = visit("/tasks", as_=ada).find(class_="flash")
    assert flash is not None
    assert "Added 3 tasks." in words(flash)
    undo = flash.find("form")
    assert undo is not None
    visit.send(str(undo["action"]), {}, as_=ada)
    assert db.session.scalar(select(func.count()).where(Task.is_deleted.is_(True))) == 3


def test_a_form_sent_twice_adds_once(visit: Visit, ada: Person) -> None:
    sent = {"text": "Milk\nBread", "seen": "Milk\nBread", "request_key": "0" * 32}
    visit.send("/tasks/quick", sent, as_=ada)
    visit.send("/tasks/quick", sent, as_=ada)

    assert titles() == ["Milk", "Bread"]


@pytest.mark.parametrize(
    "text,sentence",
    [
        ("", "Write what there is to do."),
        (" \n ", "Write what there is to do."),
        ("a\0b", "There is a character in this text that cannot be saved."),
        ("x" * 10_000, "A title has at most 500 characters, this one has 10,000."),
        ("x" * 30_000, "This has 30,000 characters; 20,000 fit."),
        ("Milk\n" * 500, f"These are 500 lines; up to {MOST_LINES} tasks can be added at once."),
        ("Milk\n" + "x" * 501, "Line 2: A title has at most 500 characters"),
    ],
)
def test_what_cannot_be_added_comes_back_as_typed(visit: Visit, ada: Person, text: str, sentence: str) -> None:
    answer = visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada, status=422)
    page = BeautifulSoup(answer.text, "html.parser")

    assert sentence in error_of(page, "text")
    assert " ".join(page.select_one("[name=text]").text.split()) == " ".join(text.split())  # type: ignore[union-attr]
    assert titles() == []


@time_machine.travel(NOW, tick=False)
def test_a_time_that_the_clocks_skip_is_refused_with_its_line(visit: Visit, ada: Person) -> None:
    text = "Milk\nCall due 2027-03-28 02:30"
    answer = visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada, status=422)

    assert "Line 2: The time 02:30 does not exist" in answer.text or "Line 2: 02:30 does not exist" in answer.text
    assert titles() == []


@pytest.mark.parametrize("title", ["👩‍👩‍👧‍👦 " * 40, "\u202etxt.exe", "אבג דהו"])
def test_odd_titles_are_kept(visit: Visit, ada: Person, title: str) -> None:
    visit.send("/tasks/quick", {"text": title}, as_=ada)

    assert titles() == [title.strip()]


def test_the_part_below_the_line_is_one_small_fragment(visit: Visit, ada: Person) -> None:
    page = visit("quick_add.read", as_=ada, headers={"HX-Request": "true"}, text="👍 Pay tomorrow #home")

    assert page.html is None
    assert [chip["data-place"] for chip in page.select("button.chip")] == ["7", "16"]
    assert [chip["value"] for chip in page.select("button.chip")] == ["6", "15"]
    assert page.select_one("[name=seen]")["value"] == "👍 Pay tomorrow #home"  # type: ignore[index]


def test_a_fragment_of_a_plain_title_shows_nothing(visit: Visit, ada: Person) -> None:
    page = visit("quick_add.read", as_=ada, headers={"HX-Request": "true"}, text="Renovation")

    assert words(page) == ""


def test_a_fragment_says_when_there_are_too_many_lines(visit: Visit, ada: Person) -> None:
    page = visit("quick_add.read", as_=ada, status=422, headers={"HX-Request": "true"}, text="x\n" * 101)

    assert "These are 101 lines" in words(page)


def test_the_address_alone_is_a_page_with_the_text_filled_in(visit: Visit, ada: Person) -> None:
    page = visit("quick_add.read", as_=ada, text="Pay #home")

    assert page.select_one("[name=text]").text.strip() == "Pay #home"  # type: ignore[union-attr]
    assert chips(page) == ["Tag home"]
    assert words(visit("/tasks/quick", as_=ada).h1) == "Add a task"


def test_a_customer_is_found_by_name_and_never_that_of_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    acme = create_customer(details=CustomerDetails(name="Acme Ltd"), actor=ada.actor, now=NOW)
    text = 'Ask @"acme ltd"'

    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada)
    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=cy)

    found = db.session.execute(select(Task.title, Task.customer_id).order_by(Task.id)).all()
    assert [tuple(row) for row in found] == [("Ask", acme), (text, None)]
    assert chips(visit("quick_add.read", as_=cy, text=text)) == ["No customer is called acme ltd"]


def test_an_archived_customer_is_not_offered(visit: Visit, ada: Person) -> None:
    acme = create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    with transaction():
        db.session.get_one(Customer, acme).is_archived = True

    assert chips(visit("quick_add.read", as_=ada, text="Ask @acme")) == ["No customer is called acme"]


@time_machine.travel(NOW, tick=False)
def test_a_line_makes_a_task_that_repeats_and_one_that_starts_later(visit: Visit, ada: Person) -> None:
    text = "Water the plants every friday\nPlan the party >2026-12-01"
    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada)

    plants, party = db.session.scalars(select(Task).order_by(Task.id))
    assert (plants.title, plants.due_on) == ("Water the plants", date(2026, 11, 20))
    series = db.session.scalars(select(Series)).one()
    assert plants.series_id == series.id
    assert (party.title, party.starts_on) == ("Plan the party", date(2026, 12, 1))


def test_dates_are_read_as_the_person_writes_them(visit: Visit, ada: Person) -> None:
    fields = {
        "name": "Ada",
        "timezone": "Europe/Berlin",
        "week_start": "0",
        "number_format": "1,234.5",
        "theme": "auto",
    }
    visit.post("/account", {**fields, "date_format": "11/20/2026"}, as_=ada)
    text = "Pay 11/12/2030"

    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada)

    assert db.session.scalar(select(Task.due_on)) == date(2030, 11, 12)


@time_machine.travel(NOW, tick=False)
def test_what_repeats_shows_when_it_is_due_first(visit: Visit, ada: Person) -> None:
    assert chips(visit("quick_add.read", as_=ada, text="Water the plants every friday")) == [
        "Repeats every week on Friday",
        "First due Today",
    ]


def test_add_tasks_adds_all_or_none(ada: Person) -> None:
    with pytest.raises(InvalidInput):
        add_tasks(details=[TaskDetails(title="One"), TaskDetails(title="")], actor=ada.actor, now=NOW)

    assert titles() == []
    with pytest.raises(InvalidInput):
        add_tasks(details=[], actor=ada.actor, now=NOW)


def test_a_hundred_lines_are_added_in_good_time(visit: Visit, ada: Person) -> None:
    text = "\n".join(f"Task {number} tomorrow #tag{number % 7} !high ~1h" for number in range(MOST_LINES))
    began = datetime.now(UTC)
    visit.send("/tasks/quick", {"text": text, "seen": text}, as_=ada)

    assert len(titles()) == MOST_LINES
    assert datetime.now(UTC) - began < timedelta(seconds=20)
