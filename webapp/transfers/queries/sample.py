"""Whether there is sample work."""

from __future__ import annotations

from sqlalchemy import select

from webapp.storage.db import db
from webapp.transfers.models import SampleRecord
from webapp.values.actor import Actor


def has_sample(*, actor: Actor) -> bool:
    """Tell whether the actor's workspace holds sample data."""
    found = select(SampleRecord.record_id).where(SampleRecord.workspace_id == actor.workspace_id).limit(1)
    return db.session.scalar(found) is not None
