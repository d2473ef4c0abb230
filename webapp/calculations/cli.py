"""`flask calculations …`: upkeep of calculations by whoever runs the site."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask.cli import AppGroup

from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import ChainDifference, Checked
from webapp.values.email import email_key

group = AppGroup("calculations", help="Upkeep of calculations.")


@group.command("verify")
@click.option("--person", metavar="EMAIL", help="Only what this person worked out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
def verify(person: str | None, as_json: bool) -> None:
    """
    Check that nothing that was worked out has been changed since.

    Walks every chain, takes each hash again, and works each result out again with the settings and the inputs of then.
    Says what differs, a line each, and ends with 1 when anything does.
    """
    email = _known_person(person)
    checked, found = Checked(), 0
    said: list[dict[str, Any]] = []
    # The bar goes beside what is printed, so that that can be kept in a file.
    length = verifying.count_calculations(email=email)
    with click.progressbar(length=length, label="Checking", width=0, file=sys.stderr) as bar:
        for difference in verifying.find_differences(email=email, checked=checked, on_rows=bar.update):
            found += 1
            if as_json:
                said.append(_plain(difference))
            else:
                click.echo(_sentence(difference))
    if as_json:
        click.echo(json.dumps({**_counts(checked), "differences": said}, ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(checked, found))
    if found:
        sys.exit(1)


def _known_person(typed: str | None) -> str | None:
    if typed is None:
        return None
    try:
        email = email_key(typed)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if not verifying.has_person(email):
        raise click.ClickException(f"Nobody has registered with {email}.")
    return email


def _sentence(found: ChainDifference) -> str:
    difference = found.difference
    if difference.calculation_id is None:
        return f"{found.person}: {difference.message}."
    place = f" (no. {difference.position} of {found.person})" if difference.position else f" (of {found.person})"
    return f"Calculation {difference.calculation_id}{place}, {difference.field}: {difference.message}."


def _plain(found: ChainDifference) -> dict[str, Any]:
    difference = found.difference
    return {
        "person": found.person,
        "workspace_id": found.workspace_id,
        "calculation_id": difference.calculation_id,
        "position": difference.position,
        "field": difference.field,
        "message": difference.message,
    }


def _counts(checked: Checked) -> dict[str, Any]:
    return {"calculations": checked.calculations, "chains": checked.chains}


def _summary(checked: Checked, found: int) -> str:
    gone_through = f"Checked {_counted(checked.calculations, 'calculation')} in {_counted(checked.chains, 'chain')}"
    return f"{gone_through}: {_counted(found, 'difference') if found else 'nothing differs'}."


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
