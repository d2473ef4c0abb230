"""A form with bytes that are no text comes back with all that could be read."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from tests.cast import Person
from tests.page import check, csrf_token, error_of
from webapp.storage.db import db
from webapp.tasks.models import Task


def test_what_can_be_read_comes_back_and_what_cannot_has_a_sentence(ada: Person) -> None:
    fields = {
        "csrf_token": csrf_token(ada.client),
        "title": b"Caf\xe9 for two",
        "description": "Crème",
        "next": "/today",
    }

    answer = ada.client.post("/tasks", data=urlencode(fields), content_type="application/x-www-form-urlencoded")

    page = check(answer)
    assert answer.status_code == 422
    assert "not UTF-8" in error_of(page, "title")
    shown = {str(field["name"]): field.get("value") for field in page.select("form input")}
    assert shown["title"] == "Caf\ufffd for two"
    assert (shown["description"], shown["next"]) == ("Crème", "/today")
    assert db.session.scalars(select(Task)).all() == []

    # Typed again it is what it was meant to be.
    again = {**shown, "title": "Café for two"}
    assert ada.client.post(str(page.select("form")[0]["action"]), data=again).status_code == 303
    task = db.session.scalars(select(Task)).one()
    assert (task.title, task.description) == ("Café for two", "Crème")


def test_a_password_is_not_shown_again(ada: Person) -> None:
    fields = {"csrf_token": csrf_token(ada.client), "name": b"\xff", "password": "correct horse"}

    answer = ada.client.post("/account", data=urlencode(fields), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert "correct horse" not in answer.text
    assert "Type it again" in error_of(check(answer), "password")


def test_an_upload_with_unreadable_words_is_not_taken(ada: Person) -> None:
    token = csrf_token(ada.client).encode()
    part = b"--x\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n"
    body = part % (b"csrf_token", token) + part % (b"source", b"a\xffb") + b"--x--\r\n"

    answer = ada.client.post("/tasks/import", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert "not UTF-8" in error_of(check(answer), "source")


def test_a_stranger_to_the_page_gets_nothing_back(ada: Person) -> None:
    fields = {"csrf_token": "another", "title": b"\xff", "description": "kept"}

    answer = ada.client.post("/tasks", data=urlencode(fields), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert "kept" not in answer.text


def test_the_filters_of_a_page_come_back_with_what_can_be_read(ada: Person) -> None:
    answer = ada.client.get("/tasks?q=caf%e9&status=todo&category=Cr%C3%A8me")

    page = check(answer)
    assert answer.status_code == 422
    assert "not UTF-8" in error_of(page, "q")
    shown = {str(field["name"]): field["value"] for field in page.select("form input")}
    assert shown == {"q": "caf\ufffd", "status": "todo", "category": "Crème"}
    (form,) = page.select("form")
    assert (form["method"], form["action"]) == ("get", "/tasks")
    assert ada.client.get("/tasks", query_string={**shown, "q": "café", "category": ""}).status_code == 200


def test_an_address_that_nobody_filters_by_is_refused(app: Flask, ada: Person) -> None:
    assert ada.client.get("/tasks?q=%ff", headers={"Accept": "application/json"}).status_code == 400
    visitor = app.test_client()
    assert visitor.get("/login?next=%ff").status_code == 400
    assert visitor.get("/tasks?q=%ff").status_code == 400
