"""Categories and tags as things of their own: their names and colours, two into one, none at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.cast import NOW, Person
from tests.page import Visit, check, texts, words
from tests.tasks.test_list_costs import cost_of, fill
from tests.tasks.test_task_operations import at_once
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change, last_change_id
from webapp.tasks.errors import LabelNotFound
from webapp.tasks.models import Category, Tag, Task
from webapp.tasks.operations import labels as operations
from webapp.tasks.operations import tasks
from webapp.tasks.queries import labels as queries
from webapp.tasks.queries.labels import list_labels
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.labels import Kind
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

CATEGORY, TAG = Kind.CATEGORY, Kind.TAG


def add(person: Person, title: str, *, category: str | None = None, tags: tuple[str, ...] = ()) -> int:
    details = TaskDetails(title=title, category=category, tags=tags)
    return tasks.create_task(details=details, actor=person.actor, now=NOW)


def id_of(name: str, model: type[Category] | type[Tag] = Category) -> int:
    return db.session.scalars(select(model.id).where(model.name == name)).one()


def labels_of(task_id: int, person: Person) -> tuple[str | None, list[str]]:
    db.session.rollback()
    task = get_task(task_id=task_id, actor=person.actor)
    return (task.category.name if task.category else None, [tag.name for tag in task.tags])


def counts(kind: Kind, person: Person) -> dict[str, tuple[int, int | None]]:
    db.session.rollback()
    return {row.name: (row.total, row.open) for row in list_labels(kind=kind, actor=person.actor)}


def undo_last(person: Person) -> None:
    change_id = last_change_id()
    assert change_id is not None
    undo_change(change_id=change_id, actor=person.actor, now=NOW + timedelta(hours=1))


def test_list_labels_counts_what_is_not_in_the_trash(ada: Person, cy: Person) -> None:
    add(ada, "One", category="Home", tags=("a", "b"))
    done = add(ada, "Two", category="Home", tags=("a",))
    gone = add(ada, "Three", category="Home", tags=("a",))
    add(cy, "Theirs", category="Home", tags=("a",))
    tasks.set_status(task_id=done, status=Status.DONE, actor=ada.actor, now=NOW)
    tasks.delete_task(task_id=gone, actor=ada.actor, now=NOW)

    assert counts(CATEGORY, ada) == {"Home": (2, 1)}
    assert counts(TAG, ada) == {"a": (2, 1), "b": (1, 1)}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_on_very_many_tasks_is_counted_so_far_and_no_further(
    visit: Visit, ada: Person, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 40)
    fill(ada, 300)
    before = cost_of(lambda: list_labels(kind=kind, actor=ada.actor))
    shown = {label.name: (label.total, label.is_more) for label in list_labels(kind=kind, actor=ada.actor)}

    fill(ada, 1500, have=300)

    assert cost_of(lambda: list_labels(kind=kind, actor=ada.actor)) <= before * 1.2 + 10
    assert (shown["Cat 1"] if kind is CATEGORY else shown["common"]) == (40, True)
    if kind is TAG:
        assert shown["rare"] == (39, False)
    assert "40+ tasks" in words(visit("labels.categories" if kind is CATEGORY else "labels.tags", as_=ada).main)


def test_save_label_renames_and_colours(ada: Person) -> None:
    task_id = add(ada, "One", category="Home", tags=("a",))

    operations.save_label(kind=CATEGORY, label_id=id_of("Home"), name="  HOME sweet ", hue=3, actor=ada.actor, now=NOW)
    operations.save_label(kind=TAG, label_id=id_of("a", Tag), name="#b", hue=None, actor=ada.actor, now=NOW)

    assert labels_of(task_id, ada) == ("HOME sweet", ["b"])
    undo_last(ada)
    assert labels_of(task_id, ada) == ("HOME sweet", ["a"])


def test_a_name_may_change_its_case_and_not_become_another_ones(ada: Person) -> None:
    add(ada, "One", category="Home")
    add(ada, "Two", category="Work")

    operations.save_label(kind=CATEGORY, label_id=id_of("Home"), name="hOmE", hue=1, actor=ada.actor, now=NOW)
    with pytest.raises(InvalidInput, match="“Work” already") as refusal:
        operations.save_label(kind=CATEGORY, label_id=id_of("hOmE"), name="WORK", hue=1, actor=ada.actor, now=NOW)

    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    "kind, name, hue",
    [
        (CATEGORY, "", 1),
        (CATEGORY, "None", 1),
        (CATEGORY, "x" * 81, 1),
        (CATEGORY, "a\0b", 1),
        (CATEGORY, "ok", None),
        (CATEGORY, "ok", 9),
        (TAG, "a,b", 1),
        (TAG, "##", 1),
        (TAG, "ok", 0),
    ],
)
def test_what_is_no_name_or_colour_is_refused(ada: Person, kind: Kind, name: str, hue: int | None) -> None:
    add(ada, "One", category="Home", tags=("Home",))
    label_id = id_of("Home", Category if kind is CATEGORY else Tag)

    with pytest.raises(InvalidInput):
        operations.save_label(kind=kind, label_id=label_id, name=name, hue=hue, actor=ada.actor, now=NOW)


def test_merge_moves_every_task_and_one_undo_takes_it_back(ada: Person) -> None:
    ids = [add(ada, f"{number}", category="Home" if number % 2 else "House") for number in range(6)]
    gone = add(ada, "Gone", category="House")
    tasks.delete_task(task_id=gone, actor=ada.actor, now=NOW)
    versions = {task_id: get_task(task_id=task_id, actor=ada.actor).version for task_id in ids}

    moved = operations.merge_labels(
        kind=CATEGORY, label_id=id_of("House"), into_id=id_of("Home"), actor=ada.actor, now=NOW
    )

    assert moved == 4
    assert counts(CATEGORY, ada) == {"Home": (6, 6)}
    # Whoever has one of the moved ones open is told.
    assert get_task(task_id=ids[0], actor=ada.actor).version == versions[ids[0]] + 1
    assert get_task(task_id=ids[1], actor=ada.actor).version == versions[ids[1]]

    undo_last(ada)
    assert counts(CATEGORY, ada) == {"Home": (3, 3), "House": (3, 3)}
    tasks.restore_task(task_id=gone, actor=ada.actor, now=NOW)
    assert labels_of(gone, ada)[0] == "House"


def test_merge_of_tags_leaves_each_task_the_tag_once(ada: Person) -> None:
    both, one, other = (add(ada, "1", tags=("x", "y")), add(ada, "2", tags=("x",)), add(ada, "3", tags=("y", "z")))

    operations.merge_labels(kind=TAG, label_id=id_of("x", Tag), into_id=id_of("y", Tag), actor=ada.actor, now=NOW)

    assert [labels_of(task_id, ada)[1] for task_id in (both, one, other)] == [["y"], ["y"], ["y", "z"]]
    undo_last(ada)
    assert [labels_of(task_id, ada)[1] for task_id in (both, one, other)] == [["x", "y"], ["x"], ["y", "z"]]


def test_merge_and_delete_reach_what_repeats(ada: Person) -> None:
    details = TaskDetails(
        title="Weekly", category="Home", tags=("x",), due_on=NOW.date(), repeat=Repeat(Rule(Unit.WEEK))
    )
    task_id = tasks.create_task(details=details, actor=ada.actor, now=NOW)
    add(ada, "Other", category="House", tags=("y",))

    operations.merge_labels(kind=CATEGORY, label_id=id_of("Home"), into_id=id_of("House"), actor=ada.actor, now=NOW)
    operations.merge_labels(kind=TAG, label_id=id_of("x", Tag), into_id=id_of("y", Tag), actor=ada.actor, now=NOW)
    tasks.set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW)

    following = db.session.scalars(select(Task.id).where(Task.title == "Weekly", Task.id != task_id)).one()
    assert labels_of(following, ada) == ("House", ["y"])


def test_delete_leaves_the_tasks(ada: Person) -> None:
    task_id = add(ada, "One", category="Home", tags=("x", "y"))

    assert operations.delete_label(kind=CATEGORY, label_id=id_of("Home"), actor=ada.actor, now=NOW) == 1
    assert operations.delete_label(kind=TAG, label_id=id_of("x", Tag), actor=ada.actor, now=NOW) == 1

    assert labels_of(task_id, ada) == (None, ["y"])
    undo_last(ada)
    assert labels_of(task_id, ada) == (None, ["x", "y"])


def test_labels_do_not_exist_for_a_stranger(ada: Person, cy: Person) -> None:
    add(ada, "One", category="Home", tags=("x",))
    add(cy, "Theirs", category="Work")
    home, work = id_of("Home"), id_of("Work")

    for person, label_id, into_id in ((cy, home, work), (ada, home, work)):
        with pytest.raises(LabelNotFound):
            operations.merge_labels(kind=CATEGORY, label_id=label_id, into_id=into_id, actor=person.actor, now=NOW)
    with pytest.raises(LabelNotFound):
        operations.delete_label(kind=CATEGORY, label_id=home, actor=cy.actor, now=NOW)
    with pytest.raises(LabelNotFound):
        operations.save_label(kind=CATEGORY, label_id=home, name="x", hue=1, actor=cy.actor, now=NOW)
    assert counts(CATEGORY, cy) == {"Work": (1, 1)}


def test_the_pages_list_rename_merge_and_delete(visit: Visit, ada: Person) -> None:
    add(ada, "One", category="Home", tags=("x",))
    add(ada, "Two", category="House & garden", tags=("y",))

    page = visit("/categories", as_=ada)
    assert texts(page.select(".record-list__name")) == ["Home", "House & garden"]
    link = page.select(".record-list__note a")[1]
    assert words(visit(str(link["href"]), as_=ada).select_one(".task-row__title")) == "Two"
    assert texts(visit("/tags", as_=ada).select(".record-list__name")) == ["x", "y"]

    home, house = id_of("Home"), id_of("House & garden")
    visit(f"/categories/{home}", as_=ada)
    visit.send(f"/categories/{home}", {"name": "Flat", "hue": "4"}, as_=ada)
    assert "Flat" in words(visit("/categories", as_=ada).main)
    visit.send(f"/categories/{home}/merge", {"into": str(house)}, as_=ada)
    assert counts(CATEGORY, ada) == {"House & garden": (2, 2)}
    visit.send(f"/categories/{house}/delete", as_=ada)
    assert counts(CATEGORY, ada) == {}

    x, y = id_of("x", Tag), id_of("y", Tag)
    visit(f"/tags/{x}", as_=ada)
    visit.send(f"/tags/{x}", {"name": "xx", "hue": ""}, as_=ada)
    visit.send(f"/tags/{x}/merge", {"into": str(y)}, as_=ada)
    visit.send(f"/tags/{y}/delete", as_=ada)
    assert "No tags yet" in words(visit("/tags", as_=ada).main)


@pytest.mark.parametrize(
    "path, fields, field",
    [
        ("", {"name": "", "hue": "1"}, "name"),
        ("", {"name": "House", "hue": "1"}, "name"),
        ("", {"name": "ok", "hue": "99"}, "hue"),
        ("", {"name": "ok", "hue": "blue"}, "hue"),
        ("/merge", {}, "into"),
        ("/merge", {"into": "x"}, "into"),
        ("/merge", {"into": "999999"}, "into"),
    ],
)
def test_bad_input_comes_back_with_a_sentence(
    visit: Visit, ada: Person, path: str, fields: dict[str, str], field: str
) -> None:
    add(ada, "One", category="Home")
    add(ada, "Two", category="House")

    page = check(visit.send(f"/categories/{id_of('Home')}{path}", fields, as_=ada, status=422))

    assert words(page.select_one(f"#{field}-error")).endswith(".")


def test_merging_into_itself_is_refused(visit: Visit, ada: Person) -> None:
    add(ada, "One", category="Home")
    home = id_of("Home")

    answer = visit.send(f"/categories/{home}/merge", {"into": str(home)}, as_=ada, status=422)

    assert "Choose another category" in words(BeautifulSoup(answer.text, "html.parser").select_one("#into-error"))


@pytest.mark.server
def test_two_who_merge_each_into_the_other_at_once_lose_no_task(app: Flask, ada: Person) -> None:
    ids = [add(ada, f"{number}", category="Home" if number % 2 else "House") for number in range(20)]
    home, house = id_of("Home"), id_of("House")

    answers = at_once(
        app,
        8,
        lambda turn: operations.merge_labels(
            kind=CATEGORY,
            label_id=home if turn % 2 else house,
            into_id=house if turn % 2 else home,
            actor=ada.actor,
            now=NOW,
        ),
    )

    assert [type(answer) for answer in answers].count(int) == 1
    assert [type(answer) for answer in answers].count(LabelNotFound) == 7
    assert list(counts(CATEGORY, ada).values()) == [(20, 20)]
    assert len({labels_of(task_id, ada)[0] for task_id in ids}) == 1
    assert db.session.scalars(select(Change.kind).order_by(Change.id.desc())).first() == "category.merged"


@pytest.mark.server
def test_tasks_that_are_added_while_their_category_is_merged_are_all_there(app: Flask, ada: Person) -> None:
    add(ada, "First", category="Home")
    add(ada, "Second", category="House")
    home, house = id_of("Home"), id_of("House")

    def work(turn: int) -> int:
        if turn == 0:
            return operations.merge_labels(kind=CATEGORY, label_id=home, into_id=house, actor=ada.actor, now=NOW)
        return add(ada, f"{turn}", category="Home")

    answers = at_once(app, 10, work)

    assert all(isinstance(answer, int) for answer in answers), answers
    assert sum(total for total, _ in counts(CATEGORY, ada).values()) == 11
