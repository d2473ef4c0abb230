"""Who may do what in a workspace. Pure."""

from __future__ import annotations

from enum import StrEnum

LONGEST_WORKSPACE_NAME = 120
LONGEST_PLACEHOLDER_NAME = 120


class Role(StrEnum):
    """What somebody is in a workspace. A placeholder was named by an imported file and cannot enter."""

    OWNER = "owner"
    MEMBER = "member"
    PLACEHOLDER = "placeholder"


def personal_workspace_name(name: str) -> str:
    """Return what the workspace of one person is called at first: `Ada’s work`."""
    ending = "’ work" if name.endswith(("s", "x", "z")) else "’s work"
    return name[: LONGEST_WORKSPACE_NAME - len(ending)] + ending
