"""Taking a started import in, batch by batch."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import undefer

from webapp.customers import operations as customer_operations
from webapp.customers.rules import CustomerDetails
from webapp.errors import Unavailable
from webapp.storage import failures
from webapp.storage.db import db
from webapp.storage.journal import recorded, unrecorded
from webapp.storage.transaction import transactional
from webapp.tasks.operations import intake, linking
from webapp.tasks.rules.intake import Change, LinkIn
from webapp.tasks.rules.linking import Links
from webapp.transfers.models import Import, ImportChange
from webapp.transfers.operations.records import write_records
from webapp.transfers.operations.remarks import write_remarks
from webapp.transfers.queries import known
from webapp.transfers.queries.imports import list_changed_task_ids
from webapp.transfers.rules import ChangeAction, ChangeKind, ImportState, address_of
from webapp.transfers.rules.formats import OWN, lines_of
from webapp.transfers.rules.formats.reader import Reading
from webapp.transfers.rules.judging import LineRemark, Tally, Verdict, judge
from webapp.transfers.rules.keeping import unpacked
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.rows import EntryLine, Line, TaskLine
from webapp.values.actor import Actor
from webapp.values.text import name_key
from webapp.workspaces import operations as workspace_operations

log = logging.getLogger(__name__)

MOST_FAILURES = 3

KIND_OF_TABLE = {
    "tasks": ChangeKind.TASK,
    "time_entries": ChangeKind.ENTRY,
    "categories": ChangeKind.CATEGORY,
    "tags": ChangeKind.TAG,
    "comments": ChangeKind.COMMENT,
    "task_series": ChangeKind.SERIES,
}


def run_import(
    *,
    import_id: int,
    now_of: Callable[[], datetime],
    on_batch: Callable[[], None] | None = None,
    batch_rows: int = known.BATCH_ROWS,
) -> None:
    """
    Take in what is left of a started import, batch by batch; each batch is committed with how far it came.

    Run again after it was killed it goes on where it stopped. Two that run at once take turns.

    :param on_batch: called after each batch, to extend a lease or to draw a bar
    """
    record = _find_started(import_id)
    if record is None:
        return
    mapping, form = FileMapping.from_json(record.mapping), record.format
    actor = Actor(user_id=record.user_id, workspace_id=record.workspace_id, zone=ZoneInfo(mapping.zone))
    reading = Reading(zone=actor.zone, source=record.source, delimiter=mapping.delimiter, mapping=mapping)
    lines = lines_of(unpacked(record.content), form=form, reading=reading)
    known_as = None if form in OWN else record.source
    done = record.rows_done
    db.session.expunge(record)
    ends_at = 0
    links = Links()
    line_of: dict[str, int] = {}
    try:
        for batch in known.batches_of(lines, rows=batch_rows):
            ends_at += len(batch)
            for line in batch:
                if isinstance(line, TaskLine):
                    links.add(line.task)
                    line_of[line.task.source_ref] = line.line
            if ends_at <= done:
                continue
            if not _take_batch(
                import_id=import_id,
                mapping=mapping,
                known_as=known_as,
                batch=batch,
                ends_at=ends_at,
                actor=actor,
                now=now_of(),
            ):
                return
            if on_batch:
                on_batch()
        for start in range(0, len(links.found), batch_rows):
            some = links.found[start : start + batch_rows]
            _link(import_id=import_id, known_as=known_as, links=some, line_of=line_of, actor=actor, now=now_of())
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
@unrecorded()
def _take_batch(
    *,
    import_id: int,
    mapping: FileMapping,
    known_as: str | None,
    batch: Sequence[Line],
    ends_at: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """Take in one batch, unless another worker has; tell whether the import is still to be gone on with."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state not in (ImportState.WAITING, ImportState.RUNNING):
        return False
    if record.rows_done >= ends_at:
        return True
    people, made_people = _people_of(batch, mapping=mapping, actor=actor, now=now)
    records = write_records(batch, people=people, actor=actor, now=now)
    customers, made_customers = _customers_of(batch, actor=actor, now=now)
    tasks, entries = known.to_take_in(batch, people=people, customers=customers, actor=actor)
    taken = intake.take_in(source=known_as, tasks=tasks, entries=entries, zone=actor.zone, actor=actor, now=now)
    tally = Tally()
    remarks = tally.add(
        judge(
            line,
            tasks=taken.tasks,
            entries=taken.entries,
            source=known_as or "",
            left_out=taken.left_out,
            new_records=records.new,
        )
        for line in batch
    )
    write_remarks(import_id, remarks)
    _write_changes(import_id, made_people, [*records.customer_ids, *made_customers], [*records.changes, *taken.changes])
    record.state = ImportState.RUNNING
    record.rows_done = ends_at
    record.created_count += tally.verdicts[Verdict.CREATED]
    record.updated_count += tally.verdicts[Verdict.UPDATED]
    record.skipped_count += tally.verdicts[Verdict.SKIPPED]
    record.refused_count += tally.verdicts[Verdict.REFUSED]
    came = Counter(record.report.get("came", {})) + tally.made
    record.report = {**record.report, "came": dict(came)}
    return True


@transactional
@unrecorded()
def _link(
    *,
    import_id: int,
    known_as: str | None,
    links: Sequence[LinkIn],
    line_of: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    """Make tasks parts of others and have them wait for others; done twice it changes nothing more."""
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state not in (ImportState.WAITING, ImportState.RUNNING):
        return
    among = list_changed_task_ids(
        import_id=import_id, source=known_as, refs=[link.task_ref for link in links], actor=actor
    )
    left_out = linking.link(source=known_as, links=links, among=among, actor=actor, now=now)
    write_remarks(import_id, [LineRemark(line_of[ref], False, said) for ref, said in left_out.items()])


def _people_of(
    batch: Sequence[Line], *, mapping: FileMapping, actor: Actor, now: datetime
) -> tuple[dict[str, int], list[int]]:
    """Return everybody by name, and the ids of those who had to be made for this batch."""
    people = known.find_people(mapping=mapping, actor=actor)
    made: list[int] = []
    for person in (person for line in batch for person in known.people_in(line)):
        if name_key(person) not in people:
            user_id = workspace_operations.add_placeholder(name=person, actor=actor, now=now)
            people[name_key(person)] = user_id
            made.append(user_id)
    return people, made


def _customers_of(batch: Sequence[Line], *, actor: Actor, now: datetime) -> tuple[dict[str, int], list[int]]:
    """Return the customers of a batch by name, and the ids of those who had to be made for it."""
    customers = known.find_customers(batch, actor=actor)
    made: list[int] = []
    for line in batch:
        if isinstance(line, TaskLine | EntryLine) and line.customer and name_key(line.customer) not in customers:
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
            "kind": KIND_OF_TABLE[change.table],
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


@transactional
def _finish(*, import_id: int, now: datetime) -> None:
    record = db.session.get(Import, import_id, with_for_update=True)
    if record is None or record.state not in (ImportState.WAITING, ImportState.RUNNING):
        return
    record.state, record.finished_at, record.content, record.error = ImportState.DONE, now, b"", ""
    actor = Actor(user_id=record.user_id, workspace_id=record.workspace_id, zone=ZoneInfo(record.mapping["zone"]))
    # Its rows are kept with the import, and undone on its own page.
    with recorded("import.done", _done(record), actor=actor, now=now, address=address_of(import_id)):
        pass


def _done(record: Import) -> str:
    return f"Imported “{record.filename}”: {record.created_count:,} new, {record.updated_count:,} changed"


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
