"""`flask calculations …`: upkeep of calculations by whoever runs the site."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup

from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import ChainDifference, Checked
from webapp.values.email import email_key
from webapp.values.text import counted

group = AppGroup("calculations", help="Upkeep of calculations.")


@group.command("verify")
@click.option("--person", metavar="EMAIL", help="Only what this person worked out.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line, for programs.")
def verify(person: str | None, as_json: bool) -> None:
    """
    Check that nothing that was worked out has been changed since.

    Walks every chain, takes each hash again, and works each result out again with the settings and the inputs of then;
    so it does with the versions of worksheets. Says what differs, a line each, and ends with 1 when anything does.
    """
    email = _known_person(person)
    checked, differences = Checked(), 0
    # The bar goes beside what is printed, so that that can be kept in a file.
    length = verifying.count_rows(email=email)
    with click.progressbar(length=length, label="Checking", width=0, file=sys.stderr) as bar:
        for facts, sentence in _find(email, checked, bar.update):
            differences += 1
            click.echo(json.dumps(facts, ensure_ascii=False) if as_json else sentence)
    if as_json:
        click.echo(json.dumps({**asdict(checked), "differences": differences}))
    else:
        click.echo(_summary(checked, differences, everybody=email is None))
    if differences:
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


def _find(email: str | None, checked: Checked, on_rows: Callable[[int], None]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each difference for a program and for a person, as it is found."""
    for found in verifying.find_differences(email=email, checked=checked, on_rows=on_rows):
        yield _facts(found), _sentence(found)
    if email is None:
        for version_id, message in verifying.find_version_differences(checked=checked, on_rows=on_rows):
            yield (
                {"worksheet_version_id": version_id, "message": message},
                f"Worksheet version {version_id}: {message}.",
            )


def _facts(found: ChainDifference) -> dict[str, Any]:
    return {"person": found.person, "workspace_id": found.workspace_id, **asdict(found.difference)}


def _sentence(found: ChainDifference) -> str:
    difference = found.difference
    if difference.calculation_id is None:
        return f"{found.person}: {difference.message}."
    place = f"no. {difference.position} of {found.person}" if difference.position else f"of {found.person}"
    return f"Calculation {difference.calculation_id} ({place}), {difference.field}: {difference.message}."


def _summary(checked: Checked, differences: int, *, everybody: bool) -> str:
    gone_through = f"{counted(checked.calculations, 'calculation')} in {counted(checked.chains, 'chain')}"
    if everybody:
        gone_through += f" and {counted(checked.versions, 'version')} of worksheets"
    return f"Checked {gone_through}: {counted(differences, 'difference') if differences else 'nothing differs'}."
