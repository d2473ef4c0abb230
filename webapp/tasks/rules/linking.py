"""Which links of a file can be: what tasks are parts of, and wait for, before any of them is here. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from webapp.errors import InvalidInput
from webapp.tasks.rules.blockers import describe_circle, find_way
from webapp.tasks.rules.intake import LinkIn, TaskIn
from webapp.tasks.rules.parents import Step, check_parent
from webapp.values.text import shortened

_LONGEST_TITLE = 60


@dataclass
class Links:
    """The links of a file, in its order. Only tasks that have some are held."""

    found: list[LinkIn] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, task: TaskIn) -> None:
        """Note what a task is a part of, and what it waits for."""
        if task.parent_ref is not None or task.blocked_by_refs:
            self.found.append(LinkIn(task.source_ref, task.parent_ref, task.blocked_by_refs))
            self.titles[task.source_ref] = shortened(task.title, longest=_LONGEST_TITLE)

    @property
    def targets(self) -> set[str]:
        """What is linked to."""
        return {ref for link in self.found for ref in (link.parent_ref, *link.blocked_by_refs) if ref is not None}

    def left_out(self, *, here: Collection[str]) -> dict[str, str]:
        """
        Return, by task, what has to be left out of its links, in sentences: what is nowhere, and what makes a circle.

        :param here: the references of all tasks that are in the file or here already
        """
        numbers = {ref: number for number, ref in enumerate(self.titles)}
        titles = list(self.titles.values())
        parents: dict[int, int] = {}
        waits_for: dict[int, list[int]] = {}
        sentences: dict[str, list[str]] = {}
        for link in self.found:
            said = sentences.setdefault(link.task_ref, [])
            number = numbers[link.task_ref]
            if link.parent_ref is not None:
                if link.parent_ref not in here:
                    said.append(f"It is part of “{link.parent_ref}”, which is not here.")
                elif refusal := _place(number, numbers.get(link.parent_ref), parents, titles):
                    said.append(f"It is not made a part of “{link.parent_ref}”. {refusal}")
            for ref in link.blocked_by_refs:
                if ref not in here:
                    said.append(f"It waits for “{ref}”, which is not here.")
                elif refusal := _hold_up(number, numbers.get(ref), waits_for, titles):
                    said.append(f"It does not wait for “{ref}”. {refusal}")
        return {ref: " ".join(said) for ref, said in sentences.items() if said}


def _place(number: int, parent: int | None, parents: dict[int, int], titles: list[str]) -> str:
    # What has no links of its own is at the top, and nothing is above it.
    if parent is None:
        return ""
    way_up = [parent]
    while (above := parents.get(way_up[-1])) is not None:
        way_up.append(above)
    try:
        check_parent(
            task=Step(number, titles[number]),
            levels_of_task=1,
            way_up=[Step(step, titles[step]) for step in way_up],
        )
    except InvalidInput as refusal:
        return refusal.message
    parents[number] = parent
    return ""


def _hold_up(number: int, other: int | None, waits_for: dict[int, list[int]], titles: list[str]) -> str:
    if other is None:
        return ""
    if other == number:
        return "A task cannot wait for itself."
    way = find_way(waits_for, start=other, goal=number)
    if way is not None:
        return f"That goes in a circle: {describe_circle([titles[step] for step in [number, *way[:-1]]])}."
    waits_for.setdefault(number, []).append(other)
    return ""
