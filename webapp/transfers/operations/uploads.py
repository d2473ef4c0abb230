"""A file before anything of it is taken in: keeping it, agreeing how it is read, starting, forgetting."""

from __future__ import annotations

import hashlib
import re
import zlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from webapp.errors import Conflict, InvalidInput
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.transfers import queries
from webapp.transfers.models import Import
from webapp.transfers.operations.remarks import forget_remarks, write_remarks
from webapp.transfers.queries import Examination
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.mapping import (
    LONGEST_SOURCE,
    MOST_DIFFERENT,
    check_mapping,
    guess_mapping,
    words_in,
)
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.reading import (
    Delimiter,
    Encoding,
    Sheet,
    TextSource,
    check_length,
    decode,
    open_sheet,
    unpack,
)
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.text import clean_line

IMPORT_JOB = "import"
# A file that nobody goes on with is not kept for ever.
KEPT_FOR = timedelta(days=7)
# Compressed, as it is kept: a database packet holds no more.
MOST_KEPT_BYTES = 12 * 1024 * 1024
_LONGEST_FILENAME = 255


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
    sheet = open_sheet(TextSource.of(text), delimiter)
    check_length(sheet)
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
    forget_remarks(import_id)
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


def _write_examination(record: Import, examination: Examination) -> None:
    record.report = examination.report
    record.rows_total = examination.tally.rows
    forget_remarks(record.id)
    write_remarks(record.id, examination.remarks)


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
