"""What a report said about an assignment, field by field: the one recorded before for the same day, and the new one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session

from imports.meaning.progress_rows import ProgressRow
from models.assignment_tables import Progress
from models.columns import table_of
from models.raised_tables import ExtensionRequest, Obstacle
from rules.product import Proof
from texts import date_text

_TOLD = (
    "declared_text", "declared_completed_on", "result_text", "evidence_text", "difficulty", "proposal",
)  # fmt: skip
# What a report's words were taken for: named only when the words themselves do not differ.
_READ = ("declared_done", "evidence_number", "evidence_on")
_PROGRESS, _OBSTACLE, _EXTENSION = table_of(Progress), table_of(Obstacle), table_of(ExtensionRequest)
_RAISED = (
    _OBSTACLE.c.addressed_text, _OBSTACLE.c.needed_by, _EXTENSION.c.new_due_on,
    _EXTENSION.c.reason.label("extension_reason"),
)  # fmt: skip
_COLUMNS = (*(_PROGRESS.c[name] for name in (*_TOLD, *_READ)), *_RAISED, _OBSTACLE.c.addressed_to)
_AT_ONCE = 500
_DONE, _NOT_DONE = "100%", "<100%"


@dataclass(frozen=True)
class FieldChange:
    """One field of a task or a report: as it was and as the workbook has it."""

    field: str
    old: str
    new: str


def words_of_reports(session: Session, reports: Collection[int]) -> dict[int, dict[str, str]]:
    """Return what the reports with these ids said, by id and field."""
    tables = _PROGRESS
    for raised, raised_on in ((_OBSTACLE, _OBSTACLE.c.raised_on), (_EXTENSION, _EXTENSION.c.asked_on)):
        same_batch = raised.c.batch_id == _PROGRESS.c.batch_id
        of_report = (same_batch, raised.c.assignment_id == _PROGRESS.c.assignment_id)
        tables = tables.outerjoin(raised, and_(*of_report, raised_on == _PROGRESS.c.reported_on))  # type: ignore[assignment]
    query = select(_PROGRESS.c.id, *_COLUMNS).select_from(tables)
    ids, found = list(reports), {}
    for start in range(0, len(ids), _AT_ONCE):
        for id_, *values in session.execute(query.where(_PROGRESS.c.id.in_(ids[start : start + _AT_ONCE]))):
            found[id_] = dict(zip((column.name for column in _COLUMNS), map(_text, values), strict=True))
    return found


def report_fields(said: Mapping[str, str], row: ProgressRow, proof: Proof) -> Sequence[FieldChange]:
    """Return what `row` and its `proof` say otherwise than was `said` before; nothing when nothing was."""
    words, read = _says(row, proof)
    told = [FieldChange(name, said[name], _text(new)) for name, new in words.items()]
    found = [change for change in told if words_differ(change.old, change.new)]
    if found:
        return found
    differ = [(said[name], _text(new)) for name, new in read.items() if said[name] != _text(new)]
    old, new = (", ".join(pair[side] for pair in differ if pair[side]) for side in (0, 1))
    return [FieldChange("understood", old, new)] if differ else []


def words_differ(old: str, new: str) -> bool:
    """Whether two texts differ in more than spaces and line breaks."""
    return old != new and old.split() != new.split()


def _says(row: ProgressRow, proof: Proof) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a row says, by field, and what that is taken for."""
    words = {name: getattr(row, name) for name in _TOLD}
    obstacle, extension = row.obstacle, row.extension
    words |= {"addressed_text": obstacle and obstacle.addressed_text, "needed_by": obstacle and obstacle.needed_by}
    words |= {"new_due_on": extension and extension.new_due_on, "extension_reason": extension and extension.reason}
    read = {"declared_done": row.declared_done, "evidence_number": proof.number, "evidence_on": proof.on}
    return words, {**read, "addressed_to": obstacle and obstacle.addressed_to}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _DONE if value else _NOT_DONE
    return date_text(value) if isinstance(value, date) else value or ""
