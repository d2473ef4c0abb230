"""Adding the sample year to a workspace, and removing it again without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, false, insert, select, update

from webapp.calculations.operations import worksheets
from webapp.calculations.operations.records import keep, remove_sample_chains
from webapp.customers import operations as customer_operations
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.storage.journal import unrecorded
from webapp.storage.transaction import transactional
from webapp.tasks.models import Comment, Series, Task, TaskBlocker
from webapp.tasks.operations import blockers, comments, intake, recurrence, taking_back
from webapp.tasks.queries.intake import find_by_ref, list_changes_of_source
from webapp.tasks.rules.intake import SAMPLE_SOURCE, Change
from webapp.transfers.models import SampleRecord
from webapp.transfers.queries.sample import has_sample
from webapp.transfers.rules.sample import QUOTE_SAVED, Sample, SampleKind, SampleWorksheet, make_sample
from webapp.values.actor import Actor
from webapp.workspaces.models import Workspace

_KIND_OF_TABLE = {"categories": SampleKind.CATEGORY, "tags": SampleKind.TAG}
_TABLE_OF_KIND = {kind: table for table, kind in _KIND_OF_TABLE.items()}


@transactional
@unrecorded()
def add_sample(*, actor: Actor, now: datetime) -> bool:
    """Add a year of sample work that ends now. Where there is one, nothing is added, and the answer is False."""
    _lock(actor)
    if has_sample(actor=actor):
        return False
    with unrecorded():
        _add(make_sample(now=now, zone=actor.zone, user_id=actor.user_id), actor=actor, now=now)
    return True


def _add(sample: Sample, *, actor: Actor, now: datetime) -> None:
    customer_ids = [
        customer_operations.create_customer(details=details, actor=actor, now=sample.begins_at)
        for details in sample.customers
    ]
    changes = _take_in_work(sample, customer_ids, actor=actor, now=now)
    calculation_ids: list[int] = []
    for made in sample.calculations:
        kept = keep(
            typed=made.typed,
            note=made.note,
            customer_id=None if made.customer is None else customer_ids[made.customer],
            revises_id=None if made.revises is None else calculation_ids[made.revises],
            is_sample=True,
            actor=actor,
            now=made.made_at,
        )
        calculation_ids.append(kept.id)
    worksheet_ids = [_write_worksheet(sheet, customer_ids, actor=actor) for sheet in sample.worksheets]
    _remember(SampleKind.CUSTOMER, customer_ids, actor=actor)
    _remember(SampleKind.CALCULATION, calculation_ids, actor=actor)
    _remember(SampleKind.WORKSHEET, worksheet_ids, actor=actor)
    for table, kind in _KIND_OF_TABLE.items():
        _remember(kind, [change.record_id for change in changes if change.table == table], actor=actor)
    _bring_together(sample, actor=actor, now=now)


def _write_worksheet(sheet: SampleWorksheet, customer_ids: Sequence[int], *, actor: Actor) -> int:
    (text, begun_at), *later = sheet.versions
    worksheet_id = worksheets.create_worksheet(
        title=sheet.title, text=text, customer_id=customer_ids[sheet.customer], actor=actor, now=begun_at
    )
    for number, (text, saved_at) in enumerate(later, 1):
        worksheets.save_worksheet(
            worksheet_id=worksheet_id, title=sheet.title, text=text, version=number, actor=actor, now=saved_at
        )
    return worksheet_id


@transactional
@unrecorded()
def remove_sample(*, actor: Actor, now: datetime) -> int:
    """
    Remove what `add_sample` has made, and return how many tasks were kept.

    A task that somebody has changed, or put time on, since is theirs: it stays, without the sample's time, and is no
    sample any more. So is a changed customer, or one of a task that stays. Nothing else is touched.
    """
    _lock(actor)
    made = _remembered(actor=actor)
    changes = list_changes_of_source(source=SAMPLE_SOURCE, actor=actor)
    for kind, table in _TABLE_OF_KIND.items():
        changes += [Change(table, record_id) for record_id in made[kind]]
    task_ids = [change.record_id for change in changes if change.table == "tasks"]
    _take_apart(made, task_ids, actor=actor)
    taking_back.take_back(changes=changes, actor=actor, now=now)
    kept = _count_kept(task_ids, actor=actor)
    taking_back.let_go(source=SAMPLE_SOURCE, actor=actor)

    needed = set(
        db.session.scalars(
            select(Task.customer_id).where(
                Task.workspace_id == actor.workspace_id, Task.customer_id.in_(made[SampleKind.CUSTOMER])
            )
        )
    )
    customer_operations.remove_unchanged_customers(
        customer_ids=[customer_id for customer_id in made[SampleKind.CUSTOMER] if customer_id not in needed],
        actor=actor,
    )
    remove_sample_chains(actor=actor)
    worksheets.remove_unchanged_worksheets(
        worksheet_ids=made[SampleKind.WORKSHEET], number=len(QUOTE_SAVED), actor=actor
    )
    db.session.execute(delete(SampleRecord).where(SampleRecord.workspace_id == actor.workspace_id))
    return kept


def _take_in_work(sample: Sample, customer_ids: Sequence[int], *, actor: Actor, now: datetime) -> list[Change]:
    tasks = [
        replace(task, customer_id=customer_ids[sample.customer_of[task.source_ref]])
        if task.source_ref in sample.customer_of
        else task
        for task in sample.tasks
    ]
    taken = intake.take_in(
        source=SAMPLE_SOURCE, tasks=tasks, entries=sample.entries, zone=actor.zone, actor=actor, now=now
    )
    return taken.changes


def _bring_together(sample: Sample, *, actor: Actor, now: datetime) -> None:
    """Make of single tasks a project whose parts wait for each other, and have some come again."""
    found = find_by_ref(
        Task,
        (Task.id,),
        source=SAMPLE_SOURCE,
        refs=[part.ref for part in sample.parts],
        actor=actor,
    )
    ids = {ref: row.id for ref, row in found.items()}
    comment_ids = []
    for part in sample.parts:
        task_id = ids[part.ref]
        if part.part_of is not None:
            db.session.execute(update(Task).where(Task.id == task_id).values(parent_id=ids[part.part_of]))
        for other in part.waits_for:
            blockers.add_blocker(task_id=task_id, blocked_by_id=ids[other], actor=actor, now=now)
        if part.repeat is not None:
            recurrence.set_repeat(task_id=task_id, repeat=part.repeat, actor=actor, now=now)
        for text in part.comments:
            comment_ids.append(comments.add_comment(task_id=task_id, text=text, actor=actor, now=now))
    series_ids = db.session.scalars(
        select(Task.series_id).where(Task.id.in_(ids.values()), Task.series_id.is_not(None))
    ).all()
    _remember(SampleKind.COMMENT, comment_ids, actor=actor)
    _remember(SampleKind.SERIES, [number for number in series_ids if number is not None], actor=actor)


def _take_apart(made: Mapping[SampleKind, Sequence[int]], task_ids: Sequence[int], *, actor: Actor) -> None:
    # How the sample's tasks were brought together is no change of them that keeps them.
    for chunk in in_chunks(task_ids):
        db.session.execute(
            update(Task)
            .where(Task.id.in_(chunk), Task.parent_id.in_(task_ids))
            .values(parent_id=None)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            delete(TaskBlocker)
            .where(TaskBlocker.task_id.in_(chunk), TaskBlocker.blocked_by_id.in_(task_ids))
            .execution_options(synchronize_session=False)
        )
    # Before the tasks: what people said on one, or had come of a series, keeps it.
    db.session.execute(
        delete(Comment).where(Comment.workspace_id == actor.workspace_id, Comment.id.in_(made[SampleKind.COMMENT]))
    )
    db.session.execute(
        delete(Series).where(Series.workspace_id == actor.workspace_id, Series.id.in_(made[SampleKind.SERIES]))
    )


def _count_kept(task_ids: Sequence[int], *, actor: Actor) -> int:
    left = select(Task.id).where(
        Task.workspace_id == actor.workspace_id, Task.source == SAMPLE_SOURCE, Task.is_deleted == false()
    )
    return len(set(db.session.scalars(left)) & set(task_ids))


def _lock(actor: Actor) -> None:
    # Pressing the button twice adds one year, not two.
    db.session.get_one(Workspace, actor.workspace_id, with_for_update=True)


def _remember(kind: SampleKind, record_ids: Iterable[int], *, actor: Actor) -> None:
    rows = [{"workspace_id": actor.workspace_id, "kind": kind, "record_id": record_id} for record_id in record_ids]
    if rows:
        db.session.execute(insert(SampleRecord), rows)


def _remembered(*, actor: Actor) -> dict[SampleKind, list[int]]:
    made: dict[SampleKind, list[int]] = {kind: [] for kind in SampleKind}
    for kind, record_id in db.session.execute(
        select(SampleRecord.kind, SampleRecord.record_id).where(SampleRecord.workspace_id == actor.workspace_id)
    ):
        made[kind].append(record_id)
    return made
