"""Every assignment of the country as it stands, in few words: what lists filter, and what first figures count.

A hundred thousand rows are judged in a second or two. `StandingsKept` judges once and then only what was recorded
since, so that an answer is always by what is recorded at the instant asked about.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select
from sqlmodel import Session

from models.assignment_tables import Document, Task, TaskRevision
from models.columns import table_of
from models.kinds import kinds_of
from models.question import Question
from models.status import RowReader
from models.status_facts import ASSIGNMENT
from models.status_query import judged
from rules.folding import fold
from rules.milestone import BEYOND, Verdict
from rules.reference import Reference
from rules.status import AskedAbout, CompletionLevel, Status

Key = tuple[int, str, str]
Place = tuple[int, int, str, int]
_ASKED = {"by_agency", "by_key", "by_status", "runs"}
_A_FEW = 5_000
_WORDING = 5
TASK, DOCUMENT, WORDING = table_of(Task), table_of(Document), table_of(TaskRevision)


class Stand(NamedTuple):
    """How one row of a status table stands, with where its words are; see `StatusRow`.

    `part` is the assignment that decides it, `wording` the revision of its task; `codes` are those of its parts, folded
    for searching.
    """

    task: int
    period: str
    agency: str
    part: int
    codes: str
    wording: int
    status: Status
    milestone: str | None
    verdict: Verdict | None
    days_late: int
    last_good_day: date

    @property
    def key(self) -> Key:
        """What tells the row from all others, on any day."""
        return self.task, self.period, self.agency


class Run(NamedTuple):
    """Rows that follow each other and are worded alike, with the codes of all of them."""

    wording: int
    rows: Sequence[Stand]
    codes: str


def runs_of(rows: Iterable[Stand]) -> Sequence[Run]:
    """Return rows in runs of one wording each, in their order."""
    groups = ((wording, list(group)) for wording, group in groupby(rows, key=itemgetter(_WORDING)))
    return [Run(wording, group, "\n".join(row.codes for row in group)) for wording, group in groups]


def in_statuses(rows: Iterable[Stand]) -> Mapping[Status, Sequence[Stand]]:
    """Return the rows of each status, in their order."""
    grouped: dict[Status, list[Stand]] = {status: [] for status in Status}
    for row in rows:
        grouped[row[6]].append(row)
    return grouped


@dataclass(frozen=True, eq=False)
class Standings:
    """The rows of the country on `as_of` by what was recorded at `known_at`, in the order of lists."""

    as_of: date
    known_at: datetime
    rows: Sequence[Stand]

    @cached_property
    def by_agency(self) -> Mapping[str, Sequence[Stand]]:
        """The rows of each accountable agency."""
        grouped: dict[str, list[Stand]] = defaultdict(list)
        for row in self.rows:
            grouped[row.agency].append(row)
        return grouped

    @cached_property
    def by_key(self) -> Mapping[Key, Stand]:
        """The rows by what tells them apart."""
        return {row[:3]: row for row in self.rows}

    @cached_property
    def runs(self) -> Sequence[Run]:
        """The rows in runs of one wording each."""
        return runs_of(self.rows)

    @cached_property
    def by_status(self) -> Mapping[Status, Sequence[Stand]]:
        """The rows of each status."""
        return in_statuses(self.rows)

    def prepare_like(self, other: "Standings") -> None:
        """Work out now what was asked of `other`: it will be asked of these rows too."""
        for name in _ASKED & vars(other).keys():
            getattr(self, name)

    def of(self, agency: str | None) -> Sequence[Stand]:
        """Return the rows of one agency, or of all."""
        return self.rows if agency is None else self.by_agency.get(agency, ())


@dataclass(frozen=True)
class Asked:
    """What standings are asked about; `window` in working days, as in `status_of`."""

    as_of: date
    known_at: datetime
    level: CompletionLevel
    window: int

    def question(self, session: Session, reference: Reference, *, chosen: tuple[int, ...] | None = None) -> Question:
        """Return the question the one query answers."""
        until = reference.calendar.add_working_days(self.as_of, self.window)
        about = AskedAbout(self.as_of, until)
        return Question(about, self.known_at, self.level, reference.register, None, kinds_of(session), chosen)


@dataclass
class Wordings:
    """The words of tasks, folded for searching, by revision: they never change, so each is read once."""

    texts: dict[int, str] = field(default_factory=dict)
    documents: dict[int, str] = field(default_factory=dict)

    def read(self, session: Session, wordings: set[int]) -> None:
        """Read those of these revisions that were not read before; who reads meanwhile sees what was there."""
        missing = wordings - self.texts.keys()
        texts, documents = dict(self.texts), dict(self.documents)
        query = _words() if len(missing) > _A_FEW else _words().where(WORDING.c.id.in_(missing))
        for id_, document, *words in session.execute(query) if missing else ():
            if id_ in texts:
                continue
            texts[id_] = fold(" ".join(word for word in (document, *words) if word))
            documents[id_] = document
        self.texts, self.documents = texts, documents

    def of_document(self, code: str) -> set[int]:
        """Return the revisions of the tasks of a document."""
        return {id_ for id_, document in self.documents.items() if document == code}

    def holding(self, words: Sequence[str], runs: Iterable[Run]) -> Sequence[Stand]:
        """Return the rows in whose words, or else codes, each of `words` stands; they are folded."""
        texts, found = self.texts, list[Stand]()
        for word in sorted(words, key=str.isalpha):  # numbers are the rarer ones: they leave the others little to do
            runs = [run for run in runs if word in texts[run.wording] or word in run.codes]
        for wording, rows, _ in runs:
            left = [word for word in words if word not in texts[wording]]
            found += [row for row in rows if all(word in row.codes for word in left)] if left else rows
        return found


def judge_all(session: Session, asked: Asked, reference: Reference, chosen: Sequence[int] | None = None) -> list[Stand]:
    """Return the rows of all assignments, or of the chosen ones (see `Question.chosen`), in no order."""
    question = asked.question(session, reference, chosen=None if chosen is None else tuple(chosen))
    read = RowReader(asked.as_of, reference.calendar, reference.milestones, {}, {}, {})
    statuses = {status.value: status for status in Status}
    held = _codes_held(session, question)
    found = session.execute(_judged(question, session), question.values())
    return [_stand(row, read, statuses[row.status], held) for row in found]


def order_of(session: Session, wordings: Wordings, reference: Reference) -> Callable[[Stand], Place]:
    """Return the place of a row in lists: by document, task, period and agency."""
    query = select(DOCUMENT.c.code).order_by(DOCUMENT.c.issued_on, DOCUMENT.c.code)
    place = {code: at for at, code in enumerate(session.scalars(query))}
    position = {agency.code: at for at, agency in enumerate(reference.register.agencies)}
    of_wording = wordings.documents
    return lambda row: (place[of_wording[row[5]]], row[0], row[1], position[row[2]])


def put_among(rows: Sequence[Stand], found: Sequence[Stand], order: Callable[[Stand], Place]) -> Sequence[Stand]:
    """Return all rows in order; both are in order, and few are `found`: the places of the others are not looked at."""
    together: list[Stand] = []
    at = 0
    for row in found:
        to = bisect_left(rows, order(row), lo=at, key=order)
        together += rows[at:to]
        together.append(row)
        at = to
    together += rows[at:]
    return together


def _judged(question: Question, session: Session) -> Select[Any]:
    holder = judged(question.shape(session), told=False)
    return select(holder, ASSIGNMENT.c.code).join(ASSIGNMENT, ASSIGNMENT.c.id == holder.c.assignment_id)


def _codes_held(session: Session, question: Question) -> Mapping[Key, str]:
    """Return the codes of the rows of agencies that hold what was assigned to others."""
    c, found = ASSIGNMENT.c, defaultdict[Key, list[str]](list)
    query = select(c.task_id, c.period, c.agency_code, c.code).where(c.agency_code.in_(question.touched))
    if question.chosen is not None:
        query = query.where(c.id.in_(question.chosen))
    for task, period, agency, code in session.execute(query):
        found[task, period, question.passed_on.get(agency, agency)].append(code)
    return {key: fold(" ".join(codes)) for key, codes in found.items()}


def _stand(row: Row[Any], read: RowReader, status: Status, held: Mapping[Key, str]) -> Stand:
    milestone = read.milestone_of(row.original_due_on)
    return Stand(
        row.task_id,
        row.period,
        row.holder,
        row.assignment_id,
        held.get((row.task_id, row.period, row.holder)) or fold(row.code),
        row.task_revision_id,
        status,
        milestone.code if milestone else (BEYOND if row.original_due_on else None),
        read.verdict(row, milestone),
        read.days_late(row, status),
        row.last_good_day,
    )


def _words() -> Select[Any]:
    source = WORDING.join(TASK, TASK.c.id == WORDING.c.task_id).join(DOCUMENT, DOCUMENT.c.id == TASK.c.document_id)
    w = WORDING.c
    return select(w.id, DOCUMENT.c.code, TASK.c.number, w.number, w.section, w.text, w.product).select_from(source)
