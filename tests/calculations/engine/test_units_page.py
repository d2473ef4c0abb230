"""What the page about units says is what is answered."""

from __future__ import annotations

import re
from pathlib import Path

from webapp.calculations.engine import evaluate

PAGE = Path(__file__).parents[3] / "docs" / "units.md"
EXAMPLES = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.read_text(), re.MULTILINE)


def test_each_example_is_answered_as_the_page_says() -> None:
    assert len(EXAMPLES) > 30
    for typed, answered in EXAMPLES:
        assert evaluate(typed).text == answered, typed
