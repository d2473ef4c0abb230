"""Categories and tags as a file of ours tells of them."""

from __future__ import annotations

from sqlalchemy import select

from tests.cast import Person
from webapp.storage.db import db
from webapp.tasks.models import Category, Tag
from webapp.tasks.operations import intake_labels


def hues() -> tuple[int | None, int | None]:
    category, tag = db.session.scalars(select(Category.hue)).one(), db.session.scalars(select(Tag.hue)).one()
    return category, tag


def test_a_category_and_a_tag_of_one_name_have_each_their_hue(ada: Person) -> None:
    intake_labels.take_in_labels(categories={"Home": 5}, tags={"home": None}, actor=ada.actor)

    assert hues() == (5, None)


def test_what_is_here_keeps_its_hue(ada: Person) -> None:
    intake_labels.take_in_labels(categories={"Home": 5}, tags={"home": 2}, actor=ada.actor)
    intake_labels.take_in_labels(categories={"home": 7}, tags={"Home": 3}, actor=ada.actor)

    assert hues() == (5, 2)
