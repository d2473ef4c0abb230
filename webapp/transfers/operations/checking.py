"""Looking a file over: at once where it is small, else by the worker, batch by batch. Nothing is taken in by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import undefer

from webapp.errors import InvalidInput
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.transfers.models import Import
from webapp.transfers.operations.remarks import forget_remarks, write_remarks
from webapp.transfers.queries.examining import NOTHING_FOUND, Examination, examine
from webapp.transfers.rules import ImportState
from webapp.transfers.rules.keeping import unpacked
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.values.actor import Actor

CHECK_JOB = "check-import"


def leave_to_worker(record: Import, *, now: datetime, shown: Sequence[Sequence[str]] | None = None) -> None:
    """
    Have the worker look a file over. Inside an operation that holds the record.

    :param shown: what of the file somebody has seen, where the import is to begin unless there is more
    """
    record.state = ImportState.CHECKING
    record.error = ""
    record.rows_done = 0
    record.report = {"share": 0, "shown": None if shown is None else [list(words) for words in shown]}
    outbox.enqueue(kind=CHECK_JOB, payload={"import_id": record.id}, now=now)


def run_check(
    *,
    import_id: int,
    now_of: Callable[[], datetime],
    start: Callable[[int, Actor, datetime], None],
    on_batch: Callable[[], None] | None = None,
) -> None:
    """
    Look over a file that was left to the worker. Run again after it was killed it begins anew: it has written nothing.

    :param start: begins the import, where whoever sent it has asked for that and there is nothing new to see
    :param on_batch: called after each batch, to extend a lease
    """
    record = db.session.scalar(
        select(Import)
        .where(Import.id == import_id, Import.state == ImportState.CHECKING)
        .options(undefer(Import.content))
    )
    if record is None:
        return
    mapping = FileMapping.from_json(record.mapping)
    form, source, content = record.format, record.source, record.content
    actor = Actor(user_id=record.user_id, workspace_id=record.workspace_id, zone=ZoneInfo(mapping.zone))
    db.session.expunge(record)
    read = [0.0]

    def note(lines: int) -> None:
        _note_progress(import_id=import_id, lines=lines, share=read[0])
        if on_batch:
            on_batch()

    def on_read(share: float) -> None:
        read[0] = share

    try:
        examination = examine(
            text=unpacked(content, on_read=on_read),
            form=form,
            mapping=mapping,
            source=source,
            actor=actor,
            on_batch=note,
        )
    except InvalidInput as refusal:
        _end(import_id=import_id, examination=None, error=refusal.message)
        return
    if _end(import_id=import_id, examination=examination, error=""):
        try:
            start(import_id, actor, now_of())
        except InvalidInput:
            # It stays as it is, and its page says why it cannot begin.
            return


@transactional
def _note_progress(*, import_id: int, lines: int, share: float) -> None:
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is not None and record.state is ImportState.CHECKING:
        record.rows_done = lines
        record.report = {**record.report, "share": round(share, 3)}


@transactional
def _end(*, import_id: int, examination: Examination | None, error: str) -> bool:
    """Keep what was found; tell whether the import is to begin."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state is not ImportState.CHECKING:
        return False
    shown = record.report.get("shown")
    record.state = ImportState.UPLOADED
    if examination is None:
        record.report, record.error = dict(NOTHING_FOUND), error
        record.rows_done = record.rows_total = 0
        forget_remarks(record.id)
        return False
    write_examination(record, examination)
    return shown is not None and words_of(record) <= {tuple(words) for words in shown}


def write_examination(record: Import, examination: Examination) -> None:
    """Keep what was found in a file. Inside an operation."""
    record.report = examination.report
    record.rows_total = examination.tally.rows
    record.rows_done = 0
    record.error = ""
    forget_remarks(record.id)
    write_remarks(record.id, examination.remarks)


def words_of(record: Import) -> set[tuple[str, ...]]:
    """Return what of a file somebody should see before it is taken in: its foreign words, and how it is read."""
    words = {(what, word) for what in ("statuses", "priorities") for word, _ in record.report.get(what, [])}
    return {("kind", record.kind.value), ("format", record.format.value), *words}
