"""What people type who do not know the calculator: refused, or answered with a doubt; the repair is right."""

from __future__ import annotations

from datetime import date

import pytest

from webapp.calculations.engine import CalculationError, Settings, evaluate

SETTINGS = Settings(number_format="1,234.5", today=date(2026, 11, 21))

REPAIRED = {
    "5x3": ("5 * 3", "15"),
    "5+3=": ("5+3", "8"),
    "=5+3": ("5+3", "8"),
    "100 EUR + 19% VAT": ("100 EUR + 19%", "119.00 EUR"),
    "20% tip on 45": ("20% on 45", "54"),
    "50% 200": ("50% of 200", "100"),
    "50 % 200": ("50 mod 200", "50"),
    "10% of 200?": ("10% of 200", "20"),
    "what is 10% of 200": ("10% of 200", "20"),
    "10 000": ("10000", "10,000"),
    "2 3": ("2 * 3", "6"),
    "5//2": ("5 div 2", "2"),
    "sqrt 16": ("sqrt(16)", "4"),
    "sin 90°": ("sin(90°)", "1"),
    "sum 1 2 3": ("sum(1; 2; 3)", "6"),
    "sqrt 16 + 2": ("sqrt(16) + 2", "6"),
    "20 nov 2026": ("2026-11-20", "2026-11-20"),
    "tomorrow": ("(today + 1 d)", "2026-11-22"),
    "5 dozen": ("5 * 12", "60"),
    "90 min to hours and minutes": ("90 min to hours  minutes", "1 h 30 min"),
    "7.5 hours in h:mm": ("7.5 hours in h min", "7 h 30 min"),
}

HINTED = {
    "half an hour": "0.5 h",
    "next friday": "today + 1 week",
    "days until 2026-12-24": "days(",
    "98.6 F in C": "°F",
    "1 EUR = 1.08 USD": "on 2026-11-20",
    "5 EUR + 3": "“3 EUR”",
    "7 + 2 h": "“7 h”",
    "2026-11-20 + 10": "“2026-11-20 + 10 d”",
    "november 20": "2026-11-20",
    "3 > 2 and 2 > 1": "if(",
    "8h - 45m": "min",
    "2h + 30": "“30 min”",
    "1/3 of 90": "1/3 * 90",
    "if 3 > 2 then 1": "if(",
}


def refuse(text: str) -> CalculationError:
    with pytest.raises(CalculationError) as refusal:
        evaluate(text, settings=SETTINGS)
    return refusal.value


@pytest.mark.parametrize("text", REPAIRED)
def test_the_first_repair_is_what_was_meant(text: str) -> None:
    repaired, result = REPAIRED[text]
    assert refuse(text).repaired(text)[0].strip() == repaired
    assert evaluate(repaired, settings=SETTINGS).text == result


@pytest.mark.parametrize("text", HINTED)
def test_the_hint_says_how_it_is_written(text: str) -> None:
    assert HINTED[text] in (refuse(text).hint or "")


@pytest.mark.parametrize(
    "text, doubt",
    [
        ("20/11/2026", "two divisions"),
        ("x = 11/20/2026", "two divisions"),
        ("85 EUR * 3h", "85 EUR/h"),
        ("12 USD * 90 min", "85 USD/h"),
        ("90m * 85 EUR/h", "write “min”"),
        ("640 EUR/day * 12 workdays", "640 EUR/workday"),
        ("640 EUR/workday * 12 workdays", None),
        ("11-20-2026", "two subtractions"),
        ("20/11/3", None),
        ("1200 / 12 / 20", None),
        ("85 EUR/h * 3h", None),
    ],
)
def test_a_doubtful_answer_says_what_may_have_been_meant(text: str, doubt: str | None) -> None:
    notes = " ".join(evaluate(text, settings=SETTINGS).notes)
    assert doubt in notes if doubt else notes == ""


def test_a_name_of_ones_own_is_no_mistake() -> None:
    assert evaluate("5x3", names={"x3": 4}, settings=SETTINGS).text == "20"
    assert evaluate("tomorrow", names={"tomorrow": 4}, settings=SETTINGS).text == "4"
