"""The only place that reads the clock. Everything below a view takes `now` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime

from webapp.web.access import current_viewer


def now() -> datetime:
    """Return this instant, aware, in UTC, in whole seconds as it will be stored."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """Return the day it is where the signed-in person lives."""
    return now().astimezone(current_viewer().zone).date()
