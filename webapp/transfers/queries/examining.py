"""What would become of a file, line by line and altogether. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.tasks.models import Task
from webapp.tasks.queries import intake
from webapp.tasks.rules.intake import Outcome, is_due_next, why_not_repeated
from webapp.tasks.rules.linking import Links
from webapp.transfers.queries import known
from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.columns import DATES, Meaning, guess_day_order
from webapp.transfers.rules.formats import OWN, lines_of
from webapp.transfers.rules.formats.reader import Format, Reading
from webapp.transfers.rules.judging import LONGEST_MESSAGE, Judgement, LineRemark, Tally, Verdict, judge
from webapp.transfers.rules.mapping import MOST_WORDS, Words, words_in
from webapp.transfers.rules.mapping import Mapping as FileMapping
from webapp.transfers.rules.preview import FirstRows
from webapp.transfers.rules.reading import Row, Sheet, TextSource, open_sheet
from webapp.transfers.rules.rows import Line, Remark, TaskLine
from webapp.values.actor import Actor
from webapp.values.text import name_key

MOST_PEOPLE = 200
MOST_LEFT_OUT = 50
_SAMPLES = 3
_LONGEST_SAMPLE = 60
_ROWS_TRIED = 2000


@dataclass(frozen=True)
class Examination:
    """What would become of a file: the tally, what there is to say about single lines, and what the page shows."""

    tally: Tally
    remarks: list[LineRemark]
    report: dict[str, Any]


def examine(
    *,
    text: TextSource,
    form: Format,
    mapping: FileMapping,
    source: str,
    actor: Actor,
    on_batch: Callable[[int], None] | None = None,
) -> Examination:
    """
    Read a whole file, a batch at a time, and tell what an import would do with it. Changes nothing.

    :param on_batch: is told after each batch how many lines there were so far
    :raises InvalidInput: where the file cannot be read as this format
    """
    known_as = None if form in OWN else source
    people = known.find_people(mapping=mapping, actor=actor)
    reading = Reading(zone=ZoneInfo(mapping.zone), source=source, delimiter=mapping.delimiter, mapping=mapping)
    found = _Found(FirstRows(mapping.kind, reading.zone))
    for batch in known.batches_of(lines_of(text, form=form, reading=reading)):
        customers = known.find_customers(batch, actor=actor)
        tasks, entries = known.to_take_in(batch, people=people, customers=customers, actor=actor)
        foretold = intake.survey(
            source=known_as, tasks=tasks, entries=entries, actor=actor, promised=found.lines_by_ref
        )
        left_out = {task.source_ref: said for task in tasks if (said := why_not_repeated(task))}
        new_records = known.find_new_records(batch, actor=actor)
        for line in batch:
            judgement = judge(
                line,
                tasks=foretold.tasks,
                entries=foretold.entries,
                source=known_as or "",
                left_out=left_out,
                new_records=new_records,
            )
            found.add(line, judgement, foretold.tasks)
        found.tally.remarks[Remark.ONCE] += len(left_out)
        if on_batch:
            on_batch(found.tally.rows)
    if found.tally.rows == 0:
        raise InvalidInput("There is nothing in this file that could be taken in.", field="file")
    missing = sorted(found.links.targets - set(found.lines_by_ref))
    found.add_unlinked(intake.find_by_ref(Task, (Task.id,), source=known_as, refs=missing, actor=actor))
    report = found.report(people)
    if form is Format.TABLE:
        report |= _report_of_table(open_sheet(text, mapping.delimiter), mapping)
    return Examination(found.tally, found.remarks, report)


@dataclass
class _Found:
    """What is known of a file so far. `named` are the people in it, `lines_by_ref` where its tasks stand."""

    first_rows: FirstRows
    tally: Tally = field(default_factory=Tally)
    remarks: list[LineRemark] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)
    links: Links = field(default_factory=Links)
    lines_by_ref: dict[str, int] = field(default_factory=dict)

    def add(self, line: Line, judgement: Judgement, tasks: Mapping[str, Outcome]) -> None:
        """Take a line, given what becomes of the tasks around it."""
        if isinstance(line, TaskLine):
            self.lines_by_ref[line.task.source_ref] = line.line
            if tasks[line.task.source_ref] in (Outcome.CREATED, Outcome.UPDATED):
                self.links.add(line.task)
            if is_due_next(line.task):
                judgement = replace(judgement, remarks=(*judgement.remarks, Remark.DUE_NEXT))
        self.remarks += self.tally.add([judgement])
        self.first_rows.add(line, judgement)
        self.named.update(known.people_in(line))

    def add_unlinked(self, others: Iterable[str]) -> None:
        """Take which other tasks are here, so that links to all others are left out."""
        unlinked = self.links.left_out(here={*self.lines_by_ref, *others})
        self.tally.remarks[Remark.UNLINKED] += len(unlinked)
        self.remarks += [
            LineRemark(self.lines_by_ref[ref], False, said[:LONGEST_MESSAGE]) for ref, said in unlinked.items()
        ]

    def report(self, people: Container[str]) -> dict[str, Any]:
        """Return what the page shows of any file, where some people are here already."""
        named = self.named.most_common(MOST_PEOPLE)
        return {
            "header": [],
            "samples": [],
            "first_rows": self.first_rows.tasks,
            "first_entries": self.first_rows.entries,
            **{verdict.value: self.tally.verdicts[verdict] for verdict in Verdict},
            "made": dict(self.tally.made),
            "left_out": self.tally.left_out.most_common(MOST_LEFT_OUT),
            "kept_beside": self.tally.kept.most_common(MOST_LEFT_OUT),
            "seconds": self.tally.seconds,
            "remarks": {remark.name: number for remark, number in self.tally.remarks.most_common() if number},
            "statuses": [],
            "priorities": [],
            "people": [list(pair) for pair in named],
            "are_days_doubtful": False,
            "new_people": [name for name, _ in named if name_key(name) not in people],
        }


# What a report says of a file in which nothing was found.
NOTHING_FOUND = _Found(FirstRows(ImportKind.BOTH, ZoneInfo("UTC"))).report(())


def _report_of_table(sheet: Sheet, mapping: FileMapping) -> dict[str, Any]:
    is_tasks = mapping.kind is ImportKind.TASKS
    return {
        "header": list(sheet.header),
        "samples": _samples(sheet),
        "statuses": _as_pairs(words_in(sheet, mapping.column(Meaning.STATUS), most=MOST_WORDS)) if is_tasks else [],
        "priorities": _as_pairs(words_in(sheet, mapping.column(Meaning.PRIORITY), most=MOST_WORDS)) if is_tasks else [],
        "people": _as_pairs(words_in(sheet, mapping.column(Meaning.PERSON), most=MOST_PEOPLE)),
        "are_days_doubtful": _are_days_doubtful(sheet, mapping),
    }


def _are_days_doubtful(sheet: Sheet, mapping: FileMapping) -> bool:
    """Tell whether the days of a file could be meant day-first and month-first."""
    positions = [position for position, meaning in enumerate(mapping.columns) if meaning in DATES]
    rows = islice((row for row in sheet.rows() if isinstance(row, Row)), _ROWS_TRIED)
    cells = [row.cells[position] for row in rows for position in positions if row.cells[position].strip()]
    return guess_day_order(cells)[1]


def _as_pairs(words: Words) -> list[list[Any]]:
    return [[word, number] for word, number in words.counts]


def _samples(sheet: Sheet) -> list[list[str]]:
    """Return a few different cells of each column."""
    samples: list[dict[str, None]] = [{} for _ in sheet.header]
    for row in islice(sheet.rows(), 200):
        if isinstance(row, Row):
            for found, cell in zip(samples, row.cells, strict=True):
                text = " ".join(cell.split())
                if text and len(found) < _SAMPLES:
                    found[text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…"] = None
    return [list(found) for found in samples]
