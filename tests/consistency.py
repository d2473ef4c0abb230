"""What is derived from other rows and kept beside them is what those rows say, after whatever was done."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from webapp.storage.db import db
from webapp.tasks.models import Comment, EntryDay, Series, Task, TaskBlocker, TaskTag, TaskWord, TimeEntry
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.entries import seconds_by_day
from webapp.tasks.rules.tasks import estimate_sort, title_key
from webapp.tasks.rules.words import words_of


def assert_consistent() -> None:
    """Work out anew all that is derived, and compare."""
    db.session.rollback()
    tasks = {task.id: task for task in db.session.scalars(select(Task))}
    entries = list(db.session.scalars(select(TimeEntry)))
    _check_time(tasks, entries)
    _check_columns(tasks)
    _check_tags(tasks)
    _check_words(tasks)
    _check_links(tasks)
    _check_series(tasks)
    db.session.rollback()


def _check_time(tasks: dict[int, Task], entries: list[TimeEntry]) -> None:
    spent: Counter[int] = Counter()
    for entry in entries:
        if entry.deleted_at is None:
            is_open = entry.started_at is not None and entry.ended_at is None
            assert (entry.running_user_id is not None) == is_open, f"entry {entry.id} runs or has an end"
            spent[entry.task_id] += entry.seconds
        if entry.running_user_id is not None:
            assert entry.deleted_at is None, "a timer runs in the trash"
            assert not tasks[entry.task_id].is_deleted, "a timer runs on a task in the trash"
    assert {task.id: task.tracked_seconds for task in tasks.values()} == {key: spent[key] for key in tasks}
    running = Counter(entry.running_user_id for entry in entries if entry.running_user_id is not None)
    assert set(running.values()) <= {1}
    days: dict[int, dict[date, int]] = defaultdict(dict)
    for row in db.session.scalars(select(EntryDay)):
        days[row.entry_id][row.day] = row.seconds
    for entry in entries:
        assert days.get(entry.id, {}) == _days_of(entry), f"the days of entry {entry.id}"
        if entry.deleted_at is None:
            assert entry.seconds == sum(_days_of(entry).values()), f"the length of entry {entry.id}"


def _days_of(entry: TimeEntry) -> dict[date, int]:
    if entry.deleted_at is not None or entry.running_user_id is not None:
        return {}
    if entry.started_at is None or entry.ended_at is None:
        return {entry.day: entry.seconds} if entry.seconds else {}
    return seconds_by_day(entry.started_at, entry.ended_at, ZoneInfo(entry.zone), entry.interrupted_seconds or 0)


def _check_columns(tasks: dict[int, Task]) -> None:
    for task in tasks.values():
        assert task.due_sort == due_sort(due_on=task.due_on, due_at=task.due_at)
        assert task.estimate_sort == estimate_sort(task.estimated_minutes)
        assert task.title_key == title_key(task.title)
        assert task.is_deleted == (task.deleted_at is not None)
        assert (task.status == "done") == (task.completed_at is not None) == (task.completed_on is not None)


def _check_tags(tasks: dict[int, Task]) -> None:
    tags: dict[int, list[int]] = defaultdict(list)
    for link in db.session.scalars(select(TaskTag).order_by(TaskTag.task_id, TaskTag.tag_id)):
        task = tasks[link.task_id]
        tags[task.id].append(link.tag_id)
        assert (link.due_sort, link.priority, link.created_at, link.updated_at, link.is_deleted) == (
            task.due_sort,
            task.priority,
            task.created_at,
            task.updated_at,
            task.is_deleted,
        ), f"what tag {link.tag_id} repeats of task {task.id}"
    for task in tasks.values():
        assert task.tag_list == ",".join(map(str, tags[task.id]))


def _check_words(tasks: dict[int, Task]) -> None:
    said: dict[int, list[str]] = defaultdict(list)
    for comment in db.session.scalars(select(Comment).order_by(Comment.id)):
        said[comment.task_id].append(comment.text)
    words: dict[int, set[str]] = defaultdict(set)
    for row in db.session.scalars(select(TaskWord)):
        words[row.task_id].add(row.word)
    for task in tasks.values():
        assert words[task.id] == set(words_of(task.title, task.description, *said[task.id])), f"words of {task.id}"


def _check_links(tasks: dict[int, Task]) -> None:
    waits: dict[int, set[int]] = defaultdict(set)
    for link in db.session.scalars(select(TaskBlocker)):
        assert tasks[link.task_id].has_blockers
        waits[link.task_id].add(link.blocked_by_id)
    parts: dict[int, set[int]] = defaultdict(set)
    for task in tasks.values():
        if task.parent_id is not None:
            assert tasks[task.parent_id].has_subtasks
            parts[task.id].add(task.parent_id)
    for edges in (waits, parts):
        for start in tasks:
            seen: set[int] = set()
            frontier = set(edges.get(start, ()))
            while frontier:
                assert start not in frontier, f"a circle through task {start}"
                seen |= frontier
                frontier = {other for one in frontier for other in edges.get(one, ())} - seen


def _check_series(tasks: dict[int, Task]) -> None:
    newest: dict[int, int] = {}
    for task in tasks.values():
        assert (task.series_id is None) == (task.occurrence is None)
        if task.series_id is not None and task.occurrence is not None:
            newest[task.series_id] = max(newest.get(task.series_id, -1), task.occurrence)
    for series in db.session.scalars(select(Series)):
        assert newest.get(series.id, -1) <= series.newest_n, f"series {series.id} knows its newest"
