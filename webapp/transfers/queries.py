"""Questions about imports and the sample work, and what would become of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import false, func, select
from sqlalchemy.orm import defer, undefer

from webapp.customers import queries as customer_queries
from webapp.errors import InvalidInput, NotFound
from webapp.storage.db import db
from webapp.tasks.models import Category, Series, Tag, Task, TimeEntry
from webapp.tasks.queries import intake
from webapp.tasks.rules.intake import EntryIn, Outcome, TaskIn, total_of
from webapp.tasks.rules.linking import Links
from webapp.tasks.rules.recurrence import checked
from webapp.transfers.models import Import, ImportChange, ImportRemark, SampleRecord
from webapp.transfers.rules import ChangeKind, ImportKind, ImportState
from webapp.transfers.rules.columns import DATES, Meaning, guess_day_order
from webapp.transfers.rules.formats import OWN, lines_of
from webapp.transfers.rules.formats.reader import Format, Reading
from webapp.transfers.rules.judging import LONGEST_MESSAGE, LineRemark, Tally, Verdict, judge
from webapp.transfers.rules.keeping import unpacked
from webapp.transfers.rules.mapping import MOST_WORDS, Words, words_in
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.preview import FirstRows, as_dates
from webapp.transfers.rules.reading import Row, Sheet, TextSource, open_sheet
from webapp.transfers.rules.rows import EntryLine, Line, OwnRecord, RecordLine, Remark, TaskLine
from webapp.values.actor import Actor
from webapp.values.period import LONGEST_PERIOD_DAYS
from webapp.values.status import Status
from webapp.values.text import name_key
from webapp.workspaces import queries as workspace_queries

BATCH_ROWS = 500
MOST_PEOPLE = 200
MOST_SOURCES = 50
MOST_LEFT_OUT = 50
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


def get_text(*, import_id: int, actor: Actor) -> TextSource:
    """
    Return the text of an import that has not ended.

    :raises NotFound: when there is no such import of theirs
    """
    found = db.session.scalar(
        select(Import)
        .where(Import.id == import_id, Import.workspace_id == actor.workspace_id)
        .options(undefer(Import.content))
    )
    if found is None or not found.content:
        raise NotFound
    return unpacked(found.content)


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


def examine(
    *,
    text: TextSource,
    form: Format,
    mapping: FileMapping,
    source: str,
    actor: Actor,
    on_batch: Callable[[int], None] | None = None,
) -> Examination:
    """
    Read a whole file, a batch at a time, and tell what an import would do with it. Changes nothing.

    :param on_batch: is told after each batch how many lines there were so far
    :raises InvalidInput: where the file cannot be read as this format
    """
    zone = ZoneInfo(mapping.zone)
    people = find_people(mapping=mapping, actor=actor)
    tally, links = Tally(), Links()
    remarks: list[LineRemark] = []
    first_rows = FirstRows(mapping.kind, zone)
    named: Counter[str] = Counter()
    lines_by_ref: dict[str, int] = {}
    known_as = None if form in OWN else source
    reading = Reading(zone=zone, source=source, delimiter=mapping.delimiter, mapping=mapping)
    for batch in batches_of(lines_of(text, form=form, reading=reading)):
        customers = find_customers(batch, actor=actor)
        tasks, entries = to_take_in(batch, people=people, customers=customers, actor=actor)
        foretold = intake.survey(source=known_as, tasks=tasks, entries=entries, actor=actor, promised=lines_by_ref)
        left_out = {task.source_ref: said for task in tasks if (said := what_does_not_come_again(task))}
        new_records = find_new_records(batch, actor=actor)
        for line in batch:
            judgement = judge(
                line,
                tasks=foretold.tasks,
                entries=foretold.entries,
                source="" if form in OWN else source,
                left_out=left_out,
                new_records=new_records,
            )
            if _is_due_next(line):
                judgement = replace(judgement, remarks=(*judgement.remarks, Remark.DUE_NEXT))
            remarks += tally.add([judgement])
            first_rows.add(line, judgement)
            named.update(people_in(line))
            if isinstance(line, TaskLine):
                lines_by_ref[line.task.source_ref] = line.line
                if foretold.tasks[line.task.source_ref] in (Outcome.CREATED, Outcome.UPDATED):
                    links.add(line.task)
        tally.remarks[Remark.ONCE] += len(left_out)
        if on_batch:
            on_batch(tally.rows)
    if tally.rows == 0:
        raise InvalidInput("There is nothing in this file that could be taken in.", field="file")
    missing = sorted(links.targets - set(lines_by_ref))
    here = set(lines_by_ref) | set(intake.find_by_ref(Task, (Task.id,), source=known_as, refs=missing, actor=actor))
    unlinked = links.left_out(here=here)
    tally.remarks[Remark.UNLINKED] += len(unlinked)
    remarks += [LineRemark(lines_by_ref[ref], False, said[:LONGEST_MESSAGE]) for ref, said in unlinked.items()]
    report = {
        "header": [],
        "samples": [],
        "first_rows": first_rows.tasks,
        "first_entries": first_rows.entries,
        **{verdict.value: tally.verdicts[verdict] for verdict in Verdict},
        "made": dict(tally.made),
        "left_out": tally.left_out.most_common(MOST_LEFT_OUT),
        "kept": tally.kept.most_common(MOST_LEFT_OUT),
        "seconds": tally.seconds,
        "remarks": {remark.name: number for remark, number in tally.remarks.most_common() if number},
        "statuses": [],
        "priorities": [],
        "people": [list(pair) for pair in named.most_common(MOST_PEOPLE)],
        "are_days_doubtful": False,
        "new_people": [name for name, _ in named.most_common(MOST_PEOPLE) if name_key(name) not in people],
    }
    if form is Format.TABLE:
        report |= _report_of_table(open_sheet(text, mapping.delimiter), mapping)
    return Examination(tally, remarks, report)


def what_does_not_come_again(task: TaskIn) -> str:
    """Say why a task that comes again elsewhere cannot here; "" where it can, or never does."""
    if task.repeat is None:
        return ""
    if task.status is Status.DONE:
        return "It is done, so that nothing comes again from it."
    due = task.due_on or (task.due_at.date() if task.due_at else None)
    if due is None:
        # It is due on the next day that fits.
        return ""
    try:
        checked(task.repeat, due=due)
    except InvalidInput as refusal:
        return f"It does not come again here. {refusal.message}"
    return ""


def _is_due_next(line: Line) -> bool:
    """Tell whether a task comes again and says no day: it is due on the next that fits (operations.intake)."""
    if not isinstance(line, TaskLine) or line.task.repeat is None or line.task.status is Status.DONE:
        return False
    return line.task.due_on is None and line.task.due_at is None


def people_in(line: Line) -> Iterator[str]:
    """Yield what a line calls people by."""
    if isinstance(line, TaskLine | EntryLine) and line.person:
        yield line.person
    if isinstance(line, TaskLine):
        yield from dict.fromkeys(comment.author_name for comment in line.task.comments if comment.author_name)
    if isinstance(line, RecordLine) and isinstance(line.record, OwnSeries):
        yield from filter(None, (line.record.person, line.record.assignee))


def list_changed_task_ids(*, import_id: int, source: str | None, refs: Sequence[str], actor: Actor) -> set[int]:
    """Return those of some tasks, by what a file calls them, that an import has made or changed."""
    found = intake.find_by_ref(Task, (Task.id,), source=source, refs=refs, actor=actor)
    return set(
        db.session.scalars(
            select(ImportChange.record_id).where(
                ImportChange.import_id == import_id,
                ImportChange.kind == ChangeKind.TASK,
                ImportChange.record_id.in_([row.id for row in found.values()]),
            )
        )
    )


def find_new_records(lines: Iterable[Line], *, actor: Actor) -> list[OwnRecord]:
    """Return what tasks refer to in lines of a file of ours and is not here: categories, tags, customers, series."""
    records = [line.record for line in lines if isinstance(line, RecordLine)]
    if not records:
        return []
    here: dict[type[OwnRecord], set[str]] = {
        OwnCategory: set(intake.find_ids_by_key(Category, _keys(records, OwnCategory), actor=actor)),
        OwnTag: set(intake.find_ids_by_key(Tag, _keys(records, OwnTag), actor=actor)),
        OwnCustomer: set(customer_queries.find_ids_by_uid(uids=_keys(records, OwnCustomer), actor=actor)),
        OwnSeries: set(intake.find_series_ids(refs=_keys(records, OwnSeries), actor=actor)),
    }
    return [record for record in records if _key(record) not in here[type(record)]]


def _keys(records: Sequence[OwnRecord], kind: type[OwnRecord]) -> list[str]:
    return [_key(record) for record in records if isinstance(record, kind)]


def _key(record: OwnRecord) -> str:
    return record.ref if isinstance(record, OwnCustomer | OwnSeries) else name_key(record.name)


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


def find_customers(lines: Sequence[Line], *, actor: Actor) -> dict[str, int]:
    """Return the ids of the customers that lines name and that are here, by `name_key`, or by their own name."""
    named = [line for line in lines if isinstance(line, TaskLine | EntryLine)]
    names = {line.customer for line in named if line.customer}
    refs = sorted({line.customer_ref for line in named if line.customer_ref})
    found = customer_queries.find_ids_by_name(names=names, actor=actor) if names else {}
    return found | (customer_queries.find_ids_by_uid(uids=refs, actor=actor) if refs else {})


def list_idle_customers(*, customer_ids: Sequence[int], actor: Actor) -> list[int]:
    """Return those of these customers whom no task, entry or series is for."""
    busy: set[int | None] = set()
    for model in (Task, TimeEntry, Series):
        busy.update(
            db.session.scalars(
                select(model.customer_id)
                .where(model.workspace_id == actor.workspace_id, model.customer_id.in_(customer_ids))
                .distinct()
            )
        )
    return [customer_id for customer_id in customer_ids if customer_id not in busy]


def to_take_in(
    lines: Sequence[Line], *, people: Mapping[str, int], customers: Mapping[str, int], actor: Actor
) -> tuple[list[TaskIn], list[EntryIn]]:
    """
    Return the tasks and entries that lines hold. Who is not among `people` or `customers` gets a negative id.

    Time without a person is the actor's, and so is a comment.
    """

    def id_of(person: str) -> int:
        return people.get(name_key(person), -1) if person else actor.user_id

    def customer_of(line: TaskLine | EntryLine) -> int | None:
        if line.customer_ref:
            return customers.get(line.customer_ref)
        return customers.get(name_key(line.customer), -1) if line.customer else None

    tasks: list[TaskIn] = []
    entries: list[EntryIn] = []
    for line in lines:
        if isinstance(line, TaskLine):
            task = replace(
                line.task,
                assignee_id=id_of(line.person) if line.person else None,
                customer_id=customer_of(line),
                comments=tuple(replace(c, user_id=id_of(c.author_name)) for c in line.task.comments),
            )
            tasks.append(task)
            if line.total:
                day, seconds = line.total
                by = actor.user_id if task.assignee_id is None else task.assignee_id
                entries.append(total_of(task_ref=task.source_ref, user_id=by, day=day, seconds=seconds))
        elif isinstance(line, EntryLine):
            entries.append(replace(line.entry, user_id=id_of(line.person), customer_id=customer_of(line)))
    return tasks, entries


# What a report says of a file in which nothing was found.
NOTHING_FOUND: dict[str, Any] = {
    "header": [], "samples": [], "first_rows": [], "first_entries": [], "left_out": [], "kept": [], "remarks": {},
    "created": 0, "updated": 0, "skipped": 0, "refused": 0, "seconds": 0, "statuses": [], "priorities": [],
    "people": [], "new_people": [], "are_days_doubtful": False, "made": {},
}


def report_of(record: Import) -> dict[str, Any]:
    """Return all that was found in a file; what an earlier version did not look for is empty."""
    return {**NOTHING_FOUND, **record.report}


def first_rows_of(record: Import) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the first tasks and the first entries of a file as they would be taken in."""
    if "first_entries" not in record.report:
        # Looked over by an earlier version, which noted other things of a row: “Check again” shows them.
        return [], []
    return as_dates(record.report["first_rows"]), as_dates(record.report["first_entries"])


def _report_of_table(sheet: Sheet, mapping: FileMapping) -> dict[str, Any]:
    is_tasks = mapping.kind is ImportKind.TASKS
    return {
        "header": list(sheet.header),
        "samples": _samples(sheet),
        "statuses": _as_pairs(words_in(sheet, mapping.column(Meaning.STATUS), most=MOST_WORDS)) if is_tasks else [],
        "priorities": _as_pairs(words_in(sheet, mapping.column(Meaning.PRIORITY), most=MOST_WORDS)) if is_tasks else [],
        "people": _as_pairs(words_in(sheet, mapping.column(Meaning.PERSON), most=MOST_PEOPLE)),
        "are_days_doubtful": _are_days_doubtful(sheet, mapping),
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

    is_checking: bool
    is_waiting: bool
    is_running: bool
    is_undoing: bool
    has_ended: bool
    can_undo: bool


def standing_of(record: Import) -> Standing:
    """Return where an import stands."""
    state = record.state
    return Standing(
        is_checking=state is ImportState.CHECKING,
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
