"""Who and what the lines of a file mean of what is here. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from webapp.customers import queries as customer_queries
from webapp.tasks.models import Category, Tag
from webapp.tasks.queries import intake
from webapp.tasks.rules.intake import EntryIn, TaskIn, total_of
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.rows import EntryLine, Line, OwnRecord, RecordLine, TaskLine, key_of
from webapp.values.actor import Actor
from webapp.values.text import name_key
from webapp.workspaces import queries as workspace_queries

BATCH_ROWS = 500


def batches_of(lines: Iterable[Line], *, rows: int = BATCH_ROWS) -> Iterator[list[Line]]:
    """Cut lines into batches of `rows`."""
    lines = iter(lines)
    while batch := list(islice(lines, rows)):
        yield batch


def people_in(line: Line) -> Iterator[str]:
    """Yield what a line calls people by."""
    if isinstance(line, TaskLine | EntryLine) and line.person:
        yield line.person
    if isinstance(line, TaskLine):
        yield from dict.fromkeys(comment.author_name for comment in line.task.comments if comment.author_name)
    if isinstance(line, RecordLine) and isinstance(line.record, OwnSeries):
        yield from filter(None, (line.record.person, line.record.assignee))


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
    return [record for record in records if key_of(record) not in here[type(record)]]


def _keys(records: Sequence[OwnRecord], kind: type[OwnRecord]) -> list[str]:
    return [key_of(record) for record in records if isinstance(record, kind)]


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
