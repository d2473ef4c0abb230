"""Tables of work: one module a subject; everything is imported from here."""

from __future__ import annotations

from webapp.tasks.models.blockers import TaskBlocker
from webapp.tasks.models.comments import Attachment, Comment
from webapp.tasks.models.reminders import Reminder
from webapp.tasks.models.saved import SavedView
from webapp.tasks.models.series import Series, SeriesTag
from webapp.tasks.models.tasks import NO_DUE, NO_ESTIMATE, Category, Tag, Task, TaskTag
from webapp.tasks.models.time import EntryDay, TimeEntry
from webapp.tasks.models.timers import ForgottenTimer
from webapp.tasks.models.urgency import UrgencyWeights
from webapp.tasks.models.words import TaskWord

__all__ = [
    "NO_DUE",
    "NO_ESTIMATE",
    "Attachment",
    "Category",
    "Comment",
    "EntryDay",
    "ForgottenTimer",
    "Reminder",
    "SavedView",
    "Series",
    "SeriesTag",
    "Tag",
    "Task",
    "TaskBlocker",
    "TaskTag",
    "TaskWord",
    "TimeEntry",
    "UrgencyWeights",
]
