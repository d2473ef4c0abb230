"""What can go wrong with customers."""

from __future__ import annotations

from webapp.errors import Conflict, NotFound


class CustomerNotFound(NotFound):
    """No such customer, or in a workspace that is not the asker's."""

    message = "There is no such customer here."


class CustomerEditedMeanwhile(Conflict):
    """Somebody saved the customer after the form was shown."""

    message = "Somebody else saved this customer while you were writing. Nothing of yours is lost."
