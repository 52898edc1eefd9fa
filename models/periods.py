"""`extend_periods`: the next periods of duties that come back, as far as the horizon, each once.

A period is part of what the document's words say, whenever it is written down: it stands under the batch that gave
those words, is known from then on, and goes when that batch is taken back. It is written down under the agency that was
given the duty, with what was decided for the periods to come: who took it over, or that it was cancelled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Row, exists, select
from sqlmodel import Session, col
from sqlmodel import select as choose

from models.assignment_tables import Assignment, AssignmentRevision, Batch, Decision, Document, Task, TaskRevision
from models.bulk import append, next_id
from models.columns import table_of
from models.counted import in_live_batch
from models.reference import calendar_of
from models.store import Store
from models.writers import wait_for_writers_of
from rules.deadline import Occurrence, occurrences, read_deadline
from rules.status import Nature

HORIZON = timedelta(days=92)
FOR_LATER_PERIODS = ("cancel", "reinstate", "succeed")
WORDS, REVISION = table_of(TaskRevision), table_of(AssignmentRevision)


@dataclass(frozen=True)
class _Due:
    """A period to write down: whose it is, under which words, and its days."""

    wording: int
    batch: int
    task: int
    agency: str
    period: str
    counts_from: date
    due_on: date
    stem: str
    collective: str | None
    several: bool
    decided: Sequence[Decision] = field(compare=False)


def extend_periods(store: Store, *, today: date, now: datetime) -> int:
    """Write down the periods that begin within the horizon of `today` (92 calendar days); return how many were added.

    Run again, it adds none. `now` is aware: what was taken back by then has no periods.
    """
    with store.writing() as session:
        wait_for_writers_of(session, Batch)  # nobody else then takes ids or changes the words
        return append_periods(session, today=today, now=now)


def append_periods(session: Session, *, today: date, now: datetime) -> int:
    """Do the same in the transaction of a writer that holds the lock."""
    missing = list(_missing(session, today + HORIZON, now))
    if not missing:
        return 0
    known = _ever_assigned(session, {due.task for due in missing})
    ids, fresh = count(next_id(session, Assignment)), []
    for due in missing:
        key = (due.task, due.agency, due.period)
        if key not in known:
            known[key] = next(ids)
            fresh.append((known[key], due))
    append(session, Assignment, _assignments(fresh))
    append(session, AssignmentRevision, _revisions(missing, known))
    session.add_all(decision for id_, due in fresh for decision in _copies(id_, due))
    return len(missing)


def _missing(session: Session, through: date, now: datetime) -> Iterator[_Due]:
    calendar, known = calendar_of(session), _decided(session, now)
    for words in _recurring(session, now):
        deadline = read_deadline(words.deadline_text, document_on=words.issued_on, calendar=calendar)
        if deadline.kind != words.deadline_kind or deadline.recurrence != words.recurrence:
            continue  # read otherwise today than when it was recorded: only the workbook, given again, may change it
        coming = occurrences(deadline, document_on=words.issued_on, through=through)
        for held in _newest_by_agency(session, words.task_id, words.id):
            decided = known.get((words.task_id, held.agency_code), ())
            for each in coming:
                later = each.starts_on > held.counts_from and each.period != held.period
                if later and not _is_cancelled(each, decided):
                    days = (max(each.starts_on, words.issued_on), each.due_on)
                    whose = (words.id, words.batch_id, words.task_id, held.agency_code, each.period)
                    stem = held.code.removesuffix(held.period)
                    yield _Due(*whose, *days, stem, held.collective_code, held.several_leads, decided)


def _decided(session: Session, now: datetime) -> Mapping[tuple[int, str], Sequence[Decision]]:
    """Return what was decided about the last period there ever was of a task and agency, oldest first.

    It holds for those that come after it, whatever words give them.
    """
    query = choose(Decision, Assignment).join(Assignment, col(Assignment.id) == col(Decision.assignment_id))
    known = (col(Decision.action).in_(FOR_LATER_PERIODS), col(Decision.recorded_at) <= now)
    found: dict[tuple[int, str], dict[int | None, list[Decision]]] = {}
    for decision, given in session.exec(query.where(Assignment.period > "", *known).order_by(col(Decision.id))):
        of_duty = found.setdefault((given.task_id, given.agency_code), {})
        of_duty.setdefault(given.id, []).append(decision)
    return {duty: of_duty.get(_last_period(session, *duty), ()) for duty, of_duty in found.items()}


def _last_period(session: Session, task: int, agency: str) -> int | None:
    begun = choose(Assignment.id).join(AssignmentRevision, col(AssignmentRevision.assignment_id) == col(Assignment.id))
    ours = begun.where(Assignment.task_id == task, Assignment.agency_code == agency, Assignment.period > "")
    return session.exec(ours.order_by(col(AssignmentRevision.counts_from).desc()).limit(1)).first()


def _is_cancelled(period: Occurrence, decided: Sequence[Decision]) -> bool:
    """Whether a period lies altogether where the duty is cancelled: from that day to the day it stands again."""
    off_from = off_until = date.max
    for each in decided:
        if each.action == "cancel":
            off_from, off_until = each.effective_on, date.max
        if each.action == "reinstate":
            off_until = each.effective_on
    return period.starts_on >= off_from and period.due_on < off_until


def _recurring(session: Session, now: datetime) -> Iterable[Row[Any]]:
    """Return the words of the tasks that come back, as the newest live batch gives them; withdrawn ones left out."""
    later = WORDS.alias("later")
    replaced = exists().where(later.c.task_id == WORDS.c.task_id, later.c.id > WORDS.c.id, in_live_batch(later, now))
    w = WORDS.c
    # Looked up for each: joined, all tasks would be read where the database does not know yet how few come back.
    of_document = select(Document.issued_on).join(Task, Task.document_id == Document.id).where(Task.id == w.task_id)  # type: ignore[call-overload]
    issued_on = of_document.scalar_subquery().label("issued_on")
    query = select(w.id, w.task_id, w.batch_id, w.deadline_text, w.deadline_kind, w.recurrence, issued_on)
    live = (w.recurrence > "", w.digest != "", in_live_batch(WORDS, now), ~replaced)
    return session.execute(query.where(*live)).all()


def _newest_by_agency(session: Session, task: int, wording: int) -> Iterable[Row[Any]]:
    """Return the last period of each agency under these words."""
    r = REVISION.c
    query = (
        select(  # type: ignore[call-overload]
            Assignment.agency_code,
            Assignment.period,
            Assignment.code,
            r.counts_from,
            r.collective_code,
            r.several_leads,
        )
        .join(Assignment, Assignment.id == r.assignment_id)
        .where(Assignment.task_id == task, r.task_revision_id == wording, r.standing, Assignment.period > "")
        .order_by(r.counts_from)
    )
    return {row.agency_code: row for row in session.execute(query)}.values()


def _ever_assigned(session: Session, tasks: set[int]) -> dict[tuple[int, str, str], int]:
    """Return the assignments these tasks ever had: a period once dropped comes back as itself."""
    a = table_of(Assignment).c
    found: dict[tuple[int, str, str], int] = {}
    for task in tasks:
        query = select(a.id, a.agency_code, a.period).where(a.task_id == task)
        found |= {(task, agency, period): id_ for id_, agency, period in session.execute(query)}
    return found


def _assignments(fresh: list[tuple[int, _Due]]) -> dict[str, list[object]]:
    return {
        "id": [id_ for id_, _ in fresh],
        "code": [f"{due.stem}{due.period}" for _, due in fresh],
        "task_id": [due.task for _, due in fresh],
        "agency_code": [due.agency for _, due in fresh],
        "period": [due.period for _, due in fresh],
        "batch_id": [due.batch for _, due in fresh],
    }


def _revisions(missing: list[_Due], ids: dict[tuple[int, str, str], int]) -> dict[str, list[object]]:
    return {
        "assignment_id": [ids[due.task, due.agency, due.period] for due in missing],
        "task_revision_id": [due.wording for due in missing],
        "batch_id": [due.batch for due in missing],
        "nature": [Nature.DATED.value] * len(missing),
        "counts_from": [due.counts_from for due in missing],
        "original_due_on": [due.due_on for due in missing],
        "collective_code": [due.collective for due in missing],
        "several_leads": [due.several for due in missing],
        "standing": [1] * len(missing),
    }


def _copies(assignment: int, due: _Due) -> Iterator[Decision]:
    """Yield what was decided, as of when it was decided, about a period that is only now written down."""
    for each in due.decided:
        yield Decision(**each.model_dump(exclude={"id", "assignment_id"}), assignment_id=assignment)
