"""The worker says that a timer was forgotten, once, and changes nothing; and that none runs, to whoever wants that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.cast import NOW, Person, make_entry, make_task
from webapp.accounts.models import User
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction
from webapp.tasks.errors import TimerChanged
from webapp.tasks.models import EntryDay, ForgottenTimer, TimeEntry
from webapp.tasks.operations import absence, timers
from webapp.tasks.operations.attending import attend
from webapp.tasks.operations.sending import Post
from webapp.tasks.queries.forgotten import get_proposal
from webapp.tasks.rules.timers import Forgotten, Reason

POST = Post(has_mail=True, site="https://track.example")
# Begun at 15:42 in Berlin; forgotten from 23:42 on.
AT_NIGHT = NOW + timedelta(hours=8)


def given(person: Person, **values: Any) -> None:
    """Let a person have chosen something."""
    with transaction():
        db.session.execute(update(User).where(User.id == person.user_id).values(**values))


def told(kind: str = "timer") -> list[str]:
    """What was said."""
    db.session.rollback()
    return list(db.session.scalars(select(Notice.text).where(Notice.kind == kind).order_by(Notice.id)))


def the_entry() -> TimeEntry:
    """The one entry there is."""
    db.session.rollback()
    return db.session.scalars(select(TimeEntry)).one()


def test_a_forgotten_timer_is_told_once_by_a_notice_and_a_mail_and_runs_on(ada: Person) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    attend(now=AT_NIGHT - timedelta(seconds=1), post=POST)
    assert told() == []
    assert attend(now=AT_NIGHT, post=POST)
    assert not attend(now=AT_NIGHT + timedelta(hours=3), post=POST)

    assert told() == ["The timer on “Write the report” has run since 20 November, 15:42. Did you forget it?"]
    (mail,) = db.session.scalars(select(OutboxJob))
    assert mail.payload["to"] == ada.email
    assert "Proposed end: 20 November 2026, 18:00, when your day ends." in mail.payload["text"]
    assert "https://track.example/timer/forgotten" in mail.payload["text"]
    assert the_entry().running_user_id == ada.user_id
    # What was proposed stays so, whatever they do the next morning.
    make_entry(make_task(ada), ada, started_at=AT_NIGHT + timedelta(hours=9))
    proposal = get_proposal(entry_id=entry_id, actor=ada.actor, now=AT_NIGHT + timedelta(hours=10))
    assert proposal.ends_at == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "values, is_told, mails",
    [
        ({"forgotten_after_minutes": None}, False, 0),
        ({"forgotten_after_minutes": 600}, False, 0),
        ({"wants_mail": False}, True, 0),
        # Quiet until seven: it is told then.
        ({"quiet_from": time(22), "quiet_until": time(7)}, False, 0),
    ],
)
def test_a_person_says_whether_and_how_they_are_told(
    ada: Person, values: dict[str, Any], is_told: bool, mails: int
) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    given(ada, **values)

    attend(now=AT_NIGHT, post=POST)

    assert bool(told()) is is_told
    assert len(list(db.session.scalars(select(OutboxJob)))) == mails
    if "quiet_from" in values:
        attend(now=datetime(2026, 11, 21, 6, 0, tzinfo=UTC), post=POST)
        assert len(told()) == 1


@pytest.mark.parametrize("choice", Forgotten)
def test_what_becomes_of_it_is_one_change_with_one_undo(ada: Person, choice: Forgotten) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    attend(now=AT_NIGHT, post=POST)
    ended_at = NOW + timedelta(hours=2) if choice in (Forgotten.ACCEPT, Forgotten.OTHER) else None

    absence.settle_forgotten(
        entry_id=entry_id, choice=choice, ended_at=ended_at, actor=ada.actor, now=AT_NIGHT + timedelta(hours=1)
    )

    entry = the_entry()
    assert entry.ended_at == (None if choice is Forgotten.KEEP else ended_at or AT_NIGHT + timedelta(hours=1))
    assert (entry.deleted_at is not None) is (choice is Forgotten.DISCARD)
    counted = sum(db.session.scalars(select(EntryDay.seconds)))
    assert counted == (7200 if ended_at else 0)
    assert db.session.get_one(ForgottenTimer, entry_id).is_kept is (choice is Forgotten.KEEP)
    assert db.session.get_one(ForgottenTimer, entry_id).reason is Reason.DAY_END
    # The header counts it no more.
    assert list(db.session.scalars(select(Notice.is_read))) == [True]


def test_a_forgotten_timer_of_somebody_else_is_not_settled(ada: Person, ben: Person) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with pytest.raises(TimerChanged):
        absence.settle_forgotten(entry_id=entry_id, choice=Forgotten.DISCARD, actor=ben.actor, now=AT_NIGHT)

    assert the_entry().running_user_id == ada.user_id


def test_a_stop_while_the_worker_and_an_acceptance_are_at_it_leaves_one_truth(app: Flask, ada: Person) -> None:
    task = make_task(ada)
    ends_at = NOW + timedelta(hours=2)
    for night in range(4):
        began = NOW + timedelta(days=night)
        entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=began)
        now = began + timedelta(hours=9)
        ready = Barrier(6)

        def act(number: int, entry_id: int = entry_id, now: datetime = now, ready: Barrier = ready) -> str:
            with app.app_context():
                ready.wait()
                if number < 2:
                    attend(now=now, post=POST)
                    return "told"
                if number < 4:
                    stopped = timers.stop_timer(task_id=task.id, actor=ada.actor, now=now)
                    return "stopped" if stopped else "too late"
                try:
                    absence.settle_forgotten(
                        entry_id=entry_id,
                        choice=Forgotten.ACCEPT,
                        ended_at=ends_at + (now - NOW - timedelta(hours=9)),
                        actor=ada.actor,
                        now=now,
                    )
                except TimerChanged:
                    return "too late"
                return "accepted"

        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(act, range(6)))

        # Whoever was told that it worked was the only one, and it stays what they did.
        winners = [word for word in done if word in ("stopped", "accepted")]
        assert len(winners) == 1
        db.session.rollback()
        entry = db.session.get_one(TimeEntry, entry_id)
        assert entry.seconds == (9 if winners == ["stopped"] else 2) * 3600
        assert entry.running_user_id is None
        notices = select(Notice.id).where(Notice.dedupe_key == f"forgotten:{entry_id}")
        assert len(list(db.session.scalars(notices))) <= 1


def test_who_wants_it_is_told_once_a_day_that_nothing_runs(ada: Person) -> None:
    morning = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    given(ada, wants_nudge=True, nudge_due_at=morning)

    for minutes in range(0, 8 * 60, 5):
        attend(now=morning + timedelta(minutes=minutes), post=POST)

    assert told() == ["No timer has run since 09:00. Start one if you are at work."]
    assert list(db.session.scalars(select(OutboxJob))) == []
    # It is Friday: on Monday again.
    due = db.session.scalar(select(User.nudge_due_at).where(User.id == ada.user_id))
    assert due == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("why", ["runs", "ran just now", "quiet", "unwanted", "unasked"])
def test_nobody_is_told_while_something_runs_or_in_quiet_hours(ada: Person, why: str) -> None:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    given(ada, wants_nudge=why != "unwanted", nudge_due_at=None if why == "unasked" else now)
    if why == "runs":
        timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=now - timedelta(hours=1))
    elif why == "ran just now":
        make_entry(make_task(ada), ada, started_at=now - timedelta(hours=1), seconds=3000)
    elif why == "quiet":
        given(ada, quiet_from=time(10), quiet_until=time(12))

    attend(now=now, post=POST)

    assert told() == []
