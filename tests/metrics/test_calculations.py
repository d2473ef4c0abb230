"""The numbers about calculations: added up, drawn, and the same as the history has behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from tests.cast import NOW, TODAY, Person
from tests.page import Visit, words
from webapp.calculations.engine import Operation
from webapp.calculations.operations.records import hide_calculation, keep
from webapp.calculations.queries.history import HistoryFilters, list_calculations
from webapp.calculations.rules.typed import TypedExpression
from webapp.calculations.rules.uses import UseKind
from webapp.metrics.queries.calculations import get_calculations
from webapp.metrics.rules.calculations import Calculations, DayCount, UseCount, add_up
from webapp.metrics.rules.scope import Who
from webapp.values.period import Period

MONTH = Period(date(2026, 10, 22), date(2026, 11, 21))


@pytest.fixture(autouse=True)
def friday_afternoon() -> Iterator[None]:
    """Stop the clock at 15:42 in Berlin."""
    with time_machine.travel(NOW, tick=False):
        yield


def work_out(person: Person, *lines: str, days_ago: int = 0) -> list[int]:
    """Keep what these lines come to, some days ago."""
    at = NOW - timedelta(days=days_ago)
    return [keep(typed=TypedExpression(line), actor=person.actor, now=at).id for line in lines]


def numbers(person: Person, who: Who | None = None, period: Period = MONTH) -> Calculations:
    """Return what a person sees of a month."""
    return get_calculations(actor=person.actor, period=period, who=who, week_start=0, now=NOW).calculations


@pytest.mark.parametrize(
    "days, unit, bars",
    [(1, "day", 1), (62, "day", 62), (63, "week", 10), (420, "week", 61), (421, "month", 15), (3660, "month", 121)],
)
def test_bars_are_days_weeks_or_months_and_hold_every_day_once(days: int, unit: str, bars: int) -> None:
    period = Period(TODAY - timedelta(days=days), TODAY)
    counts = [DayCount(day, "", 1) for day in period.days()]

    found = add_up(period=period, counts=counts, uses=[], before=0, today=TODAY, week_start=0)

    assert (found.unit, found.number) == (unit, days)
    assert sum(step.number for step in found.steps) == days
    assert abs(len(found.steps) - bars) <= 1
    assert [step.days.start for step in found.steps][1:] == [step.days.end for step in found.steps][:-1]


def test_uses_and_errors_come_with_the_most_first() -> None:
    uses = [UseCount("operation", "add", 2), UseCount("operation", "divide", 5), UseCount("name", "fee", 1)]
    counts = [DayCount(TODAY, "syntax", 1), DayCount(TODAY, "", 4), DayCount(TODAY, "no_rate", 3)]

    found = add_up(period=MONTH, counts=counts, uses=uses, before=7, today=TODAY, week_start=0)

    assert found.of_kind("operation") == [("divide", 5), ("add", 2)]
    assert found.errors == [("no_rate", 3), ("syntax", 1)]
    assert (found.answered, found.refused, found.before) == (4, 4, 7)
    assert found.busiest is not None
    assert found.busiest.days == Period.of_day(TODAY)


def test_each_number_is_what_the_history_has_behind_it(ada: Person) -> None:
    work_out(ada, "1 + 2 + 3", "max(1; 2) - 1", "1/0", "1 +", days_ago=2)
    work_out(ada, "fee = 85 EUR/h", "3 h * fee + 1 EUR")
    (hidden,) = work_out(ada, "2 + 2")
    hide_calculation(calculation_id=hidden, actor=ada.actor, now=NOW)
    work_out(ada, "4 + 4", days_ago=40)

    found = numbers(ada)

    def behind(**filters: object) -> int:
        return len(list_calculations(actor=ada.actor, filters=HistoryFilters(period=MONTH, **filters)).rows)  # type: ignore[arg-type]

    assert (found.number, found.answered, found.refused) == (6, 4, 2)
    assert (behind(), behind(outcome="answered"), behind(outcome="refused")) == (6, 4, 2)
    assert dict(found.of_kind("operation")) == {
        name: behind(operation=Operation(name)) for name, _ in found.of_kind("operation")
    }
    assert dict(found.of_kind("operation"))["add"] == behind(operation=Operation.ADD) == 2
    assert dict(found.of_kind("function"))["max"] == behind(use=(UseKind.FUNCTION, "max")) == 1
    assert dict(found.of_kind("name"))["fee"] == behind(use=(UseKind.NAME, "fee")) == 1
    assert dict(found.errors) == {code: behind(error_code=code) for code, _ in found.errors}
    assert sum(dict(found.errors).values()) == 2


def test_each_sees_their_own_or_those_of_the_workspace(ada: Person, ben: Person, cy: Person) -> None:
    work_out(ada, "1 + 1")
    work_out(ben, "1 + 1", "2 + 2")
    work_out(cy, "3 + 3")

    assert [numbers(ada, who).number for who in (None, Who.ME, Who.ALL)] == [1, 1, 3]
    assert [numbers(cy, who).number for who in (None, Who.ALL)] == [1, 1]
    assert dict(numbers(ben, Who.ME).of_kind("operation")) == {"add": 2}


def test_the_page_shows_what_was_used_and_leads_to_it(ada: Person, visit: Visit) -> None:
    work_out(ada, "1 + 2", "sqrt(16) + 1", "1/0", "1/0")

    page = visit("metrics.calculations", as_=ada)

    assert page.main is not None
    said = words(page.main)
    assert "Add is used most" in said
    assert "Division by zero is refused most" in said
    links = {str(link["href"]) for link in page.main.select(".table a, a.figure__value")}
    assert "/calculations?kind=add&from=2026-10-22&to=2026-11-20#history" in links
    assert "/calculations?error=division_by_zero&from=2026-10-22&to=2026-11-20#history" in links
    for link in links:
        assert visit(link.partition("#")[0], as_=ada).select(".calculation"), link
    assert "/calculations?used=function:sqrt&from=2026-10-22&to=2026-11-20#history" in links


def test_the_page_says_what_to_do_where_there_is_nothing(ada: Person, ben: Person, cy: Person, visit: Visit) -> None:
    work_out(ada, "1 + 2", days_ago=90)

    assert "The last calculation before it was on" in visit("metrics.calculations", as_=ada, who="all").text
    assert "Others may have" in visit("metrics.calculations", as_=ben).text
    assert "Nothing worked out yet" in visit("metrics.calculations", as_=cy).text


def test_names_that_people_made_up_are_shown_as_they_are(ada: Person, visit: Visit) -> None:
    work_out(ada, "größe = 2", "größe * 2", "αβ(x) = x + 1", "αβ(1)")

    page = visit("metrics.calculations", as_=ada)

    assert {"größe", "αβ"} <= {each.text for each in page.select("td bdi, th bdi")}
