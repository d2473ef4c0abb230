"""Imports from the upload to the undo, on files of the shapes that people bring."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from tests.cast import NOW, Person
from tests.transfers.files import as_csv, finished_tasks, issues, timed_work
from webapp.accounts.models import User
from webapp.customers import operations as customer_operations
from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import Conflict, InvalidInput, NotFound
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, EntryDay, Tag, Task, TaskTag, TimeEntry
from webapp.transfers.models import Import, ImportChange
from webapp.transfers.operations import taking_in, undoing, uploads
from webapp.transfers.queries import imports as queries
from webapp.transfers.rules import ImportKind, ImportState
from webapp.transfers.rules.columns import Meaning
from webapp.transfers.rules.mapping import Mapping
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.workspaces.models import Membership

BERLIN = ZoneInfo("Europe/Berlin")


def upload(person: Person, content: bytes, filename: str = "desk.csv") -> int:
    return uploads.begin_import(
        filename=filename, stream=io.BytesIO(content), actor=person.actor, now=NOW, in_background=False
    )


def agree(person: Person, import_id: int, *, source: str | None = None, **changes: object) -> None:
    record = queries.get_import(import_id=import_id, actor=person.actor)
    mapping = replace(Mapping.from_json(record.mapping), **changes)  # type: ignore[arg-type]
    uploads.agree(
        import_id=import_id,
        mapping=mapping,
        source=source or record.source,
        form=record.format,
        actor=person.actor,
        now=NOW,
        in_background=False,
    )


def take(person: Person, import_id: int, on_batch: Callable[[], None] | None = None) -> Import:
    uploads.start_import(import_id=import_id, actor=person.actor, now=NOW)
    taking_in.run_import(import_id=import_id, now_of=lambda: NOW, on_batch=on_batch)
    return found(person, import_id)


def found(person: Person, import_id: int) -> Import:
    db.session.rollback()
    db.session.expire_all()
    return queries.get_import(import_id=import_id, actor=person.actor)


def undo(person: Person, import_id: int) -> Import:
    undoing.undo_import(import_id=import_id, actor=person.actor, now=NOW)
    undoing.run_undo(import_id=import_id, now_of=lambda: NOW)
    return found(person, import_id)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """What an import may write, without when and how often it was written."""
    db.session.rollback()
    passing = {"updated_at", "version"}
    return {
        model.__tablename__: sorted(
            (tuple(value for name, value in row.items() if name not in passing)
             for row in db.session.execute(select(model.__table__)).mappings()),
            key=repr,
        )
        for model in (User, Membership, Category, Tag, Task, TaskTag, TimeEntry, EntryDay)
    }  # fmt: skip


def tracked_seconds() -> int:
    """The sum of all time, which is the same on tasks, entries and days."""
    db.session.rollback()
    sums = {
        int(db.session.scalar(select(func.sum(column))) or 0)
        for column in (Task.tracked_seconds, TimeEntry.seconds, EntryDay.seconds)
    }
    assert len(sums) == 1, sums
    return sums.pop()


def seconds_in(content: bytes, column: str, unit: int) -> int:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return sum(int((Decimal(row[column]) * unit).quantize(Decimal(1), ROUND_HALF_UP)) for row in rows)


# Taking in


def test_import_takes_every_finished_task_with_its_estimate_and_total(ada: Person) -> None:
    content = as_csv(finished_tasks(700))

    record = take(ada, upload(ada, gzip.compress(content), "sip.csv.gz"))

    assert (record.state, record.created_count, record.refused_count) == (ImportState.DONE, 700, 0)
    assert record.source == "sip"
    assert tracked_seconds() == seconds_in(content, "actual_hours", 3600)
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    estimates = Counter(max(1, round(float(row["estimate_hours"]) * 60)) for row in rows)
    assert Counter(db.session.scalars(select(Task.estimated_minutes))) == estimates
    assert set(db.session.scalars(select(Task.status))) == {Status.DONE}
    days = Counter(date.fromisoformat(row["completed_at"]) for row in rows)
    assert Counter(db.session.scalars(select(Task.completed_on))) == days
    assert Counter(db.session.scalars(select(TimeEntry.day))) == days
    assert record.content == b""


@pytest.mark.slow
def test_thousands_of_tasks_take_seconds(ada: Person) -> None:
    content = as_csv(finished_tasks(3_000))
    begun = process_time()

    record = take(ada, upload(ada, content))

    # Our own share, whatever else the machine does; a good second where this was written.
    assert process_time() - begun < 5
    assert record.created_count == 3_000
    assert tracked_seconds() == seconds_in(content, "actual_hours", 3600)


def test_import_puts_right_what_was_read_in_the_wrong_encoding(ada: Person) -> None:
    take(ada, upload(ada, as_csv(finished_tasks(10))))

    assert db.session.scalars(select(Task.title).where(Task.title.contains("doesn"))).one().endswith("doesn’t load")


def test_importing_twice_adds_nothing(ada: Person) -> None:
    content = as_csv(finished_tasks(60))
    take(ada, upload(ada, content))
    before = everything()

    record = take(ada, upload(ada, content))

    assert (record.created_count, record.updated_count, record.skipped_count) == (0, 0, 60)
    assert everything() == before


def test_importing_rows_without_a_reference_twice_adds_nothing(ada: Person) -> None:
    content = as_csv([("title", "estimate"), ("Call home", "1:30"), ("Call home", "1:30"), ("Rest", "2h")])
    take(ada, upload(ada, content))

    record = take(ada, upload(ada, content))

    assert record.skipped_count == 3
    assert sorted(db.session.scalars(select(Task.title))) == ["Call home", "Call home", "Rest"]


def test_an_import_again_updates_what_the_file_has_changed_and_nobody_here(ada: Person) -> None:
    take(ada, upload(ada, as_csv([("id", "title"), (1, "One"), (2, "Two"), (3, "Three")])))
    with transaction():
        db.session.execute(update(Task).where(Task.source_ref == "3").values(title="Mine"))

    record = take(ada, upload(ada, as_csv([("id", "title"), (1, "One"), (2, "Zwei"), (3, "Drei")])))

    assert (record.updated_count, record.skipped_count) == (1, 2)
    assert sorted(db.session.scalars(select(Task.title))) == ["Mine", "One", "Zwei"]
    remarks = queries.list_remarks(import_id=record.id, actor=ada.actor)
    assert [remark.line for remark in remarks if "what is here is kept" in remark.message] == [4]


def test_importing_what_says_no_day_again_on_another_day_changes_nothing(ada: Person) -> None:
    content = as_csv([("id", "title", "status", "spent"), (1, "One", "done", 2), (2, "Two", "open", "")])
    take(ada, upload(ada, content))
    before = everything()

    import_id = upload(ada, content)
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)
    taking_in.run_import(import_id=import_id, now_of=lambda: NOW + timedelta(days=3))

    assert found(ada, import_id).skipped_count == 2
    assert everything() == before


def test_entries_count_instead_of_the_totals_and_both_add_up_to_the_same(ada: Person) -> None:
    task_rows, entry_rows = timed_work(40)
    tasks, entries = as_csv(task_rows), as_csv(entry_rows)
    known = {row[0] for row in task_rows}
    expected = 60 * sum(int(str(row[7])) for row in entry_rows[1:] if row[1] in known)

    take(ada, upload(ada, tasks, "proj1_tasks.csv"))
    assert tracked_seconds() == expected
    assert seconds_in(tasks, "actual_hours", 3600) == expected
    record = take(ada, upload(ada, entries, "proj1_entries.csv"))

    assert record.source == "proj1_tasks"
    assert tracked_seconds() == expected
    assert record.refused_count == sum(row[1] not in known for row in entry_rows[1:])
    assert record.created_count == sum(row[1] in known for row in entry_rows[1:])
    again = take(ada, upload(ada, tasks, "proj1_tasks.csv"))
    assert (again.created_count, again.updated_count) == (0, 0)
    assert tracked_seconds() == expected


def test_entries_of_unknown_tasks_are_refused_by_line(ada: Person) -> None:
    task_rows, entry_rows = timed_work(20)
    take(ada, upload(ada, as_csv(task_rows), "tasks.csv"))

    import_id = upload(ada, as_csv(entry_rows), "entries.csv")

    known = {row[0] for row in task_rows}
    lines = [line for line, row in enumerate(entry_rows, 1) if line > 1 and row[1] not in known]
    foretold = queries.list_remarks(import_id=import_id, actor=ada.actor, refusals=True)
    assert [remark.line for remark in foretold] == lines
    record = take(ada, import_id)
    refused = queries.list_remarks(import_id=import_id, actor=ada.actor, refusals=True)
    assert [(remark.line, remark.message) for remark in refused] == [(r.line, r.message) for r in foretold]
    assert "There is no task" in refused[0].message
    assert record.refused_count == len(lines)


def test_unknown_people_become_placeholders_and_me_is_who_imports(ada: Person, ben: Person) -> None:
    rows = [
        ("id", "title", "assignee"),
        (1, "a", "Zoë"),
        (2, "b", "zoë "),
        (3, "c", "AL"),
        (4, "d", "BEN ITO"),
        (5, "e", ""),
    ]
    import_id = upload(ada, as_csv(rows))
    agree(ada, import_id, me="AL")

    take(ada, import_id)

    people = dict(db.session.execute(select(Task.source_ref, Task.assignee_id)).all())
    assert (people["3"], people["4"], people["5"]) == (ada.user_id, ben.user_id, None)
    assert people["1"] == people["2"]
    zoe = db.session.get_one(User, people["1"])
    assert (zoe.name, zoe.email) == ("Zoë", None)


def test_customers_are_found_or_added_and_go_with_the_import(ada: Person) -> None:
    acme = customer_operations.create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    rows = [
        ("id", "title", "client"),
        (1, "a", "ACME"),
        (2, "b", "Fjord & Sons"),
        (3, "c", "fjord & sons"),
        (4, "d", ""),
    ]

    record = take(ada, upload(ada, as_csv(rows)))

    names = dict(db.session.execute(select(Customer.id, Customer.name)).all())
    assert sorted(names.values()) == ["Acme", "Fjord & Sons"]
    tasks = dict(db.session.execute(select(Task.source_ref, Task.customer_id)).all())
    assert (tasks["1"], tasks["2"], tasks["4"]) == (acme, tasks["3"], None)
    assert take(ada, upload(ada, as_csv(rows))).skipped_count == 4
    undo(ada, record.id)
    assert db.session.scalars(select(Customer.name)).all() == ["Acme"]


def test_the_history_has_an_import_as_one_change_that_its_own_page_undoes(ada: Person) -> None:
    record = take(ada, upload(ada, as_csv(finished_tasks(3))))

    def changes() -> list[tuple[str, str | None, bool]]:
        db.session.rollback()
        found = db.session.scalars(select(Change).execution_options(populate_existing=True))
        return [(change.summary, change.address, change.undone_at is not None) for change in found]

    told = f"Imported “{record.filename}”: 3 new, 0 changed"
    assert changes() == [(told, f"/tasks/imports/{record.id}", False)]
    undo(ada, record.id)
    assert changes() == [(told, f"/tasks/imports/{record.id}", True)]


def test_issues_finished_before_they_were_created_come_in_with_a_remark(ada: Person) -> None:
    record = take(ada, upload(ada, as_csv(issues(100)), "issues.csv"))

    assert (record.created_count, record.refused_count) == (100, 0)
    assert db.session.scalar(select(func.count()).where(Task.completed_at < Task.created_at)) == 0
    rows = issues(100)[1:]
    assert Counter(db.session.scalars(select(Task.completed_on))) == Counter(row[4] for row in rows)
    remarks = queries.list_remarks(import_id=record.id, actor=ada.actor, refusals=False)
    early = [remark for remark in remarks if "finished before" in remark.message]
    assert len(early) == sum(row[5] == -1 for row in rows)
    assert record.report["remarks"]["FINISHED_FIRST"] == len(early)


def test_foreign_words_are_mapped_as_agreed(ada: Person) -> None:
    rows = [("id", "title", "state", "prio"), (1, "a", "Parked", "9"), (2, "b", "Done", "1"), (3, "c", "parked", "x")]
    import_id = upload(ada, as_csv(rows))
    report = found(ada, import_id).report
    assert report["statuses"] == [["Parked", 2], ["Done", 1]]
    assert sorted(word for word, _ in report["priorities"]) == ["1", "9", "x"]

    agree(ada, import_id, statuses={"parked": Status.DOING}, priorities={"9": Priority.LOW, "x": Priority.URGENT})
    take(ada, import_id)

    tasks = db.session.execute(select(Task.status, Task.priority).order_by(Task.source_ref)).all()
    assert [tuple(task) for task in tasks] == [
        (Status.DOING, Priority.LOW),
        (Status.DONE, Priority.LOW),
        (Status.DOING, Priority.URGENT),
    ]


def test_the_zone_that_was_agreed_decides_what_a_clock_time_means(ada: Person) -> None:
    import_id = upload(ada, as_csv([("id", "title", "due"), (1, "a", "2026-11-20 15:00")]))
    agree(ada, import_id, zone="America/New_York")

    take(ada, import_id)

    assert db.session.scalars(select(Task.due_at)).one() == datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def test_agree_refuses_a_status_with_too_many_words(ada: Person) -> None:
    import_id = upload(ada, as_csv([("id", "title"), *((n, f"Task {n}") for n in range(60))]))

    with pytest.raises(InvalidInput) as refusal:
        agree(ada, import_id, columns=(Meaning.REF, Meaning.STATUS))

    assert refusal.value.field == "column-1"


def test_agree_refuses_a_person_for_every_line(ada: Person) -> None:
    import_id = upload(ada, as_csv([("id", "title"), *((n, f"Task {n}") for n in range(600))]))

    with pytest.raises(InvalidInput, match="600 different people"):
        agree(ada, import_id, columns=(Meaning.REF, Meaning.PERSON))


def test_agree_on_another_kind_guesses_anew(ada: Person) -> None:
    import_id = upload(ada, as_csv(timed_work(3)[1]))

    agree(ada, import_id, kind=ImportKind.TASKS)

    assert found(ada, import_id).kind is ImportKind.TASKS


# Interrupted


def test_an_import_that_was_killed_goes_on_where_it_stopped(ada: Person) -> None:
    content = as_csv(finished_tasks(90))
    import_id = upload(ada, content)
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)

    class Killed(BaseException):
        """What kill -9 is to a process."""

    def kill() -> None:
        raise Killed

    with pytest.raises(Killed):
        taking_in.run_import(import_id=import_id, now_of=lambda: NOW, on_batch=kill, batch_rows=20)
    half = found(ada, import_id)
    assert (half.state, half.rows_done, half.created_count) == (ImportState.RUNNING, 20, 20)

    taking_in.run_import(import_id=import_id, now_of=lambda: NOW, batch_rows=20)

    record = found(ada, import_id)
    assert (record.state, record.rows_done, record.created_count) == (ImportState.DONE, 90, 90)
    assert tracked_seconds() == seconds_in(content, "actual_hours", 3600)
    assert db.session.scalar(select(func.count()).select_from(Task)) == 90


def test_two_workers_at_one_import_take_turns(ada: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(90)))
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)
    turns: list[None] = []

    def let_another_finish() -> None:
        if not turns:
            turns.append(None)
            taking_in.run_import(import_id=import_id, now_of=lambda: NOW, batch_rows=20)

    taking_in.run_import(import_id=import_id, now_of=lambda: NOW, on_batch=let_another_finish, batch_rows=20)

    record = found(ada, import_id)
    assert (record.state, record.created_count, record.rows_done) == (ImportState.DONE, 90, 90)


def test_an_import_that_fails_again_and_again_is_given_up_and_says_so(ada: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(9)))
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)

    def fail() -> None:
        raise RuntimeError("the disk is full")

    for _ in range(taking_in.MOST_FAILURES - 1):
        with pytest.raises(RuntimeError):
            taking_in.run_import(import_id=import_id, now_of=lambda: NOW, on_batch=fail, batch_rows=2)
    taking_in.run_import(import_id=import_id, now_of=lambda: NOW, on_batch=fail, batch_rows=2)

    record = found(ada, import_id)
    assert record.state is ImportState.FAILED
    assert "6 of 9 lines" in record.error


# Undone


def test_undo_leaves_what_was_there_before(ada: Person) -> None:
    task_rows, entry_rows = timed_work(40)
    before_all = everything()
    tasks = take(ada, upload(ada, as_csv(task_rows), "tasks.csv"))
    before_entries = everything()
    entries = take(ada, upload(ada, as_csv(entry_rows), "entries.csv"))

    record = undo(ada, entries.id)
    assert everything() == before_entries
    assert (record.state, record.report["kept"]) == (ImportState.UNDONE, 0)

    undo(ada, tasks.id)
    assert everything() == before_all
    assert db.session.scalar(select(func.count()).select_from(ImportChange)) == 0


def test_undo_puts_back_what_was_updated(ada: Person) -> None:
    take(ada, upload(ada, as_csv([("id", "title", "tags", "spent"), (1, "One", "a,b", 2)])))
    before = everything()
    second = take(ada, upload(ada, as_csv([("id", "title", "tags", "spent"), (1, "Eins", "c", 3)])))
    assert (second.updated_count, tracked_seconds()) == (1, 3 * 3600)

    undo(ada, second.id)

    assert everything() == before


def test_undo_keeps_what_was_edited_since_and_says_how_much(ada: Person) -> None:
    record = take(ada, upload(ada, as_csv(finished_tasks(30))))
    with transaction():
        db.session.execute(update(Task).where(Task.source_ref == "1735").values(title="Mine"))

    undone = undo(ada, record.id)

    assert db.session.scalars(select(Task.title)).all() == ["Mine"]
    assert undone.report["kept"] == 1


def test_undo_waits_until_the_import_has_ended(ada: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(3)))

    with pytest.raises(Conflict):
        undoing.undo_import(import_id=import_id, actor=ada.actor, now=NOW)


# The state


def test_starting_twice_makes_one_job(ada: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(3)))

    for _ in range(2):
        uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)

    assert db.session.scalars(select(OutboxJob.payload)).all() == [{"import_id": import_id}]


def test_what_is_started_can_no_longer_be_read_otherwise(ada: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(3)))
    uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)

    with pytest.raises(Conflict):
        agree(ada, import_id, zone="UTC")
    with pytest.raises(Conflict):
        uploads.discard_import(import_id=import_id, actor=ada.actor)


def test_a_file_without_a_good_line_cannot_be_started(ada: Person) -> None:
    import_id = upload(ada, as_csv([("id", "title", "created"), (1, "a", "yesterday")]))

    with pytest.raises(InvalidInput, match="No line"):
        uploads.start_import(import_id=import_id, actor=ada.actor, now=NOW)


def test_old_uploads_are_forgotten(ada: Person) -> None:
    upload(ada, as_csv(finished_tasks(3)))

    uploads.forget_old_uploads(now=NOW + timedelta(days=8))

    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_stranger_finds_no_import(ada: Person, cy: Person) -> None:
    import_id = upload(ada, as_csv(finished_tasks(3)))

    for attempt in (
        lambda: queries.get_import(import_id=import_id, actor=cy.actor),
        lambda: queries.get_text(import_id=import_id, actor=cy.actor),
        lambda: uploads.start_import(import_id=import_id, actor=cy.actor, now=NOW),
        lambda: undoing.undo_import(import_id=import_id, actor=cy.actor, now=NOW),
        lambda: uploads.discard_import(import_id=import_id, actor=cy.actor),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.list_remarks(import_id=import_id, actor=cy.actor) == []
