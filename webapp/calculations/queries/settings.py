"""How a person has calculations read and written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.calculations.engine.settings import Angle, Settings
from webapp.storage.db import db
from webapp.values.actor import Actor


def settings_of(*, actor: Actor, now: datetime) -> Settings:
    """Return what the actor's calculations are worked out under: their way with numbers and angles, and their day."""
    number_format, angle = db.session.execute(
        select(User.number_format, User.angle_mode).where(User.id == actor.user_id)
    ).one()
    return Settings(number_format=number_format, angle=Angle(angle), today=now.astimezone(actor.zone).date())
