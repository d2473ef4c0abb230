"""What can go wrong with worksheets."""

from __future__ import annotations

from webapp.errors import Conflict, NotFound


class WorksheetNotFound(NotFound):
    """There is no such worksheet or version, it was deleted, or it is not theirs to see."""


class LinkNotFound(NotFound):
    """No link is opened by this, or it was withdrawn."""

    message = "This link leads nowhere. It may have been withdrawn; ask whoever gave it to you."


class WorksheetEditedMeanwhile(Conflict):
    """Somebody saved a version since the form was shown."""

    message = "Somebody saved this worksheet while you were writing. Both texts are here: nothing is lost."
