"""Questions about imports and the sample work, and what would become of a file."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import false, func, select
from sqlalchemy.orm import defer, undefer

from webapp.customers import queries as customer_queries
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.queries import intake
from webapp.tasks.rules.intake import EntryIn, TaskIn, total_of
from webapp.transfers.models import Import, ImportRemark, SampleRecord
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.columns import DATES, Meaning, guess_day_order
from webapp.transfers.rules.judging import Judgement, LineRemark, Tally, Verdict, judge
from webapp.transfers.rules.mapping import MOST_WORDS, Words, words_in
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.reading import Row, Sheet, TextSource, open_sheet
from webapp.transfers.rules.rows import EntryLine, Line, Remark, TaskLine, read_lines
from webapp.values.actor import Actor
from webapp.values.period import LONGEST_PERIOD_DAYS
from webapp.values.text import name_key
from webapp.workspaces import queries as workspace_queries

BATCH_ROWS = 500
MOST_PEOPLE = 200
MOST_SOURCES = 50
SHOWN_ROWS = 8
SHOWN_REMARKS = 100
SHOWN_IMPORTS = 20
_SAMPLES = 3
_LONGEST_SAMPLE = 60
_REFS_TRIED = 200
_ROWS_TRIED = 2000


@dataclass(frozen=True)
class Examination:
    """What would become of a file: the tally, what there is to say about single lines, and what the page shows."""

    tally: Tally
    remarks: list[LineRemark]
    report: dict[str, Any]


def get_import(*, import_id: int, actor: Actor) -> Import:
    """
    Return an import of the actor's workspace, without its file.

    :raises NotFound: when it is not there, or not theirs
    """
    found = db.session.scalar(select(Import).where(Import.id == import_id, Import.workspace_id == actor.workspace_id))
    if found is None:
        raise NotFound
    return found


def get_sheet(*, import_id: int, actor: Actor) -> Sheet:
    """
    Return the table of an import that has not ended.

    :raises NotFound: when there is no such import of theirs
    """
    found = db.session.scalar(
        select(Import)
        .where(Import.id == import_id, Import.workspace_id == actor.workspace_id)
        .options(undefer(Import.content))
    )
    if found is None or not found.content:
        raise NotFound
    return sheet_of(found)


def sheet_of(found: Import) -> Sheet:
    """Return the table of an import whose file is still kept."""
    return open_sheet(
        TextSource.of(zlib.decompress(found.content).decode()), FileMapping.from_json(found.mapping).delimiter
    )


def list_imports(*, actor: Actor) -> list[Import]:
    """Return the latest imports of the workspace, the newest first."""
    return list(
        db.session.scalars(
            select(Import)
            .where(Import.workspace_id == actor.workspace_id)
            .order_by(Import.id.desc())
            .limit(SHOWN_IMPORTS)
            # Only shown one by one.
            .options(defer(Import.report), defer(Import.mapping))
        )
    )


def list_remarks(
    *, import_id: int, actor: Actor, refusals: bool | None = None, limit: int | None = None
) -> list[ImportRemark]:
    """
    Return what there is to say about single lines, in the order of the file.

    :param refusals: True for the lines that are refused, False for the others, None for all
    """
    query = (
        select(ImportRemark)
        .join(Import, Import.id == ImportRemark.import_id)
        .where(Import.id == import_id, Import.workspace_id == actor.workspace_id)
        .order_by(ImportRemark.line)
        .limit(limit)
    )
    if refusals is not None:
        query = query.where(ImportRemark.is_refusal.is_(refusals))
    return list(db.session.scalars(query))


def list_sources(*, actor: Actor) -> list[str]:
    """Return the names of the data sets that tasks of the workspace came from."""
    return [
        source
        for source in db.session.scalars(
            select(Task.source)
            .where(Task.workspace_id == actor.workspace_id, Task.source.is_not(None))
            .distinct()
            .order_by(Task.source)
            .limit(MOST_SOURCES)
        )
        if source
    ]


def find_source_of(*, sheet: Sheet, mapping: FileMapping, actor: Actor) -> str | None:
    """Return the data set that holds the most of the tasks that a file of entries is about, if any does."""
    position = mapping.column(Meaning.TASK_REF)
    if position is None:
        return None
    cells = (row.cells[position].strip() for row in sheet.rows() if isinstance(row, Row))
    refs = list(islice(dict.fromkeys(cell for cell in cells if cell), _REFS_TRIED))
    row = db.session.execute(
        select(Task.source, func.count().label("found"))
        .where(Task.workspace_id == actor.workspace_id, Task.source.is_not(None), Task.source_ref.in_(refs))
        .group_by(Task.source)
        .order_by(func.count().desc(), Task.source.desc())
        .limit(1)
    ).first()
    return row.source if row else None


def examine(*, sheet: Sheet, mapping: FileMapping, source: str, actor: Actor) -> Examination:
    """Read a whole file and tell what an import would do with it. Changes nothing."""
    people = find_people(mapping=mapping, actor=actor)
    tally = Tally()
    remarks: list[LineRemark] = []
    first_rows: list[dict[str, Any]] = []
    for batch in batches_of(read_lines(sheet, mapping)):
        customers = find_customers(batch, actor=actor)
        tasks, entries = to_take_in(batch, people=people, customers=customers, actor=actor)
        foretold = intake.survey(source=source, tasks=tasks, entries=entries, actor=actor)
        judgements = [judge(line, tasks=foretold.tasks, entries=foretold.entries, source=source) for line in batch]
        remarks += tally.add(judgements)
        if not first_rows:
            first_rows = [
                _as_shown(line, judgement, ZoneInfo(mapping.zone))
                for line, judgement in zip(batch[:SHOWN_ROWS], judgements[:SHOWN_ROWS], strict=True)
            ]
    return Examination(tally, remarks, _report(sheet, mapping, tally, first_rows, people))


def batches_of(lines: Iterable[Line], *, rows: int = BATCH_ROWS) -> Iterator[list[Line]]:
    """Cut lines into batches of `rows`."""
    lines = iter(lines)
    while batch := list(islice(lines, rows)):
        yield batch


def find_people(*, mapping: FileMapping, actor: Actor) -> dict[str, int]:
    """Return the ids of the people of the workspace by what a file may call them: `name_key` of name and address."""
    people: dict[str, int] = {}
    for person in workspace_queries.list_people(actor=actor):
        people.setdefault(name_key(person.name), person.id)
        if person.email:
            people.setdefault(name_key(person.email), person.id)
    if mapping.me:
        people[name_key(mapping.me)] = actor.user_id
    return people


def find_customers(lines: Iterable[Line], *, actor: Actor) -> dict[str, int]:
    """Return the ids of the customers that lines name and that are here, by `name_key`."""
    names = {line.customer for line in lines if isinstance(line, TaskLine) and line.customer}
    return customer_queries.find_ids_by_name(names=names, actor=actor) if names else {}


def list_idle_customers(*, customer_ids: Sequence[int], actor: Actor) -> list[int]:
    """Return those of these customers whom no task is done for."""
    busy = set(
        db.session.scalars(
            select(Task.customer_id)
            .where(Task.workspace_id == actor.workspace_id, Task.customer_id.in_(customer_ids))
            .distinct()
        )
    )
    return [customer_id for customer_id in customer_ids if customer_id not in busy]


def to_take_in(
    lines: Sequence[Line], *, people: Mapping[str, int], customers: Mapping[str, int], actor: Actor
) -> tuple[list[TaskIn], list[EntryIn]]:
    """
    Return the tasks and entries that lines hold. Who is not among `people` or `customers` gets a negative id.

    Time without a person is the actor's.
    """

    def id_of(person: str) -> int:
        return people.get(name_key(person), -1)

    tasks: list[TaskIn] = []
    entries: list[EntryIn] = []
    for line in lines:
        if isinstance(line, TaskLine):
            task = replace(
                line.task,
                assignee_id=id_of(line.person) if line.person else None,
                customer_id=customers.get(name_key(line.customer), -1) if line.customer else None,
            )
            tasks.append(task)
            if line.total:
                day, seconds = line.total
                by = actor.user_id if task.assignee_id is None else task.assignee_id
                entries.append(total_of(task_ref=task.source_ref, user_id=by, day=day, seconds=seconds))
        elif isinstance(line, EntryLine):
            by = id_of(line.person) if line.person else actor.user_id
            entries.append(replace(line.entry, user_id=by))
    return tasks, entries


def _as_shown(line: Line, judgement: Judgement, zone: ZoneInfo) -> dict[str, Any]:
    shown: dict[str, Any] = {"line": line.line, "message": judgement.message}
    if isinstance(line, TaskLine):
        task = line.task
        shown |= {
            "title": task.title,
            "status": task.status.value,
            "priority": task.priority.word,
            "category": task.category,
            "tags": list(task.tags),
            "person": line.person,
            "customer": line.customer,
            "estimated_minutes": task.estimated_minutes,
            "seconds": line.total[1] if line.total else None,
            "created_on": _day_in(zone, task.created_at),
            "completed_on": _day_in(zone, task.completed_at),
        }
    elif isinstance(line, EntryLine):
        entry = line.entry
        shown |= {
            "task_ref": entry.task_ref,
            "person": line.person,
            "started_at": entry.started_at.isoformat() if entry.started_at else None,
            "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
            "day": entry.day.isoformat() if entry.day else None,
            "interrupted_seconds": entry.interrupted_seconds,
            "seconds": entry.counted_seconds,
            "note": entry.note,
        }
    return shown


def _day_in(zone: ZoneInfo, instant: datetime | None) -> str | None:
    return instant.astimezone(zone).date().isoformat() if instant else None


def first_rows_of(record: Import) -> list[dict[str, Any]]:
    """Return the first lines of a file as they would be taken in, days and instants as such."""
    readers = {"started_at": datetime.fromisoformat, "ended_at": datetime.fromisoformat}
    readers |= dict.fromkeys(("created_on", "completed_on", "day"), date.fromisoformat)  # type: ignore[arg-type]
    return [
        {name: readers[name](value) if value and name in readers else value for name, value in row.items()}
        for row in record.report["first_rows"]
    ]


def _report(
    sheet: Sheet, mapping: FileMapping, tally: Tally, first_rows: list[dict[str, Any]], people: Mapping[str, int]
) -> dict[str, Any]:
    names = words_in(sheet, mapping.column(Meaning.PERSON), most=MOST_PEOPLE)
    is_tasks = mapping.kind is ImportKind.TASKS
    return {
        "header": list(sheet.header),
        "samples": _samples(sheet),
        "first_rows": first_rows,
        "created": tally.verdicts[Verdict.CREATED],
        "updated": tally.verdicts[Verdict.UPDATED],
        "skipped": tally.verdicts[Verdict.SKIPPED],
        "refused": tally.verdicts[Verdict.REFUSED],
        "seconds": tally.seconds,
        "remarks": {remark.name: number for remark, number in tally.remarks.most_common()},
        "statuses": _as_pairs(words_in(sheet, mapping.column(Meaning.STATUS), most=MOST_WORDS)) if is_tasks else [],
        "priorities": _as_pairs(words_in(sheet, mapping.column(Meaning.PRIORITY), most=MOST_WORDS)) if is_tasks else [],
        "people": _as_pairs(names),
        "are_days_doubtful": _are_days_doubtful(sheet, mapping),
        "new_people": [word for word, _ in names.counts if name_key(word) not in people],
    }


def _are_days_doubtful(sheet: Sheet, mapping: FileMapping) -> bool:
    """Tell whether the days of a file could be meant day-first and month-first."""
    positions = [position for position, meaning in enumerate(mapping.columns) if meaning in DATES]
    rows = islice((row for row in sheet.rows() if isinstance(row, Row)), _ROWS_TRIED)
    cells = [row.cells[position] for row in rows for position in positions if row.cells[position].strip()]
    return guess_day_order(cells)[1]


def _as_pairs(words: Words) -> list[list[Any]]:
    return [[word, number] for word, number in words.counts]


def _samples(sheet: Sheet) -> list[list[str]]:
    """Return a few different cells of each column."""
    samples: list[dict[str, None]] = [{} for _ in sheet.header]
    for row in islice(sheet.rows(), 200):
        if isinstance(row, Row):
            for found, cell in zip(samples, row.cells, strict=True):
                text = " ".join(cell.split())
                if text and len(found) < _SAMPLES:
                    found[text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…"] = None
    return [list(found) for found in samples]


@dataclass(frozen=True)
class Standing:
    """How far an import has come, as a page shows it."""

    is_waiting: bool
    is_running: bool
    is_undoing: bool
    has_ended: bool
    can_undo: bool


def standing_of(record: Import) -> Standing:
    """Return where an import stands."""
    state = record.state
    return Standing(
        is_waiting=state is ImportState.WAITING,
        is_running=state is ImportState.RUNNING,
        is_undoing=state is ImportState.UNDOING,
        has_ended=state in (ImportState.DONE, ImportState.FAILED, ImportState.UNDONE),
        can_undo=state in (ImportState.DONE, ImportState.FAILED),
    )


def find_days(*, record: Import, actor: Actor) -> tuple[date, date] | None:
    """
    Return the first and the last day on which tasks of an import's data were completed, None where none were.

    The days are no further apart than a dashboard can show: then it is the later ones.
    """
    first, last = db.session.execute(
        select(func.min(Task.completed_on), func.max(Task.completed_on)).where(
            Task.workspace_id == actor.workspace_id, Task.source == record.source, Task.is_deleted == false()
        )
    ).one()
    if first is None or last is None:
        return None
    return max(first, last - timedelta(days=LONGEST_PERIOD_DAYS - 1)), last


def remarks_of(record: Import) -> list[tuple[int, str]]:
    """Return what is to be said about many lines of an import, with how many lines it concerns."""
    return [(number, Remark[name].said_of(number)) for name, number in record.report.get("remarks", {}).items()]


def has_sample(*, actor: Actor) -> bool:
    """Tell whether the actor's workspace holds sample data."""
    found = select(SampleRecord.record_id).where(SampleRecord.workspace_id == actor.workspace_id).limit(1)
    return db.session.scalar(found) is not None
