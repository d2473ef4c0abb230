"""What can go wrong with accounts."""

from __future__ import annotations

from webapp.errors import InvalidInput, NotFound


class WrongCredentials(InvalidInput):
    """The address and the password do not belong together; it is not said which of them is wrong."""

    message = "This e-mail and password do not belong together. Check both, or set a new password."


class WrongPassword(InvalidInput):
    """A signed-in person did not type their own password."""

    message = "This is not your password."


class EmailTaken(InvalidInput):
    """Somebody has an account with this address already."""

    message = "There is an account with this address already. Log in instead, or set a new password."


class DeadResetLink(NotFound):
    """The link was used before, is too old, or never was one."""

    message = "This link has been used or is too old. Ask for a new one."
