"""What can go wrong with tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from webapp.errors import Conflict, InvalidInput, NotAllowed, NotFound
from webapp.values.status import Status
from webapp.values.text import counted

if TYPE_CHECKING:
    from webapp.tasks.rules.overlaps import Neighbour, Plan


class TaskNotFound(NotFound):
    """No such task, in the trash, or in a workspace that is not the asker's."""

    message = "There is no such task. It may have been deleted."


class TaskEditedMeanwhile(Conflict):
    """Somebody saved the task after the form was shown."""

    message = "Somebody else saved this task while you were writing. Nothing of yours is lost."


class TaskMovedMeanwhile(Conflict):
    """Somebody moved the task to another status after it was shown."""

    def __init__(self, status: Status) -> None:
        super().__init__(
            f"Somebody moved this task to “{status.label}” meanwhile. Load the page again to see it there."
        )


class EntryNotFound(NotFound):
    """No such time entry, deleted, its task in the trash, or in a workspace that is not the asker's."""

    message = "There is no such time entry. It may have been deleted."


class EntryOfSomebodyElse(NotAllowed):
    """In a shared workspace everybody sees what was spent on a task, and changes only their own."""

    message = "This is somebody else’s time. You may look at it, but not change it."


class EntryEditedMeanwhile(Conflict):
    """The entry was saved, in another window perhaps, after the form was shown."""

    message = "This time was changed in another window while you were writing. Nothing of yours is lost."


class EntryOverlaps(Conflict):
    """
    The person spent that time on something else already, `others`: they choose one of `plans`.

    `mark` is sent back with the choice, and tells whether the others are still as they were shown.
    """

    message = "This overlaps time that is here already. Choose what is right."

    def __init__(
        self, message: str | None = None, *, others: Sequence[Neighbour], plans: Sequence[Plan], mark: str
    ) -> None:
        super().__init__(message)
        self.others = tuple(others)
        self.plans = tuple(plans)
        self.mark = mark


class CellsRefused(InvalidInput):
    """Cells of the timesheet cannot say what they are to; `cells`: why, by task and day."""

    def __init__(self, cells: Mapping[tuple[int, date], str]) -> None:
        super().__init__(f"Nothing was saved: {counted(len(cells), 'cell')} cannot be taken as typed.")
        self.cells = dict(cells)


class CellsChanged(Conflict):
    """Cells of the timesheet say something else by now; `cells`: how many seconds, by task and day."""

    def __init__(self, cells: Mapping[tuple[int, date], int]) -> None:
        super().__init__(
            f"Nothing was saved: {counted(len(cells), 'cell')} changed in another window while you were writing. "
            "Save again to replace what is there now."
        )
        self.cells = dict(cells)


class TaskIsBlocked(Conflict):
    """A task that waits for others can be done only with a reason. `blockers` are the titles of those, by their ids."""

    def __init__(self, message: str, *, blockers: dict[int, str]) -> None:
        super().__init__(message)
        self.blockers = blockers


class TasksWaitInCircle(InvalidInput):
    """A task would wait for itself, through others; the message names them."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="blocker")


class TimerChanged(Conflict):
    """What was to be decided about a running timer came too late: it was stopped, or another runs."""

    message = "This timer does not run any more: it was stopped in another window. Nothing was changed."


class NotRepeating(Conflict):
    """The task is not one that comes again: it never was, that has been stopped, or it is done."""

    message = "This task does not come again. It may have been stopped in another window."


class NoFurtherDate(Conflict):
    """There is no date that this task could move on to."""

    message = "There is no later date for this task: it was the last one, or the next one is there already."


class ReminderNotFound(NotFound):
    """No such reminder, or it is somebody else's: each person has their own."""

    message = "There is no such reminder. It may have been deleted."


class CommentNotFound(NotFound):
    """No such comment, its task in the trash, or in a workspace that is not the asker's."""

    message = "There is no such comment. It may have been deleted."


class CommentOfSomebodyElse(NotAllowed):
    """Everybody in a workspace reads what is said, and changes only what they said themselves."""

    message = "Somebody else wrote this. You may read it, but not change it."


class CommentEditedMeanwhile(Conflict):
    """The comment was saved in another window after the form was shown."""

    message = "This comment was changed in another window while you were writing. Nothing of yours is lost."


class FileNotFound(NotFound):
    """No such file, taken away, its task in the trash, or in a workspace that is not the asker's."""

    message = "There is no such file. It may have been deleted."


class LabelNotFound(NotFound):
    """No such category or tag, merged into another, or in a workspace that is not the asker's."""

    message = "There is no such category or tag. It may have been deleted, or merged into another."


class ViewNotFound(NotFound):
    """No such view, or one that somebody keeps for themselves."""

    message = "There is no such view. It may have been deleted."


class WeightsChanged(Conflict):
    """Another owner saved other weights after the form was shown."""

    message = "Another owner changed the points meanwhile. Yours are still below: save again to replace theirs."


class ViewChanged(Conflict):
    """The view was changed since the page was drawn that saves it."""

    message = "This view was changed meanwhile, so it was not saved. What you see is still as you chose it."


class ViewOfSomebodyElse(NotAllowed):
    """A view that is shown to all is changed by whoever made it."""

    message = "This view is somebody else’s. Save your own from the list."
