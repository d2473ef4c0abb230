"""Pages of tasks, and of the time spent on them."""

from __future__ import annotations

from webapp.tasks.views.tasks import bp as bp
