"""Put a document's duties straight into the store, in the words a test needs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session, select

from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Decision,
    Document,
    Progress,
    Task,
    TaskRevision,
)
from models.work_tables import SameWork, TaskStep
from rules.status import Nature

SIGNED_ON = date(2025, 3, 14)
AT_FIRST = datetime(2025, 3, 15, tzinfo=UTC)


@dataclass
class World:
    """One document, tasks numbered from 1, everything in sessions of the caller."""

    session: Session
    signed_on: date = SIGNED_ON

    def __post_init__(self) -> None:
        """Start with one document, in a batch of its own."""
        self.numbers = count(1)
        self.batch = self.new_batch(AT_FIRST)
        self.document = self._saved(Document(code="07/CT-TTg", issued_on=self.signed_on, batch_id=self.batch))

    def new_batch(self, at: datetime) -> int:
        """Record a workbook at an instant; return its batch."""
        batch = Batch(
            file="x.xlsx", sha256=str(at), recorded_at=at, rows=1, new=1, changed=0,
            unchanged=0, gone=0,
        )  # fmt: skip
        return self._saved(batch)

    def next_document(self, code: str, issued_on: date) -> None:
        """Let the duties that follow stand in another document."""
        self.signed_on = issued_on
        self.document = self._saved(Document(code=code, issued_on=issued_on, batch_id=self.batch))

    def same_work(self, *tasks: int, at: datetime = AT_FIRST) -> None:
        """Say that tasks are one work."""
        for task in tasks:
            row = SameWork(task_id=task, work_id=tasks[0], reason="cùng một việc", decided_by="VPCP", recorded_at=at)
            self.session.add(row)
        self.session.flush()

    def duty(self, *agencies: str, due: date | None, nature: Nature | None = None) -> list[int]:
        """Assign one new task to each agency; return the assignments' ids."""
        number = str(next(self.numbers))
        task = self._saved(Task(document_id=self.document, number=number, batch_id=self.batch))
        wording = TaskRevision(
            task_id=task,
            batch_id=self.batch,
            text=f"Nhiệm vụ {number}",
            deadline_kind="date",
            sheet="PL",
            row=9,
            digest="",
        )
        revision = self._saved(wording)
        return [self._assignment(task, revision, agency, due, nature, number) for agency in agencies]

    def revise(self, assignment: int, *, at: datetime, due: date | None, standing: bool = True) -> int:
        """Give an assignment another due day in a later batch; return the batch."""
        batch = self.new_batch(at)
        row = self.session.get_one(Assignment, assignment)
        wording = TaskRevision(
            task_id=row.task_id, batch_id=batch, text="Nhiệm vụ sửa", deadline_kind="date", sheet="PL", row=9, digest=""
        )
        self._revision(assignment, self._saved(wording), batch, due, None, standing=standing)
        return batch

    def in_steps(self, assignment: int, *steps: tuple[str, date]) -> None:
        """Let the task of an assignment be done in steps, each with its name and its day."""
        row = self.session.get_one(Assignment, assignment)
        wordings = self.session.exec(select(TaskRevision.id).where(TaskRevision.task_id == row.task_id))
        wording = max(each for each in wordings if each)
        for position, (name, due_on) in enumerate(steps, start=1):
            self.session.add(TaskStep(task_revision_id=wording, position=position, name=name, due_on=due_on))
        self.session.flush()

    def report(
        self,
        assignment: int,
        on: date,
        *,
        done: bool | None = True,
        evidence: date | None = None,
        number: str = "12/BC-BYT",
        batch: int | None = None,
    ) -> None:
        """Declare progress on a day, with a document's `number` when `evidence` gives its date."""
        progress = Progress(
            assignment_id=assignment,
            batch_id=batch or self.batch,
            reported_on=on,
            declared_done=done,
            evidence_number=number if evidence else None,
            evidence_on=evidence,
            sheet="PL",
            row=9,
            digest="",
        )
        self._saved(progress)

    def decide(
        self, assignment: int, action: str, on: date, *, until: date | None = None, at: datetime = AT_FIRST
    ) -> None:
        """Record a decision about an assignment."""
        decision = Decision(
            assignment_id=assignment, action=action, effective_on=on, until_on=until, reason="theo văn bản",
            decided_by="Văn phòng Chính phủ", recorded_at=at,
        )  # fmt: skip
        self._saved(decision)

    def _assignment(
        self, task: int, revision: int, agency: str, due: date | None, nature: Nature | None, number: str
    ) -> int:
        code = f"07-CT-TTg.{number}.{agency}"
        assignment = self._saved(Assignment(code=code, task_id=task, agency_code=agency, batch_id=self.batch))
        self._revision(assignment, revision, self.batch, due, nature)
        return assignment

    def _revision(
        self,
        assignment: int,
        wording: int,
        batch: int,
        due: date | None,
        nature: Nature | None,
        *,
        standing: bool = True,
    ) -> None:
        self._saved(
            AssignmentRevision(
                assignment_id=assignment,
                task_revision_id=wording,
                batch_id=batch,
                nature=nature or (Nature.DATED if due else Nature.UNDATED),
                counts_from=self.signed_on,
                original_due_on=due,
                standing=standing,
            )
        )

    def _saved(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        return int(row.id)
