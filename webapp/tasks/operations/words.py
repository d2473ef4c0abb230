"""The words that tasks are found by, written in the transaction that changes the texts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from webapp.storage.bulk import in_chunks, insert_rows
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import Comment, Task, TaskWord
from webapp.tasks.rules.words import words_of

REBUILT_AT_ONCE = 500


@transactional
def index_words(*, task_ids: Sequence[int]) -> None:
    """Write the words of these tasks anew: what is there and still said stays, the rest comes and goes."""
    for chunk in in_chunks(task_ids):
        said: dict[int, list[str]] = {}
        for task_id, text in db.session.execute(
            select(Comment.task_id, Comment.text).where(Comment.task_id.in_(chunk)).order_by(Comment.id)
        ):
            said.setdefault(task_id, []).append(text)
        wanted: set[tuple[int, str, int]] = set()
        for task_id, workspace_id, title, description in db.session.execute(
            select(Task.id, Task.workspace_id, Task.title, Task.description).where(Task.id.in_(chunk))
        ):
            wanted.update(
                (workspace_id, word, task_id) for word in words_of(title, description, *said.get(task_id, ()))
            )
        known = {
            (row.workspace_id, row.word, row.task_id)
            for row in db.session.execute(
                select(TaskWord.workspace_id, TaskWord.word, TaskWord.task_id).where(TaskWord.task_id.in_(chunk))
            )
        }
        for task_id in {task_id for _, _, task_id in known - wanted}:
            gone = [word for _, word, owner in known - wanted if owner == task_id]
            db.session.execute(
                TaskWord.__table__.delete().where(TaskWord.task_id == task_id, TaskWord.word.in_(gone))  # type: ignore[attr-defined]
            )
        insert_rows(
            TaskWord,
            [
                {"workspace_id": workspace_id, "word": word, "task_id": task_id}
                for workspace_id, word, task_id in sorted(wanted - known)
            ],
        )


def rebuild_words() -> int:
    """Write the words of every task anew, a few hundred at a time, and return how many tasks there are."""
    after, count = 0, 0
    while task_ids := list(
        db.session.scalars(select(Task.id).where(Task.id > after).order_by(Task.id).limit(REBUILT_AT_ONCE))
    ):
        index_words(task_ids=task_ids)
        after, count = task_ids[-1], count + len(task_ids)
    return count
