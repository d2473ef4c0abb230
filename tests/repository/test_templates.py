"""Templates keep the rules of the house: they compile, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from webapp.web.navigation import PARTS

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MACROS = sorted((ROOT / "templates/components").glob("*.html"))
STYLES = "\n".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
BEHAVIOURS = {path.stem for path in (ROOT / "static/js/behaviours").glob("*.js")}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def source_of(path: Path) -> str:
    """The template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(path: Path, app: Flask) -> None:
    app.jinja_env.get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    source = source_of(path)

    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_names_icons_that_exist(path: Path) -> None:
    source = source_of(path)
    named = re.findall(r"\bicon\(\"([a-z-]+)\"|\bicon=\"([a-z-]+)\"|icons\.svg'\) \}\}#([a-z-]+)", source)

    assert {name for names in named for name in names if name} <= SPRITE


def test_each_part_of_the_product_has_an_icon() -> None:
    assert {part.icon for part in PARTS} <= SPRITE


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_names_blocks_and_variants_that_are_drawn(path: Path) -> None:
    named: set[str] = set()
    for value in re.findall(r'<[^>]*\sclass="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', source_of(path), flags=re.DOTALL):
        # A word with a choice in it is known when the page is made, not here.
        words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "?", value, flags=re.DOTALL).split()
        # A part may have nothing of its own to draw; its block must, and so must a variant.
        named.update(word if "--" in word else word.split("__")[0] for word in words if "?" not in word)

    assert {name for name in named if not re.search(rf"\.{re.escape(name)}(?![a-z0-9-])", STYLES)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_names_behaviours_that_exist(path: Path) -> None:
    named = {word for words in re.findall(r'data-behaviour="([^"{]+)"', source_of(path)) for word in words.split()}

    assert named <= BEHAVIOURS


@pytest.mark.parametrize("path", MACROS, ids=name_of)
def test_component_holds_the_macro_of_its_name_and_says_what_it_draws(path: Path) -> None:
    text = path.read_text()

    assert f"{{% macro {path.stem}(" in text
    assert text.startswith("{#")
    # Others begin with an underscore: they are the file's own.
    assert {name for name in re.findall(r"\{% macro (\w+)\(", text) if not name.startswith("_")} == {path.stem}
