"""
Markdown as people write it in descriptions and comments, as HTML that is safe on our pages.

No HTML of theirs, no images, links to the web and to mail only. Headings begin below those of the page, so that it
keeps its one h1. Its cost grows with the length of the text, whatever stands in it (tests/web/test_markdown.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

# Deeper quotes and lists are words like others.
DEEPEST = 12
LOWEST_HEADING = 6

_ALLOWED_LINK = re.compile(r"(https?://|mailto:)[^\s]", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"“”|]{1,2000}", re.IGNORECASE)
# What ends a sentence rather than an address.
_ENDING = ".,;:!?'’\"*_~…"
_TASK = re.compile(r"\[([ xX])\] ")
_DIRECTED = {"paragraph_open", "heading_open", "td_open", "th_open", "list_item_open"}
_REL = "nofollow noopener noreferrer"


class _Renderer(RendererHTML):
    """HTML for our pages: strict CSP, strange words, narrow screens."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Draw an image as a link to it: nobody’s page loads what another person points at."""
        token = tokens[idx]
        words = self.renderInlineAsText(token.children, options, env) or "image"
        return str(Markup('<a href="{}" rel="{}">{}</a>').format(token.attrGet("src"), _REL, words))

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Draw a block of code, that can be scrolled by keyboard, too."""
        return str(Markup('<pre tabindex="0"><code>{}</code></pre>\n').format(tokens[idx].content))

    code_block = fence

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Draw a table in a box of its own width."""
        return '<div class="table-box" tabindex="0" role="group" aria-label="Table"><table class="table">\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """End the table and its box."""
        return "</table></div>\n"


def render(text: str, *, below: int = 2) -> Markup:
    """
    Return Markdown as HTML to be put inside `.prose`.

    :param below: the level of the heading that the text stands under
    """
    tokens = _reader.parse(text)
    _lower_headings(tokens, below)
    return Markup(_reader.renderer.render(tokens, _reader.options, {}))  # noqa: S704 (it is escaped by the renderer)


def _dress(state: StateCore) -> None:
    """Give what was read what our pages ask for: directions, safe links, ticks, and no style of its own."""
    for token in state.tokens:
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")
        _align_by_class(token)
        if token.children:
            token.children = list(_link_addresses(token.children))
            for child in token.children:
                if child.type == "link_open":
                    child.attrSet("rel", _REL)
                    child.attrs.pop("title", None)
    for opening, words in _items(state.tokens):
        _tick(opening, words)


def _align_by_class(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("class", f"prose__{style.removeprefix('text-align:')}")


def _items(tokens: Sequence[Token]) -> Iterable[tuple[Token, Token]]:
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type == "list_item_open" and paragraph.type == "paragraph_open" and inline.children:
            yield item, inline


def _tick(item: Token, inline: Token) -> None:
    """Draw the box of a task in a list, if it begins with one: it shows what is done and takes no clicks."""
    first = (inline.children or [])[0]
    found = _TASK.match(first.content) if first.type == "text" else None
    if found is None:
        return
    is_done = found[1] != " "
    first.content = first.content[found.end() :]
    item.attrJoin("class", "prose__task")
    box = Token("tick", "span", 0)
    box.attrs = {
        "class": f"prose__tick{' prose__tick--done' if is_done else ''}",
        "role": "img",
        "aria-label": "Done" if is_done else "To do",
    }
    inline.children = [box, *(inline.children or [])]


def _draw_tick(self: Any, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    return f"<span{self.renderAttrs(tokens[idx])}></span>"


def _link_addresses(children: Iterable[Token]) -> Iterable[Token]:
    """Make links of the addresses that stand in the text as they are."""
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "text" and depth == 0 and "://" in child.content:
            yield from _cut_at_addresses(child)
        else:
            yield child


def _cut_at_addresses(child: Token) -> Iterable[Token]:
    behind = 0
    for found in _BARE_ADDRESS.finditer(child.content):
        address = _without_ending(found[0])
        href = _reader.normalizeLink(address)
        if not _reader.validateLink(href):
            continue
        yield _words(child.content[behind : found.start()], child.level)
        opening = Token("link_open", "a", 1, level=child.level)
        opening.attrs = {"href": href}
        yield opening
        yield _words(address, child.level + 1)
        yield Token("link_close", "a", -1, level=child.level)
        behind = found.start() + len(address)
    yield _words(child.content[behind:], child.level)


def _without_ending(address: str) -> str:
    address = address.rstrip(_ENDING)
    while address.endswith((")", "]")) and address.count(address[-1]) > address.count("(["[address[-1] == "]"]):
        address = address[:-1].rstrip(_ENDING)
    return address


def _words(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _lower_headings(tokens: Iterable[Token], below: int) -> None:
    """Begin headings below the page’s own, and skip no level on the way down."""
    last = below
    for token in tokens:
        if token.type == "heading_open":
            last = min(int(token.tag[1]) + below, last + 1, LOWEST_HEADING)
            token.tag = f"h{last}"
        elif token.type == "heading_close":
            token.tag = f"h{last}"


def _make_reader() -> MarkdownIt:
    settings = {"html": False, "breaks": True, "xhtmlOut": False, "maxNesting": DEEPEST}
    reader = MarkdownIt("commonmark", settings, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: bool(_ALLOWED_LINK.match(url))  # type: ignore[method-assign]
    reader.core.ruler.push("dress", _dress)
    reader.add_render_rule("tick", _draw_tick)
    return reader


_reader = _make_reader()
