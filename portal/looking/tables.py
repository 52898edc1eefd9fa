"""The answers pages and the API read: the question of a URL, the status table it is about, the rows that match."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request

from models.explain import Explanation, explain
from models.milestones_then import milestones_then
from models.reference import read_reference
from models.status import status_of
from models.status_table import Counts, StatusRow, StatusTable
from portal.desk import Desk
from portal.looking.question import Question, read_question
from rules.access import Visitor
from rules.folding import fold
from rules.reference import Reference
from texts import Language


def asked(desk: Desk, request: Request, visitor: Visitor) -> tuple[Question, Reference]:
    """Read the question in a URL against the register; one held to an agency asks about that agency alone."""
    with desk.store.reading() as session:
        reference = read_reference(session)
    question = read_question(request.query_params, today=desk.today(), now=desk.now(), reference=reference)
    return (replace(question, agency=visitor.agency) if visitor.agency else question), reference


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


def explanation_of(desk: Desk, code: str, question: Question, language: Language) -> Explanation:
    """Return the derivation of one assignment's status in one language."""
    return explain(
        desk.store,
        code,
        as_of=question.as_of,
        known_at=question.known_at,
        level=desk.level,
        warning_working_days=desk.warning_working_days,
        language=language,
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
