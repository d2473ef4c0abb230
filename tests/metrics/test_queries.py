"""What the database adds up is what counting by hand gives; and nobody's numbers are in another's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from tests.cast import NOW, TODAY, Person, make_entry, make_task
from tests.page import counted_statements
from webapp.metrics import queries
from webapp.metrics.rules.efficiency import MOST_PAIRS
from webapp.metrics.rules.scope import Who
from webapp.metrics.rules.weekly import PartName
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, EntryDay, Task, TimeEntry
from webapp.values.period import Period, named_period
from webapp.values.status import Status
from webapp.values.text import name_key
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

PERIOD = named_period("30d", today=TODAY)
near = st.integers(-75, 0).map(lambda offset: TODAY + timedelta(days=offset))


@dataclass(frozen=True)
class Made:
    """A task as the tests know it."""

    category: int | None
    created_on: date
    status: Status
    completed_on: date | None
    due: date | datetime | None
    estimated_minutes: int | None
    entries: tuple[tuple[date, int], ...]
    is_deleted: bool
    assigned: str

    @property
    def tracked_seconds(self) -> int:
        return sum(seconds for _, seconds in self.entries)

    @property
    def has_both(self) -> bool:
        return bool(self.estimated_minutes and self.tracked_seconds)

    @property
    def completed_at(self) -> datetime | None:
        # Noon in Berlin, in winter or summer.
        return datetime(*self.completed_on.timetuple()[:3], 10, 30, tzinfo=UTC) if self.completed_on else None

    @property
    def is_on_time(self) -> bool:
        if self.due is None or self.completed_on is None or self.completed_at is None:
            return False
        return self.completed_at <= self.due if isinstance(self.due, datetime) else self.completed_on <= self.due

    @property
    def due_day(self) -> date | None:
        # Due times are made at 12:00 UTC, which is the same day in Berlin.
        return self.due.date() if isinstance(self.due, datetime) else self.due


@st.composite
def made_tasks(draw: st.DrawFn) -> Made:
    status = draw(st.sampled_from(Status))
    due = draw(st.none() | st.integers(-75, 20).map(lambda offset: TODAY + timedelta(days=offset)))
    at_noon = due and draw(st.booleans())
    return Made(
        category=draw(st.sampled_from([None, 0, 1])),
        created_on=draw(near),
        status=status,
        completed_on=draw(near) if status is Status.DONE else None,
        due=datetime(due.year, due.month, due.day, 12, tzinfo=UTC) if due and at_noon else due,
        estimated_minutes=draw(st.sampled_from([None, 0, 1, 60, 600])),
        entries=tuple(draw(st.lists(st.tuples(near, st.sampled_from([60, 1800, 3600, 4500, 36000])), max_size=3))),
        is_deleted=draw(st.integers(0, 5)) == 0,
        assigned=draw(st.sampled_from(["ada", "nobody", "ben"])),
    )


def put(task: Made, owner: Person, people: dict[str, int | None], category_ids: list[int]) -> None:
    """Store a task and its entries, whose time is the owner's."""
    due_on = None if isinstance(task.due, datetime) else task.due
    due_at = task.due if isinstance(task.due, datetime) else None
    due_sort: dict[str, Any] = {}
    if due_on:
        due_sort = {"due_sort": datetime(due_on.year, due_on.month, due_on.day, 23, 59, 59, tzinfo=UTC)}
    elif due_at:
        due_sort = {"due_sort": due_at}
    stored = make_task(
        owner,
        category_id=None if task.category is None else category_ids[task.category],
        assignee_id=people[task.assigned],
        status=task.status,
        created_on=task.created_on,
        completed_on=task.completed_on,
        completed_at=task.completed_at,
        due_on=due_on,
        due_at=due_at,
        estimated_minutes=task.estimated_minutes,
        is_deleted=task.is_deleted,
        **due_sort,
    )
    for day, seconds in task.entries:
        make_entry(stored, owner, started_at=datetime(day.year, day.month, day.day, 6, tzinfo=UTC), seconds=seconds)


def make_categories(owner: Person) -> list[int]:
    with transaction():
        found = [
            Category(workspace_id=owner.workspace_id, name=name, name_key=name_key(name), hue=1)
            for name in ("Development", "Review")
        ]
        db.session.add_all(found)
    return [category.id for category in found]


def clear_tasks() -> None:
    with transaction():
        for table in (EntryDay, TimeEntry, Task, Category):
            db.session.execute(delete(table))
    db.session.expunge_all()


def ask(
    person: Person, *, who: Who | None = Who.ALL, period: Period = PERIOD, now: datetime = NOW
) -> queries.Dashboard:
    return queries.get_dashboard(actor=person.actor, period=period, who=who, week_start=0, now=now)


def is_in(day: date | None, period: Period) -> bool:
    return day is not None and period.start <= day < period.end


@given(st.lists(made_tasks(), max_size=12), st.sampled_from(Who))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dashboard_agrees_with_counting_by_hand(ada: Person, ben: Person, made: list[Made], who: Who) -> None:
    clear_tasks()
    category_ids = make_categories(ada)
    people: dict[str, int | None] = {"ada": ada.user_id, "ben": ben.user_id, "nobody": None}
    for task in made:
        put(task, ada, people, category_ids)

    dashboard = ask(ada, who=who)

    kept = [task for task in made if not task.is_deleted]
    own = [task for task in kept if who is Who.ALL or task.assigned != "ben"]
    before = PERIOD.before()
    totals = dashboard.summary.now
    for period, found in ((PERIOD, totals), (before, dashboard.summary.before)):
        days = [(day, seconds) for task in kept for day, seconds in task.entries if is_in(day, period)]
        finished = [task for task in own if is_in(task.completed_on, period)]
        both = [task for task in finished if task.has_both]
        created = Counter(task.status for task in own if is_in(task.created_on, period))
        assert found.period == period
        assert found.tracked_seconds == sum(seconds for _, seconds in days)
        assert {status: count for status, count in found.created.items() if count} == dict(created)
        assert found.finished == len(finished)
        assert found.with_due == sum(1 for task in finished if task.due)
        assert found.on_time == sum(1 for task in finished if task.is_on_time)
        assert found.with_both == len(both)
        assert found.estimated_minutes == sum(task.estimated_minutes or 0 for task in both)
        assert found.actual_seconds == sum(task.tracked_seconds for task in both)

    check_categories(dashboard, kept, own, category_ids)
    check_pairs(dashboard, own)
    check_weeks(dashboard, kept, own)
    check_days(dashboard, kept, own)


def check_categories(dashboard: queries.Dashboard, kept: list[Made], own: list[Made], ids: list[int]) -> None:
    index_of = {ids[0]: 0, ids[1]: 1}
    rows = {row.category and index_of[row.category.id]: row for row in dashboard.categories.rows}
    for key in (None, 0, 1):
        seconds = sum(
            value for task in kept if task.category == key for day, value in task.entries if is_in(day, PERIOD)
        )
        created = [task for task in own if task.category == key and is_in(task.created_on, PERIOD)]
        finished = [task for task in own if task.category == key and is_in(task.completed_on, PERIOD)]
        if not (seconds or created or finished):
            assert key not in rows
            continue
        row = rows[key]
        assert row.tracked_seconds == seconds
        assert row.created == len(created)
        assert row.created_done == sum(1 for task in created if task.status is Status.DONE)
        assert row.finished == len(finished)
        actual = sum(task.tracked_seconds for task in finished if task.has_both)
        estimate = sum(task.estimated_minutes or 0 for task in finished if task.has_both)
        assert row.efficiency == (60 * estimate / actual if actual else None)
    total = dashboard.categories.total
    assert total.tracked_seconds == dashboard.summary.now.tracked_seconds
    assert total.created == dashboard.summary.now.created_total
    assert total.finished == dashboard.summary.now.finished
    assert sum(row.share_tenths for row in rows.values()) == (1000 if total.tracked_seconds else 0)


def check_pairs(dashboard: queries.Dashboard, own: list[Made]) -> None:
    ratios = [
        task.tracked_seconds / (60 * (task.estimated_minutes or 1))
        for task in own
        if task.has_both and is_in(task.completed_on, PERIOD)
    ]
    bias = dashboard.efficiency.overall
    assert bias.count == len(ratios)
    assert bias.middle == (median(ratios) if ratios else None)
    assert bias.within == sum(1 for ratio in ratios if 0.75 <= ratio <= 1.25)


def check_weeks(dashboard: queries.Dashboard, kept: list[Made], own: list[Made]) -> None:
    for result in dashboard.weekly.weeks:
        week = Period(result.week.start, result.week.end)
        finished = [task for task in own if is_in(task.completed_on, week)]
        due = [task for task in own if is_in(task.due_day, week) and (task.due_day or TODAY) <= TODAY]
        kept_plans = [task for task in due if task.completed_on and task.completed_on < week.end]
        parts = {part.name: part for part in result.parts}
        assert result.seconds == sum(value for task in kept for day, value in task.entries if is_in(day, week))
        assert result.finished == len(finished)
        assert parts[PartName.PLANNED].of == sum(task.estimated_minutes or 0 for task in due)
        assert parts[PartName.PLANNED].got == sum(task.estimated_minutes or 0 for task in kept_plans)
        assert parts[PartName.ON_TIME].of == sum(1 for task in finished if task.due)
        assert parts[PartName.WITHIN].of == sum(1 for task in finished if task.has_both)
        if result.score_tenths is not None:
            assert sum(part.points_tenths for part in result.parts) == result.score_tenths


def check_days(dashboard: queries.Dashboard, kept: list[Made], own: list[Made]) -> None:
    productivity = dashboard.productivity
    assert [step.start for step in productivity.steps] == list(PERIOD.days())
    for step in productivity.steps:
        assert step.seconds == sum(value for task in kept for day, value in task.entries if day == step.start)
        assert step.finished == sum(1 for task in own if task.completed_on == step.start)
        assert step.is_open == (step.start == TODAY)


def test_running_timer_counts_to_now_on_each_of_its_days(ada: Person) -> None:
    task = make_task(ada)
    start_timer(task, ada, started_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC))

    dashboard = ask(ada)

    # Half an hour before midnight in Berlin, and 15 hours 42 minutes after.
    steps = {step.start: step.seconds for step in dashboard.productivity.steps}
    assert steps[date(2026, 11, 19)] == 1800
    assert steps[TODAY] == 15 * 3600 + 42 * 60
    assert dashboard.scope.is_running
    assert dashboard.summary.now.tracked_seconds == dashboard.categories.total.tracked_seconds == 16 * 3600 + 12 * 60


def test_running_timer_of_another_counts_for_everybody_only(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    start_timer(task, ben, started_at=NOW - timedelta(hours=1))

    assert ask(ada, who=Who.ME).summary.now.tracked_seconds == 0
    assert ask(ada, who=Who.ALL).summary.now.tracked_seconds == 3600
    assert not ask(ada, who=Who.ME).scope.is_running


def test_time_of_others_is_counted_for_everybody_only(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, seconds=600)
    make_entry(task, ben, seconds=6000)

    assert ask(ada, who=Who.ME).summary.now.tracked_seconds == 600
    assert ask(ben, who=Who.ME).summary.now.tracked_seconds == 6000
    assert ask(ada, who=Who.ALL).summary.now.tracked_seconds == 6600


def test_own_numbers_come_first_beside_others_and_all_of_them_alone(ada: Person, ben: Person, cy: Person) -> None:
    assert ask(ada, who=None).scope.who is Who.ME
    assert ask(ada, who=None).scope.can_choose
    assert ask(cy, who=None).scope.who is Who.ALL
    assert not ask(cy, who=None).scope.can_choose


def test_people_whom_a_file_named_are_part_of_ones_own_record(ada: Person, cy: Person) -> None:
    with transaction():
        db.session.add(
            Membership(workspace_id=cy.workspace_id, user_id=ada.user_id, role=Role.PLACEHOLDER, joined_at=NOW)
        )

    dashboard = ask(cy, who=None)

    assert dashboard.scope.who is Who.ALL
    assert dashboard.scope.can_choose


def test_a_stranger_sees_nothing_of_others(ada: Person, cy: Person) -> None:
    category_ids = make_categories(ada)
    task = make_task(
        ada, status=Status.DONE, category_id=category_ids[0], estimated_minutes=60, due_on=TODAY, assignee_id=cy.user_id
    )
    make_entry(task, ada)
    start_timer(task, ada, started_at=NOW - timedelta(hours=2))

    for who in (None, *Who):
        dashboard = ask(cy, who=who)
        assert dashboard.is_empty
        assert dashboard.categories.is_empty
        assert dashboard.weekly.is_empty
        assert dashboard.efficiency.overall.count == 0
        assert dashboard.productivity.is_empty
        assert dashboard.latest_on is None
        assert not dashboard.scope.is_running


def test_an_empty_period_names_the_last_day_with_anything(ada: Person) -> None:
    make_task(ada, status=Status.DONE, created_on=date(2019, 2, 1), completed_on=date(2019, 3, 4))

    assert ask(ada).latest_on == date(2019, 3, 4)


def test_only_the_newest_pairs_are_compared_when_there_are_very_many(ada: Person) -> None:
    with transaction():
        values = {
            "workspace_id": ada.workspace_id,
            "title": "Write the report",
            "title_key": "write the report",
            "status": Status.DONE,
            "created_at": NOW,
            "created_on": TODAY,
            "updated_at": NOW,
            "estimated_minutes": 60,
            "tracked_seconds": 3600,
        }
        rows = [{**values, "completed_on": TODAY - timedelta(days=index % 20)} for index in range(MOST_PAIRS + 10)]
        db.session.execute(insert(Task), rows)

    dashboard = ask(ada)

    assert dashboard.efficiency.is_cut
    assert dashboard.efficiency.overall.count == MOST_PAIRS
    # The sums are still those of all.
    assert dashboard.summary.now.with_both == MOST_PAIRS + 10


@pytest.mark.parametrize("period", [PERIOD, Period(date(2017, 1, 1), date(2027, 1, 1))])
def test_statements_do_not_grow_with_the_history(ada: Person, period: Period) -> None:
    counts = []
    for _ in range(2):
        for offset in range(0, 300, 7):
            day = TODAY - timedelta(days=offset)
            task = make_task(
                ada, status=Status.DONE, estimated_minutes=60, created_on=day, completed_on=day, due_on=day
            )
            make_entry(task, ada, started_at=NOW - timedelta(days=offset))
        with counted_statements() as statements:
            ask(ada, period=period)
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))

    assert counts[0] == counts[1] <= 12


def start_timer(task: Task, person: Person, *, started_at: datetime) -> None:
    with transaction():
        db.session.add(
            TimeEntry(
                workspace_id=task.workspace_id,
                task_id=task.id,
                user_id=person.user_id,
                started_at=started_at,
                day=started_at.astimezone(person.actor.zone).date(),
                zone=person.actor.zone.key,
                running_user_id=person.user_id,
                created_at=started_at,
                updated_at=started_at,
            )
        )
