"""Lists that are kept by name: whose they are, what they lead to, and how they go."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Person, make_task
from tests.page import Visit, words
from webapp.errors import InvalidInput, NotAllowed, NotFound
from webapp.tasks.operations import saved as operations
from webapp.tasks.queries import saved as queries
from webapp.values.status import Status


def keep(
    person: Person, name: str = "Work", address: str = "status=doing", *, shared: bool = False, default: bool = False
) -> int:
    return operations.save_view(
        name=name, address=address, is_shared=shared, is_default=default, actor=person.actor, now=NOW
    )


def names(person: Person) -> list[str]:
    return [view.name for view in queries.list_views(actor=person.actor)]


def test_a_list_is_saved_by_name_and_opened_from_the_menu(visit: Visit, ada: Person) -> None:
    make_task(ada, title="In work", status=Status.DOING)
    make_task(ada, title="Waiting")

    sent = {"name": "In work now", "address": "status=doing&sort=-created&nonsense=1"}
    answer = visit.send("/tasks/views", sent, as_=ada)
    page = visit.follow(answer, as_=ada)

    (view,) = queries.list_views(actor=ada.actor)
    assert answer.location == f"/tasks?status=doing&sort=-created&view={view.id}"
    assert "View saved" in words(page.select_one(".flashes"))
    link = page.select_one(".menu__item[aria-current=true] bdi")
    assert words(link) == "In work now"
    assert "Waiting" not in words(page.select_one(".task-list"))


def test_the_same_name_replaces_what_it_stood_for(ada: Person) -> None:
    first = keep(ada, "Work", "status=doing")

    second = keep(ada, " WORK ", "status=todo")

    (view,) = queries.list_views(actor=ada.actor)
    assert (first, view.name, view.address) == (second, "WORK", "status=todo")


def test_a_view_is_its_makers_until_it_is_shown_to_all(ada: Person, ben: Person, cy: Person) -> None:
    keep(ada, "Mine")
    keep(ada, "Ours", shared=True)

    assert names(ada) == ["Mine", "Ours"]
    assert names(ben) == ["Ours"]
    assert names(cy) == []


def test_others_may_look_at_a_shared_view_and_not_change_it(ada: Person, ben: Person, cy: Person) -> None:
    shared, own = keep(ada, "Ours", shared=True), keep(ada, "Mine")

    for person, view_id, error in [(ben, shared, NotAllowed), (ben, own, NotFound), (cy, shared, NotFound)]:
        with pytest.raises(error):
            operations.delete_view(view_id=view_id, actor=person.actor, now=NOW)
        with pytest.raises(error):
            operations.change_view(
                view_id=view_id, name="x", is_shared=True, is_default=False, actor=person.actor, now=NOW
            )
    assert names(ada) == ["Mine", "Ours"]


def test_the_owner_may_delete_what_somebody_else_shares(visit: Visit, ada: Person, ben: Person) -> None:
    shared, own = keep(ben, "Ben’s, for all", shared=True), keep(ben, "Ben’s own")

    page = visit("saved.index", as_=ada)
    assert page.select_one(f"[formaction='/tasks/views/{shared}/delete']")
    visit.send("saved.delete", {}, as_=ada, view_id=shared)

    assert names(ben) == ["Ben’s own"]
    visit.send("saved.delete", {}, as_=ada, view_id=own, status=404)


def test_one_view_is_the_one_that_tasks_begin_with(visit: Visit, ada: Person) -> None:
    keep(ada, "First", "status=doing", default=True)
    second = keep(ada, "Second", "status=todo", default=True)

    answer = ada.client.get("/tasks")

    assert (answer.status_code, answer.location) == (302, f"/tasks?status=todo&view={second}")
    assert [view.is_default for view in queries.list_views(actor=ada.actor)] == [False, True]
    visit("/tasks?view=all", as_=ada)


def test_an_open_view_that_was_changed_is_saved_over_by_one_button(visit: Visit, ada: Person, ben: Person) -> None:
    view_id = keep(ada, "Work", "status=doing", shared=True)
    button = f"form[action='/tasks/views/{view_id}/update']"
    assert not visit(f"/tasks?status=doing&view={view_id}", as_=ada).select_one(button)
    assert not visit(f"/tasks?status=todo&view={view_id}", as_=ben).select_one(button)
    # Two tabs, in which it was changed in two ways.
    first, second = (
        {
            str(field["name"]): str(field["value"])
            for field in visit(f"/tasks?status={status}&view={view_id}", as_=ada).select(
                f"{button} input:not([name=csrf_token])"
            )
        }
        for status in ("todo", "done")
    )

    visit.send(f"/tasks/views/{view_id}/update", first, as_=ada)
    answer = visit.send(f"/tasks/views/{view_id}/update", second, as_=ada)

    (view,) = queries.list_views(actor=ada.actor)
    assert view.address == "status=todo"
    page = visit.follow(answer, as_=ada)
    assert "was changed meanwhile" in words(page.select_one(".flashes"))
    # What the second chose is still there, to be saved all the same.
    assert page.select(f"{button} input[name=address][value='status=done']")
    visit.send(f"/tasks/views/{view_id}/update", second, as_=ben, status=403)


def test_a_view_is_renamed_and_deleted_on_its_page(visit: Visit, ada: Person) -> None:
    view_id = keep(ada)
    keep(ada, "Other")

    visit.send(f"/tasks/views/{view_id}", {"name": "Later", "is_shared": "y"}, as_=ada)
    wrong = visit.send(f"/tasks/views/{view_id}", {"name": "other"}, as_=ada, status=422)
    page = visit("/tasks/views", as_=ada)

    assert "is called “Other”" in wrong.text
    assert "Later" in words(page.main)
    visit.send(f"/tasks/views/{view_id}/delete", as_=ada)
    assert names(ada) == ["Other"]


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "nul\0"])
def test_a_name_that_cannot_be_kept_comes_back(visit: Visit, ada: Person, name: str) -> None:
    answer = visit.send("/tasks/views", {"name": name, "address": "status=todo"}, as_=ada, status=422)

    assert "status=todo" in answer.text
    assert names(ada) == []


def test_a_list_that_cannot_be_is_not_saved(visit: Visit, ada: Person) -> None:
    visit.send("/tasks/views", {"name": "x", "address": "status=open"}, as_=ada, status=422)

    assert names(ada) == []


def test_there_are_only_so_many(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_VIEWS", 2)
    keep(ada, "One")
    keep(ada, "Two")

    with pytest.raises(InvalidInput):
        keep(ada, "Three")
    keep(ada, "Two", "status=done")
