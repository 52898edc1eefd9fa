"""The editions that stand: their list, one by its code, and whether its files are still as they were made."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session, col, select

from models import Store
from models.edition_tables import Edition
from models.outcome_tables import AuditEntry
from reports.changes import Change, changes_between
from reports.edition import WRITTEN, kept_files, letterhead_of
from reports.facts import Facts
from texts import SaidError


class NoSuchEditionError(SaidError):
    """No edition bears the code asked for."""


class FileState(StrEnum):
    """Whether a file of an edition is where it was written."""

    KEPT = "kept"
    MISSING = "missing"
    ALTERED = "altered"


@dataclass(frozen=True)
class EditionRow:
    """An edition with the state of each of its files in a folder, by name; digests are SHA-256."""

    edition: Edition
    digests: Mapping[str, str]
    files: Mapping[str, FileState]


@dataclass(frozen=True)
class EditionHead:
    """What a list says of an edition, without its facts."""

    code: str
    month: str
    state: str
    cutoff: date
    meeting: date
    created_at: datetime
    follows: str
    corrects: str
    reason: str
    approved_by: str


def heads_of(store: Store, *, month: str | None = None) -> Sequence[EditionHead]:
    """Return every edition, or those of `month`, the newest first; neither facts nor files are read."""
    heads = select(*(getattr(Edition, each.name) for each in fields(EditionHead)))
    query = heads.order_by(col(Edition.month).desc(), col(Edition.id).desc())
    if month is not None:
        query = query.where(Edition.month == month)
    with store.reading() as session:
        return [EditionHead(*row) for row in session.execute(query)]


def editions_of(store: Store, *, folder: Path, month: str | None = None) -> Sequence[EditionRow]:
    """Return every edition, or those of `month` ("2025-08"), in the order made; files are looked for in `folder`."""
    query = select(Edition).order_by(col(Edition.month), col(Edition.id))
    if month is not None:
        query = query.where(Edition.month == month)
    with store.reading() as session:
        found = [(edition, kept_files(session, edition)) for edition in session.exec(query).all()]
    return [_row(edition, {name: sha256 for name, (sha256, _) in kept.items()}, folder) for edition, kept in found]


def kept_file(store: Store, edition: Edition, name: str, folder: Path) -> tuple[FileState, bytes]:
    """Return one file of an edition as it was made; without its bytes when it is missing or altered.

    Raises NoSuchEditionError for a file the edition never had.
    """
    with store.reading() as session:
        kept = kept_files(session, edition)
    if name not in kept:
        raise NoSuchEditionError("edition.error_no_edition", found=f"{edition.code}: {name}")
    path = folder / name
    content = path.read_bytes() if path.is_file() else None
    if content is None:
        return FileState.MISSING, b""
    same = hashlib.sha256(content).hexdigest() == kept[name][0]
    return (FileState.KEPT, content) if same else (FileState.ALTERED, b"")


def edition_named(store: Store, code: str) -> Edition:
    """Return the edition `code` ("2025-08/1"); raises NoSuchEditionError."""
    with store.reading() as session:
        edition = session.exec(select(Edition).where(Edition.code == code)).first()
    if edition is None:
        raise NoSuchEditionError("edition.error_no_edition", found=code)
    return edition


def facts_of(edition: Edition) -> Facts:
    """Return the facts an edition was frozen with."""
    return Facts.from_json(edition.facts)


def compare(before: Edition, after: Edition) -> Sequence[Change]:
    """Return what is other in `after` than in `before`."""
    return changes_between(facts_of(before), facts_of(after), (letterhead_of(before), letterhead_of(after)))


def _row(edition: Edition, digests: Mapping[str, str], folder: Path) -> EditionRow:
    return EditionRow(edition, digests, {name: _state(folder / name, digest) for name, digest in digests.items()})


def _state(path: Path, digest: str) -> FileState:
    if not path.is_file():
        return FileState.MISSING
    return FileState.KEPT if hashlib.sha256(path.read_bytes()).hexdigest() == digest else FileState.ALTERED


def made_by_of(session: Session, code: str) -> str:
    """Return who had an edition made, as its audit entry names them; "" where none does, or for no edition."""
    written = select(AuditEntry.by).where(AuditEntry.action == WRITTEN, AuditEntry.subject == code)
    return session.exec(written.order_by(col(AuditEntry.id).desc()).limit(1)).first() or ""
