"""A file before anything of it is taken in: keeping it, agreeing how it is read, starting, forgetting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from webapp.errors import Conflict, InvalidInput
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.transfers.models import Import
from webapp.transfers.operations import checking
from webapp.transfers.operations.remarks import forget_remarks
from webapp.transfers.queries import imports
from webapp.transfers.queries.examining import Examination, examine
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.formats import FORMATS, head_of, recognise
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.keeping import pack, unpacked
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
    open_sheet,
    read_upload,
)
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.text import clean_line

IMPORT_JOB = "import"
# A file that nobody goes on with is not kept for ever.
KEPT_FOR = timedelta(days=7)
_LONGEST_FILENAME = 255


def begin_import(
    *,
    filename: str,
    stream: BinaryIO,
    encoding: Encoding = Encoding.AUTO,
    delimiter: Delimiter = Delimiter.AUTO,
    kind: ImportKind | None = None,
    form: Format | None = None,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None = None,
    in_background: bool = True,
) -> int:
    """
    Keep a file, find out how it is to be read, look what would become of it, and return the import's id.

    :param stream: is read a piece at a time
    :param in_background: leave a large file to the worker, which then looks it over
    :raises InvalidInput: for what cannot be read; `field` is `file` or `encoding`
    """
    packed = pack(read_upload(stream, encoding))
    text = unpacked(packed.content)
    form = form or _recognised(text, filename)
    mapping, source = propose(
        text, form=form, filename=filename, lines=packed.lines, delimiter=delimiter, kind=kind, actor=actor
    )
    record = Import(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        filename=_clean_filename(filename),
        content=packed.content,
        content_hash=packed.digest,
        source=source,
        kind=mapping.kind,
        format=form,
        is_large=packed.is_large,
        mapping=mapping.as_json(),
        state=ImportState.UPLOADED,
        report={},
        created_at=now,
    )
    if in_background and packed.is_large:
        return _keep(record=record, examination=None, now=now, request_key=request_key)
    examination = examine(text=text, form=form, mapping=mapping, source=source, actor=actor)
    return _keep(record=record, examination=examination, now=now, request_key=request_key)


def _recognised(text: TextSource, filename: str) -> Format:
    found = recognise(head_of(text, _clean_filename(filename)))
    if found is not None:
        return found
    # A table says itself what is wrong with it.
    open_sheet(text)
    return Format.TABLE


@transactional
def _keep(*, record: Import, examination: Examination | None, now: datetime, request_key: RequestKey | None) -> int:
    def add() -> int:
        db.session.add(record)
        db.session.flush()
        if examination is None:
            checking.leave_to_worker(record, now=now)
        else:
            checking.write_examination(record, examination)
        return record.id

    return once(request_key=request_key, user_id=record.user_id, now=now, work=add)


def propose(
    text: TextSource,
    *,
    form: Format,
    filename: str,
    actor: Actor,
    lines: int = 0,
    delimiter: Delimiter = Delimiter.AUTO,
    kind: ImportKind | None = None,
    zone: ZoneInfo | None = None,
) -> tuple[FileMapping, str]:
    """
    Return how a file is most likely meant to be read, and which data set it most likely belongs to.

    :param lines: how many it has, where nobody has looked yet whether they are too many
    :raises InvalidInput: when a table has no header, no row, or more of them than can be taken
    """
    zone = zone or actor.zone
    if form is Format.TABLE:
        sheet = open_sheet(text, delimiter)
        check_length(sheet, lines=lines)
        mapping = guess_mapping(sheet, zone=zone, kind=kind)
        return mapping, guess_source(filename=filename, sheet=sheet, mapping=mapping, actor=actor)
    if head_of(text, filename).header:
        check_length(open_sheet(text, delimiter), lines=lines)
    mapping = FileMapping(kind=ImportKind.BOTH, delimiter=delimiter, columns=(), zone=zone.key)
    return mapping, FORMATS[form].source or _stem_of(filename)


def guess_source(*, filename: str, sheet: Sheet, mapping: FileMapping, actor: Actor) -> str:
    """Return the data set a file most likely belongs to: for entries that of their tasks, else the file's own name."""
    if mapping.kind is ImportKind.ENTRIES:
        found = imports.find_source_of(sheet=sheet, mapping=mapping, actor=actor)
        if found:
            return found
    return _stem_of(filename)


def _stem_of(filename: str) -> str:
    stem = re.sub(r"(\.(csv|tsv|txt|json|gz))+$", "", _clean_filename(filename), flags=re.IGNORECASE)
    return stem[:LONGEST_SOURCE].strip() or "import"


def _clean_filename(filename: str) -> str:
    name = re.split(r"[/\\]", filename)[-1]
    try:
        return clean_line(name)[:_LONGEST_FILENAME] or "import.csv"
    except ValueError:
        return "import.csv"


def agree(
    *,
    import_id: int,
    mapping: FileMapping,
    source: str,
    form: Format = Format.TABLE,
    actor: Actor,
    now: datetime,
    in_background: bool = True,
    shown: Sequence[Sequence[str]] | None = None,
) -> None:
    """
    Take another reading of the file, and look again what would become of it. Another kind or format is guessed anew.

    :param in_background: leave a large file to the worker, which then looks it over
    :param shown: what of the file somebody has seen; the worker then begins, unless there is more to see
    :raises InvalidInput: for a reading that cannot be carried out; `field` is `source`, `columns` or `column-N`
    :raises Conflict: when the import has been started already
    """
    record = imports.get_import(import_id=import_id, actor=actor)
    _check_uploaded(record)
    text = imports.get_text(import_id=import_id, actor=actor)
    if form is not record.format or mapping.kind is not record.kind:
        mapping, source = propose(
            text,
            form=form,
            filename=record.filename,
            delimiter=mapping.delimiter,
            # Of a table that was taken for something else nobody has said what its lines are.
            kind=mapping.kind if form is record.format else None,
            zone=ZoneInfo(mapping.zone),
            actor=actor,
        )
    elif form is Format.TABLE:
        source = _checked_source(source)
        sheet = open_sheet(text, mapping.delimiter)
        check_mapping(mapping, sheet.header)
        _check_words(sheet, mapping)
    else:
        source = _checked_source(source)
    examination = None
    if not (in_background and record.is_large):
        examination = examine(text=text, form=form, mapping=mapping, source=source, actor=actor)
    _write_agreement(
        import_id=import_id, mapping=mapping, source=source, form=form, examination=examination, shown=shown, now=now
    )


@transactional
def _write_agreement(
    *,
    import_id: int,
    mapping: FileMapping,
    source: str,
    form: Format,
    examination: Examination | None,
    shown: Sequence[Sequence[str]] | None,
    now: datetime,
) -> None:
    record = db.session.get_one(Import, import_id, with_for_update=True)
    _check_uploaded(record)
    record.mapping = mapping.as_json()
    record.kind = mapping.kind
    record.format = form
    record.source = source
    if examination is None:
        checking.leave_to_worker(record, now=now, shown=shown)
    else:
        checking.write_examination(record, examination)


def agree_and_start(
    *, import_id: int, mapping: FileMapping, source: str, form: Format = Format.TABLE, actor: Actor, now: datetime
) -> bool:
    """
    Take a reading of the file and begin, unless it holds foreign words that nobody was shown; tell whether it began.

    A large file that is to be read otherwise than it was is looked over first: then the worker begins.

    :raises InvalidInput: as `agree` and `start_import` do
    :raises Conflict: when the import has been started already
    """
    record = imports.get_import(import_id=import_id, actor=actor)
    shown = checking.words_of(record)
    if (mapping, source, form) != (FileMapping.from_json(record.mapping), record.source, record.format):
        agree(import_id=import_id, mapping=mapping, source=source, form=form, actor=actor, now=now, shown=sorted(shown))
        record = imports.get_import(import_id=import_id, actor=actor)
        if record.state is ImportState.CHECKING:
            return True
        if not checking.words_of(record) <= shown:
            return False
    start_import(import_id=import_id, actor=actor, now=now)
    return True


@transactional
def start_import(*, import_id: int, actor: Actor, now: datetime, in_background: bool = True) -> None:
    """
    Begin to take the file in. Starting what has been started is no error (two clicks) and changes nothing.

    :param in_background: leave it to the worker; otherwise the caller goes on with `run_import`
    :raises InvalidInput: when there is nothing to take in
    """
    record = imports.get_import(import_id=import_id, actor=actor)
    db.session.refresh(record, with_for_update=True)
    if record.state is not ImportState.UPLOADED:
        return
    if record.error:
        raise InvalidInput(record.error)
    if record.format is Format.TABLE:
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
    record = imports.get_import(import_id=import_id, actor=actor)
    if record.state is not ImportState.CHECKING:
        _check_uploaded(record)
    db.session.delete(record)


@transactional
def forget_old_uploads(*, now: datetime) -> None:
    """Forget the files that were uploaded a week ago and that nobody went on with."""
    db.session.execute(
        delete(Import).where(
            Import.state.in_((ImportState.UPLOADED, ImportState.CHECKING)), Import.created_at < now - KEPT_FOR
        )
    )


def _check_uploaded(record: Import) -> None:
    if record.state is ImportState.CHECKING:
        raise Conflict("This file is being looked over. Wait until that is done.")
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
