"""The page of one task, with whichever of its forms has come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, render_template

from webapp.customers import queries as customers
from webapp.tasks.forms.entries import EntryForm
from webapp.tasks.forms.parts import CommentForm, FileForm, SubtaskForm
from webapp.tasks.forms.reminders import ReminderForm
from webapp.tasks.queries import blockers, comments, entries, files, history, parents, recurrence, reminders, urgency
from webapp.tasks.queries import tasks as queries
from webapp.tasks.rules.files import ENDINGS
from webapp.tasks.rules.kept import kept_facts
from webapp.web import clock
from webapp.web.access import current_actor


def init_app(app: Flask, *, list_calculations: Callable[..., Any]) -> None:
    """
    Learn how to ask what was worked out for a task: that is known to a feature above this one.

    :param list_calculations: takes `task_id` and `actor` (calculations.queries.attached)
    """
    app.extensions["task_calculations"] = list_calculations


def task_page(
    task_id: int,
    *,
    subtask_form: SubtaskForm | None = None,
    comment_form: CommentForm | None = None,
    file_form: FileForm | None = None,
    reminder_form: ReminderForm | None = None,
) -> str:
    """
    Return the page of a task. Each subject adds what its partial takes, and its form, if that can come back.

    :raises TaskNotFound: when the task is in the trash, or not in the actor's workspace
    """
    actor, now = current_actor(), clock.now()
    task = queries.get_task(task_id=task_id, actor=actor)
    reminder_form = reminder_form or ReminderForm(formdata=None)
    reminder_form.offer(reminders.dates_of(task))
    above = parents.list_way_up(task_id=task.parent_id, actor=actor) if task.parent_id else []
    today = clock.today()
    last_ended_at = entries.last_ended_at(actor=actor, day=today)
    entry_form = EntryForm.proposed_for(task, day=today, last_ended_at=last_ended_at)
    entry_form.offer_customers(customers.list_names(actor=actor))
    return render_template(
        "tasks/show.html",
        task=task,
        row=queries.row_of(task, now=now, actor=actor),
        above=above[::-1],
        subtasks=parents.list_subtasks(task_id=task_id, now=now, actor=actor),
        subtask_form=subtask_form or SubtaskForm(formdata=None),
        comments=comments.list_comments(task_id=task_id, actor=actor),
        comment_form=comment_form or CommentForm(formdata=None),
        files=files.list_files(task_id=task_id, actor=actor),
        file_form=file_form or FileForm(formdata=None),
        file_endings=",".join(ENDINGS),
        repetition=recurrence.find_repetition(task, now=now, actor=actor),
        reminders=reminders.list_reminders(task_id=task_id, actor=actor),
        reminder_form=reminder_form,
        entries=entries.list_entries(task_id=task_id, actor=actor),
        entry_form=entry_form,
        history=history.list_task_history(task_id=task_id, actor=actor, now=now),
        dependencies=blockers.list_dependencies(task_id=task_id),
        offered=blockers.list_offered(task_id=task_id, actor=actor),
        attached=current_app.extensions["task_calculations"](task_id=task_id, actor=actor),
        kept=kept_facts(task.extra),
        urgency=urgency.urgencies(task_ids=[task_id], now=now, actor=actor)[task_id],
    )
