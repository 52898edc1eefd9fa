"""Run the statements written by hand; their figures are turned into the words of the product to be compared."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlmodel import Session

from models.question import Question
from models.status_totals import Tally
from rules.milestone import BEYOND, Verdict
from rules.status import WORST_FIRST

_MILESTONES = (None, "2025-Q2", "2025-08", "2025-12", BEYOND)
_VERDICTS = (None, Verdict.MET, Verdict.MET_LATE, Verdict.MISSED, Verdict.EXTENDED, Verdict.CANCELLED, Verdict.PENDING)
# A statement ends in what is asked of `kinds`, or of `gathered` for agencies whose duties passed on.
_TOTALS = "SELECT NULL, kind, count(*) FROM {0} GROUP BY kind"
_PER_AGENCY = "SELECT {1}, kind, count(*) FROM {0} GROUP BY {1}, kind"
_ALONE, _GATHERED = ("kinds", "agency_code"), ("gathered WHERE badness = 1", "holder")
_OVERDUE = """
SELECT a.code, t.number, w.text, k.good_day
FROM kinds k
JOIN assignment a ON a.id = k.id
JOIN task t ON t.id = k.task_id
JOIN task_revision w ON w.id = (SELECT max(id) FROM task_revision WHERE task_id = k.task_id)
WHERE k.status = 0 ORDER BY a.code
"""


def totals(session: Session, question: Question, *, per_agency: bool) -> Counter[Tally]:
    """Count all assignments by kind, and agency."""
    found: Counter[Tally] = Counter()
    end, values = _PER_AGENCY if per_agency else _TOTALS, _values(session, question)
    alone = _statement(session, end.format(*_ALONE), "a.agency_code NOT IN :codes")
    gathered = _statement(session, end.format(*_GATHERED), "a.agency_code IN :codes", few=True)
    for agency, kind, count in (row for each in (alone, gathered) for row in session.execute(each, values)):
        status, milestone, verdict = kind // 100, kind // 10 % 10, kind % 10
        found[Tally(agency, WORST_FIRST[status], _MILESTONES[milestone], _VERDICTS[verdict], 0)] += count
    return found


def overdue_of(session: Session, question: Question) -> list[str]:
    """Return the codes of what an agency without predecessors has overdue, with all a list shows."""
    statement = _statement(session, _OVERDUE, "a.agency_code IN :codes", few=True)
    return [row.code for row in session.execute(statement, _values(session, question))]


def _statement(session: Session, end: str, whose: str, *, few: bool = False) -> TextClause:
    """Return the statement over the assignments `whose` allows; what is decided about `few` is narrowed beforehand."""
    name = session.get_bind().dialect.name + ("_few" if few and session.get_bind().dialect.name != "sqlite" else "")
    statement = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    narrowed = f"AND assignment_id IN (SELECT a.id FROM assignment a WHERE {whose})" if few else ""  # noqa: S608 - our own words
    statement = statement.replace("/* of these decisions */", narrowed)
    statement = statement.replace("/* of these assignments */", f"AND {whose}")
    return text(statement + end).bindparams(bindparam("codes", expanding=True))


def _values(session: Session, question: Question) -> Mapping[str, Any]:
    asked = {"day": question.asked.day, "warning_until": question.asked.warning_until}
    values: dict[str, Any] = {**asked, "known_at": question.known_at, "codes": question.values()["codes"]}
    if session.get_bind().dialect.name == "sqlite":
        values |= {name: day.isoformat() for name, day in asked.items()}
        values["known_at"] = f"{question.known_at:%Y-%m-%d %H:%M:%S.%f}"
    return values
