"""`write_edition`: freeze a report with its facts and its state, and write its files."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from models import Store
from models.edition_tables import Edition, EditionFile
from models.outcome_tables import AuditEntry
from reports.changes import Change, changes_between
from reports.facts import Facts
from reports.files import KINDS, files_of
from reports.form import Form
from reports.letterhead import Letterhead
from reports.state import EditionState, Purpose, is_correction, state_after
from texts import Language, SaidError

WRITTEN = "edition.write"
"""The action of the audit entry that says who had an edition made."""
_AS_THE_LAST = Purpose()


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
    """An edition ("2025-08/1") and its files; `new` is false when the same facts had been frozen before.

    `changes` says what is other than in the edition before it (`follows`, "" for the first of a month).
    """

    code: str
    files: tuple[WrittenFile, ...]
    new: bool
    state: EditionState = EditionState.DRAFT
    follows: str = ""
    changes: tuple[Change, ...] = ()


def write_edition(
    facts: Facts,
    *,
    store: Store,
    out: Path,
    now: datetime,
    letterhead: Letterhead | None = None,
    purpose: Purpose = _AS_THE_LAST,
    languages: Iterable[Language] = (Language.VI,),
) -> EditionWritten:
    """Freeze `facts` as an edition for a `purpose` and write its files into `out`, the paper in each of `languages`.

    Without a state or a letterhead they are those of the month's last edition, else a draft in the usual form. What
    the last edition of the state says already, in that form, is the same edition, whatever the instant at which it was
    known: then the stored facts are written again. All else is the next number and lists what changed, also what an
    earlier edition said. Nothing frozen is ever changed: when this version would
    write other bytes than those kept, a file with the kept bytes stays, and without one EditionKeptError is raised.
    Raises EditionStateError for a state that does not follow the month's last one.
    """
    with store.reading() as session:
        history = editions_of_month(session, facts.month)
    head = letterhead or (letterhead_of(history[-1]) if history else Letterhead())
    stored = _same(history, facts, purpose.state, head)
    if stored is not None:
        return write_again(stored, store=store, out=out, languages=languages)
    edition = _next(history, facts, head, purpose, now)
    files = _rendered(edition, {}, languages)
    _freeze(store, edition, files, asked_by=purpose.asked_by)
    return _written(edition, files, {}, out, new=True)


def check_final(store: Store, month: str) -> None:
    """Raise EditionStateError unless a final edition of `month` may be made now."""
    with store.reading() as session:
        history = editions_of_month(session, month)
    state_after(EditionState(history[-1].state) if history else None, EditionState.FINAL, month=month)


def write_again(
    edition: Edition, *, store: Store, out: Path, languages: Iterable[Language] = (Language.VI,)
) -> EditionWritten:
    """Write the files of a frozen edition from its facts; in a language it never had, they are added to it.

    Raises EditionKeptError when this version would write other bytes than those kept, and the file is not in `out`.
    """
    with store.reading() as session:
        kept = kept_files(session, edition)
    files = _rendered(edition, kept, languages)
    _freeze(store, edition, {name: content for name, content in files.items() if name not in kept})
    return _written(edition, files, kept, out, new=False)


def editions_of_month(session: Session, month: str) -> Sequence[Edition]:
    """Return the editions of a month ("2025-08"), in the order in which they were made."""
    return session.exec(select(Edition).where(Edition.month == month).order_by(col(Edition.id))).all()


def kept_files(session: Session, edition: Edition) -> Mapping[str, tuple[str, int]]:
    """Return the digest and the size of each file of an edition, by its name."""
    files = session.exec(select(EditionFile).where(EditionFile.edition_id == edition.id).order_by(EditionFile.name))
    return {file.name: (file.sha256, file.size) for file in files}


def letterhead_of(edition: Edition) -> Letterhead:
    """Return the letterhead an edition was frozen with; the usual one where none was kept."""
    kept: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in edition.letterhead.items()
    }
    return Letterhead(**kept)


def this_version() -> str:
    """Return the version of Dondoc that runs; "0" when it was never installed."""
    try:
        return version("dondoc")
    except PackageNotFoundError:
        return "0"


def _same(
    history: Sequence[Edition], facts: Facts, state: EditionState | None, letterhead: Letterhead
) -> Edition | None:
    """Return the last edition of the state asked for, when it says the same in the same form.

    An edition before it may say so too: it was corrected since, and going back to it is a correction again.
    """
    last = next((edition for edition in reversed(history) if state in {None, edition.state}), None)
    if last is None:
        return None
    forms = (letterhead_of(last), letterhead)
    same = last.facts_sha256 == facts.digest() and forms[0] == forms[1]
    return last if same or not changes_between(Facts.from_json(last.facts), facts, forms) else None


def _next(history: Sequence[Edition], facts: Facts, letterhead: Letterhead, purpose: Purpose, now: datetime) -> Edition:
    last = history[-1] if history else None
    chosen = state_after(EditionState(last.state) if last else None, purpose.state, month=facts.month)
    forms = (letterhead_of(last), letterhead) if last else None
    changes = changes_between(Facts.from_json(last.facts), facts, forms) if last else ()
    number = max((int(edition.code.rpartition("/")[2]) for edition in history), default=0) + 1
    return Edition(
        code=f"{facts.month}/{number}",
        month=facts.month,
        cutoff=facts.cutoff,
        meeting=facts.meeting,
        known_at=facts.known_at,
        created_at=now,
        version=this_version(),
        facts=facts.to_json(),
        facts_sha256=facts.digest(),
        state=chosen.value,
        follows=last.code if last else "",
        corrects=last.code if last and is_correction(EditionState(last.state), chosen) else "",
        reason=purpose.reason,
        approved_by=purpose.approved_by,
        letterhead=asdict(letterhead),
        changes=[asdict(change) for change in changes],
    )


def _rendered(edition: Edition, kept: Mapping[str, object], languages: Iterable[Language]) -> Mapping[str, bytes]:
    """Return the files of an edition; of one frozen when there were fewer kinds, the kinds it has."""
    kinds = [kind for kind in KINDS if not kept or any(name.endswith(f".{kind}") for name in kept)]
    facts = Facts.from_json(edition.facts)
    files: dict[str, bytes] = {}
    for language in languages:
        files.update(files_of(facts, edition.code, _form(edition, language), kinds))
    return files


def _form(edition: Edition, language: Language) -> Form:
    changes = tuple(Change(**change) for change in edition.changes) if edition.corrects else ()
    return Form(
        letterhead_of(edition), EditionState(edition.state), language, edition.corrects, edition.reason, changes
    )


def _freeze(store: Store, edition: Edition, files: Mapping[str, bytes], *, asked_by: str = "") -> None:
    """Store a new edition, and the digests of files it did not have; audited where somebody asked for it."""
    with store.writing() as session:
        if edition.id is None:
            session.add(edition)
            session.flush()
        assert edition.id is not None
        for name, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            session.add(EditionFile(edition_id=edition.id, name=name, sha256=digest, size=len(content)))
        if asked_by:
            session.add(_audited(edition, asked_by))


def _audited(edition: Edition, asked_by: str) -> AuditEntry:
    kept = ("state", "follows", "corrects", "reason", "approved_by", "facts_sha256")
    detail = {name: getattr(edition, name) for name in kept}
    return AuditEntry(at=edition.created_at, by=asked_by, action=WRITTEN, subject=edition.code, detail=detail)


def _written(
    edition: Edition, files: Mapping[str, bytes], kept: Mapping[str, tuple[str, int]], out: Path, *, new: bool
) -> EditionWritten:
    out.mkdir(parents=True, exist_ok=True)
    return EditionWritten(
        code=edition.code,
        files=tuple(_write(out / name, content, kept.get(name), edition) for name, content in files.items()),
        new=new,
        state=EditionState(edition.state),
        follows=edition.follows,
        changes=tuple(Change(**change) for change in edition.changes),
    )


def _write(path: Path, content: bytes, kept: tuple[str, int] | None, edition: Edition) -> WrittenFile:
    digest = hashlib.sha256(content).hexdigest()
    present = path.read_bytes() if path.exists() else None
    if kept is not None and kept[0] != digest:
        if present is None or hashlib.sha256(present).hexdigest() != kept[0]:
            said = {"edition": edition.code, "file": path.name, "folder": path.parent}
            raise EditionKeptError("edition.error_kept", version=edition.version, ours=this_version(), **said)
        return WrittenFile(path, kept[0], len(present))
    if present != content:
        path.write_bytes(content)
    return WrittenFile(path, digest, len(content))
