"""Kimai: headings in many languages, entries across midnight, and an API that says numbers for names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.transfers.formats.reading import entries, format_of, refusals, tasks
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import Remark

ENGLISH = (
    "Date,From,To,Duration,Currency,Price,Internal price,Hourly price,Fixed price,Name,User,E-mail,Staff number,"
    "Customer,Project,Activity,Description,Billable,Tags,Type,Category,Account,Project number,VAT-ID,Order number\n"
)
WEEK = ENGLISH + (
    "2026-10-19,08:15,10:00,1:45,EUR,87.50,87.50,50.00,,Pia Sol,pia,pia@example.test,,Fig & Sons,Orchard,Pruning,"
    '"The east side, first",1,"saw, ladder",timesheet,work,K-4,,,\n'
    "2026-10-19,22:50,01:10,2:20,EUR,0.00,0.00,0.00,,Rui Mar,rui,rui@example.test,,Home,House,Night watch,,0,,"
    "timesheet,work,,,,\n"
    "2026-10-20,08:00,08:30,0:30,EUR,25.00,25.00,50.00,,Pia Sol,pia,pia@example.test,,Fig & Sons,Orchard,Pruning,"
    ",1,fire,timesheet,work,K-4,,,\n"
)

LANGUAGES = {
    "German": "Datum;Von;Bis;Dauer;Name;Benutzer;Kunde;Projekt;Tätigkeit;Beschreibung;Abrechenbar;Schlagworte",
    "French": "Date;De;À;Durée;Nom;Utilisateur;Client;Projet;Activité;Description;Facturable;Mots-clés",
    "Spanish": "Fecha;De;Para;Duración;Nombre;Usuario;Cliente;Proyecto;Actividad;Descripción;Facturable;Etiquetas",
    "Italian": "Data;Da;A;Durata;Nome;Utente;Cliente;Progetto;Attività;Descrizione;Fatturabile;Etichette",
    "Dutch": "Datum;Van;Tot;Duur;Naam;Gebruikersnaam;Klant;Project;Activiteit;Beschrijving;Factureerbaar;Label",
    "Portuguese": "Data;De;Até;Duração;Nome;Usuário;Cliente;Projeto;Atividade;Descrição;Faturável;Etiquetas",
    "Polish": "Data;Od;Do;Czas trwania;Nazwa;Użytkownik;Klient;Projekt;Aktywność;Opis;Rozliczalne;Tagi",
}


def one(begin: str, end: str, length: str = "", *, day: str = "2026-10-19", extra: str = "", column: str = "") -> str:
    """An export of one entry."""
    header = f"Date,From,To,Duration,Name,Customer,Project,Activity,Description,Billable{column}\n"
    return f"{header}{day},{begin},{end},{length},Pia Sol,Fig,Orchard,Pruning,,1{extra}\n"


def test_an_export_comes_in_with_a_task_for_each_activity_of_a_project() -> None:
    assert [(line.task.title, line.task.category, line.task.tags, line.customer) for line in tasks(WEEK)] == [
        ("Orchard – Pruning", "Orchard", ("fire", "ladder", "saw"), "Fig & Sons"),
        ("House – Night watch", "House", (), "Home"),
    ]
    found = entries(WEEK)
    assert [(line.person, line.entry.counted_seconds, line.entry.is_billable) for line in found] == [
        ("Pia Sol", 6300, True),
        ("Rui Mar", 8400, False),
        ("Pia Sol", 1800, True),
    ]
    assert found[0].entry.note == "The east side, first"
    assert found[1].entry.ended_at == datetime(2026, 10, 19, 23, 10, tzinfo=UTC)
    assert found[0].left_out == (
        *("User", "E-mail", "Currency", "Price", "Internal price", "Hourly price", "Type", "Category", "Account"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_known_in_the_languages_of_kimai(language: str) -> None:
    text = f"{LANGUAGES[language]}\n19.10.2026;22:50;01:10;2,33;Pia Sol;pia;Fig;Orchard;Pruning;Late;1;saw\n"

    (task,), (entry,) = tasks(text), entries(text)

    assert (task.task.title, task.customer, task.task.tags) == ("Orchard – Pruning", "Fig", ("saw",))
    assert (entry.person, entry.entry.note, entry.entry.is_billable) == ("Pia Sol", "Late", True)
    assert (entry.entry.counted_seconds, entry.remarks) == (8400, ())
    assert entry.entry.started_at == datetime(2026, 10, 19, 20, 50, tzinfo=UTC)


def test_all_languages_are_the_same_work() -> None:
    refs = set()
    for header in LANGUAGES.values():
        (entry,) = entries(f"{header}\n19.10.2026;22:50;01:10;2:20;Pia Sol;pia;Fig;Orchard;Pruning;;1;\n")
        refs.add((entry.entry.source_ref, entry.entry.task_ref))

    assert len(refs) == 1


@pytest.mark.parametrize(
    "begin, end, length, seconds",
    [
        ("22:50", "01:10", "2:20", 8400),
        ("22:50", "01:10", "", 8400),
        ("08:00", "08:00", "24:00", 86_400),
        ("08:00", "08:00", "0:00", 0),
        ("08:00", "09:00", "49:00", 49 * 3600),
        ("8:00 AM", "12:30 PM", "4.50", 16_200),
        ("08:00", "09:30", "1:30:20", 5400),
        ("02:45", "02:15", "0:30", 1800),
    ],
)
def test_its_length_tells_how_many_midnights_lie_between(begin: str, end: str, length: str, seconds: int) -> None:
    # On the day on which clocks in Berlin are put back.
    (line,) = entries(one(begin, end, length, day="2026-10-25" if begin == "02:45" else "2026-10-19"))

    assert (line.entry.counted_seconds, line.remarks) == (seconds, ())


def test_a_break_does_not_count() -> None:
    (line,) = entries(one("08:00", "12:00", "3:30", column=",Break", extra=",0:30"))

    assert (line.entry.interrupted_seconds, line.entry.counted_seconds, line.remarks) == (1800, 12_600, ())


def test_a_length_without_clock_times_is_one_on_its_day() -> None:
    (line,) = entries(one("", "", "1:30"))

    assert (line.entry.started_at, line.entry.day, line.entry.counted_seconds) == (None, date(2026, 10, 19), 5400)


def test_a_number_of_its_own_is_what_an_entry_is_known_by() -> None:
    (line,) = entries(one("08:00", "09:00", "1:00", column=",ID", extra=",817"))

    assert line.entry.source_ref == "entry-817"


def test_a_long_description_loses_its_end_and_not_its_time() -> None:
    (line,) = entries(one("08:00", "09:00", "1:00").replace(",,1", f",{'long ' * 150},1"))

    assert (len(line.entry.note), line.entry.counted_seconds) == (500, 3600)
    assert line.left_out == ("what notes say after 500 characters",)


@pytest.mark.parametrize(
    "text, words",
    [
        (one("08:00", ""), "still running"),
        (one("", ""), "from when to when"),
        (one("08:00", "09:00", day=""), "on which day"),
        (one("08:00", "25:00"), "no time like that"),
        (one("08:00", "noon"), "is not a day"),
        (one("08:00", "09:00", "much"), "Duration"),
        (one("08:00", "09:00", "999999:00"), "more than"),
        (one("08:00", "09:00", day="2026-02-30"), "in the calendar"),
        (one("08:00", "09:00").replace(",1\n", ",perhaps\n"), "neither yes nor no"),
        (one("08:00", "09:00").replace(",1\n", "\n"), "cells"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_by_a_sentence(text: str, words: str) -> None:
    assert words in refusals(text)[2]


def test_other_tables_are_not_taken_for_it() -> None:
    assert format_of(WEEK) is Format.KIMAI
    assert format_of("Date,From,To,Duration,Project\n2026-10-19,08:00,09:00,1:00,Orchard\n") is Format.TABLE


# What its API answers

ANSWER: list[dict[str, Any]] = json.loads("""[
{"id": 71, "user": 3, "project": 12, "activity": 4, "begin": "2026-10-19T08:15:00+0200",
 "end": "2026-10-19T10:00:00+0200", "duration": 6300, "description": "The east side", "rate": 87.5,
 "internalRate": 87.5, "exported": false, "billable": true, "tags": ["saw", "ladder"], "metaFields": []},
{"id": 72, "user": 3, "project": 12, "activity": 4, "begin": "2026-10-19T22:50:00+0200",
 "end": "2026-10-20T01:10:00+0200", "duration": 8400, "description": null, "rate": 0, "billable": false,
 "exported": true, "tags": ["fire"], "metaFields": [{"name": "room", "value": "4"}], "colour": "red"},
{"id": 73, "user": 5, "project": 13, "activity": 4, "begin": "2026-10-20T08:00:00+0200", "end": null,
 "duration": 0, "billable": true, "tags": []}
]""")


def test_an_answer_of_the_api_comes_in_by_its_numbers() -> None:
    text = json.dumps(ANSWER)

    (task,) = tasks(text)
    first, second = entries(text)

    assert (task.task.title, task.task.tags) == ("Project 12 – Activity 4", ("fire", "ladder", "saw"))
    assert Remark.TITLE_MADE in task.remarks
    assert (first.entry.source_ref, first.person, first.entry.note) == ("entry-71", "Kimai user 3", "The east side")
    assert first.entry.started_at == datetime(2026, 10, 19, 6, 15, tzinfo=UTC)
    assert [line.entry.counted_seconds for line in (first, second)] == [6300, 8400]
    assert [line.entry.is_billable for line in (first, second)] == [True, False]
    assert first.left_out == ("rate", "internalRate")
    assert second.left_out == ("exported", "metaFields", "other attributes")
    assert "still running" in refusals(text)[1]


def test_an_answer_with_whole_projects_has_names() -> None:
    full = {
        **ANSWER[0],
        "user": {"id": 3, "username": "pia", "alias": "Pia Sol"},
        "project": {"id": 12, "name": "Orchard", "customer": {"id": 1, "name": "Fig & Sons"}},
        "activity": {"id": 4, "name": "Pruning"},
    }

    (task,), (entry,) = tasks(json.dumps([full])), entries(json.dumps([full]))

    assert (task.task.title, task.task.category, task.customer) == ("Orchard – Pruning", "Orchard", "Fig & Sons")
    assert (entry.person, entry.entry.task_ref) == ("Pia Sol", "task-12-4")
    assert Remark.TITLE_MADE not in task.remarks


@pytest.mark.parametrize(
    "change, words",
    [
        ({"id": None}, "no number"),
        ({"begin": None}, "when it began"),
        ({"begin": "yesterday"}, "is not a day"),
        ({"begin": 5}, "is not a day"),
        ({"begin": ["x"]}, "should be text"),
        ({"end": "2026-10-19T08:00:00+0200"}, "ends before it starts"),
        ({"end": "2026-10-19T08:00:00+9999"}, "no zone"),
        ({"project": None}, "no project"),
        ({"project": {"name": "x"}}, "has no number"),
        ({"activity": [4]}, "should be text"),
        ({"duration": "long"}, "whole number"),
        ({"duration": 10**400}, "whole number"),
        ({"id": 10**400}, "should be text"),
        ({"tags": {"a": 1}}, "should be a list"),
        ({"description": {"a": 1}}, "should be text"),
        ({"break": 10**6}, "interruptions"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_by_a_sentence(change: dict[str, Any], words: str) -> None:
    text = f"[{json.dumps(ANSWER[0])},\n{json.dumps({**ANSWER[1], **change})}]"

    assert words in refusals(text)[2]
