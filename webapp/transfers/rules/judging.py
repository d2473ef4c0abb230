"""What became, or would become, of each line of a file, and of all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.tasks.rules.intake import TOTAL_PREFIX, Outcome
from webapp.transfers.rules.own import Own
from webapp.transfers.rules.rows import EntryLine, LeftOutLine, Line, RecordLine, RefusedLine, Remark, TaskLine

LONGEST_MESSAGE = 500
# What lines are, as `Tally.made` counts them.
TASKS, ENTRIES = "tasks", "entries"


class Verdict(StrEnum):
    """What becomes of a line."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    REFUSED = "refused"
    # Of a kind that nothing here can hold.
    LEFT_OUT = "lines-left-out"


@dataclass(frozen=True)
class Judgement:
    """
    What becomes of one line.

    `seconds` is the time it brings, `message` why it is refused, `left_out` what of it cannot be kept, `kept` what
    is kept beside its task, `thing` whether
    it is a task or an entry. `note` is a sentence about it.
    """

    line: int
    verdict: Verdict
    seconds: int = 0
    remarks: tuple[Remark, ...] = ()
    message: str = ""
    left_out: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    thing: str = ""
    note: str = ""


@dataclass(frozen=True)
class LineRemark:
    """What is to be said about one line."""

    line: int
    is_refusal: bool
    message: str


def together(remarks: Iterable[LineRemark]) -> list[LineRemark]:
    """Return one remark a line, each sentence once: a line may hold a task and an entry."""
    by_line: dict[int, LineRemark] = {}
    for remark in remarks:
        there = by_line.get(remark.line)
        if there is None or there.message == remark.message:
            by_line[remark.line] = remark
        elif remark.message not in there.message:
            by_line[remark.line] = LineRemark(
                remark.line,
                there.is_refusal or remark.is_refusal,
                f"{there.message} {remark.message}"[:LONGEST_MESSAGE],
            )
    return list(by_line.values())


@dataclass
class Tally:
    """
    What becomes of the lines of a file.

    `seconds` is the time they bring, `left_out` what of them cannot be kept, `kept` what is kept beside tasks because
    no field holds it, `made` how many tasks and entries are new.
    """

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    remarks: Counter[Remark] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    seconds: int = 0

    @property
    def rows(self) -> int:
        """How many lines there are."""
        return self.verdicts.total()

    def add(self, judgements: Iterable[Judgement]) -> list[LineRemark]:
        """Count more lines, and return what there is to say about them."""
        said: list[LineRemark] = []
        for judgement in judgements:
            self.verdicts[judgement.verdict] += 1
            self.remarks.update(judgement.remarks)
            self.left_out.update(judgement.left_out)
            self.kept.update(judgement.kept)
            if judgement.thing and judgement.verdict is Verdict.CREATED:
                self.made[judgement.thing] += 1
            self.seconds += judgement.seconds
            sentences = [f"It {remark.said_of(1)}." for remark in judgement.remarks]
            message = judgement.message or " ".join(filter(None, [*sentences, judgement.note]))
            if message:
                said.append(LineRemark(judgement.line, bool(judgement.message), message[:LONGEST_MESSAGE]))
        return said


_VERDICT_OF = {Outcome.CREATED: Verdict.CREATED, Outcome.UPDATED: Verdict.UPDATED}
_SAID_OF = {Outcome.KEPT: (Remark.KEPT,), Outcome.TRASHED: (Remark.TRASHED,)}


def judge(
    line: Line,
    *,
    tasks: Mapping[str, Outcome],
    entries: Mapping[str, Outcome],
    source: str,
    left_out: Mapping[str, str] = {},
    new_records: Container[Own] = (),
) -> Judgement:
    """
    Return what becomes of a line, given what becomes of the task or the entry in it, by reference.

    :param left_out: sentences about what could not be taken over of a task
    :param new_records: what tasks refer to and was not here
    """
    match line:
        case RefusedLine():
            return Judgement(line.line, Verdict.REFUSED, message=line.message)
        case LeftOutLine():
            return Judgement(line.line, Verdict.LEFT_OUT, left_out=(line.kind,))
        case RecordLine():
            is_new = line.record in new_records
            return Judgement(line.line, Verdict.CREATED if is_new else Verdict.SKIPPED)
        case TaskLine():
            outcome, seconds = _of_task(line, tasks, entries)
            thing, note = TASKS, left_out.get(line.task.source_ref, "")
        case EntryLine():
            outcome, seconds = entries[line.entry.source_ref], line.entry.counted_seconds
            thing, note = ENTRIES, ""
    if outcome is Outcome.NO_TASK and isinstance(line, EntryLine):
        where = f" from “{source}”" if source else ""
        message = f"There is no task “{line.entry.task_ref}”{where} here."
        return Judgement(line.line, Verdict.REFUSED, message=message)
    verdict = _VERDICT_OF.get(outcome, Verdict.SKIPPED)
    remarks = (*line.remarks, *_SAID_OF.get(outcome, ()))
    return Judgement(
        line.line,
        verdict,
        0 if verdict is Verdict.SKIPPED else seconds,
        remarks,
        left_out=line.left_out,
        kept=tuple(name for name, _ in line.task.extra) if isinstance(line, TaskLine) else (),
        thing=thing,
        note=note,
    )


def _of_task(line: TaskLine, tasks: Mapping[str, Outcome], entries: Mapping[str, Outcome]) -> tuple[Outcome, int]:
    outcome = tasks[line.task.source_ref]
    total = entries.get(f"{TOTAL_PREFIX}{line.task.source_ref}")
    if outcome is Outcome.UNCHANGED and total in (Outcome.CREATED, Outcome.UPDATED):
        outcome = Outcome.UPDATED
    return outcome, line.total[1] if line.total and total is Outcome.CREATED else 0
