"""The pages of numbers: full, sparse, empty, asked for wrongly, and seen by a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag

from tests.cast import NOW, TODAY, Person, make_entry, make_task
from tests.page import Visit, error_of, words
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category
from webapp.values.status import Status

PAGES = ["index", "summary", "categories", "weekly", "time_efficiency", "productivity_trends"]
HOSTILE = '<b>Café</b> & "tea" \u202e🚀'


def main_of(page: BeautifulSoup) -> Tag:
    """Return what is between the navigation and the end."""
    return the(page.main)


def the(tag: Tag | None) -> Tag:
    """Return an element that must be there."""
    assert tag is not None
    return tag


@pytest.fixture(autouse=True)
def friday_afternoon() -> Iterator[None]:
    """Stop the clock at 15:42 in Berlin."""
    with time_machine.travel(NOW, tick=False):
        yield


def make_history(person: Person, days: int = 60) -> None:
    """Make a task finished on each of the last days: on time, and longer than estimated when it is a review."""
    with transaction():
        kinds = [
            Category(workspace_id=person.workspace_id, name=name, name_key=name.casefold(), hue=hue)
            for name, hue in (("Development", 1), (HOSTILE, 2))
        ]
        db.session.add_all(kinds)
    for offset in range(days):
        day = TODAY - timedelta(days=offset)
        is_review = offset % 3 == 0
        task = make_task(
            person,
            title=f"Task {offset} {HOSTILE}",
            status=Status.DONE,
            category_id=kinds[is_review].id if offset % 5 else None,
            created_on=day - timedelta(days=1),
            completed_on=day,
            due_on=day,
            due_sort=datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC),
            estimated_minutes=60,
            assignee_id=person.user_id,
        )
        seconds = 7200 + 60 * offset if is_review else 3300 + 20 * offset
        make_entry(task, person, started_at=NOW - timedelta(days=offset, hours=5), seconds=seconds)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("period", ["7d", "last-month", "year"])
def test_every_page_shows_short_and_long_periods(visit: Visit, ada: Person, name: str, period: str) -> None:
    make_history(ada, days=20)

    shown = visit(f"metrics.{name}", as_=ada, period=period)

    assert len(shown.find_all("a", attrs={"aria-current": "page"})) == 3
    assert all(svg.find("title") for svg in shown.find_all("svg", attrs={"role": "img"}))


def test_dashboard_says_what_it_found(visit: Visit, ada: Person) -> None:
    make_history(ada)

    page = visit("metrics.index", as_=ada, period="30d")

    headings = [words(heading) for heading in main_of(page).find_all("h2")]
    assert any("takes 2.2 times what you say" in heading for heading in headings)
    assert any(heading.startswith("About half") or "of the time is" in heading for heading in headings)
    assert "No clear change" in headings


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_and_panel_has_its_definition_one_click_away(visit: Visit, ada: Person, name: str) -> None:
    make_history(ada, days=30)

    page = visit(f"metrics.{name}", as_=ada, period="year")

    parts = main_of(page).find_all(class_=["figure", "panel"])
    assert parts
    for part in parts:
        assert "How is this counted?" in words(part)
    # And every drawing that holds numbers has them in a table on the same page.
    assert not main_of(page).find_all("svg", attrs={"role": "img"}) or main_of(page).find("table")


def test_dashboard_adds_up(visit: Visit, ada: Person) -> None:
    make_history(ada)

    page = visit("metrics.index", as_=ada, period="30d")

    table = the(page.find(True, attrs={"aria-label": "Time and work by category"}))
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")[1:]]
    assert sum(float(row[3].removesuffix(" %")) for row in rows[:-1]) == pytest.approx(100.0)
    assert rows[-1][3] == "100.0 %"
    assert sum(int(row[4].split(" of ")[1]) for row in rows[:-1] if row[4] != "–") == 29
    assert rows[-1][4] == "29 of 29"
    parts = the(page.find(True, attrs={"aria-label": "The parts of the score"}))
    points = [words(row.find_all("td")[-1]) for row in parts.find_all("tr")[1:]]
    assert sum(float(point.split()[0]) for point in points[:-1] if point != "no data") == pytest.approx(
        float(points[-1])
    )


def test_titles_and_names_are_words_everywhere(visit: Visit, ada: Person) -> None:
    make_history(ada, days=12)

    for name in PAGES:
        page = visit(f"metrics.{name}", as_=ada)
        assert not page.find("b")


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_account_is_told_how_to_begin(visit: Visit, ada: Person, name: str) -> None:
    shown = visit(f"metrics.{name}", as_=ada)

    assert shown.find(class_="empty-state")
    assert not main_of(shown).find_all("svg", attrs={"role": "img"})


def test_an_empty_period_leads_to_where_there_is_something(visit: Visit, ada: Person) -> None:
    make_task(ada, status=Status.DONE, created_on=TODAY.replace(year=2019), completed_on=TODAY.replace(year=2019))

    page = visit("metrics.index", as_=ada)

    link = the(the(page.find(class_="empty-state")).find("a"))
    assert "Nothing in this period" in words(main_of(page))
    assert "20 Nov 2019" in words(visit(str(link["href"]), as_=ada).main)
    assert not visit(str(link["href"]), as_=ada).find(class_="empty-state")


def test_one_task_alone_claims_nothing(visit: Visit, ada: Person) -> None:
    task = make_task(ada, status=Status.DONE, estimated_minutes=60)
    make_entry(task, ada, started_at=NOW - timedelta(hours=2))

    page = visit("metrics.index", as_=ada)

    headings = [words(heading) for heading in main_of(page).find_all("h2")]
    assert "Too few tasks to tell" in headings
    assert "No week has a score yet" in headings
    assert "Too short to tell a trend from chance" in headings
    for name in PAGES:
        visit(f"metrics.{name}", as_=ada)


def test_nothing_to_divide_by_is_a_dash(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=NOW - timedelta(hours=2))

    page = visit("metrics.summary", as_=ada)

    values = {
        words(figure.find(class_="figure__name")): words(figure.find(class_="figure__value"))
        for figure in page.find_all(class_="figure")
    }
    assert values["On time"] == "–"
    assert values["Took, against the estimate"] == "–"
    assert values["Done of what was created"] == "0 of 1"
    assert values["Tracked"] == "1 h"


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_sees_only_their_own_nothing(visit: Visit, ada: Person, cy: Person, name: str) -> None:
    make_history(ada, days=10)

    for who in ("", "me", "all"):
        shown = visit(f"metrics.{name}", as_=cy, who=who)
        assert shown.find(class_="empty-state")
        assert "Task" not in words(shown.find(class_="empty-state")).replace("A task", "").replace("tasks", "")


def test_extreme_times_and_titles_are_shown(visit: Visit, ada: Person) -> None:
    for minutes, seconds in ((574_560, 36_000_000), (1, 1), (1, 36_000_000), (574_560, 1)):
        task = make_task(
            ada, title="🚀" * 500, title_key="x", status=Status.DONE, estimated_minutes=minutes, assignee_id=ada.user_id
        )
        make_entry(task, ada, started_at=NOW - timedelta(hours=1), seconds=seconds)

    for name in PAGES:
        for period in ("7d", "year"):
            visit(f"metrics.{name}", as_=ada, period=period)


def test_numbers_and_days_are_written_as_the_reader_does(visit: Visit, ada: Person) -> None:
    make_history(ada, days=30)
    with transaction():
        person = db.session.get_one(User, ada.user_id)
        person.number_format, person.date_format, person.week_start = "1.234,5", "2026-11-20", 6

    page = visit("metrics.weekly", as_=ada, period="30d")

    assert "2026-10-22 – 2026-11-20" in words(main_of(page))
    weeks = the(page.find(True, attrs={"aria-label": "Weeks"}))
    firsts = [words(row.th).split()[0] for row in weeks.find_all("tr")[1:]]
    # The first day of a week is a Sunday to this reader.
    assert firsts[:2] == ["2026-11-15", "2026-11-08"]
    assert "," in words(page.find(class_="score__total"))


def test_pages_need_a_login(visit: Visit, ada: Person) -> None:
    for name in PAGES:
        response = visit.app.test_client().get(visit.address(f"metrics.{name}"))
        assert response.status_code in (302, 303)


@pytest.mark.parametrize(
    "query, field, sentence",
    [
        ("from=2026-02-30&to=2026-03-01", "from", "February 2026 has 28 days. Enter a day from 1 to 28."),
        ("from=2026-03-02&to=2026-03-01", "to", "The last day lies before the first. Choose a later one."),
        ("from=2026-03-02", "to", "Choose both days: the first and the last."),
        ("to=2026-03-02", "from", "Choose both days: the first and the last."),
        ("from=x&to=2026-03-02", "from", "Write the day as 2026-11-20."),
        ("from=0000-01-01&to=2026-03-02", "from", "The year 0 is out of range. Use 1900 to 2199."),
        ("from=2026-03-02&to=99999-01-01", "to", "The year 99999 is out of range. Use 1900 to 2199."),
        ("from=1900-01-01&to=2199-12-31", "to", "That is more than ten years. Choose at most 3,660 days."),
        ("from=%00&to=%F0%9F%9A%80", "from", "Write the day as 2026-11-20."),
    ],
)
@pytest.mark.parametrize("name", ["index", "weekly"])
def test_days_that_make_no_period_come_back_as_typed(
    visit: Visit, ada: Person, name: str, query: str, field: str, sentence: str
) -> None:
    path = visit.address(f"metrics.{name}")

    shown = visit(f"{path}?{query}", as_=ada, status=422)

    assert error_of(shown, field) == sentence
    typed = dict(pair.split("=") for pair in query.split("&"))
    if "%" not in query:
        assert the(shown.find("input", attrs={"name": field}))["value"] == typed.get(field, "")


@pytest.mark.parametrize("query", ["period=month", "period=%00", "who=them", "period=30d&who=" + "x" * 5000])
def test_unknown_choices_get_a_sentence(visit: Visit, ada: Person, query: str) -> None:
    page = visit(f"/metrics?{query}", as_=ada, status=422)

    alert = words(page.find(True, attrs={"role": "alert"}))
    assert "is not" in alert
    assert len(alert) < 200


@pytest.mark.parametrize(
    "query", ["from=1900-01-01&to=1900-01-01", "from=2199-12-01&to=2199-12-31", "from=2016-11-20&to=2026-11-20"]
)
def test_far_and_long_periods_are_shown(visit: Visit, ada: Person, query: str) -> None:
    make_history(ada, days=5)

    for name in PAGES:
        visit(f"{visit.address(f'metrics.{name}')}?{query}", as_=ada)


def test_whose_numbers_can_be_chosen_beside_others(visit: Visit, ada: Person, ben: Person) -> None:
    make_entry(make_task(ben, assignee_id=ben.user_id), ben, started_at=NOW - timedelta(hours=3), seconds=5400)

    mine = visit("metrics.index", as_=ada)
    everybody = visit("metrics.index", as_=ada, who="all")

    offered = the(the(mine.find(class_="empty-state")).find("a"))
    assert words(visit(str(offered["href"]), as_=ada).find(class_="figure__value")) == "1 h 30 min"
    assert "your own numbers" in words(main_of(mine))
    assert words(everybody.find(class_="figure__value")) == "1 h 30 min"
    choice = the(everybody.find("nav", attrs={"aria-label": "Whose numbers"}))
    assert words(choice.find(True, attrs={"aria-current": "page"})) == "Everybody’s"


def test_pages_take_few_statements(visit: Visit, ada: Person) -> None:
    make_history(ada)

    visit("metrics.index", as_=ada, period="year", most_statements=15)
    for name in PAGES[1:]:
        visit(f"metrics.{name}", as_=ada, period="year", most_statements=13)
