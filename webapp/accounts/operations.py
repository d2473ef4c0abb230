"""Changes to people and their sign-ins."""

from __future__ import annotations

import secrets
from datetime import datetime

from webapp.accounts import rules
from webapp.accounts.models import LoginSession
from webapp.storage.db import db
from webapp.storage.transaction import transactional


@transactional
def start_session(*, user_id: int, is_remembered: bool, user_agent: str, now: datetime) -> str:
    """Sign a person in and return the random key for their cookie: 256 bits, stored as its hash only."""
    key = secrets.token_urlsafe(32)
    lasts = rules.REMEMBERED_SESSION_LASTS if is_remembered else rules.SESSION_LASTS
    db.session.add(
        LoginSession(
            user_id=user_id,
            key_hash=rules.key_hash(key),
            is_remembered=is_remembered,
            user_agent=user_agent[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
        )
    )
    return key
