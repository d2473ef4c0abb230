"""Charts are well-formed, named, escaped, without style, and hold any number."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from webapp.metrics.charts import (
    Band,
    Bar,
    Dot,
    Piece,
    Point,
    Square,
    count_ticks,
    draw_bars,
    draw_calendar,
    draw_length,
    draw_line,
    draw_scatter,
    draw_stack,
    duration_ticks,
)

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'single' \x00\x1b\ud800\uffff 🚀 \u202eright"
SVG = "{http://www.w3.org/2000/svg}"
words = st.text(max_size=30) | st.just(HOSTILE)
amounts = st.floats(0, 1e9)


def parse(drawing: Markup) -> ET.Element:
    """Read a drawing as XML, and check what holds for all of them."""
    root = ET.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{drawing}</div>')
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for node in root.iter():
        assert node.get("style") is None
        assert not any(name.startswith("on") for name in node.attrib)
        assert node.tag.removeprefix(SVG) in {"div", "svg", "title", "desc", "g", "path", "rect", "circle", "text"}
    for svg in root.iter(f"{SVG}svg"):
        if svg.get("aria-hidden"):
            continue
        assert svg.get("role") == "img"
        named_by = (svg.get("aria-labelledby") or "") + " " + (svg.get("aria-describedby") or "")
        assert all(name in ids for name in named_by.split())
    assert not re.search(r"nan|inf\b", re.sub(r"<(title|desc|text).*?</\1>", "", str(drawing), flags=re.DOTALL))
    return root


@given(st.lists(st.tuples(words, st.none() | amounts, words), max_size=40), words, words)
@settings(max_examples=40)
def test_bars_are_well_formed(rows: list[tuple[str, float | None, str]], title: str, description: str) -> None:
    ticks = duration_ticks(max((value or 0 for _, value, _ in rows), default=0))
    bars = [Bar(label, value, said, above=label, tone="open") for label, value, said in rows]

    drawing = draw_bars("a", title=title, description=description, bars=bars, ticks=ticks, level=(1.0, title))

    root = parse(drawing)
    assert len(root.findall(f"{SVG}svg")) == 2
    assert len(root.findall(f".//{SVG}g")) == 2 * sum(value is not None for _, value, _ in rows)


@given(st.lists(st.tuples(words, st.none() | amounts, words), max_size=40), st.booleans())
@settings(max_examples=40)
def test_lines_are_well_formed(rows: list[tuple[str, float | None, str]], is_open: bool) -> None:
    ticks = duration_ticks(max((value or 0 for _, value, _ in rows), default=0))

    drawing = draw_line(
        "a",
        title=HOSTILE,
        description=HOSTILE,
        dots=[Dot(*row) for row in rows],
        ticks=ticks,
        band=Band(-1e9, 1e10, 5, 5),
        is_last_open=is_open,
    )

    parse(drawing)


@given(st.lists(st.tuples(st.floats(1, 1e9), st.floats(1, 1e9), words), max_size=30))
@settings(max_examples=40)
def test_scatters_are_well_formed_and_keep_points_on_the_paper(rows: list[tuple[float, float, str]]) -> None:
    drawing = draw_scatter("a", title=HOSTILE, description=HOSTILE, points=[Point(*row) for row in rows])

    root = parse(drawing)
    for circle in root.iter(f"{SVG}circle"):
        assert 44 <= float(circle.get("cx", "")) <= 549
        assert 9 <= float(circle.get("cy", "")) <= 361


def test_scatter_becomes_a_grid_when_there_are_many_points() -> None:
    points = [Point(60 * (1 + index % 50), 60 * (1 + index // 50), "x") for index in range(2000)]

    drawing = draw_scatter("a", title="Many", description="Many tasks", points=points)

    root = parse(drawing)
    assert not list(root.iter(f"{SVG}circle"))
    wide = root.findall(f"{SVG}svg")[0]
    counts = [title.text or "" for title in wide.iter(f"{SVG}title")][1:]
    assert sum(int(count.split()[0]) for count in counts) == 2000
    assert len(drawing) < 200_000


def test_scatter_draws_twice_the_estimate_equally_far_at_every_length() -> None:
    drawing = draw_scatter(
        "a", title="t", description="d", points=[Point(900, 1800, "short"), Point(14400, 28800, "long")]
    )

    circles = parse(drawing).findall(f"{SVG}svg")[0].findall(f"{SVG}circle")
    low, high = [
        (float(circle.get("cx", "")) - 44) / 504 - (360 - float(circle.get("cy", ""))) / 350 for circle in circles
    ]
    assert low == pytest.approx(high, abs=0.002)


@given(st.dates(), st.integers(1, 400), st.integers(0, 6))
@settings(max_examples=40)
def test_calendars_are_well_formed_and_give_each_day_its_place(first: date, length: int, week_start: int) -> None:
    days = [day for offset in range(length) if (day := shifted(first, offset))]
    squares = [Square(day, index % 5, HOSTILE) for index, day in enumerate(days)]

    drawing = draw_calendar(
        "a",
        title=HOSTILE,
        description=HOSTILE,
        squares=squares,
        week_start=week_start,
        weekdays=[HOSTILE] * 7,
        months=[HOSTILE] * 12,
    )

    places = [(rect.get("x"), rect.get("y")) for rect in parse(drawing).iter(f"{SVG}rect")]
    assert len(set(places)) == len(days)
    same_row = {rect[1] for rect, day in zip(places, days, strict=True) if day.weekday() == week_start}
    assert same_row <= {"20"}


def shifted(day: date, offset: int) -> date | None:
    try:
        return day + timedelta(days=offset)
    except OverflowError:
        return None


@given(st.lists(st.floats(0, 100), max_size=6))
def test_stacks_and_lengths_are_well_formed(lengths: list[float]) -> None:
    pieces = [Piece(length, 1 + index % 4, HOSTILE) for index, length in enumerate(lengths)]

    parse(draw_stack("a", title=HOSTILE, pieces=pieces, whole=sum(lengths)))
    parse(draw_length(sum(lengths)))


def test_hostile_words_stay_words() -> None:
    drawing = draw_bars("a", title=HOSTILE, description=HOSTILE, bars=[Bar(HOSTILE, 1, HOSTILE)], ticks=count_ticks(1))

    assert "<script" not in drawing
    assert "&lt;script&gt;" in drawing
    assert "🚀" in drawing


@given(st.floats(0, 1e10))
def test_ticks_reach_the_highest_value_in_few_steps(highest: float) -> None:
    for ticks in (duration_ticks(highest), count_ticks(highest)):
        assert ticks[0][0] == 0
        assert ticks[-1][0] >= highest
        assert 2 <= len(ticks) <= 7
        assert [value for value, _ in ticks] == sorted(value for value, _ in ticks)


@pytest.mark.parametrize(
    "seconds, labels",
    [
        (0, ["0", "1 m"]),
        (200, ["0", "1 m", "2 m", "3 m", "4 m"]),
        (7000, ["0", "30 m", "1 h", "1.5 h", "2 h"]),
        (8 * 3600, ["0", "2 h", "4 h", "6 h", "8 h"]),
        (38 * 3600, ["0", "8 h", "16 h", "24 h", "32 h", "40 h"]),
    ],
)
def test_duration_ticks_stand_where_people_count(seconds: int, labels: list[str]) -> None:
    assert [words for _, words in duration_ticks(seconds)] == labels
