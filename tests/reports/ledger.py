"""Put a month's duties and what was reported about them into a store, in the words a report test needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from models import Store
from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Document,
    Progress,
    Task,
    TaskRevision,
)
from models.commitment_tables import Appeal, Commitment
from models.raised_tables import ExtensionRequest, Indicator, IndicatorValue, Obstacle
from reports import Facts, gather_facts
from rules.status import Nature

SIGNED_ON = date(2025, 3, 14)
RECORDED = datetime(2025, 3, 15, tzinfo=UTC)
KNOWN = datetime(2025, 8, 25, 10, tzinfo=UTC)
CUTOFF, MEETING = date(2025, 8, 25), date(2025, 9, 3)
Q2, AUGUST, DECEMBER = date(2025, 6, 30), date(2025, 8, 31), date(2025, 12, 31)


def august(store: Store, **more: object) -> Facts:
    """Gather the August report of a store."""
    days = {"month": "2025-08", "cutoff": CUTOFF, "meeting": MEETING, "known_at": KNOWN}
    return gather_facts(store, **(days | more))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Said:
    """What an agency reported about one duty; done only with `done_on`, accepted only with evidence."""

    on: date = date(2025, 8, 20)
    done_on: date | None = None
    evidence: bool = True
    result: str = ""
    difficulty: str = ""
    proposal: str = ""


class Ledger:
    """One document whose tasks are numbered from 1, all in one batch."""

    def __init__(self, session: Session, code: str = "07/CT-TTg", issued_on: date = SIGNED_ON) -> None:
        """Open the ledger in a writing session."""
        self.issued_on = issued_on
        self.session = session
        self.numbers = count(1)
        self.slug = code.replace("/", "-")
        self.batch = self._saved(
            Batch(
                file="giao-viec.xlsx",
                sha256=code,
                recorded_at=RECORDED,
                rows=1,
                new=1,
                changed=0,
                unchanged=0,
                gone=0,
            )
        )
        self.document = self._saved(Document(code=code, issued_on=issued_on, batch_id=self.batch))

    def duty(
        self,
        *agencies: str,
        due: date | None,
        text: str = "",
        deadline: str = "",
        nature: Nature | None = None,
        collective: str | None = None,
        product: str = "Báo cáo",
        period: str = "",
    ) -> list[int]:
        """Assign one new task to each agency; return the assignments' ids."""
        number = str(next(self.numbers))
        task = self._task(number, text or f"Hoàn thành nhiệm vụ thứ {number}", deadline, product)
        made = []
        for agency in agencies:
            code = f"{self.slug}.{number}.{agency}" + (f".{period}" if period else "")
            assignment = self._saved(
                Assignment(code=code, task_id=task[0], agency_code=agency, period=period, batch_id=self.batch)
            )
            self._saved(
                AssignmentRevision(
                    assignment_id=assignment,
                    task_revision_id=task[1],
                    batch_id=self.batch,
                    nature=nature or (Nature.DATED if due else Nature.UNDATED),
                    counts_from=self.issued_on,
                    original_due_on=due,
                    collective_code=collective,
                )
            )
            made.append(assignment)
        return made

    def unled(self, text: str, lead: str) -> None:
        """Record a task that nobody registered answers for."""
        self._task(str(next(self.numbers)), text, "", "", lead=lead, queue="no_accountable_lead")

    def report(self, assignment: int, said: Said) -> None:
        """Declare progress about an assignment."""
        self._saved(
            Progress(
                assignment_id=assignment,
                batch_id=self.batch,
                reported_on=said.on,
                declared_done=said.done_on is not None,
                declared_completed_on=said.done_on,
                result_text=said.result,
                evidence_text="Văn bản số 12/BC" if said.evidence and said.done_on else "",
                evidence_number="12/BC" if said.evidence and said.done_on else None,
                evidence_on=said.done_on if said.evidence else None,
                difficulty=said.difficulty,
                proposal=said.proposal,
                sheet="Tiến độ",
                row=9,
                digest="",
            )
        )

    def ask(self, assignment: int, until: date, reason: str, *, by: str, on: date = date(2025, 8, 18)) -> None:
        """Ask for more time."""
        self._saved(
            ExtensionRequest(
                assignment_id=assignment,
                batch_id=self.batch,
                asked_by=by,
                asked_on=on,
                new_due_on=until,
                reason=reason,
                sheet="Tiến độ",
                row=9,
                digest=reason,
            )
        )

    def promise(self, assignment: int, until: date, reason: str, *, last_good_day: date = Q2) -> None:
        """Commit to a day for work that is late."""
        self._saved(
            Commitment(
                assignment_id=assignment,
                last_good_day=last_good_day,
                rung=1,
                step="first",
                given_on=date(2025, 8, 11),
                until_on=until,
                reason=reason,
                given_by="Vụ trưởng",
                recorded_at=RECORDED,
            )
        )

    def appeal(self, assignment: int, kind: str, text: str) -> None:
        """Ask a person to decide about a status."""
        row = Appeal(
            assignment_id=assignment,
            kind=kind,
            asked_on=date(2025, 8, 19),
            text=text,
            asked_by="Vụ trưởng",
            recorded_at=RECORDED,
        )
        self._saved(row)

    def obstacle(self, assignment: int, text: str, *, by: str, to: str | None, needed_by: date | None = None) -> int:
        """Raise an obstacle."""
        return self._saved(
            Obstacle(
                assignment_id=assignment,
                batch_id=self.batch,
                raised_by=by,
                raised_on=date(2025, 8, 1),
                text=text,
                addressed_to=to,
                addressed_text="" if to else "các cơ quan liên quan",
                needed_by=needed_by,
                sheet="Vướng mắc",
                row=9,
                digest=text,
            )
        )

    def indicator(self, name: str, values: Mapping[date, float], *, target: float, baseline: float | None) -> None:
        """Follow an indicator to the end of 2025."""
        made = self._saved(
            Indicator(
                code=name,
                batch_id=self.batch,
                document_id=self.document,
                agency_code="BCA",
                number="1",
                name=name,
                unit="%",
                baseline=baseline,
                direction="up",
                target=target,
                target_on=DECEMBER,
                sheet="CT",
                row=9,
                digest="",
            )
        )
        for on, value in values.items():
            self._saved(
                IndicatorValue(
                    indicator_id=made,
                    batch_id=self.batch,
                    reported_by="BCA",
                    observed_on=on,
                    value=value,
                    value_text=str(value),
                    sheet="CT",
                    row=9,
                )
            )

    def _task(
        self, number: str, text: str, deadline: str, product: str, *, lead: str = "", queue: str | None = None
    ) -> tuple[int, int]:
        task = self._saved(Task(document_id=self.document, number=number, batch_id=self.batch))
        revision = TaskRevision(
            task_id=task,
            batch_id=self.batch,
            text=text,
            product=product,
            deadline_text=deadline,
            deadline_kind="date",
            lead_text=lead,
            queue=queue,
            sheet="PL",
            row=9,
            digest="",
        )
        return task, self._saved(revision)

    def _saved(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        assert isinstance(row.id, int)
        return row.id
