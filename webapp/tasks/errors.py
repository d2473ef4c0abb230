"""What can go wrong with tasks."""

from __future__ import annotations

from webapp.errors import Conflict, NotFound


class TaskNotFound(NotFound):
    """No such task, in the trash, or in a workspace that is not the asker's."""

    message = "There is no such task. It may have been deleted."


class EditedMeanwhile(Conflict):
    """Somebody saved the task after the form was shown."""

    message = "Somebody else saved this task while you were writing. Nothing of yours is lost."
