"""How the engine refuses."""

from __future__ import annotations

import pytest

from webapp.calculations.engine.errors import CalculationError, Code


@pytest.mark.parametrize(
    "text,position,end,repairs,repaired",
    [
        ("2 * sqr(4)", 4, 7, ("sqrt",), ("2 * sqrt(4)",)),
        ("6/2(1+2)", 0, 8, ("(6/2)*(1+2)", "6/(2*(1+2))"), ("(6/2)*(1+2)", "6/(2*(1+2))")),
        ("(1 + 2", 6, None, (")",), ("(1 + 2)",)),
        ("12 apples", None, None, ("12",), ("12",)),
        ("1 / 0", 2, 3, (), ()),
    ],
)
def test_a_text_is_repaired_at_its_place(
    text: str, position: int | None, end: int | None, repairs: tuple[str, ...], repaired: tuple[str, ...]
) -> None:
    error = CalculationError(Code.SYNTAX, "No.", position=position, end=end, repairs=repairs)

    assert error.repaired(text) == repaired
