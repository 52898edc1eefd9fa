"""A workbook sent through the portal: received, checked, recorded exactly as it was checked. Each verb may be repeated.

The bytes lie in a folder of random name below `folder`; what the sender called the file is text. Whatever breaks off in
between is asked for again: a check writes nothing but its answer, a recording stands or does not.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path, PurePath
from secrets import token_hex
from typing import Any, BinaryIO

from sqlmodel import Session, col, select

from imports.check import Check, check_workbook
from imports.held import held_to
from imports.preview import digest_of_preview, preview_of, said
from imports.problem import Severity, asks_for_mending, stopping, stops
from imports.reading.reader import LARGEST_FILE, read_workbook
from imports.reading.secrecy import is_marked
from imports.returning.annotated.copying import annotated_copy, safe_name
from imports.returning.annotated.filing import write_whole
from imports.storing.recording import StaleCheckError, record
from models.assignment_tables import Batch
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.store import Store
from models.upload_tables import Upload, UploadState
from models.uploads import Stage, UploadAsIs, advance, advance_in, upload_as_is
from texts import SaidError

WORKBOOK, COPY = "workbook", "annotated"
_AT_ONCE = 1024 * 1024
_ATTEMPTS = 3
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,9}")
_CHECKABLE = (Stage.WAITING, Stage.CHECKING, Stage.FAILED)


class FileTooLargeError(SaidError):
    """A file is larger than any that is read; nothing of it was kept."""


class _RecordedAlreadyError(Exception):
    """Somebody else recorded the upload first."""


@dataclass(frozen=True)
class Sending:
    """What a sender says beside the bytes, `by` which post; `held_to` is the agency it speaks for alone, if any."""

    name: str
    by: str
    agency: str | None = None
    document: str = ""
    document_on: date | None = None
    held_to: str = ""


@dataclass(frozen=True)
class Workplace:
    """Where uploads are worked on: the store, the folder they lie in, the clock."""

    store: Store
    folder: Path
    today: Callable[[], date]
    now: Callable[[], datetime]


def receive(file: BinaryIO, sending: Sending, work: Workplace) -> int:
    """Keep the bytes of a workbook and return the number of its upload, waiting to be checked.

    `sending.agency` is a code of the register. Of a file whose very name bears a mark of secrecy nothing is kept, its
    name neither. Raises FileTooLargeError.
    """
    name, secret = kept_name(sending.name), is_secret_name(sending.name)
    place = token_hex(16)
    digest, size = ("", 0) if secret else _kept(file, work.folder / place)
    upload = Upload(
        place=place,
        name="" if secret else name,
        sha256=digest,
        size=size,
        held_to=sending.held_to,
        agency_code=sending.held_to or sending.agency,
        document=sending.document,
        document_on=sending.document_on,
        sent_at=work.now(),
        sent_by=sending.by,
    )
    answer = {"marks": [said(stops("secret_mark", "MẬT"))]} if secret else {}
    with work.store.writing() as session:
        session.add(upload)
        session.flush()
        assert upload.id is not None
        number = upload.id
        stage = Stage.SECRET if secret else Stage.WAITING
        session.add(UploadState(upload_id=number, stage=stage, at=work.now(), by=sending.by, answer=answer))
    return number


def kept_name(given: str) -> str:
    """Return the name a file is kept under as text: no folders, no control or direction marks, its ending kept."""
    last = _last_of(given)
    suffix = PurePath(last).suffix
    if not _SUFFIX.fullmatch(suffix):
        return safe_name(last)
    return safe_name(last.removesuffix(suffix)) + suffix


def is_secret_name(given: str) -> bool:
    """Whether a file's name bears a mark of secrecy, also in what is not kept of a long one."""
    return any(is_marked(PurePath(name).stem) for name in (_last_of(given), kept_name(given)))


def _last_of(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]


def check_upload(number: int, work: Workplace) -> Stage | None:
    """Check an upload and keep the answer; return its stage (None: no such upload).

    A workbook with a mark of secrecy is removed at once; its answer names sheets and rows and no text. One whose bytes
    are gone becomes `failed`.
    """
    asked = _asked(number, work)
    if asked is None:
        return None
    if not advance(work.store, number, Stage.CHECKING, after=_CHECKABLE, at=work.now(), by=asked.state.by):
        return asked.stage
    content = _content(asked, work)
    if content is None:
        return _advanced(asked, work, Stage.FAILED, (Stage.CHECKING,), answer={"lost": True})
    return _settle(asked, work, _checked(asked, work, content), content, (Stage.CHECKING,), Stage.CHECKED, {})


def record_upload(number: int, work: Workplace) -> Stage | None:
    """Record an upload whose recording was asked for; return its stage then (None: no such upload).

    What is recorded is what the preview said: when the same file would change something else by now, nothing is, and
    the upload is `overtaken` with a new preview. However often and by however many it is asked for, one batch comes of
    it.
    """
    asked = _asked(number, work)
    if asked is None or asked.stage is not Stage.RECORDING:
        return asked.stage if asked else None
    content = _content(asked, work)
    if content is None:
        return _advanced(asked, work, Stage.FAILED, (Stage.RECORDING,), answer={**asked.state.answer, "lost": True})
    for _ in range(_ATTEMPTS):
        check = _checked(asked, work, content)
        if stopping(check.problems) or digest_of_preview(check) != asked.state.preview:
            break
        try:
            return _recorded(asked, work, check)
        except StaleCheckError:
            continue
    meanwhile = {"meanwhile": _recorded_since(asked, work.store)}
    return _settle(asked, work, check, content, (Stage.RECORDING,), Stage.OVERTAKEN, meanwhile)


def forget(place: Path) -> None:
    """Remove the bytes of an upload and whatever was made of them."""
    shutil.rmtree(place, ignore_errors=True)


def _recorded(asked: UploadAsIs, work: Workplace, check: Check) -> Stage:
    at, by = work.now(), asked.state.by

    def beside(session: Session, batch: int) -> None:
        after = (Stage.RECORDING,)
        if not advance_in(session, asked.number, Stage.RECORDED, after=after, at=at, by=by, batch_id=batch):
            raise _RecordedAlreadyError
        detail = {"upload": asked.number, "file": asked.upload.name, "sha256": asked.upload.sha256}
        session.add(AuditEntry(at=at, by=by, action="record_workbook", subject=f"batch {batch}", detail=detail))

    try:
        record(check, store=work.store, now=at, beside=beside)
    except _RecordedAlreadyError:
        found = _asked(asked.number, work)
        assert found is not None
        return found.stage
    return Stage.RECORDED


def _settle(
    asked: UploadAsIs, work: Workplace, check: Check, content: bytes, after: tuple[Stage, ...], good: Stage,
    meanwhile: Mapping[str, object],
) -> Stage:  # fmt: skip
    """Keep what a check found."""
    place = work.folder / asked.upload.place
    if check.is_secret:
        forget(place)
        return _advanced(asked, work, Stage.SECRET, after, answer={"marks": list(map(said, check.problems))})
    in_rows = any(problem.row is not None and problem.severity is Severity.STOPS for problem in check.problems)
    rows = read_workbook(content, name=asked.upload.name).sheets if in_rows else []
    answer = {**preview_of(check, {sheet.name: sheet.rows for sheet in rows}), **meanwhile}
    answer["copy_name"] = _copy(place, content, check)
    told = {
        "agency_code": check.agency,
        "kind": check.kind or "",
        "reported_on": check.reported_on,
        "preview": digest_of_preview(check),
        "answer": answer,
    }
    return _advanced(asked, work, Stage.REFUSED if check.stops else good, after, **told)


def _advanced(asked: UploadAsIs, work: Workplace, stage: Stage, after: tuple[Stage, ...], **told: Any) -> Stage:
    if advance(work.store, asked.number, stage, after=after, at=work.now(), by=asked.state.by, **told):
        return stage
    found = _asked(asked.number, work)
    assert found is not None
    return found.stage


def _asked(number: int, work: Workplace) -> UploadAsIs | None:
    with work.store.reading() as session:
        return upload_as_is(session, number)


def _checked(asked: UploadAsIs, work: Workplace, content: bytes) -> Check:
    upload, today = asked.upload, work.today()
    check = check_workbook(
        content,
        name=upload.name,
        store=work.store,
        today=today,
        agency=upload.agency_code,
        document=upload.document or None,
        document_date=upload.document_on,
        reason=asked.state.reason or None,
    )
    if not upload.held_to or check.is_secret:
        return check
    with work.store.reading() as session:
        return held_to(check, upload.held_to, register_of(session), today)


def _kept(file: BinaryIO, place: Path) -> tuple[str, int]:
    """Copy a file into a new folder, piece by piece; return its digest and size.

    The folder is closed to others, and open to the group where the umask lets it: portal and worker may be two users.
    """
    place.mkdir(parents=True, mode=0o770)
    digest, size = sha256(), 0
    with (place / WORKBOOK).open("xb") as kept:
        while piece := file.read(_AT_ONCE):
            size += len(piece)
            if size > LARGEST_FILE:
                break
            digest.update(piece)
            kept.write(piece)
    if size > LARGEST_FILE:
        forget(place)
        raise FileTooLargeError("problem.file_too_large", found=f"> {LARGEST_FILE // _AT_ONCE} MB")
    return digest.hexdigest(), size


def _content(asked: UploadAsIs, work: Workplace) -> bytes | None:
    """Return the bytes as they were sent, or None when they are gone or are others."""
    try:
        content = (work.folder / asked.upload.place / WORKBOOK).read_bytes()
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == asked.upload.sha256 else None


def _copy(place: Path, content: bytes, check: Check) -> str:
    """Write the annotated copy beside the workbook; return its name, "" when there is none to give back."""
    if not asks_for_mending(check.problems):
        return ""
    copy = annotated_copy(content, name=check.name, problems=check.problems)
    if copy is None:
        return ""
    write_whole(place / COPY, copy.content)
    return copy.name


def _recorded_since(asked: UploadAsIs, store: Store) -> list[int]:
    """Return the batches recorded since the preview, the oldest first."""
    with store.reading() as session:
        since = col(Batch.id) > (asked.state.answer["stamp"] or 0)
        return list(session.scalars(select(col(Batch.id)).where(since).order_by(col(Batch.id))))
