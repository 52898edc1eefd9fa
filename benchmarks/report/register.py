"""A Government of 56 agencies with as many assignments and late ones as asked for, every late one reported on."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from config.reference import load_reference_data
from models import Store
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.reference import load_reference, register_of
from models.schema import migrate
from rules.status import Nature

MONTH, CUTOFF, MEETING = "2025-08", date(2025, 8, 25), date(2025, 9, 3)
KNOWN_AT = datetime(2025, 8, 25, 10, tzinfo=UTC)
_ISSUED_ON, _RECORDED_AT = date(2025, 3, 14), datetime(2025, 3, 15, tzinfo=UTC)
AGENCIES = 56
_TEXT = (
    "Xây dựng, hoàn thiện và đưa vào khai thác cơ sở dữ liệu dùng chung phục vụ giải quyết thủ tục hành chính trên môi "
    "trường điện tử, số {number}"
)
_RESULT = (
    "Đã trình dự thảo, đang tiếp thu ý kiến của các bộ, ngành, địa phương; dự kiến ban hành trong tháng tới ({number})"
)


def fill(store: Store, *, assignments: int, late: int) -> None:
    """Migrate the empty `store` and record the work; the first `late` assignments were due in six earlier months."""
    migrate(store)
    with store.writing() as session:
        load_reference(session, load_reference_data())
        agencies = [agency.code for agency in register_of(session).agencies if not agency.valid_to][:AGENCIES]
        batch = Batch(
            file="giao-viec.xlsx", sha256="0", recorded_at=_RECORDED_AT, rows=1, new=1, changed=0, unchanged=0, gone=0
        )
        session.add(batch)
        session.flush()
        assert batch.id is not None
        document = Document(code="07/CT-TTg", issued_on=_ISSUED_ON, batch_id=batch.id)
        session.add(document)
        session.flush()
        assert document.id is not None
        _write(session, batch.id, document.id, agencies, assignments, late)


def _write(session: Session, batch: int, document: int, agencies: list[str], assignments: int, late: int) -> None:
    tables: dict[type[SQLModel], list[dict[str, Any]]] = {
        kind: [] for kind in (Task, TaskRevision, Assignment, AssignmentRevision, Progress)
    }
    for number in range(1, assignments + 1):
        for kind, row in _rows(number, batch, document, agencies, is_late=number <= late):
            tables[kind].append(row)
    for kind, rows in tables.items():
        session.execute(insert(kind), rows)


def _rows(
    number: int, batch: int, document: int, agencies: list[str], *, is_late: bool
) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    agency = agencies[number % len(agencies)]
    due = date(2025, 2 + number % 6, 28) if is_late else date(2025, 10 + number % 3, 28)
    at = {"batch_id": batch, "sheet": "PL", "row": number, "cells": {}, "digest": str(number)}
    words = {"text": _TEXT.format(number=number), "product": "Báo cáo", "deadline_text": f"{due:%d/%m/%Y}"}
    said = {"result_text": _RESULT.format(number=number), "difficulty": "Thiếu kinh phí", "proposal": "Bố trí kinh phí"}
    made = {"id": number, "task_id": number, "agency_code": agency, "period": "", "batch_id": batch}
    rows: list[tuple[type[SQLModel], dict[str, Any]]] = [
        (Task, {"id": number, "document_id": document, "number": str(number), "batch_id": batch}),
        (TaskRevision, {"id": number, "task_id": number, "deadline_kind": "date", **words, **at}),
        (Assignment, {"code": f"07-CT-TTg.{number}.{agency}", **made}),
        (
            AssignmentRevision,
            {
                "assignment_id": number,
                "task_revision_id": number,
                "batch_id": batch,
                "nature": Nature.DATED,
                "counts_from": _ISSUED_ON,
                "original_due_on": due,
            },
        ),
    ]
    if is_late:
        reported = {"assignment_id": number, "reported_on": date(2025, 8, 20), "declared_done": False}
        rows.append((Progress, {**reported, **said, **at}))
    return rows
