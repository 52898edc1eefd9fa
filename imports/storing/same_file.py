"""The same file again: answered from the batch it was recorded as, without reading it, while that answer holds.

It holds while the file is sent in the same way (name, agency, document, date, reason), is read by the same version with
the same reference data and the same corrected columns, and nothing was recorded or taken back since that touches its
documents. Whatever depends on the day (which agencies exist; a report without a day) is part of the question.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from imports.layout.accounting import SheetAccount
from imports.problem import Problem, Severity
from imports.storing.stamp import Stamp, stamp_of
from imports.storing.stored import FOREVER
from models.assignment_tables import Batch, Undo
from models.batch_tables import Listing
from models.columns import table_of
from models.mapping_tables import ColumnMapping
from models.register_tables import AgencyRow, CalendarDayRow, CalendarYearRow, CollectiveRow, LayoutRow
from models.status_query import live_batches

# So many problems are kept with a batch, the weightiest first; the others are counted.
_PROBLEMS_KEPT = 1000
_WEIGHT = list(Severity)
# What a report is counted for depends on the day it is read when it does not give its own.
_OF_TODAY = frozenset({"no_report_day", "report_day_to_confirm"})
_REFERENCE = (AgencyRow, CollectiveRow, CalendarDayRow, CalendarYearRow, LayoutRow)


@dataclass(frozen=True)
class Asked:
    """How a file was sent: everything a caller says beside its bytes."""

    name: str
    agency: str | None = None
    document: str | None = None
    document_date: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Answered:
    """What was answered when a file was recorded, as its batch keeps it."""

    batch: int
    kind: str
    agency: str | None
    rows: int
    document: str | None
    reported_on: date | None
    assignments: int
    raised: Mapping[str, int] = field(default_factory=dict)
    accounting: tuple[SheetAccount, ...] = ()
    problems: tuple[Problem, ...] = ()


def request_digest(session: Session, sha256: str, asked: Asked, today: date) -> str:
    """Return the digest of all that decides how the bytes with the digest `sha256` are read on the day `today`."""
    last_mapping = session.scalar(select(func.max(col(ColumnMapping.id))))
    told = (sha256, asked, _engine(), _reference(session, today), last_mapping)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def answered_before(session: Session, request: str) -> Answered | None:
    """Return what the request was answered when it was recorded, or None when that may no longer hold."""
    batch = session.scalars(
        select(Batch)
        .where(col(Batch.request_sha256) == request, col(Batch.id).in_(live_batches(FOREVER)))
        .order_by(col(Batch.id).desc())
    ).first()
    if batch is None or batch.id is None or not _still_holds(session, batch):
        return None
    answer = batch.answer
    reported_on = answer["reported_on"]
    return Answered(
        batch=batch.id,
        kind=batch.kind,
        agency=batch.agency_code,
        rows=batch.rows,
        document=answer["document"],
        reported_on=date.fromisoformat(reported_on) if reported_on else None,
        assignments=answer["assignments"],
        raised=answer["raised"],
        accounting=tuple(SheetAccount.from_dict(kept) for kept in answer["accounting"]),
        problems=tuple(_problems(answer, batch.id)),
    )


def repeatable(answered_by: Iterable[Problem]) -> bool:
    """Whether an answer with these problems would be the same on another day."""
    return not any(problem.code in _OF_TODAY for problem in answered_by)


def answer_of(
    document: str | None,
    reported_on: date | None,
    counts: Mapping[str, Any],
    problems: Iterable[Problem],
    stamp: Stamp,
) -> dict[str, Any]:
    """Return what a batch recorded at `stamp` keeps of its answer; `counts` are `assignments` and what was `raised`."""
    weighed = sorted(problems, key=lambda problem: _WEIGHT.index(problem.severity))
    return {
        "document": document,
        "reported_on": reported_on.isoformat() if reported_on else None,
        **counts,
        "problems": [_plain(problem) for problem in weighed[:_PROBLEMS_KEPT]],
        "more_problems": len(weighed[_PROBLEMS_KEPT:]),
        "undone": stamp.undone,
    }


def _still_holds(session: Session, batch: Batch) -> bool:
    """Whether nothing was recorded or taken back since that touches the documents of `batch`."""
    documents = select(col(Listing.document_id)).where(col(Listing.batch_id) == batch.id)
    touching = select(col(Listing.batch_id)).where(col(Listing.document_id).in_(documents))
    if session.scalar(touching.where(col(Listing.batch_id) > batch.id).limit(1)) is not None:
        return False
    taken_back = select(col(Undo.batch_id)).where(col(Undo.batch_id).in_(touching)).limit(1)
    # What was taken back before may touch them; whether something was since, only the count of all can tell.
    return session.scalar(taken_back) is None or stamp_of(session).undone == int(batch.answer["undone"])


def _reference(session: Session, today: date) -> str:
    """Return the digest of the reference data as of `today`."""
    rows = [tuple(row) for table in _REFERENCE for row in session.execute(select(table_of(table)))]
    agencies = session.execute(select(col(AgencyRow.code), col(AgencyRow.valid_from), col(AgencyRow.valid_to)))
    valid = [code for code, since, until in agencies if (since or today) <= today <= (until or today)]
    return hashlib.sha256(repr((sorted(map(repr, rows)), sorted(valid))).encode()).hexdigest()


@cache
def _engine() -> str:
    try:
        return version("dondoc")
    except PackageNotFoundError:
        return "unknown"


def _plain(problem: Problem) -> dict[str, Any]:
    values = {name: value if isinstance(value, int | float) else str(value) for name, value in problem.values.items()}
    return {**vars(problem), "values": values}


def _problems(answer: Mapping[str, Any], batch: int) -> list[Problem]:
    kept = [Problem(**{**told, "severity": Severity(told["severity"])}) for told in answer["problems"]]
    left_out = {"batch": batch, "count": answer["more_problems"]}
    more = [Problem("as_answered_before", Severity.NOTE, values=left_out)] if answer["more_problems"] else []
    return kept + more
