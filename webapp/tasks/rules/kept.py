"""What another program said of a task and no field here holds, made readable. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """One attribute, by the name it has there. `is_address`: it leads somewhere on the web."""

    name: str
    value: str
    is_address: bool = False


def kept_facts(extra: Sequence[Sequence[str]] | None) -> list[Kept]:
    """
    Return what is kept of a task as people read it: texts without quotation marks, all else as it is written.

    :param extra: pairs of a name and a value as JSON text (`models.Task.extra`)
    """
    return [_readable(name, said) for name, said in extra or ()]


def _readable(name: str, said: str) -> Kept:
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = said
    if not isinstance(value, str):
        return Kept(name, said)
    return Kept(name, value, is_address=value.startswith(("https://", "http://")))
