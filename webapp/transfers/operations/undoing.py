"""Taking back what an import did, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from webapp.customers import operations as customer_operations
from webapp.errors import Conflict
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.journal import mark_undone, unrecorded
from webapp.storage.transaction import transactional
from webapp.tasks.operations import taking_back
from webapp.tasks.queries import intake as intake_queries
from webapp.tasks.rules.intake import Change
from webapp.transfers.models import Import, ImportChange
from webapp.transfers.operations.taking_in import KIND_OF_TABLE
from webapp.transfers.queries import imports
from webapp.transfers.queries.known import BATCH_ROWS
from webapp.transfers.rules import ChangeAction, ChangeKind, ImportState, address_of
from webapp.values.actor import Actor
from webapp.workspaces import operations as workspace_operations

UNDO_JOB = "undo-import"

_TABLE_OF_KIND = {kind: table for table, kind in KIND_OF_TABLE.items()}


@transactional
def undo_import(*, import_id: int, actor: Actor, now: datetime, in_background: bool = True) -> None:
    """
    Begin to take back what an import did. Asking twice is no error.

    :raises Conflict: when it has not ended yet
    """
    record = imports.get_import(import_id=import_id, actor=actor)
    db.session.refresh(record, with_for_update=True)
    if record.state in (ImportState.UNDOING, ImportState.UNDONE):
        return
    if record.state not in (ImportState.DONE, ImportState.FAILED):
        raise Conflict("This import has not ended yet. Undo it when it has.")
    record.state = ImportState.UNDOING
    changes = db.session.scalar(select(func.count()).where(ImportChange.import_id == import_id))
    record.report = {**record.report, "undone": 0, "kept": 0, "changes": changes, "changes_done": 0}
    if in_background:
        outbox.enqueue(kind=UNDO_JOB, payload={"import_id": import_id}, now=now, dedupe_key=f"{UNDO_JOB}:{import_id}")


def run_undo(*, import_id: int, now_of: Callable[[], datetime], on_batch: Callable[[], None] | None = None) -> None:
    """Take back an import, the newest change first, batch by batch; run again it goes on where it stopped."""
    while _take_back_batch(import_id=import_id, now=now_of()):
        if on_batch:
            on_batch()


@transactional
@unrecorded()
def _take_back_batch(*, import_id: int, now: datetime) -> bool:
    """Take back some changes; tell whether there may be more."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state is not ImportState.UNDOING:
        return False
    rows = db.session.scalars(
        select(ImportChange)
        .where(ImportChange.import_id == import_id)
        .order_by(ImportChange.id.desc())
        .limit(BATCH_ROWS)
    ).all()
    if not rows:
        record.state = ImportState.UNDONE
        record.finished_at = now
        record.content = b""
        mark_undone(address=address_of(import_id), workspace_id=record.workspace_id, now=now)
        return False
    actor = Actor(user_id=record.user_id, workspace_id=record.workspace_id, zone=_zone_of(record.mapping))
    changes = [
        Change(_TABLE_OF_KIND[row.kind], row.record_id, row.before, row.action is ChangeAction.REMOVED)
        for row in rows
        if row.kind in _TABLE_OF_KIND
    ]
    back = taking_back.take_back(changes=changes, actor=actor, now=now)
    for user_id in (row.record_id for row in rows if row.kind is ChangeKind.PERSON):
        if not intake_queries.has_work(user_id=user_id, actor=actor):
            workspace_operations.remove_placeholder(user_id=user_id, actor=actor)
    customer_ids = [row.record_id for row in rows if row.kind is ChangeKind.CUSTOMER]
    customer_operations.remove_unchanged_customers(
        customer_ids=imports.list_idle_customers(customer_ids=customer_ids, actor=actor), actor=actor
    )
    db.session.execute(
        delete(ImportChange)
        .where(ImportChange.id.in_([row.id for row in rows]))
        .execution_options(synchronize_session=False)
    )
    record.report = {
        **record.report,
        "undone": record.report.get("undone", 0) + back.undone,
        "kept": record.report.get("kept", 0) + back.kept,
        "changes_done": record.report.get("changes_done", 0) + len(rows),
    }
    return True


def _zone_of(mapping: Mapping[str, object]) -> ZoneInfo:
    return ZoneInfo(str(mapping["zone"]))
