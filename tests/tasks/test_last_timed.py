"""The head of every page offers to go on with what was timed last."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, words
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task
from webapp.tasks.queries.timers import find_timers
from webapp.values.status import Status


def last_of(person: Person) -> str | None:
    last = find_timers(user_id=person.user_id, workspace_id=person.workspace_id).last
    return last.task_title if last else None


def test_the_head_starts_again_what_was_timed_last(visit: Visit, ada: Person) -> None:
    older, newer = make_task(ada, title="Older"), make_task(ada, title="Newer")
    make_entry(newer, ada, started_at=NOW - timedelta(hours=2))
    make_entry(older, ada, started_at=NOW - timedelta(days=2))

    head = visit("customers.index", as_=ada).select_one(".app__head")

    assert last_of(ada) == "Newer"
    assert "Start the timer: Newer" in words(head)
    visit.send(f"/tasks/{newer.id}/timer/start", {"next": "/customers"}, as_=ada)
    assert "Stop" in words(visit("customers.index", as_=ada).select_one(".app__head .timer"))


def test_nothing_is_offered_before_anything_was_timed(visit: Visit, ada: Person) -> None:
    make_task(ada)

    assert last_of(ada) is None
    assert "No timer running" in words(visit("customers.index", as_=ada).select_one(".app__head .timer"))


def test_what_is_done_or_in_the_trash_is_not_offered(ada: Person) -> None:
    done, trashed = make_task(ada, status=Status.DONE), make_task(ada)
    make_entry(done, ada, started_at=NOW - timedelta(hours=3))
    assert last_of(ada) is None

    make_entry(trashed, ada, started_at=NOW - timedelta(hours=1))
    with transaction() as session:
        session.get_one(Task, trashed.id).is_deleted = True

    assert last_of(ada) is None


def test_what_others_timed_or_was_timed_elsewhere_is_not_offered(ada: Person, ben: Person) -> None:
    make_entry(make_task(ada), ada)

    assert last_of(ben) is None
    assert find_timers(user_id=ada.user_id, workspace_id=ada.workspace_id + 1).last is None
