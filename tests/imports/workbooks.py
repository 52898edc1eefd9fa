"""Small workbooks as offices make them, for the tests of this room."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from sqlalchemy import func, select

from imports import Check, Recorded, check_workbook, record
from models import Store, status_of
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Task, TaskRevision

TODAY = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DIRECTIVE = "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng Chính phủ"
HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Sản phẩm", "Thời gian hoàn thành")
PROGRESS_HEADINGS = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH")
REASON = "Điều chỉnh theo Công văn số 512/VPCP-KSTT"
Row = Sequence[Any]


def saved(*sheets: tuple[str, Sequence[Row], Sequence[str]]) -> bytes:
    """Return a workbook of sheets given as name, rows and merged ranges."""
    workbook = Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for name, rows, merges in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for merged in merges:
            sheet.merge_cells(merged)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def annex(
    *rows: Row, title: Sequence[Row] | None = None, headings: Row = HEADINGS, merges: Sequence[str] = ()
) -> bytes:
    """Return an annex of Directive 07 with one table; its rows begin in row 4."""
    above = [["PHỤ LỤC"], [f"(Kèm theo {DIRECTIVE})"]] if title is None else title
    return saved(("Phụ lục", [*above, headings, *rows], merges))


def task(number: Any, lead: str = "Bộ Y tế", deadline: Any = "Tháng 6/2025", text: str = "") -> list[Any]:
    """Return one row of an annex."""
    return [number, text or f"Nhiệm vụ số {number}", lead, "", "Báo cáo", deadline]


def report(*rows: Row, issuer: str = "BỘ Y TẾ", day: str = "Hà Nội, ngày 27 tháng 6 năm 2025", **more: Any) -> bytes:
    """Return a progress workbook; its rows begin in row 4."""
    title = [[issuer, "", day], [f"(Thực hiện {DIRECTIVE})"]]
    return annex(*rows, title=title, headings=more.pop("headings", PROGRESS_HEADINGS), **more)


def told(number: Any, status: Any, evidence: str = "", result: str = "", completed: Any = "") -> list[Any]:
    """Return one row of a progress workbook."""
    return [number, f"Nhiệm vụ số {number}", status, result, evidence, completed]


def checked(content: bytes, store: Store, name: str = "phu-luc.xlsx", **more: Any) -> Check:
    """Check a workbook on 5 September 2025."""
    return check_workbook(content, name=name, store=store, today=more.pop("today", TODAY), **more)


def recorded(content: bytes, store: Store, name: str = "phu-luc.xlsx", *, now: datetime = NOW, **more: Any) -> Recorded:
    """Check and record a workbook."""
    return record(checked(content, store, name, **more), store=store, now=now)


def asked(check: Check, *about: str) -> list[tuple[str, str, int | None]]:
    """Return the problems of the codes `about` with their severity and row."""
    return [(p.code, str(p.severity), p.row) for p in check.problems if p.code in about]


def codes(check: Check) -> list[str]:
    """Return the codes of the problems found."""
    return [problem.code for problem in check.problems]


def standing(store: Store, as_of: date = TODAY, known_at: datetime = LATER) -> list[str]:
    """Return the codes of the assignments that count."""
    return [code for row in status_of(store, as_of=as_of, known_at=known_at).rows for code in row.parts]


def counted(store: Store) -> dict[str, int]:
    """Return how many rows the tables of an annex hold."""
    tables = (Batch, Document, Task, TaskRevision, Assignment, AssignmentRevision)
    with store.reading() as session:
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
