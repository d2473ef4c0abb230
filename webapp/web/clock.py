"""The only place that reads the clock. Everything below a view takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask_login import current_user


def now() -> datetime:
    """Return this instant, aware, in UTC, in whole seconds as it will be stored."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """Return the day it is where the signed-in person lives."""
    # Not access.current_viewer: access needs the clock to know who that is.
    day: date = now().astimezone(current_user.zone).date()
    return day
