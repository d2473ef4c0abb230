"""Files of the shapes that people bring: made here, oddities included, from nobody's real work."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

TASK_COLUMNS = (
    "task_id", "title", "person", "project", "category", "subcategory", "priority", "estimate_hours", "actual_hours",
    "created_at", "started_at", "completed_at",
)  # fmt: skip
ENTRY_COLUMNS = (
    "entry_id", "task_id", "person", "project", "activity", "started_at", "ended_at", "minutes", "interrupted_minutes",
)  # fmt: skip
_ACTIVITIES = ("Design", "Design Review", "Code", "Code Review", "Test", "Misc")
_KINDS = {"Development": ("Bug", "Enhancement"), "Operational": ("Support",), "Management": ("Planning", "Training")}


def as_csv(rows: Sequence[Sequence[object]], *, delimiter: str = ",") -> bytes:
    """Write rows as CSV in UTF-8, the first being the header."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def finished_tasks(count: int, *, seed: int = 1) -> list[tuple[object, ...]]:
    """
    Tasks of a company with days, estimates and actual hours.

    Some have no start, some were started after they were finished, some took hundreds of hours; priorities go from 1
    to 10, and here and there a title holds punctuation that was read in the wrong encoding.
    """
    chance = Random(seed)
    rows: list[tuple[object, ...]] = [TASK_COLUMNS]
    for number in range(count):
        category = chance.choice(list(_KINDS))
        created = date(2004, 2, 26) + timedelta(days=chance.randrange(2000))
        started = created + timedelta(days=chance.randrange(30))
        completed = created + timedelta(days=chance.randrange(60))
        estimate = chance.choice((0.01, 0.25, 0.5, 1.0, 2.0, 7.0, 95.0))
        title = f"Task {number}: {chance.choice(('repair', 'check', 'write up'))} report {chance.randrange(90)} "
        rows.append(
            (
                3 * number + 1735,
                title + ("doesn\x92t load" if number % 500 == 3 else ""),
                f"dev{chance.randrange(16)}",
                f"PC{chance.randrange(13)}",
                category,
                chance.choice(_KINDS[category]),
                chance.choice((1, 1, 1, 2, 3, 5, 8, 10)),
                estimate,
                562.7 if number == 7 else round(estimate * chance.choice((0.5, 1, 1, 1.37, 3)), 2),
                created,
                "" if number % 60 == 5 else started,
                completed,
            )
        )
    return rows


def timed_work(tasks: int, *, seed: int = 2) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """
    Tasks without titles and priorities, with totals to four places, and the timed entries they add up to.

    Some entries were interrupted, some overlap, one has no length; every tenth task is missing from the first table.
    """
    chance = Random(seed)
    task_rows: list[tuple[object, ...]] = [TASK_COLUMNS]
    entry_rows: list[tuple[object, ...]] = [ENTRY_COLUMNS]
    entry_id = 210_400
    for number in range(tasks):
        person, activity, ref = (
            f"p{640 + number % 7}",
            chance.choice(_ACTIVITIES),
            f"{175_174 + number}-{640 + number % 7}",
        )
        moment = datetime(2012, 9, 10, 8, tzinfo=UTC) + timedelta(hours=3 * number)
        first, spent = moment, 0
        for index in range(1 + chance.randrange(8)):
            interrupted = chance.choice((0, 0, 0, 3, 14))
            minutes = 0 if entry_id == 210_402 else chance.randrange(1, 400)
            ended = moment + timedelta(minutes=minutes + interrupted)
            entry_rows.append(
                (entry_id, ref, person, "proj1", activity, _clock(moment), _clock(ended), minutes, interrupted)
            )
            spent += minutes
            entry_id += 1
            # Every third begins before the last has ended.
            moment = ended - timedelta(minutes=5) if index % 3 == 2 else ended + timedelta(minutes=30)
        if number % 10 != 9:
            estimate, actual = f"{chance.uniform(0.01, 8):.4f}", f"{spent / 60:.4f}"
            task_rows.append(
                (
                    ref,
                    "",
                    person,
                    "proj1",
                    "TSP",
                    activity,
                    "",
                    estimate,
                    actual,
                    _clock(first),
                    _clock(first),
                    _clock(ended),
                )
            )
    return task_rows, entry_rows


def _clock(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def issues(count: int, *, seed: int = 3) -> list[tuple[object, ...]]:
    """Issues of two projects, numbered rather than titled; two in five were finished before they were created."""
    chance = Random(seed)
    rows: list[tuple[object, ...]] = [("id", "project", "task", "created_date", "finished_date", "cycle_time_days")]
    for number in range(count):
        created = date(2012, 4, 25) + timedelta(days=chance.randrange(2500))
        days = -1 if number % 5 < 2 else chance.randrange(200)
        rows.append((f"P{number % 2}-T{number}", number % 2, number, created, created + timedelta(days=days), days))
    return rows


def real_file(name: str) -> bytes:
    """Return a file of the folder that DEVTRACKR_DATA names."""
    return (Path(os.environ["DEVTRACKR_DATA"]) / name).read_bytes()
