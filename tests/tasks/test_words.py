"""The words of tasks are kept in step with their texts, whoever changes them."""

from __future__ import annotations

import importlib

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.cast import NOW, Person, make_task
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Comment, Task, TaskTag, TaskWord
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.tasks import TaskDetails
from webapp.tasks.rules.words import LONGEST_WORD, MOST_WORDS, looked_for, words_of

frozen = importlib.import_module("migrations.versions.0040_create_task_words")


def words_in(task_id: int) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(TaskWord.word).where(TaskWord.task_id == task_id)))


@pytest.mark.parametrize(
    "text,words",
    [
        ("Pay the invoice, now!", ["pay", "the", "invoice", "now"]),
        ("Écrire l’offre n°7", ["ecrire", "l", "offre", "n", "°", "7"]),
        ("snake_case and kebab-case", ["snake", "case", "and", "kebab"]),
        ("会議の準備", ["会議", "議の", "の準", "準備", "備"]),
        ("🖋️ sign", ["🖋", "sign"]),
        ("... --- ...", []),
        ("a" * 100, ["a" * LONGEST_WORD]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_long_text_has_only_so_many_words() -> None:
    assert len(words_of(" ".join(str(number) for number in range(9999)))) == MOST_WORDS


@given(title=st.text(max_size=60), description=st.text(max_size=200))
def test_the_migration_finds_the_words_that_operations_find(title: str, description: str) -> None:
    assert frozen._words_of(title, description) == words_of(title, description)


@given(text=st.text(min_size=1, max_size=40))
def test_what_is_typed_as_it_is_written_is_found(text: str) -> None:
    there = words_of(text)

    assert all(any(word.startswith(part) for word in there) for part in looked_for(text))


def test_words_follow_what_is_created_saved_and_said(ada: Person) -> None:
    details = TaskDetails(title="Pay invoice", tags=("home",))
    task_id = operations.create_task(details=details, actor=ada.actor, now=NOW)
    assert words_in(task_id) == {"pay", "invoice"}

    changed = TaskDetails(title="Pay rent", description="by Friday")
    operations.save_task(task_id=task_id, details=changed, version=1, actor=ada.actor, now=NOW)
    assert words_in(task_id) == {"pay", "rent", "by", "friday"}

    with transaction():
        mine = {"workspace_id": ada.workspace_id, "user_id": ada.user_id, "created_at": NOW}
        db.session.add(Comment(task_id=task_id, text="Landlord called", **mine))
    assert {"landlord", "called"} < words_in(task_id)


def test_tags_repeat_what_their_task_is_sorted_by(ada: Person) -> None:
    details = TaskDetails(title="Tagged", tags=("home", "office"))
    task_id = operations.create_task(details=details, actor=ada.actor, now=NOW)

    db.session.rollback()
    task = get_task(task_id=task_id, actor=ada.actor)
    links = list(db.session.scalars(select(TaskTag).where(TaskTag.task_id == task_id)))
    assert {(link.due_sort, link.priority, link.updated_at, link.is_deleted) for link in links} == {
        (task.due_sort, task.priority, task.updated_at, False)
    }
    assert task.tag_list == ",".join(str(link.tag_id) for link in sorted(links, key=lambda link: link.tag_id))

    operations.delete_task(task_id=task_id, actor=ada.actor, now=NOW)
    db.session.rollback()
    assert set(db.session.scalars(select(TaskTag.is_deleted).where(TaskTag.task_id == task_id))) == {True}


def test_the_command_writes_all_words_anew(app: Flask, ada: Person) -> None:
    task = make_task(ada, title="Find me")
    with transaction():
        db.session.execute(delete(TaskWord))

    answer = app.test_cli_runner().invoke(args=["tasks", "index-words"])

    assert answer.output == "Wrote the words of 1 tasks.\n"
    assert words_in(task.id) == {"find", "me"}
    assert db.session.get_one(Task, task.id).title == "Find me"
