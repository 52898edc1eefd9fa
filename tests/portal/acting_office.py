"""An office at work for the tests of acting: duties, a report, and what two agencies ask."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from decisions import Dispute, RequestExtension, decide
from models import Store
from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Assignment, Decision
from models.commitment_tables import Appeal, AppealAnswer, Commitment
from models.escalation_tables import HoldingRow
from models.outcome_tables import AuditEntry
from models.raised_tables import Obstacle
from models.work_tables import SameWork
from tests.models.world import World

CLAIMED, LATE, UNDATED, OTHERS = (f"07-CT-TTg.{n}" for n in ("1.BYT", "2.BYT", "3.BYT", "4.BTC"))
ELSEWHERE = "12-NQ-CP.5.BYT"
_STORED = (Decision, Commitment, Appeal, AppealAnswer, ObstacleAnswer, SameWork, HoldingRow)
_ASKED_AT = datetime(2025, 9, 4, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """The numbers of what was asked: more time for the late duty, another status of it, an obstacle of the claimed."""

    extension: int
    dispute: int
    obstacle: int


def open_office(store: Store) -> Office:
    """Put an office's register and questions into the store, as of 5 September 2025."""
    with store.writing() as session:
        world = World(session)
        (claimed,) = world.duty("BYT", due=date(2025, 8, 15))
        world.duty("BYT", due=date(2025, 8, 29))
        world.duty("BYT", due=None)
        world.duty("BTC", due=date(2025, 12, 31))
        world.next_document("12/NQ-CP", date(2025, 4, 1))
        (same,) = world.duty("BYT", due=date(2025, 12, 31))
        session.get_one(Assignment, same).code = ELSEWHERE
        world.report(claimed, date(2025, 8, 20))
        obstacle = Obstacle(
            assignment_id=claimed, batch_id=world.batch, raised_by="BYT", raised_on=date(2025, 8, 20),
            text="Chờ ý kiến của Bộ Tài chính", addressed_to="BTC", needed_by=date(2025, 8, 27), sheet="PL", row=9,
            digest="một",
        )  # fmt: skip
        session.add(obstacle)
        session.flush()
        number = obstacle.id
    more_time = RequestExtension(
        code=LATE, on=date(2025, 9, 4), until_on=date(2025, 9, 30), reason="chờ thẩm định"
    )  # fmt: skip
    for asked in (more_time, Dispute(code=LATE, on=date(2025, 9, 4), reason="đã ban hành 12/QĐ-BYT")):
        outcome = decide(asked, store=store, by="Vụ trưởng, Bộ Y tế", now=_ASKED_AT)
        assert outcome.outcome == "recorded", outcome.message
    with store.reading() as session:
        kinds = dict(session.exec(select(Appeal.kind, Appeal.id)).all())
    assert number is not None
    return Office(kinds["extension"] or 0, kinds["dispute"] or 0, number)


def stored(store: Store) -> dict[str, int]:
    """Count what people decided and answered, table by table, and the audit entries of it."""
    with store.reading() as session:

        def count(table: type[SQLModel]) -> int:
            return session.exec(select(func.count()).select_from(table)).one()

        counts = {table.__tablename__: count(table) for table in _STORED}
        decided = select(func.count()).select_from(AuditEntry).where(col(AuditEntry.action).startswith("decide."))
        return {**{str(name): number for name, number in counts.items()}, "audit": session.exec(decided).one()}
