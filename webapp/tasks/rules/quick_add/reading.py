"""
A line of text becomes the fields of a task. Pure.

Nothing is dropped: what is not understood stays in the title. A sign is read wherever it stands. A day, a time or a
repeat is read where the line begins or ends, or after a word like “by”; elsewhere it is part of the title.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.tasks.rules.quick_add.days import Calendar, Said, When, match_when
from webapp.tasks.rules.quick_add.neighbours import BINDING, GOING_ON, NAMING, OPENING
from webapp.tasks.rules.quick_add.repeats import Every, first_day, match_every
from webapp.tasks.rules.quick_add.signs import Kind, Known, Signed, customer_named, match_sign
from webapp.tasks.rules.quick_add.words import QUOTES, Word, split_words
from webapp.tasks.rules.recurrence import Repeat
from webapp.tasks.rules.tasks import MOST_TAGS
from webapp.values.priority import Priority
from webapp.values.text import name_key


@dataclass(frozen=True)
class Fields:
    """What a line says, None and () for what it does not. `due` is a day, or a naive moment where the person lives."""

    title: str
    due: date | datetime | None = None
    starts_on: date | None = None
    repeat: Repeat | None = None
    tags: tuple[str, ...] = ()
    priority: Priority | None = None
    estimated_minutes: int | None = None
    category: str | None = None
    customer: Known | None = None


@dataclass(frozen=True)
class Part:
    """
    One thing that was understood, and where it stands in the line.

    `day` and `clock` say what this part gives of the due moment.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    day: date | None = None
    clock: time | None = None


@dataclass(frozen=True)
class Understood:
    """A line as it was understood: its fields, what each was read from, and the names that are no customer's."""

    text: str
    fields: Fields
    parts: tuple[Part, ...]
    unknown_customers: tuple[str, ...]


def parse(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    is_month_first: bool = False,
    customers: Mapping[str, Known] | None = None,
) -> Understood:
    """
    Read a line as the person means it who lives in `zone` and types it `now`. No text makes this fail.

    :param is_month_first: whether 11/12 is a day in November
    :param customers: those named in the line (see `mentioned_customers`), by `name_key`
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    words = split_words(text)
    phrases = find_phrases(words, Calendar(local.date(), is_month_first), customers or {})
    for reads_days in (True, False):
        understood = _Reading(text, words, phrases, local, reads_days=reads_days).understood()
        if understood.fields.title:
            return understood
    # All of it were fields of a task without a name: then it is the name.
    return Understood(text, Fields(" ".join(text.split())), (), ())


def mentioned_customers(text: str) -> tuple[str, ...]:
    """Return the names that stand after an `@`, so that they can be looked up before the line is read."""
    names = (customer_named(word) for word in split_words(text))
    return tuple(dict.fromkeys(name for name in names if name))


def literally(text: str, parts: Iterable[Part]) -> str:
    """Return the line with a backslash before each of the parts: read again, they belong to the title."""
    for start in sorted({part.start for part in parts}, reverse=True):
        text = text[:start] + "\\" + text[start:]
    return text


def with_first_due(fields: Fields, *, today: date) -> Fields:
    """Return the fields with the day on which what repeats is due first, when the line names none."""
    if fields.repeat is None or fields.due is not None:
        return fields
    return replace(fields, due=first_day(fields.repeat, today=today))


Phrase = Signed | When | Every


def _is_plain(phrase: Phrase) -> bool:
    return isinstance(phrase, Every) and phrase.is_plain


def find_phrases(words: Sequence[Word], calendar: Calendar, customers: Mapping[str, Known]) -> dict[int, Phrase]:
    """Return what begins at which word, wherever that stands: a sign, a day or time, a repeat."""
    phrases: dict[int, Phrase] = {}
    place = 0
    while place < len(words):
        phrase = (
            match_sign(words, place, calendar, customers)
            or match_every(words, place, calendar)
            or match_when(words, place, calendar)
        )
        if phrase is not None:
            phrases[place] = phrase
        place += phrase.length if phrase else 1
    return phrases


class _Reading:
    """Decides which phrases are read, by where they stand; the rest is the title."""

    def __init__(
        self, text: str, words: Sequence[Word], phrases: dict[int, Phrase], local: datetime, *, reads_days: bool
    ) -> None:
        self.text = text
        self.words = words
        self.phrases = phrases
        self.local = local
        self.ends = {place + phrase.length: place for place, phrase in phrases.items()}
        # The places of phrases that are read, and of those that a backslash makes words of the title.
        self.read: set[int] = set()
        self.escaped = {place for place in phrases if words[place].slashes}
        self._read_signs()
        if reads_days:
            self._read_days()

    def understood(self) -> Understood:
        """Return what was decided."""
        parts = tuple(self._part(place) for place in sorted(self.read))
        unknown = tuple(
            phrase.name
            for place, phrase in sorted(self.phrases.items())
            if isinstance(phrase, Signed)
            and phrase.kind is Kind.CUSTOMER
            and phrase.customer is None
            and place not in self.escaped
        )
        return Understood(self.text, self._fields(), parts, tuple(dict.fromkeys(unknown)))

    # --- signs --------------------------------------------------------------------------------------------------------

    def _read_signs(self) -> None:
        """Read each sign; of what a task has once the first, of tags as many as it can have."""
        taken: set[Kind] = set()
        tags: set[str] = set()
        for place, phrase in sorted(self.phrases.items()):
            if not isinstance(phrase, Signed) or place in self.escaped or phrase.kind in taken:
                continue
            if phrase.kind is Kind.CUSTOMER and phrase.customer is None:
                continue
            if phrase.is_bare_number and not self._is_followed_by_fields(place):
                continue
            if phrase.kind is Kind.TAG:
                if name_key(phrase.name) not in tags and len(tags) == MOST_TAGS:
                    continue
                tags.add(name_key(phrase.name))
            else:
                taken.add(phrase.kind)
            self.read.add(place)

    def _is_followed_by_fields(self, place: int) -> bool:
        """Tell whether no word of the title follows: ~45 people is no estimate."""
        while place in self.phrases:
            place += self.phrases[place].length
        return place >= len(self.words)

    # --- days, times, repeats -----------------------------------------------------------------------------------------

    def _read_days(self) -> None:
        at_end, at_start = self._chain_from_end(), self._chain_from_start()
        plain = [place for place, phrase in self.phrases.items() if _is_plain(phrase) and place not in self.escaped]
        repeats = [place for place in (*plain, *at_end, *at_start) if isinstance(self.phrases[place], Every)]
        self.read.update(repeats[:1])
        candidates: list[tuple[int, int]] = []
        for place, phrase in self.phrases.items():
            if isinstance(phrase, When) and place not in self.escaped:
                rank = self._rank(place, phrase, is_at_end=place in at_end, is_at_start=place in at_start)
                if rank is not None:
                    candidates.append((rank, place))
        self._choose(candidates)

    def _choose(self, candidates: list[tuple[int, int]]) -> None:
        """Read the day that is said most plainly, of two the later; and a time beside it when it has none."""
        has_day, has_clock = self._first_of_repeat() is not None, False
        for _, place in sorted(candidates, reverse=True):
            when = self.phrases[place]
            if isinstance(when, When) and not (when.day and has_day) and not (when.clock and has_clock):
                has_day, has_clock = has_day or when.day is not None, has_clock or when.clock is not None
                self.read.add(place)

    def _first_of_repeat(self) -> date | None:
        """Return the day that the repeat itself names: every month on the 15th."""
        firsts = (phrase.first for phrase in map(self.phrases.__getitem__, self.read) if isinstance(phrase, Every))
        return next(firsts, None)

    def _rank(self, place: int, when: When, *, is_at_end: bool, is_at_start: bool) -> int | None:
        if when.said is Said.DUE:
            return 5
        if when.said is Said.BY and not when.is_bare_hour:
            return 4
        if is_at_end:
            return 3
        if when.said >= Said.AT and not when.is_doubtful and not when.is_bare_hour:
            # “at” goes with a time, “on” with a day.
            return 2 if (when.clock is not None) or when.said is Said.ON else None
        return 1 if is_at_start else None

    def _chain_from_end(self) -> list[int]:
        """Return the phrases that the line ends with, the last one first; what signs say may stand between."""
        chain: list[int] = []
        end = len(self.words)
        while end in self.ends:
            place = self.ends[end]
            if not self._is_see_through(place):
                if not self._may_end(place):
                    break
                chain.append(place)
            end = place
        return chain

    def _chain_from_start(self) -> list[int]:
        """Return the phrases that the line begins with, in order."""
        chain: list[int] = []
        place = 0
        while place in self.phrases:
            after = place + self.phrases[place].length
            if not self._is_see_through(place):
                if not self._may_begin(place, after):
                    break
                chain.append(place)
            place = after
        return chain

    def _is_see_through(self, place: int) -> bool:
        """Tell whether a day beside this still stands at the edge: a sign is no word, even if nobody is called so."""
        phrase = self.phrases[place]
        is_sign = isinstance(phrase, Signed) and (place in self.read or not phrase.is_bare_number)
        return is_sign or place in self.escaped or place in self.read

    def _may_end(self, place: int) -> bool:
        phrase = self.phrases[place]
        if isinstance(phrase, Signed) or (place and self.words[place - 1].raw.endswith(OPENING)):
            return False
        before = self.words[place - 1].plain if place else ""
        if isinstance(phrase, When) and phrase.said is not Said.BARE:
            return True
        if isinstance(phrase, When) and phrase.is_doubtful:
            # 9:00 after “every day” is a time of day.
            return phrase.clock is not None and isinstance(self.phrases.get(self.ends.get(place, -1)), Every)
        return before not in BINDING and before not in NAMING

    def _may_begin(self, place: int, after: int) -> bool:
        phrase = self.phrases[place]
        if isinstance(phrase, Signed):
            return False
        if not phrase.may_begin or (isinstance(phrase, When) and (phrase.is_doubtful or phrase.is_bare_hour)):
            return False
        if after >= len(self.words):
            return True
        if self.words[after].core.lower().rstrip(",;.") in GOING_ON:
            return False
        # A capital after a capital is a name: Friday Night Lights, Every Day Robots.
        return not (self.words[place].core[:1].isupper() and self.words[after].core[:1].isupper())

    # --- what comes of it ---------------------------------------------------------------------------------------------

    def _fields(self) -> Fields:
        fields = Fields(self._title())
        tags: dict[str, str] = {}
        for phrase in (self.phrases[place] for place in sorted(self.read)):
            match phrase:
                case Every(repeat=repeat):
                    fields = replace(fields, repeat=repeat)
                case Signed(kind=Kind.TAG, name=name):
                    tags.setdefault(name_key(name), name)
                case Signed(kind=Kind.PRIORITY, priority=priority):
                    fields = replace(fields, priority=priority)
                case Signed(kind=Kind.ESTIMATE, minutes=minutes):
                    fields = replace(fields, estimated_minutes=minutes)
                case Signed(kind=Kind.CUSTOMER, customer=customer):
                    fields = replace(fields, customer=customer)
                case Signed(kind=Kind.CATEGORY, name=name):
                    fields = replace(fields, category=name)
                case Signed(kind=Kind.START, day=day):
                    fields = replace(fields, starts_on=day)
        return replace(fields, tags=tuple(tags.values()), due=self._due(fields.repeat))

    def _due(self, repeat: Repeat | None) -> date | datetime | None:
        days, clocks = self._read_days_and_clocks()
        if not days and (first := self._first_of_repeat()):
            days = [first]
        if not clocks:
            return days[0] if days else None
        if days:
            return datetime.combine(days[0], clocks[0])
        # A time alone is the next one that comes; of what repeats, on a day that fits.
        day = self.local.date() + timedelta(days=int(clocks[0] <= self.local.time()))
        return datetime.combine(first_day(repeat, today=day) if repeat else day, clocks[0])

    def _read_days_and_clocks(self) -> tuple[list[date], list[time]]:
        whens = [phrase for place, phrase in self.phrases.items() if place in self.read and isinstance(phrase, When)]
        return [when.day for when in whens if when.day], [when.clock for when in whens if when.clock]

    def _title(self) -> str:
        words: list[str] = []
        place = 0
        while place < len(self.words):
            if place in self.read:
                place += self.phrases[place].length
                continue
            word = self.words[place]
            is_escaped = place in self.escaped or (word.slashes and word.core[:1] in QUOTES)
            words.append(word.raw[1:] if is_escaped else word.raw)
            place += 1
        return " ".join(" ".join(words).split())

    def _part(self, place: int) -> Part:
        phrase = self.phrases[place]
        start, end = self.words[place].start, self.words[place + phrase.length - 1].end
        match phrase:
            case Signed():
                return Part(phrase.kind, start, end, name=phrase.name)
            case Every():
                return Part(Kind.REPEAT, start, end)
            case When():
                return Part(Kind.DUE, start, end, day=phrase.day, clock=phrase.clock)
