"""`totals_of`: how many duties stand how, counted where they lie in one statement; for registers too big to list."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, case, func, null, select, union_all
from sqlmodel import Session

from models.columns import table_of
from models.kinds import kinds_of
from models.question import DAY, Question, Shape
from models.reference import calendar_of, milestones_of, succession_of
from models.register_tables import EffectiveDayRow
from models.status import WARNING_WORKING_DAYS
from models.status_facts import day
from models.status_query import judged_apart
from models.status_table import Counts
from models.store import Store
from rules.milestone import BEYOND, OTHERWISE, VERDICTS, Milestone, Verdict, VerdictFacts, is_pending
from rules.status import AskedAbout, CompletionLevel, Status

_STATUSES, _VERDICTS = tuple(Status), (None, *Verdict)
EFFECTIVE_DAY = table_of(EffectiveDayRow)


@dataclass(frozen=True)
class Tally:
    """How many assignments of an accountable agency (None: of all) have a status, a milestone and a verdict at it."""

    agency: str | None
    status: Status
    milestone: str | None
    verdict: Verdict | None
    count: int


@dataclass(frozen=True)
class StatusTotals:
    """The counts of a `StatusTable` without its rows; `tallies` are in the order of agencies' codes."""

    as_of: date
    known_at: datetime
    tallies: Sequence[Tally]
    milestones: Sequence[Milestone]

    def totals(self) -> Counts:
        """Count by status; the parts add up to `total`."""
        return counts_of(self.tallies)

    def by_agency(self) -> Mapping[str, Counts]:
        """Count by accountable agency and status; empty when agencies were not counted apart."""
        grouped: dict[str, list[Tally]] = {}
        for tally in self.tallies:
            if tally.agency is not None:
                grouped.setdefault(tally.agency, []).append(tally)
        return {agency: counts_of(tallies) for agency, tallies in grouped.items()}

    def by_milestone(self) -> Mapping[str, Counts]:
        """Count verdicts by milestone; `due` is their sum. Undated and ongoing duties belong to none."""
        found: dict[str, Counter[Verdict]] = {milestone.code: Counter() for milestone in self.milestones}
        for tally in self.tallies:
            if tally.verdict is not None and tally.milestone is not None:
                found[tally.milestone][tally.verdict] += tally.count
        return {
            code: {"due": verdicts.total(), **{verdict.value: verdicts[verdict] for verdict in Verdict}}
            for code, verdicts in found.items()
        }


def totals_of(
    store: Store,
    *,
    as_of: date,
    known_at: datetime,
    agency: str | None = None,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    per_agency: bool = True,
) -> StatusTotals:
    """Count what `status_of` lists for the same question, without listing it; agencies apart or all together."""
    with store.reading() as session:
        milestones = milestones_of(session)
        window = AskedAbout(as_of, calendar_of(session).add_working_days(as_of, warning_working_days))
        question = Question(window, known_at, level, succession_of(session), agency, kinds_of(session))
        return StatusTotals(as_of, known_at, tallies(session, question, milestones, per_agency=per_agency), milestones)


def tallies(
    session: Session, question: Question, milestones: Sequence[Milestone], *, per_agency: bool = False
) -> Sequence[Tally]:
    """Count in the transaction at hand."""
    codes = (None, *(milestone.code for milestone in milestones), BEYOND)
    statement = _counts(question.shape(session), tuple(milestones), per_agency=per_agency)
    found: Counter[tuple[str | None, int]] = Counter()
    for agency, kind, count in session.execute(statement, question.values()):
        found[agency, kind] += count
    told = []
    for (agency, kind), count in found.items():
        rest, verdict = divmod(kind, len(_VERDICTS))
        status, milestone = divmod(rest, len(codes))
        told.append(Tally(agency, _STATUSES[status], codes[milestone], _VERDICTS[verdict], count))
    return sorted(told, key=lambda tally: tally.agency or "")


def counts_of(tallies: Iterable[Tally]) -> Counts:
    """Add up by status; the parts add up to `total`."""
    found: Counter[Status] = Counter()
    for tally in tallies:
        found[tally.status] += tally.count
    return {**{status.value: found[status] for status in Status}, "total": found.total()}


@lru_cache
def _counts(shape: Shape, milestones: tuple[Milestone, ...], *, per_agency: bool) -> CompoundSelect[Any]:
    """Select the count by agency and kind: status, milestone and verdict as one number, which groups faster."""
    counts = []
    for judged in judged_apart(shape, told=False):
        c = judged.c
        moved_from = case((c.due_on != c.original_due_on, c.original_due_on))
        status = case({str(status): at for at, status in enumerate(_STATUSES)}, value=c.status)
        milestone = _first_on_or_after(c.original_due_on, milestones, list(range(1, len(milestones) + 1)))
        milestone = case((c.original_due_on.is_(None), 0), else_=func.coalesce(milestone, len(milestones) + 1))
        verdict = _verdict(c, milestones)
        kind = ((status * (len(milestones) + 2) + milestone) * len(_VERDICTS) + verdict).label("kind")
        source = judged.outerjoin(EFFECTIVE_DAY, EFFECTIVE_DAY.c.day == moved_from)
        by = (c.holder, kind) if per_agency else (kind,)
        counts.append(select(by[0] if per_agency else null(), kind, func.count()).select_from(source).group_by(*by))
    return union_all(*counts)


def _verdict(c: Any, milestones: Sequence[Milestone]) -> ColumnElement[int]:
    """Return the place of the verdict in `_VERDICTS`."""
    on = _first_on_or_after(c.original_due_on, milestones, [day(milestone.on) for milestone in milestones])
    unmoved = func.coalesce(EFFECTIVE_DAY.c.effective_on, c.original_due_on)
    as_assigned = case((c.due_on == c.original_due_on, c.final_good_day), else_=unmoved)
    facts = VerdictFacts(c.final_good_day, as_assigned, c.completed_on, c.cancelled_on)
    place = _VERDICTS.index
    return case(
        (on.is_(None), place(None)),
        (is_pending(facts, on, DAY), place(Verdict.PENDING)),
        *((holds(facts, DAY), place(verdict)) for verdict, holds in VERDICTS),
        else_=place(OTHERWISE),
    )


def _first_on_or_after(due_on: Any, milestones: Sequence[Milestone], values: Sequence[Any]) -> ColumnElement[Any]:
    """Return the value of the first milestone on or after a day, or null."""
    reached = ((due_on <= day(milestone.on), value) for milestone, value in zip(milestones, values, strict=True))
    return case(*reached) if milestones else null()
