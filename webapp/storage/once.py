"""Make an operation happen once for one showing of a form, however often the form is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from webapp.errors import InvalidInput
from webapp.storage.db import Model, db
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.storage.types import UtcDateTime, key_text
from webapp.values.request_key import RequestKey

KEPT_FOR = timedelta(hours=24)


class DoneRequest(Model):
    """A form that was accepted, and the id of what it made."""

    __tablename__ = "done_requests"
    __table_args__ = (TABLE_OPTIONS,)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(key_text(32), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(key_text(64))
    result_id: Mapped[int] = mapped_column(BigInteger)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def once(*, request_key: RequestKey | None, user_id: int, now: datetime, work: Callable[[], int]) -> int:
    """
    Do `work` and return the id of what it made; when this key did it before, return that id and do nothing.

    Call it inside an operation: the memory of the request is committed with the work or not at all.

    :raises InvalidInput: when the key was used before with other contents
    """
    if request_key is None:
        return work()
    earlier = db.session.get(DoneRequest, (user_id, request_key.key))
    if earlier is not None:
        if earlier.fingerprint != request_key.fingerprint:
            raise InvalidInput("This form was saved before with other contents. Send it again to save it as a new one.")
        return earlier.result_id
    done = DoneRequest(
        user_id=user_id, key=request_key.key, fingerprint=request_key.fingerprint, result_id=0, done_at=now
    )
    db.session.add(done)
    try:
        db.session.flush()
    except IntegrityError as error:
        # The same form is being saved by another request right now: look again once that one has finished.
        raise TryAgain from error
    done.result_id = work()
    return done.result_id


@transactional
def forget_old_requests(*, now: datetime) -> None:
    """Drop what was remembered for longer than a day."""
    db.session.execute(delete(DoneRequest).where(DoneRequest.done_at < now - KEPT_FOR))
