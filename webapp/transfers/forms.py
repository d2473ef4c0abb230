"""The forms of an import: the file, and how it is read."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, BinaryIO

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from webapp.accounts import rules as account_rules
from webapp.errors import InvalidInput
from webapp.transfers.models import Import
from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.cells import DayOrder, guess_priority, guess_status
from webapp.transfers.rules.columns import Meaning, meanings_of
from webapp.transfers.rules.formats import FORMATS, OWN
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.mapping import LONGEST_SOURCE, Mapping
from webapp.transfers.rules.reading import Delimiter, Encoding
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key
from webapp.web.fields import ChoiceField, Form, LineField

_KINDS = [(ImportKind.TASKS.value, "Tasks"), (ImportKind.ENTRIES.value, "Time entries of tasks that are here")]
_ENCODINGS = [
    (Encoding.AUTO.value, "Find out"),
    (Encoding.UTF_8.value, "UTF-8"),
    (Encoding.WINDOWS.value, "Windows-1252 (Western Europe)"),
    (Encoding.UTF_16.value, "UTF-16"),
]
_DELIMITERS = [
    (Delimiter.AUTO.value, "Find out"),
    (Delimiter.COMMA.value, "Commas"),
    (Delimiter.SEMICOLON.value, "Semicolons"),
    (Delimiter.TAB.value, "Tabs"),
]
_DAY_ORDERS = [
    (DayOrder.DAY_FIRST.value, "3 April"),
    (DayOrder.MONTH_FIRST.value, "4 March"),
]
_STATUSES = [(status.value, status.label) for status in Status]
_PRIORITIES = [(priority.word, priority.word.capitalize()) for priority in Priority]
_FORMATS = [(name.value, reader.label) for name, reader in FORMATS.items()]
LEFT_OUT = ("", "– leave out")


class UploadForm(Form):
    """A file, and what cannot always be found out about it."""

    file = FileField("File")
    encoding = ChoiceField("Encoding", choices=_ENCODINGS, default=Encoding.AUTO.value)
    delimiter = ChoiceField("Between two cells are", choices=_DELIMITERS, default=Delimiter.AUTO.value)

    def validate_file(self, field: Any) -> None:
        """See that there is a file."""
        if not field.data or not field.data.filename:
            raise ValidationError("Choose a file.")

    @property
    def filename(self) -> str:
        """What the file is called where it came from."""
        return str(self.file.data.filename)

    @property
    def stream(self) -> BinaryIO:
        """The file, to be read once."""
        stream: BinaryIO = self.file.data.stream
        return stream


class ReadingForm(Form):
    """
    How a file is read. `reading_form` adds a choice for each column and for each foreign word.

    `columns` are the fields of the columns, in order; `statuses` and `priorities` those of the words, by `name_key`.
    """

    form_name = ChoiceField("The file is", choices=_FORMATS)
    source = LineField("Name of the data", longest=LONGEST_SOURCE, required="Give the data a name.")
    kind = ChoiceField("Each line is", choices=_KINDS)
    zone = LineField("Time zone", longest=64, required="Choose a time zone from the list.")
    day_order = ChoiceField("03/04/2026 means", choices=_DAY_ORDERS)
    title_from = ChoiceField("A missing title becomes")
    me = ChoiceField("In this file I am")

    column_names: tuple[str, ...] = ()
    status_names: dict[str, str] = {}
    priority_names: dict[str, str] = {}
    delimiter: Delimiter = Delimiter.AUTO
    # How the file was read so far.
    before: Mapping

    @property
    def chosen_format(self) -> Format:
        """The format that was chosen. Only for a valid form."""
        return Format(self.form_name.data)

    def mapping(self) -> Mapping:
        """Return the reading that was chosen. Only for a valid form."""
        if self.before.kind is ImportKind.BOTH:
            return replace(self.before, zone=account_rules.clean_zone(self.zone.data or "").key, me=self.me.data or "")
        return Mapping(
            kind=ImportKind(self.kind.data),
            delimiter=self.delimiter,
            columns=tuple(Meaning(self[name].data) if self[name].data else None for name in self.column_names),
            zone=account_rules.clean_zone(self.zone.data or "").key,
            day_order=DayOrder(self.day_order.data),
            title_from=int(self.title_from.data) if self.title_from.data else None,
            statuses={word: Status(self[name].data) for word, name in self.status_names.items()},
            priorities={word: Priority.from_word(self[name].data) for word, name in self.priority_names.items()},
            me=self.me.data or "",
        )

    def validate_zone(self, field: Any) -> None:
        """See that there is such a zone."""
        try:
            account_rules.clean_zone(field.data or "")
        except InvalidInput as refusal:
            raise ValidationError(refusal.message) from None


def reading_form(record: Import) -> ReadingForm:
    """Return the form for one import, filled with how it is read now."""
    mapping = Mapping.from_json(record.mapping)
    header: list[str] = record.report["header"]
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {
        "form_name": record.format.value,
        "source": record.source,
        "kind": mapping.kind.value,
        "zone": mapping.zone,
        "day_order": mapping.day_order.value,
        "title_from": "" if mapping.title_from is None else str(mapping.title_from),
        "me": mapping.me,
    }
    meanings = [LEFT_OUT, *((meaning.value, label) for meaning, label in meanings_of(mapping.kind).items())]
    for position, (heading, meaning) in enumerate(zip(header, mapping.columns, strict=True)):
        name = f"column-{position}"
        fields[name] = ChoiceField(heading, choices=meanings)
        data[name] = meaning.value if meaning else ""

    statuses, priorities = ({name_key(word): word for word, _ in record.report[k]} for k in ("statuses", "priorities"))
    for key, word in statuses.items():
        fields[_name_of("status", key)] = ChoiceField(word, choices=_STATUSES)
        data[_name_of("status", key)] = (mapping.statuses.get(key) or guess_status(word) or Status.TODO).value
    for key, word in priorities.items():
        fields[_name_of("priority", key)] = ChoiceField(word, choices=_PRIORITIES)
        chosen = mapping.priorities.get(key) or guess_priority(word) or Priority.MEDIUM
        data[_name_of("priority", key)] = chosen.word

    # Fields are the class's own: each file has others, so each has a class.
    form: ReadingForm = type("OneReadingForm", (ReadingForm,), fields)(data=data)
    form.before, form.delimiter = mapping, mapping.delimiter
    form.column_names = tuple(f"column-{position}" for position in range(len(header)))
    form.status_names = {key: _name_of("status", key) for key in statuses}
    form.priority_names = {key: _name_of("priority", key) for key in priorities}
    form.title_from.choices = [("", "the reference alone")] + [
        (str(position), f"“{heading}” and the reference") for position, heading in enumerate(header)
    ]
    if record.format is not Format.TABLE:
        # The format says it all.
        del form.kind, form.day_order, form.title_from
    if record.format in OWN:
        del form.source
    people = [word for word, _ in record.report["people"]]
    form.me.choices = [("", "nobody")] + [(word, word) for word in people]
    if mapping.me and mapping.me not in people:
        form.me.choices.append((mapping.me, mapping.me))
    return form


def _name_of(what: str, key: str) -> str:
    return f"{what}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
