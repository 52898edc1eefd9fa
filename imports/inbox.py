"""The inbox folder: which workbooks wait in it, and where each goes once it was recorded or rejected.

`inbox/<agency code>/…` names the agency that sent a file; files directly in the inbox or in `inbox/_` name none.
A file is recorded first and moved after: killed in between, the next sweep finds it recorded and only moves it.
A report that came with its annex may be swept before it: it stays where it is and is tried again after the others.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from imports.check import Check, check_workbook
from imports.problem import Problem, Severity, asks_for_mending
from imports.returning.annotated.copying import annotated_copy
from imports.returning.annotated.filing import write_whole
from imports.storing.recording import Outcome
from imports.taking import take
from models.store import Store

NOBODY = "_"
DONE = "done"
TAKING = "taking"
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload")
# What an annex that waits in the same inbox may mend.
_WANTS_ITS_ANNEX = frozenset(
    {"unknown_document", "row_document_unknown", "unknown_task", "task_text_differs", "open_unknown_code"}
)
_DIGEST_SHOWN = 8


@dataclass(frozen=True)
class Waiting:
    """A file in the inbox and the agency its folder names, if any."""

    file: Path
    agency: str | None


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


def waiting(inbox: Path, *, settled_by: datetime) -> list[Waiting]:
    """List the files waiting in `inbox`, oldest first.

    Left for a later sweep: a file changed after `settled_by` (it may still be arriving), hidden and lock files,
    half-finished downloads, links.
    """
    folders = [inbox, *(path for path in _inside(inbox) if _is_agency_folder(path))]
    found = [
        Waiting(path, None if folder == inbox or folder.name == NOBODY else folder.name)
        for folder in folders
        for path in _inside(folder)
        if _is_workbook_to_be(path) and path.stat().st_mtime <= settled_by.timestamp()
    ]
    return sorted(found, key=lambda each: (each.file.stat().st_mtime_ns, str(each.file)))


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

    A file with a row marked secret is deleted: of it only its problems stay, which name sheets and rows and no text.
    With `others_follow`, a file that is only refused for want of its annex is left where it is and `waits` is
    returned: take it in again after the others. Returns None when the file is gone: another sweep took it.
    """
    try:
        content = waits.file.read_bytes()
    except FileNotFoundError:
        return None
    check, recorded = take(
        lambda: check_workbook(content, name=waits.file.name, store=store, today=today, agency=waits.agency),
        store=store,
        now=now,
    )
    if others_follow and _wants_its_annex(check):
        return waits
    place = _place(waits, check, recorded.outcome, inbox)
    if recorded.outcome is Outcome.REJECTED:
        _write_problems(place, waits, check.problems, now())
    copy = _write_copy(place, content, waits, check) if asks_for_mending(check.problems) else None
    if check.is_secret:
        waits.file.unlink(missing_ok=True)
    else:
        _move(waits.file, place)
    counts = (check.rows, check.new, check.changed, check.unchanged, check.gone)
    return Taken(waits.file.name, waits.agency, recorded.outcome, recorded.batch, *counts, check.problems, place, copy)


def _wants_its_annex(check: Check) -> bool:
    stopping = {problem.code for problem in check.problems if problem.severity is Severity.STOPS}
    return bool(stopping) and stopping <= _WANTS_ITS_ANNEX


def _place(waits: Waiting, check: Check, outcome: Outcome, inbox: Path) -> Path:
    """Return where a file is put away, in a folder that is there."""
    folder = inbox / (outcome if outcome is Outcome.REJECTED else DONE) / (waits.agency or NOBODY)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{waits.file.stem}.{check.sha256[:_DIGEST_SHOWN]}{waits.file.suffix}"


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_agency_folder(path: Path) -> bool:
    return (
        path.is_dir()
        and not path.is_symlink()
        and path.name not in {DONE, TAKING, Outcome.REJECTED}
        and not path.name.startswith(".")
    )


def _is_workbook_to_be(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED
    return path.is_file() and not path.is_symlink() and not hidden


def _write_problems(place: Path, waits: Waiting, problems: tuple[Problem, ...], at: datetime) -> None:
    answer = {
        "file": waits.file.name,
        "agency": waits.agency,
        "rejected_at": at.isoformat(),
        "problems": [problem.as_dict() for problem in problems],
    }
    beside = place.with_name(f"{place.name}.json")
    write_whole(beside, json.dumps(answer, ensure_ascii=False, indent=2).encode())


def _write_copy(place: Path, content: bytes, waits: Waiting, check: Check) -> Path | None:
    copy = annotated_copy(content, name=waits.file.name, problems=check.problems)
    if copy is None:
        return None
    beside = place.with_name(f"{copy.stem}.{check.sha256[:_DIGEST_SHOWN]}{copy.suffix}")
    write_whole(beside, copy.content)
    return beside


def _move(file: Path, place: Path) -> None:
    try:
        file.replace(place)
    except FileNotFoundError:
        if not place.exists():
            raise
