"""What became, or would become, of each line of a file, and of all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.tasks.rules.intake import TOTAL_PREFIX, Outcome
from webapp.transfers.rules.rows import EntryLine, LeftOutLine, Line, RefusedLine, Remark, TaskLine

LONGEST_MESSAGE = 500


class Verdict(StrEnum):
    """What becomes of a line."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Judgement:
    """
    What becomes of one line.

    `seconds` is the time it brings, `message` why it is refused, `left_out` what of it cannot be kept.
    """

    line: int
    verdict: Verdict
    seconds: int = 0
    remarks: tuple[Remark, ...] = ()
    message: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineRemark:
    """What is to be said about one line."""

    line: int
    is_refusal: bool
    message: str


@dataclass
class Tally:
    """What becomes of the lines of a file; `seconds` is the time they bring, `left_out` what cannot be kept of them."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    remarks: Counter[Remark] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
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
            self.seconds += judgement.seconds
            message = judgement.message or " ".join(f"It {remark.said_of(1)}." for remark in judgement.remarks)
            if message:
                said.append(LineRemark(judgement.line, bool(judgement.message), message[:LONGEST_MESSAGE]))
        return said


_VERDICT_OF = {Outcome.CREATED: Verdict.CREATED, Outcome.UPDATED: Verdict.UPDATED}
_SAID_OF = {Outcome.KEPT: (Remark.KEPT,), Outcome.TRASHED: (Remark.TRASHED,)}


def judge(line: Line, *, tasks: Mapping[str, Outcome], entries: Mapping[str, Outcome], source: str) -> Judgement:
    """Return what becomes of a line, given what becomes of the task or the entry in it, by reference."""
    if isinstance(line, RefusedLine):
        return Judgement(line.line, Verdict.REFUSED, message=line.message)
    if isinstance(line, LeftOutLine):
        return Judgement(line.line, Verdict.SKIPPED, left_out=(line.kind,))
    if isinstance(line, TaskLine):
        outcome, seconds = _of_task(line, tasks, entries)
    else:
        outcome, seconds = entries[line.entry.source_ref], line.entry.counted_seconds
    if outcome is Outcome.NO_TASK and isinstance(line, EntryLine):
        message = f"There is no task “{line.entry.task_ref}” from “{source}” here."
        return Judgement(line.line, Verdict.REFUSED, message=message)
    verdict = _VERDICT_OF.get(outcome, Verdict.SKIPPED)
    remarks = (*line.remarks, *_SAID_OF.get(outcome, ()))
    return Judgement(line.line, verdict, 0 if verdict is Verdict.SKIPPED else seconds, remarks, left_out=line.left_out)


def _of_task(line: TaskLine, tasks: Mapping[str, Outcome], entries: Mapping[str, Outcome]) -> tuple[Outcome, int]:
    outcome = tasks[line.task.source_ref]
    total = entries.get(f"{TOTAL_PREFIX}{line.task.source_ref}")
    if outcome is Outcome.UNCHANGED and total in (Outcome.CREATED, Outcome.UPDATED):
        outcome = Outcome.UPDATED
    return outcome, line.total[1] if line.total and total is Outcome.CREATED else 0
