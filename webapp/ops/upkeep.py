"""What the worker tidies up now and then: rows that have outlived their use."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts import operations as account_operations
from webapp.notices import operations as notice_operations
from webapp.storage import once, outbox
from webapp.storage.dialect import refresh_statistics
from webapp.storage.transaction import transaction
from webapp.tasks.operations import files
from webapp.transfers.operations import uploads


def tidy(*, now: datetime) -> None:
    """
    Drop old notices, request keys and jobs, uploads nobody went on with, files that were deleted, and sign-ins and
    links whose time is over; and have the database look at how much there is of what.
    """
    account_operations.forget_ended_sessions(now=now)
    files.forget_deleted_files(now=now)
    notice_operations.forget_old_notices(now=now)
    once.forget_old_requests(now=now)
    outbox.forget_done_jobs(now=now)
    uploads.forget_old_uploads(now=now)
    with transaction() as session:
        refresh_statistics(session.connection())
