"""
What the worker sends: reminders whose time has come, and daily digests.

A reminder is claimed by moving its `send_after` to the end of a lease: a worker that is killed loses nothing. The
notice and the mark that it was sent are committed together, so in the app it comes exactly once; its mail is a job of
the outbox with a Message-ID of its own, and may come twice to somebody whose mail server loses its answer.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from webapp.accounts import operations as accounts
from webapp.accounts.models import User
from webapp.accounts.rules import digest_after
from webapp.errors import Unavailable
from webapp.notices.operations import notify
from webapp.notices.queries import was_told
from webapp.notices.rules import Kind
from webapp.storage import failures
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.operations.reminders import keep_in_step
from webapp.tasks.queries import digests
from webapp.tasks.queries import reminders as queries
from webapp.tasks.rules import reminders as rules
from webapp.tasks.rules.digests import MOST_A_PART, Digest
from webapp.tasks.rules.reminders import DueReminder, Habits
from webapp.values.text import shortened

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# What one sweep looks at: the rest is due in the next one, a moment later.
MOST_A_SWEEP = 100
MOST_A_PERSON = 200
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Post:
    """How mails are sent here: whether at all, and the address of the site for the links in them."""

    has_mail: bool
    site: str


def send_due(*, now: datetime, post: Post) -> bool:
    """Send reminders and digests that are due; tell whether there were any to send, and so there may be more."""
    is_busy = False
    for user_id in queries.list_people_to_remind(now=now, limit=MOST_A_SWEEP):
        with apart(user_id):
            is_busy = remind(user_id=user_id, now=now, post=post) or is_busy
    for user_id in digests.list_people_to_tell(now=now, limit=MOST_A_SWEEP):
        with apart(user_id):
            is_busy = send_digest(user_id=user_id, now=now, post=post) or is_busy
    return is_busy


def remind(*, user_id: int, now: datetime, post: Post) -> bool:
    """Send one person the reminders that are due, unless they want quiet or another worker is at it."""
    lease = now + LEASE
    claimed = claim(user_id=user_id, now=now, lease=lease)
    if claimed:
        send(user_id=user_id, reminder_ids=claimed, lease=lease, now=now, post=post)
    return bool(claimed)


@transactional
def claim(*, user_id: int, now: datetime, lease: datetime) -> list[int]:
    """Take a person's due reminders until `lease` and return their ids; in quiet hours hold them back instead."""
    user = hold_person(user_id)
    if user is None:
        return []
    due = queries.lock_due(user_id=user_id, now=now, limit=MOST_A_PERSON)
    quiet_until = rules.quiet_ends_at(now, habits=queries.habits_of(user))
    for reminder in due:
        reminder.send_after = quiet_until or lease
    return [] if quiet_until else [reminder.id for reminder in due]


@transactional
def send(*, user_id: int, reminder_ids: Sequence[int], lease: datetime, now: datetime, post: Post) -> None:
    """Tell a person of the claimed reminders whose tasks still need it; those of the others end, or wait."""
    user = db.session.get_one(User, user_id)
    habits = queries.habits_of(user)
    leased = queries.lock_leased(reminder_ids=reminder_ids, lease=lease)
    # Whatever moved a task without its reminders.
    keep_in_step(leased, now=now)
    reminders = {reminder.id: reminder for reminder in leased if reminder.send_after == lease}
    sent: list[DueReminder] = []
    for claimed in queries.list_standings(reminders=list(reminders.values()), user_id=user_id):
        reminder = reminders[claimed.reminder.reminder_id]
        is_over = rules.is_over(claimed.standing)
        held_until = None if is_over else rules.held_until(claimed.standing, now=now, habits=habits)
        reminder.send_after = held_until
        if not is_over and held_until is None:
            reminder.sent_at = now
            sent.append(claimed.reminder)
    for group in rules.gathered(sent, now=now):
        _tell(user, group, now=now, habits=habits)
    if sent and takes_mail(user, post):
        _mail(user, sent, now=now, habits=habits, post=post)


def send_digest(*, user_id: int, now: datetime, post: Post) -> bool:
    """Send one person what is before them today, unless another worker is at it or nothing is."""
    lease = now + LEASE
    is_claimed = _claim_digest(user_id=user_id, now=now, lease=lease)
    if is_claimed:
        _send_digest(user_id=user_id, lease=lease, now=now, post=post)
    return is_claimed


@transactional
def _claim_digest(*, user_id: int, now: datetime, lease: datetime) -> bool:
    user = hold_person(user_id)
    if user is None or user.digest_due_at is None or user.digest_due_at > now:
        return False
    user.digest_due_at = lease
    return True


@transactional
def _send_digest(*, user_id: int, lease: datetime, now: datetime, post: Post) -> None:
    user = db.session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    if user.digest_due_at != lease:
        return
    habits = queries.habits_of(user)
    user.digest_due_at = digest_after(now, digest_time=user.digest_time, zone=habits.zone)
    day = now.astimezone(habits.zone).date()
    # Whoever travels west meets the same day again.
    if was_told(user_id=user_id, dedupe_key=f"digest:{day}"):
        return
    digest = digests.get_digest(user_id=user_id, now=now, habits=habits)
    if digest is None:
        return
    notify(
        user_ids=[user_id],
        workspace_id=digest.workspace_id,
        kind=Kind.DIGEST,
        text=digest.words,
        address="/today",
        now=now,
        dedupe_key=f"digest:{day}",
    )
    if takes_mail(user, post):
        _mail_digest(user, digest, message_id=f"digest-{user_id}-{day}", now=now, habits=habits, post=post)


@contextmanager
def apart(user_id: int) -> Iterator[None]:
    """Keep what goes wrong for one person from the others; theirs is tried again when the lease ends."""
    try:
        yield
    except Exception as error:
        db.session.rollback()
        if isinstance(failures.translate(error), Unavailable):
            raise
        log.exception("telling failed", extra={"user_id": user_id})


def hold_person(user_id: int) -> User | None:
    """
    Return a person who is about to be told something; None when another worker is at it.

    Two workers never split what one person is told at once: the second passes over them.
    """
    return db.session.scalar(
        select(User)
        .where(User.id == user_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _tell(user: User, group: Sequence[DueReminder], *, now: datetime, habits: Habits) -> None:
    first = group[0]
    notify(
        user_ids=[user.id],
        workspace_id=first.workspace_id,
        kind=Kind.REMINDER,
        text=rules.told(group, now=now, habits=habits),
        address=f"{rules.task_address(first.task_id)}#reminders" if len(group) == 1 else "/today",
        now=now,
        dedupe_key=f"reminder:{_mark(group)}",
        snooze_address=rules.snooze_address(first.task_id, first.reminder_id) if len(group) == 1 else None,
    )


def _mail(user: User, sent: Sequence[DueReminder], *, now: datetime, habits: Habits, post: Post) -> None:
    ordered = sorted(sent, key=lambda reminder: (reminder.fires_at, reminder.reminder_id))
    lines = [
        f"{rules.line(reminder.title, reminder.dates, now=now, habits=habits)}\n"
        f"{post.site}{rules.task_address(reminder.task_id)}\n"
        for reminder in ordered
    ]
    subject = f"Reminder: {ordered[0].title}" if len(ordered) == 1 else f"{len(ordered)} reminders"
    accounts.enqueue_mail(
        user=user,
        subject=shortened(subject, longest=LONGEST_SUBJECT),
        text="\n".join([*lines, _ENDING.format(site=post.site)]),
        message_id=f"reminder-{_mark(ordered)}",
        now=now,
    )


def _mail_digest(user: User, digest: Digest, *, message_id: str, now: datetime, habits: Habits, post: Post) -> None:
    lines: list[str] = []
    for name, tasks in digest.parts:
        lines += [name, ""]
        for task in tasks[:MOST_A_PART]:
            lines.append(f"- {rules.line(task.title, task.dates, now=now, habits=habits)}")
        lines += ["- and more"] * (len(tasks) > MOST_A_PART)
        lines.append("")
    accounts.enqueue_mail(
        user=user,
        subject=digest.words.rstrip("."),
        text="\n".join([*lines, f"{post.site}/today", "", _ENDING.format(site=post.site)]),
        message_id=message_id,
        now=now,
    )


def takes_mail(user: User, post: Post) -> bool:
    """Tell whether a person is told by mail, too."""
    return post.has_mail and user.wants_mail and user.email is not None


def _mark(group: Sequence[DueReminder]) -> str:
    # The same for the same reminders at the same moments, in every try and in every worker.
    told = [(reminder.reminder_id, reminder.fires_at.isoformat()) for reminder in group]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:40]


_ENDING = "You asked DevTrackr for this. When and whether it writes to you: {site}/account\n"
