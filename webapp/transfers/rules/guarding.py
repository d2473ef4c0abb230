"""What every line has to keep, whichever format it is in: clean text of bearable length, each reference once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from webapp.errors import InvalidInput
from webapp.tasks.rules import due
from webapp.tasks.rules.comments import LONGEST_COMMENT
from webapp.tasks.rules.intake import LONGEST_REF, TOTAL_PREFIX, CommentIn, EntryIn, TaskIn
from webapp.tasks.rules.tasks import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_TAGS,
)
from webapp.transfers.rules.cells import EARLIEST_YEAR, LATEST_YEAR, quoted
from webapp.transfers.rules.record_guarding import check_facts, check_origin, check_ref, check_zone, checked_record
from webapp.transfers.rules.rows import (
    LONGEST_CUSTOMER,
    LONGEST_INTERVAL,
    LONGEST_NOTE,
    LONGEST_PERSON,
    EntryLine,
    LeftOutLine,
    Line,
    RecordLine,
    RefusedLine,
    Remark,
    TaskLine,
    key_of,
)
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES
from webapp.values.text import clean_line, clean_text, name_key, shortened

MOST_COMMENTS = 1_000
MOST_LINKS_A_TASK = 50
LONGEST_EXTRA = 20_000


class _Refusal(Exception):
    """A sentence about the line that is being looked at."""


def guarded(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines as they may be kept; what may not be is refused by a sentence, and a task's entries with it."""
    seen: set[int] = set()
    for line in lines:
        if isinstance(line, RefusedLine | LeftOutLine):
            yield line
            continue
        ref = _ref_of(line)
        # A number for each reference: of many thousands it is what a list of them costs that counts.
        key = hash((_kind_of(line), ref))
        try:
            _check_ref(ref)
            if key in seen:
                raise _Refusal(f"An earlier line has the reference {quoted(ref)} already.")
            kept = _kept(line)
        except (_Refusal, ValueError, InvalidInput) as refusal:
            yield RefusedLine(line.line, str(refusal))
        else:
            seen.add(key)
            yield kept


def _ref_of(line: TaskLine | EntryLine | RecordLine) -> str:
    if isinstance(line, TaskLine):
        return line.task.source_ref
    if isinstance(line, EntryLine):
        return line.entry.source_ref
    return key_of(line.record)


def _kind_of(line: TaskLine | EntryLine | RecordLine) -> str:
    return type(line.record if isinstance(line, RecordLine) else line).__name__


def _kept(line: TaskLine | EntryLine | RecordLine) -> Line:
    match line:
        case TaskLine():
            return _task(line)
        case EntryLine():
            return _entry(line)
        case RecordLine():
            return replace(line, record=checked_record(line.record))


def _task(line: TaskLine) -> TaskLine:
    task = line.task
    if task.own is not None:
        check_ref(task.source_ref)
        check_facts(task.own, task=task)
    remarks = list(line.remarks)
    title, description = _line("title", task.title), _text("description", task.description)
    if not title:
        raise _Refusal("There is no title here.")
    if len(title) > LONGEST_TITLE:
        remarks.append(Remark.TITLE_CUT)
        description = f"{title}\n\n{description}".strip()
        title = shortened(title, longest=LONGEST_TITLE)
    if len(description) > LONGEST_DESCRIPTION:
        raise _Refusal(f"The description has {len(description):,} characters; {LONGEST_DESCRIPTION:,} can be kept.")
    minutes = task.estimated_minutes
    if minutes is not None and not 0 <= minutes <= LONGEST_ESTIMATE_MINUTES:
        raise _Refusal(f"The estimate is longer than {LONGEST_ESTIMATE_MINUTES // 60:,} hours.")
    _check_years(EARLIEST_YEAR, task.created_at, task.completed_at)
    _check_years(due.EARLIEST_YEAR, task.due_at, task.due_on, task.starts_on)
    if line.total is not None and not 0 <= line.total[1] < 2**31:
        raise _Refusal("The time spent is longer than can be kept.")
    for ref in (*task.blocked_by_refs, *((task.parent_ref,) if task.parent_ref else ())):
        _check_ref(ref)
    if len(task.blocked_by_refs) > MOST_LINKS_A_TASK:
        raise _Refusal(f"It waits for {len(task.blocked_by_refs)} tasks; {MOST_LINKS_A_TASK} can be kept.")
    kept = replace(
        task,
        title=title,
        description=description,
        category=_name("category", task.category) if task.category else None,
        tags=_tags(task),
        blocked_by_refs=tuple(dict.fromkeys(task.blocked_by_refs)),
        comments=_comments(task.comments),
        extra=tuple((_line("attributes", name), _line("attributes", value)) for name, value in task.extra),
    )
    if sum(len(name) + len(value) for name, value in task.extra) > LONGEST_EXTRA:
        raise _Refusal(f"What else it says has more than {LONGEST_EXTRA:,} characters.")
    return replace(
        line,
        task=_in_order(kept, remarks),
        person=_shorter("name", _line("name", line.person), LONGEST_PERSON),
        customer=_shorter("customer", _line("customer", line.customer), LONGEST_CUSTOMER),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _in_order(task: TaskIn, remarks: list[Remark]) -> TaskIn:
    if task.completed_at and task.created_at and task.completed_at < task.created_at:
        remarks.append(Remark.FINISHED_FIRST)
        return replace(task, created_at=task.completed_at)
    return task


def _tags(task: TaskIn) -> tuple[str, ...]:
    tags: dict[str, str] = {}
    for tag in task.tags:
        if name := _name("tag", tag):
            tags.setdefault(name_key(name), name)
    if len(tags) > MOST_TAGS:
        raise _Refusal(f"There are {len(tags)} tags here; a task has at most {MOST_TAGS}.")
    return tuple(tags.values())


def _comments(comments: tuple[CommentIn, ...]) -> tuple[CommentIn, ...]:
    if len(comments) > MOST_COMMENTS:
        raise _Refusal(f"There are {len(comments):,} comments here; {MOST_COMMENTS:,} can be taken in.")
    kept: dict[str, CommentIn] = {}
    for comment in comments:
        _check_ref(comment.source_ref)
        text = _text("comment", comment.text)
        if len(text) > LONGEST_COMMENT:
            raise _Refusal(f"A comment has {len(text):,} characters; {LONGEST_COMMENT:,} can be kept.")
        author = _shorter("name", _line("name", comment.author_name), LONGEST_PERSON)
        if text:
            kept.setdefault(comment.source_ref, replace(comment, text=text, author_name=author))
    return tuple(kept.values())


def _entry(line: EntryLine) -> EntryLine:
    entry = line.entry
    _check_ref(entry.task_ref)
    _check_length(entry)
    if entry.zone:
        # Only files of ours say where time was lived.
        check_ref(entry.source_ref)
        check_zone(entry.zone)
        check_origin(entry.own_source, entry.own_ref)
    note = _line("note", entry.note)
    if len(note) > LONGEST_NOTE:
        raise _Refusal(f"The note has {len(note):,} characters; {LONGEST_NOTE} can be kept.")
    person = _shorter("name", _line("name", line.person), LONGEST_PERSON)
    return replace(line, entry=replace(entry, note=note), person=person)


def _check_length(entry: EntryIn) -> None:
    _check_years(EARLIEST_YEAR, entry.started_at, entry.ended_at, entry.day)
    if entry.started_at is None:
        if entry.ended_at is not None:
            raise _Refusal("It has an end and no start.")
        if not 0 <= entry.seconds < 2**31 or entry.interrupted_seconds:
            raise _Refusal("Its length cannot be kept.")
        return
    if entry.ended_at is None:
        raise _Refusal("It is still running. Stop it there first, then export again.")
    length = entry.ended_at - entry.started_at
    if length < timedelta(0):
        raise _Refusal("It ends before it starts.")
    if length > LONGEST_INTERVAL:
        raise _Refusal(f"From start to end it is longer than {LONGEST_INTERVAL.days} days.")
    if entry.interrupted_seconds < 0 or entry.counted_seconds < 0:
        raise _Refusal("The interruptions are longer than the time from start to end.")


def _check_years(earliest: int, *moments: date | None) -> None:
    for moment in moments:
        if moment is not None and not earliest <= moment.year <= LATEST_YEAR:
            raise _Refusal(f"The year {moment.year} is not between {earliest} and {LATEST_YEAR}.")


def _check_ref(ref: str) -> None:
    try:
        is_clean = ref == clean_line(ref)
    except ValueError:
        is_clean = False
    if not ref or not is_clean:
        raise _Refusal("What it is called there is missing, or cannot be kept.")
    if len(ref) > LONGEST_REF:
        raise _Refusal(f"The reference {quoted(ref)} is longer than {LONGEST_REF} characters.")
    if ref.startswith(TOTAL_PREFIX):
        raise _Refusal(f"A reference cannot begin with “{TOTAL_PREFIX}”.")


def _line(what: str, text: str) -> str:
    try:
        return clean_line(text)
    except ValueError:
        raise _Refusal(f"There is a character in the {what} that cannot be kept.") from None


def _text(what: str, text: str) -> str:
    try:
        return clean_text(text)
    except ValueError:
        raise _Refusal(f"There is a character in the {what} that cannot be kept.") from None


def _name(what: str, text: str) -> str:
    return _shorter(what, _line(what, text), LONGEST_NAME)


def _shorter(what: str, name: str, longest: int) -> str:
    if len(name) > longest or len(name_key(name)) > 3 * longest:
        raise _Refusal(f"The {what} {quoted(name)} is longer than {longest} characters.")
    return name
