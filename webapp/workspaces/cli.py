"""`flask workspaces …`: for whoever runs the site."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from webapp.errors import DomainError
from webapp.web import clock
from webapp.workspaces import operations, queries

group = AppGroup("workspaces", help="Groups of people who share records.")


@group.command("list")
def list_workspaces() -> None:
    """Print all workspaces: id, number of people, name."""
    for row in queries.list_workspaces():
        people = f"{row.people} {'person' if row.people == 1 else 'people'}"
        click.echo(f"{row.workspace_id}\t{people}\t{row.name}{' (personal)' if row.is_personal else ''}")


@group.command("add-member")
@click.argument("workspace_id", type=int)
@click.argument("email")
def add_member(workspace_id: int, email: str) -> None:
    """Let the person with this EMAIL into a workspace, where they see and change everything."""
    try:
        operations.add_member(workspace_id=workspace_id, email=email, now=clock.now())
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} can enter workspace {workspace_id}.")
