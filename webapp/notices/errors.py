"""What can go wrong with notices."""

from __future__ import annotations

from webapp.errors import NotFound


class NoticeNotFound(NotFound):
    """There is no such notice, or it is somebody else's."""
