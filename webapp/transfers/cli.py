"""`flask import FILE`: the same import as the page's, in a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from webapp.accounts import queries as account_queries
from webapp.accounts import rules as account_rules
from webapp.errors import DomainError
from webapp.transfers.models import Import
from webapp.transfers.operations import taking_in, uploads
from webapp.transfers.queries import imports
from webapp.transfers.queries.known import BATCH_ROWS
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.cells import DayOrder
from webapp.transfers.rules.columns import Meaning, meanings_of
from webapp.transfers.rules.formats import FORMATS
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.mapping import Mapping
from webapp.transfers.rules.reading import Delimiter, Encoding
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key
from webapp.web import clock
from webapp.workspaces import queries as workspace_queries

SHOWN_LINES = 20


def _choices(enum: type[Encoding] | type[Delimiter] | type[DayOrder]) -> click.Choice[str]:
    return click.Choice([member.value for member in enum])


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--email", required=True, help="Who imports.")
@click.option("--workspace", "workspace_id", type=int, help="Where to; the person's own without it.")
@click.option("--source", help="The name of the data; the file's name without it.")
@click.option(
    "--format", "form", type=click.Choice([name.value for name in FORMATS]), help="How the file is written; found out."
)
@click.option(
    "--kind", type=click.Choice(["tasks", "entries"]), help="What each line of a table is; found out without it."
)
@click.option(
    "--mapping", "pairs", multiple=True, metavar="COLUMN=MEANING", help="What a column means; '' leaves it out."
)
@click.option("--status", "statuses", multiple=True, metavar="WORD=STATUS", help="What a foreign status means.")
@click.option("--priority", "priorities", multiple=True, metavar="WORD=PRIORITY", help="What a foreign priority means.")
@click.option("--me", help="The name by which the file knows who imports.")
@click.option("--zone", help="The zone of its times; the person's own without it.")
@click.option("--days", type=_choices(DayOrder), help="How 03/04/2026 is meant.")
@click.option("--encoding", type=_choices(Encoding), default=Encoding.AUTO.value)
@click.option("--delimiter", type=_choices(Delimiter), default=Delimiter.AUTO.value)
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
def import_file(
    file: Path,
    email: str,
    workspace_id: int | None,
    source: str | None,
    form: str | None,
    kind: str | None,
    pairs: tuple[str, ...],
    statuses: tuple[str, ...],
    priorities: tuple[str, ...],
    me: str | None,
    zone: str | None,
    days: str | None,
    encoding: str,
    delimiter: str,
    dry_run: bool,
) -> None:
    """
    Take tasks and time from a FILE: of a program that is known here, or any table as CSV. It may be in gzip.

    What each column of a table means is guessed from its name and printed; --mapping says otherwise. The same file a
    second time adds nothing.
    """
    try:
        actor = _actor_of(email, workspace_id)
        with file.open("rb") as stream:
            import_id = uploads.begin_import(
                filename=file.name,
                stream=stream,
                encoding=Encoding(encoding),
                delimiter=Delimiter(delimiter),
                kind=ImportKind(kind) if kind else None,
                form=Format(form) if form else None,
                actor=actor,
                now=clock.now(),
                in_background=False,
            )
        record = imports.get_import(import_id=import_id, actor=actor)
        mapping = _as_told(record, pairs, statuses, priorities)
        mapping = replace(
            mapping,
            zone=account_rules.clean_zone(zone).key if zone else mapping.zone,
            day_order=DayOrder(days) if days else mapping.day_order,
            me=me or mapping.me,
        )
        uploads.agree(
            import_id=import_id,
            mapping=mapping,
            source=source or record.source,
            form=record.format,
            actor=actor,
            now=clock.now(),
            in_background=False,
        )
        record = imports.get_import(import_id=import_id, actor=actor)
        _tell_reading(record, mapping)
        if dry_run:
            _tell_outcome(record, actor, record.report, would=True)
            uploads.discard_import(import_id=import_id, actor=actor)
            return
        uploads.start_import(import_id=import_id, actor=actor, now=clock.now(), in_background=False)
        _run(record)
    except DomainError as error:
        raise click.ClickException(error.message) from None
    record = imports.get_import(import_id=import_id, actor=actor)
    counts = {
        "created": record.created_count,
        "updated": record.updated_count,
        "skipped": record.skipped_count,
        "refused": record.refused_count,
    }
    _tell_outcome(record, actor, counts, would=False)
    if record.state is not ImportState.DONE:
        raise click.ClickException(record.error)


def _actor_of(email: str, workspace_id: int | None) -> Actor:
    user = account_queries.find_user_by_email(email=email)
    if user is None:
        raise click.ClickException(f"Nobody has registered with {email}.")
    if workspace_id is None:
        workspace_id = workspace_queries.get_own_workspace_id(user_id=user.id)
    else:
        workspace_queries.get_workspace(workspace_id=workspace_id, user_id=user.id)
    return Actor(user_id=user.id, workspace_id=workspace_id, zone=ZoneInfo(user.timezone))


def _as_told(record: Import, pairs: tuple[str, ...], statuses: tuple[str, ...], priorities: tuple[str, ...]) -> Mapping:
    mapping = Mapping.from_json(record.mapping)
    header = [name_key(heading) for heading in record.report["header"]]
    columns = list(mapping.columns)
    for name, word in _split(pairs, "--mapping"):
        if name_key(name) not in header:
            raise click.ClickException(
                f"The file has no column “{name}”. It has: {', '.join(record.report['header'])}."
            )
        columns[header.index(name_key(name))] = _meaning(word, record.kind)
    try:
        return replace(
            mapping,
            columns=tuple(columns),
            statuses={name_key(name): _status(word) for name, word in _split(statuses, "--status")},
            priorities={name_key(name): Priority.from_word(word) for name, word in _split(priorities, "--priority")},
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _meaning(word: str, kind: ImportKind) -> Meaning | None:
    if not word:
        return None
    meanings = [meaning.value for meaning in meanings_of(kind)]
    if word not in meanings:
        raise click.ClickException(f"“{word}” is no meaning. Use one of: {', '.join(meanings)}.")
    return Meaning(word)


def _status(word: str) -> Status:
    if word not in list(Status):
        raise click.ClickException(f"“{word}” is not a status. Use todo, doing or done.")
    return Status(word)


def _split(pairs: tuple[str, ...], option: str) -> list[tuple[str, str]]:
    found = [re.fullmatch(r"(.+?)=(.*)", pair) for pair in pairs]
    for pair, match in zip(pairs, found, strict=True):
        if match is None:
            raise click.ClickException(f"Write {option} as NAME=VALUE, not “{pair}”.")
    return [(match[1], match[2]) for match in found if match]


def _tell_reading(record: Import, mapping: Mapping) -> None:
    click.echo(f"{record.filename}: {record.rows_total:,} lines as “{record.source}”, times in {mapping.zone}.")
    if record.format is not Format.TABLE:
        click.echo(f"  It is read as {FORMATS[record.format].label}.")
    if not mapping.columns:
        return
    for heading, meaning in zip(record.report["header"], mapping.columns, strict=True):
        click.echo(f"  {heading} → {meanings_of(mapping.kind)[meaning] if meaning else '(left out)'}")


def _run(record: Import) -> None:
    with click.progressbar(length=record.rows_total, label="Importing", width=0) as bar:
        taking_in.run_import(
            import_id=record.id,
            now_of=clock.now,
            on_batch=lambda: bar.update(min(BATCH_ROWS, record.rows_total - bar.pos)),
        )


def _tell_outcome(record: Import, actor: Actor, counts: dict[str, int], *, would: bool) -> None:
    said = "would be " if would else ""
    click.echo(
        f"{counts['created']:,} {said}added, {counts['updated']:,} {said}updated, "
        f"{counts['skipped']:,} {said}skipped, {counts['refused']:,} {said}refused."
    )
    for number, words in imports.remarks_of(record):
        click.echo(f"{number:,} {'line' if number == 1 else 'lines'} {words}.")
    for what, number in record.report.get("kept_beside", []):
        click.echo(f"Kept beside the tasks: {what} ({number:,}).")
    for what, number in record.report.get("left_out", []):
        click.echo(f"Cannot be kept: {what} ({number:,}).")
    refusals = imports.list_remarks(import_id=record.id, actor=actor, refusals=True, limit=SHOWN_LINES + 1)
    for remark in refusals[:SHOWN_LINES]:
        click.echo(f"Line {remark.line:,}: {remark.message}")
    if len(refusals) > SHOWN_LINES:
        click.echo(f"… and {counts['refused'] - SHOWN_LINES:,} more.")
