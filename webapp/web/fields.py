"""Form fields that turn what people type into values, and say how to put it right when they cannot."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, TypeVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, HiddenInput, ListWidget, TextArea, TextInput

from webapp.errors import Conflict, InvalidInput
from webapp.values import text
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES, format_minutes, format_seconds, parse_minutes
from webapp.values.request_key import RequestKey
from webapp.web.formats import WEEKDAYS

Value = TypeVar("Value", date, datetime)

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
LONGEST_SEARCH = 200
# What is not part of what a person meant: it differs each time the same form is shown.
_NOT_CONTENT = {"csrf_token", "request_key", "next"}


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours: CSRF token, request key, and a place for what an operation refuses."""

    request_key_field = HiddenField(name="request_key", default=lambda: secrets.token_hex(16))

    @property
    def request_key(self) -> RequestKey | None:
        """The mark of this showing of the form; None when it was sent without one."""
        key = request.form.get("request_key", "")
        if not re.fullmatch(r"[0-9a-f]{32}", key):
            return None
        sent = sorted((name, value) for name, value in request.form.items(multi=True) if name not in _NOT_CONTENT)
        return RequestKey(key=key, fingerprint=hashlib.sha256(repr((request.path, sent)).encode()).hexdigest())

    def renew_request_key(self) -> None:
        """Make what is shown next a new showing: used when the last one cannot be sent again."""
        self.request_key_field.data = secrets.token_hex(16)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Put what an operation refuses inside beside the field that it names, and go on after the block."""
        try:
            yield
        except InvalidInput as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: InvalidInput) -> None:
        """Put a refusal beside its field, or above the form when it belongs to none."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]
        self.renew_request_key()


class VersionField(Field):
    """Which version of a record a form shows. `data` is its number; 0, which none has, where that was lost."""

    widget = HiddenInput()
    data: int

    def process_data(self, value: int | None) -> None:
        """Show this version."""
        self.data = value or 0

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        typed = valuelist[0] if valuelist else ""
        self.data = int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else 0

    def _value(self) -> str:
        return str(self.data)


class RecordForm(Form):
    """A form about a record that others may change while it is open."""

    version = VersionField()

    def show_late(self, late: Conflict, *, version: int) -> None:
        """Say that somebody was faster; sent again, the form replaces what they saved, which is `version`."""
        self.version.data = version
        self.form_errors.append(late.message)


class LineField(StringField):
    """One line of text, cleaned. Too long or with characters that cannot be kept is refused, never cut."""

    data: str

    def __init__(self, label: str, *, longest: int, required: str | None = None, **kwargs: Any) -> None:
        """:param required: the sentence shown when it is empty; None lets it be empty"""
        super().__init__(label, **kwargs)
        self.longest = longest
        self.required = required

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed; it is cleaned once it is known to be acceptable."""
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Clean the text, or say what is wrong with it."""
        cleaned = self.clean(self.data or "")
        if not cleaned and self.required:
            raise ValidationError(self.required)
        if len(cleaned) > self.longest:
            raise ValidationError(f"This has {len(cleaned):,} characters; {self.longest:,} fit.")
        self.data = cleaned

    def clean(self, typed: str) -> str:
        """Return the text as it will be kept."""
        try:
            return text.clean_line(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class TextField(LineField):
    """Text of several lines, cleaned."""

    widget = TextArea()

    def clean(self, typed: str) -> str:
        """Return the text as it will be kept."""
        try:
            return text.clean_text(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class EmailField(LineField):
    """An e-mail address that could exist, in the spelling in which it is kept; its domain is not asked."""

    widget = EmailInput()

    def __init__(self, label: str, *, required: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, longest=254, required=required, **kwargs)

    def clean(self, typed: str) -> str:
        """Return the address with its domain in lower case."""
        line = super().clean(typed)
        if not line:
            return ""
        try:
            return str(validate_email(line, check_deliverability=False).normalized)
        except EmailNotValidError:
            raise ValidationError("Write an e-mail address like ada@example.com.") from None


class SecretField(PasswordField):
    """A password: kept exactly as typed, never shown again."""


class TypedField(Field):
    """A field whose text is read as a value. `data` is the value or None; what was typed is shown again if it fails."""

    widget = TextInput()

    def __init__(self, label: str, *, required: str | None = None, **kwargs: Any) -> None:
        """:param required: the sentence shown when it is empty; None lets it be empty"""
        super().__init__(label, **kwargs)
        self.required = required
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        words = self.typed.strip()
        if words:
            self.data = self.read(words)
        elif self.required:
            raise ValueError(self.required)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.write(self.data)

    def read(self, typed: str) -> Any:
        """Return the value, or raise ValueError with a sentence."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the text that reads as this value."""
        return str(value)


class MinutesField(TypedField):
    """A length of time, in whole minutes: `1h 30m`, `90m`, `1.5h`, `1:30`."""

    def __init__(self, label: str, *, least: int = 0, most: int = LONGEST_ESTIMATE_MINUTES, **kwargs: Any) -> None:
        """:param most: the longest that is accepted, and `least` the shortest, in minutes"""
        super().__init__(label, **kwargs)
        self.least, self.most = least, most

    def read(self, typed: str) -> int:
        """Read a length of time."""
        minutes = parse_minutes(typed)
        if minutes > self.most:
            raise ValueError(f"This is longer than {format_seconds(self.most * 60)}.")
        if minutes < self.least:
            raise ValueError(f"This is shorter than {format_seconds(self.least * 60)}.")
        return minutes

    def write(self, value: int) -> str:
        """Write a length of time."""
        return format_minutes(value)


class DayField(TypedField):
    """A day, `2026-11-20`."""

    def read(self, typed: str) -> date:
        """Read a day."""
        return read_day(typed)


class DueField(TypedField):
    """A day (`2026-11-20`) or a local moment (`2026-11-20T15:00`): a `date` or a naive `datetime`."""

    def read(self, typed: str) -> date | datetime:
        """Read a day or a moment."""
        if re.fullmatch(r"\S+[T ]\S+", typed):
            return read_moment(typed)
        return read_day(typed)

    def write(self, value: date | datetime) -> str:
        """Write a day or a moment."""
        return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value.isoformat()


class MomentField(TypedField):
    """A local moment, `2026-11-20T15:00`: a naive `datetime`, to be read in the person's zone."""

    def read(self, typed: str) -> datetime:
        """Read a moment."""
        return read_moment(typed)

    def write(self, value: datetime) -> str:
        """Write a moment."""
        return value.strftime("%Y-%m-%dT%H:%M")


class TimeOfDayField(TypedField):
    """A time of day, `15:00`."""

    @property
    def kind(self) -> str:
        """The input for it: a clock, unless that would swallow what was typed."""
        return "text" if self.errors else "time"

    def read(self, typed: str) -> time:
        """Read a time of day."""
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", typed, re.ASCII):
            raise ValueError("Write the time as 15:00; it lies between 00:00 and 23:59.")
        return time.fromisoformat(typed.rjust(5, "0") if len(typed) < 6 else typed.rjust(8, "0"))

    def write(self, value: time) -> str:
        """Write a time of day."""
        return f"{value:%H:%M}"


class TagsField(TypedField):
    """Words separated by commas, as a tuple; the same word twice counts once."""

    longest = 80
    most = 20

    def read(self, typed: str) -> tuple[str, ...]:
        """Read the words."""
        words: dict[str, str] = {}
        for part in typed.split(","):
            word = text.clean_line(part).lstrip("#")
            if len(word) > self.longest:
                raise ValueError(f"A tag has at most {self.longest} characters.")
            if word:
                words.setdefault(text.name_key(word), word)
        if len(words) > self.most:
            raise ValueError(f"There are {len(words)} tags here; a task has at most {self.most}.")
        return tuple(words.values())

    def write(self, value: Sequence[str]) -> str:
        """Write the words."""
        return ", ".join(value)


class ChoiceField(SelectField):
    """One of some choices; anything else is refused by name."""

    def __init__(self, label: str, *, choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        offered = [SelectChoice(value, words) for value, words in choices]
        super().__init__(label, choices=offered, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among the choices."""
        if (self.data or "") not in {str(value) for value, *_ in self.iter_choices()}:
            raise ValidationError(f"“{str(self.data)[:40]}” is not one of the choices.")


class WeekdaysField(SelectMultipleField):
    """Any number of weekdays, each a tick: the numbers of date.weekday(), as text."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **kwargs: Any) -> None:
        names = [SelectChoice(str(number), name) for number, name in enumerate(WEEKDAYS)]
        super().__init__(label, choices=names, validate_choice=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no weekday."""
        if not set(self.data or ()) <= set("0123456"):
            self.data = []
            raise ValidationError("Choose weekdays from Monday to Sunday.")


class RecordField(ChoiceField):
    """One of some records, by number. Whether there is such a one is known where the form is saved."""

    def __init__(self, label: str, *, what: str, **kwargs: Any) -> None:
        """:param what: a record is called in a sentence, `a customer`"""
        super().__init__(label, **kwargs)
        self.what = what

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no number."""
        if self.data and not re.fullmatch(r"[0-9]{1,9}", self.data, re.ASCII):
            raise ValidationError(f"Choose {self.what} from the list.")

    @property
    def number(self) -> int | None:
        """The id of the chosen one."""
        return int(self.data) if self.data else None

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The records to choose from, by number and name."""
        return [(str(value), str(words)) for value, words, *_ in self.iter_choices() if value]

    def offer(self, none: str, names: Sequence[tuple[int, str]], *, chosen: tuple[int, str] | None = None) -> None:
        """
        Let the person choose among these, by id and name.

        :param none: the words for no choice
        :param chosen: the one it is so far, who may not be among them
        """
        offered = dict([chosen] if chosen else []) | dict(names)
        self.choices = [
            SelectChoice("", none),
            *(SelectChoice(str(number), name) for number, name in offered.items()),
        ]


def read_search(typed: str, *, name: str = "q") -> str:
    """
    Return the words that an address looks for, cleaned.

    :param name: the parameter they stand in
    :raises InvalidInput: when they are too long, or hold what is in no record
    """
    try:
        words = text.clean_line(typed)
    except ValueError as error:
        raise InvalidInput(str(error), field=name) from None
    if len(words) > LONGEST_SEARCH:
        raise InvalidInput(f"Search for at most {LONGEST_SEARCH} characters at once.", field=name)
    return words


def read_day(typed: str) -> date:
    """
    Read `2026-11-20`.

    :raises ValueError: with a sentence, also for a year that nobody means
    """
    return _checked(typed, r"\d{4,6}-\d{1,2}-\d{1,2}", "Write the day as 2026-11-20.", _day_of)


def read_moment(typed: str) -> datetime:
    """
    Read `2026-11-20T15:00` (or with a space, or with seconds) as a naive moment.

    :raises ValueError: with a sentence
    """
    pattern = r"\d{4,6}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2})?"
    return _checked(typed, pattern, "Write the day and time as 2026-11-20 15:00.", _moment_of)


def _checked(typed: str, pattern: str, sentence: str, make: Callable[[list[int]], Value]) -> Value:
    if not typed.isascii() or not re.fullmatch(pattern, typed):
        raise ValueError(sentence)
    numbers = [int(number) for number in re.findall(r"\d+", typed)]
    if not EARLIEST_YEAR <= numbers[0] <= LATEST_YEAR:
        raise ValueError(f"The year {numbers[0]} is out of range. Use {EARLIEST_YEAR} to {LATEST_YEAR}.")
    return make(numbers)


def _day_of(numbers: list[int]) -> date:
    year, month, day = numbers
    if not 1 <= month <= 12:
        raise ValueError(f"There are 12 months; {month} is not one of them.")
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    if not 1 <= day <= last:
        raise ValueError(f"{date(year, month, 1):%B %Y} has {last} days. Enter a day from 1 to {last}.")
    return date(year, month, day)


def _moment_of(numbers: list[int]) -> datetime:
    day = _day_of(numbers[:3])
    hour, minute, second = [*numbers[3:], 0][:3]
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("A time of day lies between 00:00 and 23:59.")
    return datetime.combine(day, time(hour, minute, second))
