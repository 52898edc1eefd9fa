"""Duties of agencies that were split: who took each over, and which still wait for a person to say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment, AssignmentRevision, Decision
from models.columns import table_of
from models.counted import counted
from models.reference import register_of
from models.status import status_of
from models.store import Store
from models.story import Story
from rules.status import CompletionLevel, Status

_CLOSED = frozenset({Status.CANCELLED, Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE})


@dataclass(frozen=True)
class TakenOver:
    """From a day on the agency `to` is accountable for what `former` was assigned of a task."""

    task_id: int
    period: str
    former: str
    to: str


@dataclass(frozen=True)
class WaitingSuccession:
    """An open assignment of an agency that was split, with the day after its last: nobody is accountable since then."""

    assignment_id: int
    code: str
    agency: str
    since: date
    task: str


def later_periods(session: Session, story: Story, *, known_at: datetime, due_from: date = date.min) -> Sequence[int]:
    """Return the assignments of the same agency for the later periods of a duty that comes back; none for others.

    Periods that were due before `due_from` are left out.
    """
    a, revision = Assignment, AssignmentRevision
    query = (
        select(a.id)
        .join(revision, col(revision.assignment_id) == col(a.id))
        .where(a.task_id == story.task.id, a.agency_code == story.assignment.agency_code, a.period > "")
        .where(revision.counts_from > story.dates.counts_from, counted(table_of(revision), known_at))
        .where(col(revision.original_due_on) >= due_from)
        .distinct()
        .order_by(col(a.id))
    )
    return [id_ for id_ in session.exec(query) if id_ is not None]


def taken_over(session: Session, *, on: date, known_at: datetime) -> Sequence[TakenOver]:
    """Return what was taken over by `on` from agencies that were split; of several decisions the newest counts."""
    query = (
        select(Decision, Assignment)
        .join(Assignment, col(Assignment.id) == col(Decision.assignment_id))
        .where(col(Decision.to_agency).is_not(None), Decision.effective_on <= on, Decision.recorded_at <= known_at)
        .order_by(col(Decision.id))
    )
    newest = {row.id: (decision, row) for decision, row in session.exec(query)}
    return [
        TakenOver(row.task_id, row.period, row.agency_code, decision.to_agency or "")
        for decision, row in newest.values()
    ]


def formers_of(taken: Iterable[TakenOver], successors: Mapping[str, str]) -> dict[tuple[int, str], set[str]]:
    """Return, by task and agency accountable now, the split agencies it took over from; `successors` are of mergers."""
    found: dict[tuple[int, str], set[str]] = {}
    for each in taken:
        found.setdefault((each.task_id, successors.get(each.to, each.to)), set()).add(each.former)
    return found


def waiting_successions(
    store: Store, *, as_of: date, known_at: datetime, level: CompletionLevel = CompletionLevel.EVIDENCED
) -> Sequence[WaitingSuccession]:
    """Return what agencies that were split still hold on `as_of`, neither done nor cancelled, in register order."""
    with store.reading() as session:
        agencies = register_of(session).agencies
    found: list[WaitingSuccession] = []
    for agency in agencies:
        if agency.split and agency.valid_to and agency.valid_to < as_of:
            rows = status_of(store, as_of=as_of, known_at=known_at, agency=agency.code, level=level).rows
            since = agency.valid_to + timedelta(days=1)
            found += [
                WaitingSuccession(row.assignment_id, code, agency.code, since, row.task)
                for row in rows
                if row.status not in _CLOSED
                for code in row.parts
            ]
    return found
