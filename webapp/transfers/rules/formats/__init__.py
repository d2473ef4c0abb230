"""
The formats that can be read. A further one is a module with a reader (see `reader.FormatReader`) and a line here.

The first that recognises a file is proposed: the particular ones stand before any table.
"""

from __future__ import annotations

from webapp.transfers.rules.formats.github import Github
from webapp.transfers.rules.formats.kimai import Kimai, KimaiApi
from webapp.transfers.rules.formats.reader import Format, FormatReader, Head
from webapp.transfers.rules.formats.redmine import Redmine
from webapp.transfers.rules.formats.table import Table
from webapp.transfers.rules.formats.taskwarrior import Taskwarrior
from webapp.transfers.rules.formats.timewarrior import Timewarrior
from webapp.transfers.rules.formats.todoist import Todoist
from webapp.transfers.rules.formats.toggl import Toggl

FORMATS: dict[Format, FormatReader] = {
    Format.TODOIST: Todoist(),
    Format.TOGGL: Toggl(),
    Format.TASKWARRIOR: Taskwarrior(),
    Format.TIMEWARRIOR: Timewarrior(),
    Format.KIMAI: Kimai(),
    Format.KIMAI_API: KimaiApi(),
    Format.REDMINE: Redmine(),
    Format.GITHUB: Github(),
    Format.TABLE: Table(),
}


def recognise(head: Head) -> Format | None:
    """Return the format of a file that begins like this, None when no reader knows it."""
    return next((name for name, reader in FORMATS.items() if reader.recognises(head)), None)
