"""What can go wrong in the domain. Every error a person may meet is one of five kinds; no HTTP here."""

from __future__ import annotations


class DomainError(Exception):
    """Something a person asked for could not be done; the message is a sentence they can act on."""

    message = "That could not be done."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)


class NotFound(DomainError):
    """The thing does not exist for whoever asks: it is not there, or it is not theirs to know of."""

    message = "There is nothing here, or it is not yours to see."


class NotAllowed(DomainError):
    """They may see it and may not change it."""

    message = "You may look at this, but not change it."


class InvalidInput(DomainError):
    """What was sent cannot be accepted. `field` names the form field it belongs to, if it belongs to one."""

    message = "Something in the form needs another look."

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(DomainError):
    """Somebody else was faster, or the state has changed since the page was shown."""

    message = "This was changed in the meantime."


class Unavailable(DomainError):
    """Something we need is away; trying again later helps."""

    message = "The database does not answer right now. Try again in a moment."
