"""What the page about units says is what is answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.calculations.engine import evaluate

PAGE = Path(__file__).parents[3] / "docs" / "units.md"
EXAMPLES = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.read_text(), re.MULTILINE)


@pytest.mark.parametrize("typed,answered", EXAMPLES)
def test_the_example_is_answered_as_the_page_says(typed: str, answered: str) -> None:
    assert evaluate(typed).text == answered


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 30
