"""The pages of an import, from the file to the undo."""

from __future__ import annotations

import gzip
import io
import re

import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy import func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.cast import NOW, Person
from tests.page import Visit, check, csrf_token, error_of, texts, words
from tests.transfers.files import as_csv, finished_tasks, issues, timed_work
from webapp.ops.commands import handlers
from webapp.ops.worker import do_next
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task
from webapp.transfers.models import Import
from webapp.transfers.operations import uploads
from webapp.transfers.rules import ImportState
from webapp.transfers.rules.reading import MOST_COLUMNS, MOST_ROWS, MOST_TEXT_BYTES
from webapp.values.priority import Priority


def send_file(
    visit: Visit,
    person: Person,
    content: bytes,
    *,
    name: str = "desk.csv",
    status: int = 303,
    fields: dict[str, str] | None = None,
) -> TestResponse:
    values = {"csrf_token": csrf_token(person.client), "encoding": "auto", "delimiter": "auto", **(fields or {})}
    boundary, body = encode_multipart({**values, "file": FileStorage(io.BytesIO(content), name)})
    response = person.client.post(
        visit.address("transfers.create"), data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert response.status_code == status, response.text[:2000]
    if status != 303:
        check(response)
    return response


def upload(visit: Visit, person: Person, content: bytes, *, name: str = "desk.csv") -> int:
    response = send_file(visit, person, content, name=name)
    found = re.fullmatch(r"/tasks/imports/(\d+)", response.location)
    assert found
    return int(found[1])


def fields_of(page: BeautifulSoup) -> dict[str, str]:
    """What the form of the reading would send."""
    form = page.find("form", id="reading")
    assert isinstance(form, Tag)
    fields = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input")}
    for choice in form.find_all("select"):
        chosen = choice.find("option", selected=True)
        fields[str(choice["name"])] = str(chosen["value"]) if isinstance(chosen, Tag) else ""
    del fields["csrf_token"]
    return fields


def work() -> None:
    """Do what the worker would."""
    while do_next(handlers()):
        pass


def count_tasks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Task)) or 0


def test_a_file_is_looked_over_imported_and_taken_back(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, gzip.compress(as_csv(finished_tasks(30))), name="sip.csv.gz")
    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "30 tasks will be added" in words(page.main)
    assert count_tasks() == 0

    visit.send("transfers.start", fields_of(page), as_=ada, import_id=import_id)
    assert "Waiting for its turn" in words(visit("transfers.show", as_=ada, import_id=import_id).main)
    work()
    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "30 tasks added" in words(page.main)
    assert count_tasks() == 30

    visit.send("transfers.undo", as_=ada, import_id=import_id)
    assert "Taking it back" in words(visit("transfers.show", as_=ada, import_id=import_id).main)
    work()
    assert "taken back" in words(visit("transfers.show", as_=ada, import_id=import_id).main)
    assert count_tasks() == 0


def test_the_figures_are_those_of_the_days_that_were_imported(visit: Visit, ada: Person) -> None:
    rows = [
        ("id", "title", "finished"),
        (1, "a", "1990-01-01"),
        (2, "b", "2012-09-11"),
        (3, "c", "2009-03-01"),
        (4, "d", ""),
    ]
    import_id = upload(visit, ada, as_csv(rows))
    visit.send(
        "transfers.start",
        fields_of(visit("transfers.show", as_=ada, import_id=import_id)),
        as_=ada,
        import_id=import_id,
    )
    work()

    page = visit("transfers.show", as_=ada, import_id=import_id)
    link = page.select_one('main a[href^="/metrics"]')

    assert isinstance(link, Tag)
    assert link["href"] == "/metrics?from=2002-09-05&to=2012-09-11"
    visit(str(link["href"]), as_=ada, most_statements=40)


def test_the_reading_can_be_changed_before_the_import(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv([("nr", "what", "how bad"), (1, "One", "9"), (2, "Two", "x")]))
    fields = fields_of(visit("transfers.show", as_=ada, import_id=import_id))
    fields |= {"column-0": "ref", "column-1": "title", "column-2": "priority", "source": "bugs"}

    visit.send("transfers.check", fields, as_=ada, import_id=import_id)
    page = visit("transfers.show", as_=ada, import_id=import_id)
    fields = fields_of(page)
    names = [name for name in fields if name.startswith("priority-")]
    assert sorted(texts([label for name in names for label in page.find_all("label", attrs={"for": name})])) == [
        "9",
        "x",
    ]
    visit.send("transfers.start", fields | dict.fromkeys(names, "low"), as_=ada, import_id=import_id)
    work()

    assert set(db.session.scalars(select(Task.priority))) == {Priority.LOW}
    assert set(db.session.scalars(select(Task.source))) == {"bugs"}


def test_a_change_that_was_not_checked_still_counts(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv([("id", "title", "x"), (1, "One", "Fjord")]))
    fields = fields_of(visit("transfers.show", as_=ada, import_id=import_id))

    visit.send("transfers.start", fields | {"column-2": "category"}, as_=ada, import_id=import_id)
    work()

    assert db.session.scalars(select(Task.category_id)).one() is not None


def test_new_words_are_shown_before_they_are_imported(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv([("id", "title", "x"), (1, "One", "Parked")]))
    fields = fields_of(visit("transfers.show", as_=ada, import_id=import_id))

    response = visit.send("transfers.start", fields | {"column-2": "status"}, as_=ada, import_id=import_id)

    page = visit.follow(response, as_=ada)
    assert "There are new words in this reading" in words(page.main)
    assert "Parked" in words(page.find("form", id="reading"))


def test_a_reading_that_cannot_be_comes_back_with_the_reason(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv([("id", "title"), (1, "One")]))
    fields = fields_of(visit("transfers.show", as_=ada, import_id=import_id))

    response = visit.send(
        "transfers.check", fields | {"column-0": "title", "zone": "Atlantis"}, as_=ada, import_id=import_id, status=422
    )
    page = BeautifulSoup(response.text, "html.parser")
    assert "Choose a time zone" in error_of(page, "zone")
    assert fields_of(page)["column-0"] == "title"

    response = visit.send("transfers.check", fields | {"column-0": "title"}, as_=ada, import_id=import_id, status=422)
    assert "“id” has the same meaning already" in error_of(BeautifulSoup(response.text, "html.parser"), "column-1")


def test_days_that_can_be_meant_in_two_ways_are_asked_about(visit: Visit, ada: Person) -> None:
    both = upload(visit, ada, as_csv([("id", "title", "due"), (1, "One", "03/04/2026")]))
    one = upload(visit, ada, as_csv([("id", "title", "due"), (1, "One", "03/14/2026")]))

    assert "can be meant in two ways" in words(visit("transfers.show", as_=ada, import_id=both).main)
    page = visit("transfers.show", as_=ada, import_id=one)
    assert "can be meant in two ways" not in words(page.main)
    assert fields_of(page)["day_order"] == "month-first"


def test_refused_lines_are_shown_and_can_be_had_as_a_file(visit: Visit, ada: Person) -> None:
    rows = [("id", "title", "created"), (1, "a", "=1+1"), (2, "b", "2026-02-30"), (3, "c", "2026-11-20")]
    import_id = upload(visit, ada, as_csv(rows))

    page = visit("transfers.show", as_=ada, import_id=import_id)

    assert "2 lines are refused" in words(page.main)
    assert "there is no “2026-02-30” in the calendar" in words(page.main)
    answer = ada.client.get(f"/tasks/imports/{import_id}/lines.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[1].startswith('2,refused,"created: “=1+1” is not a day')


def test_pressing_twice_imports_once(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(5)))
    fields = fields_of(visit("transfers.show", as_=ada, import_id=import_id))

    for _ in range(2):
        visit.send("transfers.start", fields, as_=ada, import_id=import_id)
    work()

    assert count_tasks() == 5


def test_an_import_that_was_given_up_says_where_it_stopped_and_can_be_undone(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(5)))
    with transaction():
        db.session.execute(
            update(Import).values(state=ImportState.FAILED, error="It stopped after 2 of 5 lines.", finished_at=NOW)
        )

    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "It stopped after 2 of 5 lines." in words(page.main)
    visit.send("transfers.undo", as_=ada, import_id=import_id)
    work()

    assert "taken back" in words(visit("transfers.show", as_=ada, import_id=import_id).main)


def test_the_same_form_sent_twice_keeps_the_file_once(visit: Visit, ada: Person) -> None:
    key = {"request_key": "0" * 32}
    content = as_csv(finished_tasks(5))

    addresses = {send_file(visit, ada, content, fields=key).location for _ in range(2)}

    assert len(addresses) == 1


def test_a_forgotten_file_is_gone(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(5)))

    visit.send("transfers.discard", as_=ada, import_id=import_id)

    visit("transfers.show", as_=ada, import_id=import_id, status=404)


def test_progress_is_a_fragment_for_the_script(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(5)))
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)

    fragment = visit("transfers.show", as_=ada, import_id=import_id, headers={"HX-Request": "true"})

    assert fragment.html is None
    assert fragment.find(id="import-state")


def test_people_of_the_workspace_see_its_imports_and_strangers_do_not(
    visit: Visit, ada: Person, ben: Person, cy: Person
) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(5)))
    with db.session.begin():
        db.session.execute(select(Import))

    for endpoint in ("transfers.show", "transfers.lines"):
        visit(endpoint, as_=cy, import_id=import_id, status=404)
    for endpoint in ("transfers.check", "transfers.start", "transfers.undo", "transfers.discard"):
        visit.send(endpoint, as_=cy, import_id=import_id, status=404)


def test_the_names_of_the_data_that_is_here_are_offered(visit: Visit, ada: Person) -> None:
    first = upload(visit, ada, as_csv(finished_tasks(3)), name="first.csv")
    visit.send(
        "transfers.start", fields_of(visit("transfers.show", as_=ada, import_id=first)), as_=ada, import_id=first
    )
    work()

    page = visit("transfers.show", as_=ada, import_id=upload(visit, ada, as_csv(issues(3)), name="second.csv"))

    assert [option["value"] for option in page.select("#sources option")] == ["first"]


def test_both_kinds_of_files_are_told_apart(visit: Visit, ada: Person) -> None:
    import_id = upload(visit, ada, as_csv(timed_work(4)[1]))

    page = visit("transfers.show", as_=ada, import_id=import_id)

    assert fields_of(page)["kind"] == "entries"
    assert "No line can be taken in" in words(page.main)


BAD_FILES = {
    "empty": (b"", "empty"),
    "blank": (b" \n\r\n\t", "empty"),
    "only a header": (b"id,title\n", "no rows"),
    "only NUL": (b"\x00" * 50, "empty"),
    "wrong encoding": ("id,title\n1,Müller\n".encode("cp1252"), "Line 2 is not in UTF-8"),
    "UTF-16 without its mark": ("id,title\n1,Miller\n".encode("utf-16-le"), "looks like UTF-16"),
    "half of UTF-16": ("id,title\n".encode("utf-16")[:-1], "not in UTF-16"),
    "a spreadsheet": (b"PK\x03\x04rest", "spreadsheet"),
    "damaged gzip": (gzip.compress(b"id,title\n1,a\n")[:-12] + b"123456789012", "damaged"),
    "half a gzip": (gzip.compress(b"id,title\n1,a\n" * 1000)[:40], "ends too early"),
    "a zip bomb": (gzip.compress(b"0" * (MOST_TEXT_BYTES + 1), compresslevel=1), "100 MB"),
    "many columns": (as_csv([tuple(range(500)), tuple(range(500))]), f"{MOST_COLUMNS} can be read"),
    "many rows": (b"id,title\n" + b"1,a\n" * (MOST_ROWS + 1), "200,000 rows"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_comes_back_with_a_sentence(visit: Visit, ada: Person, name: str) -> None:
    content, sentence = BAD_FILES[name]

    response = send_file(visit, ada, content, status=422)

    assert sentence in words(BeautifulSoup(response.text, "html.parser").main)
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_file_that_an_earlier_version_looked_over_is_shown_and_can_be_checked_again(
    visit: Visit, ada: Person
) -> None:
    import_id = upload(visit, ada, as_csv(finished_tasks(3)))
    with transaction():
        record = db.session.get_one(Import, import_id)
        told = {**record.report, "first_rows": [{"line": 2, "message": "", "title": "Old"}]}
        later = ("first_entries", "left_out", "kept", "made")
        record.report = {name: value for name, value in told.items() if name not in later}

    page = visit("transfers.show", as_=ada, import_id=import_id)
    page = visit.follow(visit.send("transfers.check", fields_of(page), as_=ada, import_id=import_id), as_=ada)

    assert "Task 0" in words(page.main)


def test_no_file_at_all_is_asked_for(visit: Visit, ada: Person) -> None:
    response = visit.send("transfers.create", {"encoding": "auto", "delimiter": "auto"}, as_=ada, status=422)

    assert error_of(BeautifulSoup(response.text, "html.parser"), "file") == "Choose a file."


def test_a_file_of_fifty_megabytes_is_refused_kindly(visit: Visit, ada: Person) -> None:
    response = send_file(visit, ada, b"0" * 50_000_000, status=422)

    assert "larger than 32 MB" in error_of(BeautifulSoup(response.text, "html.parser"), "file")


ODD_FILES = {
    "one column": b"title\nOne\n",
    "semicolons": b"id;title\n1;One\n",
    "tabs": b"id\ttitle\n1\tOne\n",
    "a byte order mark": "id,title\n1,One\n".encode("utf-8-sig"),
    "UTF-16": "id,title\n1,One\n".encode("utf-16"),
    "old line ends": b"id,title\r1,One\r",
    "a line break in a cell": b'id,title\n1,"One\nTwo"\n',
    "unnamed last column": b"id,title,\n1,One,\n",
    "columns of one name": b"title,title\nOne,Two\n",
    "a name that is markup": b"title,<script>\nOne,<img src=x>\n",
    "right to left": "id,title\n1,\u202eשלום\n".encode(),
    "emoji": "id,title\n1,🦉 Owl\n".encode(),
    "a long cell": b"id,title\n1," + b"x" * 20_000 + b"\n",
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_is_still_a_table(visit: Visit, ada: Person, name: str) -> None:
    import_id = upload(visit, ada, ODD_FILES[name])

    page = visit("transfers.show", as_=ada, import_id=import_id)
    visit.send("transfers.start", fields_of(page), as_=ada, import_id=import_id)
    work()

    assert count_tasks() == 1
    visit("transfers.show", as_=ada, import_id=import_id)


def test_windows_letters_come_out_right_when_they_are_named(visit: Visit, ada: Person) -> None:
    response = send_file(visit, ada, "id,title\n1,Müller\n".encode("cp1252"), fields={"encoding": "cp1252"})

    assert "Müller" in words(visit.follow(response, as_=ada).main)
