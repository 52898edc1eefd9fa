"""`take`: check a workbook and record it; when somebody else recorded in between, check it anew and say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from imports.check import Check
from imports.problem import Problem, Severity
from imports.storing.recording import Recorded, StaleCheckError, record
from models.assignment_tables import Batch
from models.store import Store


def take(
    check: Callable[[], Check],
    *,
    store: Store,
    now: Callable[[], datetime],
    attempts: int = 3,
    beside: Callable[[Session, int], None] | None = None,
) -> tuple[Check, Recorded]:
    """Record what `check` finds; return the check that was recorded (or refused) and what came of it.

    A check that was overtaken is made again, with a note naming what was recorded meanwhile. `beside` as in `record`.
    Raises StaleCheckError when the store changed under all of the `attempts`.
    """
    overtaken: tuple[Problem, ...] = ()
    for _ in range(attempts - 1):
        found = _with(check(), overtaken)
        try:
            return found, record(found, store=store, now=now(), beside=beside)
        except StaleCheckError:
            overtaken = _recorded_since(found, store)
    found = _with(check(), overtaken)
    return found, record(found, store=store, now=now(), beside=beside)


def _with(check: Check, notes: tuple[Problem, ...]) -> Check:
    return replace(check, problems=(*notes, *check.problems)) if notes else check


def _recorded_since(check: Check, store: Store) -> tuple[Problem, ...]:
    """Return a note that names the last batch recorded since the check."""
    since = check.stamp.batch if check.stamp else 0
    with store.reading() as session:
        batch = session.scalars(select(Batch).where(col(Batch.id) > since).order_by(col(Batch.id).desc())).first()
    if batch is None:
        return ()
    return (Problem("recorded_meanwhile", Severity.NOTE, found=batch.file, values={"batch": batch.id}),)
