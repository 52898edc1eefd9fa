"""Uploads as they stand: the newest state of each, and the one way to add a state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from models.assignment_tables import Undo
from models.outcome_tables import AuditEntry
from models.store import Store
from models.upload_tables import Upload, UploadState
from models.writers import wait_for_writers_of


class Stage(StrEnum):
    """How far an upload has come.

    `overtaken`: somebody recorded something meanwhile, and what is shown is a new preview. `failed`: the check or the
    recording broke off and can be asked for again. `unchanged`: nothing in it is new, and it was sent as just that.
    """

    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    SECRET = "secret"  # noqa: S105 - a stage
    RECORDING = "recording"
    RECORDED = "recorded"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    UNCHANGED = "unchanged"


AT_WORK = frozenset({Stage.WAITING, Stage.CHECKING, Stage.RECORDING})
"""Stages that end by themselves."""

TO_RECORD = frozenset({Stage.CHECKED, Stage.OVERTAKEN})
"""Stages in which somebody may press the button that records."""


@dataclass(frozen=True)
class UploadAsIs:
    """An upload with its newest state, and since when what it recorded counts no more (None: it counts)."""

    upload: Upload
    state: UploadState
    undone_at: datetime | None = None

    @property
    def number(self) -> int:
        """Return the upload's number."""
        assert self.upload.id is not None
        return self.upload.id

    @property
    def stage(self) -> Stage:
        """Return how far it has come."""
        return Stage(self.state.stage)


def upload_as_is(session: Session, number: int, *, with_answer: bool = True) -> UploadAsIs | None:
    """Return one upload; without its answer, which may be long, that is left unread."""
    upload = session.get(Upload, number)
    if upload is None:
        return None
    newest = select(UploadState).where(UploadState.upload_id == number).order_by(col(UploadState.id).desc()).limit(1)
    query = newest if with_answer else newest.options(defer(UploadState.answer))  # type: ignore[arg-type]
    state = session.exec(query).one()
    undone = session.get(Undo, state.batch_id) if state.batch_id else None
    return UploadAsIs(upload, state, undone.recorded_at if undone else None)


def uploads_of(
    session: Session,
    *,
    held_to: str | None = None,
    of: str | None = None,
    since: datetime | None = None,
    at_most: int = 100,
) -> Sequence[UploadAsIs]:
    """Return the newest uploads, their answers unread; all, or some.

    `held_to` are those of people who speak for one agency, `of` those said or read to be of it, `since` those sent
    from an instant (aware) on.
    """
    newest = select(func.max(UploadState.id)).group_by(col(UploadState.upload_id))
    query = (
        select(Upload, UploadState, col(Undo.recorded_at))
        .join(UploadState, col(UploadState.upload_id) == col(Upload.id))
        .outerjoin(Undo, col(Undo.batch_id) == col(UploadState.batch_id))
        .where(col(UploadState.id).in_(newest))
        .options(defer(UploadState.answer))  # type: ignore[arg-type]
        .order_by(col(Upload.id).desc())
        .limit(at_most)
    )
    if held_to is not None:
        query = query.where(Upload.held_to == held_to)
    if of is not None:
        query = query.where(func.coalesce(UploadState.agency_code, Upload.agency_code) == of)
    if since is not None:
        query = query.where(Upload.sent_at >= since)
    return [UploadAsIs(*row) for row in session.exec(query)]


def posts_that_recorded(session: Session, batches: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return, by batch, the upload it came from and the post that pressed the button; nothing for other batches."""
    query = select(UploadState.batch_id, UploadState.upload_id, UploadState.by).where(
        col(UploadState.batch_id).in_(batches), UploadState.stage == Stage.RECORDED
    )
    return {batch: (upload, by) for batch, upload, by in session.exec(query) if batch is not None}


def advance(
    store: Store,
    number: int,
    stage: Stage,
    *,
    after: Collection[Stage],
    at: datetime,
    by: str,
    seen: str | None = None,
    audited: AuditEntry | None = None,
    **told: Any,
) -> bool:
    """Append a state if the newest one is among `after`; return whether it was. What is not told stays as it was.

    With `seen`, only if the newest state still shows the preview of that digest. `audited` stands with it.
    """
    with store.writing() as session:
        wait_for_writers_of(session, UploadState)
        found = upload_as_is(session, number)
        if seen is not None and (found is None or found.state.preview != seen):
            return False
        advanced = advance_in(session, number, stage, after=after, at=at, by=by, **told)
        if advanced and audited:
            session.add(audited)
        return advanced


def advance_in(
    session: Session, number: int, stage: Stage, *, after: Collection[Stage], at: datetime, by: str, **told: Any
) -> bool:
    """Do what `advance` does in a transaction of the caller's."""
    found = upload_as_is(session, number)
    if found is None or found.stage not in after:
        return False
    kept = found.state.model_dump(exclude={"id", "stage", "at", "by", "batch_id"})
    session.add(UploadState(**{**kept, **told}, stage=stage, at=at, by=by))
    session.flush()
    return True
