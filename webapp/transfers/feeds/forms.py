"""The shape of what a person chooses about a feed."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField

from webapp.tasks.queries.saved import ViewRow
from webapp.transfers.rules.calendar import FeedShape
from webapp.web.fields import ChoiceField, Form, RecordField


class FeedForm(Form):
    """Which tasks are in it, and as what."""

    view = RecordField("Which tasks", what="view")
    shape = ChoiceField(
        "Show them as",
        choices=[
            (FeedShape.EVENTS, "Events on the day they are due: any calendar"),
            (FeedShape.TASKS, "Tasks: programs with a list of tasks, such as Thunderbird"),
            (FeedShape.BOTH, "Both"),
        ],
        default=FeedShape.EVENTS,
    )
    has_time = BooleanField("The time I tracked, too")

    def offer(self, views: Sequence[ViewRow]) -> None:
        """Let the person choose from their own tasks and the views they may see."""
        self.view.offer("All that are mine or nobody’s", [(view.id, view.name) for view in views])
