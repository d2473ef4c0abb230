"""Files of a task: which are kept, under which name, and that they are only ever taken, never shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.http import parse_options_header

from tests.cast import NOW, Person, make_task
from tests.page import Visit, counted_statements, csrf_token, words
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import last_change_id
from webapp.tasks.errors import FileNotFound, TaskNotFound
from webapp.tasks.models import Attachment
from webapp.tasks.operations import files as operations
from webapp.tasks.operations import tasks
from webapp.tasks.queries import files as queries
from webapp.tasks.rules import files as rules
from webapp.tasks.rules.files import LONGEST_FILENAME, MOST_FILE_BYTES, check_room, clean_filename, media_type_of
from webapp.values.size import format_size

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF = b"%PDF-1.7\n"


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("report.pdf", "report.pdf"),
        ("Écran d’accueil.png", "Écran d’accueil.png"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\a.txt", "a.txt"),
        ("a\0b.txt", "a_b.txt"),
        ("a\r\nSet-Cookie: b=c.txt", "a__Set-Cookie_ b=c.txt"),
        ('a"; filename="evil.exe.txt', "a__ filename=_evil.exe.txt"),
        ("\u202egpj.exe", "_gpj.exe"),
        ("  a  b .txt ", "a b.txt"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        (".htaccess", "htaccess"),
        ("evil.exe. . ", "evil.exe"),
        ("x" * 400 + ".pdf", "x" * (LONGEST_FILENAME - 4) + ".pdf"),
        ("\U0001f468.txt", "\U0001f468.txt"),
        ("שלום.txt", "שלום.txt"),
    ],
)
def test_clean_filename(sent: str, kept: str) -> None:
    assert clean_filename(sent) == kept


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_its_name_is_short_and_plain(sent: str) -> None:
    name = clean_filename(sent)

    assert 0 < len(name) <= LONGEST_FILENAME
    assert clean_filename(name) == name
    assert not set(name) & set('/\\"\r\n\0;<>|:*?\u202e')


@pytest.mark.parametrize(
    "name, content, media_type",
    [
        ("a.png", PNG, "image/png"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.webp", b"RIFF1234WEBPVP8 ", "image/webp"),
        ("a.docx", b"PK\x03\x04xx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.txt", "grüße".encode(), "text/plain; charset=utf-8"),
        ("a.txt", "grüße".encode("latin-1"), "text/plain; charset=utf-8"),
        ("a.csv", b"\xef\xbb\xbfa;b", "text/csv; charset=utf-8"),
    ],
)
def test_media_type_of_what_is_kept(name: str, content: bytes, media_type: str) -> None:
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.png", b""),
        ("a.png", PDF),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.webp", b"RIFF1234WAVE"),
        ("a.txt", b"MZ\x90\0\x03"),
        ("a.txt", PNG),
        ("a.html", b"<p>"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.exe", b"MZ"),
        ("a.js", b"alert(1)"),
        ("a.pdf.exe", PDF),
        ("pdf", PDF),
        ("noending", b"text"),
        ("a.txt", b"x" * (MOST_FILE_BYTES + 1)),
    ],
)
def test_what_is_not_kept_gets_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        media_type_of(name, content)

    assert refusal.value.field == "file"


def test_check_room_counts_files_and_bytes() -> None:
    check_room(size_bytes=1, used_bytes=rules.MOST_TASK_BYTES - 1, files=rules.MOST_FILES - 1)
    with pytest.raises(InvalidInput, match="at most 50 files"):
        check_room(size_bytes=1, used_bytes=0, files=rules.MOST_FILES)
    with pytest.raises(InvalidInput, match="1 MB are left"):
        check_room(size_bytes=2**21, used_bytes=rules.MOST_TASK_BYTES - 2**20, files=1)


@pytest.mark.parametrize(
    "size_bytes, text", [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (2048, "2 kB"), (5 * 2**20, "5 MB")]
)
def test_format_size(size_bytes: int, text: str) -> None:
    assert format_size(size_bytes) == text


def test_a_file_is_kept_byte_by_byte(ada: Person) -> None:
    task, content = make_task(ada), PDF + bytes(range(256)) * 100

    file_id = operations.add_file(task_id=task.id, filename="a.pdf", content=content, actor=ada.actor, now=NOW)

    db.session.rollback()
    assert queries.get_file(file_id=file_id, actor=ada.actor).content == content


def test_a_list_of_files_does_not_read_them(ada: Person) -> None:
    task = make_task(ada)
    operations.add_file(task_id=task.id, filename="a.pdf", content=PDF, actor=ada.actor, now=NOW)
    db.session.rollback()

    with counted_statements() as statements:
        assert [row.name for row in queries.list_files(task_id=task.id, actor=ada.actor)] == ["a.pdf"]

    assert not any("content" in statement for statement in statements)


def test_files_do_not_exist_for_a_stranger(ada: Person, cy: Person, visit: Visit) -> None:
    task = make_task(ada)
    file_id = operations.add_file(task_id=task.id, filename="a.pdf", content=PDF, actor=ada.actor, now=NOW)

    with pytest.raises(TaskNotFound):
        operations.add_file(task_id=task.id, filename="a.pdf", content=PDF, actor=cy.actor, now=NOW)
    with pytest.raises(FileNotFound):
        operations.delete_file(file_id=file_id, actor=cy.actor, now=NOW)
    assert cy.client.get(f"/files/{file_id}").status_code == 404
    assert queries.list_files(task_id=task.id, actor=cy.actor) == []


def test_a_deleted_file_is_gone_and_comes_back_by_undo(ada: Person) -> None:
    task = make_task(ada)
    file_id = operations.add_file(task_id=task.id, filename="a.pdf", content=PDF, actor=ada.actor, now=NOW)

    operations.delete_file(file_id=file_id, actor=ada.actor, now=NOW)
    with pytest.raises(FileNotFound):
        queries.get_file(file_id=file_id, actor=ada.actor)
    change_id = last_change_id()
    assert change_id is not None
    undo_change(change_id=change_id, actor=ada.actor, now=NOW)

    db.session.rollback()
    assert queries.get_file(file_id=file_id, actor=ada.actor).content == PDF


def test_what_was_deleted_a_month_ago_goes_for_good(ada: Person) -> None:
    task = make_task(ada)
    ids = [
        operations.add_file(task_id=task.id, filename=f"{name}.pdf", content=PDF, actor=ada.actor, now=NOW)
        for name in "abc"
    ]
    operations.delete_file(file_id=ids[0], actor=ada.actor, now=NOW)
    operations.delete_file(file_id=ids[1], actor=ada.actor, now=NOW + timedelta(days=2))

    operations.forget_deleted_files(now=NOW + timedelta(days=32))

    assert db.session.scalars(select(Attachment.id).order_by(Attachment.id)).all() == ids[1:]


def test_files_of_a_task_in_the_trash_are_not_taken(ada: Person) -> None:
    task = make_task(ada)
    file_id = operations.add_file(task_id=task.id, filename="a.pdf", content=PDF, actor=ada.actor, now=NOW)
    tasks.delete_task(task_id=task.id, actor=ada.actor, now=NOW)

    assert ada.client.get(f"/files/{file_id}").status_code == 404


def send_file(visit: Visit, person: Person, task_id: int, name: str, content: bytes, status: int = 303) -> str:
    """Send a file as a browser does. The client’s own way leaves large ones open behind it."""
    token = csrf_token(person.client)
    body = b"".join(
        (
            b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
            f'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
            b"Content-Type: text/html\r\n\r\n" + content + b"\r\n--edge--\r\n",
        )
    )
    answer = person.client.post(
        visit.address("files.add", task_id=task_id), data=body, content_type="multipart/form-data; boundary=edge"
    )
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def test_the_page_takes_a_file_and_gives_it_back_to_be_saved(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    send_file(visit, ada, task.id, "Größe 📎.png", PNG)

    page = visit(f"/tasks/{task.id}", as_=ada)
    link = page.select_one(".file__name")
    assert link is not None
    assert words(link) == "Größe 📎.png"
    answer = ada.client.get(str(link["href"]))
    assert answer.data == PNG
    disposition, options = parse_options_header(answer.headers["Content-Disposition"])
    assert (disposition, options["filename"]) == ("attachment", "Größe 📎.png")
    assert answer.headers["Content-Disposition"].isascii()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.txt", 'a".txt', "../../a.txt", "\u202etxt.txt", "x" * 3_000 + ".txt"])
def test_a_hostile_name_makes_no_header(visit: Visit, ada: Person, name: str) -> None:
    file_id = operations.add_file(task_id=make_task(ada).id, filename=name, content=b"a", actor=ada.actor, now=NOW)

    answer = ada.client.get(f"/files/{file_id}")

    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name, content", [("page.html", b"<script>"), ("a.png", b"text"), ("a.pdf", b""), ("a.txt", b"x" * 5_242_881)]
)
def test_what_is_not_kept_comes_back_with_a_sentence(visit: Visit, ada: Person, name: str, content: bytes) -> None:
    task = make_task(ada)

    page = BeautifulSoup(send_file(visit, ada, task.id, name, content, status=422), "html.parser")

    assert page.select_one("#file-error") is not None
    assert page.select_one("details[open] #file") is not None
    assert queries.list_files(task_id=task.id, actor=ada.actor) == []


def test_text_is_served_with_one_charset(ada: Person) -> None:
    task = make_task(ada)
    file_id = operations.add_file(task_id=task.id, filename="a.csv", content=b"a,b", actor=ada.actor, now=NOW)

    with ada.client.get(f"/files/{file_id}") as answer:
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_no_file_is_no_file(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    answer = visit.send(f"/tasks/{task.id}/files", {}, as_=ada, status=422)

    assert "Choose a file." in answer.text


def test_what_is_far_too_large_is_refused_unread(visit: Visit, ada: Person) -> None:
    send_file(visit, ada, make_task(ada).id, "a.txt", b"x" * (33 * 2**20), status=413)


@pytest.mark.server
def test_two_who_fill_the_last_room_at_once_do_not_both_fit(
    app: Flask, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Less room than there is: what is counted is the same.
    monkeypatch.setattr(rules, "MOST_FILES", 3)
    task_id, barrier = make_task(ada).id, Barrier(4)

    def add(number: int) -> int:
        with app.app_context():
            if number < 4:
                barrier.wait()
            try:
                operations.add_file(task_id=task_id, filename=f"{number}.txt", content=b"a", actor=ada.actor, now=NOW)
            except InvalidInput:
                return 0
            finally:
                db.session.remove()
            return 1

    with ThreadPoolExecutor(4) as threads:
        added = sum(threads.map(add, range(10)))

    assert added == db.session.scalar(select(func.count()).select_from(Attachment)) == 3
