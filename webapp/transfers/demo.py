"""`flask demo`: an account to look around in, with a year of sample work."""

from __future__ import annotations

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from webapp.accounts import operations as account_operations
from webapp.accounts import queries as account_queries
from webapp.transfers.operations import sample
from webapp.values.actor import Actor
from webapp.web import clock
from webapp.workspaces import operations as workspace_operations
from webapp.workspaces import queries as workspace_queries

# A domain that nobody can own: whoever has this address registered it here.
EMAIL = "ada@demo.example"
NAME = "Ada Lovelace"
ZONE = "Europe/Berlin"


@click.command("demo")
def demo() -> None:
    """
    Make an account with a year of sample work, and print how to log in.

    Run again it keeps the account and what was done with it, adds the sample work where it was removed, and sets a
    new password: only whoever runs the site ever knows it.
    """
    password = prepare_demo(now=clock.now())
    click.echo(f"\n  The demo account:\n    E-mail    {EMAIL}\n    Password  {password}\n")


def prepare_demo(*, now: datetime) -> str:
    """Make or refresh the demo account and return its new password."""
    password = secrets.token_urlsafe(9)
    user = account_queries.find_user_by_email(email=EMAIL)
    if user is None:
        user_id = workspace_operations.register(name=NAME, email=EMAIL, password=password, timezone=ZONE, now=now)
    else:
        user_id = user.id
        key = account_operations.make_reset_key(user_id=user_id, now=now)
        account_operations.reset_password(key=key, password=password, now=now)
    sample.add_sample(actor=_owner(user_id), now=now)
    return password


def _owner(user_id: int) -> Actor:
    zone = ZoneInfo(account_queries.get_user(user_id=user_id).timezone)
    workspace_id = workspace_queries.get_own_workspace_id(user_id=user_id)
    return Actor(user_id=user_id, workspace_id=workspace_id, zone=zone)
