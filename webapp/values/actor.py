"""Who acts. The door (page, command, API) makes one; everything below takes it as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Actor:
    """A person at work in one workspace, and the time zone they are in."""

    user_id: int
    workspace_id: int
    zone: ZoneInfo
