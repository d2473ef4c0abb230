"""A timesheet that counts time on the day it began, instead of on each of its days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from tests.cast import NOW, Person, make_task
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries.timesheet import get_list
from webapp.tasks.rules.entries import Attribution, Interval, PlainDuration
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.period import Period

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
WEEK = Period(date(2026, 11, 16), date(2026, 11, 23))


def days_of(person: Person, by: Attribution, period: Period = WEEK) -> dict[date, int]:
    criteria = SheetCriteria(period=period, user_id=person.user_id, attribution=by)
    sheet = get_list(criteria=criteria, actor=person.actor, now=NOW)
    days = {day.day: day.seconds for day in sheet.totals.days if day.seconds}
    assert sheet.totals.seconds == sum(days.values()) == sum(task.seconds for task in sheet.totals.tasks)
    listed = Counter[date]()
    for entry in (*sheet.page.rows, *sheet.running):
        listed[entry.day] += entry.seconds
    assert days == dict(listed)
    return days


def test_time_counts_on_its_days_or_on_the_one_it_began(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    # From 23:00 to 02:00 in Berlin, less half an hour.
    night = Interval(
        datetime(2026, 11, 19, 22, tzinfo=UTC), datetime(2026, 11, 20, 1, tzinfo=UTC), interrupted_seconds=1800
    )
    for spent in (night, PlainDuration(FRIDAY, 60)):
        entries.create_entry(task_id=task.id, spent=spent, actor=ada.actor, now=NOW)

    assert days_of(ada, Attribution.CLIPPED) == {THURSDAY: 3000, FRIDAY: 6060}
    assert days_of(ada, Attribution.START) == {THURSDAY: 9000, FRIDAY: 60}
    assert days_of(ada, Attribution.START, Period(FRIDAY, date(2026, 11, 21))) == {FRIDAY: 60}
    assert days_of(cy, Attribution.START) == {}


def test_a_timer_counts_on_the_day_it_was_started(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=datetime(2026, 11, 19, 22, tzinfo=UTC))

    assert days_of(ada, Attribution.CLIPPED) == {THURSDAY: 3600, FRIDAY: 56520}
    assert days_of(ada, Attribution.START) == {THURSDAY: 60120}


def test_deleted_time_counts_on_no_day(ada: Person) -> None:
    task = make_task(ada)
    entry_id = entries.create_entry(task_id=task.id, spent=PlainDuration(FRIDAY, 60), actor=ada.actor, now=NOW)
    entries.delete_entry(entry_id=entry_id, actor=ada.actor, now=NOW)

    assert days_of(ada, Attribution.START) == {}
