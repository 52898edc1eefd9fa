"""One agency on a day: its figures with their denominators, what moved since last month, and what waits for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.clear_duties import heads_of
from models.commitments import CommitmentState, Promise, commitments_of
from models.indicators import MeasuredIndicator, indicators_of
from models.obstacles import ObstacleRow, obstacles_of
from models.scorecard import DUE, LATE, ON_TIME, OVERDUE, Counting, Score
from models.standings import Stand, Standings
from models.status_table import StatusRow, StatusTable
from rules.reference import Reference
from rules.status import Status

_MOVING: Mapping[str, tuple[Status, ...]] = {"due": DUE, "on_time": ON_TIME, "late": LATE, "overdue": OVERDUE}


@dataclass(frozen=True)
class AgencyCard:
    """How an agency stands.

    `raised` are the obstacles it raised, `owed` those whose answer it owes.
    """

    score: Score
    raised: Sequence[ObstacleRow]
    owed: Sequence[ObstacleRow]
    promises: Sequence[tuple[StatusRow, Promise, CommitmentState]]
    indicators: Sequence[MeasuredIndicator]


def agency_card(
    session: Session, agency: str, rows: Sequence[StatusRow], reference: Reference, *, as_of: date, known_at: datetime
) -> AgencyCard:
    """Return the card of an agency that holds `rows` on `as_of`, by what was recorded at `known_at`."""
    successors = reference.register.accountable(as_of)
    codes = {agency, *(former for former, to in successors.items() if to == agency)}
    obstacles = obstacles_of(session, as_of=as_of, known_at=known_at, agencies=codes)
    score = Counting(heads_of(reference.contacts)).score(reference.register.by_code()[agency], rows, ())
    return AgencyCard(
        score=score,
        raised=[each for each in obstacles if each.obstacle.raised_by in codes],
        owed=[each for each in obstacles if each.addressed_to == agency],
        promises=list(commitments_of(session, StatusTable(as_of, known_at, rows, reference.milestones))),
        indicators=indicators_of(session, codes, as_of=as_of, known_at=known_at),
    )


def moved_since(before: Standings, now: Standings, agency: str, reference: Reference) -> Mapping[str, int]:
    """Return by how many an agency's figures rose; what it took over meanwhile was its own then as well."""
    successors = reference.register.accountable(now.as_of)
    held = [agency, *(former for former, to in successors.items() if to == agency)]
    was = [row for code in held for row in before.of(code)]
    counts, then = _counted(now.of(agency)), _counted(was)
    return {name: counts[name] - then[name] for name in _MOVING}


def _counted(rows: Sequence[Stand]) -> Mapping[str, int]:
    found = Counter(row.status for row in rows)
    return {name: sum(found[status] for status in statuses) for name, statuses in _MOVING.items()}
