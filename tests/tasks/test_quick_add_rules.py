"""The grammar of the line that adds a task: titles that stay titles, phrases that are understood, nothing dropped."""

# ruff: noqa: DTZ001 — what clocks show has no zone yet.

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.quick_add import (
    Fields,
    Kind,
    Known,
    Understood,
    literally,
    mentioned_customers,
    parse,
    with_first_due,
    write,
)
from webapp.tasks.rules.recurrence import LAST, Basis, Repeat, Rule, Unit
from webapp.tasks.rules.tasks import TaskDetails, checked
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES
from webapp.values.priority import Priority
from webapp.values.text import name_key

BERLIN = ZoneInfo("Europe/Berlin")
# A Friday; 15:42 in Berlin.
NOW = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)
TODAY = date(2026, 11, 20)
TOMORROW = date(2026, 11, 21)
ACME = Known(7, "Acme")
ACME_LTD = Known(8, "Acme Ltd")
CUSTOMERS = {name_key(customer.name): customer for customer in (ACME, ACME_LTD)}
WEEKLY = Rule(Unit.WEEK)
GUIDE = (Path(__file__).parents[2] / "docs/quick-add.md").read_text(encoding="utf-8")


def read(text: str, *, is_month_first: bool = False) -> Understood:
    return parse(text, now=NOW, zone=BERLIN, is_month_first=is_month_first, customers=CUSTOMERS)


@pytest.mark.parametrize(
    "title",
    [
        # Dates inside of names and sentences.
        "The 9/11 Report",
        "9/11 Commission",
        "Documentary about 9/11",
        "24/7 support",
        "Offer support 24/7",
        "1/2 cup of flour",
        "Fill the tank 3/4",
        "50/50 split",
        "Around the world in 80 days",
        "Monday morning blues",
        "Friday Night Lights",
        "Friday night dinner with Sam",
        "Tomorrow Never Dies",
        "Tomorrow never comes",
        "Edge of Tomorrow",
        "Today is a good day",
        "USA Today",
        "Plan Black Friday",
        "Cyber Monday",
        "Order pancakes for Shrove Tuesday",
        "High Noon",
        "Manic Monday",
        "Prepare slides for Monday",
        "Minutes of Monday",
        "Notes from last Friday",
        "Sales since Monday",
        "Closed Monday to Friday",
        "Closed Monday and Tuesday",
        "Meeting notes - Monday",
        "Topic: tomorrow",
        "The Monday project",
        "Sunday roast recipe",
        "Every Day Robots",
        "Every day is a gift",
        "Make every day count",
        "Call every customer",
        "Every second counts",
        "Learn every week something new",
        "Every 4th person pays",
        "The 4th wave",
        "Paint the room on the 4th floor",
        "Hear Beethoven’s 9th",
        "Hear the 9th",
        "Greet every 10th visitor",
        # Words that only hold one.
        "Renovation",
        "check money",
        "paprika",
        "May I borrow",
        "March for the climate",
        "Sat in the park",
        "Enjoy the sun",
        "Buy cream against sun",
        "Monitor the decline",
        "Marching band",
        "Second-hand shop",
        "Monday's leftovers",
        "Todays list",
        "March 3 miles",
        "May 5 people come along?",
        "Invite 20 dec members",
        "Decorate 3 augmented mayflowers",
        # Times and numbers that count something else.
        "Look at 15 houses",
        "Arrive at 10 Downing Street",
        "Meet at 5",
        "Read John 3:16",
        "Watch 24",
        "Read 1984",
        "Call 911",
        "Buy 2 tickets",
        "Ratio 16:9",
        "Version 2.0",
        "Release 1.2.3",
        "at noontide",
        # Signs that mean something else.
        "C# course",
        "F# minor",
        "We are #1",
        "Fix issue #42",
        "# heading",
        "Read chapter #",
        "Wow!",
        "Drop !important from the styles",
        "Rust macro println!",
        "!true",
        "Invite ~45 people",
        "~/bin needs a backup",
        "Costs ~£500",
        "~",
        "Mail ada@example.com",
        "@ work",
        "Ask @nobody-we-know",
        "a = b",
        "=1+1",
        "=SUM(A1)",
        "-> next",
        ">100 users",
        "x > y",
        "100% done",
        # All of it would be fields: then it is the title.
        "tomorrow",
        "#finance",
        "!high ~45m",
        "every day",
        "by friday",
        # Dates that do not exist.
        "Pay rent 31/2",
        "Pay rent 30 feb",
        "Pay rent 2026-13-01",
        "Pay rent 0000-01-01",
        "Pay rent 99999-01-01",
        "Pay rent 1/1/1600",
        "Call at 25:00",
        "Call 13pm",
        # Literal by quotes.
        '"Tomorrow" by Avril',
        'Read "every day"',
        "Read “20 nov”",
        # Other scripts and odd ones.
        "明日の会議",
        "\u202etxt.exe",
        "👩‍👩‍👧 tomorrow’s",
        "\\server\\share",
        "C:\\temp",
        "regex \\1 \\d",
        '"unclosed tomorrow and on',
    ],
)
def test_a_title_stays_a_title(title: str) -> None:
    assert read(title).fields == Fields(title)
    assert read(title).parts == ()


DUE_CASES: list[tuple[str, date | datetime]] = [
    ("Pay today", TODAY),
    ("today pay", TODAY),
    ("Pay tomorrow", TOMORROW),
    ("Tomorrow pay", TOMORROW),
    ("tomorrow, pay", TOMORROW),
    ("Pay by tomorrow.", TOMORROW),
    ("Pay day after tomorrow", date(2026, 11, 22)),
    ("Pay the day after tomorrow", date(2026, 11, 22)),
    ("Pay monday", date(2026, 11, 23)),
    ("Pay on Monday", date(2026, 11, 23)),
    ("Pay by mon", date(2026, 11, 23)),
    ("Pay on sun", date(2026, 11, 22)),
    ("Pay tues", date(2026, 11, 24)),
    ("Pay friday", date(2026, 11, 27)),
    ("Pay this friday", TODAY),
    ("Pay next friday", date(2026, 11, 27)),
    ("Pay next monday", date(2026, 11, 23)),
    ("Pay next week", date(2026, 11, 23)),
    ("Pay next month", date(2026, 12, 1)),
    ("Pay in 3 days", date(2026, 11, 23)),
    ("Pay in a week", date(2026, 11, 27)),
    ("Pay in two weeks", date(2026, 12, 4)),
    ("Pay in 3 months", date(2027, 2, 20)),
    ("Pay in 1 year", date(2027, 11, 20)),
    ("Pay due in 2 days", date(2026, 11, 22)),
    ("Pay on the 1st", date(2026, 12, 1)),
    ("Pay by the 20th the whole rent", TODAY),
    ("Pay on 31st", date(2026, 12, 31)),
    ("Pay 20 nov", TODAY),
    ("Pay 19 nov", date(2027, 11, 19)),
    ("Pay 3rd december", date(2026, 12, 3)),
    ("Pay nov 30", date(2026, 11, 30)),
    ("Pay Sept 1st", date(2027, 9, 1)),
    ("Pay nov 20 2027", date(2027, 11, 20)),
    ("Pay nov 20, 2027", date(2027, 11, 20)),
    ("Pay 20 nov 2027", date(2027, 11, 20)),
    ("Pay by may 5", date(2027, 5, 5)),
    ("20 nov pay", TODAY),
    ("May 5 2027 pay", date(2027, 5, 5)),
    ("Pay 29 feb", date(2028, 2, 29)),
    ("Pay 2026-11-20", TODAY),
    ("2026-12-24 pay", date(2026, 12, 24)),
    ("Pay due 2026-12-24 the last rate", date(2026, 12, 24)),
    ("Pay 20/11", TODAY),
    ("Pay by 3/4", date(2027, 4, 3)),
    ("Pay by 1/2", date(2027, 2, 1)),
    ("20/11 pay", TODAY),
    ("Pay 20/11/2027", date(2027, 11, 20)),
    ("Pay 20.11.2027", date(2027, 11, 20)),
    ("Pay 24.12.", date(2026, 12, 24)),
    ("Pay by friday the whole rent", date(2026, 11, 27)),
    ("Pay until friday the whole rent", date(2026, 11, 27)),
    ("Report on Monday sales due tuesday", date(2026, 11, 24)),
    ("Monday report due friday", date(2026, 11, 27)),
    ("Pay 3pm", datetime(2026, 11, 21, 15, 0)),
    ("Pay 4pm", datetime(2026, 11, 20, 16, 0)),
    ("Pay at 4:30 pm", datetime(2026, 11, 20, 16, 30)),
    ("Pay 12am", datetime(2026, 11, 21, 0, 0)),
    ("Pay 12pm", datetime(2026, 11, 21, 12, 0)),
    ("Pay at noon", datetime(2026, 11, 21, 12, 0)),
    ("Pay at 15", datetime(2026, 11, 21, 15, 0)),
    ("Pay at 16", datetime(2026, 11, 20, 16, 0)),
    ("Pay 16:00", datetime(2026, 11, 20, 16, 0)),
    ("16:00 pay", datetime(2026, 11, 20, 16, 0)),
    ("Meet at 4pm with Bob", datetime(2026, 11, 20, 16, 0)),
    ("Meet by 17:00 with Bob", datetime(2026, 11, 20, 17, 0)),
    ("Pay at 9:30", datetime(2026, 11, 21, 9, 30)),
    ("Pay tomorrow 3pm", datetime(2026, 11, 21, 15, 0)),
    ("Pay tomorrow at 15", datetime(2026, 11, 21, 15, 0)),
    ("Pay tomorrow, 15:00", datetime(2026, 11, 21, 15, 0)),
    ("Pay tomorrow noon", datetime(2026, 11, 21, 12, 0)),
    ("Pay 3pm tomorrow", datetime(2026, 11, 21, 15, 0)),
    ("Pay at 9:30 on Monday", datetime(2026, 11, 23, 9, 30)),
    ("Pay at 9 monday", datetime(2026, 11, 23, 9, 0)),
    ("tomorrow 15:00 pay", datetime(2026, 11, 21, 15, 0)),
    ("tomorrow pay at 3pm", datetime(2026, 11, 21, 15, 0)),
    ("Pay 20 nov 2027 15:00", datetime(2027, 11, 20, 15, 0)),
    ("Pay 20/11 at 8am", datetime(2026, 11, 20, 8, 0)),
    ("Pay 2026-11-20T15:00", datetime(2026, 11, 20, 15, 0)),
    ("Pay sun 10:00", datetime(2026, 11, 22, 10, 0)),
]


@pytest.mark.parametrize("text,due", DUE_CASES)
def test_a_day_and_a_time_are_understood(text: str, due: date | datetime) -> None:
    fields = read(text).fields

    assert fields.due == due
    assert type(fields.due) is type(due)
    assert "pay" in fields.title.lower() or "report" in fields.title.lower() or fields.title == "Meet with Bob"


@pytest.mark.parametrize(
    "text,fields",
    [
        ("Pay #finance", Fields("Pay", tags=("finance",))),
        ("#finance Pay #home", Fields("Pay", tags=("finance", "home"))),
        ("Pay #finance, #home", Fields("Pay", tags=("finance", "home"))),
        ("Pay #Home and #home", Fields("Pay and", tags=("Home",))),
        ('Pay #"to read"', Fields("Pay", tags=("to read",))),
        ("Pay #“to read”", Fields("Pay", tags=("to read",))),
        ('Pay #"2026"', Fields("Pay", tags=("2026",))),
        ("Pay #v1.2", Fields("Pay", tags=("v1.2",))),
        ("Pay #été", Fields("Pay", tags=("été",))),
        ("Pay #🎉", Fields("Pay", tags=("🎉",))),
        ("Pay !low", Fields("Pay", priority=Priority.LOW)),
        ("Pay !medium", Fields("Pay", priority=Priority.MEDIUM)),
        ("Pay !HIGH", Fields("Pay", priority=Priority.HIGH)),
        ("!urgent Pay", Fields("Pay", priority=Priority.URGENT)),
        ("Pay !1", Fields("Pay", priority=Priority.LOW)),
        ("Pay !2", Fields("Pay", priority=Priority.MEDIUM)),
        ("Pay !3", Fields("Pay", priority=Priority.MEDIUM)),
        ("Pay !4", Fields("Pay", priority=Priority.HIGH)),
        ("Pay !5", Fields("Pay", priority=Priority.URGENT)),
        ("Pay !high !low", Fields("Pay !low", priority=Priority.HIGH)),
        ("Pay ~45m", Fields("Pay", estimated_minutes=45)),
        ("Pay ~45", Fields("Pay", estimated_minutes=45)),
        ("Pay ~45 #home", Fields("Pay", tags=("home",), estimated_minutes=45)),
        ("Pay ~1h30m now", Fields("Pay now", estimated_minutes=90)),
        ("Pay ~1h 30m now", Fields("Pay now", estimated_minutes=90)),
        ("Pay ~1.5h", Fields("Pay", estimated_minutes=90)),
        ("Pay ~1:30", Fields("Pay", estimated_minutes=90)),
        ("Pay ~2hours", Fields("Pay", estimated_minutes=120)),
        ("Pay @acme", Fields("Pay", customer=ACME)),
        ('Pay @"acme ltd"', Fields("Pay", customer=ACME_LTD)),
        ("Pay @acme @nobody", Fields("Pay @nobody", customer=ACME)),
        ("Pay =Office", Fields("Pay", category="Office")),
        ('Pay ="Deep work"', Fields("Pay", category="Deep work")),
        ("Pay >monday", Fields("Pay", starts_on=date(2026, 11, 23))),
        ("Pay >2026-12-01 #x", Fields("Pay", starts_on=date(2026, 12, 1), tags=("x",))),
        ("Pay >next week", Fields("Pay", starts_on=date(2026, 11, 23))),
        ("Pay >tomorrow due friday", Fields("Pay", starts_on=TOMORROW, due=date(2026, 11, 27))),
        ("Pay every day", Fields("Pay", repeat=Repeat(Rule(Unit.DAY)))),
        ("every week pay", Fields("pay", repeat=Repeat(WEEKLY))),
        ("Pay every 2 weeks", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, every=2)))),
        ("Pay every other month", Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, every=2)))),
        ("Pay every third year", Fields("Pay", repeat=Repeat(Rule(Unit.YEAR, every=3)))),
        ("Pay every monday", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, weekdays=(0,))))),
        ("Pay every sun", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, weekdays=(6,))))),
        ("Pay every mon, wed and fri", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, weekdays=(0, 2, 4))))),
        ("Pay every other friday", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, every=2, weekdays=(4,))))),
        ("Pay every weekday", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, weekdays=(0, 1, 2, 3, 4))))),
        ("Pay every working day", Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, weekdays=(0, 1, 2, 3, 4))))),
        (
            "Pay every 2 weeks on monday and thursday",
            Fields("Pay", repeat=Repeat(Rule(Unit.WEEK, every=2, weekdays=(0, 3)))),
        ),
        ("Pay every last friday", Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, weekdays=(4,), nth=LAST)))),
        (
            "Pay every first monday of the month",
            Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, weekdays=(0,), nth=1))),
        ),
        (
            "Pay every 3 months on the second tuesday",
            Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, every=3, weekdays=(1,), nth=2))),
        ),
        ("Pay every month on the last day", Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, is_last_day=True)))),
        ("Pay every 15th", Fields("Pay", due=date(2026, 12, 15), repeat=Repeat(Rule(Unit.MONTH)))),
        ("Pay every 31st of the month", Fields("Pay", due=date(2026, 12, 31), repeat=Repeat(Rule(Unit.MONTH)))),
        (
            "Pay every 2 months on the 20th 9:00",
            Fields("Pay", due=datetime(2026, 11, 20, 9), repeat=Repeat(Rule(Unit.MONTH, every=2))),
        ),
        ("Pay every 24 dec", Fields("Pay", due=date(2026, 12, 24), repeat=Repeat(Rule(Unit.YEAR)))),
        ("Pay every year on march 3rd", Fields("Pay", due=date(2027, 3, 3), repeat=Repeat(Rule(Unit.YEAR)))),
        (
            "Pay monday every month on the 1st",
            Fields("Pay monday", due=date(2026, 12, 1), repeat=Repeat(Rule(Unit.MONTH))),
        ),
        ("Pay every last day of the month", Fields("Pay", repeat=Repeat(Rule(Unit.MONTH, is_last_day=True)))),
        ("Pay every week after completion", Fields("Pay", repeat=Repeat(WEEKLY, basis=Basis.COMPLETION))),
        ("Pay every week until 2027-06-30", Fields("Pay", repeat=Repeat(WEEKLY, until=date(2027, 6, 30)))),
        ("Pay every week 5 times", Fields("Pay", repeat=Repeat(WEEKLY, count=5))),
        ("Pay repeats every week at home", Fields("Pay at home", repeat=Repeat(WEEKLY))),
        ("Pay monday every week", Fields("Pay", due=date(2026, 11, 23), repeat=Repeat(WEEKLY))),
        (
            "Pay every monday at 9am",
            Fields("Pay", due=datetime(2026, 11, 23, 9), repeat=Repeat(Rule(Unit.WEEK, weekdays=(0,)))),
        ),
        (
            "Pay invoice tomorrow 3pm #finance !high ~45m @acme every month",
            Fields(
                "Pay invoice",
                due=datetime(2026, 11, 21, 15, 0),
                repeat=Repeat(Rule(Unit.MONTH)),
                tags=("finance",),
                priority=Priority.HIGH,
                estimated_minutes=45,
                customer=ACME,
            ),
        ),
        (
            "Pay invoice tomorrow 3pm #finance !high ~45m @unknown every month",
            Fields(
                "Pay invoice @unknown",
                due=datetime(2026, 11, 21, 15, 0),
                repeat=Repeat(Rule(Unit.MONTH)),
                tags=("finance",),
                priority=Priority.HIGH,
                estimated_minutes=45,
            ),
        ),
        # Literal by a backslash, which goes.
        ("Sing \\tomorrow", Fields("Sing tomorrow")),
        ("Sing \\by tomorrow 3pm", Fields("Sing by tomorrow 3pm")),
        ("Win the \\#1 \\#spot", Fields("Win the \\#1 #spot")),
        ("Watch \\Friday tomorrow", Fields("Watch Friday", due=TOMORROW)),
        ("Watch Friday \\#film", Fields("Watch #film", due=date(2026, 11, 27))),
        ('Say \\"tomorrow it is"', Fields('Say "tomorrow it is"')),
        # By quotes, which stay.
        ('"The 20 nov report" tomorrow', Fields('"The 20 nov report"', due=TOMORROW)),
    ],
)
def test_a_line_is_understood(text: str, fields: Fields) -> None:
    assert read(text).fields == fields


@pytest.mark.parametrize(
    "text,due",
    [
        ("Pay 11/20", date(2026, 11, 20)),
        ("Pay 12/1/2026", date(2026, 12, 1)),
        ("Pay by 3/4", date(2027, 3, 4)),
        # A point is never between the month and the day.
        ("Pay 1.12.2026", date(2026, 12, 1)),
        ("Pay 20/11", None),
    ],
)
def test_numbers_are_read_as_the_person_writes_dates(text: str, due: date | None) -> None:
    assert read(text, is_month_first=True).fields.due == due


def test_a_day_is_the_one_where_the_person_lives() -> None:
    tokyo = parse("Pay tomorrow", now=NOW.replace(hour=20), zone=ZoneInfo("Asia/Tokyo"))

    assert tokyo.fields.due == date(2026, 11, 22)


def test_each_part_says_where_it_stands_and_can_be_made_literal() -> None:
    text = "Pay 👍 invoice tomorrow 3pm #finance !high every month"
    understood = read(text)

    assert [(part.kind, text[part.start : part.end]) for part in understood.parts] == [
        (Kind.DUE, "tomorrow 3pm"),
        (Kind.TAG, "#finance"),
        (Kind.PRIORITY, "!high"),
        (Kind.REPEAT, "every month"),
    ]
    for part in understood.parts:
        left = read(literally(text, [part]))
        assert [each.kind for each in left.parts] == [each.kind for each in understood.parts if each != part]
        assert text[part.start : part.end] in left.fields.title
    assert read(literally(text, understood.parts)).fields == Fields(text)


def test_a_customer_nobody_knows_stays_in_the_title_and_is_named() -> None:
    understood = read('Ask @nobody and @"No One"')

    assert understood.fields == Fields('Ask @nobody and @"No One"')
    assert understood.unknown_customers == ("nobody", "No One")
    assert mentioned_customers('Ask @nobody, @"No One" @acme \\@x a@b') == ("nobody", "No One", "acme")


@pytest.mark.parametrize(
    "text,due",
    [
        ("Pay every month", TODAY),
        ("Pay every friday", TODAY),
        ("Pay every 2 weeks on monday", date(2026, 11, 23)),
        ("Pay every 2 months on the last day", date(2026, 11, 30)),
        ("Pay every first friday", date(2026, 12, 4)),
        ("Pay every week due 2027-01-01", date(2027, 1, 1)),
        ("Pay", None),
    ],
)
def test_what_repeats_is_due_first_on_the_next_day_that_fits(text: str, due: date | None) -> None:
    assert with_first_due(read(text).fields, today=TODAY).due == due


# --- the user's table -------------------------------------------------------------------------------------------------


def examples(heading: str, column: int = 0) -> list[str]:
    """What stands as code in a column of the table below a heading of docs/quick-add.md."""
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [code for row in rows[1:] for code in re.findall(r"`([^`]+)`", row[column])]


@pytest.mark.parametrize("example", examples("Signs", column=2))
def test_the_guide_shows_signs_that_are_read(example: str) -> None:
    understood = read(f"Pay {example}")

    assert understood.fields.title == "Pay"
    assert len(understood.parts) == 1


@pytest.mark.parametrize("example", examples("Days and times"))
def test_the_guide_shows_days_and_times_that_are_read(example: str) -> None:
    understood = read(f"Pay due {example}" if example.split()[0] not in ("by", "on") else f"Pay {example}")

    assert understood.fields.title == "Pay"
    assert understood.fields.due is not None


@pytest.mark.parametrize("example", examples("Repeating"))
def test_the_guide_shows_repeats_that_are_read(example: str) -> None:
    understood = read(f"Pay {example}")

    assert understood.fields.title == "Pay"
    assert understood.fields.repeat is not None


@pytest.mark.parametrize("example", examples("Titles that stay titles"))
def test_the_guide_shows_titles_that_stay_titles(example: str) -> None:
    assert read(example).fields == Fields(example)


# --- laws -------------------------------------------------------------------------------------------------------------

# Words that the grammar knows, so that chance finds what lies between them.
PIECES = st.sampled_from(
    [
        *(
            "tomorrow",
            "today",
            "monday",
            "sun",
            "next",
            "week",
            "every",
            "day",
            "days",
            "in",
            "3",
            "at",
            "15",
            "by",
            "due",
        ),
        *(
            "until",
            "on",
            "the",
            "last",
            "and",
            "20",
            "nov",
            "may",
            "5",
            "2026",
            "3pm",
            "15:00",
            "9:30",
            "noon",
            "2026-11-20",
        ),
        *("20/11", "24.12.", "repeats", "times", "after", "completion", "month", "#tag", "!high", "~45m", "~45", "~1h"),
        *(
            "30m",
            "@acme",
            "=office",
            ">monday",
            '"',
            '"a',
            'b"',
            "“",
            "”",
            "\\",
            "\\#x",
            "\\\\",
            '\\"',
            '#"a',
            '@"Acme Ltd"',
        ),
        *(",", ";", ".", "🎉", "été", "a", "Report", "\u202e", "\u200d", "’", "\\tomorrow", "\\every"),
    ]
)
LINES = st.one_of(st.lists(PIECES, min_size=1, max_size=12).map(" ".join), st.text(max_size=60))


def kept(make: Any) -> Any:
    """Leave what no task can hold out of a strategy."""

    def is_kept(details: TaskDetails) -> bool:
        try:
            checked(details)
        except InvalidInput:
            return False
        return True

    return make.filter(is_kept).map(checked)


TITLES = kept(st.builds(TaskDetails, title=LINES)).map(lambda details: details.title)
CATEGORIES = kept(st.builds(TaskDetails, title=st.just("x"), category=st.one_of(st.none(), LINES))).map(
    lambda details: details.category
)
TAGS = kept(st.builds(TaskDetails, title=st.just("x"), tags=st.lists(LINES, max_size=4).map(tuple))).map(
    lambda details: details.tags
)
CUSTOMER_NAMES = TITLES.filter(lambda name: len(name) <= 200 and bool(name_key(name)))
DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)).map(lambda due: due.replace(second=0, microsecond=0))
EVERY = st.integers(1, 999)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
RULES = st.one_of(
    st.builds(Rule, unit=st.sampled_from(Unit), every=EVERY),
    st.builds(Rule, unit=st.just(Unit.WEEK), every=EVERY, weekdays=WEEKDAYS),
    st.builds(Rule, unit=st.just(Unit.MONTH), every=EVERY, weekdays=WEEKDAYS, nth=st.sampled_from([1, 2, 3, 4, LAST])),
    st.builds(Rule, unit=st.just(Unit.MONTH), every=EVERY, is_last_day=st.just(True)),
)
REPEATS = st.builds(
    Repeat,
    rule=RULES,
    basis=st.sampled_from(Basis),
    until=st.one_of(st.none(), DAYS),
    count=st.one_of(st.none(), EVERY),
)
FIELDS = st.builds(
    Fields,
    title=TITLES,
    due=st.one_of(st.none(), DAYS, MOMENTS),
    starts_on=st.one_of(st.none(), DAYS),
    repeat=st.one_of(st.none(), REPEATS),
    tags=TAGS,
    priority=st.one_of(st.none(), st.sampled_from(Priority)),
    estimated_minutes=st.one_of(st.none(), st.integers(0, LONGEST_ESTIMATE_MINUTES)),
    category=CATEGORIES,
    customer=st.one_of(st.none(), st.builds(Known, st.integers(1), CUSTOMER_NAMES)),
)


@settings(max_examples=500)
@given(FIELDS, st.booleans())
@example(Fields("tomorrow"), False)
@example(Fields('#"a \\"'), False)
@example(Fields('#"a', customer=Known(1, ", tomorrow")), False)
@example(Fields('tomorrow "', tags=("a b",), repeat=Repeat(WEEKLY)), False)
@example(Fields("5 times tomorrow", repeat=Repeat(WEEKLY)), False)
@example(Fields("30m at tomorrow", estimated_minutes=60), False)
@example(Fields('"tomorrow', tags=("a b",)), False)
@example(Fields("Save for", repeat=Repeat(WEEKLY)), False)
@example(Fields('\\#"a b"', category='"\\'), False)
def test_what_is_written_is_read_back(fields: Fields, is_month_first: bool) -> None:
    line = write(fields, now=NOW, zone=BERLIN, is_month_first=is_month_first)
    known = {name_key(fields.customer.name): fields.customer} if fields.customer else {}

    assert parse(line, now=NOW, zone=BERLIN, is_month_first=is_month_first, customers=known).fields == fields


@settings(max_examples=400)
@given(LINES, st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)))
def test_no_text_makes_it_fail_and_nothing_is_dropped(text: str, moment: datetime) -> None:
    understood = parse(text, now=moment.replace(tzinfo=UTC), zone=BERLIN, customers=CUSTOMERS)

    spans = [(part.start, part.end) for part in understood.parts]
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    rest = "".join(
        text[end:start]
        for end, start in zip([0, *(e for _, e in spans)], [*(s for s, _ in spans), len(text)], strict=True)
    )
    # Backslashes that kept something literal are the only thing that goes.
    assert understood.fields.title.replace("\\", "").split() == rest.replace("\\", "").split()
    assert bool(understood.fields.title) == bool(text.split())


@settings(max_examples=200)
@given(LINES)
def test_all_that_is_understood_can_be_made_literal(text: str) -> None:
    line = text
    for _ in text.split():
        # Another phrase may come to stand at the end.
        line = literally(line, read(line).parts)

    assert read(line).parts == ()
    assert read(line).fields.title.replace("\\", "").split() == text.replace("\\", "").split()


@pytest.mark.parametrize(
    "piece", ['"a ', '@"a ', "“", "\\", "tomorrow ", "#a ", "every ", "in 3 ", "1/", "!high ", "~1h ", "~"]
)
def test_a_long_line_takes_no_more_for_each_word(piece: str) -> None:
    short, long = (_calls_to_read(piece * (length // len(piece))) for length in (2_000, 8_000))

    assert long < 5 * short + 1_000


def _calls_to_read(line: str) -> int:
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(line)
    finally:
        sys.setprofile(None)
    return calls
