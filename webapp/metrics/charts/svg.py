"""Writing SVG: elements with escaped words, and the frame that every chart shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

Attribute = str | int | float

# XML knows no control characters and no half surrogates, not even escaped.
_ILLEGAL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Size:
    """The paper a chart is drawn on, in pixels of type that is 12 high."""

    name: str
    width: int
    height: int
    left: int = 44
    right: int = 8
    top: int = 14
    bottom: int = 26

    @property
    def inner_width(self) -> int:
        """How wide the plot is."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> int:
        """How high the plot is."""
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> int:
        """Where the plot ends below."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """Where the plot ends to the right."""
        return self.width - self.right


WIDE = Size("wide", 560, 240)
NARROW = Size("narrow", 300, 200)


def element(name: str, attributes: dict[str, Attribute | None], *children: Markup | str) -> Markup:
    """Write one element; text and attribute values are escaped, attributes that are None are left out."""
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inner = "".join(child if isinstance(child, Markup) else _escaped(child) for child in children)
    # A chart has thousands of elements: everything in this line is escaped above, once.
    return Markup(f"<{name}{written}>{inner}</{name}>")  # noqa: S704


def path(commands: Iterable[str], kind: str) -> Markup:
    """Write a path of the class `kind` from commands such as `M1 2`."""
    return element("path", {"class": kind, "d": "".join(commands)})


def text(words: str, x: float, y: float, *, anchor: str | None = None, kind: str | None = None) -> Markup:
    """Write words at a point; `anchor` is middle or end where they do not start there."""
    return element("text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}, words)


def frame(name: str, size: Size, title: str, description: str, parts: Iterable[Markup]) -> Markup:
    """Put parts on paper, named for who cannot see them. `name` must be the page's only chart of that name."""
    key = f"{name}-{size.name}"
    return element(
        "svg",
        {
            "class": f"chart chart--{size.name}",
            "viewBox": f"0 0 {size.width} {size.height}",
            "role": "img",
            "aria-labelledby": f"{key}-title",
            "aria-describedby": f"{key}-desc",
        },
        element("title", {"id": f"{key}-title"}, title),
        element("desc", {"id": f"{key}-desc"}, description),
        *parts,
    )


def short(number: float) -> str:
    """Write a coordinate to a tenth of a pixel, without a needless nought."""
    written = f"{number:.1f}"
    written = written.removesuffix(".0")
    return "0" if written == "-0" else written


def _value(value: Attribute) -> str:
    return _escaped(value) if isinstance(value, str) else short(value)


def _escaped(words: str) -> str:
    return escape(_ILLEGAL.sub(" ", words), quote=True)
