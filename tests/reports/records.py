"""What a report test records beside duties and reports: links, steps, decisions, and editions without their files."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from models import Store
from models.assignment_tables import Assignment, AssignmentRevision, Decision
from models.edition_tables import Edition
from models.work_tables import SameWork, TaskStep
from reports import Facts
from tests.reports.ledger import KNOWN, RECORDED


def link(session: Session, *assignments: int) -> None:
    """Say that the tasks of assignments are one work."""
    tasks = [session.get_one(Assignment, each).task_id for each in assignments]
    for task in tasks:
        said = SameWork(task_id=task, work_id=min(tasks), reason="Một việc", decided_by="VPCP", recorded_at=RECORDED)
        session.add(said)


def in_steps(session: Session, assignment: int, *steps: tuple[str, date]) -> None:
    """Let the task of an assignment be done in steps, each with its name and its day."""
    wording = session.get_one(AssignmentRevision, assignment).task_revision_id
    for position, (name, due_on) in enumerate(steps, start=1):
        session.add(TaskStep(task_revision_id=wording, position=position, name=name, due_on=due_on))


def decide(
    session: Session, assignment: int, action: str, on: date, *, until: date | None = None, at: datetime = KNOWN
) -> None:
    """Record a decision about an assignment."""
    session.add(
        Decision(
            assignment_id=assignment,
            action=action,
            effective_on=on,
            until_on=until,
            document="1/QĐ-TTg",
            reason="Theo văn bản",
            decided_by="Tổ trưởng",
            recorded_at=at,
        )
    )


def freeze(store: Store, facts: Facts, number: int = 1) -> None:
    """Freeze an edition without spending time on its files."""
    with store.writing() as session:
        session.add(
            Edition(
                code=f"{facts.month}/{number}",
                month=facts.month,
                cutoff=facts.cutoff,
                meeting=facts.meeting,
                known_at=facts.known_at,
                created_at=datetime(2025, 7, 25, 12, tzinfo=UTC),
                version="0",
                facts=facts.to_json(),
                facts_sha256=facts.digest(),
            )
        )
