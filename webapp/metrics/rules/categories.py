"""How time and finished work are spread over the categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.metrics.rules.facts import CategoryFinished, CategoryName, CreatedCount
from webapp.metrics.rules.parts import share_out
from webapp.metrics.rules.summary import share
from webapp.values.status import Status

MOST_ON_DASHBOARD = 8


@dataclass(frozen=True)
class CategoryRow:
    """
    One category, or the tasks without one (`category` is None), or several under one name (`others` tells how many).

    `share_tenths` are tenths of a percent of all tracked time; all rows together have 1,000 where any was tracked.
    """

    category: CategoryName | None
    tracked_seconds: int
    share_tenths: int
    created: int
    created_done: int
    finished: int
    with_both: int
    estimated_minutes: int
    actual_seconds: int
    others: int = 0

    @property
    def share(self) -> float:
        """The share of all tracked time, 0 to 1."""
        return self.share_tenths / 1000

    @property
    def completion(self) -> float | None:
        """Which share of its tasks created in the period is done now; None without any."""
        return share(self.created_done, self.created)

    @property
    def efficiency(self) -> float | None:
        """Estimate divided by actual time of the finished tasks that have both: above 1 is faster than estimated."""
        return share(60 * self.estimated_minutes, self.actual_seconds)


@dataclass(frozen=True)
class Categories:
    """All rows, most time first, and their sum."""

    rows: list[CategoryRow]
    total: CategoryRow

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.rows

    @property
    def top(self) -> CategoryRow | None:
        """The named category with the most time, where there is one with any."""
        named = [row for row in self.rows if row.category and row.tracked_seconds]
        return named[0] if named else None

    @property
    def longest_seconds(self) -> int:
        """The most time one row has."""
        return max((row.tracked_seconds for row in self.rows), default=0)

    def shortened(self) -> Categories:
        """Return the same with all but the largest rows put together, for where there is little room."""
        if len(self.rows) <= MOST_ON_DASHBOARD:
            return self
        kept, rest = self.rows[: MOST_ON_DASHBOARD - 1], self.rows[MOST_ON_DASHBOARD - 1 :]
        return Categories([*kept, _sum_of(rest, others=len(rest))], self.total)


def spread(
    *,
    names: Iterable[CategoryName],
    seconds: Mapping[int | None, int],
    created: Iterable[CreatedCount],
    finished: Iterable[CategoryFinished],
) -> Categories:
    """Put the facts of each category in one row; a category without any is left out."""
    known = {name.id: name for name in names}
    created = list(created)
    finished_by_id = {row.category_id: row for row in finished}
    ids = {*seconds, *(row.category_id for row in created if row.now), *finished_by_id}
    order = sorted(ids, key=lambda key: (-seconds.get(key, 0), key is None, known[key].name if key else ""))
    tenths = share_out([seconds.get(key, 0) for key in order], 1000)
    rows = []
    for key, part in zip(order, tenths, strict=True):
        done = finished_by_id.get(key) or CategoryFinished(key, 0, 0, 0, 0)
        mine = [row for row in created if row.category_id == key]
        rows.append(
            CategoryRow(
                category=known[key] if key is not None else None,
                tracked_seconds=seconds.get(key, 0),
                share_tenths=part,
                created=sum(row.now for row in mine),
                created_done=sum(row.now for row in mine if row.status is Status.DONE),
                finished=done.finished,
                with_both=done.with_both,
                estimated_minutes=done.estimated_minutes,
                actual_seconds=done.actual_seconds,
            )
        )
    return Categories(rows, _sum_of(rows))


def _sum_of(rows: list[CategoryRow], others: int = 0) -> CategoryRow:
    return CategoryRow(
        category=None,
        tracked_seconds=sum(row.tracked_seconds for row in rows),
        share_tenths=sum(row.share_tenths for row in rows),
        created=sum(row.created for row in rows),
        created_done=sum(row.created_done for row in rows),
        finished=sum(row.finished for row in rows),
        with_both=sum(row.with_both for row in rows),
        estimated_minutes=sum(row.estimated_minutes for row in rows),
        actual_seconds=sum(row.actual_seconds for row in rows),
        others=others,
    )
