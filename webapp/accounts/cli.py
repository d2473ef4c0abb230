"""`flask accounts …`: for whoever runs the site."""

from __future__ import annotations

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from webapp.accounts import operations, queries
from webapp.web import clock

group = AppGroup("accounts", help="People who can log in.")


@group.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link that lets the person with this EMAIL set a new password, once, within an hour."""
    user = queries.find_user_by_email(email=email)
    if user is None:
        raise click.ClickException(f"Nobody has registered with {email}.")
    key = operations.make_reset_key(user_id=user.id, now=clock.now())
    with current_app.test_request_context():
        path = url_for("accounts.reset", key=key)
    click.echo(f"{current_app.config['PUBLIC_URL']}{path}")


@group.command("list")
def list_people() -> None:
    """Print everybody who can log in: id, e-mail, name, day of registration."""
    for user in queries.list_users():
        click.echo(f"{user.id}\t{user.email}\t{user.name}\t{user.created_at:%Y-%m-%d}")
