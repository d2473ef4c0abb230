"""Questions about imports: what was kept of a file, how far it came, and which data there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import defer, undefer

from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.tasks.models import Series, Task, TimeEntry
from webapp.tasks.queries import intake
from webapp.transfers.models import Import, ImportChange, ImportRemark
from webapp.transfers.queries.examining import NOTHING_FOUND
from webapp.transfers.rules import ChangeKind, ImportState
from webapp.transfers.rules.columns import Meaning
from webapp.transfers.rules.keeping import unpacked
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.preview import as_values
from webapp.transfers.rules.reading import Row, Sheet, TextSource
from webapp.transfers.rules.rows import Remark
from webapp.values.actor import Actor
from webapp.values.period import LONGEST_PERIOD_DAYS

MOST_SOURCES = 50
SHOWN_REMARKS = 100
SHOWN_IMPORTS = 20
_REFS_TRIED = 200


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


def report_of(record: Import) -> dict[str, Any]:
    """Return all that was found in a file; what an earlier version did not look for is empty."""
    return {**NOTHING_FOUND, **record.report}


def first_rows_of(record: Import) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the first tasks and the first entries of a file as they would be taken in."""
    if "first_entries" not in record.report:
        # Looked over by an earlier version, which noted other things of a row: “Check again” shows them.
        return [], []
    return as_values(record.report["first_rows"]), as_values(record.report["first_entries"])


def remarks_of(record: Import) -> list[tuple[int, str]]:
    """Return what is to be said about many lines of an import, with how many lines it concerns."""
    return [(number, Remark[name].said_of(number)) for name, number in record.report.get("remarks", {}).items()]


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
