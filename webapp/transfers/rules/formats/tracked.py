"""Time from programs that know no tasks: the tasks it is for are made of what each entry names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import EntryIn, TaskIn
from webapp.transfers.rules.cells import DayOrder, Moment, read_moment
from webapp.transfers.rules.formats.lines import LeftOut, Unreadable, fitting_name, fitting_tags
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, Remark, TaskLine, lengths_differ


@dataclass(frozen=True)
class Tracked:
    """
    One entry and the task that it names.

    `entry.task_ref` is that of the task; `is_title_made` tells that nobody named it.
    """

    line: int
    entry: EntryIn
    title: str
    category: str = ""
    customer: str = ""
    person: str = ""
    remarks: tuple[Remark, ...] = ()
    is_title_made: bool = False
    left_out: tuple[str, ...] = ()


def tags_by_task(said: Iterable[tuple[str, Iterable[str]]]) -> dict[str, dict[str, None]]:
    """Return the tags of all entries of each task, by its reference: a task has them all from its first line on."""
    tags: dict[str, dict[str, None]] = {}
    for task_ref, words in said:
        for word in words:
            tags.setdefault(task_ref, {}).setdefault(word)
    return tags


def lines_of(entries: Iterable[Tracked | RefusedLine], tags: Mapping[str, Iterable[str]]) -> Iterator[Line]:
    """
    Yield the entries, each task before the first of its own.

    :param tags: see `tags_by_task`
    """
    known: set[str] = set()
    for entry in entries:
        if isinstance(entry, RefusedLine):
            yield entry
            continue
        if entry.entry.task_ref not in known:
            known.add(entry.entry.task_ref)
            yield _task(entry, tags.get(entry.entry.task_ref, ()))
        yield EntryLine(entry.line, entry.entry, entry.person, remarks=entry.remarks, left_out=entry.left_out)


def _task(entry: Tracked, tags: Iterable[str]) -> TaskLine:
    left_out = LeftOut()
    task = TaskIn(
        source_ref=entry.entry.task_ref,
        title=entry.title,
        category=fitting_name(entry.category, "projects", left_out) or None,
        # Sorted, so that another order of the same entries is no change.
        tags=fitting_tags(sorted(tags), left_out),
    )
    remarks = (Remark.CREATED_NOW, *((Remark.TITLE_MADE,) if entry.is_title_made else ()))
    return TaskLine(entry.line, task, customer=entry.customer, remarks=remarks, left_out=left_out.names)


def remarks_on_time(
    start: Moment, end: Moment, *, said_seconds: int | None, counted_seconds: int
) -> tuple[Remark, ...]:
    """Return what there is to say about an interval, and a length that the file says beside it."""
    remarks = []
    if start.was_skipped or end.was_skipped:
        remarks.append(Remark.CLOCK_SKIPPED)
    if lengths_differ(said_seconds, counted_seconds):
        remarks.append(Remark.LENGTH_DIFFERS)
    return tuple(remarks)


def clock_after(clock: str, start: Moment, zone: ZoneInfo, *, days: int = 0) -> Moment:
    """
    Return when clocks show this after `start`: so many days later, or a day later still where it would be before it.
    """
    for on in (start.day + timedelta(days=days), start.day + timedelta(days=days + 1)):
        try:
            moment = read_moment(f"{on.isoformat()} {clock}", order=DayOrder.DAY_FIRST, zone=zone, after=start.instant)
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"Its end: {error}.") from None
        if moment.instant >= start.instant:
            break
    return moment
