"""What a reader of a format is, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from webapp.transfers.rules.mapping import Mapping
from webapp.transfers.rules.reading import Delimiter, TextSource
from webapp.transfers.rules.rows import Line

# How much of a file is looked at to recognise it.
HEAD_CHARACTERS = 64 * 1024


class Format(StrEnum):
    """How a file is written."""

    OWN_JSON = "own-json"
    OWN_CSV = "own-csv"
    TODOIST = "todoist"
    TOGGL = "toggl"
    TASKWARRIOR = "taskwarrior"
    TIMEWARRIOR = "timewarrior"
    KIMAI = "kimai"
    KIMAI_API = "kimai-api"
    REDMINE = "redmine"
    GITHUB = "github"
    TABLE = "table"


@dataclass(frozen=True)
class Head:
    """
    The beginning of a file: its first characters, what it is called, and the names of its columns if it is a table.

    Of JSON, and of what is no table at all, `header` is empty.
    """

    text: str
    filename: str = ""
    header: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether this is JSON."""
        return self.text.lstrip().startswith(("[", "{"))


@dataclass(frozen=True)
class Reading:
    """
    What a reader may know besides the file.

    :param zone: where times are meant that do not say so themselves
    :param source: the name of the data set
    :param delimiter: what divides the cells of a table
    :param mapping: what columns and foreign words mean; of a table without a format of its own alone
    """

    zone: ZoneInfo
    source: str = ""
    delimiter: Delimiter = Delimiter.AUTO
    mapping: Mapping | None = None


class FormatReader(Protocol):
    """
    Reads one format. Pure: the same file and reading give the same lines.

    `label` is what people call the format, `needs_zone` tells whether its times are without a zone. `source` is the
    name of the data set where references hold across files, so that the next export adds to it; "" where each file
    is a data set of its own.
    """

    @property
    def label(self) -> str:
        """What people call the format."""

    @property
    def source(self) -> str:
        """What the data set is called where all files of a program belong to one, else nothing."""

    @property
    def needs_zone(self) -> bool:
        """Whether its times do not say in which zone they are meant."""

    def recognises(self, head: Head) -> bool:
        """Tell whether a file that begins like this is written in this format."""

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """
        Yield what the file holds, in its order: a task before its entries, and each reference once.

        Lengths, characters and references that come twice are seen to by whoever asks (`rules.guarding`).

        :raises InvalidInput: where the file is not written in this format after all
        """
