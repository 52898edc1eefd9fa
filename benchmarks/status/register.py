"""A generated national register, the same every time: N assignments over 3,400 agencies, three reports each.

Everything a status rests on occurs in plausible shares: batches taken back, documents revised, tasks that are gone,
reports without a word on completion, completions denied, sent back, confirmed or without evidence, extensions, holds,
cancellations, agencies whose duties passed to a successor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from benchmarks.status.loading import Loader, Row
from config.reference import load_reference_data
from models.reference import load_reference
from models.store import Store
from rules.reference import Reference
from rules.register import Agency, AgencyKind, Register

AS_OF, KNOWN_AT = date(2025, 9, 5), datetime(2025, 9, 5, 8, tzinfo=UTC)
AGENCIES, AGENCIES_PER_TASK, TASKS_PER_DOCUMENT = 3_400, 10, 100
REPORT_DAYS = (date(2025, 4, 25), date(2025, 6, 25), date(2025, 8, 25))

_FIRST_DAY, _LAST_ISSUE_DAYS = date(2024, 9, 1), 375
_CELLS = {"agency": "C9", "deadline": "F9", "product": "E9", "task": "B9"}
_PROVEN, _BARE, _OTHER_PRODUCT, _DENIED, _SILENT = (
    "Đã hoàn thành", "Đã hoàn thành, chưa có văn bản", "Đã trình", "Chưa hoàn thành", "Đang thực hiện"
)  # fmt: skip
_DONE, _DONE_SHARES = (_PROVEN, _BARE, _OTHER_PRODUCT, _SILENT, _DENIED), (75, 12, 3, 7, 3)
_OPEN, _OPEN_SHARES = (_DENIED, _SILENT), (80, 20)
_REPORT_CELLS = {"evidence": "H9", "result": "G9", "status": "F9"}


def national_reference(agencies: int = AGENCIES) -> Reference:
    """Return the shipped reference data with communes added, until so many agencies exist on the day asked about."""
    shipped = load_reference_data()
    existing = sum(agency.valid_on(AS_OF) for agency in shipped.register.agencies)
    communes = [
        Agency(f"C{number:05}", f"Xã số {number}", AgencyKind.PROVINCE) for number in range(agencies - existing)
    ]
    register = Register([*shipped.register.agencies, *communes], shipped.register.collectives)
    return replace(shipped, register=register)


def fill(store: Store, assignments: int, *, agencies: int = AGENCIES) -> None:
    """Put the national register with so many assignments over so many agencies into an empty migrated store."""
    reference = national_reference(agencies)
    with store.writing() as session:
        load_reference(session, reference)
    with Loader(store) as loader:
        _Generator(loader, [agency.code for agency in reference.register.agencies]).fill(assignments)


@dataclass
class _Generator:
    """Writes the tables in the order in which workbooks would have filled them."""

    loader: Loader
    agencies: Sequence[str]
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - the same register every time
    batches: int = 0
    revisions: int = 0
    held_by: dict[str, list[int]] = field(default_factory=dict)

    def fill(self, assignments: int) -> None:
        tasks = assignments // AGENCIES_PER_TASK
        documents = max(1, tasks // TASKS_PER_DOCUMENT)
        for number in range(1, documents + 1):
            self._document(number, range(number - 1, tasks, documents))
        self._decisions(assignments)
        for month, day in enumerate(REPORT_DAYS):
            self._reports(month, day)

    def _document(self, number: int, tasks: range) -> None:
        """Write a document with the tasks of these places; one in twenty is revised later, of these some in vain."""
        issued_on = _FIRST_DAY + timedelta(days=self.chance.randrange(_LAST_ISSUE_DAYS))
        batch = self._batch(issued_on + timedelta(days=1), len(tasks))
        code = f"{number}/QĐ-TTg"
        self.loader.add("document", [{"id": number, "code": code, "issued_on": issued_on, "batch_id": batch}])
        places = [(place + 1, at + 1) for at, place in enumerate(tasks)]
        self.loader.add(
            "task",
            ({"id": id_, "document_id": number, "number": str(at), "batch_id": batch} for id_, at in places),
        )
        rows = [row for id_, at in places for row in self._assignments(code, id_, at, batch)]
        self.loader.add("assignment", rows)
        self._revise(places, rows, batch, issued_on, standing_share=1)
        if self._happens(0.05):
            again = self._batch(issued_on + timedelta(days=30), len(tasks), undone_share=0.1)
            self._revise(places, rows, again, issued_on, standing_share=0.9)

    def _assignments(self, code: str, task: int, number: int, batch: int) -> Iterator[Row]:
        first, step = (
            self.chance.randrange(len(self.agencies)),
            self.chance.randrange(1, len(self.agencies) // AGENCIES_PER_TASK),
        )
        for at in range(AGENCIES_PER_TASK):
            agency = self.agencies[(first + at * step) % len(self.agencies)]
            id_ = (task - 1) * AGENCIES_PER_TASK + at + 1
            self.held_by.setdefault(agency, []).append(id_)
            yield {"id": id_, "code": f"{code}.{number}.{agency}", "task_id": task, "agency_code": agency,
                   "batch_id": batch}  # fmt: skip

    def _revise(
        self, places: Sequence[tuple[int, int]], rows: Sequence[Row], batch: int, issued_on: date, standing_share: float
    ) -> None:
        """Give tasks their words and assignments their dates; one due day per task."""
        of_task = {task: self.revisions + at for at, (task, _) in enumerate(places, start=1)}
        self.revisions += len(places)
        self.loader.add("task_revision", (_wording(of_task[task], task, batch) for task, _ in places))
        natures = {task: self._nature(issued_on) for task, _ in places}
        dated = []
        for row in rows:
            nature, due_on = natures[row["task_id"]]
            standing = self._happens(standing_share)
            dated.append(
                {"assignment_id": row["id"], "task_revision_id": of_task[row["task_id"]], "batch_id": batch,
                 "nature": nature, "counts_from": issued_on, "original_due_on": due_on, "standing": standing}
            )  # fmt: skip
        self.loader.add("assignment_revision", dated)

    def _nature(self, issued_on: date) -> tuple[str, date | None]:
        (nature,) = self.chance.choices(("dated", "ongoing", "undated"), (85, 8, 7))
        return nature, issued_on + timedelta(days=self.chance.randrange(60, 500)) if nature == "dated" else None

    def _decisions(self, assignments: int) -> None:
        """Decide about one assignment in twenty."""
        rows: list[Row] = []
        for _ in range(assignments // 20):
            action = self.chance.choices(("extend", "confirm", "hold", "cancel", "return"), (40, 40, 8, 6, 6))[0]
            on = date(2025, 6, 1) + timedelta(days=self.chance.randrange(120))
            until = on + timedelta(days=self.chance.randrange(20, 200)) if action in {"extend", "hold"} else None
            rows.append(
                {"assignment_id": self.chance.randrange(assignments) + 1, "action": action, "effective_on": on,
                 "until_on": until, "reason": "theo văn bản", "decided_by": "Văn phòng Chính phủ",
                 "recorded_at": _instant(on)}
            )  # fmt: skip
        self.loader.add("decision", rows)

    def _reports(self, month: int, day: date) -> None:
        """Write one month's reports, agency by agency as their workbooks come in."""
        for agency, held in self.held_by.items():
            batch = self._batch(day + timedelta(days=self.chance.randrange(1, 4)), len(held), agency, undone_share=0.01)
            self.loader.add("progress", (self._report(assignment, batch, month, day) for assignment in held))

    def _report(self, assignment: int, batch: int, month: int, day: date) -> Row:
        done_from = assignment * 2_654_435_761 % 100 // 17  # 0, 1 or 2 for half of them: done from that month on
        kinds, shares = (_DONE, _DONE_SHARES) if month >= done_from else (_OPEN, _OPEN_SHARES)
        (kind,) = self.chance.choices(kinds, shares)
        cited = kind in {_PROVEN, _OTHER_PRODUCT}
        return {
            "assignment_id": assignment,
            "batch_id": batch,
            "reported_on": day,
            "declared_done": {_SILENT: None, _DENIED: False}.get(kind, True),
            "declared_text": kind,
            "result_text": f"Kết quả thực hiện nhiệm vụ kỳ {month + 1}",
            "evidence_number": f"{assignment % 900}/BC-UBND" if cited else None,
            "evidence_on": day - timedelta(days=self.chance.randrange(60)) if cited else None,
            "evidence_matches": None if not cited else kind == _PROVEN,
            "cells": _REPORT_CELLS,
        }

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _batch(self, day: date, rows: int, agency: str | None = None, undone_share: float = 0) -> int:
        """Write a batch recorded on a day; some are taken back five days later."""
        self.batches += 1
        self.loader.add(
            "batch",
            [{"id": self.batches, "file": "x.xlsx", "sha256": str(self.batches), "agency_code": agency,
              "recorded_at": _instant(day), "rows": rows, "new": rows, "changed": 0, "unchanged": 0, "gone": 0}],
        )  # fmt: skip
        if self._happens(undone_share):
            undone_at = _instant(day + timedelta(days=5))
            self.loader.add("undo", [{"batch_id": self.batches, "recorded_at": undone_at}])
        return self.batches


def _wording(revision: int, task: int, batch: int) -> Row:
    return {
        "id": revision,
        "task_id": task,
        "batch_id": batch,
        "section": "NHÓM NHIỆM VỤ",
        "text": f"Hoàn thành việc số hóa, làm sạch, kết nối dữ liệu chuyên ngành phục vụ người dân, nhiệm vụ số {task}",
        "product": "Báo cáo",
        "lead_text": "Các bộ, ngành, địa phương",
        "deadline_text": "Quý IV/2025",
        "deadline_kind": "date",
        "cells": _CELLS,
    }


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
