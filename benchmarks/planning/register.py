"""A register in which everything is overdue: N assignments over every agency that has somebody to write to."""

from datetime import UTC, date, datetime, timedelta

from benchmarks.status.loading import Loader
from config.reference import load_reference_data
from models.store import Store

AS_OF, NOW = date(2025, 9, 5), datetime(2025, 9, 5, tzinfo=UTC)
_ISSUED_ON, _BATCH_AT = date(2025, 3, 14), datetime(2025, 3, 15, tzinfo=UTC)
# Between 1 and 60 working days late on the day asked about: every rung above the due day is reached by some.
_DUE_DAYS = [date(2025, 6, 10) + timedelta(days=days) for days in range(85)]
_AGENCIES_PER_TASK = 10


def fill(store: Store, assignments: int) -> None:
    """Put so many overdue assignments into an empty migrated store that holds the shipped reference data."""
    agencies = sorted({contact.agency for contact in load_reference_data().contacts})
    with Loader(store) as loader:
        loader.add(
            "batch",
            [{"id": 1, "file": "x.xlsx", "sha256": "1", "recorded_at": _BATCH_AT, "rows": 1, "new": 1, "changed": 0,
              "unchanged": 0, "gone": 0}],
        )  # fmt: skip
        loader.add("document", [{"id": 1, "code": "07/CT-TTg", "issued_on": _ISSUED_ON, "batch_id": 1}])
        tasks = range(1, assignments // _AGENCIES_PER_TASK + 1)
        loader.add("task", ({"id": task, "document_id": 1, "number": str(task), "batch_id": 1} for task in tasks))
        loader.add("task_revision", ({"id": task, "task_id": task, "batch_id": 1, **_words(task)} for task in tasks))
        held = [(task, at) for task in tasks for at in range(_AGENCIES_PER_TASK)]
        agency = [agencies[(task * 7 + at * 3) % len(agencies)] for task, at in held]
        loader.add(
            "assignment",
            ({"id": id_, "code": f"07-CT-TTg.{task}.{code}", "task_id": task, "agency_code": code, "batch_id": 1}
             for id_, ((task, _), code) in enumerate(zip(held, agency, strict=True), start=1)),
        )  # fmt: skip
        loader.add(
            "assignment_revision",
            ({"assignment_id": id_, "task_revision_id": task, "batch_id": 1, "nature": "dated",
              "counts_from": _ISSUED_ON, "original_due_on": _DUE_DAYS[task % len(_DUE_DAYS)], "standing": True}
             for id_, (task, _) in enumerate(held, start=1)),
        )  # fmt: skip


def _words(task: int) -> dict[str, str]:
    return {
        "text": f"Hoàn thành việc số hóa, làm sạch, kết nối dữ liệu chuyên ngành phục vụ người dân, nhiệm vụ số {task}",
        "product": "Báo cáo",
        "deadline_text": "Quý II/2025",
        "deadline_kind": "date",
    }
