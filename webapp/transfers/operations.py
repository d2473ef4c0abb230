"""Changes by imports: keeping a file, agreeing how it is read, taking it in batch by batch, and taking it back."""

from __future__ import annotations

import hashlib
import logging
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import undefer

from webapp.customers import operations as customer_operations
from webapp.customers.rules import CustomerDetails
from webapp.errors import Conflict, InvalidInput, Unavailable
from webapp.storage import failures, outbox
from webapp.storage.db import db
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.operations import intake, taking_back
from webapp.tasks.queries import intake as intake_queries
from webapp.tasks.rules.intake import Change
from webapp.transfers import queries
from webapp.transfers.models import Import, ImportChange, ImportRemark
from webapp.transfers.queries import Examination
from webapp.transfers.rules import ChangeAction, ChangeKind, ImportKind, ImportState
from webapp.transfers.rules.judging import LineRemark, Tally, Verdict, judge
from webapp.transfers.rules.mapping import (
    LONGEST_SOURCE,
    MOST_DIFFERENT,
    check_mapping,
    guess_mapping,
    words_in,
)
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.reading import Delimiter, Encoding, Sheet, decode, open_sheet, unpack
from webapp.transfers.rules.rows import Line, RefusedLine, TaskLine, read_lines
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.text import clean_line, name_key
from webapp.workspaces import operations as workspace_operations

log = logging.getLogger(__name__)

IMPORT_JOB = "import"
UNDO_JOB = "undo-import"
# A file that nobody goes on with is not kept for ever.
KEPT_FOR = timedelta(days=7)
# Compressed, as it is kept: a database packet holds no more.
MOST_KEPT_BYTES = 12 * 1024 * 1024
MOST_FAILURES = 3
_LONGEST_FILENAME = 255

_KIND_OF_TABLE = {
    "tasks": ChangeKind.TASK,
    "time_entries": ChangeKind.ENTRY,
    "categories": ChangeKind.CATEGORY,
    "tags": ChangeKind.TAG,
}
_TABLE_OF_KIND = {kind: table for table, kind in _KIND_OF_TABLE.items()}


# Before anything is taken in


def begin_import(
    *,
    filename: str,
    content: bytes,
    encoding: Encoding = Encoding.AUTO,
    delimiter: Delimiter = Delimiter.AUTO,
    kind: ImportKind | None = None,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None = None,
) -> int:
    """
    Keep a file, guess how it is to be read, look what would become of it, and return the import's id.

    :raises InvalidInput: for what is no table; `field` is `file` or `encoding`
    """
    text = decode(unpack(content), encoding)
    sheet = open_sheet(text, delimiter)
    kept = zlib.compress(text.encode(), level=6)
    if len(kept) > MOST_KEPT_BYTES:
        raise InvalidInput("This file is too large to be kept. Send it in parts.", field="file")
    mapping = guess_mapping(sheet, zone=actor.zone, kind=kind)
    source = guess_source(filename=filename, sheet=sheet, mapping=mapping, actor=actor)
    examination = queries.examine(sheet=sheet, mapping=mapping, source=source, actor=actor)
    return _keep(
        record=Import(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            filename=_clean_filename(filename),
            content=kept,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            source=source,
            kind=mapping.kind,
            mapping=mapping.as_json(),
            state=ImportState.UPLOADED,
            report={},
            created_at=now,
        ),
        examination=examination,
        now=now,
        request_key=request_key,
    )


@transactional
def _keep(*, record: Import, examination: Examination, now: datetime, request_key: RequestKey | None) -> int:
    def add() -> int:
        db.session.add(record)
        db.session.flush()
        _write_examination(record, examination)
        return record.id

    return once(request_key=request_key, user_id=record.user_id, now=now, work=add)


def guess_source(*, filename: str, sheet: Sheet, mapping: FileMapping, actor: Actor) -> str:
    """Return the data set a file most likely belongs to: for entries that of their tasks, else the file's own name."""
    if mapping.kind is ImportKind.ENTRIES:
        found = queries.find_source_of(sheet=sheet, mapping=mapping, actor=actor)
        if found:
            return found
    stem = re.sub(r"(\.(csv|tsv|txt|gz))+$", "", _clean_filename(filename), flags=re.IGNORECASE)
    return stem[:LONGEST_SOURCE].strip() or "import"


def _clean_filename(filename: str) -> str:
    name = re.split(r"[/\\]", filename)[-1]
    try:
        return clean_line(name)[:_LONGEST_FILENAME] or "import.csv"
    except ValueError:
        return "import.csv"


def agree(*, import_id: int, mapping: FileMapping, source: str, actor: Actor) -> None:
    """
    Take another reading of the file, and look again what would become of it. Another kind is guessed anew.

    :raises InvalidInput: for a reading that cannot be carried out; `field` is `source`, `columns` or `column-N`
    :raises Conflict: when the import has been started already
    """
    record = queries.get_import(import_id=import_id, actor=actor)
    _check_uploaded(record)
    source = _checked_source(source)
    sheet = queries.get_sheet(import_id=import_id, actor=actor)
    if mapping.kind is not record.kind:
        mapping = guess_mapping(sheet, zone=ZoneInfo(mapping.zone), kind=mapping.kind)
        source = guess_source(filename=record.filename, sheet=sheet, mapping=mapping, actor=actor)
    else:
        check_mapping(mapping, sheet.header)
        _check_words(sheet, mapping)
    examination = queries.examine(sheet=sheet, mapping=mapping, source=source, actor=actor)
    _write_agreement(import_id=import_id, mapping=mapping, source=source, examination=examination)


@transactional
def _write_agreement(*, import_id: int, mapping: FileMapping, source: str, examination: Examination) -> None:
    record = db.session.get_one(Import, import_id, with_for_update=True)
    _check_uploaded(record)
    record.mapping = mapping.as_json()
    record.kind = mapping.kind
    record.source = source
    _write_examination(record, examination)


def _write_examination(record: Import, examination: Examination) -> None:
    record.report = examination.report
    record.rows_total = examination.tally.rows
    _forget_remarks(record.id)
    _write_remarks(record.id, examination.remarks)


def _check_uploaded(record: Import) -> None:
    if record.state is not ImportState.UPLOADED:
        raise Conflict("This import has been started already; how it is read can no longer be changed.")


def _checked_source(source: str) -> str:
    try:
        source = clean_line(source)
    except ValueError as error:
        raise InvalidInput(str(error), field="source") from None
    if not source:
        raise InvalidInput("Give the data a name. The same file under the same name is known again.", field="source")
    if len(source) > LONGEST_SOURCE:
        raise InvalidInput(f"This name has {len(source)} characters; {LONGEST_SOURCE} fit.", field="source")
    return source


def _check_words(sheet: Sheet, mapping: FileMapping) -> None:
    for meaning, (most, what) in MOST_DIFFERENT.items():
        position = mapping.column(meaning)
        words = words_in(sheet, position, most=most)
        if not words.is_whole:
            raise InvalidInput(
                f"“{sheet.header[position or 0]}” holds {words.total:,} different {what}; there may be {most:,}. "
                "Give the column another meaning, or leave it out.",
                field=f"column-{position}",
            )


def agree_and_start(*, import_id: int, mapping: FileMapping, source: str, actor: Actor, now: datetime) -> bool:
    """
    Take a reading of the file and begin, unless it holds foreign words that nobody was shown; tell whether it began.

    :raises InvalidInput: as `agree` and `start_import` do
    :raises Conflict: when the import has been started already
    """
    shown = _words_of(queries.get_import(import_id=import_id, actor=actor))
    agree(import_id=import_id, mapping=mapping, source=source, actor=actor)
    if not _words_of(queries.get_import(import_id=import_id, actor=actor)) <= shown:
        return False
    start_import(import_id=import_id, actor=actor, now=now)
    return True


def _words_of(record: Import) -> set[tuple[str, str]]:
    return {(what, word) for what in ("kind", "statuses", "priorities") for word in _words_in_report(record, what)}


def _words_in_report(record: Import, what: str) -> list[str]:
    return [record.kind.value] if what == "kind" else [word for word, _ in record.report[what]]


@transactional
def start_import(*, import_id: int, actor: Actor, now: datetime, in_background: bool = True) -> None:
    """
    Begin to take the file in. Starting what has been started is no error (two clicks) and changes nothing.

    :param in_background: leave it to the worker; otherwise the caller goes on with `run_import`
    :raises InvalidInput: when there is nothing to take in
    """
    record = queries.get_import(import_id=import_id, actor=actor)
    db.session.refresh(record, with_for_update=True)
    if record.state is not ImportState.UPLOADED:
        return
    check_mapping(FileMapping.from_json(record.mapping), record.report["header"])
    if record.report["refused"] == record.rows_total:
        raise InvalidInput("No line of this file can be taken in. Look at the reasons, and change how it is read.")
    record.state = ImportState.WAITING
    _forget_remarks(import_id)
    if in_background:
        outbox.enqueue(
            kind=IMPORT_JOB, payload={"import_id": import_id}, now=now, dedupe_key=f"{IMPORT_JOB}:{import_id}"
        )


@transactional
def discard_import(*, import_id: int, actor: Actor) -> None:
    """
    Forget an uploaded file.

    :raises Conflict: when it has been taken in
    """
    record = queries.get_import(import_id=import_id, actor=actor)
    _check_uploaded(record)
    db.session.delete(record)


@transactional
def forget_old_uploads(*, now: datetime) -> None:
    """Forget the files that were uploaded a week ago and that nobody went on with."""
    db.session.execute(delete(Import).where(Import.state == ImportState.UPLOADED, Import.created_at < now - KEPT_FOR))


# Taking in


def run_import(
    *,
    import_id: int,
    now_of: Callable[[], datetime],
    on_batch: Callable[[], None] | None = None,
    batch_rows: int = queries.BATCH_ROWS,
) -> None:
    """
    Take in what is left of a started import, batch by batch; each batch is committed with how far it came.

    Run again after it was killed it goes on where it stopped. Two that run at once take turns.

    :param on_batch: called after each batch, to extend a lease or to draw a bar
    """
    record = _find_started(import_id)
    if record is None:
        return
    mapping = FileMapping.from_json(record.mapping)
    actor = Actor(user_id=record.user_id, workspace_id=record.workspace_id, zone=ZoneInfo(mapping.zone))
    lines = read_lines(queries.sheet_of(record), mapping)
    done = record.rows_done
    db.session.expunge(record)
    ends_at = 0
    try:
        for batch in queries.batches_of(lines, rows=batch_rows):
            ends_at += len(batch)
            if ends_at <= done:
                continue
            if not _take_batch(
                import_id=import_id, mapping=mapping, batch=batch, ends_at=ends_at, actor=actor, now=now_of()
            ):
                return
            if on_batch:
                on_batch()
    except Exception as error:
        if isinstance(failures.translate(error), Unavailable):
            # The database is away: that passes, and the worker tries again.
            raise
        log.exception("import stopped", extra={"import_id": import_id})
        if _note_failure(import_id=import_id, now=now_of()):
            return
        raise error from None
    _finish(import_id=import_id, now=now_of())


def _find_started(import_id: int) -> Import | None:
    return db.session.scalar(
        select(Import)
        .where(Import.id == import_id, Import.state.in_((ImportState.WAITING, ImportState.RUNNING)))
        .options(undefer(Import.content))
    )


@transactional
def _take_batch(
    *, import_id: int, mapping: FileMapping, batch: Sequence[Line], ends_at: int, actor: Actor, now: datetime
) -> bool:
    """Take in one batch, unless another worker has; tell whether the import is still to be gone on with."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state not in (ImportState.WAITING, ImportState.RUNNING):
        return False
    if record.rows_done >= ends_at:
        return True
    people, made_people = _people_of(batch, mapping=mapping, actor=actor, now=now)
    customers, made_customers = _customers_of(batch, actor=actor, now=now)
    tasks, entries = queries.to_take_in(batch, people=people, customers=customers, actor=actor)
    taken = intake.take_in(source=record.source, tasks=tasks, entries=entries, zone=actor.zone, actor=actor, now=now)
    tally = Tally()
    remarks = tally.add(judge(line, tasks=taken.tasks, entries=taken.entries, source=record.source) for line in batch)
    _write_remarks(import_id, remarks)
    _write_changes(import_id, made_people, made_customers, taken.changes)
    record.state = ImportState.RUNNING
    record.rows_done = ends_at
    record.created_count += tally.verdicts[Verdict.CREATED]
    record.updated_count += tally.verdicts[Verdict.UPDATED]
    record.skipped_count += tally.verdicts[Verdict.SKIPPED]
    record.refused_count += tally.verdicts[Verdict.REFUSED]
    return True


def _people_of(
    batch: Sequence[Line], *, mapping: FileMapping, actor: Actor, now: datetime
) -> tuple[dict[str, int], list[int]]:
    """Return everybody by name, and the ids of those who had to be made for this batch."""
    people = queries.find_people(mapping=mapping, actor=actor)
    made: list[int] = []
    for line in batch:
        person = "" if isinstance(line, RefusedLine) else line.person
        if person and name_key(person) not in people:
            user_id = workspace_operations.add_placeholder(name=person, actor=actor, now=now)
            people[name_key(person)] = user_id
            made.append(user_id)
    return people, made


def _customers_of(batch: Sequence[Line], *, actor: Actor, now: datetime) -> tuple[dict[str, int], list[int]]:
    """Return the customers of a batch by name, and the ids of those who had to be made for it."""
    customers = queries.find_customers(batch, actor=actor)
    made: list[int] = []
    for line in batch:
        if isinstance(line, TaskLine) and line.customer and name_key(line.customer) not in customers:
            details = CustomerDetails(name=line.customer)
            customer_id = customer_operations.create_customer(details=details, actor=actor, now=now)
            customers[name_key(line.customer)] = customer_id
            made.append(customer_id)
    return customers, made


def _write_changes(import_id: int, people: Sequence[int], customers: Sequence[int], changes: Sequence[Change]) -> None:
    made = [(ChangeKind.PERSON, record_id) for record_id in people]
    made += [(ChangeKind.CUSTOMER, record_id) for record_id in customers]
    rows = [
        {"kind": kind, "action": ChangeAction.CREATED, "record_id": record_id, "before": None}
        for kind, record_id in made
    ] + [
        {
            "kind": _KIND_OF_TABLE[change.table],
            "action": _action_of(change),
            "record_id": change.record_id,
            "before": change.before,
        }
        for change in changes
    ]
    if rows:
        db.session.execute(insert(ImportChange), [{"import_id": import_id, **row} for row in rows])


def _action_of(change: Change) -> ChangeAction:
    if change.is_removed:
        return ChangeAction.REMOVED
    return ChangeAction.CREATED if change.before is None else ChangeAction.UPDATED


def _write_remarks(import_id: int, remarks: Sequence[LineRemark]) -> None:
    for start in range(0, len(remarks), 1000):
        chunk = remarks[start : start + 1000]
        db.session.execute(insert(ImportRemark), [{"import_id": import_id, **asdict(remark)} for remark in chunk])


def _forget_remarks(import_id: int) -> None:
    db.session.execute(
        delete(ImportRemark).where(ImportRemark.import_id == import_id).execution_options(synchronize_session=False)
    )


@transactional
def _finish(*, import_id: int, now: datetime) -> None:
    db.session.execute(
        update(Import)
        .where(Import.id == import_id, Import.state.in_((ImportState.WAITING, ImportState.RUNNING)))
        .values(state=ImportState.DONE, finished_at=now, content=b"", error="")
    )


@transactional
def _note_failure(*, import_id: int, now: datetime) -> bool:
    """Count that an import stopped by mistake; tell whether it is given up."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None:
        return True
    failures = record.report.get("failures", 0) + 1
    record.report = {**record.report, "failures": failures}
    if failures < MOST_FAILURES:
        record.error = "It was interrupted and goes on in a moment."
        return False
    record.state = ImportState.FAILED
    record.finished_at = now
    record.error = f"It stopped after {record.rows_done:,} of {record.rows_total:,} lines. What was taken in is kept."
    return True


# Taking back


@transactional
def undo_import(*, import_id: int, actor: Actor, now: datetime, in_background: bool = True) -> None:
    """
    Begin to take back what an import did. Asking twice is no error.

    :raises Conflict: when it has not ended yet
    """
    record = queries.get_import(import_id=import_id, actor=actor)
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
def _take_back_batch(*, import_id: int, now: datetime) -> bool:
    """Take back some changes; tell whether there may be more."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state is not ImportState.UNDOING:
        return False
    rows = db.session.scalars(
        select(ImportChange)
        .where(ImportChange.import_id == import_id)
        .order_by(ImportChange.id.desc())
        .limit(queries.BATCH_ROWS)
    ).all()
    if not rows:
        record.state = ImportState.UNDONE
        record.finished_at = now
        record.content = b""
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
        customer_ids=queries.list_idle_customers(customer_ids=customer_ids, actor=actor), actor=actor
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
