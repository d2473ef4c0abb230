"""Questions about timers that run longer than their owners meant them to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, select

from webapp.accounts.models import User
from webapp.accounts.rules import SHORTEST_FORGOTTEN_MINUTES, zone_or_utc
from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import db, fetch_columns
from webapp.storage.journal import Change
from webapp.tasks.errors import TimerChanged
from webapp.tasks.models import ForgottenTimer, TimeEntry
from webapp.tasks.queries.reminders import habits_of
from webapp.tasks.rules.reminders import quiet_ends_at
from webapp.tasks.rules.timers import Proposal, describe_reason, is_forgotten, propose_end
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

# Nobody who has not said otherwise is asked earlier.
USUAL_MINUTES = 480
# What a sweep of the worker looks at: the rest is due in the next one, a moment later.
MOST_A_SWEEP = 100
SHORTEST_FORGOTTEN = timedelta(minutes=SHORTEST_FORGOTTEN_MINUTES)
LONGEST_LOOK_BACK = timedelta(hours=24)


@dataclass(frozen=True)
class Proposed:
    """When a running timer may have ended, and in words why."""

    ends_at: datetime
    why: str


def list_forgotten(*, now: datetime) -> list[tuple[int, int]]:
    """
    Return the ids of running entries that may be forgotten and whose owners are to be told now, each with its owner's.

    It reads the timers that run, along the key by which there is one a person, and more of those that run for long.
    """
    # First these alone: asked for their people at once, servers would begin with the people, and read them all.
    running = {
        row.running_user_id: row for row in fetch_columns(_long_running(), {"since": now - SHORTEST_FORGOTTEN}).all()
    }
    forgotten: list[tuple[int, int]] = []
    for user_ids in in_chunks(sorted(running)):
        people = db.session.execute(
            select(
                User.id,
                User.forgotten_after_minutes,
                User.timezone,
                User.morning,
                User.quiet_from,
                User.quiet_until,
                User.week_start,
            ).where(User.id.in_(user_ids))
        ).all()
        forgotten += [
            (running[person.id].id, person.id)
            for person in people
            if is_forgotten(running[person.id].started_at, after_minutes=person.forgotten_after_minutes, now=now)
            and quiet_ends_at(now, habits=habits_of(person)) is None
        ]
    return forgotten


@cache
def _long_running() -> Select[*tuple[Any, ...]]:
    entries, told = table_of(TimeEntry), table_of(ForgottenTimer)
    return (
        select(entries.c.id, entries.c.running_user_id, entries.c.started_at)
        .join_from(entries, told, told.c.entry_id == entries.c.id, isouter=True)
        .where(
            entries.c.running_user_id > 0,
            entries.c.started_at <= bindparam("since", type_=entries.c.started_at.type),
            told.c.entry_id.is_(None),
        )
    )


def list_people_to_nudge(*, now: datetime) -> list[int]:
    """Return the ids of people of whom it is time to look whether a timer runs, the longest due first."""
    return list(
        db.session.scalars(
            select(User.id).where(User.nudge_due_at <= now).order_by(User.nudge_due_at, User.id).limit(MOST_A_SWEEP)
        )
    )


def find_last_end(*, user_id: int, since: datetime, now: datetime) -> datetime | None:
    """Return when time of a person ended last, if that was not before `since`; None when nothing did."""
    return db.session.scalars(
        select(TimeEntry.ended_at)
        .where(
            TimeEntry.user_id == user_id,
            TimeEntry.started_at >= since - LONGEST_LOOK_BACK,
            TimeEntry.started_at <= now,
            TimeEntry.ended_at >= since,
            TimeEntry.deleted_at.is_(None),
        )
        .order_by(TimeEntry.ended_at.desc())
        .limit(1)
    ).first()


def find_place(*, user_id: int) -> int | None:
    """Return the workspace in which a person is told what is about none: their own, or the first they joined."""
    return db.session.scalars(
        select(Workspace.id)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.user_id == user_id, Membership.role != Role.PLACEHOLDER)
        .order_by(case((Workspace.personal_user_id == user_id, 0), else_=1), Membership.joined_at, Workspace.id)
        .limit(1)
    ).first()


def get_proposal(*, entry_id: int, actor: Actor, now: datetime) -> Proposed:
    """
    Return when the actor's running timer may have ended: as they were told, or as it looks now.

    :raises TimerChanged: when it runs no more
    """
    running = db.session.scalar(
        select(TimeEntry).where(TimeEntry.id == entry_id, TimeEntry.running_user_id == actor.user_id)
    )
    if running is None:
        raise TimerChanged
    user = db.session.get_one(User, actor.user_id)
    told = db.session.get(ForgottenTimer, entry_id)
    # Its start may have been corrected since.
    is_told = told is not None and running.started_at is not None and told.ends_at > running.started_at
    proposal = (
        Proposal(told.ends_at, told.reason) if told is not None and is_told else reckon_end(running, user=user, now=now)
    )
    return Proposed(
        proposal.ends_at,
        describe_reason(
            proposal.reason,
            after_minutes=user.forgotten_after_minutes or USUAL_MINUTES,
            is_now=proposal.ends_at >= now,
        ),
    )


def reckon_end(running: TimeEntry, *, user: User, now: datetime) -> Proposal:
    """Return when a running entry may have ended, by what its owner did last."""
    started_at = running.started_at or now
    after_minutes = user.forgotten_after_minutes or USUAL_MINUTES
    last_change_at = db.session.scalar(
        select(Change.at)
        .where(Change.user_id == user.id, Change.at <= started_at + timedelta(minutes=after_minutes))
        .order_by(Change.id.desc())
        .limit(1)
    )
    return propose_end(
        started_at=started_at,
        day_end=user.day_end,
        last_change_at=last_change_at,
        after_minutes=after_minutes,
        now=now,
        zone=zone_or_utc(user.timezone),
    )
