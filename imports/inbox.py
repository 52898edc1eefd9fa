"""The inbox folder: which workbooks wait in it, and where each goes once it was recorded or rejected.

`inbox/<agency code>/…` names the agency that sent a file; files directly in the inbox or in `inbox/_` name none.
A file is recorded first and moved after: killed in between, the next sweep finds it recorded and only moves it.
A report that came with its annex may be swept before it: it stays where it is and is tried again after the others.
A file put away lies under a name as the portal would keep it, and its days are counted from then.
"""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath
from secrets import token_hex

from imports.check import Check, check_workbook
from imports.problem import Problem, Severity, asks_for_mending, stops
from imports.returning.annotated.copying import annotated_copy, safe_name
from imports.returning.annotated.filing import write_whole
from imports.storing.recording import Outcome
from imports.taking import take
from imports.uploads import is_secret_name, kept_name
from models.store import Store

NOBODY = "_"
DONE = "done"
TAKING = "taking"
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload")
# What an annex that waits in the same inbox may mend.
_WANTS_ITS_ANNEX = frozenset(
    {"unknown_document", "row_document_unknown", "unknown_task", "task_text_differs", "open_unknown_code"}
)
_NO_AGENCIES = frozenset({DONE, TAKING, Outcome.REJECTED, "lost+found"})
_DIGEST_SHOWN = 8
_SAID_OF_SECRETS = "MẬT"


@dataclass(frozen=True)
class Waiting:
    """A file in the inbox and the agency its folder names, if any."""

    file: Path
    agency: str | None

    @property
    def is_secret(self) -> bool:
        """Whether the very name bears a mark of secrecy: then nothing of the file is read or kept, its name neither."""
        return is_secret_name(self.file.name)

    @property
    def name(self) -> str:
        """The name as it is kept and shown: printable and of bounded length; of a secret one only that it is secret."""
        return _SAID_OF_SECRETS if self.is_secret else kept_name(self.file.name)


@dataclass(frozen=True)
class Taken:
    """What became of a file; `place` is where it lies now, beside its annotated copy when it asks for mending."""

    name: str
    agency: str | None
    outcome: Outcome
    batch: int | None
    rows: int
    new: int
    changed: int
    unchanged: int
    gone: int
    problems: tuple[Problem, ...]
    place: Path
    annotated_copy: Path | None = None

    @property
    def is_set_aside(self) -> bool:
        """Whether the file was put away because it could not be dealt with (see `set_aside`)."""
        return any(problem.code == "not_dealt_with" for problem in self.problems)


def waiting(inbox: Path, *, settled_by: datetime) -> list[Waiting]:
    """List the files waiting in `inbox`, oldest first.

    Left for a later sweep: a file changed after `settled_by` (it may still be arriving), hidden and lock files,
    half-finished downloads, links, and what is in `closed_folders`. A file from a clock that is ahead has arrived once
    this machine's own clock says so.
    """
    found: list[tuple[int, str, Waiting]] = []
    for folder in _folders(inbox):
        agency = None if folder == inbox or folder.name == NOBODY else safe_name(folder.name)
        for path in _inside(folder):
            told = _told_of_workbook_to_be(path)
            if told and min(told.st_mtime, told.st_ctime) <= settled_by.timestamp():
                found.append((told.st_mtime_ns, str(path), Waiting(path, agency)))
    return [waits for *_, waits in sorted(found, key=lambda each: each[:2])]


def closed_folders(inbox: Path) -> list[str]:
    """Name the folders whose files this account may not see: they wait until somebody changes that."""
    there = [each for each in _folders(inbox) if each.exists()]
    closed = [each for each in there if not os.access(each, os.R_OK | os.X_OK, effective_ids=True)]
    return [safe_name(each.name) for each in closed]


def take_in(
    waits: Waiting,
    *,
    inbox: Path,
    store: Store,
    today: date,
    now: Callable[[], datetime],
    others_follow: bool = False,
) -> Taken | Waiting | None:
    """Check and record one waiting file, then move it to `done` or, beside its problems, to `rejected`.

    A file with a row marked secret is deleted: of it only its problems stay, which name sheets and rows and no text;
    of one whose name is marked, only that it came and from whom.
    With `others_follow`, a file that is only refused for want of its annex is left where it is and `waits` is
    returned: take it in again after the others. Returns None when the file is gone: another sweep took it.
    """
    try:
        content = _content(waits)
    except FileNotFoundError:
        return None
    check, recorded = take(
        lambda: check_workbook(content, name=waits.name, store=store, today=today, agency=waits.agency),
        store=store,
        now=now,
    )
    if others_follow and _wants_its_annex(check):
        return waits
    mark = token_hex(_DIGEST_SHOWN // 2) if waits.is_secret else check.sha256[:_DIGEST_SHOWN]
    place = _place(waits, mark, recorded.outcome, inbox)
    if recorded.outcome is Outcome.REJECTED:
        _write_problems(place, waits, check.problems, now())
    copy = _write_copy(place, content, waits, check, mark) if asks_for_mending(check.problems) else None
    if check.is_secret:
        waits.file.unlink(missing_ok=True)
    else:
        _move(waits.file, place, now())
    counts = (check.rows, check.new, check.changed, check.unchanged, check.gone)
    return Taken(waits.name, waits.agency, recorded.outcome, recorded.batch, *counts, check.problems, place, copy)


def set_aside(waits: Waiting, error: Exception, *, inbox: Path, at: datetime) -> Taken:
    """Move a file that met `error` to `rejected`, beside what kind of error it was, so that it keeps nothing waiting.

    Raises OSError when not even that can be done; the file is then where it was.
    """
    problems = (stops("not_dealt_with", type(error).__name__),)
    place = _place(waits, token_hex(_DIGEST_SHOWN // 2), Outcome.REJECTED, inbox)
    _write_problems(place, waits, problems, at)
    if waits.is_secret:
        waits.file.unlink(missing_ok=True)
    else:
        try:
            _move(waits.file, place, at)
        except PermissionError:  # somebody else's, and not to be read
            waits.file.replace(place)
    return Taken(waits.name, waits.agency, Outcome.REJECTED, None, 0, 0, 0, 0, 0, problems, place)


def _content(waits: Waiting) -> bytes:
    waits.file.lstat()  # gone is gone, also where nothing is read
    return b"" if waits.is_secret else waits.file.read_bytes()


def _wants_its_annex(check: Check) -> bool:
    stopping = {problem.code for problem in check.problems if problem.severity is Severity.STOPS}
    return bool(stopping) and stopping <= _WANTS_ITS_ANNEX


def _place(waits: Waiting, mark: str, outcome: Outcome, inbox: Path) -> Path:
    """Return where a file is put away, in a folder that is there; `mark` tells it from others of its name."""
    folder = inbox / (outcome if outcome is Outcome.REJECTED else DONE) / (waits.agency or NOBODY)
    folder.mkdir(parents=True, exist_ok=True)
    name = PurePath(waits.name)
    return folder / f"{name.stem}.{mark}{name.suffix}"


def _folders(inbox: Path) -> list[Path]:
    return [inbox, *(path for path in _inside(inbox) if _is_agency_folder(path))]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # gone, or closed
        return []


def _is_agency_folder(path: Path) -> bool:
    named = safe_name(path.name) not in _NO_AGENCIES and not path.name.startswith(".")
    return named and os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - these raise nothing


def _told_of_workbook_to_be(path: Path) -> os.stat_result | None:
    """Return what the file system tells of a file that may be a workbook; None for others and what is gone by now."""
    if path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
        return None
    try:
        told = path.lstat()
    except OSError:
        return None
    return told if stat.S_ISREG(told.st_mode) else None


def _write_problems(place: Path, waits: Waiting, problems: tuple[Problem, ...], at: datetime) -> None:
    answer = {
        "file": waits.name,
        "agency": waits.agency,
        "rejected_at": at.isoformat(),
        "problems": [problem.as_dict() for problem in problems],
    }
    beside = place.with_name(f"{place.name}.json")
    write_whole(beside, json.dumps(answer, ensure_ascii=False, indent=2).encode())


def _write_copy(place: Path, content: bytes, waits: Waiting, check: Check, mark: str) -> Path | None:
    copy = annotated_copy(content, name=waits.name, problems=check.problems)
    if copy is None:
        return None
    beside = place.with_name(f"{copy.stem}.{mark}{copy.suffix}")
    write_whole(beside, copy.content)
    return beside


def _move(file: Path, place: Path, at: datetime) -> None:
    """Put a file away as of `at`; one of another account keeps its times, so a copy of our own is put away."""
    try:
        os.utime(file, (at.timestamp(), at.timestamp()))
        file.replace(place)
    except PermissionError:
        write_whole(place, file.read_bytes())
        file.unlink()
    except FileNotFoundError:
        if not place.exists():
            raise
