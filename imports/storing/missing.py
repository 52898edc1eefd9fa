"""What an annex no longer lists: the tasks that earlier workbooks of the same list had and this one has not.

A workbook continues an earlier one when the two list tasks of one document in common, whatever the files are called and
whoever sent them. What the earlier one listed and this one does not is then

- **gone**, when it is this workbook's to list (below) and the earlier one was of the same agency; or when this one is
  of several agencies and at least half of what it should list is here. When more goes than stays, it is asked about;
- **kept and asked about**, when it is this workbook's to list and yet not gone by that: a ministry's share of a common
  list may leave out its own work, but does not end it. So is what is somebody else's, when at least half of the earlier
  list is here: it may be gone, or this may be an excerpt. What is kept stands as it was;
- **kept**, when it is somebody else's and little of the earlier list is here: a ministry's share of a document.

An agency's own workbook may list what that agency alone is accountable for. One of several agencies may list what any
of them is accountable for, and the tasks nobody is; with two thirds of the earlier list here, all of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from imports.meaning.assignment_rows import TaskRow
from imports.problem import Problem, Severity
from imports.storing.changes import GoneTask
from imports.storing.pairing import Pairs
from imports.storing.stored import FOREVER, StoredTask, fill_in
from models.assignment_tables import Batch, Document
from models.batch_tables import Listing
from models.status_query import live_batches


@dataclass(frozen=True)
class Missing:
    """The tasks gone, and what is asked about."""

    gone: tuple[GoneTask, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Earlier:
    """An earlier workbook and what it listed of one document: how many tasks are here, and which are missing."""

    file: str
    agency: str | None
    here: int = 0
    missing: list[int] = field(default_factory=list)


@dataclass
class _Verdict:
    """What became of the missing tasks of one document."""

    gone: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    doubtful: bool = False


def find_missing(
    session: Session, rows: Sequence[TaskRow], pairs: Pairs, stored: Mapping[int, StoredTask], agency: str | None
) -> Missing:
    """Return what earlier workbooks listed of the documents and `rows`, of `agency` (None: several), do not."""
    here: dict[str, list[int]] = {}
    for _, task in (*pairs.same, *pairs.reworded):
        here.setdefault(task.document, []).append(task.id)
    listed = {id_ for ids in here.values() for id_ in ids}
    absent: dict[str, list[int]] = {}
    for task in stored.values():
        if task.stands and task.id not in listed and task.document in here:
            absent.setdefault(task.document, []).append(task.id)
    if not absent:
        return Missing()
    mine = {assignment.agency for row in rows for assignment in row.assignments}
    verdicts = {}
    for document, ids in absent.items():
        earlier = list(_earlier(session, document, sorted(here[document]), sorted(ids)))
        fill_in(session, [stored[id_] for id_ in {id_ for one in earlier for id_ in one.missing}])
        verdicts[document] = _verdict(earlier, stored, agency, mine)
    gone = [stored[id_] for verdict in verdicts.values() for id_ in sorted(verdict.gone)]
    problems = (p for document, verdict in verdicts.items() for p in _asked(document, len(here[document]), verdict))
    return Missing(tuple(GoneTask(task.id, task.document, task.number, task.text) for task in gone), tuple(problems))


def _earlier(session: Session, document: str, here: list[int], absent: list[int]) -> Iterator[_Earlier]:
    """Yield the live workbooks that listed something of a document, here and absent; the ids are sorted."""
    ranges = (
        select(col(Listing.batch_id), col(Listing.first_task_id), col(Listing.last_task_id))
        .join(Document, col(Document.id) == col(Listing.document_id))
        .where(col(Document.code) == document, col(Listing.batch_id).in_(live_batches(FOREVER)))
    )
    batches = select(col(Batch.id), col(Batch.file), col(Batch.agency_code)).where(col(Batch.kind) != "progress")
    found = {id_: _Earlier(file, agency) for id_, file, agency in session.execute(batches)}
    for batch, first, last in session.execute(ranges):
        if batch in found:
            found[batch].here += len(_between(here, first, last))
            found[batch].missing += _between(absent, first, last)
    return (one for one in found.values() if one.here and one.missing)


def _between(ids: list[int], first: int, last: int) -> Sequence[int]:
    return ids[bisect_left(ids, first) : bisect_right(ids, last)]


def _verdict(
    earlier: Sequence[_Earlier], stored: Mapping[int, StoredTask], agency: str | None, mine: Collection[str]
) -> _Verdict:
    verdict = _Verdict()
    for one in earlier:
        own = {id_ for id_ in one.missing if _may_list(stored[id_], one, agency, mine)}
        others = set(one.missing) - own
        if one.agency == agency if agency is not None else one.here >= len(own):
            verdict.gone |= own
            verdict.doubtful |= len(own) > one.here
        else:
            verdict.kept |= own
        if agency is None and one.here >= 2 * len(one.missing):
            verdict.gone |= others
        elif one.here >= len(others):
            verdict.kept |= others
    verdict.kept -= verdict.gone
    return verdict


def _may_list(task: StoredTask, earlier: _Earlier, agency: str | None, mine: Collection[str]) -> bool:
    """Whether the task is this workbook's to list."""
    holders = task.agencies
    if agency is None:
        return not holders or not holders.isdisjoint(mine)
    return holders <= {agency, *mine} if holders else earlier.agency == agency


def _asked(document: str, here: int, verdict: _Verdict) -> Iterator[Problem]:
    if verdict.doubtful:
        values = {"document": document, "gone": len(verdict.gone), "here": here}
        yield Problem("more_gone_than_listed", Severity.TO_CONFIRM, values=values)
    if verdict.kept:
        values = {"document": document, "kept": len(verdict.kept), "here": here}
        yield Problem("missing_rows_kept", Severity.TO_CONFIRM, values=values)
