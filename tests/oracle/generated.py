"""Facts drawn at random from a seed: every kind of duty, report, decision, undo and day, thick around the edges."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from tests.oracle.almanac import MERGED, SPLIT, UNTOUCHED, period_begins
from tests.oracle.facts import Duty, Facts, Question, Report, Ruling, SameWork, Wording, Workbook

SIGNED_ON = (date(2025, 3, 14), date(2025, 3, 14), date(2025, 2, 20), date(2025, 7, 2))
EDGES = tuple(
    date.fromisoformat(text)
    for text in [
        "2025-03-14",
        "2025-03-31",
        "2025-04-26",
        "2025-04-30",
        "2025-05-03",
        "2025-05-31",
        "2025-06-30",
        "2025-08-29",
        "2025-08-30",
        "2025-08-31",
        "2025-09-01",
        "2025-09-03",
        "2025-12-31",
        "2026-01-02",
        "2026-01-10",
        "2026-02-15",
        "2026-12-31",
        "2027-01-04",
        "2024-12-31",
        "2023-12-30",
    ]
)
FIRST_DAY, LAST_DAY = date(2025, 2, 20), date(2026, 3, 10)
PERIODS = ("2025-W30", "2025-W36", "2025-04", "2025-08", "2025-11", "2025-Q2", "2025-Q4", "2025-H1", "2025-H2", "2025")
# Who takes over from a split body; one of them is itself merged away in July.
TAKES_OVER = ("BCA", "BYT", "T92", "XHAUGIANG")
PROOFS = (("12/BC-BYT", date(2025, 6, 25)), ("07/QĐ-BCA", date(2025, 9, 3)), ("45/2025/NĐ-CP", date(2025, 8, 31)))
LEVELS = ("declared", "evidenced", "confirmed")
MUCH_LATER = datetime(2027, 1, 1, tzinfo=UTC)


def generate(seed: int, tasks: int) -> Facts:
    """Return the facts of `tasks` tasks, the same for the same seed."""
    draw = _Draw(Random(seed))  # noqa: S311 - test data, no secret
    facts = draw.facts
    facts.workbooks = draw.workbooks()
    for task in range(1, tasks + 1):
        draw.task(task)
    facts.wordings.sort(key=lambda each: each.workbook)
    facts.reports.sort(key=lambda each: each.workbook)
    facts.rulings.sort(key=lambda each: each.at)
    facts.same_works = sorted(draw.same_works(), key=lambda each: each.at)
    return facts


def questions(seed: int) -> Iterator[Question]:
    """Yield questions without end, the same for the same seed: any day, moment of knowing, level and window."""
    draw = _Draw(Random(f"questions {seed}"))  # noqa: S311 - test data, no secret
    while True:
        yield Question(
            day=draw.day(0.3) + timedelta(days=draw.random.choice((-1, 0, 0, 1))),
            known_at=MUCH_LATER if draw.random.random() < 0.6 else draw.instant(),
            level=draw.random.choice(LEVELS),
            window=draw.random.choice((10, 10, 10, 0, 3, 22)),
        )


class _Draw:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.facts = Facts()

    def workbooks(self) -> list[Workbook]:
        instants = sorted(self.instant() for _ in range(12))
        return [
            Workbook(at, at + timedelta(hours=self.random.randrange(1, 4000)) if self.random.random() < 0.25 else None)
            for at in instants
        ]

    def task(self, task: int) -> None:
        random, signed_on = self.random, self.random.choice(SIGNED_ON)
        agencies = random.sample([*MERGED, *SPLIT, *UNTOUCHED], random.choice((1, 1, 2, 3, 5)))
        begun = [each for each in PERIODS if _period_ends(each) > signed_on]
        period = random.choice(begun) if random.random() < 0.25 else ""
        due = _period_ends(period) if period else self.due()
        first_workbook, steps = random.randrange(4), self.steps(due, period)
        for agency in agencies:
            duty = len(self.facts.duties)
            self.facts.duties.append(Duty(task, agency, signed_on, period))
            self.facts.wordings.append(Wording(duty, first_workbook, due, steps=steps))
            if random.random() < 0.3:
                later, gone = random.randrange(first_workbook, len(self.facts.workbooks)), random.random() < 0.3
                due_then = self.due()
                self.facts.wordings.append(
                    Wording(duty, later, due_then, gone=gone, steps=self.steps(due_then, period))
                )
            self.reports(duty)
            self.rulings(duty)

    def steps(self, due: date | str, period: str) -> tuple[date, ...]:
        """Return the days of one or two steps before the due day, for some of the duties that have one."""
        if period or isinstance(due, str) or self.random.random() < 0.6:
            return ()
        days = {due - timedelta(days=self.random.choice((1, 2, 30, 90))) for _ in range(self.random.choice((1, 2)))}
        return tuple(sorted(days))

    def same_works(self) -> Iterator[SameWork]:
        """Say of some tasks of different documents that they are one work, and of a few later that they are not."""
        documents: dict[date, list[int]] = {}
        for duty in self.facts.duties:
            if not duty.period and duty.task not in documents.setdefault(duty.signed_on, []):
                documents[duty.signed_on].append(duty.task)
        for tasks in zip(*documents.values(), strict=False):
            if self.random.random() < 0.6:
                at = self.instant()
                alike = tuple(self.random.sample(tasks, self.random.choice((2, len(tasks)))))
                yield SameWork(at, alike)
                if self.random.random() < 0.2:
                    yield SameWork(at + timedelta(days=self.random.randrange(200)), alike[:1])

    def due(self) -> date | str:
        if self.random.random() < 0.2:
            return self.random.choice(("ongoing", "undated"))
        return self.day(0.5)

    def reports(self, duty: int) -> None:
        random = self.random
        for _ in range(random.choice((0, 0, 1, 1, 2, 3, 4))):
            workbook = random.randrange(len(self.facts.workbooks))
            recorded_on = self.facts.workbooks[workbook].recorded_at.date()
            number, proof_on = random.choice(
                (*PROOFS, (None, None), (None, None), ("9/CV", None), (None, self.day(0.3)))
            )
            report = Report(
                duty=duty,
                workbook=workbook,
                on=recorded_on - timedelta(days=random.choice((-3, 0, 0, 1, 10, 40, 120))),
                done=random.choice((True, True, True, False, None)),
                done_on=self.day(0.3) if random.random() < 0.3 else None,
                number=number,
                proof_on=proof_on,
                fits=random.choice((True, None, None, False)) if number else None,
            )
            self.facts.reports.append(report)

    def rulings(self, duty: int) -> None:
        random = self.random
        if random.random() < 0.1:
            self.ruling(duty, "cancel")
            for what in random.choice(((), (), ("reinstate",), ("reinstate", "cancel"))):
                self.ruling(duty, what)
        if random.random() < 0.1:
            self.ruling(duty, "resume")
        if self.facts.duties[duty].agency in SPLIT:
            for to in random.sample(TAKES_OVER, random.choice((0, 1, 1, 2))):
                self.facts.rulings.append(Ruling(duty, "succeed", self.day(0.3), self.instant(), to=to))
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            on = self.day(0.3)
            self.ruling(duty, "hold", on=on, until=on + timedelta(days=random.choice((0, 1, 7, 30, 90))))
        self.moves(duty)
        for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
            self.ruling(duty, random.choice(("confirm", "return")))

    def moves(self, duty: int) -> None:
        """Move the due day up to three times, always onward: by extensions, and by holds that stop the clock.

        Where a workbook revises the due day as well, only by extensions: a hold moves the day it found.
        """
        random, standing = self.random, [each.due for each in self.facts.wordings if each.duty == duty]
        moves = random.choice((0, 0, 0, 1, 2, 3))
        due = standing[0] if isinstance(standing[0], date) else None
        for at in sorted(self.instant() for _ in range(moves)):
            if due is not None and len(standing) == 1 and random.random() < 0.4:
                on = due - timedelta(days=random.choice((0, 1, 20, 60)))
                until = on + timedelta(days=random.choice((0, 1, 7, 30)))
                self.facts.rulings.append(Ruling(duty, "hold", on, at, until, stops_clock=True))
                if random.random() < 0.3:
                    again = on + timedelta(days=random.randrange((until - on).days + 1))
                    soon = at + timedelta(minutes=1)
                    self.facts.rulings.append(Ruling(duty, "resume", again, soon, gives_back=True))
                due += until - on + timedelta(days=1)
            else:
                due = max(due or FIRST_DAY, self.day(0.4)) + timedelta(days=random.choice((1, 30)))
                self.ruling(duty, "extend", at=at, until=due)

    def ruling(
        self, duty: int, what: str, *, on: date | None = None, at: datetime | None = None, until: date | None = None
    ) -> None:
        when = at or (self.random.choice(self.facts.workbooks).recorded_at if self.random.random() < 0.2 else None)
        recorded_at = when or self.instant()
        self.facts.rulings.append(Ruling(duty, what, on or self.day(0.2), recorded_at, until))

    def day(self, near_an_edge: float) -> date:
        if self.random.random() < near_an_edge:
            return self.random.choice(EDGES)
        return FIRST_DAY + timedelta(days=self.random.randrange((LAST_DAY - FIRST_DAY).days))

    def instant(self) -> datetime:
        day = FIRST_DAY + timedelta(days=self.random.randrange((LAST_DAY - FIRST_DAY).days))
        return datetime(day.year, day.month, day.day, self.random.randrange(24), tzinfo=UTC)


def _period_ends(period: str) -> date:
    """Return the last day of a period; a week's is its Friday."""
    begins = period_begins(period)
    if "W" in period:
        return begins + timedelta(days=4)
    months = 3 if "Q" in period else 6 if "H" in period else 12 if len(period) == 4 else 1
    month = begins.month + months - 1
    return date(begins.year, month, monthrange(begins.year, month)[1])
