"""Changes to what is said about a task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.notices import rules as notices
from webapp.notices.operations import notify
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.errors import CommentEditedMeanwhile, CommentNotFound, CommentOfSomebodyElse
from webapp.tasks.models import Comment, Task
from webapp.tasks.queries import comments as queries
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.comments import checked_comment
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey


@transactional
def add_comment(*, task_id: int, text: str, actor: Actor, now: datetime, request_key: RequestKey | None = None) -> int:
    """
    Say something about a task, tell those it concerns, and return the comment's id; once for one request key.

    :raises TaskNotFound: when the task is not in the actor's workspace, or is in the trash
    :raises InvalidInput: naming the field `text`
    """
    text = checked_comment(text)
    task = get_task(task_id=task_id, actor=actor)
    return once(
        request_key=request_key,
        user_id=actor.user_id,
        now=now,
        work=lambda: _add(task, text, actor=actor, now=now),
    )


@transactional
def save_comment(*, comment_id: int, text: str, version: int, actor: Actor, now: datetime) -> int:
    """
    Say it in other words, and return the task's id.

    :param version: of the comment as the person saw it
    :raises CommentOfSomebodyElse: when the actor did not write it
    :raises CommentEditedMeanwhile: when they changed it in another window since
    """
    text = checked_comment(text)
    comment, task = _own(comment_id, actor=actor)
    if comment.version != version:
        raise CommentEditedMeanwhile
    if comment.text != text:
        with recorded("comment.saved", f"Changed a comment on “{task.title}”", actor=actor, now=now):
            comment.text, comment.edited_at = text, now
    return task.id


@transactional
def delete_comment(*, comment_id: int, actor: Actor, now: datetime) -> int:
    """Take back what one said, and return the task's id. :raises CommentOfSomebodyElse: when somebody else said it"""
    comment, task = _own(comment_id, actor=actor)
    with recorded("comment.deleted", f"Deleted a comment on “{task.title}”", actor=actor, now=now):
        db.session.delete(comment)
    return task.id


def _add(task: Task, text: str, *, actor: Actor, now: datetime) -> int:
    with recorded("comment.added", f"Commented on “{task.title}”", actor=actor, now=now):
        comment = Comment(
            workspace_id=actor.workspace_id, task_id=task.id, user_id=actor.user_id, text=text, created_at=now
        )
        db.session.add(comment)
        db.session.flush()
    people = queries.list_people_about(task=task, actor=actor)
    if people:
        who = db.session.scalar(select(User.name).where(User.id == actor.user_id)) or ""
        notify(
            user_ids=people,
            workspace_id=actor.workspace_id,
            kind=notices.Kind.COMMENT,
            text=notices.commented(who=who, title=task.title),
            address=f"/tasks/{task.id}#comment-{comment.id}",
            now=now,
            dedupe_key=f"comment:{comment.id}",
        )
    return comment.id


def _own(comment_id: int, *, actor: Actor) -> tuple[Comment, Task]:
    task_id = queries.get_comment(comment_id=comment_id, actor=actor).task_id
    task = get_task(task_id=task_id, actor=actor)
    # As it is now, ours until the transaction ends.
    comment = db.session.get(Comment, comment_id, with_for_update=True, populate_existing=True)
    if comment is None:
        raise CommentNotFound
    if comment.user_id != actor.user_id:
        raise CommentOfSomebodyElse
    return comment, task
