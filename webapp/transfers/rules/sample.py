"""
A believable year of a freelancer's work, made up day by day. Pure: the same arguments give the same year.

Work arrives, waits, is picked up by urgency, takes longer or shorter than was thought (each kind of work in its own
way, and a little less wrong as the year goes by), and is done, or is still open today.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from webapp.calculations.engine.operations import Operation
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation
from webapp.customers.rules import CustomerDetails
from webapp.tasks.rules.intake import EntryIn, TaskIn
from webapp.transfers.rules import sample_words as words
from webapp.transfers.rules.sample_project import PARTS, Part
from webapp.values.priority import Priority
from webapp.values.status import Status

DAYS = 365
SEED = 1815
_FULL_QUEUE = 34
_LATE_NIGHTS = 8


class SampleKind(StrEnum):
    """What the sample data makes besides tasks and time."""

    CATEGORY = "category"
    TAG = "tag"
    CUSTOMER = "customer"
    CALCULATION = "calculation"
    COMMENT = "comment"
    SERIES = "series"
    WORKSHEET = "worksheet"


@dataclass(frozen=True)
class _Kind:
    """How one kind of work behaves. `bias` is the middle of actual ÷ estimate, `spread` the sigma of its logarithm."""

    name: str
    weight: int
    estimates: tuple[int, ...]
    bias: float
    spread: float
    unestimated: float = 0.08


_KINDS = (
    _Kind("Development", 25, (60, 90, 120, 120, 180, 240, 300), bias=1.3, spread=0.42),
    _Kind("Review", 17, (20, 30, 30, 45, 60), bias=1.8, spread=0.3),
    _Kind("Meetings", 17, (30, 30, 45, 60, 60), bias=1.02, spread=0.1),
    _Kind("Writing", 11, (30, 60, 60, 90, 120), bias=1.15, spread=0.4),
    _Kind("Support", 16, (15, 15, 30, 30), bias=1.1, spread=0.7, unestimated=0.35),
    _Kind("Admin", 9, (15, 30, 30, 45), bias=0.8, spread=0.25),
    _Kind("Design", 5, (60, 90, 120, 180), bias=1.05, spread=0.35),
)
# The versions of the quote: how many days ago, the rate, and how long the building takes.
QUOTE_SAVED = ((26, 80, "38h 30m"), (19, 85, "42h"))
_QUOTE = """\
# Work
rate = {rate} EUR/h
design: 12h * rate
building: {building} * rate
// travel is billed at half the rate
travel: 2 * 1h 15m * rate / 2
hosting: 12 months * 20 EUR/month
net = total

# To pay
tax: 25% of net
net + 25%"""
# Minutes of work and new tasks by weekday, Monday first.
_CAPACITY = (375, 420, 410, 395, 290)
_ARRIVALS = (6.0, 5.0, 4.6, 4.2, 3.2)


@dataclass(frozen=True)
class SampleCalculation:
    """
    A figure that was worked out on the way, or was to be.

    `customer` and `revises` are positions among the sample's customers and calculations. There are no decimals in what
    is typed: each person writes them in their own way.
    """

    typed: Typed
    note: str
    made_at: datetime
    customer: int | None = None
    revises: int | None = None


@dataclass(frozen=True)
class SampleWorksheet:
    """
    A quote for one of the sample's customers: the text of each version and when it was saved, without decimals.

    `customer` is a position among the sample's customers.
    """

    title: str
    customer: int
    versions: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class Sample:
    """
    The year from `begins_at` on.

    A task's customer is named in `customer_of` by its position in `customers`, since it has no id yet.
    """

    begins_at: datetime
    customers: list[CustomerDetails]
    tasks: list[TaskIn]
    entries: list[EntryIn]
    customer_of: dict[str, int]
    calculations: list[SampleCalculation]
    worksheets: list[SampleWorksheet]
    # How some of the tasks belong together, by their references.
    parts: tuple[Part, ...] = PARTS


@dataclass
class _Job:
    """A task while the year is being lived. Times are local and naive."""

    ref: str
    kind: _Kind
    title: str
    customer: int | None
    priority: Priority
    created: datetime
    estimate: int | None
    left: int
    due_on: date | None = None
    due_at: datetime | None = None
    # When a meeting begins; nobody can hold it earlier.
    starts: datetime | None = None
    done: datetime | None = None
    tags: tuple[str, ...] = ()
    description: str = ""
    is_timed: bool = True
    is_begun: bool = False
    # Somebody has to answer first.
    waits_until: date | None = None


def make_sample(*, now: datetime, zone: ZoneInfo, user_id: int, seed: int = SEED) -> Sample:
    """Return the year that ends now, lived in `zone` by one person."""
    return _Year(now.astimezone(zone).replace(tzinfo=None, microsecond=0), zone, user_id, Random(seed)).live()


class _Year:
    def __init__(self, now: datetime, zone: ZoneInfo, user_id: int, rng: Random) -> None:
        self.now, self.zone, self.user_id, self.rng = now, zone, user_id, rng
        self.first = now.date() - timedelta(days=DAYS)
        self.queue: list[_Job] = []
        self.jobs: list[_Job] = []
        self.entries: list[EntryIn] = []
        self.titles: set[str] = set()

    def live(self) -> Sample:
        workdays = [day for day in self._days() if self._is_workday(day)]
        late_nights = set(self.rng.sample(workdays[:-5], _LATE_NIGHTS))
        for day in workdays:
            self._receive(day)
            self._work(day)
            if day in late_nights:
                self._work_late(day)
        self._look_ahead()
        return Sample(
            begins_at=self._instant(datetime.combine(self.first, time(8))),
            customers=[details for details, _ in words.CUSTOMERS],
            tasks=[*(self._task(job) for job in self.jobs), *(self._part(part) for part in PARTS)],
            entries=self.entries,
            customer_of={
                **{job.ref: job.customer for job in self.jobs if job.customer is not None},
                **{part.ref: part.customer for part in PARTS if part.customer is not None},
            },
            calculations=list(self._calculations()),
            worksheets=[self._quote()],
        )

    def _days(self) -> Iterator[date]:
        for offset in range(DAYS + 1):
            yield self.first + timedelta(days=offset)

    def _is_workday(self, day: date) -> bool:
        is_holiday = (
            (day.month, day.day) in ((1, 1), (5, 1), (10, 3))
            or (day.month == 12 and 23 <= day.day <= 31)
            # Two weeks off in summer.
            or (day.month == 8 and 3 <= day.day <= 16)
        )
        is_ill = self.rng.random() < 0.02
        if day == self.now.date():
            return day.weekday() < 5
        return not is_holiday and not is_ill and (day.weekday() < 5 or self.rng.random() < 0.04)

    # New work

    def _receive(self, day: date) -> None:
        expected = _ARRIVALS[day.weekday()] if day.weekday() < 5 else 0.5
        if len(self.queue) > _FULL_QUEUE:
            expected *= 0.55
        for _ in range(max(0, round(self.rng.gauss(expected, 1.2)))):
            created = datetime.combine(day, time(8, 30)) + timedelta(minutes=self.rng.randrange(9 * 60))
            if created < self.now:
                self._add(created)

    def _add(self, created: datetime) -> _Job:
        rng = self.rng
        kind = rng.choices(_KINDS, [kind.weight for kind in _KINDS])[0]
        customer = rng.randrange(len(words.CUSTOMERS))
        typical = rng.choice(kind.estimates)
        # By the end of the year the estimates have become a little better.
        learned = 1 - 0.15 * (created.date() - self.first).days / DAYS
        bias = 1 + (kind.bias - 1) * learned * 1.08
        title = self._title(kind, customer, created)
        job = _Job(
            ref=f"task-{len(self.jobs) + 1:04}",
            kind=kind,
            title=title,
            customer=customer if self._is_for_customer(title, customer) or rng.random() < 0.55 else None,
            priority=Priority(rng.choices([1, 2, 3, 4], [14, 58, 21, 7])[0]),
            created=created,
            estimate=None if rng.random() < kind.unestimated else typical,
            left=max(4, round(typical * bias * math.exp(rng.gauss(0, kind.spread)))),
            tags=tuple(tag for tag in words.TAGS[kind.name] if rng.random() < 0.28),
            description=rng.choice(words.DESCRIPTIONS) if rng.random() < 0.25 else "",
            is_timed=rng.random() > 0.12,
        )
        self._promise(job)
        self.jobs.append(job)
        self.queue.append(job)
        return job

    def _promise(self, job: _Job) -> None:
        rng = self.rng
        if job.kind.name == "Meetings":
            day = job.created.date() + timedelta(days=rng.randint(1, 6))
            while day.weekday() >= 5:
                day += timedelta(days=1)
            job.starts = datetime.combine(day, rng.choice((time(10), time(11), time(14), time(15, 30))))
            job.due_on = day
            job.is_timed = True
        elif rng.random() < 0.42:
            day = job.created.date() + timedelta(days=min(40, 1 + round(rng.lognormvariate(1.7, 0.7))))
            if rng.random() < 0.15:
                job.due_at = datetime.combine(day, rng.choice((time(12), time(17))))
            else:
                job.due_on = day

    def _title(self, kind: _Kind, customer: int, created: datetime) -> str:
        details, project = words.CUSTOMERS[customer]
        for _ in range(40):
            pattern = self.rng.choice(words.TITLES[kind.name])
            for _ in range(2):
                pattern = pattern.format(
                    bug=self.rng.choice(words.BUGS),
                    city=self.rng.choice(words.CITIES),
                    company=details.company,
                    feature=self.rng.choice(words.FEATURES),
                    month=f"{created:%B}",
                    project=project,
                )
            if pattern not in self.titles or kind.name == "Meetings":
                break
        self.titles.add(pattern)
        return pattern[:1].upper() + pattern[1:]

    @staticmethod
    def _is_for_customer(title: str, customer: int) -> bool:
        details, project = words.CUSTOMERS[customer]
        return details.company in title or project in title

    # A day's work

    def _work(self, day: date) -> None:
        rng = self.rng
        capacity = round(rng.gauss(_CAPACITY[day.weekday()], 35)) if day.weekday() < 5 else rng.randint(45, 150)
        clock = datetime.combine(day, time(8, 50)) + timedelta(minutes=rng.randrange(30))
        lunch = datetime.combine(day, time(12, 20)) + timedelta(minutes=rng.randrange(30))
        has_eaten = False
        while capacity > 5 and (job := self._pick(clock)) is not None:
            if not has_eaten and clock >= lunch:
                clock += timedelta(minutes=rng.randint(35, 60))
                has_eaten = True
            if job.starts is not None:
                clock = max(clock, job.starts)
            minutes = min(job.left, rng.randint(30, 115))
            ended = self._spend(job, clock, minutes)
            if ended is None:
                return
            capacity -= minutes
            clock = ended + timedelta(minutes=rng.choice((1, 2, 3, 5, 8, 12)))

    def _work_late(self, day: date) -> None:
        job = self._add(datetime.combine(day, time(17, 45)))
        job.kind, job.due_on, job.due_at, job.starts = _KINDS[0], None, None, None
        job.title, job.tags = f"Roll out {self.rng.choice(words.FEATURES)} at night", ("release",)
        job.left = self.rng.randint(100, 190)
        job.is_timed = True
        self._spend(job, datetime.combine(day, time(22, 20)) + timedelta(minutes=self.rng.randrange(40)), job.left)

    def _pick(self, clock: datetime) -> _Job | None:
        ready = [
            job
            for job in self.queue
            if job.created <= clock
            and (job.starts is None or job.starts <= clock + timedelta(minutes=20))
            and (job.waits_until is None or job.waits_until <= clock.date())
        ]
        return max(ready, key=lambda job: self._urgency(job, clock), default=None)

    def _urgency(self, job: _Job, clock: datetime) -> float:
        urgency = job.priority * 1.5 + (clock - job.created).days / 5 + self.rng.random() * 3 + 1.5 * job.is_begun
        due = job.due_at.date() if job.due_at else job.due_on
        if job.starts is not None:
            urgency += 50
        elif due is not None:
            urgency += max(0, 2 * (5 - (due - clock.date()).days))
        return urgency

    def _spend(self, job: _Job, started: datetime, minutes: int) -> datetime | None:
        """Write down time on a job and return when it ended; None when that is still to come."""
        rng = self.rng
        interrupted = rng.randint(4, 15) if minutes > 50 and rng.random() < 0.1 and job.is_timed else 0
        ended = started + timedelta(minutes=minutes + interrupted)
        if ended > self.now:
            return None
        ref = f"entry-{len(self.entries) + 1:05}"
        note = rng.choice(words.ENTRY_NOTES) if rng.random() < 0.2 else ""
        if job.is_timed:
            entry = EntryIn(
                source_ref=ref,
                task_ref=job.ref,
                user_id=self.user_id,
                started_at=self._instant(started),
                ended_at=self._instant(ended),
                interrupted_seconds=interrupted * 60,
                note=note,
            )
        else:
            day, seconds = started.date(), minutes * 60
            entry = EntryIn(ref, job.ref, self.user_id, day=day, seconds=seconds, note=note)
        self.entries.append(entry)
        job.is_begun = True
        job.left -= minutes
        if job.left <= 0:
            job.done = ended
            self.queue.remove(job)
        elif rng.random() < 0.3:
            job.waits_until = ended.date() + timedelta(days=rng.randint(3, 9))
        return ended

    # What is still to do

    def _look_ahead(self) -> None:
        """Give what is open the days a person would see today: some late, some for today, more to come."""
        today = self.now.date()
        waiting = sorted((job for job in self.queue if not job.starts), key=lambda job: (not job.is_begun, job.ref))
        days = [None, -2, 0, 1, None, -5, 0, 3, None, 2, 6, None, -1, 0, 9, 4, None, 13, 20]
        for job, away in zip(waiting, days + [None] * len(waiting), strict=False):
            job.due_at = None
            job.due_on = None if away is None else max(today + timedelta(days=away), job.created.date())
        for job in self.queue:
            # A call that nobody came to is put off.
            if job.starts is not None and job.starts < self.now:
                job.due_on = today + timedelta(days=7)
        last = next((job for job in waiting if job.due_on == today), None)
        if last is not None:
            last.due_on, last.due_at = None, datetime.combine(today, time(17))

    def _task(self, job: _Job) -> TaskIn:
        status = Status.DONE if job.done else Status.DOING if job.is_begun else Status.TODO
        return TaskIn(
            source_ref=job.ref,
            title=job.title,
            created_at=self._instant(job.created),
            description=job.description,
            status=status,
            priority=job.priority,
            category=job.kind.name,
            tags=job.tags,
            assignee_id=self.user_id,
            due_on=job.due_on,
            due_at=self._instant(job.due_at) if job.due_at else None,
            estimated_minutes=job.estimate,
            completed_at=self._instant(job.done) if job.done else None,
        )

    def _part(self, part: Part) -> TaskIn:
        today = self.now.date()
        due = None if part.days is None else today + timedelta(days=part.days)
        # The one that comes again each week begins on a day of its rule.
        while due and part.repeat and part.repeat.rule.weekdays and due.weekday() not in part.repeat.rule.weekdays:
            due += timedelta(days=1)
        return TaskIn(
            source_ref=part.ref,
            title=part.title,
            created_at=self._instant(datetime.combine(today - timedelta(days=9), time(9))),
            description=part.description,
            status=part.status,
            priority=part.priority,
            category=part.category,
            tags=part.tags,
            assignee_id=self.user_id,
            due_on=due,
            estimated_minutes=part.minutes,
            completed_at=(
                self._instant(datetime.combine(today - timedelta(days=5), time(15)))
                if part.status is Status.DONE
                else None
            ),
        )

    def _calculations(self) -> Iterator[SampleCalculation]:
        difference = TypedOperation(Operation.ABSOLUTE_DIFFERENCE, ("42 h", "57h 30m"))
        rows: tuple[tuple[int, str | Typed, str, int | None, int | None], ...] = (
            (300, "38h 30m * 85 EUR/h", "Nordlicht Energi, hours × rate", 0, None),
            (300, "(38h 30m * 85 EUR/h) + 19%", "With VAT", 0, 0),
            (221, "340 EUR as % of 1200 EUR", "Share of the deposit", 1, None),
            (170, "1190 EUR + 640 EUR + 85 EUR", "Quarter so far", None, None),
            (121, "817h 36m / 225", "Hours per working day", None, None),
            (83, "(85 EUR/h + 4%) * 160 h", "A month after the rise", None, None),
            (60, "250 EUR to SEK at 11 on {day}", "Hosting, at the bank’s rate of the day", 2, None),
            (45, "1000 EUR / 85 EUR/h", "Hours in the budget", 4, None),
            (33, "hours(last month) * 85 EUR/h", "What last month is worth", None, None),
            (20, "18 h + 120 EUR", "Hours and materials", 5, None),
            (20, "18 h * 85 EUR/h + 120 EUR", "Hours and materials", 5, 9),
            (12, "(sqrt(121/100) - 1) to %", "Growth a year, over two", None, None),
            (6, difference, "Estimate against spent", None, None),
            (4, "today + 10 workdays", "When the shop is due", 7, None),
            (1, "2/3", "Share of the shop", None, None),
        )
        for days_ago, typed, note, customer, revises in rows:
            day = self.now.date() - timedelta(days=days_ago)
            made_at = self._instant(datetime.combine(day, time(16, 20)))
            line = TypedExpression(typed.format(day=day)) if isinstance(typed, str) else typed
            yield SampleCalculation(line, note, made_at, customer, revises)

    def _quote(self) -> SampleWorksheet:
        versions = tuple(
            (
                _QUOTE.format(rate=rate, building=building),
                self._instant(datetime.combine(self.now.date() - timedelta(days=days_ago), time(11, 5))),
            )
            for days_ago, rate, building in QUOTE_SAVED
        )
        return SampleWorksheet("Quote: map of the grid", customer=0, versions=versions)

    def _instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC)
