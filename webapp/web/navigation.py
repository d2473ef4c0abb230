"""The parts of the product, as the bar on every page shows them, and what every page is given."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from flask import Flask, current_app, g, request
from werkzeug.local import LocalProxy

from webapp.web import clock
from webapp.web.access import find_viewer, known_viewer
from webapp.web.addresses import address_of


@dataclass(frozen=True)
class Part:
    """One part of the product."""

    label: str
    endpoint: str
    icon: str


PARTS = (
    Part("Today", "today.index", "today"),
    Part("Tasks", "tasks.index", "tasks"),
    Part("Timesheet", "timesheet.index", "time"),
    Part("Calculations", "calculations.index", "calculate"),
    Part("Metrics", "metrics.index", "metrics"),
    Part("Customers", "customers.index", "customers"),
)
# Pages that belong to a part although their blueprint has another name.
PART_OF = {
    "blockers": "tasks",
    "board": "tasks",
    "bulk": "tasks",
    "calendar": "tasks",
    "comments": "tasks",
    "entries": "timesheet",
    "entry_bulk": "timesheet",
    "feeds": "tasks",
    "files": "tasks",
    "filters": "tasks",
    "giving": "tasks",
    "history": "tasks",
    "labels": "tasks",
    "quick_add": "tasks",
    "recurrence": "tasks",
    "reminders": "tasks",
    "sample": "today",
    "saved": "tasks",
    "subtasks": "tasks",
    "timers": "timesheet",
    "transfers": "tasks",
    "urgency": "tasks",
    "worksheets": "calculations",
}


class NavigationItem(NamedTuple):
    """A part as one page shows it."""

    label: str
    url: str
    icon: str
    is_current: bool


class RunningTimer(Protocol):
    """The timer that runs, as the header shows it (tasks.queries provides it)."""

    entry_id: int
    task_id: int
    task_title: str
    workspace_id: int
    started_at: datetime


FindTimers = Callable[..., Any]


@dataclass(frozen=True)
class HeaderTimer:
    """
    The timer that runs, and how long it has.

    `elsewhere`: the id and name of the workspace of its task, where that is not the one the viewer is in, in which
    neither the task nor the entry can be opened.
    """

    entry_id: int
    task_id: int
    task_title: str
    started_at: datetime
    elapsed_seconds: int
    elsewhere: tuple[int, str] | None = None


@dataclass(frozen=True)
class Timers:
    """What `find_timers` returns; without a viewer nothing."""

    running: RunningTimer | None = None
    last: Any = None


NO_TIMERS = Timers()


def init_app(app: Flask, *, find_timers: FindTimers) -> None:
    """
    Give every page the navigation, the viewer, the running timer, and the task that was timed last.

    :param find_timers: takes `user_id` and `workspace_id`, returns what has `running` and `last`
    """

    app.extensions["find_timers"] = find_timers

    @app.context_processor
    def give() -> dict[str, Any]:
        # Asked only when a template uses them: an error page does not, as the database may be what failed.
        return {
            "viewer": known_viewer() or LocalProxy(find_viewer),
            "navigation": navigation,
            "running_timer": running_timer,
            "last_timed": lambda: _timers().last,
            "timer_mark": timer_mark,
            "page_address": page_address,
            "request_key": lambda: secrets.token_hex(16),
            "server_now": clock.now,
        }


def running_timer() -> HeaderTimer | None:
    """Return the viewer's running timer; asked of the database once a request."""
    if "header_timer" not in g:
        running: RunningTimer | None = _timers().running
        g.header_timer = None
        if running is not None:
            elapsed = max(0, int((clock.now() - running.started_at).total_seconds()))
            g.header_timer = HeaderTimer(
                running.entry_id,
                running.task_id,
                running.task_title,
                running.started_at,
                elapsed,
                elsewhere=_elsewhere(running.workspace_id),
            )
    return cast("HeaderTimer | None", g.header_timer)


def _elsewhere(workspace_id: int) -> tuple[int, str] | None:
    viewer = find_viewer()
    if viewer is None or workspace_id == viewer.workspace_id:
        return None
    return workspace_id, dict(viewer.workspaces).get(workspace_id, "another workspace")


def timer_mark() -> str:
    """Return a word that changes when what the header says of timers does, but for the time that passes."""
    running, last = _timers().running, _timers().last
    if running is not None:
        return f"runs-{running.entry_id}-{running.started_at:%Y%m%d%H%M%S}"
    return "none" if last is None else f"{'paused' if last.is_paused else 'last'}-{last.task_id}"


def _timers() -> Any:
    if "timers" not in g:
        viewer = find_viewer()
        find_timers: FindTimers = current_app.extensions["find_timers"]
        g.timers = find_timers(user_id=viewer.user_id, workspace_id=viewer.workspace_id) if viewer else NO_TIMERS
    return g.timers


def navigation() -> tuple[NavigationItem, ...]:
    """Return the parts, with the one this page belongs to marked."""
    here = PART_OF.get(request.blueprint or "", request.blueprint)
    return tuple(
        NavigationItem(part.label, address_of(part.endpoint), part.icon, part.endpoint.split(".")[0] == here)
        for part in PARTS
    )


def page_address() -> str:
    """Return the address of this page, for the `next` of its forms; where a form came back, one that can be opened."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    path, addresses = request.path, current_app.create_url_adapter(request)
    while addresses is not None and not addresses.test(path, "GET"):
        path = path.rpartition("/")[0] or "/"
    return path
