"""What can go wrong with feeds."""

from __future__ import annotations

from webapp.errors import NotFound


class FeedNotFound(NotFound):
    """There is no such feed, it is somebody else's, or it was taken back."""
