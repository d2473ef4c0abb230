"""
What the worker says of timers: that one was forgotten, and that none runs in working hours. It only says so.

Everybody is told by a notice whose key holds what was told, so that two workers, or one that was killed, tell it once.
"""

from __future__ import annotations

from datetime import datetime

from webapp.accounts import operations as accounts
from webapp.accounts.models import User
from webapp.accounts.rules import bits_to_days, zone_or_utc
from webapp.notices.operations import notify
from webapp.notices.queries import was_told
from webapp.notices.rules import Kind, short_title
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import ForgottenTimer, Task, TimeEntry
from webapp.tasks.operations.sending import Post, apart, hold_person, takes_mail
from webapp.tasks.queries import forgotten as queries
from webapp.tasks.queries.reminders import habits_of
from webapp.tasks.queries.timers import find_running_entry
from webapp.tasks.rules import timers as rules
from webapp.tasks.rules.reminders import quiet_ends_at
from webapp.tasks.rules.timers import WorkingHours

FORGOTTEN_ADDRESS = "/timer/forgotten"


def attend(*, now: datetime, post: Post) -> bool:
    """Tell everybody whose timer was forgotten, or who wants to know that none runs; tell whether anybody was told."""
    is_busy = False
    for entry_id, user_id in queries.list_forgotten(now=now):
        with apart(user_id):
            is_busy = tell_forgotten(entry_id=entry_id, user_id=user_id, now=now, post=post) or is_busy
    for user_id in queries.list_people_to_nudge(now=now):
        with apart(user_id):
            is_busy = nudge(user_id=user_id, now=now) or is_busy
    return is_busy


@transactional
def tell_forgotten(*, entry_id: int, user_id: int, now: datetime, post: Post) -> bool:
    """
    Tell a person once that a timer of theirs may be forgotten, and propose an end; the timer runs on.

    Not in their quiet hours, and not when it was stopped meanwhile or another worker is at it.
    """
    user = hold_person(user_id)
    running = find_running_entry(user_id=user_id)
    if user is None or running is None or running.id != entry_id or running.started_at is None:
        return False
    is_due = rules.is_forgotten(running.started_at, after_minutes=user.forgotten_after_minutes, now=now)
    is_told = db.session.get(ForgottenTimer, entry_id) is not None
    if not is_due or is_told or quiet_ends_at(now, habits=habits_of(user)) is not None:
        return False
    proposal = queries.reckon_end(running, user=user, now=now)
    db.session.add(ForgottenTimer(entry_id=entry_id, ends_at=proposal.ends_at, reason=proposal.reason, told_at=now))
    title = db.session.get_one(Task, running.task_id).title
    text = rules.told(title, started_at=running.started_at, zone=zone_or_utc(user.timezone))
    notify(
        user_ids=[user_id],
        workspace_id=running.workspace_id,
        kind=Kind.TIMER,
        text=text,
        address=FORGOTTEN_ADDRESS,
        now=now,
        dedupe_key=rules.forgotten_key(entry_id),
    )
    if takes_mail(user, post):
        _mail(user, running, proposal, text=text, title=title, now=now, post=post)
    return True


@transactional
def nudge(*, user_id: int, now: datetime) -> bool:
    """Tell a person, once a day at most, that no timer runs in their working hours; then look again later."""
    user = hold_person(user_id)
    if user is None or user.nudge_due_at is None or user.nudge_due_at > now:
        return False
    hours, place = _hours_of(user), queries.find_place(user_id=user_id)
    if hours is None or place is None:
        user.nudge_due_at = None
        return False
    day = now.astimezone(hours.zone).date()
    key = f"nudge:{day}"
    is_told = was_told(user_id=user_id, dedupe_key=key)
    running = find_running_entry(user_id=user_id)
    since = rules.idle_since(
        hours,
        now=now,
        is_running=running is not None,
        last_ended_at=queries.find_last_end(user_id=user_id, since=hours.begins_at(now), now=now),
    )
    is_quiet = quiet_ends_at(now, habits=habits_of(user)) is not None
    if since is not None and not is_told and not is_quiet:
        is_told = True
        notify(
            user_ids=[user_id],
            workspace_id=place,
            kind=Kind.TIMER,
            text=rules.nudge(since, zone=hours.zone),
            address="/today",
            now=now,
            dedupe_key=key,
        )
    user.nudge_due_at = rules.next_look(hours, now=now, is_told_today=is_told)
    return is_told


def _hours_of(user: User) -> WorkingHours | None:
    if not user.wants_nudge or user.work_from is None or user.work_until is None:
        return None
    return WorkingHours(user.work_from, user.work_until, bits_to_days(user.work_days), zone_or_utc(user.timezone))


def _mail(
    user: User,
    running: TimeEntry,
    proposal: rules.Proposal,
    *,
    text: str,
    title: str,
    now: datetime,
    post: Post,
) -> None:
    there = proposal.ends_at.astimezone(zone_or_utc(user.timezone))
    why = rules.describe_reason(proposal.reason, after_minutes=user.forgotten_after_minutes)
    accounts.enqueue_mail(
        user=user,
        subject=f"Still running: {short_title(title)}",
        text=_MAIL.format(
            text=text, ends=f"{there.day} {there:%B %Y}, {there:%H:%M}", why=why, site=post.site, page=FORGOTTEN_ADDRESS
        ),
        message_id=f"forgotten-{running.id}",
        now=now,
    )


_MAIL = """{text}

Proposed end: {ends}, {why}. Nothing was changed. Accept it, choose another time, let the timer run, or discard it:

{site}{page}

Timers are taken for forgotten after the time you set: {site}/account
"""
