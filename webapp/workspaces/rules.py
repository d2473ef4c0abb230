"""Who may do what in a workspace. Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a workspace. A placeholder was named by an imported file and cannot enter."""

    OWNER = "owner"
    MEMBER = "member"
    PLACEHOLDER = "placeholder"
