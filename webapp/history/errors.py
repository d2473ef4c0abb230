"""Why a change cannot be undone."""

from __future__ import annotations

from webapp.errors import Conflict, NotAllowed, NotFound


class ChangeNotFound(NotFound):
    """There is no such change in the actor's workspace."""

    message = "There is no such change."


class NotYourChange(NotAllowed):
    """Somebody else made it."""

    message = "Only whoever changed this, or the owner of the workspace, can undo it."


class AlreadyUndone(Conflict):
    """Somebody was faster."""

    message = "This was undone already."


class TooLate(Conflict):
    """It is too old."""


class CannotUndo(Conflict):
    """Undoing it would take more away than the change itself."""
