"""What an address, a password, a setting and a signed-in browser may be. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from webapp.errors import InvalidInput
from webapp.values.email import LONGEST_EMAIL as LONGEST_EMAIL
from webapp.values.email import email_key
from webapp.values.local_time import instant_of
from webapp.values.text import clean_line

LONGEST_NAME = 120
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_USER_AGENT = 200

# A browser that is to be remembered stays signed in for the whole 30 days; any other until it has been away for
# half a day, and a day at most.
REMEMBERED_SESSION_LASTS = timedelta(days=30)
SESSION_LASTS = timedelta(hours=24)
SESSION_IDLE = timedelta(hours=12)
# How stale `seen_at` may get before a visit writes it again: reading pages should not mean writing rows.
SEEN_EVERY = timedelta(minutes=5)
RESET_LINK_LASTS = timedelta(hours=1)

# A timer that runs for less is work, and a browser that saw nothing for less is being read.
SHORTEST_FORGOTTEN_MINUTES, LONGEST_FORGOTTEN_MINUTES = 60, 7 * 24 * 60
SHORTEST_IDLE_MINUTES, LONGEST_IDLE_MINUTES = 1, 24 * 60
LONGEST_DAY_GOAL_MINUTES, LONGEST_WEEK_GOAL_MINUTES = 24 * 60, 7 * 24 * 60

# Days of `date.weekday()` that somewhere begin the week.
WEEK_STARTS = (0, 5, 6)
THEMES = ("auto", "light", "dark")
ANGLE_MODES = ("rad", "deg")

_COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")
# Names in the zone database that are no places.
_NO_PLACES = {"Factory", "localtime", "posixrules"}
# Looked for in this order: most browsers also claim to be those that came before them.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def clean_email(text: str) -> str:
    """
    Return the address in the one way we keep it: lower case, NFC, without outer white space.

    :raises InvalidInput: with a sentence for the field `email`
    """
    if len(text.strip()) > LONGEST_EMAIL:
        raise InvalidInput(f"An e-mail address has at most {LONGEST_EMAIL} characters.", field="email")
    try:
        address = email_key(text)
    except ValueError:
        raise InvalidInput("Write an address like ada@example.org.", field="email") from None
    if len(address) > LONGEST_EMAIL:
        raise InvalidInput(f"An e-mail address has at most {LONGEST_EMAIL} characters.", field="email")
    return address


def clean_name(text: str) -> str:
    """
    Return a person's name as it is kept.

    :raises InvalidInput: with a sentence for the field `name`
    """
    try:
        name = clean_line(text)
    except ValueError as error:
        raise InvalidInput(str(error), field="name") from None
    if not name:
        raise InvalidInput("Write the name you want to be called.", field="name")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.", field="name")
    return name


def check_new_password(password: str, *, email: str, field: str = "password") -> None:
    """
    Refuse a password that would be guessed first. There are no rules about kinds of characters.

    :raises InvalidInput: with a sentence for `field`
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"Use at least {SHORTEST_PASSWORD} characters. A few words in a row work well.", field=field)
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput(f"Use at most {LONGEST_PASSWORD} characters.", field=field)
    guess = password.strip().casefold()
    if guess in (email, email.partition("@")[0]):
        raise InvalidInput("Your e-mail address is the first thing to be guessed. Use something else.", field=field)
    if guess in _common_passwords() or len(set(guess)) <= 2:
        raise InvalidInput("This password is on every list of common ones. Use something else.", field=field)


@cache
def zone_names() -> tuple[str, ...]:
    """All time zones a person can choose, in alphabetical order."""
    return tuple(sorted(available_timezones() - _NO_PLACES))


def clean_zone(text: str) -> ZoneInfo:
    """
    Return the time zone of that name; the city alone will do, and capitals and underscores do not count.

    :raises InvalidInput: with a sentence for the field `timezone`
    """
    key = _zone_key(text)
    name = _zones_by_key().get(key) or _zones_by_city().get(key)
    if name is None:
        raise InvalidInput("Choose a time zone from the list, such as Europe/Berlin.", field="timezone")
    return ZoneInfo(name)


def zone_or_utc(text: str) -> ZoneInfo:
    """Return the zone a browser named, or UTC where it named none that we know: nobody is kept out by that."""
    return ZoneInfo(_zones_by_key().get(_zone_key(text), "UTC"))


def check_quiet_hours(quiet_from: time | None, quiet_until: time | None) -> None:
    """
    Refuse quiet hours with one end only, or of no length.

    :raises InvalidInput: naming the field `quiet_from` or `quiet_until`
    """
    if quiet_from is None and quiet_until is not None:
        raise InvalidInput("Say as well when quiet hours begin, or leave both empty.", field="quiet_from")
    if quiet_until is None and quiet_from is not None:
        raise InvalidInput("Say as well when quiet hours end, or leave both empty.", field="quiet_until")
    if quiet_from is not None and quiet_from == quiet_until:
        raise InvalidInput("Quiet hours end at another time than they begin.", field="quiet_until")


def check_working_hours(
    work_from: time | None, work_until: time | None, *, days: frozenset[int], is_needed: bool
) -> None:
    """
    Refuse working hours with one end only or that end before they begin, and none at all where they are needed.

    :raises InvalidInput: naming the field `work_from`, `work_until` or `work_days`
    """
    if work_from is None and (work_until is not None or is_needed):
        raise InvalidInput("Say when your working hours begin.", field="work_from")
    if work_until is None and (work_from is not None or is_needed):
        raise InvalidInput("Say when your working hours end.", field="work_until")
    if work_from is not None and work_until is not None and work_until <= work_from:
        raise InvalidInput("Working hours end later on the same day than they begin.", field="work_until")
    if is_needed and not days:
        raise InvalidInput("Choose the days you work on.", field="work_days")


def days_to_bits(days: frozenset[int]) -> int:
    """Return days of the week (of date.weekday()) as they are kept: a bit for each, Monday's is 1."""
    return sum(1 << day for day in days)


def bits_to_days(bits: int) -> frozenset[int]:
    """Return the days of the week (of date.weekday()) that `days_to_bits` kept."""
    return frozenset(day for day in range(7) if bits >> day & 1)


def digest_after(moment: datetime, *, digest_time: time | None, zone: ZoneInfo) -> datetime | None:
    """Return when the next daily digest after `moment` comes: once a local day; None where none is wanted."""
    if digest_time is None:
        return None
    today = moment.astimezone(zone).date()
    first = instant_of(today, digest_time, zone)
    return first if first > moment else instant_of(today + timedelta(days=1), digest_time, zone)


def initials(name: str) -> str:
    """Return one or two letters that stand for a person: the first of the first and of the last word."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


def session_lasts(*, is_remembered: bool) -> timedelta:
    """Return after how long a browser is signed out whatever happens."""
    return REMEMBERED_SESSION_LASTS if is_remembered else SESSION_LASTS


def is_key(text: str) -> bool:
    """Tell whether this could be a random key of ours, so that it may travel in a cookie."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,100}", text) is not None


def key_hash(key: str) -> str:
    """Return what is stored for a random key: its SHA-256 in hexadecimal. The key itself is never stored."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def browser_name(user_agent: str) -> str:
    """Return what a person would call the browser behind a User-Agent header: `Firefox on Linux`."""
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return f"{program} on {system}" if system else program


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(_COMMON_PASSWORDS.read_text(encoding="utf-8").split())


@cache
def _zones_by_key() -> dict[str, str]:
    return {_zone_key(name): name for name in zone_names()}


@cache
def _zones_by_city() -> dict[str, str]:
    cities: dict[str, list[str]] = {}
    for name in zone_names():
        if "/" in name:
            cities.setdefault(_zone_key(name.rpartition("/")[2]), []).append(name)
    # Some are listed twice under older names of the same place: those have to be chosen.
    return {city: names[0] for city, names in cities.items() if len(names) == 1}


def _zone_key(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()
