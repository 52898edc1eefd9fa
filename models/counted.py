"""Which facts count at an instant: those of batches recorded by then and not taken back, and what an undo kept."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    SelectBase,
    or_,
    select,
    tuple_,
    union_all,
)

from models.assignment_tables import Batch, Undo
from models.batch_tables import Kept
from models.columns import table_of

Instant = datetime | ColumnElement[datetime]

BATCH, UNDO, KEPT = table_of(Batch), table_of(Undo), table_of(Kept)


def live_batches(known_at: datetime) -> Select[Any]:
    """Select the batches recorded, and not taken back, by `known_at`."""
    undone = select(UNDO.c.batch_id).where(UNDO.c.recorded_at <= known_at)
    return select(BATCH.c.id).where(BATCH.c.recorded_at <= known_at, BATCH.c.id.not_in(undone))


def in_live_batch(facts: FromClause, known_at: Instant) -> ColumnElement[bool]:
    """Whether the batch of a fact was recorded, and not taken back, by `known_at`.

    Asked the other way round: the batches that do not count are few, those that do grow every week.
    """
    return facts.c.batch_id.not_in(_not_counting(known_at))


def counted(facts: FromClause, known_at: Instant) -> ColumnElement[bool]:
    """Whether a fact about an assignment counts: its batch is live, or the undo of its batch kept what it says."""
    kept = tuple_(facts.c.batch_id, facts.c.assignment_id).in_(_kept(known_at))
    return or_(in_live_batch(facts, known_at), kept)


def _not_counting(known_at: Instant) -> SelectBase:
    if not isinstance(known_at, datetime):
        return select(_read_once(known_at)[0])
    return _batches_not_counting(known_at)


def _kept(known_at: Instant) -> SelectBase:
    return _facts_kept(known_at) if isinstance(known_at, datetime) else select(_read_once(known_at)[1])


@lru_cache
def _read_once(known_at: ColumnElement[datetime]) -> tuple[CTE, CTE]:
    """Return the batches that do not count and the facts kept by the instant a status asks about, by its name.

    A status asks for them in some twenty places: so they are planned and read once. What is asked by a value stands in
    its own place instead, for a statement may ask about two.
    """
    not_counting, kept = _batches_not_counting(known_at), _facts_kept(known_at)
    once = "MATERIALIZED"
    return not_counting.cte("not_counting").prefix_with(once), kept.cte("kept_facts").prefix_with(once)


def _batches_not_counting(known_at: Instant) -> CompoundSelect[Any]:
    undone = select(UNDO.c.batch_id).where(UNDO.c.recorded_at <= known_at)
    return union_all(_recorded_later(known_at), undone)


def _facts_kept(known_at: Instant) -> Select[Any]:
    return select(KEPT.c.batch_id, KEPT.c.assignment_id).where(KEPT.c.batch_id.not_in(_recorded_later(known_at)))


def _recorded_later(known_at: Instant) -> Select[Any]:
    return select(BATCH.c.id).where(BATCH.c.recorded_at > known_at)
