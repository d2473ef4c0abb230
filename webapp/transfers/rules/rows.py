"""From a row of a file to a task or an entry, or to the sentence that says why not."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import LONGEST_REF, TOTAL_PREFIX, EntryIn, TaskIn
from webapp.tasks.rules.tasks import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TITLE, MOST_TAGS
from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.cells import Moment, quoted, read_moment, read_seconds
from webapp.transfers.rules.columns import QUANTITIES, UNITS, Meaning
from webapp.transfers.rules.mapping import Mapping
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.reading import BadRow, Row, Sheet
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES
from webapp.values.status import Status
from webapp.values.text import clean_line, clean_text, name_key, shortened

LONGEST_PERSON = 120
LONGEST_CUSTOMER = 160
# Curly quotes and dashes of Windows-1252 that somebody read as Latin-1 arrive as control characters nobody means.
_MISREAD = re.compile("[\x80-\x9f]")
_AS_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
LONGEST_NOTE = 500
# A timer that was forgotten runs a night, not a month.
LONGEST_INTERVAL = timedelta(days=31)
# Less is lost where a file gives lengths in minutes.
_LEAST_DIFFERENCE_SECONDS = 60


def lengths_differ(said_seconds: int | None, counted_seconds: int) -> bool:
    """Tell whether a file gives a length, and another than its interval has."""
    return said_seconds is not None and abs(said_seconds - counted_seconds) >= _LEAST_DIFFERENCE_SECONDS


class Remark(StrEnum):
    """How a line had to be read that says something odd; the value is told once for all lines concerned."""

    TITLE_MADE = "have no title and are named after their reference, with words of another column where there are any"
    TITLE_CUT = "have a title that is too long; all of it is kept in the description"
    FINISHED_FIRST = "were finished before they were created; they count as created when they were finished"
    CREATED_FROM_END = "do not say when they were created; the day they were started or finished is taken"
    CREATED_NOW = "do not say when they were created; the moment of the import is taken"
    END_UNKNOWN = "are done and do not say since when; the day they were started or created, or else today, is taken"
    DONE_ALL_THE_SAME = "have a day of completion and another status; they count as done"
    REPAIRED = "had punctuation that was once read in the wrong encoding; it is put right"
    CLOCK_SKIPPED = "name a time that the clocks skipped; it is read as after the change"
    LENGTH_DIFFERS = "give a length that is not their interval less its interruptions; the interval counts"
    KEPT = "were changed both in the file and here; what is here is kept"
    TRASHED = "are in the trash here and stay there"
    UNLINKED = "are part of a task, or wait for one, to which they cannot be linked; that is left out"
    DUE_NEXT = "come again and say no day; they are due on the next that fits"
    ONCE = "come again there and cannot here; they come in once"

    def said_of(self, lines: int) -> str:
        """Return the words after a number of lines; of one line they are in the singular."""
        if lines != 1:
            return self.value
        verb, words = self.value.split(" ", 1)
        for many, one in _IN_SINGULAR:
            words = re.sub(rf"\b{many}\b", one, words)
        return f"{_SINGULAR[verb]} {words}"


_SINGULAR = {
    "have": "has",
    "had": "had",
    "were": "was",
    "do": "does",
    "are": "is",
    "name": "names",
    "give": "gives",
    "come": "comes",
}
_IN_SINGULAR = (
    ("they were", "it was"),
    ("they are", "it is"),
    ("they count", "it counts"),
    ("and are", "and is"),
    ("do", "does"),
    ("stay", "stays"),
    ("their", "its"),
    ("wait", "waits"),
    ("say", "says"),
    ("they cannot", "it cannot"),
    ("they come", "it comes"),
)


@dataclass(frozen=True)
class TaskLine:
    """
    A task read from a line. `person` is who it is assigned to, `customer` whom it is done for, `total` what was spent
    on it: the day, if one is known, and the seconds. `left_out` names what the line says and nothing here can hold: the
    headings of columns, or the names of attributes. `customer_ref` is what a file of ours calls the customer.
    """

    line: int
    task: TaskIn
    person: str = ""
    customer: str = ""
    total: tuple[date | None, int] | None = None
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[str, ...] = ()
    customer_ref: str = ""


@dataclass(frozen=True)
class EntryLine:
    """An entry read from a line; its `user_id` is 0 until somebody knows who `person` is. The rest as of a task."""

    line: int
    entry: EntryIn
    person: str = ""
    remarks: tuple[Remark, ...] = ()
    left_out: tuple[str, ...] = ()
    customer: str = ""
    customer_ref: str = ""


@dataclass(frozen=True)
class RefusedLine:
    """A line that is not taken in, and why."""

    line: int
    message: str


@dataclass(frozen=True)
class LeftOutLine:
    """A line of a kind that nothing here can hold; `kind` is what such lines are called: `pull requests`."""

    line: int
    kind: str


OwnRecord = OwnCategory | OwnTag | OwnCustomer | OwnSeries


def key_of(record: OwnRecord) -> str:
    """Return by what one of its kind is known again: its name wherever it is, else what it is called."""
    return record.ref if isinstance(record, OwnCustomer | OwnSeries) else name_key(record.name)


@dataclass(frozen=True)
class RecordLine:
    """What tasks refer to, from a file of ours: a category, a tag, a customer, a task that comes again."""

    line: int
    record: OwnRecord


# A file may mix them; a task comes before its entries, and what it refers to before the task.
Line = TaskLine | EntryLine | RefusedLine | LeftOutLine | RecordLine


class _Refusal(Exception):
    """A sentence about the line that is being read."""


def read_lines(sheet: Sheet, mapping: Mapping) -> Iterator[Line]:
    """
    Yield one line for each row of the sheet, in order.

    A row without a reference is known by its contents, and by how many rows of the same contents came before. The
    second row with the same reference is refused.
    """
    reader = _Reader(sheet.header, mapping)
    for row in sheet.rows():
        yield RefusedLine(row.line, row.message) if isinstance(row, BadRow) else reader.read(row)


class _Reader:
    """Reads rows one after the other and remembers the references it has seen."""

    def __init__(self, header: Sequence[str], mapping: Mapping) -> None:
        self.header = header
        self.mapping = mapping
        self.zone = ZoneInfo(mapping.zone)
        self.positions = {meaning: position for position, meaning in enumerate(mapping.columns) if meaning}
        self.lines_by_ref: dict[str, int] = {}
        self.seen: Counter[str] = Counter()
        self.remarks: list[Remark] = []
        self.cells: tuple[str, ...] = ()

    def read(self, row: Row) -> Line:
        """Return what a row says."""
        self.cells, self.remarks = row.cells, []
        try:
            ref = self._ref(row)
            return self._task(row.line, ref) if self.mapping.kind is ImportKind.TASKS else self._entry(row.line, ref)
        except _Refusal as refusal:
            return RefusedLine(row.line, str(refusal))

    # Tasks

    def _task(self, line: int, ref: str) -> TaskLine:
        created, started, completed = (
            self._moment(meaning) for meaning in (Meaning.CREATED, Meaning.STARTED, Meaning.COMPLETED)
        )
        spent = self._seconds("spent")
        status = self._status(started, completed, spent)
        created_at, completed_at = self._life(status, created, started, completed)
        title, description = self._title(ref)
        due = self._moment(Meaning.DUE)
        task = TaskIn(
            source_ref=ref,
            title=title,
            description=description,
            status=status,
            priority=self.mapping.priority_of(self._line(Meaning.PRIORITY)),
            category=self._category(),
            tags=self._tags(),
            due_on=due.day if due and not due.has_clock else None,
            due_at=due.instant if due and due.has_clock else None,
            estimated_minutes=self._estimate(),
            created_at=created_at,
            completed_at=completed_at,
        )
        last = completed_at or (started.instant if started else created_at)
        total = (last.astimezone(self.zone).date() if last else None, spent) if spent else None
        return TaskLine(line, task, self._person(), self._customer(), total, tuple(self.remarks))

    def _status(self, started: Moment | None, completed: Moment | None, spent: int | None) -> Status:
        word = self._line(Meaning.STATUS)
        status = self.mapping.status_of(word) if word else None
        if completed is not None:
            if status not in (None, Status.DONE):
                self.remarks.append(Remark.DONE_ALL_THE_SAME)
            return Status.DONE
        if status is not None:
            return status
        return Status.DOING if started or spent else Status.TODO

    def _life(
        self, status: Status, created: Moment | None, started: Moment | None, completed: Moment | None
    ) -> tuple[datetime | None, datetime | None]:
        """Return when the task was created and completed, as far as it is known: never the wrong way round."""
        known = created or min((m for m in (started, completed) if m), key=lambda m: m.instant, default=None)
        if created is None:
            self.remarks.append(Remark.CREATED_FROM_END if known else Remark.CREATED_NOW)
        created_at = known.instant if known else None
        if status is not Status.DONE:
            return created_at, None
        if completed is None:
            self.remarks.append(Remark.END_UNKNOWN)
            return created_at, max((m.instant for m in (known, started) if m), default=None)
        created_at = created_at or completed.instant
        if completed.instant >= created_at:
            return created_at, completed.instant
        if not completed.has_clock and completed.day == created_at.astimezone(self.zone).date():
            # Only the day of the end is known, and the task was created in the course of it.
            return created_at, created_at
        self.remarks.append(Remark.FINISHED_FIRST)
        return completed.instant, completed.instant

    def _title(self, ref: str) -> tuple[str, str]:
        title = self._line(Meaning.TITLE)
        description = self._text(Meaning.DESCRIPTION)
        if not title:
            title = self._made_title(ref)
            self.remarks.append(Remark.TITLE_MADE)
        if len(title) > LONGEST_TITLE:
            self.remarks.append(Remark.TITLE_CUT)
            description = f"{title}\n\n{description}".strip()
            title = shortened(title, longest=LONGEST_TITLE)
        if len(description) > LONGEST_DESCRIPTION:
            raise _Refusal(f"The description has {len(description):,} characters; {LONGEST_DESCRIPTION:,} can be kept.")
        return title, description

    def _made_title(self, ref: str) -> str:
        stand_in = self.mapping.title_from
        words = self._clean(stand_in) if stand_in is not None else ""
        has_ref = Meaning.REF in self.positions and self._line(Meaning.REF)
        if not words and not has_ref:
            raise _Refusal("There is no title here, and nothing to make one of.")
        return " ".join(part for part in (words, ref if has_ref else "") if part)

    def _category(self) -> str | None:
        category = self._line(Meaning.CATEGORY)
        if len(category) > LONGEST_NAME or len(name_key(category)) > 3 * LONGEST_NAME:
            raise _Refusal(f"The category {quoted(category)} is longer than {LONGEST_NAME} characters.")
        # “none” is what lists call tasks without a category.
        return None if not category or name_key(category) == "none" else category

    def _tags(self) -> tuple[str, ...]:
        tags: dict[str, str] = {}
        for position, meaning in enumerate(self.mapping.columns):
            if meaning is Meaning.TAG:
                word = re.sub(r"\s*,\s*", " ", self._clean(position))
                # “0” says nothing; “project 0” does.
                words = [f"{self.header[position]} {word}" if re.fullmatch(r"[\d.]+", word) else word]
            elif meaning is Meaning.TAGS:
                words = re.split(r"[,;|]", self._clean(position))
            else:
                continue
            for tag in (word.strip().lstrip("#").strip() for word in words):
                if len(tag) > LONGEST_NAME or len(name_key(tag)) > 3 * LONGEST_NAME:
                    raise _Refusal(f"The tag {quoted(tag)} is longer than {LONGEST_NAME} characters.")
                if tag:
                    tags.setdefault(name_key(tag), tag)
        if len(tags) > MOST_TAGS:
            raise _Refusal(f"There are {len(tags)} tags here; a task has at most {MOST_TAGS}.")
        return tuple(tags.values())

    def _estimate(self) -> int | None:
        seconds = self._seconds("estimate")
        if not seconds:
            # Nought is what other programs write for "not estimated".
            return None
        minutes = max(1, (seconds + 30) // 60)
        if minutes > LONGEST_ESTIMATE_MINUTES:
            raise _Refusal(f"The estimate is longer than {LONGEST_ESTIMATE_MINUTES // 60:,} hours.")
        return minutes

    # Entries

    def _entry(self, line: int, ref: str) -> EntryLine:
        task_ref = self._line(Meaning.TASK_REF)
        if not task_ref:
            raise _Refusal("It is not said which task this belongs to.")
        started = self._moment(Meaning.STARTED)
        ended = self._moment(Meaning.ENDED, after=started.instant if started else None)
        day = self._moment(Meaning.DAY)
        spent = self._seconds("spent")
        interrupted = self._seconds("interrupted") or 0
        entry = EntryIn(source_ref=ref, task_ref=task_ref, user_id=0, note=self._note())
        if started and started.has_clock and ended is None and spent is not None:
            ended = replace(started, instant=started.instant + timedelta(seconds=spent + interrupted))
        if started and ended and started.has_clock and ended.has_clock:
            return EntryLine(
                line,
                self._interval(entry, started.instant, ended.instant, interrupted, spent),
                self._person(),
                tuple(self.remarks),
            )
        on = day or started
        if on is None or spent is None:
            raise _Refusal("It is not said from when to when, or how long and on which day.")
        return EntryLine(line, replace(entry, day=on.day, seconds=spent), self._person(), tuple(self.remarks))

    def _interval(
        self, entry: EntryIn, started_at: datetime, ended_at: datetime, interrupted: int, spent: int | None
    ) -> EntryIn:
        length = ended_at - started_at
        if length < timedelta(0):
            raise _Refusal("It ends before it starts.")
        if length > LONGEST_INTERVAL:
            raise _Refusal(f"From start to end it is longer than {LONGEST_INTERVAL.days} days.")
        counted = int(length.total_seconds()) - interrupted
        if counted < 0:
            raise _Refusal("The interruptions are longer than the time from start to end.")
        if lengths_differ(spent, counted):
            self.remarks.append(Remark.LENGTH_DIFFERS)
        return replace(entry, started_at=started_at, ended_at=ended_at, interrupted_seconds=interrupted)

    def _note(self) -> str:
        parts = (self._clean(p) for p, meaning in enumerate(self.mapping.columns) if meaning is Meaning.NOTE)
        note = " – ".join(part for part in parts if part)
        if len(note) > LONGEST_NOTE:
            raise _Refusal(f"The note has {len(note):,} characters; {LONGEST_NOTE} can be kept.")
        return note

    # What both have

    def _ref(self, row: Row) -> str:
        ref = self._line(Meaning.REF)
        if not ref:
            digest = hashlib.sha256("\x1f".join(row.cells).encode(errors="replace")).hexdigest()[:24]
            self.seen[digest] += 1
            return f"row-{digest}-{self.seen[digest]}"
        if len(ref) > LONGEST_REF:
            raise _Refusal(f"The reference {quoted(ref)} is longer than {LONGEST_REF} characters.")
        if ref.startswith(TOTAL_PREFIX):
            raise _Refusal(f"A reference cannot begin with “{TOTAL_PREFIX}”.")
        first = self.lines_by_ref.setdefault(ref, row.line)
        if first != row.line:
            raise _Refusal(f"Line {first:,} has the reference {quoted(ref)} already.")
        return ref

    def _person(self) -> str:
        person = self._line(Meaning.PERSON)
        if len(person) > LONGEST_PERSON:
            raise _Refusal(f"The name {quoted(person)} is longer than {LONGEST_PERSON} characters.")
        return person

    def _customer(self) -> str:
        customer = self._line(Meaning.CUSTOMER)
        if len(customer) > LONGEST_CUSTOMER or len(name_key(customer)) > 3 * LONGEST_CUSTOMER:
            raise _Refusal(f"The customer {quoted(customer)} is longer than {LONGEST_CUSTOMER} characters.")
        return customer

    def _moment(self, meaning: Meaning, *, after: datetime | None = None) -> Moment | None:
        text = self._line(meaning)
        if not text:
            return None
        try:
            moment = read_moment(text, order=self.mapping.day_order, zone=self.zone, after=after)
        except ValueError as error:
            raise _Refusal(self._about(meaning, error)) from None
        if moment.was_skipped and Remark.CLOCK_SKIPPED not in self.remarks:
            self.remarks.append(Remark.CLOCK_SKIPPED)
        return moment

    def _seconds(self, quantity: str) -> int | None:
        for meaning, position in self.positions.items():
            if QUANTITIES.get(meaning) == quantity and (text := self._clean(position)):
                try:
                    return read_seconds(text, unit=UNITS[meaning])
                except ValueError as error:
                    raise _Refusal(self._about(meaning, error)) from None
        return None

    def _about(self, meaning: Meaning, error: ValueError) -> str:
        return f"{self.header[self.positions[meaning]]}: {error}."

    def _line(self, meaning: Meaning) -> str:
        position = self.positions.get(meaning)
        return "" if position is None else self._clean(position)

    def _clean(self, position: int) -> str:
        return self._kept(clean_line, position)

    def _text(self, meaning: Meaning) -> str:
        parts = (self._kept(clean_text, p) for p, found in enumerate(self.mapping.columns) if found is meaning)
        return "\n\n".join(part for part in parts if part)

    def _kept(self, clean: Callable[[str], str], position: int) -> str:
        text = self.cells[position]
        if _MISREAD.search(text):
            text = text.translate(_AS_WINDOWS)
            if Remark.REPAIRED not in self.remarks:
                self.remarks.append(Remark.REPAIRED)
        try:
            return clean(text)
        except ValueError:
            raise _Refusal(f"{self.header[position]}: there is a character in it that cannot be kept.") from None
