"""The style sheets keep their own rules: tokens, layers, one block a file, and text that can be read."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TOKENS = (ROOT / "static/css/_tokens.css").read_text()

GROUNDS = ("canvas", "surface", "raised", "sunken", "hover")
INKS = ("ink", "quiet", "accent", "accent-strong", "danger", "caution", "good")
# Ink on a coloured ground of its own.
PAIRS = (
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "accent-soft"),
    ("quiet", "accent-soft"),
    ("accent", "accent-soft"),
    ("ink", "danger-soft"),
    ("danger", "danger-soft"),
    ("ink", "caution-soft"),
    ("caution", "caution-soft"),
    ("good", "good-soft"),
)


def rules_of(sheet: Path) -> str:
    """The sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_everything_stands_in_a_layer(sheet: Path) -> None:
    outside = re.sub(r"@layer [a-z, ]+;", "", rules_of(sheet))
    while "{" in outside:
        outside, changed = re.subn(
            r"@layer [a-z]+ \{[^{}]*\}|(?<!\w)[^{};@]*\{[^{}]*\}|@(?!layer)[^{};]*\{[^{}]*\}", "", outside
        )
        assert changed, outside[:200]

    assert outside.strip() == ""


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.name != "_tokens.css"], ids=lambda sheet: sheet.name
)
def test_a_sheet_names_tokens_and_writes_for_both_directions(sheet: Path) -> None:
    rules = rules_of(sheet)

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", rules), "a raw colour"
    assert "!important" not in rules
    assert not re.findall(r"[{},]\s*#[a-z]", rules), "an id"
    assert not re.findall(r"(?<!area-)\b(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b", rules)
    assert not re.findall(r"[;{]\s*(?:left|right|top|bottom|width|height):", rules)
    assert not re.findall(r"text-align: (?:left|right)", rules)
    for sides in re.findall(r"(?:padding|margin|inset): (\S+ \S+ \S+ \S+);", rules):
        _, end, _, start = sides.split()
        assert end == start, sides


def test_every_property_that_is_read_is_set_somewhere() -> None:
    everything = "\n".join(rules_of(sheet) for sheet in SHEETS)
    read = set(re.findall(r"var\((--[a-z0-9-]+)\)", everything))

    assert read <= set(re.findall(r"(--[a-z0-9-]+):", everything))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink,ground", [*product(INKS, GROUNDS), *PAIRS])
def test_text_can_be_read(ink: str, ground: str, theme: str) -> None:
    assert contrast(colour(ink, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("path", ["templates/base.html", "templates/layouts/app.html", "static/site.webmanifest"])
def test_the_frame_of_the_browser_has_the_colour_of_the_page(path: str) -> None:
    named = set(re.findall(r"#[0-9a-f]{6}", (ROOT / path).read_text()))

    assert colour("canvas", "light") in named
    assert named <= {colour("canvas", "light"), colour("canvas", "dark")}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_bounds_of_what_can_be_used_are_seen(ground: str, theme: str) -> None:
    assert contrast(colour("line-strong", theme), colour(ground, theme)) >= 3


def colour(name: str, theme: str) -> str:
    found = re.search(rf"--colour-{name}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)", TOKENS)
    assert found, name
    return found[1 if theme == "light" else 2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(hexadecimal: str) -> float:
    channels = [int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
