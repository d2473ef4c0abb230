"""What the columns of a foreign file mean: the meanings there are, and a guess to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.cells import DayOrder, Unit, orders_that_fit
from webapp.values.text import name_key


class Meaning(StrEnum):
    """What one column says about a task or an entry."""

    REF = "ref"
    TITLE = "title"
    DESCRIPTION = "description"
    STATUS = "status"
    PRIORITY = "priority"
    CATEGORY = "category"
    CUSTOMER = "customer"
    TAG = "tag"
    TAGS = "tags"
    PERSON = "person"
    ESTIMATE_HOURS = "estimate-hours"
    ESTIMATE_MINUTES = "estimate-minutes"
    ESTIMATE_SECONDS = "estimate-seconds"
    SPENT_HOURS = "spent-hours"
    SPENT_MINUTES = "spent-minutes"
    SPENT_SECONDS = "spent-seconds"
    CREATED = "created"
    STARTED = "started"
    COMPLETED = "completed"
    DUE = "due"
    TASK_REF = "task-ref"
    ENDED = "ended"
    DAY = "day"
    INTERRUPTED_HOURS = "interrupted-hours"
    INTERRUPTED_MINUTES = "interrupted-minutes"
    INTERRUPTED_SECONDS = "interrupted-seconds"
    NOTE = "note"


# What several columns of one file may be.
REPEATABLE = frozenset({Meaning.TAG, Meaning.TAGS, Meaning.DESCRIPTION, Meaning.NOTE})
DATES = frozenset({Meaning.CREATED, Meaning.STARTED, Meaning.COMPLETED, Meaning.DUE, Meaning.ENDED, Meaning.DAY})

_LENGTH_LABELS = (
    ("estimate", "Estimate"),
    ("spent", "Time spent"),
    ("interrupted", "Interruptions"),
)
UNITS: dict[Meaning, Unit] = {
    Meaning(f"{quantity}-{unit}"): unit for quantity, _ in _LENGTH_LABELS for unit in (*Unit,)
}
# Of these a file has one column, whichever its unit.
QUANTITIES: dict[Meaning, str] = {meaning: meaning.value.split("-")[0] for meaning in UNITS}

_LABELS = {f"{quantity}-{unit}": f"{label} ({unit})" for quantity, label in _LENGTH_LABELS for unit in (*Unit,)}

TASK_MEANINGS: dict[Meaning, str] = {
    Meaning.REF: "Reference (what it is called there)",
    Meaning.TITLE: "Title",
    Meaning.DESCRIPTION: "Description",
    Meaning.STATUS: "Status",
    Meaning.PRIORITY: "Priority",
    Meaning.CATEGORY: "Category",
    Meaning.CUSTOMER: "Customer",
    Meaning.TAG: "One tag",
    Meaning.TAGS: "Tags, separated by commas",
    Meaning.PERSON: "Person",
    **{Meaning(key): _LABELS[key] for key in _LABELS if not key.startswith("interrupted")},
    Meaning.CREATED: "Created",
    Meaning.STARTED: "Started",
    Meaning.COMPLETED: "Completed",
    Meaning.DUE: "Due",
}
ENTRY_MEANINGS: dict[Meaning, str] = {
    Meaning.REF: "Reference of the entry",
    Meaning.TASK_REF: "Reference of its task",
    Meaning.PERSON: "Person",
    Meaning.STARTED: "Started",
    Meaning.ENDED: "Ended",
    Meaning.DAY: "Day",
    **{Meaning(key): _LABELS[key] for key in _LABELS if not key.startswith("estimate")},
    Meaning.NOTE: "Note",
}


def meanings_of(kind: ImportKind) -> dict[Meaning, str]:
    """Return what the columns of such a file may mean, with the words shown for it."""
    return TASK_MEANINGS if kind is ImportKind.TASKS else ENTRY_MEANINGS


# Headings as `_plain` writes them, the surest first. A trailing unit is taken off before they are looked up.
_TASK_WORDS: dict[str, str] = {
    "ref": "task id|issue key|issue id|ticket id|item id|work item id|id|key|ref|reference|task no|task number|number|"
    "ticket|nummer|uid|uuid|task ref|gid|external id",
    "title": "title|summary|subject|task name|name|task|issue|headline|titel|card name|todo|content|"
    "work item|bezeichnung",
    "description": "description|body|details|notes|note|comment|comments|beschreibung|card description|text|desc",
    "status": "status|state|column|list name|list|stage|section column|status category|done|is done",
    "priority": "priority|prio|importance|severity|urgency|priorität",
    "category": "category|type|issue type|task type|work type|kind|kategorie|area|tracker",
    "customer": "customer|customer name|client|client name|account|kunde",
    "tag": "project|project name|subcategory|sub category|component|components|epic|sprint|milestone|team|projekt|"
    "board|product|module|phase|section",
    "tags": "tags|labels|label|keywords|tag",
    "person": "person|assignee|assigned to|owner|assignee name|user|responsible|who|developer|member|members|resource|"
    "bearbeiter|worker|employee",
    "estimate": "estimate|estimated|estimation|original estimate|estimated time|effort|planned|planned time|budget|est|"
    "time estimate|planned effort|schätzung|estimated effort",
    "spent": "actual|spent|time spent|spent time|tracked|logged|time|duration|worked|actual effort|effort spent|"
    "actual time|time tracked|logged time|aufwand|total time spent|aggregate time spent",
    "created": "created|created at|created on|created date|creation date|date created|opened|opened at|open date|added|"
    "reported|reported date|erstellt|date added|creation|entered",
    "started": "started|started at|started on|start|start date|begin|begin date|started date|date started|actual start",
    "completed": "completed|completed at|completed on|completed date|completion date|finished|finished at|finished on|"
    "finished date|finish date|closed|closed at|closed on|closed date|date closed|resolved|resolved at|"
    "resolution date|resolved date|done at|done on|done date|ended|end|end date|date completed|erledigt am|last done",
    "due": "due|due at|due on|due date|deadline|target date|date due|fällig|fällig am|due by",
}
_ENTRY_WORDS: dict[str, str] = {
    "ref": "entry id|time entry id|id|log id|worklog id|record id|ref|reference|uuid|key|number",
    "task-ref": "task id|task ref|issue key|issue id|task key|ticket id|ticket|issue|task|item id|work item id",
    "person": _TASK_WORDS["person"] + "|author|name|user name",
    "started": "started at|started|start|start time|start date time|begin|began|from|start at|time started|start date",
    "ended": "ended at|ended|end|end time|stopped|stop|until|to|finished at|finished|end at|time ended|end date",
    "day": "day|date|work date|spent on|logged on|spent date|datum|started on|start day",
    "spent": "duration|spent|time spent|logged|worked|time|amount|length|dauer|actual|tracked",
    "interrupted": "interrupted|interruption|interruptions|breaks|break|interruption time|pause|paused|interrupt|int",
    "note": "note|notes|activity|description|comment|comments|text|what|memo",
}
_UNIT_WORDS = {
    "hours": Unit.HOURS,
    "hour": Unit.HOURS,
    "hrs": Unit.HOURS,
    "h": Unit.HOURS,
    "stunden": Unit.HOURS,
    "decimal": Unit.HOURS,
    "minutes": Unit.MINUTES,
    "minute": Unit.MINUTES,
    "mins": Unit.MINUTES,
    "min": Unit.MINUTES,
    "m": Unit.MINUTES,
    "minuten": Unit.MINUTES,
    "seconds": Unit.SECONDS,
    "second": Unit.SECONDS,
    "secs": Unit.SECONDS,
    "sec": Unit.SECONDS,
    "s": Unit.SECONDS,
}
# Issue trackers write these in seconds and do not say so.
_SECONDS_UNSAID = {"original estimate", "time spent", "aggregate time spent", "total time spent", "time estimate"}
# Subcategory is what a title that is missing is best made of.
_TITLE_STANDS_IN = (
    "subcategory",
    "sub category",
    "type",
    "issue type",
    "work type",
    "activity",
    "component",
    "category",
)


def guess_kind(header: Sequence[str]) -> ImportKind:
    """Return what the rows of a file most likely are: entries name a task and say when or how long, and little else."""
    plain = {_split(name)[0] for name in header} | {_plain(name) for name in header}
    if plain & {"entry id", "time entry id", "worklog id"}:
        return ImportKind.ENTRIES
    names_task = plain & {"task id", "task ref", "issue key", "task key", "ticket id", "issue id", "task"}
    says_when = plain & set(_ENTRY_WORDS["started"].split("|")) and plain & set(_ENTRY_WORDS["ended"].split("|"))
    of_tasks = plain & {"title", "summary", "subject", "status", "estimate", "estimated", "created at", "created"}
    if names_task and says_when and not of_tasks and not plain & set(_TASK_WORDS["created"].split("|")):
        return ImportKind.ENTRIES
    return ImportKind.TASKS


def guess_columns(
    header: Sequence[str], samples: Sequence[Sequence[str]], kind: ImportKind
) -> tuple[Meaning | None, ...]:
    """
    Return what each column most likely means, None for what is best left out.

    :param samples: some rows, to tell a title from a number
    """
    guesses: list[Meaning | None] = [None] * len(header)
    words = _TASK_WORDS if kind is ImportKind.TASKS else _ENTRY_WORDS
    for meaning, names in words.items():
        ranked = []
        for position, heading in enumerate(header):
            rank = _rank(heading, names.split("|"))
            if rank is not None and guesses[position] is None and _may_be(meaning, samples, position):
                ranked.append((rank, position))
        for _, position in sorted(ranked)[: None if meaning in REPEATABLE else 1]:
            guesses[position] = _with_unit(meaning, header[position])
    return tuple(guesses)


def guess_title_column(header: Sequence[str], columns: Sequence[Meaning | None]) -> int | None:
    """Return the column whose words stand in where a title is missing, if there is a good one."""
    plain = [_plain(name) for name in header]
    for name in _TITLE_STANDS_IN:
        if name in plain and columns[plain.index(name)] is not Meaning.TITLE:
            return plain.index(name)
    return None


def guess_day_order(cells: Sequence[str]) -> tuple[DayOrder, bool]:
    """Return how days are most likely written, and whether both ways would fit and mean different days."""
    doubtful = [cell for cell in cells if orders_that_differ(cell)]
    fitting = orders_that_fit(doubtful)
    order = DayOrder.MONTH_FIRST if fitting == {DayOrder.MONTH_FIRST} else DayOrder.DAY_FIRST
    return order, bool(doubtful) and len(fitting) > 1


def orders_that_differ(cell: str) -> bool:
    """Tell whether a day is written in the way that can be meant day-first or month-first."""
    return re.match(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", cell, re.ASCII) is not None


def _rank(heading: str, names: Sequence[str]) -> int | None:
    for candidate in (_plain(heading), _split(heading)[0]):
        if candidate in names:
            return names.index(candidate)
    # “minutes” alone is a length of time.
    if not _split(heading)[0] and ("spent" in names):
        return len(names)
    return None


def _may_be(meaning: str, samples: Sequence[Sequence[str]], position: int) -> bool:
    if meaning != "title":
        return True
    cells = [row[position] for row in samples if position < len(row) and row[position].strip()]
    return not cells or any(not re.fullmatch(r"[\d\s.,#-]+", cell) for cell in cells)


def _with_unit(meaning: str, heading: str) -> Meaning:
    if meaning not in QUANTITIES.values():
        return Meaning(meaning)
    bare, unit = _split(heading)
    if unit is None:
        unit = Unit.SECONDS if bare in _SECONDS_UNSAID else Unit.HOURS
    return Meaning(f"{meaning}-{unit}")


def _split(heading: str) -> tuple[str, Unit | None]:
    """Take a unit off the end of a heading: `estimate_hours` is `estimate` in hours."""
    words = _plain(heading).split()
    if words and words[-1] in _UNIT_WORDS:
        return " ".join(words[:-1]), _UNIT_WORDS[words[-1]]
    return " ".join(words), None


def _plain(heading: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return re.sub(r"[^\w]+|_", " ", name_key(spaced)).strip().replace("  ", " ")
