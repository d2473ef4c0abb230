"""From the records of our own files to lines: both of our formats say the same in two ways."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.tasks.rules.intake import CommentIn, EntryIn, OwnFacts, TaskIn
from webapp.transfers.rules.formats.lines import Numbering, digest_of
from webapp.transfers.rules.own import OwnEntry, OwnTask
from webapp.transfers.rules.rows import EntryLine, TaskLine


def task_line(line: int, task: OwnTask, *, customer_ref: str = "", customer: str = "") -> TaskLine:
    """Return a task with all that belongs to it alone."""
    return TaskLine(
        line,
        TaskIn(
            source_ref=task.ref,
            title=task.title,
            created_at=task.created_at,
            description=task.description,
            status=task.status,
            priority=task.priority,
            category=task.category,
            tags=task.tags,
            due_on=task.due_on,
            due_at=task.due_at,
            estimated_minutes=task.estimated_minutes,
            completed_at=task.completed_at,
            starts_on=task.starts_on,
            parent_ref=task.parent,
            blocked_by_refs=task.blocked_by,
            comments=_comments(task),
            extra=task.extra,
            own=OwnFacts(
                position=task.position,
                created_on=task.created_on,
                completed_on=task.completed_on,
                updated_at=task.updated_at,
                source=task.source,
                source_ref=task.source_ref,
                series_ref=task.series,
                occurrence=task.occurrence,
            ),
        ),
        person=task.assignee or "",
        customer=customer,
        customer_ref=customer_ref,
    )


def _comments(task: OwnTask) -> tuple[CommentIn, ...]:
    # A comment has no name of its own: what it says, who said it and when is what it is known by.
    numbering = Numbering()
    return tuple(
        CommentIn(
            source_ref=numbering.ref(digest_of(said.person, said.created_at.isoformat(), said.text)),
            text=said.text,
            created_at=said.created_at,
            author_name=said.person,
            edited_at=said.edited_at,
        )
        for said in task.comments
    )


def entry_line(line: int, entry: OwnEntry, *, customer_ref: str = "", customer: str = "") -> EntryLine:
    """Return the time spent on a task."""
    is_plain = entry.started_at is None
    return EntryLine(
        line,
        EntryIn(
            source_ref=entry.ref,
            task_ref=entry.task,
            user_id=0,
            started_at=entry.started_at,
            ended_at=entry.ended_at,
            interrupted_seconds=entry.interrupted_seconds,
            day=entry.day,
            seconds=entry.seconds if is_plain else 0,
            note=entry.note,
            is_billable=entry.is_billable,
            zone=entry.zone,
            own_source=entry.source,
            own_ref=entry.source_ref,
        ),
        person=entry.person,
        customer=customer,
        customer_ref=customer_ref,
    )


def further(said: Mapping[str, object], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a record says that nobody here knows of."""
    return tuple(name for name in said if name not in known)
