"""What another program said of a task and no field here holds is shown on the task's page, to those who may see it."""

from __future__ import annotations

import pytest

from tests.cast import Person, make_task
from tests.page import Visit, texts, words
from webapp.tasks.rules.kept import Kept, kept_facts


@pytest.mark.parametrize(
    "said, value, is_address",
    [
        ('"PT1H30M"', "PT1H30M", False),
        ('"https://git.example/fig/orchard/issues/7"', "https://git.example/fig/orchard/issues/7", True),
        ('"javascript:alert(1)"', "javascript:alert(1)", False),
        ("0", "0", False),
        ("true", "true", False),
        ('["rui", "pia"]', '["rui", "pia"]', False),
        ('{"floor": 2}', '{"floor": 2}', False),
        ("no JSON", "no JSON", False),
        ("[" * 20_000, "[" * 20_000, False),
    ],
)
def test_texts_are_read_as_texts_and_all_else_as_it_is_written(said: str, value: str, is_address: bool) -> None:
    assert kept_facts([["name", said]]) == [Kept("name", value, is_address)]


def test_the_page_of_a_task_shows_what_is_kept_of_it(ada: Person, visit: Visit) -> None:
    extra = [["<estimate>", '"PT1H30M"'], ["html_url", '"https://git.example/7"'], ["room", '{"floor": 2}']]
    task = make_task(ada, source="Taskwarrior", source_ref="aaaa-1", extra=extra)

    page = visit("tasks.show", as_=ada, task_id=task.id)

    assert words(page.select_one("#kept")) == "From Taskwarrior"
    (facts,) = [section for section in page.select("section") if section.select_one("#kept")]
    assert texts(facts.select("dt")) == ["<estimate>", "html_url", "room"]
    assert texts(facts.select("dd")) == ["PT1H30M", "https://git.example/7", '{"floor": 2}']
    assert [link["href"] for link in facts.select("a")] == ["https://git.example/7"]


def test_a_task_of_ones_own_has_no_such_part(ada: Person, cy: Person, visit: Visit) -> None:
    task = make_task(ada)

    assert visit("tasks.show", as_=ada, task_id=task.id).select_one("#kept") is None
    visit("tasks.show", as_=cy, task_id=task.id, status=404)
