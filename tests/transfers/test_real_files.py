"""The real files that DEVTRACKR_DATA names come in as they are. Without it this module is not collected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.cast import Person
from tests.transfers.files import real_file
from tests.transfers.test_imports import take, tracked_seconds, upload


@pytest.mark.parametrize(
    "name, rows, hours, most_early",
    [
        ("dev/sip_pre2010.csv.gz", 6365, Decimal("40455.71"), 0),
        ("dev/import_sip_2007q1.csv", 365, Decimal("2188.83"), 0),
        ("agile_jira/jira.csv", 4123, Decimal(0), 1662),
    ],
)
def test_real_tasks_come_in_as_they_are(ada: Person, name: str, rows: int, hours: Decimal, most_early: int) -> None:
    record = take(ada, upload(ada, real_file(name), name))

    assert (record.created_count, record.refused_count) == (rows, 0)
    assert tracked_seconds() == hours * 3600
    assert record.report["remarks"].get("FINISHED_FIRST", 0) == most_early


def test_real_timed_work_adds_up_to_the_same_from_both_files(ada: Person) -> None:
    tasks, entries = (
        real_file("dev/import_cesaw_proj182_tasks.csv"),
        real_file("dev/import_cesaw_proj182_time_entries.csv"),
    )

    take(ada, upload(ada, tasks, "import_cesaw_proj182_tasks.csv"))
    assert round(tracked_seconds() / 3600, 1) == 817.6
    before = tracked_seconds()
    record = take(ada, upload(ada, entries, "import_cesaw_proj182_time_entries.csv"))

    assert (record.created_count, record.refused_count) == (1352, 55)
    assert tracked_seconds() == before
    take(ada, upload(ada, tasks, "import_cesaw_proj182_tasks.csv"))
    assert tracked_seconds() == before
