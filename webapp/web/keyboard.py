"""The keys that do something: one list, which the script, the guide and the palette read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, request

from webapp.values.text import name_key

FILE = "js/keys.json"


@dataclass(frozen=True)
class Key:
    """
    One key, or two after each other, and what it does.

    `act` is what the script does; `go` the page that opens, or that does the same without script.
    """

    key: str
    does: str
    act: str | None = None
    go: str | None = None

    @property
    def presses(self) -> list[str]:
        """The keys to press, one after another; those of one press joined by a plus."""
        return self.key.split(" ")

    @property
    def address(self) -> str | None:
        """Where `go` is on this site."""
        return request.script_root + self.go if self.go else None


@dataclass(frozen=True)
class KeyGroup:
    """Keys that belong together."""

    name: str
    keys: tuple[Key, ...]


def init_app(app: Flask) -> None:
    """Read the list, and give it to the templates."""
    listed = json.loads((Path(str(app.static_folder)) / FILE).read_text(encoding="utf-8"))
    groups = tuple(KeyGroup(group["name"], tuple(Key(**key) for key in group["keys"])) for group in listed)
    app.extensions["keyboard"] = groups
    app.jinja_env.globals.update(keyboard_map=lambda: groups)


def keyboard_map() -> tuple[KeyGroup, ...]:
    """Return all keys, in the order in which they are explained."""
    groups: tuple[KeyGroup, ...] = current_app.extensions["keyboard"]
    return groups


# What makes sense only where the focus is, or is what one is doing.
_NOT_IN_PALETTE = frozenset({"next", "previous", "open", "select", "done", "palette", "cell"})


def keys_that_say(words: str) -> list[Key]:
    """Return the keys whose pages and actions hold all of the words: without words all, pages first."""
    wanted = name_key(words).split()
    keys = [key for group in keyboard_map() for key in group.keys if key.act not in _NOT_IN_PALETTE]
    said = [key for key in keys if all(word in name_key(key.does) for word in wanted)]
    return sorted(said, key=lambda key: key.act is not None)
