"""Assigned work and plans in the words the tests of this room need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select, update
from sqlmodel import col

from models import Store
from models.outcome_tables import Notice
from notifications import Plan, plan_notices
from notifications.planning import AS_SHIPPED
from rules.digest_policy import DigestPolicy
from tests.models.world import World

DUE_30_JUNE = date(2025, 6, 30)
HEAD_HEARS = date(2025, 7, 14)  # ten working days after 30 June


@dataclass(frozen=True)
class Told:
    """What a test says about one item: who hears of which assignment, on which rung, and why."""

    key: str
    code: str
    rung: int
    reason: str


def assign(store: Store, *agencies: str, due: date | None = DUE_30_JUNE, tasks: int = 1) -> None:
    """Give each agency `tasks` tasks of one document, all due on one day."""
    with store.writing() as session:
        world = World(session)
        for _ in range(tasks):
            world.duty(*agencies, due=due)


def morning(day: date) -> datetime:
    """Return 07:00 in Hanoi of a day."""
    return datetime.combine(day, time(0), tzinfo=UTC)


def delivered(store: Store, *, before: date) -> None:
    """Let every letter of an earlier day arrive."""
    waits = (col(Notice.as_of) < before, col(Notice.state) == "planned")
    with store.writing() as session:
        session.execute(update(Notice).where(*waits).values(state="accepted"))


def plan(
    store: Store, day: date, *, dry_run: bool = False, arrived: bool = True, policy: DigestPolicy = AS_SHIPPED
) -> Plan:
    """Plan the notices of a day, in the morning of that day, after those of earlier days arrived."""
    if arrived:
        delivered(store, before=day)
    return plan_notices(store, as_of=day, now=morning(day), dry_run=dry_run, policy=policy)


def told(found: Plan) -> list[Told]:
    """Return who is told what, in the order of the plan."""
    return [Told(notice.key, item.code, item.rung, item.reason) for notice in found.notices for item in notice.items]


def untold(found: Plan) -> list[tuple[str, str]]:
    """Return what is not told, with the reason."""
    return [(entry.key, entry.reason) for entry in found.suppressed]


def stored(store: Store) -> Sequence[Notice]:
    """Return the outbox, oldest first."""
    with store.reading() as session:
        notices = list(session.scalars(select(Notice).order_by(col(Notice.id))))
        session.expunge_all()
    return notices
