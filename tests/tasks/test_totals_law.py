"""Totals against brute force: every second of every entry is asked on which day it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, Person, make_task
from webapp.accounts.models import User
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Task, TimeEntry
from webapp.tasks.operations import entries
from webapp.tasks.queries.timesheet import list_shares
from webapp.tasks.rules.entries import Attribution, Interval
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.tasks.rules.rounding import STEPS, Rounding, RoundingWay, rounded
from webapp.tasks.rules.timesheet import SheetCriteria, Sum, Totals, add_up, week_of
from webapp.values.actor import Actor
from webapp.values.period import Period

# Each with the evening before clocks are moved there, or a day is left out; and some that never do.
NIGHTS = [
    ("Europe/Berlin", datetime(2026, 3, 28, 21, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, 20, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 2, tzinfo=UTC)),
    # Clocks put forward over midnight, and back over it.
    ("Africa/Cairo", datetime(2026, 4, 23, 20, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 7, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 8, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 11, 15, 17, tzinfo=UTC)),
    # From Sunday to Monday, and from one year to the next.
    ("UTC", datetime(2025, 12, 31, 22, tzinfo=UTC)),
]


@dataclass(frozen=True)
class Worked:
    """Some time on one of the tasks, in the zone where the person was."""

    night: int
    offset: int
    length: int
    breaks: int
    task: int
    is_for_another: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(NIGHTS[self.night][0])

    @property
    def spent(self) -> Interval:
        started_at = NIGHTS[self.night][1] + timedelta(seconds=self.offset)
        return Interval(started_at, started_at + timedelta(seconds=self.length), self.breaks % self.length)

    def seconds(self, by: Attribution) -> Counter[date]:
        """How many seconds fell on each day, asked second by second."""
        started_at = self.spent.started_at
        moments = (started_at + timedelta(seconds=second) for second in range(self.length))
        if by is Attribution.START:
            return Counter({started_at.astimezone(self.zone).date(): self.length})
        return Counter(moment.astimezone(self.zone).date() for moment in moments)


worked = st.builds(
    Worked,
    night=st.integers(0, len(NIGHTS) - 1),
    offset=st.integers(-1_000, 14_000),
    length=st.integers(1, 5_000),
    breaks=st.just(0),
    task=st.integers(0, 2),
    is_for_another=st.booleans(),
)


class Work:
    """Three tasks: of a category and a customer, of a category alone, of neither; and time on them."""

    def __init__(self, ada: Person, times: Iterable[Worked]) -> None:
        acme, self.beta = (
            create_customer(details=CustomerDetails(name), actor=ada.actor, now=NOW) for name in ("Acme", "Beta")
        )
        with transaction():
            category = Category(workspace_id=ada.workspace_id, name="Office", name_key="office", hue=1)
            db.session.add(category)
            db.session.flush()
            category_id = category.id

        self.places: list[tuple[int, int | None, int | None]] = []
        for category_of_it, customer_of_it in ((category_id, acme), (category_id, None), (None, None)):
            task = make_task(ada, category_id=category_of_it, customer_id=customer_of_it)
            self.places.append((task.id, category_of_it, customer_of_it))
        self.ada = ada
        self.times = list(times)
        self.entry_ids = [self.write(one) for one in self.times]

    def write(self, one: Worked) -> int:
        return entries.create_entry(
            task_id=self.places[one.task][0],
            spent=one.spent,
            customer_id=self.beta if one.is_for_another else None,
            overlap=OverlapChoice.KEEP_BOTH,
            actor=replace(self.ada.actor, zone=one.zone),
            now=NOW,
        )

    def totals(self, period: Period, actor: Actor, **asked: object) -> Totals:
        criteria = replace(SheetCriteria(period, actor.user_id), **asked)  # type: ignore[arg-type]
        return add_up(list_shares(criteria=criteria, actor=actor, now=NOW), period=period)

    def keys_of(self, one: Worked) -> tuple[int, int | None, int | None]:
        task_id, category_id, customer_id = self.places[one.task]
        return task_id, category_id, self.beta if one.is_for_another else customer_id


def forget_everything() -> None:
    """Examples of one test share a database."""
    with transaction():
        for model in (TimeEntry, Task, Category):
            db.session.query(model).delete()


def as_counter(sums: Iterable[Sum]) -> Counter[Hashable]:
    return Counter({one.key: one.seconds for one in sums if one.seconds})


def year_of(one: Worked) -> Period:
    year = one.spent.started_at.year
    return Period(date(year - 1, 12, 1), date(year + 1, 2, 1))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.lists(worked, min_size=1, max_size=3), by=st.sampled_from(Attribution))
@example(times=[Worked(4, 4_000, 9_000, 0, 0, False), Worked(4, 5_000, 9_000, 0, 1, True)], by=Attribution.CLIPPED)
@example(times=[Worked(6, 0, 9_000, 0, 0, False), Worked(8, 0, 9_000, 0, 0, False)], by=Attribution.CLIPPED)
def test_totals_are_what_counting_every_second_gives(ada: Person, times: list[Worked], by: Attribution) -> None:
    forget_everything()
    work = Work(ada, times)

    for period in {year_of(one) for one in times}:
        days: Counter[Hashable] = Counter()
        tasks: Counter[Hashable] = Counter()
        categories: Counter[Hashable] = Counter()
        customers: Counter[Hashable] = Counter()
        for one in times:
            counted = Counter({day: n for day, n in one.seconds(by).items() if period.start <= day < period.end})
            days.update(counted)
            for sums, key in zip((tasks, categories, customers), work.keys_of(one), strict=True):
                sums[key] += counted.total()

        totals = work.totals(period, ada.actor, attribution=by)

        assert Counter({day.day: day.seconds for day in totals.days if day.seconds}) == days
        assert as_counter(totals.tasks) == +tasks
        assert as_counter(totals.categories) == +categories
        assert as_counter(totals.customers) == +customers
        assert totals.seconds == days.total()
        weeks = {week_of(day, week_start=0) for day in days if isinstance(day, date)}
        for week in weeks:
            of_week = work.totals(week, ada.actor, attribution=by)
            assert of_week.seconds == sum(days[day] for day in week.days())
            assert as_counter(of_week.tasks).total() == of_week.seconds


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.builds(replace, worked, breaks=st.integers(0, 9_000)), min_size=1, max_size=3),
    moved_to=st.sampled_from([name for name, _ in NIGHTS]),
    rounding=st.builds(Rounding, st.sampled_from(STEPS), st.sampled_from(RoundingWay)),
)
def test_parts_add_up_and_who_moves_to_another_zone_changes_no_past_total(
    ada: Person, times: list[Worked], moved_to: str, rounding: Rounding
) -> None:
    forget_everything()
    work = Work(ada, times)
    periods = {year_of(one) for one in times}
    before = {period: work.totals(period, ada.actor) for period in periods}

    moved = replace(ada.actor, zone=ZoneInfo(moved_to))
    with transaction():
        db.session.get_one(User, ada.user_id).timezone = moved_to
    entry = db.session.get_one(TimeEntry, work.entry_ids[0], populate_existing=True)
    entries.save_entry(
        entry_id=entry.id,
        spent=entries.spent_of(entry),
        note="Seen",
        customer_id=entry.customer_id,
        version=entry.version,
        actor=moved,
        now=NOW,
    )

    for period, was in before.items():
        inside = [one for one in times if year_of(one) == period]
        now = work.totals(period, moved)
        assert now == was
        for sums in (was.days, was.tasks, was.categories, was.customers):
            assert sum(one.seconds for one in sums) == was.seconds
        rounded_sum = work.totals(period, moved, rounding=rounding)
        for sums in (rounded_sum.days, rounded_sum.tasks, rounded_sum.categories, rounded_sum.customers):
            assert sum(one.seconds for one in sums) == rounded_sum.seconds
        if len({year_of(one) for one in times}) == 1:
            assert was.seconds == sum(one.spent.seconds for one in inside)
            assert rounded_sum.seconds == sum(rounded(one.spent.seconds, rounding) for one in inside)
