"""`flask tasks …`: upkeep of tasks by whoever runs the site."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.tasks.operations.words import rebuild_words

group = AppGroup("tasks", help="Upkeep of tasks.")


@group.command("index-words")
def index_words() -> None:
    """Write the words that tasks are found by anew."""
    click.echo(f"Wrote the words of {rebuild_words():,} tasks.")
