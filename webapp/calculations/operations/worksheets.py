"""Changes of worksheets: they are saved version by version, and shared by link."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from webapp.accounts.rules import key_hash
from webapp.calculations.errors import WorksheetEditedMeanwhile, WorksheetNotFound
from webapp.calculations.models import Worksheet, WorksheetLink, WorksheetVersion
from webapp.calculations.queries import worksheets as queries
from webapp.calculations.queries.worksheets import Worked
from webapp.calculations.rules.worksheets import LONGEST_TITLE
from webapp.customers.queries import check_customer_id
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.queries.tasks import get_task
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.text import shortened

MOST_LINKS = 20
_TOKEN_BYTES = 32
_COPY = "Copy of "


def create_worksheet(
    *,
    title: str,
    text: str,
    actor: Actor,
    now: datetime,
    task_id: int | None = None,
    customer_id: int | None = None,
    request_key: RequestKey | None = None,
) -> int:
    """
    Begin a worksheet with its first version, and return its id.

    :raises InvalidInput: when there are too many lines, or no such customer
    :raises TaskNotFound: when there is no such task
    """
    # Before anything is locked: a long text takes a while.
    worked = queries.work_out(text=text, actor=actor, now=now)
    return _create(
        title=title,
        worked=worked,
        task_id=task_id,
        customer_id=customer_id,
        actor=actor,
        now=now,
        request_key=request_key,
    )


def save_worksheet(
    *,
    worksheet_id: int,
    title: str,
    text: str,
    version: int,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None = None,
) -> int:
    """
    Save what stands there as the next version, and return its number; where nothing has changed, that of the newest.

    :param version: the number of the version that the text began from
    :raises WorksheetEditedMeanwhile: when there is a newer one
    """
    newest = queries.get_version(worksheet_id=worksheet_id, actor=actor)
    worked = queries.work_out(text=text, actor=actor, now=now, kept_settings=newest.settings)
    return _save(
        worksheet_id=worksheet_id,
        title=title,
        worked=worked,
        version=version,
        actor=actor,
        now=now,
        request_key=request_key,
    )


@transactional
def attach_worksheet(
    *, worksheet_id: int, task_id: int | None, customer_id: int | None, actor: Actor, now: datetime
) -> None:
    """
    Say which task and which customer a worksheet belongs to; None takes it away.

    :raises InvalidInput: when there is no such task or customer
    """
    worksheet = _lock(worksheet_id, actor=actor)
    _check_belongings(task_id, customer_id, actor=actor)
    with recorded("worksheet.attached", f"Filed the worksheet “{worksheet.title}”", actor=actor, now=now):
        worksheet.task_id, worksheet.customer_id = task_id, customer_id


@transactional
def delete_worksheet(*, worksheet_id: int, actor: Actor, now: datetime) -> None:
    """Hide a worksheet with all its versions; its links lead nowhere as long as it is hidden."""
    worksheet = _lock(worksheet_id, actor=actor)
    with recorded("worksheet.deleted", f"Deleted the worksheet “{worksheet.title}”", actor=actor, now=now):
        worksheet.deleted_at = now


def duplicate_worksheet(
    *, worksheet_id: int, actor: Actor, now: datetime, request_key: RequestKey | None = None
) -> int:
    """Begin a new worksheet with the text of another's newest version, and return its id."""
    row = queries.get_worksheet(worksheet_id=worksheet_id, actor=actor)
    newest = queries.get_version(worksheet_id=worksheet_id, actor=actor)
    worked = queries.work_out(text=newest.text, actor=actor, now=now, kept_settings=newest.settings)
    return _create(
        title=shortened(f"{_COPY}{row.title}", longest=LONGEST_TITLE),
        worked=worked,
        task_id=row.task_id,
        customer_id=row.customer_id,
        actor=actor,
        now=now,
        request_key=request_key,
    )


@transactional
def remove_unchanged_worksheets(*, worksheet_ids: Sequence[int], number: int, actor: Actor) -> None:
    """Remove for good those of these worksheets of which nothing was saved after version `number`."""
    db.session.execute(
        delete(Worksheet)
        .where(
            Worksheet.workspace_id == actor.workspace_id, Worksheet.id.in_(worksheet_ids), Worksheet.number == number
        )
        .execution_options(synchronize_session=False)
    )


@transactional
def share_version(*, worksheet_id: int, number: int, actor: Actor, now: datetime) -> str:
    """
    Make a link to one version and return its token, which nobody can look up again.

    :raises InvalidInput: when the worksheet has as many links as there may be
    """
    _lock(worksheet_id, actor=actor)
    version = queries.get_version(worksheet_id=worksheet_id, number=number, actor=actor)
    if len(queries.list_links(worksheet_id=worksheet_id, actor=actor)) >= MOST_LINKS:
        raise InvalidInput(f"This worksheet has {MOST_LINKS} links. Withdraw one to make another.")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(
        WorksheetLink(
            workspace_id=actor.workspace_id,
            version_id=version.id,
            user_id=actor.user_id,
            token_hash=key_hash(token),
            created_at=now,
        )
    )
    return token


@transactional
def withdraw_link(*, worksheet_id: int, link_id: int, actor: Actor) -> None:
    """
    Take a link back: who has its address finds nothing any more.

    :raises WorksheetNotFound: when the worksheet has no such link
    """
    _lock(worksheet_id, actor=actor)
    link = db.session.scalar(
        select(WorksheetLink)
        .join(WorksheetVersion, WorksheetVersion.id == WorksheetLink.version_id)
        .where(
            WorksheetLink.id == link_id,
            WorksheetLink.workspace_id == actor.workspace_id,
            WorksheetVersion.worksheet_id == worksheet_id,
        )
    )
    if link is None:
        raise WorksheetNotFound
    db.session.delete(link)


@transactional
def _create(
    *,
    title: str,
    worked: Worked,
    task_id: int | None,
    customer_id: int | None,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None,
) -> int:
    _check_belongings(task_id, customer_id, actor=actor)

    def add() -> int:
        worksheet = Worksheet(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            number=0,
            task_id=task_id,
            customer_id=customer_id,
            created_at=now,
        )
        with recorded("worksheet.created", f"Began the worksheet “{title}”", actor=actor, now=now):
            _add_version(worksheet, title, worked, previous_hash="", actor=actor, now=now)
        return worksheet.id

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=add)


@transactional
def _save(
    *,
    worksheet_id: int,
    title: str,
    worked: Worked,
    version: int,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None,
) -> int:
    worksheet = _lock(worksheet_id, actor=actor)

    def add() -> int:
        if worksheet.number != version:
            raise WorksheetEditedMeanwhile
        newest = queries.get_version(worksheet_id=worksheet_id, actor=actor)
        if (newest.title, newest.text, newest.results) == (title, worked.text, worked.results):
            return newest.number
        _add_version(worksheet, title, worked, previous_hash=newest.hash, actor=actor, now=now)
        return worksheet.number

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=add)


def _add_version(
    worksheet: Worksheet, title: str, worked: Worked, *, previous_hash: str, actor: Actor, now: datetime
) -> None:
    worksheet.title, worksheet.text, worksheet.answer = title, worked.text, worked.answer
    worksheet.number, worksheet.updated_at = worksheet.number + 1, now
    db.session.add(worksheet)
    db.session.flush()
    version = WorksheetVersion(
        workspace_id=actor.workspace_id,
        worksheet_id=worksheet.id,
        user_id=actor.user_id,
        number=worksheet.number,
        title=title,
        text=worked.text,
        settings=worked.settings,
        inputs=worked.inputs,
        results=worked.results,
        answer=worked.answer,
        engine_version=worked.engine_version,
        saved_at=now,
        previous_hash=previous_hash,
    )
    version.hash = queries.hash_of(version)
    db.session.add(version)
    db.session.flush()


def _lock(worksheet_id: int, *, actor: Actor) -> Worksheet:
    worksheet = db.session.scalar(
        select(Worksheet)
        .where(
            Worksheet.id == worksheet_id,
            Worksheet.workspace_id == actor.workspace_id,
            Worksheet.deleted_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if worksheet is None:
        raise WorksheetNotFound
    return worksheet


def _check_belongings(task_id: int | None, customer_id: int | None, *, actor: Actor) -> None:
    check_customer_id(customer_id=customer_id, actor=actor)
    if task_id is not None:
        get_task(task_id=task_id, actor=actor)
