"""What the store holds of some documents right now: the side a workbook is compared against."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select, true
from sqlmodel import Session, col

from imports.meaning.documents import DocumentRef, same_number
from imports.storing.wordings import documents_gone, taken_back
from models.assignment_tables import Assignment, AssignmentRevision, Batch, Document, Progress, Task, TaskRevision
from models.batch_tables import Kept
from models.columns import table_of
from models.status_query import counted, live_batches

FOREVER = datetime.max.replace(tzinfo=UTC)
Key = tuple[str, str]
_TASK, _WORDING = table_of(Task), table_of(TaskRevision)
_ASSIGNMENT, _DATES, _PROGRESS = table_of(Assignment), table_of(AssignmentRevision), table_of(Progress)
_DOCUMENT, _KEPT = table_of(Document), table_of(Kept)
# Shared by all tasks whose assignments were not read; never written to.
_NO_ASSIGNMENTS: dict[Key, "StoredAssignment"] = {}
_NO_IDS: dict[Key, int] = {}
_NO_DAYS: set[date | None] = set()
# So many tasks are asked for by their ids, some at once; of more, everything their documents hold is read.
_FEW, _AT_ONCE = 5000, 500


@dataclass(frozen=True)
class StoredAssignment:
    """An assignment as it stands: `agency` and `period` name it within its task."""

    id: int
    code: str
    agency: str
    period: str
    nature: str
    counts_from: date
    due_on: date | None
    collective: str | None
    several_leads: bool


@dataclass(slots=True)
class StoredTask:
    """A task and its newest live revision, `wording` (None when every batch that had it was taken back).

    `name` is the number its assignments' codes are made of, `number` the one it has now. `whole` is false when an undo
    kept only some of the assignments its wording gives. The rest is filled in where it is needed: its words and what
    they were taken for, who must do it and by when (`standing`), every assignment it ever had (`ever`: ids), and the
    days it was due when it was withdrawn (`withdrawn_due`).
    """

    id: int
    document: str
    name: str
    number: str
    wording: int | None = None
    digest: str = ""
    whole: bool = True
    section: str = ""
    text: str = ""
    product: str = ""
    lead_text: str = ""
    coordinating_text: str = ""
    deadline_text: str = ""
    deadline_kind: str = ""
    problem: str | None = None
    queue: str | None = None
    standing: dict[Key, StoredAssignment] = field(default_factory=lambda: _NO_ASSIGNMENTS)
    ever: dict[Key, int] = field(default_factory=lambda: _NO_IDS)
    withdrawn_due: set[date | None] = field(default_factory=lambda: _NO_DAYS)

    @property
    def stands(self) -> bool:
        """Whether some live workbook gives it: it was not taken back, and no later workbook withdrew it."""
        return self.digest != ""

    @property
    def agencies(self) -> set[str]:
        """Return who is accountable for it."""
        return {agency for agency, _ in self.standing}


def known_documents(session: Session, *, among: Collection[str] | None = None) -> dict[str, DocumentRef]:
    """Return the documents with a live task, by the form in which spellings of a number compare equal.

    With `among`, of the documents of these codes alone.
    """
    d = _DOCUMENT.c
    # One task of each is looked up: joined, they would be found by reading all tasks there are.
    first = select(_TASK.c.id).where(_TASK.c.document_id == d.id).limit(1).correlate(_DOCUMENT).scalar_subquery()
    those = true() if among is None else d.code.in_(sorted(among))
    rows = session.connection().execute(select(d.id, d.code, d.issued_on).where(those, first.is_not(None))).all()
    gone = documents_gone(session)
    return {same_number(code): DocumentRef(code, issued_on) for id_, code, issued_on in rows if id_ not in gone}


def live_batch(session: Session, sha256: str) -> int | None:
    """Return the newest batch of exactly these bytes that was not taken back."""
    found: int | None = session.scalar(
        select(func.max(col(Batch.id))).where(col(Batch.sha256) == sha256, col(Batch.id).in_(live_batches(FOREVER)))
    )
    return found


def stored_tasks(session: Session, documents: Iterable[str]) -> dict[int, StoredTask]:
    """Return every task of `documents` (codes) by its id, with its number and its newest wording's digest alone."""
    codes = sorted(set(documents))
    d, t = _DOCUMENT.c, _TASK.c
    of_documents = select(t.id, d.code, t.number).join(_DOCUMENT, d.id == t.document_id).where(d.code.in_(codes))
    found = session.connection().execute(of_documents.order_by(t.id)).all()
    tasks = {id_: StoredTask(id_, code, name, name) for id_, code, name in found}
    if tasks:
        _add_wordings(session, codes, tasks)
    return tasks


def _add_wordings(session: Session, codes: list[str], tasks: Mapping[int, StoredTask]) -> None:
    back, w = taken_back(session), _WORDING.c
    # Oldest first: the newest that counts is what stays.
    wordings = select(w.task_id, w.number, w.id, w.digest, w.batch_id).order_by(w.id)
    of_these = wordings.where(w.task_id.in_(_tasks_of(codes)))
    for task_id, number, id_, digest, batch in session.connection().execute(of_these).all():
        if back.counts(id_, batch):
            task, whole = tasks[task_id], batch not in back.batches
            task.number, task.wording, task.digest, task.whole = number or task.name, id_, digest, whole


def fill_in(session: Session, tasks: Collection[StoredTask], *, agencies: Iterable[str] | None = None) -> None:
    """Read the words and the assignments of `tasks`; with `agencies`, of their assignments alone."""
    ids = [task.id for task in tasks]
    by_id = dict(zip(ids, tasks, strict=True))
    those = None if agencies is None else sorted(set(agencies))
    for task in tasks:
        task.standing, task.ever, task.withdrawn_due = {}, {}, set()
    if len(ids) > _FEW:
        _read(session, _tasks_of(sorted({task.document for task in tasks})), those, by_id)
    else:
        for start in range(0, len(ids), _AT_ONCE):
            _read(session, ids[start : start + _AT_ONCE], those, by_id)


def _read(session: Session, tasks: Any, agencies: list[str] | None, by_id: Mapping[int, StoredTask]) -> None:
    _add_words(session, _WORDING.c.task_id.in_(tasks), by_id)
    a = _ASSIGNMENT.c
    theirs = true() if agencies is None else a.agency_code.in_(agencies)
    _add_assignments(session, and_(a.task_id.in_(tasks), theirs), by_id)


@dataclass(frozen=True)
class StoredReport:
    """The newest live report about an assignment as of a day."""

    id: int
    digest: str


def newest_progress(session: Session, documents: Iterable[str], reported_on: date) -> Mapping[int, StoredReport]:
    """Return each assignment's newest live progress reported on the day."""
    newest = (
        select(func.max(_PROGRESS.c.id).label("id"))
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _PROGRESS.c.assignment_id)
        .where(_PROGRESS.c.reported_on == reported_on, counted(_PROGRESS, FOREVER))
        .where(_ASSIGNMENT.c.task_id.in_(_tasks_of(sorted(set(documents)))))
        .group_by(_PROGRESS.c.assignment_id)
        .subquery()
    )
    columns = select(_PROGRESS.c.assignment_id, _PROGRESS.c.id, _PROGRESS.c.digest)
    rows = session.execute(columns.join(newest, newest.c.id == _PROGRESS.c.id))
    return {assignment: StoredReport(id_, digest) for assignment, id_, digest in rows}


def reported_assignments(session: Session, documents: Iterable[str]) -> set[int]:
    """Return the assignments of `documents` (codes) about which some live report was made, whatever it said."""
    reported = select(_PROGRESS.c.assignment_id).join(_ASSIGNMENT, _ASSIGNMENT.c.id == _PROGRESS.c.assignment_id)
    of_these = _ASSIGNMENT.c.task_id.in_(_tasks_of(sorted(set(documents))))
    return set(session.scalars(reported.where(counted(_PROGRESS, FOREVER), of_these).distinct()))


def declared_done(session: Session, documents: Iterable[str], until: date) -> set[int]:
    """Return the assignments of `documents` (codes) that some live report of a day up to `until` says done."""
    done = select(_PROGRESS.c.assignment_id).join(_ASSIGNMENT, _ASSIGNMENT.c.id == _PROGRESS.c.assignment_id)
    of_these = _ASSIGNMENT.c.task_id.in_(_tasks_of(sorted(set(documents))))
    said = (_PROGRESS.c.declared_done.is_(True), _PROGRESS.c.reported_on <= until, counted(_PROGRESS, FOREVER))
    return set(session.scalars(done.where(of_these, *said).distinct()))


def _add_words(session: Session, of_these: ColumnElement[bool], tasks: Mapping[int, StoredTask]) -> None:
    w = _WORDING.c
    words = (w.section, w.text, w.product, w.lead_text, w.coordinating_text, w.deadline_text)
    words_and_meaning = select(w.id, w.task_id, *words, w.deadline_kind, w.problem, w.queue)
    for id_, task_id, *said in session.connection().execute(words_and_meaning.where(of_these)).all():
        task = tasks.get(task_id)
        if task is not None and task.wording == id_:
            task.section, task.text, task.product = said[:3]
            task.lead_text, task.coordinating_text, task.deadline_text = said[3:6]
            task.deadline_kind, task.problem, task.queue = said[6:]


def _add_assignments(session: Session, of_these: ColumnElement[bool], tasks: Mapping[int, StoredTask]) -> None:
    a, r = _ASSIGNMENT.c, _DATES.c
    named = select(a.id, a.code, a.task_id, a.agency_code, a.period).where(of_these)
    found = {}
    for row in session.connection().execute(named).all():
        id_, _, task_id, *key = row
        if task_id in tasks:
            found[id_] = row
            tasks[task_id].ever[key[0], key[1]] = id_
    newest = _newest_dates(select(a.id).where(of_these))
    dated = (r.nature, r.counts_from, r.original_due_on, r.collective_code, r.several_leads)
    current = select(r.assignment_id, r.standing, r.task_revision_id, *dated).join(newest, newest.c.id == r.id)
    for assignment_id, stands, wording, *dates in session.connection().execute(current).all():
        if assignment_id in found:
            id_, code, task_id, agency, period = found[assignment_id]
            assignment, task = StoredAssignment(id_, code, agency, period, *dates), tasks[task_id]
            if stands:
                task.standing[agency, period] = assignment
            elif wording == task.wording and not task.stands:
                task.withdrawn_due.add(assignment.due_on)


def _newest_dates(assignments: Select[Any]) -> Subquery:
    r = _DATES.c
    known = select(func.max(r.id).label("id")).where(r.assignment_id.in_(assignments), counted(_DATES, FOREVER))
    return known.group_by(r.assignment_id).subquery()


def _tasks_of(codes: list[str]) -> Select[Any]:
    of_document = select(_DOCUMENT.c.id).where(_DOCUMENT.c.code.in_(codes))
    return select(_TASK.c.id).where(_TASK.c.document_id.in_(of_document))
