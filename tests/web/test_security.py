"""What every answer carries and every request must pass."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from tests.cast import Person
from tests.page import Visit, csrf_token, words
from webapp.customers import queries

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/customers", "/health", "/nowhere", "/time?format=x", "/static/x/app.css"])
def test_every_answer_carries_the_headers(app: Flask, ada: Person, path: str) -> None:
    headers = ada.client.get(path).headers

    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_pages_are_not_kept_and_files_are_for_a_year(app: Flask, ada: Person) -> None:
    version = app.extensions["assets"]["version"]

    assert ada.client.get("/customers").headers["Cache-Control"] == "no-store"
    assert "immutable" in ada.client.get(f"/static/{version}/app.css").headers["Cache-Control"]
    assert "immutable" not in ada.client.get("/static/older/app.css").headers["Cache-Control"]


def test_a_form_without_its_token_changes_nothing(app: Flask, ada: Person) -> None:
    answer = ada.client.post("/customers", data={"name": "Forged"})

    assert answer.status_code == 400
    assert queries.list_customers(actor=ada.actor).rows == []


def test_a_form_with_another_persons_token_changes_nothing(app: Flask, ada: Person, cy: Person) -> None:
    csrf_token(ada.client)
    answer = ada.client.post("/customers", data={"name": "Forged", "csrf_token": csrf_token(cy.client)})

    assert answer.status_code == 400
    assert queries.list_customers(actor=ada.actor).rows == []


def test_pages_ask_for_a_login(visit: Visit) -> None:
    answer = visit._client(None).get("/customers?q=a")

    assert answer.status_code == 303
    assert "next=" in answer.location


def test_what_is_refused_for_want_of_a_login_can_be_named_too(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/customers").headers["X-Request-Id"]
    assert client.post("/customers").headers["X-Request-Id"]


def test_a_visitors_unreadable_address_is_refused_and_not_kept_for_after_the_login(app: Flask) -> None:
    assert app.test_client().get("/customers?q=%ED%A0%80").status_code == 400


@pytest.mark.parametrize("address", ["http://[", "http://[::1", "//[x]y", "\x7f", "null"])
def test_addresses_in_headers_that_are_none_are_no_error_of_ours(app: Flask, address: str) -> None:
    client = app.test_client()

    assert client.post("/customers", data={"name": "Ada"}, headers={"Origin": address}).status_code == 303
    asked = client.get("/customers", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert asked.status_code == 401
    assert asked.headers["HX-Redirect"].startswith("/login")


def test_bytes_that_are_not_utf8_are_refused_and_not_replaced(app: Flask, ada: Person, visit: Visit) -> None:
    assert ada.client.get("/customers?q=%ff").status_code == 422
    # The replacement character itself may be typed.
    assert ada.client.get("/customers?q=%EF%BF%BD").status_code == 200

    body = f"csrf_token={csrf_token(ada.client)}&name=%ff".encode()
    answer = ada.client.post("/customers", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 422
    assert queries.list_customers(actor=ada.actor).rows == []


def test_what_is_no_form_is_refused_by_name(app: Flask, ada: Person) -> None:
    answer = ada.client.post("/customers", json=[{"name": "Ada"}], headers={"X-CSRFToken": csrf_token(ada.client)})

    assert answer.status_code == 415
    assert queries.list_customers(actor=ada.actor).rows == []


def test_a_form_that_is_too_large_is_refused_kindly(app: Flask, ada: Person, visit: Visit) -> None:
    answer = visit.post("/customers", {"name": "x", "notes": "y" * 2_000_000}, as_=ada)

    assert answer.status_code == 413
    assert words(visit("/nowhere", as_=ada, status=404).h1)


def test_a_form_with_ten_thousand_fields_is_refused(app: Flask, ada: Person, visit: Visit) -> None:
    answer = visit.post("/customers", {f"f{number}": "x" for number in range(10_000)}, as_=ada)

    assert answer.status_code in (413, 422)
    assert queries.list_customers(actor=ada.actor).rows == []


def test_half_a_form_saves_nothing(app: Flask, ada: Person) -> None:
    body = f"csrf_token={csrf_token(ada.client)}&name=Half+a+na".encode()
    answer = ada.client.post(
        "/customers",
        input_stream=BytesIO(body),
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 10), "wsgi.input_terminated": True},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400
    assert queries.list_customers(actor=ada.actor).rows == []


def test_the_beginning_of_a_form_in_chunks_saves_nothing(app: Flask, ada: Person) -> None:
    body = f"csrf_token={csrf_token(ada.client)}&name=Half&more=".encode() + b"x" * 2_000_000
    answer = ada.client.post(
        "/customers",
        input_stream=BytesIO(body),
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
    assert queries.list_customers(actor=ada.actor).rows == []


class BrokenChunks:
    """What a server gives whose client sends chunks that are none."""

    def read(self, _size: int = -1) -> bytes:
        """Fail, not in the way that files do."""
        raise RuntimeError("Invalid chunk size")


def test_chunks_that_cannot_be_read_are_the_senders_fault(app: Flask, ada: Person) -> None:
    answer = ada.client.post(
        "/customers",
        environ_overrides={
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": BrokenChunks(),
            "wsgi.input_terminated": True,
        },
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["/customers/0", "/customers/99999999999999999999999", "/customers/-1", "/customers/%00", "/customers/1e3"]
)
def test_odd_ids_are_not_found(visit: Visit, ada: Person, path: str) -> None:
    visit(path, as_=ada, status=404)


def test_small_doors(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/hello").json == {"message": "Hello from DevTrackr"}
    assert client.get("/time").json["time"].endswith("Z")  # type: ignore[index]
    assert isinstance(client.get("/time?format=seconds").json["time"], int)  # type: ignore[index]
    assert client.get("/time?format=roman").status_code == 422
