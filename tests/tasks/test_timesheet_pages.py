"""The pages of the timesheet: a day, a week that is typed into, a list, and all of it as a file."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, counted_statements, error_of, texts, words
from tests.tasks.test_timers import task_now
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries import timesheet
from webapp.tasks.rules.entries import Attribution, Interval, PlainDuration
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.period import Period

MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)
WEEK = {"from": "2026-11-16", "to": "2026-11-22"}


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    """It is 15:42 on a Friday in Berlin, for the server too."""
    with time_machine.travel(NOW, tick=False):
        yield


def rows_of(page: Any) -> list[list[str]]:
    """The cells of the week: what stands in its fields, else its words."""
    return [
        [str(field["value"]) if (field := cell.select_one("input.timesheet__cell")) else words(cell) for cell in cells]
        for cells in (row.select("th, td") for row in page.select(".timesheet tbody tr, .timesheet tfoot tr"))
    ]


def cell(task: Task, day: date) -> str:
    """The name of a cell."""
    return f"cell-{task.id}-{day}"


def sent(task: Task, cells: dict[date, str], was: str = "0 0 0 0 0 0 0") -> dict[str, str]:
    """What the browser sends of a week with one row."""
    return {
        **WEEK,
        "row": str(task.id),
        f"was-{task.id}": was,
        "request_key": secrets.token_hex(16),
        **{cell(task, day): typed for day, typed in cells.items()},
    }


def flashed(page: Any) -> str:
    """What the page says has just happened."""
    return " ".join(texts(page.select(".flash__text")))


def link_of(page: Any, rel: str) -> str:
    """Where the pager leads."""
    return str(page.select_one(f"[rel={rel}]")["href"])


def value_of(field: Any) -> str:
    """What a hidden field holds."""
    return str(field["value"])


# The week


def test_the_week_is_this_week_with_the_time_of_each_task_and_day(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="Write the report")
    make_entry(task, ada, started_at=datetime(2026, 11, 16, 8, 0, tzinfo=UTC), seconds=5400)
    make_entry(task, ada, started_at=datetime(2026, 11, 15, 8, 0, tzinfo=UTC), seconds=600)

    page = visit("timesheet.index", as_=ada)

    assert rows_of(page) == [
        ["Write the report", "1:30", "", "", "", "", "", "–", "1:30"],
        ["All tasks", "1:30", "0:00", "0:00", "0:00", "0:00", "0:00", "0:00", "1:30"],
    ]
    assert words(page.select_one("#total")) == "1 h 30 min this week"


def test_the_week_follows_the_first_day_of_the_week(visit: Visit, ada: Person) -> None:
    with transaction():
        db.session.get_one(User, ada.user_id).week_start = 6

    page = visit("timesheet.index", as_=ada)

    assert words(page.select_one(".page-head__note")) == "15 – 21 November 2026, Berlin time"


def test_what_runs_counts_up_to_now_beside_what_can_be_typed(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=datetime(2026, 11, 19, 22, 0, tzinfo=UTC))

    page = visit("timesheet.index", as_=ada)

    assert rows_of(page)[-1][4:7] == ["1:00", "15:42", "0:00"]
    assert texts(page.select(".timesheet__running")) == ["+1:00 running", "+15:42 running"]
    assert page.find("input", attrs={"name": f"was-{task.id}", "value": "0 0 0 0 0 0 0"}) is not None


def test_what_is_typed_is_saved_at_once_and_undone_at_once(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=datetime(2026, 11, 17, 8, 0, tzinfo=UTC), seconds=3600)
    cells = {MONDAY: "90m", date(2026, 11, 17): "1.5", date(2026, 11, 18): ""}

    answer = visit.send("timesheet.save_week", sent(task, cells, "0 3600 0 0 0 0 0"), as_=ada)

    page = visit.follow(answer, as_=ada)
    assert flashed(page) == "Saved 2 cells."
    assert rows_of(page)[0] == ["Write the report", "1:30", "1:30", "", "", "", "", "–", "3:00"]
    assert task_now(task.id).tracked_seconds == 3 * 3600
    undo = page.select_one(".flash form")
    assert undo is not None
    visit.send(str(undo["action"]), as_=ada)
    assert rows_of(visit("timesheet.index", as_=ada))[0][1:4] == ["", "1:00", ""]
    assert task_now(task.id).tracked_seconds == 3600


def test_cells_that_cannot_be_read_come_back_as_typed_and_nothing_is_saved(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    cells = {MONDAY: "1:00", date(2026, 11, 17): "soon", date(2026, 11, 18): "25:00"}

    answer = visit.send("timesheet.save_week", sent(task, cells), as_=ada, status=422)

    page = check(answer)
    assert rows_of(page)[0][1:4] == ["1:00", "soon", "25:00"]
    assert error_of(page, cell(task, date(2026, 11, 17))) == "Type 1:30, 90m or 1.5."
    assert error_of(page, cell(task, date(2026, 11, 18))) == "A day has 24 hours."
    assert texts(page.select(".form-errors a")) == ["Tue 17, Write the report", "Wed 18, Write the report"]
    assert task_now(task.id).tracked_seconds == 0


def test_a_cell_goes_not_below_what_the_clock_says(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=datetime(2026, 11, 16, 8, 0, tzinfo=UTC), seconds=5400)

    answer = visit.send("timesheet.save_week", sent(task, {MONDAY: "1:00"}, "5400 0 0 0 0 0 0"), as_=ada, status=422)

    assert error_of(check(answer), cell(task, MONDAY)) == "Timed entries say 1:30. Shorten those in the day."


def test_of_two_tabs_the_second_sees_what_the_first_has_saved(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    tuesday = date(2026, 11, 17)
    visit.send("timesheet.save_week", sent(task, {MONDAY: "2:00"}), as_=ada)

    # It says the other cell as it was shown, which is no change, and one that it wants to change itself.
    late = visit.send("timesheet.save_week", sent(task, {MONDAY: "1:00", tuesday: "0:30"}), as_=ada, status=409)

    page = check(late)
    assert rows_of(page)[0][1:3] == ["1:00", "0:30"]
    assert error_of(page, cell(task, MONDAY)) == "Says 2:00 now."
    assert task_now(task.id).tracked_seconds == 7200
    was = page.find("input", attrs={"name": f"was-{task.id}"})
    again = sent(task, {MONDAY: "1:00", tuesday: "0:30"}, value_of(was))
    visit.send("timesheet.save_week", again, as_=ada)
    assert task_now(task.id).tracked_seconds == 5400

    # What the first has changed and the second has not touched stays.
    visit.send("timesheet.save_week", sent(task, {MONDAY: "", tuesday: "0:45"}, "0 1800 0 0 0 0 0"), as_=ada)
    assert rows_of(visit("timesheet.index", as_=ada))[0][1:3] == ["1:00", "0:45"]


def test_a_week_that_is_sent_twice_is_saved_once(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    fields = sent(task, {MONDAY: "1:00"})

    for _ in range(2):
        assert flashed(visit.follow(visit.send("timesheet.save_week", fields, as_=ada), as_=ada)) == "Saved 1 cell."

    assert task_now(task.id).tracked_seconds == 3600


def test_a_row_is_added_for_a_task_by_its_number_or_words_and_nothing_typed_is_lost(visit: Visit, ada: Person) -> None:
    task, other = make_task(ada, title="Write the report"), make_task(ada, title="Reply to the audit")
    fields = {**sent(task, {MONDAY: "soon"}), "do": "row"}

    found = check(visit.send("timesheet.save_week", {**fields, "add": "reply to"}, as_=ada, status=200))
    none = check(visit.send("timesheet.save_week", {**fields, "add": "zebra"}, as_=ada, status=422))

    assert [row[:2] for row in rows_of(found)[:2]] == [["Reply to the audit", ""], ["Write the report", "soon"]]
    assert error_of(none, "add") == "No task is called that. Try a word of its title."
    chosen = check(visit.send("timesheet.save_week", {**fields, "row-of": str(other.id)}, as_=ada, status=200))
    assert len(rows_of(chosen)) == 3
    # A row without time stays when the others are saved.
    both = {**sent(task, {MONDAY: "1:00"}), "row": [str(task.id), str(other.id)], cell(other, MONDAY): ""}
    page = visit.follow(visit.send("timesheet.save_week", both, as_=ada), as_=ada)
    assert [row[0] for row in rows_of(page)] == ["Reply to the audit", "Write the report", "All tasks"]


def test_last_week_is_copied_as_rows_or_with_its_times(visit: Visit, ada: Person) -> None:
    task, done = make_task(ada, title="A"), make_task(ada, title="B")
    for on, day, seconds in ((task, 9, 5430), (task, 10, 600), (done, 12, 3600), (done, 15, 3600)):
        spent = PlainDuration(date(2026, 11, day), seconds)
        entries.create_entry(task_id=on.id, spent=spent, actor=ada.actor, now=NOW)
    make_entry(task, ada, started_at=datetime(2026, 11, 17, 8, 0, tzinfo=UTC), seconds=60)

    rows = rows_of(visit("timesheet.index", as_=ada, rows="last-week"))
    assert [row[:3] for row in rows[:2]] == [["A", "", "0:01"], ["B", "", ""]]

    page = visit.follow(visit.send("timesheet.copy_week", WEEK, as_=ada), as_=ada)
    said = "Copied 2 cells of the week before. 1 cell had time already. Days still to come were left out: 1 cell."
    assert flashed(page) == said
    assert [row[1:] for row in rows_of(page)[:2]] == [
        ["1:30", "0:01", "", "", "", "", "–", "1:31"],
        ["", "", "", "1:00", "", "", "–", "1:00"],
    ]
    again = visit.follow(visit.send("timesheet.copy_week", WEEK, as_=ada), as_=ada)
    assert "Nothing was copied." in flashed(again)


def test_nothing_of_a_stranger_can_be_typed_into_or_seen(visit: Visit, ada: Person, ben: Person, cy: Person) -> None:
    task = make_task(ada)
    make_entry(task, ben)

    visit.send("timesheet.save_week", sent(task, {MONDAY: "1:00"}), as_=cy, status=404)
    assert "Write the report" not in words(visit("timesheet.index", as_=cy, row=task.id))
    assert "Write the report" not in words(visit("timesheet.index", as_=ada))
    assert "Write the report" in words(visit("timesheet.index", as_=ben))
    assert words(visit("timesheet.index", as_=cy, view="list", person="all").main).count("Ben") == 0
    assert "Ben Ito" in words(visit("timesheet.index", as_=ada, view="list", person="all"))


def test_time_on_a_task_in_the_trash_is_left_out_and_its_cell_refused(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada)
    with transaction():
        db.session.get_one(Task, task.id).is_deleted = True

    page = visit("timesheet.index", as_=ada)
    answer = visit.send("timesheet.save_week", sent(task, {MONDAY: "1:00"}), as_=ada, status=422)

    assert words(page.select_one("#total")) == "0 min this week"
    assert error_of(check(answer), cell(task, MONDAY)) == "This task is in the trash. Restore it first."


def test_the_address_of_a_week_that_came_back_can_be_opened(visit: Visit, ada: Person) -> None:
    answer = ada.client.get("/timesheet/week?from=2026-11-09&to=2026-11-15")

    assert words(visit.follow(answer, as_=ada).select_one(".page-head__note")).startswith("9 – 15 November")


def test_a_week_of_a_hundred_tasks_takes_as_few_statements(visit: Visit, ada: Person) -> None:
    tasks = [make_task(ada, title=f"Task {number}") for number in range(101)]
    for number, task in enumerate(tasks):
        make_entry(task, ada, started_at=datetime(2026, 11, 16, 8, 0, tzinfo=UTC), seconds=60 * (1 + number))

    page = visit("timesheet.index", as_=ada, most_statements=8)

    assert len(page.select(".timesheet tbody tr")) == 100
    assert rows_of(page)[-2][:2] == ["1 more task", "0:01"]
    assert rows_of(page)[-1][-1] == "85:51"
    listed = visit("timesheet.index", as_=ada, view="list", most_statements=8)
    sums = [texts(row.select("th, td"))[:2] for row in listed.select(".sums section:first-child tr")]
    assert (len(sums), sums[-2:]) == (53, [["51 more", "22:06"], ["All", "85:51"]])
    with counted_statements() as statements:
        visit.send(
            "timesheet.save_week",
            {
                **WEEK,
                "row": [str(task.id) for task in tasks[1:]],
                **{f"was-{task.id}": "0 0 0 0 0 0 0" for task in tasks[1:]},
                **{cell(task, FRIDAY): "1:00" for task in tasks[1:]},
            },
            as_=ada,
        )
    # An insert each, where a server does not tell the ids of many.
    assert len(statements) <= 25 + len(tasks)


# The day


def test_a_day_shows_what_was_done_in_order(visit: Visit, ada: Person) -> None:
    first, second = make_task(ada, title="First"), make_task(ada, title="Second")
    make_entry(first, ada, started_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    make_entry(second, ada, started_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    night = Interval(datetime(2026, 11, 19, 22, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    entries.create_entry(task_id=first.id, spent=night, actor=ada.actor, now=NOW)
    entries.create_entry(task_id=first.id, spent=PlainDuration(FRIDAY, 600), actor=ada.actor, now=NOW)

    page = visit("timesheet.index", as_=ada, view="day")

    assert words(page.select_one("#total")) == "3 h 40 min today"
    spans = ["00:00 – 01:30", "01:30 – 09:00", "09:00 – 10:00", "09:30 – 10:30", "no clock times"]
    assert texts(page.select(".entry__span")) == spans
    assert texts(page.select(".entry__over")) == ["overlaps First by 30 min"]
    assert len(page.select(".day-line__stretch")) == 3
    assert words(page.select_one(".page-head__note")) == "Friday 20 November, Berlin time"
    # What was left out can be filled in.
    form = visit(str(page.select(".entry__fill")[0]["href"]), as_=ada)
    assert [value_of(form.find("input", attrs={"name": name})) for name in ("day", "duration")] == [
        "2026-11-20",
        "01:30-09:00",
    ]


# The list


def test_a_month_is_a_list_with_sums(visit: Visit, ada: Person) -> None:
    first, second = make_task(ada, title="First"), make_task(ada, title="Second")
    make_entry(first, ada, started_at=datetime(2026, 10, 1, 8, 0, tzinfo=UTC), seconds=3600)
    make_entry(second, ada, started_at=datetime(2026, 10, 31, 8, 0, tzinfo=UTC), seconds=7200)

    page = visit("/timesheet?from=2026-10-01&to=2026-10-31", as_=ada)

    sums = [texts(row.select("th, td"))[:2] for row in page.select(".sums section:first-child tr")[1:]]
    assert sums == [["Second", "2:00"], ["First", "1:00"], ["All", "3:00"]]
    assert texts(page.select(".entry-list__date")) == ["Sat 31 Oct 2 h", "Thu 1 Oct 1 h"]
    links = [str(link["href"]) for link in page.select(".page-head__actions a")]
    assert links[0] == "/timesheet?view=list&from=2026-08-31&to=2026-09-30"
    assert links[2] == "/timesheet?view=list&from=2026-11-01&to=2026-12-01"


def test_a_list_is_paged_and_its_pages_lead_back(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    for number in range(52):
        make_entry(task, ada, started_at=NOW - timedelta(hours=1 + number % 40), seconds=60 + number)
    address = "/timesheet?view=list"

    first = visit(address, as_=ada)
    second = visit(link_of(first, "next"), as_=ada)
    back = visit(link_of(second, "prev"), as_=ada)

    assert [len(page.select(".entry")) for page in (first, second, back)] == [50, 2, 50]
    assert words(first.select_one("#total")) == words(second.select_one("#total"))


@pytest.mark.parametrize(
    "query, seconds",
    [
        ("", 6000),
        ("category=none", 3600),
        ("customer=none", 6000),
        ("billable=yes", 0),
        ("person=all", 6060),
        ("rounding=30-up", 7200),
        ("task=1000000", 0),
    ],
)
def test_a_list_is_narrowed_and_its_file_says_the_same(
    visit: Visit, ada: Person, ben: Person, query: str, seconds: int
) -> None:
    from webapp.tasks.models import Category

    with transaction():
        category = Category(workspace_id=ada.workspace_id, name="Work", name_key="work")
        db.session.add(category)
    make_entry(make_task(ada, title="=1+1"), ada, started_at=NOW - timedelta(hours=2), seconds=3600)
    make_entry(make_task(ada, category_id=category.id), ada, started_at=NOW - timedelta(hours=4), seconds=2400)
    make_entry(make_task(ada, title="Ben’s"), ben, started_at=NOW - timedelta(hours=4), seconds=60)

    page = visit(f"/timesheet?view=list&{query}", as_=ada)
    file = ada.client.get(f"/timesheet/export.csv?view=list&{query}")

    lines = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert sum(float(line["Hours"]) * 3600 for line in lines) == pytest.approx(seconds, abs=1)
    total = page.select_one("#total .number")
    assert (words(total) if total else "0 min") == {
        0: "0 min",
        3600: "1 h",
        6000: "1 h 40 min",
        6060: "1 h 41 min",
        7200: "2 h",
    }[seconds]
    assert not [line for line in lines if line["Task"].startswith("=")]


@pytest.mark.parametrize("attribution", list(Attribution))
def test_a_stream_gives_each_part_once_in_order_whatever_is_read_at_once(
    ada: Person, attribution: Attribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(ada)
    for hours in range(11):
        make_entry(task, ada, started_at=datetime(2026, 11, 18, 6, 0, tzinfo=UTC) + timedelta(hours=7 * hours))
    night = Interval(datetime(2026, 11, 16, 22, 0, tzinfo=UTC), datetime(2026, 11, 17, 0, 30, tzinfo=UTC))
    entries.create_entry(task_id=task.id, spent=night, actor=ada.actor, now=NOW)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(hours=1))
    asked = SheetCriteria(period=Period(MONDAY, date(2026, 11, 23)), user_id=ada.user_id, attribution=attribution)

    monkeypatch.setattr(timesheet, "STREAMED_AT_ONCE", 2)
    streamed = list(timesheet.stream_entries(criteria=asked, actor=ada.actor, now=NOW))

    parts = [(entry.day, entry.entry_id) for entry in streamed]
    assert len(parts) == len(set(parts)) == (14 if attribution is Attribution.CLIPPED else 13)
    assert [entry.day for entry in streamed[:-1]] == sorted(entry.day for entry in streamed[:-1])
    listed = timesheet.get_list(criteria=asked, actor=ada.actor, now=NOW)
    assert sum(entry.seconds for entry in streamed) == listed.totals.seconds


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("from=2026-11-20&to=2026-11-19", "The last day is before the first."),
        ("from=2025-01-01&to=2026-12-31", "366 days at most"),
        ("view=week&from=2026-01-01&to=2026-01-31", "A week has 7 days."),
        ("from=soon", "Write the day as 2026-11-20."),
        ("from=0000-01-01", "The year 0 is out of range."),
        ("to=99999-01-01", "The year 99999 is out of range."),
        ("from=2026-02-30", "February 2026 has 28 days."),
        ("view=month", "“month” is not known as view."),
        ("view=list&rounding=7", "“7” is not known as rounding."),
        ("view=list&category=x", "“x” is not known as category."),
        ("view=list&after=x", "This page of the list cannot be found."),
        ("row=x", "A row stands for a task, by its number."),
    ],
)
def test_what_an_address_cannot_ask_for_is_refused_with_a_sentence(
    visit: Visit, ada: Person, query: str, sentence: str
) -> None:
    assert sentence in words(visit(f"/timesheet?{query}", as_=ada, status=422))


@pytest.mark.parametrize(
    "query, days",
    [
        ("from=2026-11-01", "1 – 7 November 2026"),
        ("to=2026-11-07", "1 – 7 November 2026"),
        ("from=2199-12-30", "30 December 2199 – 5 January 2200"),
        ("to=1900-01-02", "27 December 1899 – 2 January 1900"),
    ],
)
def test_one_end_is_taken_as_a_week(visit: Visit, ada: Person, query: str, days: str) -> None:
    page = visit(f"/timesheet?{query}", as_=ada)

    assert words(page.select_one(".page-head__note")) == f"{days}, Berlin time"


def test_goals_stand_where_today_and_this_week_do(visit: Visit, ada: Person) -> None:
    with transaction():
        db.session.get_one(User, ada.user_id).goal_day_minutes = 480

    for view, shown in (("day", 1), ("week", 1), ("list", 0)):
        page = visit("timesheet.index", as_=ada, view=view, most_statements=8)
        assert len(page.select(".goals")) == shown
    assert not visit("/timesheet?view=day&from=2026-11-19", as_=ada).select(".goals")


@pytest.mark.parametrize("view", ["day", "week", "list"])
def test_a_view_takes_as_few_statements_however_much_there_is(visit: Visit, ada: Person, view: str) -> None:
    def statements() -> int:
        with counted_statements() as counted:
            visit("timesheet.index", as_=ada, view=view)
        return len(counted)

    make_entry(make_task(ada), ada)
    before = statements()
    for number in range(12):
        make_entry(make_task(ada, title=f"Task {number}"), ada, started_at=NOW - timedelta(hours=number))

    assert statements() == before <= 8


def test_the_whole_day_of_a_list_has_bars(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=datetime(2026, 11, 19, 8, 0, tzinfo=UTC), seconds=4 * 3600)
    make_entry(task, ada, started_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC), seconds=10 * 3600)

    page = visit("timesheet.index", as_=ada, view="list")

    assert [bar["height"] for bar in page.select(".week-bars__fill")] == ["0", "0", "0", "40", "100", "0", "0"]
    assert words(page.select_one(".week-bars [aria-current]")) == "Fri 20 10:00"


def test_the_address_of_the_week_leads_to_the_week_and_nowhere_else(ada: Person) -> None:
    answer = ada.client.get("/timesheet/week?from=2026-11-16&endpoint=x&_method=POST&_external=1&_anchor=a")

    assert answer.location == "/timesheet?from=2026-11-16&view=week"
