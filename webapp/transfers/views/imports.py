"""Pages of imports: choose a file, look what would become of it, watch it come in, take it back."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from webapp.accounts.rules import zone_names
from webapp.transfers.csv import as_csv
from webapp.transfers.forms import ReadingForm, UploadForm, reading_form
from webapp.transfers.models import Import
from webapp.transfers.operations import undoing, uploads
from webapp.transfers.queries import imports as queries
from webapp.transfers.rules import ImportState
from webapp.transfers.rules.formats import FORMATS, OWN
from webapp.transfers.rules.reading import Delimiter, Encoding
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.web.security import takes_upload

bp = Blueprint("transfers", __name__, url_prefix="/tasks")


@bp.get("/import")
def new() -> ResponseReturnValue:
    """Show the form for a file, and what was imported before."""
    return _upload_page(UploadForm())


@bp.post("/import")
@takes_upload
def create() -> ResponseReturnValue:
    """Keep a file and look what would become of it."""
    form = UploadForm()
    if form.validate():
        with form.refusals():
            import_id = uploads.begin_import(
                filename=form.filename,
                stream=form.stream,
                encoding=Encoding(form.encoding.data),
                delimiter=Delimiter(form.delimiter.data),
                actor=current_actor(),
                now=clock.now(),
                request_key=form.request_key,
            )
            return see_other("transfers.show", import_id=import_id)
    return _upload_page(form), 422


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Show the form again: what was sent has not been read."""
    form = UploadForm(formdata=None)
    most = current_app.config["MAX_UPLOAD_BYTES"] // 1024 // 1024
    form.file.errors = [f"This file is larger than {most} MB. Compress it with gzip, or send it in parts."]
    return _upload_page(form), 422


@bp.get("/imports/<int:import_id>")
def show(import_id: int) -> ResponseReturnValue:
    """Show where an import stands: how it would be read, how far it has come, or what became of it."""
    record = queries.get_import(import_id=import_id, actor=current_actor())
    is_fragment = bool(request.headers.get("HX-Request"))
    if record.state is ImportState.UPLOADED and is_fragment:
        # It has been looked over: the whole page is another one now.
        return "", 200, {"HX-Refresh": "true"}
    if record.state is ImportState.UPLOADED:
        return _reading_page(record, reading_form(record))
    page = "transfers/_state.html" if is_fragment else "transfers/show.html"
    days = queries.find_days(record=record, actor=current_actor())
    return render_template(page, record=record, days=days, **_said_of(record))


@bp.post("/imports/<int:import_id>")
def check(import_id: int) -> ResponseReturnValue:
    """Take another reading of the file, and show what would become of it."""
    return _agree(import_id, is_start=False)


@bp.post("/imports/<int:import_id>/start")
def start(import_id: int) -> ResponseReturnValue:
    """Take the reading as it stands in the form, and begin."""
    return _agree(import_id, is_start=True)


@bp.post("/imports/<int:import_id>/undo")
def undo(import_id: int) -> ResponseReturnValue:
    """Begin to take back what an import did."""
    undoing.undo_import(import_id=import_id, actor=current_actor(), now=clock.now())
    return see_other("transfers.show", import_id=import_id)


@bp.post("/imports/<int:import_id>/discard")
def discard(import_id: int) -> ResponseReturnValue:
    """Forget an uploaded file."""
    uploads.discard_import(import_id=import_id, actor=current_actor())
    say("The file is forgotten. Nothing was imported.")
    return see_other("transfers.new")


@bp.get("/imports/<int:import_id>/lines.csv")
def lines(import_id: int) -> ResponseReturnValue:
    """Send what there is to say about single lines as a file."""
    actor = current_actor()
    record = queries.get_import(import_id=import_id, actor=actor)
    remarks = queries.list_remarks(import_id=record.id, actor=actor)
    rows = [(remark.line, "refused" if remark.is_refusal else "note", remark.message) for remark in remarks]
    answer = Response(as_csv(("line", "kind", "message"), rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{record.id}-lines.csv"'
    return answer


def _agree(import_id: int, *, is_start: bool) -> ResponseReturnValue:
    actor = current_actor()
    record = queries.get_import(import_id=import_id, actor=actor)
    if record.state is not ImportState.UPLOADED:
        # Pressed twice: the import is on its way.
        return see_other("transfers.show", import_id=import_id)
    form = reading_form(record)
    if form.validate():
        with form.refusals():
            agree = uploads.agree_and_start if is_start else uploads.agree
            has_begun = agree(
                import_id=import_id,
                mapping=form.mapping(),
                source=record.source if record.format in OWN else form.source.data or "",
                form=form.chosen_format,
                actor=actor,
                now=clock.now(),
            )
            if has_begun is False:
                say("There are new words in this reading. Look at them, then import.", kind="info")
            return see_other("transfers.show", import_id=import_id)
    return _reading_page(record, form), 422


def _upload_page(form: UploadForm) -> str:
    imports = queries.list_imports(actor=current_actor())
    return render_template("transfers/new.html", form=form, imports=imports)


def _reading_page(record: Import, form: ReadingForm) -> str:
    first_tasks, first_entries = queries.first_rows_of(record)
    return render_template(
        "transfers/check.html",
        record=record,
        form=form,
        report=queries.report_of(record),
        first_tasks=first_tasks,
        first_entries=first_entries,
        needs_zone=FORMATS[record.format].needs_zone,
        zones=zone_names(),
        sources=queries.list_sources(actor=current_actor()),
        **_said_of(record),
    )


def _said_of(record: Import) -> dict[str, object]:
    actor = current_actor()
    refusals = queries.list_remarks(import_id=record.id, actor=actor, refusals=True, limit=queries.SHOWN_REMARKS)
    return {"refusals": refusals, "remarks": queries.remarks_of(record), "standing": queries.standing_of(record)}
