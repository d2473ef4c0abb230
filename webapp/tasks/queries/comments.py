"""Questions about what is said about a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, select

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.errors import CommentNotFound
from webapp.tasks.models import Comment, Task
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

MOST_SHOWN = 50
MOST_ON_ITS_PAGE = 1_000


@dataclass(frozen=True)
class CommentRow:
    """One comment as the page of its task shows it."""

    id: int
    author: str
    text: str
    created_at: datetime
    edited_at: datetime | None
    is_mine: bool


@dataclass(frozen=True)
class Comments:
    """The newest comments of a task, oldest first, and whether there are earlier ones."""

    rows: list[CommentRow]
    has_earlier: bool


def list_comments(*, task_id: int, actor: Actor, limit: int = MOST_SHOWN) -> Comments:
    """Return the newest comments of a task. One statement."""
    found = db.session.execute(
        select(Comment.id, Comment.user_id, User.name, Comment.text, Comment.created_at, Comment.edited_at)
        .join(User, User.id == Comment.user_id)
        .where(Comment.task_id == task_id, Comment.workspace_id + 0 == actor.workspace_id)
        .order_by(Comment.id.desc())
        .limit(limit + 1)
    ).all()
    rows = [
        CommentRow(
            id=row.id,
            author=row.name,
            text=row.text,
            created_at=row.created_at,
            edited_at=row.edited_at,
            is_mine=row.user_id == actor.user_id,
        )
        for row in reversed(found[:limit])
    ]
    return Comments(rows, has_earlier=len(found) > limit)


def get_comment(*, comment_id: int, actor: Actor) -> Comment:
    """
    Return a comment.

    :raises CommentNotFound: when it is not in the actor's workspace, or its task is in the trash
    """
    comment = db.session.scalar(
        select(Comment)
        .join(Task, Task.id == Comment.task_id)
        .where(Comment.id == comment_id, Comment.workspace_id == actor.workspace_id, Task.is_deleted == false())
        .execution_options(populate_existing=True)
    )
    if comment is None:
        raise CommentNotFound
    return comment


def list_people_about(*, task: Task, actor: Actor) -> list[int]:
    """Return who wants to hear of a comment: whose task it is and who has said something, if they can log in."""
    wrote = select(Comment.user_id).where(Comment.task_id == task.id)
    return list(
        db.session.scalars(
            select(Membership.user_id).where(
                Membership.workspace_id == actor.workspace_id,
                Membership.role != Role.PLACEHOLDER,
                Membership.user_id != actor.user_id,
                (Membership.user_id == (task.assignee_id or 0)) | Membership.user_id.in_(wrote),
            )
        )
    )
