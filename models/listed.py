"""What was recorded and what was reported, as lists of plain values: workbooks and editions."""

from typing import Any

from sqlmodel import Session, col, select

from models.assignment_tables import Batch, Undo
from models.edition_tables import Edition, EditionFile

_EDITION = (
    "code", "month", "state", "cutoff", "meeting", "known_at", "created_at", "version", "follows", "corrects", "reason",
    "approved_by", "facts_sha256",
)  # fmt: skip


def batches_listed(
    session: Session, *, agency: str | None, before: int | None = None, only: int | None = None, limit: int = 1
) -> list[dict[str, Any]]:
    """Return the recorded workbooks, newest first: of one agency or all, numbered below `before`, or the `only` one."""
    counts = (Batch.rows, Batch.new, Batch.changed, Batch.unchanged, Batch.gone)
    named = (Batch.id, Batch.file, Batch.sha256, Batch.agency_code, Batch.kind, Batch.recorded_at)
    columns = [col(each) for each in (*named, *counts)]
    query = select(*columns, col(Undo.recorded_at)).join(Undo, col(Undo.batch_id) == col(Batch.id), isouter=True)  # type: ignore[call-overload]
    if agency is not None:
        query = query.where(col(Batch.agency_code) == agency)
    if only is not None:
        query = query.where(col(Batch.id) == only)
    if before is not None:
        query = query.where(col(Batch.id) < before)
    names = ("batch", "file", "sha256", "agency", "kind", "recorded_at", "rows", "new", "changed", "unchanged", "gone")
    found = session.execute(query.order_by(col(Batch.id).desc()).limit(limit))
    return [dict(zip((*names, "undone_at"), row, strict=True)) for row in found]


def editions_listed(session: Session) -> list[dict[str, Any]]:
    """Return every edition with its files, in the order made, without its facts."""
    columns = [col(getattr(Edition, name)) for name in _EDITION]
    files: dict[int, list[dict[str, Any]]] = {}
    for file in session.exec(select(EditionFile).order_by(col(EditionFile.name))):
        told = {"name": file.name, "sha256": file.sha256, "size": file.size}
        files.setdefault(file.edition_id, []).append(told)
    found = session.execute(select(col(Edition.id), *columns).order_by(col(Edition.id)))
    return [{**dict(zip(_EDITION, row, strict=True)), "files": files.get(id_, [])} for id_, *row in found]
