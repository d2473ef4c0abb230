"""What may be undone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

UNDO_DAYS = 30


def is_too_old(at: datetime, *, now: datetime) -> bool:
    """Tell whether a change was made too long ago to be undone."""
    return at < now - timedelta(days=UNDO_DAYS)
