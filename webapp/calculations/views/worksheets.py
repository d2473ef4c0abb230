"""Pages of worksheets: the list, one with its answers beside it, its versions, and what a link shows to anybody."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.calculations.errors import WorksheetEditedMeanwhile
from webapp.calculations.forms.worksheets import FilingForm, NewWorksheetForm, WorksheetForm
from webapp.calculations.models import WorksheetVersion
from webapp.calculations.operations import worksheets as operations
from webapp.calculations.queries import worksheets as queries
from webapp.calculations.queries.worksheets import Worked, WorksheetRow
from webapp.calculations.rules.worksheet_files import write_csv, write_json, write_markdown
from webapp.calculations.rules.worksheets import EXAMPLE_TEXT, EXAMPLE_TITLE, Row, make_rows
from webapp.customers import queries as customers
from webapp.errors import InvalidInput
from webapp.tasks.queries.choices import list_tasks_to_choose
from webapp.tasks.queries.tasks import get_task
from webapp.web import clock
from webapp.web.access import current_actor, public
from webapp.web.answers import say, see_other
from webapp.web.fields import Form, read_search
from webapp.web.limits import few_of_a_key, few_of_a_person

bp = Blueprint("worksheets", __name__, url_prefix="/worksheets")

# Where the token of a new link waits to be shown, once, with the worksheet it is of.
_SHOWN_ONCE = "new_worksheet_link"


@bp.get("")
def index() -> ResponseReturnValue:
    """List the worksheets, those saved last first."""
    words = read_search(request.args.get("q", ""))
    page = queries.list_worksheets(actor=current_actor(), words=words, after=request.args.get("after") or None)
    return render_template("worksheets/index.html", page=page, words=words)


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty worksheet, or one with the example in it."""
    is_example = "example" in request.args
    form = NewWorksheetForm(
        formdata=None,
        data={
            "title": EXAMPLE_TITLE if is_example else request.args.get("title", ""),
            "text": EXAMPLE_TEXT if is_example else request.args.get("text", ""),
            "task": request.args.get("task", ""),
            "customer": request.args.get("customer", ""),
        },
    )
    return _new_page(form, worked=_work_out(form))


@bp.post("")
def create() -> ResponseReturnValue:
    """Begin a worksheet; with `preview`, only work it out."""
    form = NewWorksheetForm()
    if "preview" in request.form:
        worked = _work_out(form)
        return _new_page(form, worked=worked), 422 if worked is None else 200
    if form.validate():
        with form.refusals():
            task_id, customer_id = form.read_belongings()
            worksheet_id = operations.create_worksheet(
                title=form.title.data,
                text=form.text.data,
                task_id=task_id,
                customer_id=customer_id,
                actor=current_actor(),
                now=clock.now(),
                request_key=form.request_key,
            )
            say("Worksheet saved.", undo=True)
            return see_other("worksheets.show", worksheet_id=worksheet_id)
    return _new_page(form, worked=_work_out(form)), 422


@bp.post("/preview")
@few_of_a_person
def preview_new() -> ResponseReturnValue:
    """Answer a script with what the lines of a new worksheet come to."""
    return _answers(None)


@bp.get("/<int:worksheet_id>")
def show(worksheet_id: int) -> ResponseReturnValue:
    """Show a worksheet with what its lines come to now; with `use`, the lines of an earlier version."""
    newest = queries.get_version(worksheet_id=worksheet_id, actor=current_actor())
    used = request.args.get("use", "")
    text = None
    if used.isascii() and used.isdecimal():
        earlier = queries.get_version(worksheet_id=worksheet_id, number=int(used[:9]), actor=current_actor())
        text, used = earlier.text, str(earlier.number)
    form = WorksheetForm.of(newest, text=text)
    return _page(newest, form, worked=_work_out(form, newest), used=used if text is not None else None)


@bp.post("/<int:worksheet_id>")
def save(worksheet_id: int) -> ResponseReturnValue:
    """Save the next version; with `preview`, only work it out. Who was too late sees both texts and can choose."""
    newest = queries.get_version(worksheet_id=worksheet_id, actor=current_actor())
    form, is_late = WorksheetForm(), False
    if "preview" in request.form:
        worked = _work_out(form, newest)
        return _page(newest, form, worked=worked), 422 if worked is None else 200
    if form.validate():
        with form.refusals():
            try:
                number = operations.save_worksheet(
                    worksheet_id=worksheet_id,
                    title=form.title.data,
                    text=form.text.data,
                    version=form.version.data,
                    actor=current_actor(),
                    now=clock.now(),
                    request_key=form.request_key,
                )
                if number == newest.number:
                    say(f"Nothing has changed since version {number}.", kind="info")
                else:
                    say(f"Saved as version {number}.")
                return see_other("worksheets.show", worksheet_id=worksheet_id)
            except WorksheetEditedMeanwhile as late:
                newest = queries.get_version(worksheet_id=worksheet_id, actor=current_actor())
                form.show_late(late, version=newest.number)
                form.renew_request_key()
                is_late = True
    return _page(newest, form, worked=_work_out(form, newest), is_late=is_late), 409 if is_late else 422


@bp.post("/<int:worksheet_id>/preview")
@few_of_a_person
def preview(worksheet_id: int) -> ResponseReturnValue:
    """Answer a script with what the lines come to, beside what was saved last."""
    return _answers(queries.get_version(worksheet_id=worksheet_id, actor=current_actor()))


@bp.post("/<int:worksheet_id>/file")
def file(worksheet_id: int) -> ResponseReturnValue:
    """Say which task and customer a worksheet belongs to."""
    actor = current_actor()
    newest = queries.get_version(worksheet_id=worksheet_id, actor=actor)
    filing = FilingForm()
    _offer(filing, queries.get_worksheet(worksheet_id=worksheet_id, actor=actor))
    if filing.validate():
        with filing.refusals():
            operations.attach_worksheet(
                worksheet_id=worksheet_id,
                task_id=filing.task.number,
                customer_id=filing.customer.number,
                actor=actor,
                now=clock.now(),
            )
            say("The worksheet is filed.", undo=True)
            return see_other("worksheets.show", worksheet_id=worksheet_id)
    form = WorksheetForm.of(newest)
    return _page(newest, form, worked=_work_out(form, newest), filing=filing), 422


@bp.post("/<int:worksheet_id>/duplicate")
def duplicate(worksheet_id: int) -> ResponseReturnValue:
    """Begin another worksheet with the same text."""
    copy_id = operations.duplicate_worksheet(
        worksheet_id=worksheet_id, actor=current_actor(), now=clock.now(), request_key=Form().request_key
    )
    say("This is the copy. The other stays as it was.", undo=True)
    return see_other("worksheets.show", worksheet_id=copy_id)


@bp.post("/<int:worksheet_id>/delete")
def delete(worksheet_id: int) -> ResponseReturnValue:
    """Hide a worksheet."""
    operations.delete_worksheet(worksheet_id=worksheet_id, actor=current_actor(), now=clock.now())
    say("The worksheet is deleted. Its links lead nowhere now.", undo=True)
    return see_other("worksheets.index")


@bp.get("/<int:worksheet_id>/versions/<int:number>")
def version(worksheet_id: int, number: int) -> ResponseReturnValue:
    """Show one saved version, and what it changed."""
    actor = current_actor()
    row = queries.get_worksheet(worksheet_id=worksheet_id, actor=actor)
    shown = queries.get_version(worksheet_id=worksheet_id, number=number, actor=actor)
    before = queries.get_version(worksheet_id=worksheet_id, number=number - 1, actor=actor) if number > 1 else None
    earlier = (before.text, before.results) if before else None
    return render_template(
        "worksheets/version.html",
        worksheet=row,
        version=shown,
        rows=make_rows(shown.text, shown.results, earlier=earlier),
    )


@bp.get("/<int:worksheet_id>/versions/<int:number>/export.csv")
def export_csv(worksheet_id: int, number: int) -> ResponseReturnValue:
    """Send a version as a table."""
    shown = queries.get_version(worksheet_id=worksheet_id, number=number, actor=current_actor())
    return _file(shown, write_csv(shown), "csv", "text/csv")


@bp.get("/<int:worksheet_id>/versions/<int:number>/export.json")
def export_json(worksheet_id: int, number: int) -> ResponseReturnValue:
    """Send all that is kept of a version."""
    shown = queries.get_version(worksheet_id=worksheet_id, number=number, actor=current_actor())
    return _file(shown, write_json(shown), "json", "application/json")


@bp.get("/<int:worksheet_id>/versions/<int:number>/export.md")
def export_markdown(worksheet_id: int, number: int) -> ResponseReturnValue:
    """Send a version as a text with tables."""
    shown = queries.get_version(worksheet_id=worksheet_id, number=number, actor=current_actor())
    return _file(shown, write_markdown(shown.title, make_rows(shown.text, shown.results)), "md", "text/markdown")


@bp.post("/<int:worksheet_id>/versions/<int:number>/share")
def share(worksheet_id: int, number: int) -> ResponseReturnValue:
    """Make a link that opens a version for whoever has it."""
    token = operations.share_version(worksheet_id=worksheet_id, number=number, actor=current_actor(), now=clock.now())
    session[_SHOWN_ONCE] = [worksheet_id, token]
    return see_other("worksheets.show", worksheet_id=worksheet_id, _anchor="links")


@bp.post("/<int:worksheet_id>/links/<int:link_id>/withdraw")
def withdraw(worksheet_id: int, link_id: int) -> ResponseReturnValue:
    """Take a link back."""
    operations.withdraw_link(worksheet_id=worksheet_id, link_id=link_id, actor=current_actor())
    say("The link is withdrawn. It leads nowhere now.")
    return see_other("worksheets.show", worksheet_id=worksheet_id, _anchor="links")


@bp.get("/shared/<token>")
@public
@few_of_a_key("token")
def shared(token: str) -> ResponseReturnValue:
    """Show a version to whoever has its link."""
    opened = queries.open_link(token=token)
    page = render_template("worksheets/shared.html", sheet=opened, rows=make_rows(opened.text, opened.results))
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Where somebody goes from here learns nothing of the link.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _work_out(form: WorksheetForm, newest: WorksheetVersion | None = None) -> Worked | None:
    """Return what the lines of a form come to; None where there are none that can be."""
    try:
        text = form.read_text()
        kept_settings = newest.settings if newest else None
        return queries.work_out(text=text, actor=current_actor(), now=clock.now(), kept_settings=kept_settings)
    except InvalidInput as refusal:
        if refusal.message not in form.text.errors:
            form.refuse(refusal)
        return None


def _answers(newest: WorksheetVersion | None) -> ResponseReturnValue:
    form = WorksheetForm()
    worked = _work_out(form, newest)
    answers = render_template(
        "worksheets/_answers.html",
        rows=_rows(worked, newest),
        worked=worked,
        problems=form.text.errors,
        newest=newest,
    )
    return answers, 422 if worked is None else 200


def _rows(worked: Worked | None, newest: WorksheetVersion | None) -> tuple[Row, ...]:
    if worked is None:
        return ()
    return make_rows(worked.text, worked.results, earlier=(newest.text, newest.results) if newest else None)


def _new_page(form: NewWorksheetForm, *, worked: Worked | None) -> str:
    actor, (task_id, customer_id) = current_actor(), form.read_belongings()
    return render_template(
        "worksheets/new.html",
        form=form,
        worked=worked,
        rows=_rows(worked, None),
        problems=form.text.errors,
        task=get_task(task_id=task_id, actor=actor).title if task_id else None,
        customer=customers.get_customer(customer_id=customer_id, actor=actor).name if customer_id else None,
    )


def _page(
    newest: WorksheetVersion,
    form: WorksheetForm,
    *,
    worked: Worked | None,
    used: str | None = None,
    is_late: bool = False,
    filing: FilingForm | None = None,
) -> str:
    actor = current_actor()
    row = queries.get_worksheet(worksheet_id=newest.worksheet_id, actor=actor)
    if filing is None:
        filing = FilingForm.of(row)
        _offer(filing, row)
    return render_template(
        "worksheets/show.html",
        worksheet=row,
        newest=newest,
        form=form,
        worked=worked,
        rows=_rows(worked, newest),
        problems=form.text.errors,
        used=used,
        is_late=is_late,
        saved_rows=make_rows(newest.text, newest.results),
        filing=filing,
        versions=queries.list_versions(worksheet_id=row.id, actor=actor),
        links=queries.list_links(worksheet_id=row.id, actor=actor),
        address=_new_address(row.id),
    )


def _offer(filing: FilingForm, row: WorksheetRow) -> None:
    actor = current_actor()
    task = (row.task_id, row.task_title) if row.task_id and row.task_title else None
    customer = (row.customer_id, row.customer_name) if row.customer_id and row.customer_name else None
    filing.task.offer("None", list_tasks_to_choose(actor=actor), chosen=task)
    filing.customer.offer("None", customers.list_names(actor=actor), chosen=customer)


def _new_address(worksheet_id: int) -> str | None:
    """Return the address of the link that was just made, once."""
    match session.get(_SHOWN_ONCE):
        case [of_id, str(token)] if of_id == worksheet_id and request.method == "GET":
            session.pop(_SHOWN_ONCE)
            # Not as this request calls the site: other people keep these addresses.
            return f"{current_app.config['PUBLIC_URL']}{url_for('worksheets.shared', token=token)}"
    return None


def _file(shown: WorksheetVersion, content: str, ending: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    name = f"worksheet-{shown.worksheet_id}-version-{shown.number}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
