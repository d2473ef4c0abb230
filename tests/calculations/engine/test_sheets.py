"""Worksheets: line by line, what carries on from one to the next, and what does not stop the others."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.calculations.engine import CalculationError, Code, Settings, evaluate_sheet
from webapp.calculations.engine.limits import SHEET_BYTES, SHEET_LINES
from webapp.calculations.engine.sheets import LineKind, find_sheet_sources, read_line
from webapp.calculations.engine.units import HOURS_MIXED
from webapp.calculations.engine.values import Quantity
from webapp.calculations.rules.worksheets import keep_results, make_rows

QUOTE = """\
# Archive migration
rate = 85 EUR/h
work = 4h 12m + 6h 30m
work * rate
// travel is billed at half the rate
2 * 1h 15m * rate / 2
hosting: 3 months * 19.90 EUR/month // a year would be cheaper
total + 19%"""


def answers(text: str, **given: object) -> list[str]:
    """Return what stands beside each line: its answer, the code of its error, or nothing."""
    sheet = evaluate_sheet(text, **given)  # type: ignore[arg-type]
    return [
        line.result.text if line.result is not None else line.error.code.value if line.error is not None else ""
        for line in sheet.lines
    ]


def test_a_quote_is_worked_out_line_by_line() -> None:
    assert answers(QUOTE) == [
        "",
        "85.00 EUR/h",
        "10 h 42 min",
        "909.50 EUR",
        "",
        "106.25 EUR",
        "59.70 EUR",
        "1279.79 EUR",
    ]


@pytest.mark.parametrize(
    "line, kind, label, code",
    [
        ("", LineKind.BLANK, "", ""),
        ("   \t", LineKind.BLANK, "", ""),
        ("# Work", LineKind.HEADING, "Work", ""),
        ("  ## Work // really", LineKind.HEADING, "Work // really", ""),
        ("// words", LineKind.COMMENT, "words", ""),
        ("5 + 1 // why", LineKind.EXPRESSION, "", "5 + 1"),
        ("hosting: 3 * 2", LineKind.EXPRESSION, "hosting", "3 * 2"),
        ("hosting:3 * 2", LineKind.EXPRESSION, "hosting", "3 * 2"),
        ("Phase 1 (extra): 3h", LineKind.EXPRESSION, "Phase 1 (extra)", "3h"),
        ("2026-11-20: 3h 30m", LineKind.EXPRESSION, "2026-11-20", "3h 30m"),
        ("1. Design: 3h", LineKind.EXPRESSION, "1. Design", "3h"),
        ("2) Building: 3h", LineKind.EXPRESSION, "2) Building", "3h"),
        ("hosting : 3 * 2", LineKind.EXPRESSION, "hosting", "3 * 2"),
        ("To do:", LineKind.COMMENT, "To do", ""),
        # No labels: a time, a filter, a name that is given.
        ("3:45 * 2", LineKind.EXPRESSION, "", "3:45 * 2"),
        ("work + 3:45", LineKind.EXPRESSION, "", "work + 3:45"),
        ("hours(task:42) * 2", LineKind.EXPRESSION, "", "hours(task:42) * 2"),
        ('hours(category:"A // B")', LineKind.EXPRESSION, "", 'hours(category:"A // B")'),
        ("time = 3:45", LineKind.EXPRESSION, "", "time = 3:45"),
        ("work: hours(task:42)", LineKind.EXPRESSION, "work", "hours(task:42)"),
        (": 5", LineKind.EXPRESSION, "", ": 5"),
        # What some write for a division is no label: it is refused where it is worked out.
        ("100 EUR : 3", LineKind.EXPRESSION, "", "100 EUR : 3"),
        ("(1 + 2) : 3", LineKind.EXPRESSION, "", "(1 + 2) : 3"),
    ],
)
def test_a_line_is_read_by_its_marks(line: str, kind: LineKind, label: str, code: str) -> None:
    found = read_line(line)

    assert (found[0], found[1], found[2].strip()) == (kind, label, code)


@given(st.text(alphabet='ab1:=#/ "()3.+\t', max_size=30))
@settings(max_examples=100)
def test_what_is_worked_out_stands_where_it_stood(line: str) -> None:
    kind, _, code = read_line(line)

    if kind is LineKind.EXPRESSION:
        assert len(code) <= len(line)
        assert all(here in (" ", there) for here, there in zip(code, line, strict=False))


@pytest.mark.parametrize(
    "text, last",
    [
        ("1\n2\ntotal", "3"),
        ("1\n2\n3\naverage", "2"),
        ("5\nprev * 2\nprev + 1", "11"),
        # A name, a function and a rate of exchange say something for others; they are no amounts.
        ("rate = 85 EUR/h\ndouble(x) = 2 x\n2 EUR\n3 EUR\ntotal", "5.00 EUR"),
        # Nor are lines that are made of the total: it may stand twice.
        ("10 EUR\n20 EUR\ntotal\ntotal + 10%", "33.00 EUR"),
        ("10\n20\naverage\ntotal", "30"),
        # A comment is part of the block, an empty line and a heading end it.
        ("1\n// and\n2\ntotal", "3"),
        ("1\n\n2\ntotal", "2"),
        ("1\n# Other\n2\ntotal", "2"),
        ("1\n\nprev + 1", "2"),
        # Days and truths are no amounts either.
        ("2026-11-20\n1 < 2\n4\ntotal", "4"),
        ("1h 30m\n45 min\ntotal", "2 h 15 min"),
        ("10%\n20%\ntotal", "30%"),
        ("10%\n20%\naverage", "15%"),
        ("what + 10% = 220\ntotal", "200"),
        ("8\naverage(1; 2; 3)\naverage + average(4; 6)", "10"),
        ("net = 100 EUR\ntax: net * 19%\nnet + prev", "119.00 EUR"),
    ],
)
def test_prev_total_and_average(text: str, last: str) -> None:
    assert answers(text)[-1] == last


@pytest.mark.parametrize(
    "text, line, code, words",
    [
        ("total", 1, Code.NO_LINES, "no amount above for “total”"),
        ("1\n\naverage", 3, Code.NO_LINES, "“average”"),
        ("x = 1\ntotal", 2, Code.NO_LINES, "no amount above"),
        ("prev", 1, Code.NO_LINES, "“prev”"),
        ("5 EUR\n3 kg\ntotal", 3, Code.UNIT_MISMATCH, "Line 1 is money in EUR, line 2 is a mass"),
        ("5 EUR\n10%\ntotal", 3, Code.UNIT_MISMATCH, "line 2 is a percentage"),
        ("5 EUR\n1/0\ntotal", 3, Code.LINE, "Line 2 has no answer, so the lines above have no total"),
        ("1/0\nprev", 2, Code.LINE, "Line 1, which “prev” means, has no answer"),
        ("work = 1/0\nwork * 2", 2, Code.LINE, "Line 1, which says what “work” is, has no answer"),
        ("work = 3 +\nwork * 2", 2, Code.LINE, "Line 1, which says what “work” is"),
        ("half(x) = x /\nhalf(4)", 2, Code.LINE, "Line 1, which says what “half” is"),
        ("5 : 2", 1, Code.SYNTAX, "“:” stands in times"),
        ("net = 5 EUR\nnet : 2", 2, Code.SYNTAX, "could be a label, or “net” divided"),
        ("total = 5", 1, Code.NAME_TAKEN, "“total” has a meaning of its own"),
    ],
)
def test_what_has_no_answer_says_which_line_is_to_blame(text: str, line: int, code: Code, words: str) -> None:
    error = evaluate_sheet(text).lines[line - 1].error

    assert error is not None
    assert error.code is code
    assert words in error.message


def test_an_error_stops_its_own_line_and_those_that_need_it() -> None:
    assert answers("a = 1\nb = a / 0\nc = a + 1\nb + c\na + c") == ["1", "division_by_zero", "2", "line", "3"]


def test_a_name_that_is_mended_below_is_good_again() -> None:
    assert answers("a = 1/0\na = 2\na + 1")[1:] == ["2", "3"]


def test_a_line_made_of_a_total_that_fails_takes_no_other_total_with_it() -> None:
    assert answers("5 EUR\ntotal + 3 kg\ntotal") == ["5.00 EUR", "unit_mismatch", "5.00 EUR"]


def test_places_are_counted_in_the_line_as_it_was_typed() -> None:
    (line,) = evaluate_sheet("hosting: 12 / (4 - 4) // why").lines

    assert line.error is not None
    assert line.error.position is not None
    assert line.text[line.error.position] == "/"


def test_a_rate_of_exchange_counts_for_what_follows() -> None:
    found = answers("100 EUR to USD\n1 EUR = 1.08 USD on 2026-11-20\n100 EUR to USD")

    assert (found[0], found[2]) == ("no_rate", "108.00 USD")


def test_the_latest_rate_holds_whichever_way_round_it_is_said() -> None:
    found = answers("1 EUR = 1.1 USD on 2026-01-01\n1 USD = 2 EUR on 2026-01-02\n5 USD to EUR\n5 EUR to USD")

    assert found[2:] == ["10.00 EUR", "2.50 USD"]


def test_a_total_that_cannot_be_is_refused_at_its_word() -> None:
    line = evaluate_sheet("20 °C\n30 °C\n1 + total").lines[2]

    assert line.error is not None
    assert line.text[line.error.position : line.error.end] == "total"


def test_names_and_settings_from_outside_are_known() -> None:
    names = {"hourly": Fraction(85), "total": Fraction(7)}

    assert answers("hourly * 2\ntotal", names=names) == ["170", "170"]
    assert answers("1,5 + 1", settings=Settings(number_format="1.234,5")) == ["2,5"]
    assert answers("today + 1 day", settings=Settings(today=date(2026, 11, 20))) == ["2026-11-21"]
    assert names == {"hourly": Fraction(85), "total": Fraction(7)}


def test_figures_are_found_once_and_used_where_they_stand() -> None:
    text = "work: hours(task:42)\n// hours(task:7)\nhours( task:42 ) + 1 h\nhours(task:43"
    (source,) = find_sheet_sources(text)
    figures = {source.key: Quantity(Fraction(15, 4), HOURS_MIXED)}

    assert answers(text, settings=Settings(figures=figures))[:3] == ["3 h 45 min", "", "4 h 45 min"]


def test_line_ends_of_windows_are_line_ends() -> None:
    assert answers("1\r\n2\r\ntotal") == ["1", "2", "3"]


@pytest.mark.parametrize(
    "text",
    ["1\n" * SHEET_LINES, "// " + "x" * SHEET_BYTES, "// " + "ß" * (SHEET_BYTES // 2)],
    ids=["lines", "bytes", "bytes of letters that take two"],
)
def test_a_worksheet_that_is_too_long_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        evaluate_sheet(text)

    assert refusal.value.code is Code.TOO_LONG


def test_as_many_lines_as_there_may_be_are_worked_out() -> None:
    sheet = evaluate_sheet("\n".join(["x = 1", *["x = x + 1"] * (SHEET_LINES - 1)]))

    assert sheet.answer is not None
    assert sheet.answer.exact == SHEET_LINES
    assert sheet.error_count == 0


def test_fractions_that_grow_from_line_to_line_stay_bounded() -> None:
    sheet = evaluate_sheet("\n".join(["x = 10/7 + 1/3", *["x = x * x"] * 20]))
    last = sheet.lines[-1]

    assert last.error is not None or (last.result is not None and last.result.is_inexact)
    assert all(line.error is not None or line.result is not None for line in sheet.lines)


def test_one_budget_is_for_all_lines() -> None:
    doubling = [f"f{n}(x) = f{n - 1}(x) + f{n - 1}(x)" for n in range(1, 21)]
    sheet = evaluate_sheet("\n".join(["f0(x) = x + 1", *doubling, "f3(1)", "f20(1)", "// no more", "1 + 1"]))
    errors = [line.error for line in sheet.lines]

    assert errors[:22] == [None] * 22
    assert [error.code for error in errors if error is not None] == [Code.TOO_MANY_STEPS] * 2
    # What comes after the line that took the last of it has none left either, and is told which that was.
    assert "Line 23 took all there is" in str(errors[24])


PIECES = """
a
rate = 85 EUR/h
a * 2
a = total
total
prev
average
5 EUR
3 kg
1/0
f(x) = x / a
f(2)
# b
// c
x: 3h
what + 1 = 2
2026-11-20
1 EUR = 2 USD on 2026-11-20
to USD
+
((
10%
:
"""


@given(
    st.lists(
        st.lists(st.sampled_from(PIECES.split("\n")), max_size=3).map(" ".join) | st.text(max_size=12), max_size=12
    ).map("\n".join)
)
@settings(max_examples=100)
def test_whatever_is_typed_each_line_has_an_answer_or_says_why_not(text: str) -> None:
    sheet = evaluate_sheet(text)
    lines = text.replace("\r\n", "\n").split("\n")

    assert [line.text for line in sheet.lines] == lines
    for line in sheet.lines:
        if line.kind is LineKind.EXPRESSION:
            assert (line.result is None) != (line.error is None)
        else:
            assert line.result is None
            assert line.error is None
        if line.error is not None and line.error.position is not None:
            assert 0 <= line.error.position <= len(line.text)
    assert keep_results(sheet) == json.loads(json.dumps(keep_results(sheet)))
    assert len(make_rows(text.replace("\r\n", "\n"), keep_results(sheet))) == len(lines)
