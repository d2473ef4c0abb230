"""Pages of tasks that come again: the form, the dates before saving, skipping, stopping, the choice of an edit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.cast import NOW, Person, make_task
from tests.page import Visit, check, error_of, texts, words
from webapp.storage.db import db
from webapp.tasks.models import Series, Task
from webapp.tasks.operations.recurrence import make_due
from webapp.tasks.operations.tasks import create_task, set_status
from webapp.tasks.queries.recurrence import find_repeat
from webapp.tasks.rules.recurrence import LAST, WORKING_DAYS, Basis, Missed, Repeat, Rule, Unit
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

WEEKLY = Repeat(Rule(Unit.WEEK))


@pytest.fixture(autouse=True)
def _friday() -> Any:
    """Stop the clock at the day of the cast."""
    with time_machine.travel(NOW, tick=False):
        yield


def all_tasks() -> list[Task]:
    db.session.rollback()
    found = select(Task).order_by(Task.id).options(selectinload(Task.tags)).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def plants(person: Person, repeat: Repeat = WEEKLY, **more: Any) -> int:
    details = TaskDetails(title="Water the plants", **{"due_on": date(2026, 11, 20), **more}, repeat=repeat)
    return create_task(details=details, actor=person.actor, now=NOW)


FORM = {"title": "Water the plants", "due": "2026-11-20"}


@pytest.mark.parametrize(
    "fields, repeat",
    [
        ({"repeat": "day", "repeat_every": "3"}, Repeat(Rule(Unit.DAY, 3))),
        ({"repeat": "week", "repeat_on": ["0"]}, WEEKLY),
        ({"repeat": "weekdays", "repeat_on": ["4", "0"]}, Repeat(Rule(Unit.WEEK, 1, (0, 4)))),
        ({"repeat": "month-end", "repeat_nth": "7"}, Repeat(Rule(Unit.MONTH, is_last_day=True))),
        (
            {"repeat": "month-weekday", "repeat_nth": "-1", "repeat_on": list("01234"), "repeat_count": "12"},
            Repeat(Rule(Unit.MONTH, 1, WORKING_DAYS, LAST), count=12),
        ),
        (
            {"repeat": "year", "repeat_basis": "completion", "repeat_until": "2030-01-01"},
            Repeat(Rule(Unit.YEAR), Basis.COMPLETION, until=date(2030, 1, 1)),
        ),
        ({"repeat": "month", "repeat_missed": "each"}, Repeat(Rule(Unit.MONTH), missed=Missed.EACH)),
        ({"repeat": "", "repeat_every": "0", "repeat_until": "never", "repeat_on": ["x"]}, None),
    ],
)
def test_the_form_says_every_way_of_repeating_and_shows_it_again(
    visit: Visit, ada: Person, fields: dict[str, Any], repeat: Repeat | None
) -> None:
    visit.send("tasks.create", {**FORM, **fields}, as_=ada)

    (task,) = all_tasks()
    assert find_repeat(task) == repeat

    # Saved as it stands in the form, nothing changes.
    form = visit("tasks.edit", as_=ada, task_id=task.id).find("form", class_="form")
    assert form is not None
    sent = {
        str(control["name"]): [str(option["value"]) for option in control.find_all("option", selected=True)]
        or [str(control.find_all("option")[0]["value"])]
        for control in form.find_all("select")
    }
    for control in form.find_all("input"):
        if control["name"] != "csrf_token" and (control["type"] != "checkbox" or control.has_attr("checked")):
            sent.setdefault(str(control["name"]), []).append(str(control.get("value", "")))
    visit.send("tasks.save", sent, as_=ada, task_id=task.id)
    assert find_repeat(all_tasks()[0]) == repeat


@pytest.mark.parametrize(
    "fields, name, sentence",
    [
        ({"repeat": "day", "repeat_every": "0"}, "repeat_every", "from 1 to 999"),
        ({"repeat": "day", "repeat_every": "9" * 400}, "repeat_every", "from 1 to 999"),
        ({"repeat": "day", "repeat_every": "-1"}, "repeat_every", "from 1 to 999"),
        ({"repeat": "weekdays"}, "repeat_on", "at least one weekday"),
        ({"repeat": "weekdays", "repeat_on": ["7"]}, "repeat_on", "from Monday to Sunday"),
        ({"repeat": "month-weekday", "repeat_nth": "1"}, "repeat_on", "at least one weekday"),
        ({"repeat": "month-weekday", "repeat_nth": "5", "repeat_on": ["1"]}, "repeat_nth", "not one of the choices"),
        ({"repeat": "week", "repeat_until": "2026-11-19"}, "repeat_until", "before it is due"),
        ({"repeat": "week", "repeat_until": "99999-01-01"}, "repeat_until", "out of range"),
        ({"repeat": "week", "repeat_count": "0"}, "repeat_count", "from 1 to 999"),
        ({"repeat": "week", "repeat_count": "1e9"}, "repeat_count", "from 1 to 999"),
        ({"repeat": "week", "due": ""}, "due", "needs a day"),
        ({"repeat": "fortnight"}, "repeat", "not one of the choices"),
        ({"repeat": "week", "repeat_missed": "sometimes"}, "repeat_missed", "not one of the choices"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(
    visit: Visit, ada: Person, fields: dict[str, Any], name: str, sentence: str
) -> None:
    for button in ({}, {"show_dates": "1"}):
        answer = visit.send("tasks.create", {**FORM, **fields, **button}, as_=ada, status=422)

        page = check(answer)
        if name == "repeat_on":
            assert sentence in words(page.find(id="repeat_on-error"))
        else:
            assert sentence in error_of(page, name)
    assert all_tasks() == []
    assert db.session.scalars(select(Series)).all() == []


def test_the_dates_are_shown_before_anything_is_saved(visit: Visit, ada: Person) -> None:
    fields: dict[str, Any] = {**FORM, "due": "2027-01-31", "repeat": "month"}
    fragment = visit("recurrence.dates", as_=ada, **fields)
    page = check(visit.send("tasks.create", {**fields, "show_dates": "1"}, as_=ada, status=200))

    for shown in (fragment, page):
        assert texts(shown.select(".repeat__dates li")) == [
            "Sunday 28 Feb 2027",
            "Wednesday 31 Mar 2027",
            "Friday 30 Apr 2027",
            "Monday 31 May 2027",
            "Wednesday 30 Jun 2027",
            "Saturday 31 Jul 2027",
        ]
    assert page.find("input", attrs={"name": "title"})["value"] == "Water the plants"  # type: ignore[index]
    assert all_tasks() == []


def test_the_dates_of_an_edit_follow_the_series_unless_it_changes(visit: Visit, ada: Person) -> None:
    task_id = plants(ada, Repeat(Rule(Unit.WEEK), count=3))
    address: dict[str, Any] = {"task_id": task_id, "due": "2026-11-21", "repeat": "week", "repeat_count": "3"}

    this_one = visit("recurrence.dates_of", as_=ada, **address)
    following = visit("recurrence.dates_of", as_=ada, **address, repeat_scope="following")

    assert texts(this_one.select("li")) == ["Friday 27 Nov 2026", "Friday 4 Dec 2026"]
    assert texts(following.select("li")) == ["Saturday 28 Nov 2026", "Saturday 5 Dec 2026"]


def test_the_dates_say_what_is_missing(visit: Visit, ada: Person) -> None:
    fragment = visit("recurrence.dates", as_=ada, status=422, repeat="day", due="")

    assert "needs a day" in words(fragment)
    assert words(visit("recurrence.dates", as_=ada)) == ""


def test_the_page_of_a_task_says_when_it_comes_again(visit: Visit, ada: Person) -> None:
    task_id = plants(ada, Repeat(Rule(Unit.MONTH, weekdays=(4,), nth=LAST)))

    page = visit("tasks.show", as_=ada, task_id=task_id)

    section = page.find("section", attrs={"aria-labelledby": "repeats"})
    assert section is not None
    assert "Every month on the last Friday." in words(section)
    assert texts(section.select("li"))[:2] == ["Friday 27 Nov 2026", "Friday 25 Dec 2026"]
    assert page.find("form", action=f"/tasks/{task_id}/skip")


def test_a_done_one_leads_to_the_newest(visit: Visit, ada: Person) -> None:
    task_id = plants(ada)
    set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW)

    page = visit("tasks.show", as_=ada, task_id=task_id)

    assert page.find("a", href=f"/tasks/{all_tasks()[-1].id}", string="To the newest one")


def test_the_last_one_says_so(visit: Visit, ada: Person) -> None:
    task_id = plants(ada, Repeat(Rule(Unit.DAY), count=1))

    page = visit("tasks.show", as_=ada, task_id=task_id)

    assert "This is the last one." in words(page)
    assert not page.find("form", action=f"/tasks/{task_id}/skip")


def test_skipping_and_stopping_can_be_undone(visit: Visit, ada: Person) -> None:
    task_id = plants(ada)

    page = visit.follow(visit.send("recurrence.skip", as_=ada, task_id=task_id), as_=ada)
    assert "Skipped. It is due on" in words(page)
    assert all_tasks()[0].due_on == date(2026, 11, 27)
    undo = page.select_one("form[action$='/undo']")
    assert undo is not None
    visit.send(str(undo["action"]), as_=ada)
    assert all_tasks()[0].due_on == date(2026, 11, 20)

    page = visit.follow(visit.send("recurrence.stop", as_=ada, task_id=task_id), as_=ada)
    assert "It repeats no more." in words(page)
    assert find_repeat(all_tasks()[0]) is None


def test_the_last_one_is_not_skipped(visit: Visit, ada: Person) -> None:
    task_id = plants(ada, Repeat(Rule(Unit.DAY), count=1))

    answer = visit.send("recurrence.skip", as_=ada, task_id=task_id, status=409)

    assert "no later date" in answer.text


def test_deleting_asks_for_one_or_the_series(visit: Visit, ada: Person) -> None:
    task_id = plants(ada)
    page = visit("tasks.show", as_=ada, task_id=task_id)
    assert {"Delete this one", "Delete and stop repeating"} <= set(texts(page.select(".menu__item")))

    visit.send("tasks.delete", as_=ada, task_id=task_id)
    assert [(task.is_deleted, task.due_on) for task in all_tasks()] == [
        (True, date(2026, 11, 20)),
        (False, date(2026, 11, 27)),
    ]
    visit.send("recurrence.delete", as_=ada, task_id=all_tasks()[1].id)

    assert [task.is_deleted for task in all_tasks()] == [True, True]


def test_an_edit_is_for_this_one_or_the_following(visit: Visit, ada: Person) -> None:
    task_id = plants(ada)
    plain = make_task(ada)
    page = visit("tasks.edit", as_=ada, task_id=task_id)
    assert page.find("select", attrs={"name": "repeat_scope"})
    assert not visit("tasks.edit", as_=ada, task_id=plain.id).find("select", attrs={"name": "repeat_scope"})

    for scope, title in (("one", "Water the ferns"), ("following", "Water the moss")):
        version = next(task for task in all_tasks() if task.id == task_id).version
        fields = {**FORM, "title": title, "repeat": "week", "repeat_scope": scope, "version": version}
        visit.send("tasks.save", fields, as_=ada, task_id=task_id)
        assert db.session.scalars(select(Series.title)).all() == [
            "Water the plants" if scope == "one" else "Water the moss"
        ]


def test_a_form_that_does_not_speak_of_repeating_leaves_it(visit: Visit, ada: Person) -> None:
    task_id = plants(ada)

    visit.send("tasks.save", {**FORM, "title": "Water", "version": 1}, as_=ada, task_id=task_id, status=409)
    version = all_tasks()[0].version
    visit.send("tasks.save", {**FORM, "title": "Water", "version": version}, as_=ada, task_id=task_id)

    assert find_repeat(all_tasks()[0]) == WEEKLY


def test_a_row_says_that_its_task_repeats(visit: Visit, ada: Person) -> None:
    task_id, plain = plants(ada), make_task(ada)

    page = visit("tasks.index", as_=ada)

    assert "Repeats" in words(page.find(id=f"task-{task_id}"))
    assert "Repeats" not in words(page.find(id=f"task-{plain.id}"))


def test_a_stranger_sees_no_dates_and_moves_nothing(visit: Visit, ada: Person, cy: Person) -> None:
    task_id = plants(ada)

    visit("recurrence.dates_of", as_=cy, task_id=task_id, status=404)
    for endpoint in ("recurrence.skip", "recurrence.stop", "recurrence.delete"):
        visit.send(endpoint, as_=cy, task_id=task_id, status=404)

    assert [(task.due_on, task.is_deleted) for task in all_tasks()] == [(date(2026, 11, 20), False)]


def test_a_page_of_a_long_series_takes_few_statements(visit: Visit, ada: Person) -> None:
    task_id = plants(ada, Repeat(Rule(Unit.DAY), missed=Missed.EACH), due_on=date(2016, 11, 20))
    make_due(now=NOW)

    visit("tasks.show", as_=ada, task_id=task_id)
    visit("tasks.edit", as_=ada, task_id=all_tasks()[-1].id)


@pytest.mark.parametrize("page", ["/tasks", "/tasks/board", "/tasks/calendar?month=2026-11"])
def test_what_repeats_is_marked_wherever_it_is_listed(visit: Visit, ada: Person, page: str) -> None:
    plants(ada)
    create_task(details=TaskDetails(title="Once", due_on=date(2026, 11, 20)), actor=ada.actor, now=NOW)

    marked = visit(page, as_=ada).select("[data-task]:has([title=Repeats])")

    assert len(marked) == 1
    assert "Water the plants" in words(marked[0])
    assert "Repeats" in words(marked[0])
