"""Which task waits for which: never a circle, whoever is in a hurry; and what waits is not done by the way."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import NOW, Person, make_person, make_task
from tests.conftest import empty_database
from webapp.errors import InvalidInput
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.errors import TaskIsBlocked, TaskNotFound, TasksWaitInCircle
from webapp.tasks.models import Task, TaskBlocker
from webapp.tasks.operations.blockers import add_blocker, remove_blocker
from webapp.tasks.operations.tasks import delete_task, restore_task, save_task, set_status
from webapp.tasks.queries.blockers import (
    find_named,
    is_blocked,
    is_blocking,
    list_dependencies,
    open_blocker_counts,
)
from webapp.tasks.rules import blockers as rules
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status


def link(owner: Person, task: Task, blocker: Task) -> None:
    add_blocker(task_id=task.id, blocked_by_id=blocker.id, actor=owner.actor, now=NOW)


def edges() -> set[tuple[int, int]]:
    db.session.rollback()
    return {(row.task_id, row.blocked_by_id) for row in db.session.execute(select(TaskBlocker.__table__))}


def status_of(task: Task) -> Status:
    db.session.rollback()
    return db.session.get_one(Task, task.id, populate_existing=True).status


def told() -> list[tuple[int, str, str | None]]:
    db.session.rollback()
    return [(notice.user_id, notice.text, notice.address) for notice in db.session.scalars(select(Notice))]


def summaries() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Change.summary).order_by(Change.id)))


def test_a_task_waits_for_another_until_that_is_done(ada: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")

    link(ada, pay, invoice)

    assert open_blocker_counts([pay.id, invoice.id]) == {pay.id: 1}
    dependencies = list_dependencies(task_id=pay.id)
    assert [task.title for task in dependencies.blockers] == ["Invoice"]
    assert [task.title for task in list_dependencies(task_id=invoice.id).waited_by] == ["Pay"]
    assert db.session.scalars(select(Task.title).where(is_blocked())).all() == ["Pay"]
    assert db.session.scalars(select(Task.title).where(is_blocking())).all() == ["Invoice"]
    set_status(task_id=invoice.id, status=Status.DONE, actor=ada.actor, now=NOW)
    assert open_blocker_counts([pay.id]) == {}
    assert db.session.scalars(select(Task.title).where(is_blocked())).all() == []
    assert set_status(task_id=pay.id, status=Status.DONE, actor=ada.actor, now=NOW) is Status.DONE


def test_waiting_twice_for_the_same_is_waiting_once(ada: Person) -> None:
    pay, invoice = make_task(ada), make_task(ada)

    link(ada, pay, invoice)
    link(ada, pay, invoice)

    assert edges() == {(pay.id, invoice.id)}
    remove_blocker(task_id=pay.id, blocked_by_id=invoice.id, actor=ada.actor, now=NOW)
    remove_blocker(task_id=pay.id, blocked_by_id=invoice.id, actor=ada.actor, now=NOW)
    assert edges() == set()
    assert summaries() == [
        "“Write the report” waits for “Write the report”",
        "“Write the report” no longer waits for “Write the report”",
    ]


def test_a_circle_is_refused_by_its_path(ada: Person) -> None:
    a, b, c = (make_task(ada, title=title) for title in "ABC")
    link(ada, a, b)

    with pytest.raises(TasksWaitInCircle, match="“B” waits for “A”, which waits for “B”"):
        link(ada, b, a)
    link(ada, b, c)
    with pytest.raises(TasksWaitInCircle, match="“C” waits for “A”, which waits for “B”, which waits for “C”"):
        link(ada, c, a)

    assert edges() == {(a.id, b.id), (b.id, c.id)}


@pytest.mark.parametrize("is_deleted", [True, False])
def test_what_is_done_or_deleted_still_makes_a_circle(ada: Person, is_deleted: bool) -> None:
    a, b, c = (make_task(ada, title=title) for title in "ABC")
    link(ada, a, b)
    link(ada, b, c)
    if is_deleted:
        delete_task(task_id=b.id, actor=ada.actor, now=NOW)
    else:
        set_status(task_id=c.id, status=Status.DONE, actor=ada.actor, now=NOW)
        set_status(task_id=b.id, status=Status.DONE, actor=ada.actor, now=NOW)

    with pytest.raises(TasksWaitInCircle):
        link(ada, c, a)


def test_a_task_does_not_wait_for_itself(ada: Person) -> None:
    task = make_task(ada)

    with pytest.raises(InvalidInput, match="itself"):
        link(ada, task, task)

    assert edges() == set()


def test_a_task_waits_for_so_many_and_no_more(ada: Person) -> None:
    task = make_task(ada)
    for _ in range(rules.MOST_LINKS):
        link(ada, task, make_task(ada))

    with pytest.raises(InvalidInput, match="50 others at most"):
        link(ada, task, make_task(ada))

    hub = make_task(ada)
    for _ in range(rules.MOST_LINKS):
        link(ada, make_task(ada), hub)
    with pytest.raises(InvalidInput, match="At most 50"):
        link(ada, make_task(ada), hub)


def test_tasks_of_others_cannot_be_linked(ada: Person, cy: Person) -> None:
    mine, theirs, trashed = make_task(ada), make_task(cy), make_task(ada, is_deleted=True, deleted_at=NOW)

    for task_id, blocker_id, person in (
        (mine.id, theirs.id, ada),
        (theirs.id, mine.id, ada),
        (mine.id, mine.id + 999, ada),
        (mine.id, trashed.id, ada),
        (mine.id, trashed.id, cy),
    ):
        with pytest.raises(TaskNotFound):
            add_blocker(task_id=task_id, blocked_by_id=blocker_id, actor=person.actor, now=NOW)
        with pytest.raises(TaskNotFound):
            remove_blocker(task_id=task_id, blocked_by_id=blocker_id, actor=person.actor, now=NOW)

    assert edges() == set()


def test_what_waits_is_not_done_without_a_reason(ada: Person) -> None:
    pay, invoice, sign = (make_task(ada, title=title) for title in ("Pay", "Invoice", "Sign"))
    link(ada, pay, invoice)
    link(ada, pay, sign)

    with pytest.raises(TaskIsBlocked, match="“Pay” waits for “Invoice” and “Sign”") as refusal:
        set_status(task_id=pay.id, status=Status.DONE, actor=ada.actor, now=NOW)
    with pytest.raises(TaskIsBlocked):
        save_task(
            task_id=pay.id,
            details=TaskDetails("Pay", status=Status.DONE),
            version=pay.version,
            actor=ada.actor,
            now=NOW,
        )

    assert refusal.value.blockers == {invoice.id: "Invoice", sign.id: "Sign"}
    assert status_of(pay) is Status.TODO


@pytest.mark.parametrize("by_form", [True, False])
def test_with_a_reason_it_is_done_and_the_reason_is_kept(ada: Person, by_form: bool) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada, title="Invoice")
    link(ada, pay, invoice)

    if by_form:
        save_task(
            task_id=pay.id,
            details=TaskDetails("Pay", status=Status.DONE),
            version=pay.version,
            override_reason="They waived it",
            actor=ada.actor,
            now=NOW,
        )
    else:
        set_status(task_id=pay.id, status=Status.DONE, override_reason=" They waived it ", actor=ada.actor, now=NOW)

    assert status_of(pay) is Status.DONE
    assert summaries()[-1] == "“Pay” waits for “Invoice” and was done all the same: They waived it"


@pytest.mark.parametrize(
    "reason, sentence", [("", "Say in a few words"), ("  ", "Say in"), ("x" * 151, "150 fit"), ("a\0", "saved")]
)
def test_a_reason_says_something(ada: Person, reason: str, sentence: str) -> None:
    pay, invoice = make_task(ada), make_task(ada)
    link(ada, pay, invoice)

    with pytest.raises(InvalidInput, match=sentence):
        set_status(task_id=pay.id, status=Status.DONE, override_reason=reason, actor=ada.actor, now=NOW)

    assert status_of(pay) is Status.TODO


def test_a_long_title_does_not_cut_the_reason() -> None:
    described = rules.describe_blocked("T" * 500, ["B" * 500] * 9)

    summary = rules.describe_override(described, "r" * rules.LONGEST_REASON)

    assert len(summary) == rules.LONGEST_SUMMARY
    assert summary.endswith(": " + "r" * rules.LONGEST_REASON)


def test_finishing_the_last_blocker_tells_whoever_waits(ada: Person, ben: Person) -> None:
    pay = make_task(ada, title="Pay", assignee_id=ben.user_id)
    invoice, sign = make_task(ada, title="Invoice"), make_task(ada, title="Sign")
    link(ada, pay, invoice)
    link(ada, pay, sign)

    set_status(task_id=invoice.id, status=Status.DONE, actor=ada.actor, now=NOW)
    assert told() == []
    set_status(task_id=sign.id, status=Status.DONE, actor=ada.actor, now=NOW)

    assert told() == [(ben.user_id, "Nothing blocks “Pay” any more.", f"/tasks/{pay.id}")]


def test_deleting_the_last_blocker_tells_the_owner_of_what_is_nobodys(ada: Person, ben: Person) -> None:
    pay, invoice = make_task(ada, title="Pay"), make_task(ada)
    link(ada, pay, invoice)

    delete_task(task_id=invoice.id, actor=ben.actor, now=NOW)

    assert [user_id for user_id, *_ in told()] == [ada.user_id]
    restore_task(task_id=invoice.id, actor=ada.actor, now=NOW)
    assert open_blocker_counts([pay.id]) == {pay.id: 1}


def test_nobody_is_told_of_what_is_done_or_deleted(ada: Person) -> None:
    done, deleted, invoice = make_task(ada), make_task(ada), make_task(ada)
    link(ada, done, invoice)
    link(ada, deleted, invoice)
    set_status(task_id=done.id, status=Status.DONE, override_reason="so", actor=ada.actor, now=NOW)
    delete_task(task_id=deleted.id, actor=ada.actor, now=NOW)

    set_status(task_id=invoice.id, status=Status.DONE, actor=ada.actor, now=NOW)
    delete_task(task_id=invoice.id, actor=ada.actor, now=NOW)

    assert told() == []


def test_a_blocker_is_found_by_number_or_title(ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Pay")
    one, two = make_task(ada, title="Invoice Łódź"), make_task(ada, title="Invoice Łódź again")
    make_task(ada, title="100% done", status=Status.DONE)
    theirs = make_task(cy, title="Invoice of Cy")

    def found(typed: str) -> list[int]:
        return [other.id for other in find_named(typed=typed, task_id=task.id, actor=ada.actor)]

    assert found(f"#{two.id}") == [two.id]
    assert found(f"#{two.id} Invoice Łódź again") == [two.id]
    assert found("  invoice łódź") == [one.id]
    assert found("INVOICE") == [one.id, two.id]
    assert found("%") == found("") == found("nothing") == found(f"#{task.id}") == found(f"#{theirs.id}") == []
    assert found("#999999999") == found("#99999999999999999999") == []


@pytest.mark.parametrize("seed", range(2))
def test_fifty_links_at_once_never_make_a_circle(app: Flask, ada: Person, ben: Person, seed: int) -> None:
    task_ids = [make_task(ada, title=f"Task {number}").id for number in range(6)]
    pairs = [(one, other) for one in task_ids for other in task_ids if one != other] * 2
    random.Random(seed).shuffle(pairs)
    wanted = pairs[:50]
    ready = Barrier(len(wanted))

    def add(pair: tuple[int, int], person: Person) -> bool:
        with app.app_context():
            ready.wait()
            try:
                add_blocker(task_id=pair[0], blocked_by_id=pair[1], actor=person.actor, now=NOW)
            except TasksWaitInCircle:
                return True
            finally:
                db.session.remove()
            return False

    with ThreadPoolExecutor(len(wanted)) as pool:
        refused = sum(pool.map(add, wanted, [ada, ben] * 25))

    kept = edges()
    assert refused > 0
    assert not has_circle(kept)
    # Whatever is missing was refused for a reason: it would have made a circle with what is there.
    assert all(has_circle({*kept, edge}) for edge in set(wanted) - kept)


@pytest.mark.parametrize("is_far", [False, True])
def test_of_two_links_that_make_a_circle_together_one_wins(app: Flask, ada: Person, ben: Person, is_far: bool) -> None:
    for _ in range(10):
        a, b, c, d = (make_task(ada, title=title).id for title in "ABCD")
        if is_far:
            # The two share no task: only what others have linked before makes a circle of them.
            add_blocker(task_id=b, blocked_by_id=c, actor=ada.actor, now=NOW)
            add_blocker(task_id=d, blocked_by_id=a, actor=ada.actor, now=NOW)
        before, ready = edges(), Barrier(2)

        def add(pair: tuple[int, int], person: Person, ready: Barrier = ready) -> bool:
            with app.app_context():
                ready.wait()
                try:
                    add_blocker(task_id=pair[0], blocked_by_id=pair[1], actor=person.actor, now=NOW)
                except TasksWaitInCircle:
                    return False
                finally:
                    db.session.remove()
                return True

        with ThreadPoolExecutor(2) as pool:
            won = list(pool.map(add, [(a, b), (c, d) if is_far else (b, a)], [ada, ben]))

        assert sorted(won) == [False, True]
        assert len(edges() - before) == 1


def test_the_last_two_blockers_finished_at_once_tell_once(app: Flask, ada: Person, ben: Person) -> None:
    pay, *blockers = (make_task(ada, title=f"Task {number}") for number in range(3))
    for blocker in blockers:
        link(ada, pay, blocker)
    blocker_ids, ready = [blocker.id for blocker in blockers], Barrier(2)

    def finish(blocker_id: int, person: Person) -> None:
        with app.app_context():
            ready.wait()
            set_status(task_id=blocker_id, status=Status.DONE, actor=person.actor, now=NOW)
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(finish, blocker_ids, [ada, ben]))

    assert len(told()) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_links_are_refused_exactly_when_they_make_a_circle(app: Flask, wanted: list[tuple[int, int]]) -> None:
    empty_database()
    owner = make_person(app, name="Ada", email="ada@example.com")
    task_ids = [make_task(owner, title=str(number)).id for number in range(7)]
    model: set[tuple[int, int]] = set()
    for one, other in wanted:
        is_refused = False
        try:
            add_blocker(task_id=task_ids[one], blocked_by_id=task_ids[other], actor=owner.actor, now=NOW)
        except InvalidInput:
            is_refused = True
        assert is_refused == has_circle({*model, (one, other)})
        if not is_refused:
            model.add((one, other))

    assert edges() == {(task_ids[one], task_ids[other]) for one, other in model}


def has_circle(links: set[tuple[int, int]]) -> bool:
    """Take away what waits for nothing, again and again: what remains goes in a circle."""
    remaining = set(links)
    while True:
        waiting = {one for one, _ in remaining}
        fewer = {(one, other) for one, other in remaining if other in waiting}
        if fewer == remaining:
            return bool(remaining)
        remaining = fewer
