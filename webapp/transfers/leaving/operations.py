"""The end of an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, false, func, select, update

from webapp.accounts import operations as account_operations
from webapp.accounts import queries as account_queries
from webapp.accounts.errors import WrongPassword
from webapp.accounts.models import User
from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transactional
from webapp.tasks.models import SavedView
from webapp.tasks.operations import timers
from webapp.tasks.rules.history import PRIVATE_KINDS
from webapp.transfers.rules import SUCCESSOR_NAME
from webapp.values.actor import Actor
from webapp.workspaces import operations as workspace_operations
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

ROWS_A_STATEMENT = 5_000
# Rows about belonging and signing in end with the person; everything else in a workspace is its record.
_NO_RECORDS = {"memberships", "login_sessions", "workspaces"}
# What nobody else ever saw goes with the person, also from workspaces of others.
_THEIRS_ALONE = {"calculation_names", "feeds", "notices", "reminders"}


def delete_account(*, password: str, actor: Actor, now: datetime) -> None:
    """
    Delete a person, their own workspace and everything in it, for good.

    Workspaces of others keep their records; this person's name is gone from them.

    :raises WrongPassword: naming the field `password`
    """
    checked_hash = account_operations.check_password(password=password, actor=actor)
    _delete_account(checked_hash=checked_hash, actor=actor, now=now)


@transactional
def _delete_account(*, checked_hash: str, actor: Actor, now: datetime) -> None:
    user = account_queries.lock_user(user_id=actor.user_id)
    if user is None or user.password_hash != checked_hash:
        raise WrongPassword(field="password")
    timers.stop_running(actor=actor, now=now)
    for workspace in _workspaces_of(user.id):
        if workspace.personal_user_id == user.id or not _has_others(workspace, user.id):
            _delete_workspace(workspace.id)
        else:
            _leave_workspace(workspace.id, actor=actor, now=now)
    account_operations.forget_mails(user_id=user.id)
    db.session.execute(delete(User).where(User.id == user.id))


def _workspaces_of(user_id: int) -> list[Workspace]:
    return list(
        db.session.scalars(
            select(Workspace)
            .join(Membership, Membership.workspace_id == Workspace.id)
            .where(Membership.user_id == user_id)
        )
    )


def _has_others(workspace: Workspace, user_id: int) -> bool:
    others = select(func.count()).where(
        Membership.workspace_id == workspace.id,
        Membership.user_id != user_id,
        Membership.role != Role.PLACEHOLDER,
    )
    return bool(db.session.scalar(others))


def _delete_workspace(workspace_id: int) -> None:
    placeholders = db.session.scalars(
        select(Membership.user_id).where(Membership.workspace_id == workspace_id, Membership.role == Role.PLACEHOLDER)
    ).all()
    for table in reversed(_tables_with_records()):
        _delete_rows(table, workspace_id)
    db.session.execute(delete(Workspace).where(Workspace.id == workspace_id))
    db.session.execute(delete(User).where(User.id.in_(placeholders), User.email.is_(None)))


def _delete_rows(table: Table, workspace_id: int) -> None:
    # Piece by piece, and tables that point at others first: one statement that takes a large workspace and all that
    # hangs on it would outlast the time a statement may take.
    # The last column of the key tells rows of a workspace apart best; some keys begin with the workspace itself.
    number = list(table.primary_key.columns)[-1]
    is_here = table.c.workspace_id == workspace_id
    while True:
        piece = select(number).where(is_here).order_by(number).offset(ROWS_A_STATEMENT).limit(1)
        end = db.session.execute(piece).scalar()
        db.session.execute(delete(table).where(is_here, *([number <= end] if end is not None else [])))
        if end is None:
            return


def _leave_workspace(workspace_id: int, *, actor: Actor, now: datetime) -> None:
    _forget_private(workspace_id, user_id=actor.user_id)
    tables = [table for table in _tables_with_records() if table.name not in _THEIRS_ALONE]
    names = [(table, column) for table in tables for column in _columns_naming_people(table)]
    for table, column in names:
        is_theirs = (table.c.workspace_id == workspace_id) & (column == actor.user_id)
        if db.session.execute(select(column).where(is_theirs).limit(1)).first():
            there = Actor(user_id=actor.user_id, workspace_id=workspace_id, zone=actor.zone)
            successor_id = workspace_operations.add_placeholder(name=SUCCESSOR_NAME, actor=there, now=now)
            values: dict[str, object] = {column.name: successor_id}
            if "version" in table.c:
                values["version"] = table.c.version + 1
            db.session.execute(update(table).where(is_theirs).values(values))
    workspace_operations.leave(workspace_id=workspace_id, user_id=actor.user_id)


def _forget_private(workspace_id: int, *, user_id: int) -> None:
    """Delete what only this person could see of what they kept and did in somebody else's workspace."""
    for model, is_private in (
        (SavedView, SavedView.is_shared == false()),
        (Change, Change.kind.in_(PRIVATE_KINDS)),
    ):
        table = table_of(model)
        is_theirs = (table.c.workspace_id == workspace_id) & (table.c.user_id == user_id)
        db.session.execute(delete(table).where(is_theirs, is_private))


def _tables_with_records() -> list[Table]:
    return [table for table in db.metadata.sorted_tables if "workspace_id" in table.c and table.name not in _NO_RECORDS]


def _columns_naming_people(table: Table) -> list[ColumnElement[int]]:
    return [key.parent for key in table.foreign_keys if key.column.table is User.__table__]
