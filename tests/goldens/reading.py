"""What Dondoc reads in an original, as plain values a person can hold against the workbook."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from imports import Check, Problem, check_workbook
from imports.meaning.assignment_rows import AssignmentRow, TaskRow
from imports.meaning.indicator_rows import IndicatorRow
from imports.meaning.indicator_values import IndicatorValueRow
from imports.meaning.progress_rows import ProgressRow
from models import Store

TODAY = date(2025, 9, 5)
SHOWN = 12


@dataclass(frozen=True)
class Sent:
    """How an original is sent: what the sender says beside it, and which originals were recorded before it."""

    agency: str | None = None
    document: str | None = None
    document_date: date | None = None
    after: tuple[str, ...] = field(default=())

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Sent":
        """Return what an expected file says."""
        day = said.get("document_date")
        after = tuple(said.get("after", ()))
        return cls(said.get("agency"), said.get("document"), date.fromisoformat(day) if day else None, after)

    def as_json(self) -> dict[str, Any]:
        """Return it for an expected file; nothing for what was not said."""
        day = self.document_date.isoformat() if self.document_date else None
        said = {"agency": self.agency, "document": self.document, "document_date": day, "after": list(self.after)}
        return _filled(said)


def check_original(content: bytes, name: str, sent: Sent, store: Store) -> Check:
    """Check an original on 5 September 2025."""
    said = {"agency": sent.agency, "document": sent.document, "document_date": sent.document_date}
    return check_workbook(content, name=name, store=store, today=TODAY, **said)  # type: ignore[arg-type]


def reading_of(check: Check) -> dict[str, Any]:
    """Return what was read: what the workbook is, where its rows went, each row with its place, and its problems."""
    about = {
        "outcome": "refused" if check.stops else "read",
        "kind": check.kind and str(check.kind),
        "agency": check.agency,
        "document": check.document,
        "reported_on": check.reported_on and check.reported_on.isoformat(),
    }
    targets = {id(entry.row): entry.code for entry in check.changes.progress}
    rows = {
        "tasks": [_task(row, check.document) for row in check.tasks],
        "progress": [_progress(row, targets.get(id(row))) for row in check.progress],
        "indicators": [_indicator(row) for row in check.indicators],
        "values": [_value(row) for row in check.values],
    }
    changes = {} if check.stops else {"changes": _changes(check)}
    sheets = _filled({"sheets": [one.as_dict() for one in check.accounting[:SHOWN]]})
    return {**_filled(about), **sheets, **_filled(rows), **changes, "problems": list(_problems(check.problems))}


def _changes(check: Check) -> list[dict[str, Any]]:
    """Return what recording would do: rows counted, and of changed and gone tasks which."""
    counts = {"new": check.new, "changed": check.changed, "unchanged": check.unchanged, "gone": check.gone}
    changed = [
        {"changed": task.row.number, **{change.field: f"{change.old} → {change.new}" for change in task.fields}}
        for task in check.changes.changed
    ]
    gone = [{"gone": task.number, "task": task.text} for task in check.changes.gone]
    return [{name: count for name, count in counts.items() if count}, *changed, *gone]


def _task(row: TaskRow, document: str | None) -> dict[str, Any]:
    return _filled(
        {
            "at": f"{row.sheet}!{row.row}",
            "number": row.number,
            "section": row.section,
            "document": row.document.code if row.document.code != document else None,
            "task": row.text,
            "lead": row.lead_text,
            "coordinating": row.coordinating_text,
            "product": row.product,
            "deadline": row.deadline_text,
            "assignments": _held(row.assignments),
            "queue": row.queue,
        }
    )


def _held(assignments: Sequence[AssignmentRow]) -> dict[str, str]:
    """Return who is accountable until when; a collective by the number of its members."""
    members = Counter((one.collective, one.period, _due(one)) for one in assignments if one.collective)
    alone = {f"{one.agency} {one.period}".strip(): _due(one) for one in assignments if not one.collective}
    together = {f"{whole} × {count} {period}".strip(): due for (whole, period, due), count in members.items()}
    return {**alone, **together}


def _due(assignment: AssignmentRow) -> str:
    due = assignment.original_due_on
    return due.isoformat() if due else str(assignment.nature)


def _progress(row: ProgressRow, target: str | None) -> dict[str, Any]:
    said = {
        "at": f"{row.sheet}!{row.row}",
        "number": row.number,
        "task": row.text,
        "for": target,
        "declared": row.declared_text,
        "completed_on": row.declared_completed_on and row.declared_completed_on.isoformat(),
        "result": row.result_text,
        "evidence": row.evidence_number,
        "evidence_on": row.evidence_on and row.evidence_on.isoformat(),
        "difficulty": row.difficulty,
        "proposal": row.proposal,
        "obstacle": row.obstacle and _plain(row.obstacle),
        "extension": row.extension and _plain(row.extension),
    }
    return {**_filled(said), "done": row.declared_done}


def _indicator(row: IndicatorRow) -> dict[str, Any]:
    return _filled(_plain(row, without=("cells", "digest", "document")))


def _value(row: IndicatorValueRow) -> dict[str, Any]:
    return _filled(_plain(row, without=("cells", "amount")))


def _problems(problems: Sequence[Problem]) -> Iterator[dict[str, Any]]:
    """Yield the problems; of a long run of the same one the first few, and how many follow."""
    for code, run in groupby(problems, key=lambda problem: problem.code):
        several = list(run)
        shown = several if len(several) <= SHOWN else several[: SHOWN - 1]
        yield from map(_problem, shown)
        if shown is not several:
            yield {"code": code, "more": len(several) - len(shown)}


def _problem(problem: Problem) -> dict[str, Any]:
    place = "".join(filter(None, (problem.column, str(problem.row or ""))))
    at = "!".join(filter(None, (problem.sheet, place)))
    return _filled({"code": problem.code, "severity": str(problem.severity), "at": at, "found": problem.found})


def _plain(value: Any, without: Sequence[str] = ("digest",)) -> dict[str, Any]:
    return {name: _said(part) for name, part in vars(value).items() if name not in without and part is not None}


def _said(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_said(part) for part in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_with_something(values))


def _with_something(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in values.items() if value not in (None, "", [], {}, ()))
