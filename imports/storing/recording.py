"""`record`: one transaction per workbook; facts are appended (exceptions: ADR 0004)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from imports.check import Check, compared
from imports.collecting import collector_at_rest
from imports.storing.appending import BatchFacts
from imports.storing.changes import Comparison
from imports.storing.raised import record_raised
from imports.storing.same_file import answer_of, repeatable
from imports.storing.stamp import stamp_of, touched_since
from models.assignment_tables import Batch
from models.periods import append_periods
from models.store import Store
from models.writers import wait_for_writers_of
from texts import SaidError
from texts.wording import HANOI


class StaleCheckError(SaidError):
    """Somebody recorded something since the check that it rests on: check the workbook again."""

    def __init__(self, name: str) -> None:
        """Name the file."""
        super().__init__("recording.overtaken", found=name)


class Outcome(StrEnum):
    """What came of recording a check."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Recorded:
    """`batch` is the batch recorded; for an unchanged file the batch that has it already, if one has."""

    batch: int | None
    outcome: Outcome


@collector_at_rest()
def record(
    check: Check, *, store: Store, now: datetime, beside: Callable[[Session, int], None] | None = None
) -> Recorded:
    """Record exactly what was checked, in one transaction; `now` is the instant it becomes known.

    `beside` adds what must stand with the batch (its number) or not at all. Raises StaleCheckError when the store has
    changed since in what the check rests on.
    """
    if check.stops:
        return Recorded(None, Outcome.REJECTED)
    if check.changes.nothing:
        return Recorded(check.already, Outcome.UNCHANGED)
    with store.writing() as session:
        wait_for_writers_of(session, Batch)
        comparison = _still_holding(session, check)
        if comparison is None:
            comparison = compared(session, check)
            if comparison.changes != check.changes:
                raise StaleCheckError(check.name)
        batch = _batch(session, check, now)
        facts = BatchFacts(session, comparison, batch)
        facts.append()
        record_raised(session, comparison.changes, batch, facts.tasks)
        session.flush()
        append_periods(session, today=now.astimezone(HANOI).date(), now=now)
        if beside:
            beside(session, batch)
    return Recorded(batch, Outcome.RECORDED)


def _still_holding(session: Session, check: Check) -> Comparison | None:
    """Return the comparison that was checked, unless something was recorded since in what it rests on."""
    comparison, stamp = check.comparison, check.stamp
    if comparison is None or stamp is None or comparison.changes is not check.changes:
        return None
    if check.indicators or check.values:  # theirs may be those of any document
        return comparison if stamp == stamp_of(session) else None
    documents = {row.document.code for row in check.tasks} | {row.document.code for row in check.progress}
    documents |= {task.document for task in comparison.stored.values()}
    return None if touched_since(session, stamp, documents) else comparison


def _batch(session: Session, check: Check, now: datetime) -> int:
    request = check.request if repeatable(check.problems) else ""
    accounting = [account.as_dict() for account in check.accounting]
    counts = {"assignments": check.assignments, "raised": check.raised, "accounting": accounting}
    row = Batch(
        file=check.name,
        sha256=check.sha256,
        agency_code=check.agency,
        recorded_at=now,
        rows=check.rows,
        new=check.new,
        changed=check.changed,
        unchanged=check.unchanged,
        gone=check.gone,
        kind=check.kind or "",
        reason=check.reason,
        request_sha256=request,
        answer=answer_of(check.document, check.reported_on, counts, check.problems, stamp_of(session)),
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id
