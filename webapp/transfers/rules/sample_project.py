"""
What the sample year holds besides single tasks: a project with its parts, and work that comes again. Pure data.

It shows what a year of tasks alone would leave empty: subtasks, tasks that wait for others, descriptions, comments.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.values.priority import Priority
from webapp.values.status import Status


@dataclass(frozen=True)
class Part:
    """
    A task of the project, or one that comes again.

    `days` counts from today to its due day, None where it has none; `waits_for` and `part_of` name other parts.
    """

    ref: str
    title: str
    category: str
    days: int | None
    minutes: int | None
    status: Status = Status.TODO
    priority: Priority = Priority.MEDIUM
    tags: tuple[str, ...] = ()
    customer: int | None = None
    description: str = ""
    part_of: str | None = None
    waits_for: tuple[str, ...] = ()
    repeat: Repeat | None = None
    comments: tuple[str, ...] = ()


_LAUNCH = """\
Everything that has to be true before the shop opens its doors.

- the test shop runs with **real prices**
- payments come back within a minute
- somebody is reachable on the first evening

What is *not* part of it: the app, and the second language."""

_SHOP = 1

PARTS = (
    Part(
        "launch", "Launch the online shop", "Development", 12, 1500,
        status=Status.DOING, priority=Priority.HIGH, tags=("release",), customer=_SHOP, description=_LAUNCH,
        comments=(
            "Tomás would like to open on a Tuesday: Mondays are for deliveries.",
            "Agreed. The payment tests are what everything else waits for, so they come first.",
        ),
    ),
    Part(
        "prices", "Take over the price list", "Development", -4, 180,
        status=Status.DONE, tags=("backend",), customer=_SHOP, part_of="launch",
    ),
    Part(
        "payments", "Test payments with real cards", "Review", 1, 120,
        priority=Priority.HIGH, tags=("quality",), customer=_SHOP, part_of="launch",
        description="Two cards, one refund, one that is refused. Write down the order numbers.",
    ),
    Part(
        "texts", "Proofread the product texts", "Writing", 4, 240, status=Status.DOING, customer=_SHOP,
        part_of="launch",
    ),
    Part(
        "switch", "Switch the domain over", "Development", 11, 60,
        priority=Priority.URGENT, tags=("release",), customer=_SHOP, part_of="launch", waits_for=("payments", "texts"),
    ),
    Part(
        "invite", "Invite the first hundred customers", "Writing", 12, 90,
        customer=_SHOP, part_of="launch", waits_for=("switch",),
    ),
    Part(
        "review", "Look back on the week", "Admin", 0, 30,
        repeat=Repeat(Rule(Unit.WEEK, weekdays=(4,))),
        description="What took longer than thought? What is left, and is it still worth doing?",
    ),
    Part("backup", "Try to restore a backup", "Admin", 9, 45, tags=("quality",), repeat=Repeat(Rule(Unit.MONTH))),
)  # fmt: skip
