"""Markdown of people: what it can say, and that nothing in it acts, breaks the page or takes its time."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from webapp.web.markdown import render

LONGEST = 50_000
# Generous, for a machine that is busy with other things; what grows with the square takes minutes.
MOST_SECONDS = 8.0

ALLOWED = {
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"class", "dir", "href", "rel", "role", "aria-label", "tabindex", "start"}


def read(text: str) -> BeautifulSoup:
    return BeautifulSoup(render(text), "html.parser")


def assert_harmless(page: BeautifulSoup) -> None:
    for tag in page.find_all(True):
        assert tag.name in ALLOWED, tag.name
        assert set(tag.attrs) <= ALLOWED_ATTRIBUTES, tag.attrs
        if tag.name == "a":
            assert str(tag["href"]).lower().startswith(("http://", "https://", "mailto:")), tag
            assert {"nofollow", "noopener"} <= set(tag["rel"])


@pytest.mark.parametrize(
    "text, selector, words",
    [
        ("**bold**", "strong", "bold"),
        ("_slanted_", "em", "slanted"),
        ("~~gone~~", "s", "gone"),
        ("`code`", "code", "code"),
        ("- one\n- two", "ul li:last-child", "two"),
        ("1. one\n2. two", "ol li:last-child", "two"),
        ("> said", "blockquote p", "said"),
        ("```\nlong < code\n```", "pre code", "long < code\n"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "td.prose__right", "2"),
        ("[here](https://example.com)", 'a[href="https://example.com"]', "here"),
        ("<https://example.com>", 'a[href="https://example.com"]', "https://example.com"),
        ("see https://example.com/a_(b).", 'a[href="https://example.com/a_(b)"]', "https://example.com/a_(b)"),
        ("(see https://example.com/a)", 'a[href="https://example.com/a"]', "https://example.com/a"),
        ("mail [Ada](mailto:ada@example.com)", 'a[href="mailto:ada@example.com"]', "Ada"),
        ("![a cat](https://example.com/cat.png)", 'a[href="https://example.com/cat.png"]', "a cat"),
        ("- [ ] open", '.prose__tick[aria-label="To do"]', ""),
        ("- [x] done", '.prose__tick--done[aria-label="Done"]', ""),
    ],
)
def test_render_knows(text: str, selector: str, words: str) -> None:
    page = read(text)

    found = page.select_one(selector)
    assert found is not None, page
    assert found.text == words
    assert_harmless(page)


def test_render_keeps_line_breaks() -> None:
    assert len(read("one\ntwo\nthree").find_all("br")) == 2


@pytest.mark.parametrize(
    "text, levels",
    [
        ("# a\n## b\n### c", ["h3", "h4", "h5"]),
        ("### a\n# b", ["h3", "h3"]),
        ("# a\n###### b", ["h3", "h4"]),
        ("a\n===\nb\n---", ["h3", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_render_puts_headings_below_those_of_the_page_and_skips_none(text: str, levels: list[str]) -> None:
    assert [tag.name for tag in read(text).find_all(["h1", "h2", "h3", "h4", "h5", "h6"])] == levels


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](\x01javascript:alert(1))",
        "[a]( javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](file:///etc/passwd)",
        "[a](//evil.example)",
        "[a](/tasks/1)",
        "[a](https://)",
        "![a](javascript:alert(1))",
        "![](data:image/svg+xml,<svg/onload=alert(1)>)",
        "<javascript:alert(1)>",
        '[a](https://e.com "x\\" onmouseover=alert(1)")',
        '[a](https://e.com/"onmouseover=alert(1))',
        "[a]: javascript:alert(1)\n\n[a]",
        '```"><script>alert(1)</script>\nx\n```',
        '| "><script> |\n|:-:|\n| <b onclick=x> |',
        "- [x] <script>",
        "https://example.com/<script>alert(1)</script>",
        'https://example.com/"onclick="alert(1)',
        "a\0b",
        "\u202egpj.exe",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<!-- --><?php ?><![CDATA[<script>]]>",
    ],
)
def test_nothing_in_it_acts(text: str) -> None:
    page = read(text)

    assert_harmless(page)
    assert "<script" not in str(page)


@given(st.text(alphabet=st.sampled_from("ab \n\t#*_~`[]()!<>&\"'|:-=+.\\/0\u202ehtps:x@é"), max_size=300))
def test_whatever_is_written_is_harmless(text: str) -> None:
    assert_harmless(read(text))


@given(st.text(alphabet="abc é中\n", max_size=200))
def test_plain_words_come_out_as_they_are(text: str) -> None:
    assert read(text).text.split() == text.split()


@pytest.mark.parametrize(
    "unit",
    [
        ">", "> ", "[", "[a](", "![", "*a **b ", "*_", "**a*b_c__", "`a ", "- ", "- > a\n", "<a:", "&", "|", "|a",
        "|a\n|-\n\n", "a\n=\n", "http://", "http://a)", "http://a(((", "[a]: b\n", "\\", "# a\n", "~~a", "<!--",
        "a\u0301", "\U0001f468", "\u202e", "\0", "   - a\n",
    ],
)  # fmt: skip
def test_a_hostile_text_takes_its_length_and_no_more(unit: str) -> None:
    text = (unit * (LONGEST // len(unit) + 1))[:LONGEST]

    began = time.process_time()
    render(text)

    assert time.process_time() - began < MOST_SECONDS


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000 + "deep",
        "- " * 10_000 + "deep",
        "[" * 10_000 + "](https://e.com)" * 2_000,
        "|".join("a" * 1_000) + "\n" + "|".join("-" * 1_000) + "\n" + "|\n" * 23_000,
        "".join("`" * number + " " for number in range(300)),
        "*" * 25_000 + "a" + "*" * 25_000,
    ],
    ids=["quotes", "lists", "links", "wide table", "ticks", "stars"],
)
def test_a_deep_or_wide_text_is_shown(text: str) -> None:
    began = time.process_time()
    page = render(text)

    assert time.process_time() - began < MOST_SECONDS
    assert page.count("<blockquote>") <= 20
