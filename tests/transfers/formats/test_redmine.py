"""Redmine: issues with parts, estimated and spent hours, in the words and numbers of several languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.transfers.formats.reading import format_of, refusals, tasks
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import Remark, TaskLine
from webapp.values.priority import Priority
from webapp.values.status import Status

HEADER = (
    "#,Project,Tracker,Parent task,Status,Priority,Subject,Author,Assignee,Updated,Category,Target version,Start date,"
    "Due date,Estimated time,Total estimated time,Spent time,Total spent time,% Done,Created,Closed,Related issues,"
    "Private,Room,Description\n"
)
ORCHARD = HEADER + (
    "71,Orchard,Feature,,Closed,High,Prune the fig,Pia Sol,Rui Mar,2026-10-19 10:00,Trees,Autumn,2026-10-05,"
    '2026-10-20,2.0,3.5,2.75,4.0,100,2026-10-01 09:15,2026-10-19 10:00,,No,North,"East side\nfirst"\n'
    "72,Orchard,Bug,71,In Progress,Immediate,Burn the twigs,Guest,,2026-10-20 09:00,,,2026-10-06,,,,0.0,0.0,20,"
    '2026-10-06 09:00,2026-10-10 09:00,"Blocked by #71, Related to #5",Yes,,\n'
)


def issue(**cells: str) -> TaskLine:
    """The one issue with these cells."""
    (line,) = tasks(row(**cells))
    return line


def row(**cells: str) -> str:
    names = HEADER.strip().split(",")
    given = {name.replace("_", " "): cell for name, cell in cells.items()}
    values = {"#": "9", "Tracker": "Bug", "Status": "New", "Subject": "Rake", **given}
    return HEADER + ",".join(f'"{values.get(name, "")}"' for name in names) + "\n"


def test_issues_come_in_with_their_parts_and_hours() -> None:
    fig, twigs = tasks(ORCHARD)

    assert (fig.task.source_ref, fig.task.title, fig.task.description) == ("71", "Prune the fig", "East side\nfirst")
    assert (fig.task.category, fig.task.tags) == ("Orchard", ("Feature", "Trees", "Autumn"))
    assert (fig.task.status, fig.task.priority, fig.person) == (Status.DONE, Priority.HIGH, "Rui Mar")
    assert (fig.task.starts_on, fig.task.due_on) == (date(2026, 10, 5), date(2026, 10, 20))
    assert fig.task.created_at == datetime(2026, 10, 1, 7, 15, tzinfo=UTC)
    assert fig.task.completed_at == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert (twigs.task.parent_ref, twigs.task.blocked_by_refs) == ("71", ("71",))
    assert (twigs.task.priority, twigs.person, twigs.task.due_on) == (Priority.URGENT, "", None)


def test_hours_are_those_of_the_issue_and_not_of_its_parts() -> None:
    fig, twigs = tasks(ORCHARD)

    assert (fig.task.estimated_minutes, fig.total) == (120, (date(2026, 10, 19), 9900))
    assert (twigs.task.estimated_minutes, twigs.total) == (None, None)


def test_an_issue_that_was_opened_again_is_not_done_though_it_says_when_it_was_closed() -> None:
    _, twigs = tasks(ORCHARD)

    assert (twigs.task.status, twigs.task.completed_at) == (Status.DOING, None)


def test_what_has_no_field_is_kept_beside_them() -> None:
    fig, twigs = tasks(ORCHARD)

    assert dict(fig.task.extra) == {
        "Author": '"Pia Sol"',
        "Room": '"North"',
        "Total estimated time": '"3.5"',
        "Total spent time": '"4.0"',
    }
    assert dict(twigs.task.extra) == {
        "% Done": '"20"',
        "Author": '"Guest"',
        "Private": '"Yes"',
        "Related issues": '"Related to #5"',
        "Total spent time": '"0.0"',
    }


LANGUAGES = {
    "German": (
        (
            "#;Projekt;Tracker;Übergeordnete Aufgabe;Status;Priorität;Thema;Zugewiesen an;Beginn;Abgabedatum;"
            "Geschätzter Aufwand;Aufgewendete Zeit;Angelegt;Geschlossen;Zugehörige Tickets;Beschreibung"
        ),
        "Erledigt;Dringend",
        "Blockiert durch #70",
    ),
    "French": (
        (
            "#;Projet;Tracker;Tâche parente;Statut;Priorité;Sujet;Assigné à;Début;Echéance;Temps estimé;Temps passé;"
            "Créé;Fermé;Demandes liées;Description"
        ),
        "Fermé;Immédiat",
        "Bloqué par #70",
    ),
    "Spanish": (
        (
            "#;Proyecto;Tipo;Tarea padre;Estado;Prioridad;Asunto;Asignado a;Fecha de inicio;Fecha fin;Tiempo estimado;"
            "Tiempo dedicado;Creado;Cerrada;Peticiones relacionadas;Descripción"
        ),
        "Cerrada;Urgente",
        "Bloqueada por #70",
    ),
    "Italian": (
        (
            "#;Progetto;Tracker;Attività principale;Stato;Priorità;Oggetto;Assegnato a;Inizio;Scadenza;Tempo stimato;"
            "Tempo impiegato;Creato;Chiuso;Segnalazioni correlate;Descrizione"
        ),
        "Chiuso;Immediata",
        "Bloccata da #70",
    ),
    "Dutch": (
        (
            "#;Project;Tracker;Hoofdissue;Status;Prioriteit;Onderwerp;Toegewezen aan;Startdatum;Vervaldatum;"
            "Geschatte tijd;Gespendeerde tijd;Aangemaakt;Gesloten;Gerelateerde issues;Beschrijving"
        ),
        "Gesloten;Spoed",
        "Geblokkeerd door #70",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_and_numbers_of_other_languages_are_read(language: str) -> None:
    header, words, blocked = LANGUAGES[language]
    text = (
        f"{header}\n71;Orchard;Bug;60;{words};Feige;Rui Mar;05.10.2026;20.10.2026;2,5;2,75;01.10.2026 09:15;"
        f"19.10.2026 10:00;{blocked};Ost\n"
    )

    (line,) = tasks(text)

    assert (line.task.source_ref, line.task.parent_ref, line.task.title) == ("71", "60", "Feige")
    assert (line.task.status, line.task.priority) == (Status.DONE, Priority.URGENT)
    assert (line.task.estimated_minutes, line.total) == (150, (date(2026, 10, 19), 9900))
    assert (line.task.due_on, line.task.blocked_by_refs) == (date(2026, 10, 20), ("70",))
    assert (line.person, line.task.description, line.task.extra) == ("Rui Mar", "Ost", ())


@pytest.mark.parametrize(
    "cells, status",
    [
        ({"Status": "New"}, Status.TODO),
        ({"Status": "Resolved"}, Status.DOING),
        ({"Status": "Feedback"}, Status.DOING),
        ({"Status": "Rejected"}, Status.DONE),
        ({"Status": "Parked"}, Status.TODO),
        ({"Status": "Parked", "% Done": "30"}, Status.DOING),
        ({"Status": "Parked", "Spent_time": "0.5"}, Status.DOING),
        ({"Status": "Shipped", "Closed": "2026-10-19 10:00"}, Status.DONE),
    ],
)
def test_a_status_is_done_only_where_that_is_said(cells: dict[str, str], status: Status) -> None:
    assert issue(**cells).task.status is status


def test_words_of_its_own_are_kept() -> None:
    line = issue(Status="Parked", Priority="Whenever")

    assert dict(line.task.extra) == {"Status": '"Parked"', "Priority": '"Whenever"'}
    assert line.task.priority is Priority.MEDIUM


def test_days_are_read_in_the_order_that_fits_all_of_them() -> None:
    line = issue(Created="03/04/2026 09:15 AM", Due_date="10/25/2026", Start_date="03/05/2026")

    assert line.task.due_on == date(2026, 10, 25)
    assert line.task.created_at == datetime(2026, 3, 4, 8, 15, tzinfo=UTC)


def test_a_start_after_the_end_hides_nothing() -> None:
    line = issue(Start_date="2026-10-25", Due_date="2026-10-20")

    assert (line.task.starts_on, dict(line.task.extra)) == (None, {"Start date": '"2026-10-25"'})


def test_what_is_not_said_is_said_to_be_missing() -> None:
    assert issue().remarks == (Remark.CREATED_NOW,)
    assert issue(Status="Closed").remarks == (Remark.CREATED_NOW, Remark.END_UNKNOWN)
    assert issue(Status="Closed", Spent_time="1").total == (None, 3600)


@pytest.mark.parametrize(
    "cells, words",
    [
        ({"#": ""}, "not the number of an issue"),
        ({"#": "x"}, "not the number of an issue"),
        ({"#": "9" * 40}, "not the number of an issue"),
        ({"Parent_task": "none"}, "not the number of an issue"),
        ({"Subject": ""}, "no title"),
        ({"Subject": "a\x00"}, "cannot be kept"),
        ({"Created": "yesterday"}, "Created"),
        ({"Due_date": "2026-02-30"}, "in the calendar"),
        ({"Due_date": "0000-01-01"}, "out of range"),
        ({"Estimated_time": "much"}, "Estimated time"),
        ({"Estimated_time": "99999"}, "estimate is longer"),
        ({"Spent_time": "-1"}, "less than nothing"),
        ({"Description": "x" * 60_000}, "60,000 characters"),
        ({"Assignee": "x" * 200}, "longer than"),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused_by_a_sentence(cells: dict[str, str], words: str) -> None:
    assert words in refusals(row(**cells))[2]


def test_a_number_that_comes_twice_and_a_ragged_row_are_refused() -> None:
    text = row() + row().removeprefix(HEADER) + "10,Orchard\n"

    assert {line: words[:20] for line, words in refusals(text).items()} == {
        3: "An earlier line has ",
        4: "This line has 2 cell",
    }


def test_other_tables_are_not_taken_for_it() -> None:
    assert format_of(ORCHARD) is Format.REDMINE
    assert format_of("#,Status,Subject,Priority\n1,New,Rake,Low\n") is Format.TABLE
