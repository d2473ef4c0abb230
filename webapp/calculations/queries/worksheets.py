"""Questions about worksheets, and what their lines come to now. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased, undefer

from webapp.accounts.models import User
from webapp.accounts.rules import key_hash
from webapp.calculations.engine import ENGINE_VERSION, evaluate_sheet
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import SourceNode
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.engine.sheets import find_sheet_sources
from webapp.calculations.engine.values import Value
from webapp.calculations.errors import LinkNotFound, WorksheetNotFound
from webapp.calculations.models import Worksheet, WorksheetLink, WorksheetVersion
from webapp.calculations.queries.figures import MOST_FIGURES, Figure, figures_for
from webapp.calculations.queries.settings import settings_of
from webapp.calculations.rules.packing import pack_value, unpack_value
from webapp.calculations.rules.worksheets import (
    Kept,
    answer_of,
    come_to_the_same,
    keep_results,
    refused,
    version_facts,
    version_hash,
)
from webapp.customers.models import Customer
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position

PAGE_ROWS = 25
MOST_ATTACHED = 10
MOST_VERSIONS_SHOWN = 100
_ORDER = "newest"


@dataclass(frozen=True)
class WorksheetRow:
    """A worksheet in a list, as it was saved last."""

    id: int
    title: str
    answer: str
    number: int
    saved_at: datetime
    task_id: int | None
    task_title: str | None
    customer_id: int | None
    customer_name: str | None


@dataclass(frozen=True)
class VersionRow:
    """A saved version in a list."""

    id: int
    number: int
    answer: str
    saved_at: datetime
    user_name: str


@dataclass(frozen=True)
class LinkRow:
    """A link that opens a version, as the people of the workspace see it."""

    id: int
    number: int
    created_at: datetime
    user_name: str


@dataclass(frozen=True)
class SharedVersion:
    """What whoever has a link may read: the sheet itself, and nothing about people, tasks or customers."""

    title: str
    text: str
    number: int
    results: Sequence[Kept]
    saved_at: datetime


@dataclass(frozen=True)
class Worked:
    """
    A text worked out: what is kept of its lines, under which settings, and what it took from the work itself.

    `settings` and `inputs` are as they are kept with a version.
    """

    text: str
    results: list[Kept]
    settings: dict[str, Any]
    inputs: list[dict[str, Any]]
    engine_version: int = ENGINE_VERSION

    @property
    def answer(self) -> str:
        """The answer of the last line that has one."""
        return answer_of(self.results)

    @property
    def error_count(self) -> int:
        """How many lines have no answer that should."""
        return sum("code" in line for line in self.results)


def list_worksheets(*, actor: Actor, words: str = "", after: str | None = None) -> Page[WorksheetRow]:
    """
    Return a page of the worksheets, those saved last first.

    :param words: only those that hold them in their title or text
    :raises UnreadableCursor: when `after` is no cursor of this list
    """
    position = read_position(after, order=_ORDER)
    is_backwards = position is not None and position.is_backwards
    statement = _visible_to(actor)
    if words:
        statement = statement.where(_holds(words))
    if position:
        statement = statement.where(_lies_beyond(position))
    columns = (Worksheet.updated_at, Worksheet.id)
    statement = statement.order_by(*(column.asc() if is_backwards else column.desc() for column in columns))
    return cut_page(
        _rows(statement.limit(PAGE_ROWS + 1)),
        limit=PAGE_ROWS,
        order=_ORDER,
        position=position,
        key_of=lambda row: (int(row.saved_at.timestamp()), row.id),
    )


def search_worksheets(*, actor: Actor, words: str, limit: int) -> list[WorksheetRow]:
    """Return the worksheets saved last that hold `words` in their title or text."""
    statement = _visible_to(actor).where(_holds(words)).order_by(Worksheet.updated_at.desc(), Worksheet.id.desc())
    return _rows(statement.limit(limit))


def list_worksheets_for(
    *, actor: Actor, task_id: int | None = None, customer_id: int | None = None
) -> list[WorksheetRow]:
    """Return the worksheets that belong to a task or to a customer, those saved last first; at most ten."""
    statement = _visible_to(actor).order_by(Worksheet.updated_at.desc(), Worksheet.id.desc()).limit(MOST_ATTACHED)
    if task_id is not None:
        statement = statement.where(Worksheet.task_id == task_id)
    if customer_id is not None:
        statement = statement.where(Worksheet.customer_id == customer_id)
    return _rows(statement)


def get_worksheet(*, worksheet_id: int, actor: Actor) -> WorksheetRow:
    """
    Return a worksheet.

    :raises WorksheetNotFound: when it was deleted, or is not in the actor's workspace
    """
    found = _rows(_visible_to(actor).where(Worksheet.id == worksheet_id))
    if not found:
        raise WorksheetNotFound
    return found[0]


def get_version(*, worksheet_id: int, number: int | None = None, actor: Actor) -> WorksheetVersion:
    """
    Return one saved version; without a number the newest.

    :raises WorksheetNotFound: when there is no such version that the actor may see
    """
    version = db.session.scalar(
        select(WorksheetVersion)
        .join(Worksheet, Worksheet.id == WorksheetVersion.worksheet_id)
        .where(
            Worksheet.id == worksheet_id,
            Worksheet.workspace_id == actor.workspace_id,
            Worksheet.deleted_at.is_(None),
            WorksheetVersion.number == (Worksheet.number if number is None else number),
        )
        .execution_options(populate_existing=True)
    )
    if version is None:
        raise WorksheetNotFound
    return version


def list_versions(*, worksheet_id: int, actor: Actor) -> list[VersionRow]:
    """Return the newest hundred versions, the newest first."""
    rows = db.session.execute(
        select(
            WorksheetVersion.id,
            WorksheetVersion.number,
            WorksheetVersion.answer,
            WorksheetVersion.saved_at,
            User.name,
        )
        .join(User, User.id == WorksheetVersion.user_id)
        .where(WorksheetVersion.worksheet_id == worksheet_id, WorksheetVersion.workspace_id == actor.workspace_id)
        .order_by(WorksheetVersion.number.desc())
        .limit(MOST_VERSIONS_SHOWN)
    )
    return [VersionRow(row.id, row.number, row.answer, row.saved_at, row.name) for row in rows]


def list_links(*, worksheet_id: int, actor: Actor) -> list[LinkRow]:
    """Return the links that open a version of a worksheet now, the newest first."""
    rows = db.session.execute(
        select(WorksheetLink.id, WorksheetVersion.number, WorksheetLink.created_at, User.name)
        .join(WorksheetVersion, WorksheetVersion.id == WorksheetLink.version_id)
        .join(User, User.id == WorksheetLink.user_id)
        .where(WorksheetVersion.worksheet_id == worksheet_id, WorksheetLink.workspace_id == actor.workspace_id)
        .order_by(WorksheetLink.id.desc())
    )
    return [LinkRow(row.id, row.number, row.created_at, row.name) for row in rows]


def open_link(*, token: str) -> SharedVersion:
    """
    Return the version that a token opens, for whoever has it.

    :raises LinkNotFound: when there is none, it was withdrawn, or its worksheet was deleted
    """
    row = db.session.execute(
        select(
            WorksheetVersion.title,
            WorksheetVersion.text,
            WorksheetVersion.number,
            WorksheetVersion.results,
            WorksheetVersion.saved_at,
        )
        .join(WorksheetLink, WorksheetLink.version_id == WorksheetVersion.id)
        .join(Worksheet, Worksheet.id == WorksheetVersion.worksheet_id)
        .where(WorksheetLink.token_hash == key_hash(token), Worksheet.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        raise LinkNotFound
    return SharedVersion(row.title, row.text, row.number, row.results, row.saved_at)


def work_out(*, text: str, actor: Actor, now: datetime, kept_settings: Mapping[str, Any] | None = None) -> Worked:
    """
    Work a text out as the actor sees the work now; nothing is kept.

    :param kept_settings: those of an earlier version. Numbers and angles are read as they were there, whoever looks
        now: the same text must not come to mean something else
    :raises InvalidInput: naming the field `text`, when it has more lines than a worksheet may have
    """
    settings = settings_of(actor=actor, now=now)
    if kept_settings is not None:
        settings = settings._replace(number_format=kept_settings["number_format"], angle=Angle(kept_settings["angle"]))
    try:
        figures = _look_up(find_sheet_sources(text, settings), actor=actor, now=now)
        values = {
            key: figure if isinstance(figure, CalculationError) else figure.value for key, figure in figures.items()
        }
        sheet = evaluate_sheet(text, settings=settings._replace(figures=values))
    except CalculationError as error:
        raise InvalidInput(refused(error), field="text") from None
    inputs = [_keep_input(key, figure) for key, figure in figures.items()]
    return Worked(
        text=text,
        results=keep_results(sheet),
        settings={
            "number_format": settings.number_format,
            "angle": settings.angle.value,
            "today": None if settings.today is None else settings.today.isoformat(),
        },
        inputs=inputs,
    )


def _keep_input(key: str, figure: Figure | CalculationError) -> dict[str, Any]:
    if isinstance(figure, CalculationError):
        return {"key": key, "words": figure.message, "code": figure.code.value}
    return {"key": key, "words": figure.words, "value": pack_value(figure.value)}


def _unpack_input(given: Mapping[str, Any]) -> Value | CalculationError:
    if "code" in given:
        return CalculationError(Code(given["code"]), given["words"])
    return unpack_value(given["value"])


def _look_up(sources: Sequence[SourceNode], *, actor: Actor, now: datetime) -> dict[str, Figure | CalculationError]:
    """Return each source's figure or why there is none: one bad question stops its own lines only."""
    found: dict[str, Figure | CalculationError] = {}
    for source in sources[:MOST_FIGURES]:
        try:
            found |= figures_for([source], actor=actor, now=now)
        except CalculationError as error:
            found[source.key] = error
    for source in sources[MOST_FIGURES:]:
        found[source.key] = CalculationError(
            Code.SOURCE, f"A worksheet asks at most {MOST_FIGURES} figures of the work; there are {len(sources)} here."
        )
    return found


def verify_versions(*, after_id: int, limit: int) -> list[tuple[int, list[str]]]:
    """
    Look over the versions of all worksheets in the order of their ids: each id, and what does not agree in it.

    Compared are its hash, the hash of the version before it, and its results with what its text comes to again under
    the settings and with the inputs that are kept with it; the newest one also with what lists say of the worksheet.

    :param after_id: the id of the last one looked over; 0 for the beginning
    """
    earlier, later = aliased(WorksheetVersion), aliased(WorksheetVersion)
    of_same = earlier.worksheet_id == WorksheetVersion.worksheet_id
    follows = later.worksheet_id == WorksheetVersion.worksheet_id
    statement = (
        select(
            WorksheetVersion,
            earlier.hash,
            later.id,
            Worksheet,
        )
        .join(Worksheet, Worksheet.id == WorksheetVersion.worksheet_id)
        .options(undefer(Worksheet.text))
        .outerjoin(earlier, and_(of_same, earlier.number == WorksheetVersion.number - 1))
        .outerjoin(later, and_(follows, later.number == WorksheetVersion.number + 1))
        .where(WorksheetVersion.id > after_id)
        .order_by(WorksheetVersion.id)
        .limit(limit)
    )
    try:
        rows = db.session.execute(statement).all()
    except ValueError:
        # SQLite keeps in a column what is no JSON or no moment, and gives it back: the first of them is told alone.
        if limit > 1:
            return verify_versions(after_id=after_id, limit=1)
        number = db.session.scalars(statement.with_only_columns(WorksheetVersion.id, maintain_column_froms=True)).one()
        return [(number, ["something in it is of another kind and cannot be read"])]
    return [
        (version.id, [*_differences(version, hash_before or ""), *(() if later_id else _lag(version, worksheet))])
        for version, hash_before, later_id, worksheet in rows
    ]


def hash_of(version: WorksheetVersion) -> str:
    """Return the hash that a version should have."""
    facts = version_facts(
        worksheet_id=version.worksheet_id,
        number=version.number,
        title=version.title,
        text=version.text,
        settings=version.settings,
        inputs=version.inputs,
        results=version.results,
        engine_version=version.engine_version,
        saved_at=version.saved_at,
    )
    return version_hash(previous_hash=version.previous_hash, facts=facts)


def _differences(version: WorksheetVersion, hash_before: str) -> Iterator[str]:
    if version.previous_hash != hash_before:
        yield f"version {version.number} does not follow the one before it"
    try:
        if version.hash != hash_of(version):
            yield f"version {version.number} is not what was saved"
        if version.engine_version == ENGINE_VERSION and not come_to_the_same(version.results, _worked_again(version)):
            yield f"version {version.number} comes to other results"
        if version.answer != answer_of(version.results):
            yield f"version {version.number} has another answer than its last line"
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Somebody put something of another shape there.
        yield f"version {version.number} cannot be worked out from what is kept: {type(error).__name__}"


def _lag(newest: WorksheetVersion, worksheet: Worksheet) -> Iterator[str]:
    """Yield what lists say of a worksheet that its newest version does not."""
    if worksheet.number != newest.number:
        yield f"version {newest.number + 1} is missing; there were {worksheet.number}"
    elif (worksheet.title, worksheet.text, worksheet.answer) != (newest.title, newest.text, newest.answer):
        yield f"the worksheet is shown otherwise than its newest version {newest.number}"


def _worked_again(version: WorksheetVersion) -> list[Kept]:
    kept = version.settings
    settings = Settings(
        number_format=kept["number_format"],
        angle=Angle(kept["angle"]),
        today=None if kept["today"] is None else date.fromisoformat(kept["today"]),
        figures={given["key"]: _unpack_input(given) for given in version.inputs},
    )
    return keep_results(evaluate_sheet(version.text, settings=settings))


def _visible_to(actor: Actor) -> Any:
    return (
        select(
            Worksheet.id,
            Worksheet.title,
            Worksheet.answer,
            Worksheet.number,
            Worksheet.updated_at,
            Task.id.label("task_id"),
            Task.title.label("task_title"),
            Customer.id.label("customer_id"),
            Customer.name.label("customer_name"),
        )
        # A task in the trash is not told of.
        .outerjoin(Task, and_(Task.id == Worksheet.task_id, Task.is_deleted == false()))
        .outerjoin(Customer, Customer.id == Worksheet.customer_id)
        .where(Worksheet.workspace_id == actor.workspace_id, Worksheet.deleted_at.is_(None))
    )


def _rows(statement: Any) -> list[WorksheetRow]:
    return [WorksheetRow(*row) for row in db.session.execute(statement)]


def _holds(words: str) -> ColumnElement[bool]:
    return and_(
        *(
            or_(Worksheet.title.icontains(word, autoescape=True), Worksheet.text.icontains(word, autoescape=True))
            for word in words.split()
        )
    )


def _lies_beyond(position: Position) -> ColumnElement[bool]:
    match position.key:
        case (int(seconds), int(worksheet_id)) if seconds < 2**35:
            moment = datetime.fromtimestamp(seconds, UTC)
            if position.is_backwards:
                return or_(
                    Worksheet.updated_at > moment, and_(Worksheet.updated_at == moment, Worksheet.id > worksheet_id)
                )
            return or_(Worksheet.updated_at < moment, and_(Worksheet.updated_at == moment, Worksheet.id < worksheet_id))
    raise UnreadableCursor
