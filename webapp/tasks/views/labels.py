"""Categories and tags as things of their own: a list with counts, and a page to change, merge and delete one."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import LabelNotFound
from webapp.tasks.forms.labels import LabelForm, MergeForm
from webapp.tasks.operations import labels as operations
from webapp.tasks.queries import labels as queries
from webapp.tasks.rules.labels import Kind
from webapp.values.text import counted
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other

bp = Blueprint("labels", __name__)


@bp.get("/categories")
def categories() -> ResponseReturnValue:
    """List categories."""
    return _list_page(Kind.CATEGORY)


@bp.get("/tags")
def tags() -> ResponseReturnValue:
    """List tags."""
    return _list_page(Kind.TAG)


@bp.get("/categories/<int:category_id>")
def category(category_id: int) -> ResponseReturnValue:
    """Show one category."""
    return _page(Kind.CATEGORY, category_id)


@bp.get("/tags/<int:tag_id>")
def tag(tag_id: int) -> ResponseReturnValue:
    """Show one tag."""
    return _page(Kind.TAG, tag_id)


@bp.post("/categories/<int:category_id>")
def save_category(category_id: int) -> ResponseReturnValue:
    """Rename a category, give it a colour."""
    return _save(Kind.CATEGORY, category_id)


@bp.post("/tags/<int:tag_id>")
def save_tag(tag_id: int) -> ResponseReturnValue:
    """Rename a tag, give it a colour."""
    return _save(Kind.TAG, tag_id)


@bp.post("/categories/<int:category_id>/merge")
def merge_category(category_id: int) -> ResponseReturnValue:
    """Put all tasks of a category under another."""
    return _merge(Kind.CATEGORY, category_id)


@bp.post("/tags/<int:tag_id>/merge")
def merge_tag(tag_id: int) -> ResponseReturnValue:
    """Put all tasks of a tag under another."""
    return _merge(Kind.TAG, tag_id)


@bp.post("/categories/<int:category_id>/delete")
def delete_category(category_id: int) -> ResponseReturnValue:
    """Delete a category."""
    return _delete(Kind.CATEGORY, category_id)


@bp.post("/tags/<int:tag_id>/delete")
def delete_tag(tag_id: int) -> ResponseReturnValue:
    """Delete a tag."""
    return _delete(Kind.TAG, tag_id)


_LISTS = {Kind.CATEGORY: "labels.categories", Kind.TAG: "labels.tags"}


def _list_page(kind: Kind) -> str:
    labels = queries.list_labels(kind=kind, actor=current_actor())
    return render_template("labels/index.html", kind=kind, labels=labels, most=queries.MOST_SHOWN)


def _save(kind: Kind, label_id: int) -> ResponseReturnValue:
    form, actor = LabelForm(), current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    queries.get_label(kind=kind, label_id=label_id, actor=actor)
    if form.validate():
        with form.refusals():
            operations.save_label(
                kind=kind, label_id=label_id, name=form.name.data, hue=form.read_hue(), actor=actor, now=clock.now()
            )
            say(f"{kind.capitalize()} saved.", undo=True)
            return see_other(_LISTS[kind])
    return _page(kind, label_id, form=form), 422


def _merge(kind: Kind, label_id: int) -> ResponseReturnValue:
    form, actor = MergeForm(), current_actor()
    label = queries.get_label(kind=kind, label_id=label_id, actor=actor)
    with form.refusals():
        try:
            moved = operations.merge_labels(
                kind=kind, label_id=label_id, into_id=form.read(), actor=actor, now=clock.now()
            )
        except LabelNotFound as gone:
            form.refuse_into(gone)
        else:
            say(f"Merged “{label.name}”: {counted(moved, 'task')} moved.", undo=True)
            return see_other(_LISTS[kind])
    return _page(kind, label_id, merge_form=form), 422


def _delete(kind: Kind, label_id: int) -> ResponseReturnValue:
    actor = current_actor()
    label = queries.get_label(kind=kind, label_id=label_id, actor=actor)
    lost = operations.delete_label(kind=kind, label_id=label_id, actor=actor, now=clock.now())
    kept = f" {counted(lost, 'task')} had it, and {'stays' if lost == 1 else 'stay'}." if lost else ""
    say(f"Deleted “{label.name}”.{kept}", undo=True)
    return see_other(_LISTS[kind])


def _page(kind: Kind, label_id: int, *, form: LabelForm | None = None, merge_form: MergeForm | None = None) -> str:
    actor = current_actor()
    label = queries.get_label(kind=kind, label_id=label_id, actor=actor)
    form = form or LabelForm.of(kind, name=label.name, hue=label.hue)
    form.offer_hues(kind)
    merge_form = merge_form or MergeForm(formdata=None)
    merge_form.offer(queries.list_names(kind=kind, actor=actor, but_not=label_id))
    return render_template("labels/show.html", kind=kind, label=label, form=form, merge_form=merge_form)
