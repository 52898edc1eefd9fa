"""The answers pages and the API read: the question of a URL, how all stands, the rows that match."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from weakref import WeakKeyDictionary

from fastapi import Request

from models.changed_since import Change, changes_between
from models.chosen_rows import chosen_rows
from models.milestones_then import end_of, milestones_then
from models.standings import Asked, Key, Stand, Standings, in_statuses, runs_of
from models.standings_kept import StandingsKept
from models.status import status_of
from models.status_table import Counts, StatusRow, StatusTable
from models.store import Store
from portal.access import changed_lately
from portal.desk import Desk
from portal.looking.question import BadQuestionError, Question, read_question
from rules.access import Visitor
from rules.folding import fold
from rules.reference import Reference

_KEPT: WeakKeyDictionary[Store, StandingsKept] = WeakKeyDictionary()
_KEEPING = Lock()
_AT_ONCE = 1_000


def kept_of(desk: Desk) -> StandingsKept:
    """Return the standings kept for the desk's store, the same for every page of this process."""
    with _KEEPING:
        if desk.store not in _KEPT:
            _KEPT[desk.store] = StandingsKept(desk.store, level=desk.level, window=desk.warning_working_days)
        return _KEPT[desk.store]


def asked(desk: Desk, request: Request, visitor: Visitor) -> tuple[Question, Reference]:
    """Read the question in a URL against the register; one held to an agency asks about that agency alone."""
    reference = kept_of(desk).reference()
    question = read_question(request.query_params, today=desk.today(), now=desk.now(), reference=reference)
    return (replace(question, agency=visitor.agency) if visitor.agency else question), reference


def asked_of_all(desk: Desk, request: Request, visitor: Visitor) -> tuple[Question, Reference]:
    """Read the question of a page that tells how all assignments stand.

    While much that was just recorded is judged, the page is about the instant before it, and says so; whoever lately
    changed something waits for the present instead.
    """
    question, reference = asked(desk, request, visitor)
    if question.then:
        return question, reference
    ready_at = kept_of(desk).ready_at(question.as_of, question.known_at)
    return (question if changed_lately(request) else replace(question, known_at=ready_at)), reference


def standings_of(desk: Desk, question: Question) -> Standings:
    """Return how all assignments of the country stand on the day the question is about."""
    return kept_of(desk).at(question.as_of, question.known_at, then=question.then)


def standings_before(desk: Desk, question: Question, reference: Reference) -> Standings:
    """Return how all stood on the working day before, by what was known when it ended.

    About a day of the past it is told by what is known now, as that day itself is.
    """
    before = reference.calendar.add_working_days(question.as_of, -1)
    known_at = min(question.known_at, end_of(before)) if question.as_of == desk.today() else question.known_at
    then = question.then or known_at != question.known_at
    return kept_of(desk).at(before, known_at, then=then)


def stands_of(desk: Desk, question: Question, reference: Reference) -> Sequence[Stand]:
    """Return the rows that match every filter of the question, in the order of lists.

    Raises BadQuestionError for a flag without an agency: what is told beside a status is read for few rows alone.
    """
    table = standings_of(desk, question)
    stands = table.of(question.agency)
    if question.changed is not None:
        stands = changes_of(question, standings_before(desk, question, reference), table)[question.changed]
    if question.status is not None:
        stands = table.by_status[question.status] if stands is table.rows else in_statuses(stands)[question.status]
    if words := list(dict.fromkeys(fold(question.words).split())):
        runs = table.runs if stands is table.rows else runs_of(stands)
        stands = kept_of(desk).wordings.holding(words, runs)
    stands = _narrowed(desk, question, stands)
    return stands if question.flag is None else _flagged(desk, question, reference, stands)


def changes_of(question: Question, before: Standings, now: Standings) -> Mapping[Change, Sequence[Stand]]:
    """Return what changed between two days, for the agency the question is about."""
    changes = changes_between(before, now)
    if question.agency is None:
        return changes
    return {change: [row for row in rows if row.agency == question.agency] for change, rows in changes.items()}


def rows_of(desk: Desk, question: Question, reference: Reference, stands: Sequence[Stand]) -> Sequence[StatusRow]:
    """Return the full rows of some stands, in their order."""
    rows: list[StatusRow] = []
    with desk.store.reading() as session:
        for some in _batched(stands, _AT_ONCE):
            rows += chosen_rows(session, about(desk, question), reference, some).values()
    return rows


def table_of(desk: Desk, question: Question) -> StatusTable:
    """Return the status table the question is about, narrowed to its agency and milestone."""
    return status_of(
        desk.store,
        as_of=question.as_of,
        known_at=question.known_at,
        agency=question.agency,
        milestone=question.milestone,
        level=desk.level,
        warning_working_days=desk.warning_working_days,
    )


def known_then(desk: Desk, question: Question) -> Mapping[str, Counts]:
    """Return the verdicts at each milestone as known on its day, for the agency the question is about."""
    return milestones_then(
        desk.store, as_of=question.as_of, known_at=question.known_at, agency=question.agency, level=desk.level
    )


def matching(table: StatusTable, question: Question) -> list[StatusRow]:
    """Return the rows with the status and the words asked for; words are compared without accents."""
    words = fold(question.words).split()
    return [
        row
        for row in table.rows
        if (question.status is None or row.status is question.status) and all(word in _text(row) for word in words)
    ]


def _text(row: StatusRow) -> str:
    return fold(f"{row.code} {row.number} {row.task} {row.product} {row.section}")


def about(desk: Desk, question: Question) -> Asked:
    """Return what standings and rows are asked about."""
    return Asked(question.as_of, question.known_at, desk.level, desk.warning_working_days)


def _narrowed(desk: Desk, question: Question, stands: Sequence[Stand]) -> Sequence[Stand]:
    """Return the stands that fulfil what is asked of milestones, delays and documents; one pass for each."""
    if question.milestone is not None:
        stands = [row for row in stands if row.milestone == question.milestone]
    if question.verdict is not None:
        stands = [row for row in stands if row.verdict is question.verdict]
    if question.late_from:
        stands = [row for row in stands if row.days_late >= question.late_from]
    if question.late_to is not None:
        stands = [row for row in stands if row.days_late <= question.late_to]
    if question.document is not None:
        of_document = kept_of(desk).wordings.of_document(question.document)
        stands = [row for row in stands if row.wording in of_document]
    return stands


def _flagged(desk: Desk, question: Question, reference: Reference, stands: Sequence[Stand]) -> Sequence[Stand]:
    if question.agency is None:
        raise BadQuestionError("looking.flag_without_agency")
    found = dict[Key, StatusRow]()
    with desk.store.reading() as session:
        for some in _batched(stands, _AT_ONCE):
            found.update(chosen_rows(session, about(desk, question), reference, some))
    return [row for row in stands if row.key in found and question.flag in found[row.key].flags]


def _batched(stands: Sequence[Stand], size: int) -> Iterator[Sequence[Stand]]:
    """Yield stands some at a time: a statement holds no more values than the database takes."""
    return (stands[at : at + size] for at in range(0, len(stands), size))
