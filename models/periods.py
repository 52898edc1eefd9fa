"""`extend_periods`: the next periods of duties that come back, as far as the horizon, each once.

A period is part of what the document's words say, whenever it is written down: it stands under the batch that gave
those words, is known from then on, and goes when that batch is taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Row, exists, select, text
from sqlmodel import Session

from models.assignment_tables import Assignment, AssignmentRevision, Decision, Document, Task, TaskRevision
from models.bulk import append, next_id
from models.columns import table_of
from models.counted import in_live_batch
from models.reference import calendar_of
from models.store import Store
from rules.deadline import occurrences, read_deadline
from rules.status import Nature

HORIZON = timedelta(days=92)
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


def extend_periods(store: Store, *, today: date, now: datetime) -> int:
    """Write down the periods that begin within the horizon of `today` (92 calendar days); return how many were added.

    Run again, it adds none. `now` is aware: what was taken back by then has no periods.
    """
    with store.writing() as session:
        # On PostgreSQL the lock comes before the first read: nobody else then takes ids or changes the words.
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE batch IN EXCLUSIVE MODE"))
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
    return len(missing)


def _missing(session: Session, through: date, now: datetime) -> Iterator[_Due]:
    calendar, given = calendar_of(session), _given_to(session, now)
    for words in _recurring(session, now):
        deadline = read_deadline(words.deadline_text, document_on=words.issued_on, calendar=calendar)
        if deadline.kind != words.deadline_kind or deadline.recurrence != words.recurrence:
            continue  # read otherwise today than when it was recorded: only the workbook, given again, may change it
        coming = occurrences(deadline, document_on=words.issued_on, through=through)
        for to, held in _newest_by_agency(session, words.task_id, words.id, given).items():
            for each in coming:
                if each.starts_on > held.counts_from and each.period != held.period:
                    days = (max(each.starts_on, words.issued_on), each.due_on)
                    stem = held.code.removesuffix(f"{held.agency_code}.{held.period}") + f"{to}."
                    beside = (stem, held.collective_code, held.several_leads)
                    yield _Due(words.id, words.batch_id, words.task_id, to, each.period, *days, *beside)


def _recurring(session: Session, now: datetime) -> Iterable[Row[Any]]:
    """Return the words of the tasks that come back, as the newest live batch gives them; withdrawn ones left out."""
    later = WORDS.alias("later")
    replaced = exists().where(later.c.task_id == WORDS.c.task_id, later.c.id > WORDS.c.id, in_live_batch(later, now))
    w = WORDS.c
    query = select(w.id, w.task_id, w.batch_id, w.deadline_text, w.deadline_kind, w.recurrence, Document.issued_on)  # type: ignore[call-overload]
    query = query.join(Task, Task.id == w.task_id).join(Document, Document.id == Task.document_id)
    live = (w.recurrence > "", w.digest != "", in_live_batch(WORDS, now), ~replaced)
    return session.execute(query.where(*live)).all()


def _newest_by_agency(session: Session, task: int, wording: int, given: Mapping[int, str]) -> Mapping[str, Row[Any]]:
    """Return the last period of each agency under these words, by who goes on with it."""
    r = REVISION.c
    query = (
        select(  # type: ignore[call-overload]
            Assignment.id,
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
    newest = {row.agency_code: row for row in session.execute(query)}
    by_day = sorted(newest.values(), key=lambda row: row.counts_from)
    return {given.get(row.id, row.agency_code): row for row in by_day}


def _given_to(session: Session, now: datetime) -> dict[int, str]:
    """Return who took over each assignment of an agency that was split: its later periods are theirs from the start."""
    decision = table_of(Decision).c
    query = select(decision.assignment_id, decision.to_agency).where(
        decision.to_agency.is_not(None), decision.recorded_at <= now
    )
    return dict(session.execute(query.order_by(decision.id)).tuples().all())


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
