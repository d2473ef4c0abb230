"""Every form and every parameter, filled with what nobody means: it is taken as it is, or refused and shown again."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from markupsafe import escape
from werkzeug.test import TestResponse

from tests.cast import NOW, Person
from tests.page import check, csrf_token, error_of
from tests.repository.test_routes import PUBLIC, make_one_of_each, requests
from webapp.transfers.operations import uploads

# What people, programs and attackers send. Each stands for a family of its own.
WORDS = {
    "nothing": "",
    "blanks": " \t\r\n ",
    "NUL": "a\0b",
    "escape": "\x1b[31m",
    "right to left": "\u202etxt.exe",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 9,
    "full-width digits": "\uff11\uff12",
    "one that becomes many": "\ufdfa" * 150,
    "capital that grows": "\u0390" * 240,
    "marks in disorder": "a" + "\u0315\u0300" * 1_000,
    "long": "x" * 10_000,
    "markup": "\"'><script>alert(1)</script>{{7*7}}",
    "header": "a\r\nSet-Cookie: b=c",
    "formula": "=1+1",
    "elsewhere": "//evil.example/\\",
    "path": "../../etc/passwd%00",
    "list": '["a", {"b": null}]',
    "year 0": "0000-01-01",
    "year 99999": "99999-12-31",
    "30 February": "2026-02-30",
    "first day": "0001-01-01T00:00",
    "last day": "9999-12-31T23:59",
    "negative": "-5",
    "too large": "1e999",
    "not a number": "NaN",
    "2^63": "9223372036854775808",
    "400 digits": "9" * 400,
    "unknown": "__class__",
}
# Bytes that are no text at all.
BYTES = {"half a surrogate": b"\xed\xa0\x80", "not UTF-8": b"\xff\xfe", "overlong": b"\xc0\xaf"}
HOSTILE: dict[str, str | bytes] = {**WORDS, **BYTES}

ACCEPTABLE = {200, 303, 400, 404, 409, 413, 415, 422}
# They have broken something once: every field for words meets them. Each field also meets a few others in turn.
TELLING = ("NUL", "escape", "one that becomes many", "marks in disorder", "year 99999", "half a surrogate")
OTHERS_A_FIELD = 1
# What comes back is decided above the engine: on a server only what it might keep in another way.
MET_BY_WORDS = ("one that becomes many", "emoji") if "TEST_DATABASE_URL" in os.environ else TELLING

# They end the session that the test needs, and ask for nothing.
LEFT_ALONE = re.compile("/logout|/account/sessions/.*|/sample/.*")
# Made by us and never shown: they need not come back.
NOT_TYPED = {"csrf_token", "request_key", "next", "version", "held", "timezone"}
# What makes an empty form one that would be accepted, but for the field that is tried.
FILLED = {
    "duration": "1h",
    "email": "grace@example.com",
    "file": "",
    "name": "Grace",
    "operands": "2",
    "password": "a long enough password",
    "title": "Something to do",
}

IMPORTED = b"id,title,status,priority,person\n1,One,weird,odd,Zoe\n2,Two,open,high,Ada\n"

# The parameters of pages, and what else has to be there for them to be read.
PARAMETERS = {
    "/calculations": ("after", "use", "kept", "expression", "q", "kind", "outcome", "day", "task", "customer"),
    "/customers": ("q", "after", "created_from", "created_to", "archived"),
    "/login": ("next",),
    "/login/reset": ("key",),
    "/metrics": ("period", "who"),
    "/metrics/weekly?to=2026-11-20": ("from",),
    "/metrics/weekly?from=2026-11-20": ("to",),
    "/palette": ("q",),
    "/search": ("q",),
    "/tasks": ("status", "priority", "category", "tag", "due", "q", "sort", "after"),
    "/tasks/quick": ("text",),
    "/time": ("format",),
    "/timesheet": ("view", "from", "to", "row", "rows"),
    "/timesheet?view=list": ("person", "task", "category", "tag", "customer", "billable", "count", "rounding", "after"),
}


@dataclass
class FormOnPage:
    """A form as a page shows it: where it goes, what it holds, and which of its fields are for words."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


@pytest.mark.slow
def test_every_field_takes_it_or_comes_back_as_typed(app: Flask, ada: Person) -> None:
    others = cycle(HOSTILE)
    tried = 0
    for form in forms_of(app, ada):
        for name in form.fields:
            telling = MET_BY_WORDS if name in form.typed else ()
            for what in [*islice(others, OTHERS_A_FIELD), *telling]:
                try_one(app, ada, form, name, HOSTILE[what])
                tried += 1
    # There are forms, or this has shown nothing.
    assert tried > 200


def try_one(app: Flask, person: Person, form: FormOnPage, name: str, value: str | bytes) -> None:
    """Send a form with one hostile field."""
    # Without its key: with it the second sending would only be told what became of the first.
    fields: dict[str, str | bytes] = {**form.fields, name: value}
    if name != "request_key":
        fields.pop("request_key", None)
    answer = send(app, person, form.action, fields)
    if answer.status_code == 409 and "version" in fields and name != "version":
        # What was tried before has been saved: this form is of the version before.
        page = BeautifulSoup(answer.text, "html.parser")
        form.fields["version"] = fields["version"] = next(shown(page, form.action, "version"))
        answer = send(app, person, form.action, fields)
    about = f"{form.action} with {value[:40]!r} in {name}"
    assert answer.status_code in ACCEPTABLE, f"{about} gave {answer.status_code}"
    check_harmless(answer, about)
    if isinstance(value, bytes):
        assert answer.status_code in (422, 404), about
        page = check(answer)
        assert answer.status_code == 404 or name == "request_key" or "not UTF-8" in error_of(page, name), about
    elif answer.status_code == 422 and name in form.typed:
        typed = as_kept(value)
        assert typed in map(as_kept, shown(check(answer), form.action, name)), f"{about} lost it"


def test_what_people_wrote_is_shown_and_does_nothing(app: Flask, ada: Person) -> None:
    belongings = make_one_of_each(ada)
    markup = WORDS["markup"]
    for form in forms_of(app, ada):
        if form.typed and not form.action.startswith(("/login", "/register")):
            words = form.typed - {"breaks", "duration", "email", "estimate", "operands", "zone"}
            send(app, ada, form.action, {**form.fields, **dict.fromkeys(words, markup)})

    shown_on = []
    for _rule, method, path in requests(app, belongings):
        if method == "GET":
            answer = ada.client.get(path)
            if answer.mimetype == "text/html":
                check_harmless(answer, path)
                shown_on += [path] * (str(escape(markup)) in answer.text)
            answer.close()
    assert {"/customers", "/tasks", "/timesheet", "/account"} <= set(shown_on)


def test_every_parameter_takes_it_or_says_what_is_wrong(app: Flask, ada: Person) -> None:
    others = cycle(HOSTILE)
    visitor = app.test_client()
    for page, names in PARAMETERS.items():
        client = visitor if page.startswith("/login") else ada.client
        for name in names:
            for what in [*islice(others, OTHERS_A_FIELD), *TELLING]:
                address = f"{page}{'&' if '?' in page else '?'}{urlencode({name: HOSTILE[what]})}"
                answer = client.get(address)
                assert answer.status_code in ACCEPTABLE, f"{address} gave {answer.status_code}"
                check_harmless(answer, address)
                if isinstance(HOSTILE[what], bytes):
                    # Public pages have no filters to give back.
                    assert answer.status_code == (400 if page in ("/login", "/login/reset", "/time") else 422), address


@pytest.mark.parametrize(
    "content_type, body",
    [
        ("application/json", b'[{"title": null}]'),
        ("text/plain", b"title=One"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\xff\r\n--x"),
        ("application/x-www-form-urlencoded", b"title=One&title=Two&title[]=3&title[a]=4&" + b"a=&" * 10_000),
        ("application/x-www-form-urlencoded", b"title=" + b"x" * 1_000_000),
    ],
    ids=["JSON", "plain", "no boundary", "odd parts", "many fields", "a megabyte"],
)
def test_every_form_takes_forms_only(app: Flask, ada: Person, content_type: str, body: bytes) -> None:
    belongings = make_one_of_each(ada)
    for rule, method, path in requests(app, belongings):
        if method != "POST" or LEFT_ALONE.fullmatch(path):
            continue
        client = app.test_client() if rule.endpoint in PUBLIC else ada.client
        answer = client.post(path, data=body, content_type=content_type, headers={"X-CSRFToken": csrf_token(client)})
        assert answer.status_code in ACCEPTABLE, f"{path} gave {answer.status_code}"
        check_harmless(answer, path)


def forms_of(app: Flask, person: Person) -> list[FormOnPage]:
    """Return every form that sends something, once, from all pages of a person who has one of everything."""
    belongings = make_one_of_each(person)
    belongings["import_id"] = uploads.begin_import(
        filename="tasks.csv", stream=io.BytesIO(IMPORTED), actor=person.actor, now=NOW
    )
    found: dict[str, FormOnPage] = {}
    for client in (app.test_client(), person.client):
        for _rule, method, path in requests(app, belongings):
            if method == "GET":
                with client.get(path) as answer:
                    page = BeautifulSoup(answer.get_data() if answer.mimetype == "text/html" else "", "html.parser")
                for read in map(read_form, page.find_all("form", method="post")):
                    if not LEFT_ALONE.fullmatch(read.action):
                        found.setdefault(read.action, read)
    # What asks for nothing may put away what the others are about.
    return sorted(found.values(), key=lambda form: not form.typed)


def read_form(form: Tag) -> FormOnPage:
    """Return what sending a form as it is would send; what is empty and needed is filled in."""
    read = FormOnPage(str(form["action"]))
    for control in form.find_all(["input", "select", "textarea", "button"]):
        name = str(control.get("name", ""))
        if not name or name == "csrf_token":
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            value = str(chosen.get("value", "")) if chosen else ""
        else:
            value = shown_by(control)
        read.fields[name] = value or FILLED.get(name, "")
        is_for_words = control.name == "textarea" or control.get("type") in ("text", "search", "email", "tel")
        if is_for_words and name not in NOT_TYPED:
            read.typed.add(name)
    return read


def send(app: Flask, person: Person, action: str, fields: dict[str, str | bytes]) -> TestResponse:
    """Send a form as a browser would, signed in or not as the page was; bytes go as they are."""
    client = app.test_client() if action.startswith(("/login", "/register")) else person.client
    body = urlencode({**fields, "csrf_token": csrf_token(client)})
    return client.post(action, data=body, content_type="application/x-www-form-urlencoded")


def check_harmless(answer: TestResponse, about: str) -> None:
    """Assert that nothing of what was sent acts: as markup, as a header, or as somewhere to go."""
    assert "<script>alert" not in answer.text, about
    for name, value in answer.headers:
        assert value.isprintable(), f"{about}: {name} is {value!r}"
        assert not (name == "Location" and value.startswith(("//", "http:", "https:"))), f"{about}: {value}"


def shown(page: BeautifulSoup, action: str, name: str) -> Iterator[str]:
    """Yield what the fields of one name in the form show."""
    for form in page.find_all("form", action=action):
        yield from map(shown_by, form.find_all(["input", "textarea"], attrs={"name": name}))


def shown_by(control: Tag) -> str:
    return control.text.removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))


def as_kept(value: str) -> str:
    """White space around words, and more of it between them than one blank, is nobody's intention."""
    return " ".join(value.split())
