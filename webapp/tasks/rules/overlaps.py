"""What can be done where two times of one person overlap. Pure."""

from __future__ import annotations

from enum import StrEnum


class OverlapChoice(StrEnum):
    """What a person can do about time that overlaps; to cancel is to send nothing."""

    TRIM_MINE = "trim-mine"
    TRIM_OTHER = "trim-other"
    SPLIT = "split"
    KEEP_BOTH = "keep"
