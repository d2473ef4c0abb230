"""Each format from the upload to the undo: the second time nothing is new, and undone it is as if nothing had been."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, words
from tests.transfers.formats.test_any_file import FILES, OBJECTS, TABLES, cells
from tests.transfers.formats.test_taskwarrior import PRUNE, TASK
from tests.transfers.test_imports import found, take, undo, upload
from webapp.customers.models import Customer
from webapp.storage.bulk import table_of
from webapp.storage.db import Model, db
from webapp.tasks.models import Category, Comment, EntryDay, Series, Tag, Task, TaskBlocker, TaskTag, TimeEntry
from webapp.transfers.models import ImportRemark
from webapp.transfers.rules.formats.reader import Format
from webapp.workspaces.models import Membership

FILENAMES = {Format.TODOIST: "Garden.csv", Format.TOGGL: "Toggl_time_entries_2026-10-19_to_2026-10-25.csv"}
# New tasks, new entries, lines that are refused.
EXPECTED = {
    Format.TODOIST: (3, 0, 0),
    Format.TOGGL: (4, 5, 0),
    Format.KIMAI: (2, 3, 0),
    Format.REDMINE: (2, 1, 0),
    Format.TASKWARRIOR: (4, 0, 0),
    Format.TIMEWARRIOR: (2, 3, 1),
    Format.KIMAI_API: (1, 2, 1),
    Format.GITHUB: (2, 0, 0),
}
_OF_ALL = (Task, TaskTag, TaskBlocker, Comment, Series, TimeEntry, EntryDay, Category, Tag, Customer, Membership)


def state() -> dict[str, list[str]]:
    """Everything that an import can write, row by row."""
    db.session.rollback()
    db.session.expire_all()
    return {model.__name__: _rows(model) for model in _OF_ALL}


def _rows(model: type[Model]) -> list[str]:
    return sorted(repr(tuple(row)) for row in db.session.execute(select(table_of(model))))


def count(model: type[Model]) -> int:
    return len(_rows(model))


def task_called(title: str) -> Task:
    return db.session.scalars(select(Task).where(Task.title == title)).one()


def bring(person: Person, name: Format, text: str | None = None) -> int:
    return upload(person, (text or FILES[name]).encode(), FILENAMES.get(name, f"{name.value}.txt"))


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_has_its_pages_before_and_after(ada: Person, visit: Visit, name: Format) -> None:
    import_id = bring(ada, name)
    planned = visit("transfers.show", as_=ada, import_id=import_id)

    take(ada, import_id)

    tasks, entries, _ = EXPECTED[name]
    expected = [
        f"{tasks} task" if tasks else "",
        f"{entries} time entr" if entries and name is not Format.REDMINE else "",
    ]
    for page in (planned, visit("transfers.show", as_=ada, import_id=import_id), visit("transfers.new", as_=ada)):
        assert all(words_of in words(page.select_one("main")) for words_of in expected)
    for task_id in db.session.scalars(select(Task.id)):
        visit("tasks.show", as_=ada, task_id=task_id)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_comes_in_once_and_goes_without_a_trace(ada: Person, name: Format) -> None:
    make_task(ada, title="My own")
    before = state()

    first = take(ada, bring(ada, name))

    tasks, entries, refused = EXPECTED[name]
    assert first.format is name
    assert (count(Task) - 1, count(TimeEntry), first.refused_count) == (tasks, entries, refused)
    taken = state()
    again = take(ada, bring(ada, name))
    assert (again.created_count, again.updated_count) == (0, 0)
    assert state() == taken
    undo(ada, again.id)
    assert state() == taken
    undo(ada, first.id)
    assert state() == before


@pytest.mark.parametrize("name", EXPECTED)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False), odd=st.lists(cells, min_size=1, max_size=4))
def test_any_file_comes_in_once_and_goes_without_a_trace(
    ada: Person, name: Format, chance: random.Random, odd: list[str]
) -> None:
    before = state()
    text = shuffled(name, chance, odd)

    first = take(ada, bring(ada, name, text))

    taken = state()
    again = take(ada, bring(ada, name, text))
    assert (again.created_count, again.updated_count) == (0, 0)
    assert state() == taken
    undo(ada, again.id)
    undo(ada, first.id)
    assert state() == before


def shuffled(name: Format, chance: random.Random, odd: list[str]) -> str:
    """The file of a format with its rows drawn anew, some twice, and some texts in them replaced."""
    if name in OBJECTS:
        objects = [dict(chance.choice(OBJECTS[name])) for _ in range(6)]
        for one in objects:
            texts = [key for key, value in one.items() if isinstance(value, str)]
            one[chance.choice(texts)] = chance.choice(odd)
        return json.dumps([*OBJECTS[name], *objects])
    heading, *rows = csv.reader(io.StringIO(TABLES[name]), delimiter=delimiter_of(name))
    drawn = [list(chance.choice(rows)) for _ in range(6)]
    for row in drawn:
        row[chance.randrange(len(row))] = chance.choice(odd)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter_of(name)).writerows([heading, *rows, *drawn])
    return out.getvalue()


def delimiter_of(name: Format) -> str:
    """What stands between the cells of a table."""
    first = TABLES[name].splitlines()[0]
    return max(",;\t", key=first.count)


def test_what_is_found_out_before_is_what_happens(ada: Person) -> None:
    for name in EXPECTED:
        import_id = bring(ada, name)
        planned = found(ada, import_id).report

        done = take(ada, import_id)

        assert (done.created_count, done.refused_count) == (planned["created"], planned["refused"])


def test_what_is_kept_beside_and_what_is_left_out_are_listed_before(ada: Person) -> None:
    issues, garden = (found(ada, bring(ada, name)).report for name in (Format.GITHUB, Format.TODOIST))

    assert (issues["created"], issues["skipped"], issues["refused"]) == (2, 0, 0)
    assert ["pull requests", 1] in issues["left_out"]
    assert sorted(issues["kept_beside"]) == [["assignees", 1], ["author", 1], ["html_url", 2]]
    assert (garden["left_out"], garden["kept_beside"]) == (
        [["settings of the project", 1]],
        [["author", 1], ["deadline", 1]],
    )
    assert "ONCE" not in garden["remarks"]


def test_parts_notes_and_repeats_of_todoist_are_ours(ada: Person) -> None:
    take(ada, bring(ada, Format.TODOIST))

    hedge, shears = (
        db.session.scalars(select(Task).where(Task.title == title)).one()
        for title in ("Cut the hedge", "Oil the shears")
    )
    assert (shears.parent_id, shears.series_id is not None) == (hedge.id, True)
    assert shears.due_on is not None
    assert (shears.due_on.weekday(), NOW.date() <= shears.due_on < NOW.date() + timedelta(days=8)) == (4, True)
    assert sorted(db.session.scalars(select(Comment.text))) == ["Borrow the ladder", "Third shelf", "Third shelf"]
    assert hedge.extra == [["author", '"Pia (77)"'], ["deadline", '"2026-10-31"']]


def test_blockers_and_unknown_attributes_of_taskwarrior_are_kept(ada: Person) -> None:
    take(ada, bring(ada, Format.TASKWARRIOR))

    burn, prune = task_called("Burn the twigs"), db.session.scalars(select(Task).where(Task.source_ref == PRUNE)).one()
    assert list(db.session.execute(select(TaskBlocker.task_id, TaskBlocker.blocked_by_id))) == [(burn.id, prune.id)]
    assert ["room", '{"floor": 2}'] in (prune.extra or [])
    assert burn.starts_on == date(2026, 10, 21)


def test_the_export_of_the_next_month_adds_what_is_new(ada: Person) -> None:
    take(ada, bring(ada, Format.TOGGL))
    before = count(TimeEntry)
    later = FILES[Format.TOGGL].splitlines(keepends=True)
    more = later[1].replace("2026-10-19", "2026-11-03")

    second = take(ada, upload(ada, "".join([*later[:3], more]).encode(), "Toggl_time_entries_2026-11.csv"))

    assert (second.source, count(TimeEntry)) == ("Toggl", before + 1)


def test_many_refusals_on_the_one_line_of_a_file_are_all_counted(ada: Person) -> None:
    bad = [{**TASK, "uuid": f"u-{number}", "description": f"bad-{number}", "due": "soon"} for number in range(3)]

    done = take(ada, bring(ada, Format.TASKWARRIOR, json.dumps([TASK, *bad])))

    assert (done.created_count, done.refused_count) == (1, 3)
    (remark,) = db.session.scalars(select(ImportRemark).where(ImportRemark.import_id == done.id))
    assert [f"“bad-{number}”" in remark.message for number in range(3)] == [True, True, True]
