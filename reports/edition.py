"""`write_edition`: freeze a report with its facts, and write its four files."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlmodel import Session, col, select

from models import Store
from models.outcome_tables import Edition, EditionFile
from reports.annex import annex_of
from reports.contents import paper_of
from reports.docx_paper import docx_of
from reports.facts import Facts
from reports.letterhead import Letterhead
from reports.pdf import pdf_of
from texts import SaidError

_ORDER = ("docx", "pdf", "xlsx", "json")


class EditionKeptError(SaidError):
    """A stored edition would be written differently by this version; the message says what to do instead."""


@dataclass(frozen=True)
class WrittenFile:
    """One file of an edition, with its SHA-256 and its size in bytes."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class EditionWritten:
    """An edition ("2025-08/1") and its files; `new` is false when the same facts had been frozen before."""

    code: str
    files: tuple[WrittenFile, ...]
    new: bool


def write_edition(
    facts: Facts, *, store: Store, out: Path, now: datetime, letterhead: Letterhead | None = None
) -> EditionWritten:
    """Freeze `facts` as an edition and write its .docx, .pdf, .xlsx and .json into `out`.

    The same facts give the same edition, whatever the instant at which they were known: then the stored facts are
    written again. Other facts of the same month give the next number. Nothing frozen is ever changed: when this
    version would write other bytes than those kept, a file with the kept bytes stays, and without one
    EditionKeptError is raised.
    """
    with store.reading() as session:
        stored = _stored(session, facts)
        kept = {} if stored is None else _kept(session, stored)
        code = _next_code(session, facts.month) if stored is None else stored.code
    frozen = facts if stored is None else Facts.from_json(stored.facts)
    files = _rendered(frozen, code, letterhead or Letterhead())
    if stored is None:
        _freeze(store, frozen, code, files, now)
    out.mkdir(parents=True, exist_ok=True)
    written = tuple(_write(out / name, content, kept.get(name), code) for name, content in files.items())
    return EditionWritten(code, written, new=stored is None)


def _rendered(facts: Facts, code: str, letterhead: Letterhead) -> Mapping[str, bytes]:
    paper = paper_of(facts, letterhead)
    contents = {
        "docx": docx_of(paper, made_at=facts.known_at),
        "pdf": pdf_of(paper, made_at=facts.known_at),
        "xlsx": annex_of(facts, made_at=facts.known_at),
        "json": facts.to_bytes(),
    }
    stem = "bao-cao-" + code.replace("/", "-")
    return {f"{stem}.{kind}": contents[kind] for kind in _ORDER}


def _stored(session: Session, facts: Facts) -> Edition | None:
    same = select(Edition).where(Edition.month == facts.month, Edition.facts_sha256 == facts.digest())
    return session.exec(same.order_by(col(Edition.id))).first()


def _kept(session: Session, edition: Edition) -> Mapping[str, str]:
    files = session.exec(select(EditionFile).where(EditionFile.edition_id == edition.id))
    return {file.name: file.sha256 for file in files}


def _next_code(session: Session, month: str) -> str:
    codes = session.exec(select(Edition.code).where(Edition.month == month))
    return f"{month}/{max((int(code.rpartition('/')[2]) for code in codes), default=0) + 1}"


def _freeze(store: Store, facts: Facts, code: str, files: Mapping[str, bytes], now: datetime) -> None:
    with store.writing() as session:
        edition = Edition(
            code=code,
            month=facts.month,
            cutoff=facts.cutoff,
            meeting=facts.meeting,
            known_at=facts.known_at,
            created_at=now,
            version=_version(),
            facts=facts.to_json(),
            facts_sha256=facts.digest(),
        )
        session.add(edition)
        session.flush()
        assert edition.id is not None
        for name, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            session.add(EditionFile(edition_id=edition.id, name=name, sha256=digest, size=len(content)))


def _write(path: Path, content: bytes, kept: str | None, code: str) -> WrittenFile:
    digest = hashlib.sha256(content).hexdigest()
    present = path.read_bytes() if path.exists() else None
    if kept is not None and kept != digest:
        if present is None or hashlib.sha256(present).hexdigest() != kept:
            raise EditionKeptError("report.error_kept", edition=code, file=path.name, folder=path.parent)
        return WrittenFile(path, kept, len(present))
    if present != content:
        path.write_bytes(content)
    return WrittenFile(path, digest, len(content))


def _version() -> str:
    try:
        return version("dondoc")
    except PackageNotFoundError:
        return "0"
