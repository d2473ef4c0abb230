"""What people say about a task: who may change it, who hears of it, and that it does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, texts, words
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.journal import last_change_id
from webapp.tasks.errors import CommentEditedMeanwhile, CommentNotFound, CommentOfSomebodyElse, TaskNotFound
from webapp.tasks.models import Comment, Task
from webapp.tasks.operations import comments as operations
from webapp.tasks.operations import tasks
from webapp.tasks.queries.comments import list_comments
from webapp.values.request_key import RequestKey

LATER = NOW + timedelta(hours=1)


def said(task: Task, person: Person) -> list[str]:
    db.session.rollback()
    return [row.text for row in list_comments(task_id=task.id, actor=person.actor).rows]


def undo_last(person: Person) -> None:
    change_id = last_change_id()
    assert change_id is not None
    undo_change(change_id=change_id, actor=person.actor, now=LATER)


def test_comments_stand_in_the_order_in_which_they_were_written(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    for person, text in ((ada, "First"), (ben, "Second"), (ada, "Third")):
        operations.add_comment(task_id=task.id, text=text, actor=person.actor, now=NOW)

    found = list_comments(task_id=task.id, actor=ada.actor)

    assert [(row.author, row.text, row.is_mine) for row in found.rows] == [
        ("Ada Lovelace", "First", True),
        ("Ben Ito", "Second", False),
        ("Ada Lovelace", "Third", True),
    ]


def test_only_the_newest_stand_on_the_page(ada: Person) -> None:
    task = make_task(ada)
    for number in range(4):
        operations.add_comment(task_id=task.id, text=f"{number}", actor=ada.actor, now=NOW)

    found = list_comments(task_id=task.id, actor=ada.actor, limit=3)

    assert ([row.text for row in found.rows], found.has_earlier) == (["1", "2", "3"], True)


def test_add_comment_happens_once_for_one_request_key(ada: Person) -> None:
    task, key = make_task(ada), RequestKey(key="0" * 32, fingerprint="1" * 64)

    first = operations.add_comment(task_id=task.id, text="Once", actor=ada.actor, now=NOW, request_key=key)
    second = operations.add_comment(task_id=task.id, text="Once", actor=ada.actor, now=NOW, request_key=key)

    assert first == second
    assert said(task, ada) == ["Once"]


def test_a_comment_tells_whose_task_it_is_and_who_spoke_before(ada: Person, ben: Person) -> None:
    task = make_task(ada, assignee_id=ben.user_id)

    operations.add_comment(task_id=task.id, text="Hello", actor=ada.actor, now=NOW)
    operations.add_comment(task_id=task.id, text="Hello back", actor=ben.actor, now=NOW)

    notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [notice.user_id for notice in notices] == [ben.user_id, ada.user_id]
    assert "Ada Lovelace" in notices[0].text
    assert str(notices[0].address).startswith(f"/tasks/{task.id}#comment-")


def test_nobody_is_told_of_what_they_said_themselves(ada: Person) -> None:
    task = make_task(ada, assignee_id=ada.user_id)

    operations.add_comment(task_id=task.id, text="Note to self", actor=ada.actor, now=NOW)

    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0


def test_one_changes_and_deletes_only_what_one_said(ada: Person, ben: Person, cy: Person) -> None:
    task = make_task(ada)
    comment_id = operations.add_comment(task_id=task.id, text="Mine", actor=ada.actor, now=NOW)

    for person, error in ((ben, CommentOfSomebodyElse), (cy, CommentNotFound)):
        with pytest.raises(error):
            operations.save_comment(comment_id=comment_id, text="Yours", version=1, actor=person.actor, now=LATER)
        with pytest.raises(error):
            operations.delete_comment(comment_id=comment_id, actor=person.actor, now=LATER)

    assert said(task, ada) == ["Mine"]


def test_a_stranger_says_nothing(ada: Person, cy: Person) -> None:
    task = make_task(ada)

    with pytest.raises(TaskNotFound):
        operations.add_comment(task_id=task.id, text="Hi", actor=cy.actor, now=NOW)


def test_save_comment_refuses_a_version_that_is_not_the_newest(ada: Person) -> None:
    comment_id = operations.add_comment(task_id=make_task(ada).id, text="1", actor=ada.actor, now=NOW)
    operations.save_comment(comment_id=comment_id, text="2", version=1, actor=ada.actor, now=LATER)

    with pytest.raises(CommentEditedMeanwhile):
        operations.save_comment(comment_id=comment_id, text="3", version=1, actor=ada.actor, now=LATER)


def test_adding_changing_and_deleting_are_undone(ada: Person) -> None:
    task = make_task(ada)
    comment_id = operations.add_comment(task_id=task.id, text="Before", actor=ada.actor, now=NOW)
    operations.save_comment(comment_id=comment_id, text="After", version=1, actor=ada.actor, now=NOW)
    undo_last(ada)
    assert said(task, ada) == ["Before"]

    operations.delete_comment(comment_id=comment_id, actor=ada.actor, now=NOW)
    assert said(task, ada) == []
    undo_last(ada)
    assert said(task, ada) == ["Before"]

    operations.add_comment(task_id=task.id, text="Another", actor=ada.actor, now=NOW)
    undo_last(ada)
    assert said(task, ada) == ["Before"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 10_001, "a\0b", "\ud800"])
def test_what_is_no_comment_is_refused(ada: Person, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        operations.add_comment(task_id=make_task(ada).id, text=text, actor=ada.actor, now=NOW)

    assert refusal.value.field == "text"


def test_the_page_shows_adds_changes_and_deletes(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    answer = visit.send(f"/tasks/{task.id}/comments", {"text": "It is **done**"}, as_=ada)
    comment = db.session.scalars(select(Comment)).one()
    assert answer.location == f"/tasks/{task.id}#comment-{comment.id}"
    page = visit(f"/tasks/{task.id}", as_=ada)
    assert texts(page.select(".comment strong")) == ["Ada Lovelace", "done"]

    form = visit(f"/comments/{comment.id}/edit", as_=ada)
    assert words(form.select_one("textarea")) == "It is **done**"
    visit.send(f"/comments/{comment.id}", {"text": "It is not", "version": "1"}, as_=ada)
    assert "It is not" in words(visit(f"/tasks/{task.id}", as_=ada).select_one(".comment"))
    late = visit.send(f"/comments/{comment.id}", {"text": "Late", "version": "1"}, as_=ada, status=409)
    page = BeautifulSoup(late.text, "html.parser")
    assert words(page.select_one("textarea")) == "Late"
    assert "It is not" in words(page.select_one(".card"))

    visit.send(f"/comments/{comment.id}/delete", as_=ada)
    assert visit(f"/tasks/{task.id}", as_=ada).select_one(".comment") is None


def test_somebody_elses_comment_has_no_form(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada)
    comment_id = operations.add_comment(task_id=task.id, text="Mine", actor=ada.actor, now=NOW)

    visit(f"/comments/{comment_id}/edit", as_=ben, status=403)
    visit.send(f"/comments/{comment_id}", {"text": "x", "version": "1"}, as_=ben, status=403)
    assert visit(f"/tasks/{task.id}", as_=ben).select_one(".comment__actions") is None


def test_an_empty_comment_comes_back_on_the_page_of_the_task(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    answer = visit.send(f"/tasks/{task.id}/comments", {"text": ""}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert words(page.select_one("#comment-text-error")) == "Write something first."


def test_all_comments_have_a_page(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    for number in range(52):
        operations.add_comment(task_id=task.id, text=f"Comment {number}", actor=ada.actor, now=NOW)

    page = visit(f"/tasks/{task.id}", as_=ada)
    assert len(page.select(".comment")) == 50
    link = page.find("a", string="Earlier comments")
    assert link is not None
    assert len(visit(str(link["href"]), as_=ada).select(".comment")) == 52


def test_comments_of_a_task_in_the_trash_are_not_found(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    comment_id = operations.add_comment(task_id=task.id, text="Mine", actor=ada.actor, now=NOW)
    tasks.delete_task(task_id=task.id, actor=ada.actor, now=NOW)

    visit(f"/comments/{comment_id}/edit", as_=ada, status=404)
    visit.send(f"/comments/{comment_id}/delete", as_=ada, status=404)
