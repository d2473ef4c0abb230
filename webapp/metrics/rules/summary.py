"""What a period came to, beside the period before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.metrics.rules.facts import CreatedCount, DayFinished
from webapp.metrics.rules.parts import share_out
from webapp.values.period import Period
from webapp.values.status import Status


@dataclass(frozen=True)
class Totals:
    """The sums of one period. `created` counts by the status the tasks have now."""

    period: Period
    tracked_seconds: int
    created: Mapping[Status, int]
    finished: int
    with_due: int
    on_time: int
    with_both: int
    estimated_minutes: int
    actual_seconds: int

    @property
    def created_total(self) -> int:
        """Tasks created in the period."""
        return sum(self.created.values())

    @property
    def created_done(self) -> int:
        """Tasks created in the period that are done now."""
        return self.created[Status.DONE]

    @property
    def completion(self) -> float | None:
        """Which share of the tasks created in the period is done now; None without any."""
        return share(self.created_done, self.created_total)

    def status_share(self, status: Status) -> float | None:
        """Return the share of created tasks with a status, to a tenth of a percent; together they are the whole."""
        if not self.created_total:
            return None
        tenths = share_out([self.created[each] for each in Status], 1000)
        return dict(zip(Status, tenths, strict=True))[status] / 1000

    @property
    def on_time_share(self) -> float | None:
        """Which share of the finished tasks that were due was finished in time; None without any."""
        return share(self.on_time, self.with_due)

    @property
    def took(self) -> float | None:
        """How many times the estimate the finished tasks that have both took together; None without any."""
        return share(self.actual_seconds, 60 * self.estimated_minutes)


@dataclass(frozen=True)
class Summary:
    """A period and the one it is compared with, which has as many days as have passed of the first."""

    now: Totals
    before: Totals

    @property
    def is_empty(self) -> bool:
        """Whether nothing was created, finished or tracked."""
        return not (self.now.created_total or self.now.finished or self.now.tracked_seconds)

    @property
    def has_before(self) -> bool:
        """Whether there was anything to compare with."""
        return bool(self.before.created_total or self.before.finished or self.before.tracked_seconds)


def summarise(
    *,
    period: Period,
    before: Period,
    seconds: Mapping[date, int],
    created: Iterable[CreatedCount],
    finished: Iterable[DayFinished],
) -> Summary:
    """Add up both periods; `seconds` and `finished` may reach further than they do."""
    created = list(created)
    finished = list(finished)
    counts_now = {status: sum(row.now for row in created if row.status is status) for status in Status}
    counts_before = {status: sum(row.before for row in created if row.status is status) for status in Status}
    return Summary(
        now=_totals(period, seconds, counts_now, finished),
        before=_totals(before, seconds, counts_before, finished),
    )


def share(part: int, whole: int) -> float | None:
    """Divide, or answer None where there is nothing to divide by."""
    return part / whole if whole else None


def _totals(
    period: Period, seconds: Mapping[date, int], created: Mapping[Status, int], finished: list[DayFinished]
) -> Totals:
    rows = [row for row in finished if period.start <= row.day < period.end]
    return Totals(
        period=period,
        tracked_seconds=sum(value for day, value in seconds.items() if period.start <= day < period.end),
        created=created,
        finished=sum(row.finished for row in rows),
        with_due=sum(row.with_due for row in rows),
        on_time=sum(row.on_time for row in rows),
        with_both=sum(row.with_both for row in rows),
        estimated_minutes=sum(row.estimated_minutes for row in rows),
        actual_seconds=sum(row.actual_seconds for row in rows),
    )
