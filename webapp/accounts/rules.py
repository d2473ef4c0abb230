"""Decisions about people and their sign-ins. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

# A sign-in ends after half a day without a page, and after a day or a month at the latest.
SESSION_IDLE = timedelta(hours=12)
SESSION_LASTS = timedelta(hours=24)
REMEMBERED_SESSION_LASTS = timedelta(days=30)


def key_hash(key: str) -> str:
    """Return what is stored for a random key: its SHA-256 in hexadecimal. The key itself is never stored."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
