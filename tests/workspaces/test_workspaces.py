"""Belonging to workspaces: one's own, those of others, and people whom a file named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, PASSWORD, Person, make_person
from tests.page import Visit, counted_statements, words
from webapp.accounts.models import LoginSession, User
from webapp.accounts.operations import start_session
from webapp.errors import InvalidInput, NotFound
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.actor import Actor
from webapp.workspaces import operations, queries
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.queries import Viewer
from webapp.workspaces.rules import LONGEST_WORKSPACE_NAME, Role, personal_workspace_name


def register(name: str = "Dora", email: str = "dora@example.com") -> int:
    """Make somebody with an account and return their id."""
    return operations.register(name=name, email=email, password=PASSWORD, timezone="UTC", now=NOW)


def own_workspace_id(user_id: int) -> int:
    """The id of somebody's personal workspace."""
    return db.session.scalars(select(Workspace.id).where(Workspace.personal_user_id == user_id)).one()


def viewer_of(user_id: int, *, now: datetime = NOW) -> tuple[Viewer, str]:
    """Sign somebody in; return how a page knows them, and the key."""
    key = start_session(user_id=user_id, is_remembered=True, user_agent="", now=now)
    viewer = queries.find_viewer(session_key=key, now=now)
    assert viewer is not None
    return viewer, key


@pytest.mark.usefixtures("app")
def test_register_makes_a_workspace_of_ones_own() -> None:
    user_id = register("Dora")

    viewer, _ = viewer_of(user_id)
    assert viewer.workspace_name == "Dora’s work"
    assert viewer.workspaces == [(own_workspace_id(user_id), "Dora’s work")]
    assert viewer.initials == "D"
    assert db.session.scalars(select(Membership.role)).all() == [Role.OWNER]


def test_enter_moves_this_browser_to_another_workspace(visit: Visit, ada: Person) -> None:
    user_id = register()
    operations.add_member(workspace_id=ada.workspace_id, email="dora@example.com", now=NOW)
    viewer, key = viewer_of(user_id)
    assert viewer.workspace_id == own_workspace_id(user_id)
    _, other_key = viewer_of(user_id)

    operations.enter(workspace_id=ada.workspace_id, session_id=viewer.session_id, actor=actor_of(viewer))

    moved = queries.find_viewer(session_key=key, now=NOW)
    elsewhere = queries.find_viewer(session_key=other_key, now=NOW)
    assert moved is not None
    assert elsewhere is not None
    assert (moved.workspace_id, moved.workspace_name) == (ada.workspace_id, "Ada Lovelace")
    assert [number for number, _ in moved.workspaces] == [own_workspace_id(user_id), ada.workspace_id]
    assert elsewhere.workspace_id == own_workspace_id(user_id)


def test_enter_by_the_page(visit: Visit, ada: Person, cy: Person) -> None:
    operations.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)

    visit.send(f"/workspaces/{ada.workspace_id}/enter", as_=cy)

    db.session.rollback()
    entered = db.session.scalars(select(LoginSession.workspace_id).where(LoginSession.user_id == cy.user_id)).one()
    assert entered == ada.workspace_id


def test_every_page_offers_the_other_workspaces(visit: Visit, ada: Person, cy: Person) -> None:
    operations.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)

    page = visit("/customers", as_=cy)

    offered = page.select(".menu__sheet form[action$='/enter']")
    assert [str(form["action"]) for form in offered] == [f"/workspaces/{ada.workspace_id}/enter"]
    assert "Go to Ada Lovelace" in words(offered[0])
    assert visit("/customers", as_=ada).select(".menu__sheet form[action$='/enter']") == []


@pytest.mark.parametrize("workspace_id", [0, 2**31, 2**64])
def test_a_workspace_that_is_not_there_cannot_be_entered(visit: Visit, cy: Person, workspace_id: int) -> None:
    visit.send(f"/workspaces/{workspace_id}/enter", as_=cy, status=404)


def test_a_stranger_cannot_enter(visit: Visit, ada: Person, cy: Person) -> None:
    visit.send(f"/workspaces/{ada.workspace_id}/enter", as_=cy, status=404)

    viewer, _ = viewer_of(cy.user_id)
    with pytest.raises(NotFound):
        operations.enter(workspace_id=ada.workspace_id, session_id=viewer.session_id, actor=cy.actor)


def test_nobody_enters_by_somebody_elses_session(ada: Person, ben: Person) -> None:
    viewer, key = viewer_of(ada.user_id)
    with transaction():
        workspace = Workspace(name="Shared", created_at=NOW)
        db.session.add(workspace)
        db.session.flush()
        db.session.add(Membership(workspace_id=workspace.id, user_id=ben.user_id, role=Role.MEMBER, joined_at=NOW))
    workspace_id = workspace.id

    operations.enter(workspace_id=workspace_id, session_id=viewer.session_id, actor=ben.actor)

    still = queries.find_viewer(session_key=key, now=NOW)
    assert still is not None
    assert still.workspace_id == ada.workspace_id


def test_whoever_belongs_to_a_workspace_no_more_is_back_in_their_own(ada: Person) -> None:
    user_id = register()
    operations.add_member(workspace_id=ada.workspace_id, email="dora@example.com", now=NOW)
    viewer, key = viewer_of(user_id)
    operations.enter(workspace_id=ada.workspace_id, session_id=viewer.session_id, actor=actor_of(viewer))
    with transaction():
        db.session.delete(db.session.get_one(Membership, (ada.workspace_id, user_id)))

    back = queries.find_viewer(session_key=key, now=NOW)

    assert back is not None
    assert back.workspace_id == own_workspace_id(user_id)


def test_add_member_changes_nothing_for_who_is_in_it_already(ada: Person, ben: Person) -> None:
    operations.add_member(workspace_id=ada.workspace_id, email=" ADA@example.com", now=NOW)
    operations.add_member(workspace_id=ada.workspace_id, email=ben.email, now=NOW)

    roles = dict(db.session.execute(select(Membership.user_id, Membership.role)).all())
    assert roles == {ada.user_id: Role.OWNER, ben.user_id: Role.MEMBER}


def test_add_placeholder_finds_the_same_name_again(ada: Person, cy: Person) -> None:
    first = operations.add_placeholder(name="Paul  Erdős", actor=ada.actor, now=NOW)

    assert operations.add_placeholder(name=" paul erdős ", actor=ada.actor, now=NOW) == first
    assert operations.add_placeholder(name="Paul", actor=ada.actor, now=NOW) != first
    assert operations.add_placeholder(name="Paul Erdős", actor=cy.actor, now=NOW) != first
    assert [person.name for person in queries.list_people(actor=ada.actor)] == ["Ada Lovelace", "Paul", "Paul Erdős"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b"])
def test_add_placeholder_refuses_what_is_no_name(ada: Person, name: str) -> None:
    with pytest.raises(InvalidInput):
        operations.add_placeholder(name=name, actor=ada.actor, now=NOW)


def test_a_placeholder_opens_nothing(ada: Person) -> None:
    user_id = operations.add_placeholder(name="Paul", actor=ada.actor, now=NOW)
    key = start_session(user_id=user_id, is_remembered=True, user_agent="", now=NOW)

    assert queries.find_viewer(session_key=key, now=NOW) is None


def test_who_is_asking_costs_one_statement_however_many_workspaces(app: Flask, ada: Person) -> None:
    for number in range(5):
        other = make_person(app, name=f"P{number}", email=f"p{number}@example.com")
        operations.add_member(workspace_id=other.workspace_id, email=ada.email, now=NOW)
    now = datetime.now(UTC)
    _, key = viewer_of(ada.user_id, now=now)

    db.session.rollback()
    with counted_statements() as statements:
        operations.recognise(session_key=key, now=now + timedelta(minutes=4))

    assert len([statement for statement in statements if statement != "BEGIN"]) == 1


@pytest.mark.parametrize("key", ["", "x", "🦊", "a" * 10_000, "' OR 1=1 --"])
@pytest.mark.usefixtures("ada")
def test_a_key_that_was_never_given_opens_nothing(key: str) -> None:
    assert queries.find_viewer(session_key=key, now=NOW) is None


@pytest.mark.parametrize("name", ["Ada", "Hans", "x" * 120, "🦊"])
def test_the_name_of_a_personal_workspace_fits(name: str) -> None:
    assert len(personal_workspace_name(name)) <= LONGEST_WORKSPACE_NAME


def test_list_workspaces_counts_people(app: Flask, ada: Person, ben: Person, cy: Person) -> None:
    people = {row.name: row.people for row in queries.list_workspaces()}

    assert people == {"Ada Lovelace": 2, "Cy Stranger": 1}
    assert db.session.scalar(select(func.count()).select_from(User)) == 3


def actor_of(viewer: Viewer) -> Actor:
    """The viewer as operations take them."""
    return Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)
