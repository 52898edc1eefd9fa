"""The scorecard: who stands where, and whom to propose for praise, criticism and a review of its head's responsibility.

Directive 07/CT-TTg asks for praise, criticism and a review of the responsibility of heads of units in case of delay.
Each proposal follows from stated thresholds and carries the figures it rests on, so that it can be disputed. Figures
whose parts do not add up to their total are refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

PERCENT = 100


class Measure(StrEnum):
    """What is proposed for an agency."""

    PRAISE = "praise"
    CRITICISM = "criticism"
    REVIEW = "review"


@dataclass(frozen=True)
class Thresholds:
    """When a measure is proposed. An assignment is decided once it is completed or overdue.

    Praise: at least `praise_minimum` decided, at least `praise_on_time_percent` of them on time, none overdue.
    Criticism: at least `criticism_minimum` decided, at least `criticism_overdue_percent` of them overdue.
    Review of the head: at least `review_minimum` assignments overdue by `review_days_late` working days or more.
    """

    praise_minimum: int = 10
    praise_on_time_percent: int = 95
    criticism_minimum: int = 5
    criticism_overdue_percent: int = 30
    review_days_late: int = 20
    review_minimum: int = 2

    def __post_init__(self) -> None:
        """Refuse thresholds that would propose on no work at all."""
        if min(self.praise_minimum, self.criticism_minimum, self.review_minimum, self.review_days_late) < 1:
            raise ValueError(f"a minimum sample below 1 judges agencies without work; mend {self!r}")


@dataclass(frozen=True)
class Criteria:
    """What the scorecard goes by: an agency is ranked from `rank_minimum` decided assignments on."""

    thresholds: Thresholds = Thresholds()
    rank_minimum: int = 5

    def __post_init__(self) -> None:
        """Refuse to rank agencies without work."""
        if self.rank_minimum < 1:
            raise ValueError(f"a minimum sample below 1 ranks agencies without work; mend {self!r}")


@dataclass(frozen=True)
class Record:
    """What an agency has done: completions on time and late, and the working days late of each overdue assignment."""

    agency: str
    on_time: int
    late: int
    overdue_days: tuple[int, ...] = ()

    @property
    def decided(self) -> int:
        """How many assignments can be judged: completed or overdue."""
        return self.on_time + self.late + len(self.overdue_days)

    @property
    def merit(self) -> tuple[Fraction, Fraction]:
        """What ranks an agency: its share on time, then its share not overdue; exact, so that only equals tie."""
        return Fraction(self.on_time, self.decided), 1 - Fraction(len(self.overdue_days), self.decided)


@dataclass(frozen=True)
class Proposal:
    """A measure for an agency: `count` of `of` assignments fulfil the criterion; `longest` in working days late.

    `of` counts decided assignments for praise and criticism, overdue ones for a review.
    """

    measure: Measure
    agency: str
    count: int
    of: int
    longest: int = 0


class DoesNotAddUpError(ValueError):
    """Parts of a published figure do not give its total; the message names both and the difference."""


def add_up(what: str, parts: Mapping[str, int], total: int) -> int:
    """Return `total`; raises DoesNotAddUpError unless the parts give it and none is negative.

    The Government Office's release of October 2025 said 7,892 + 1,602 + 319 = 9,831: it would be refused here.
    """
    if min(parts.values(), default=0) < 0:
        raise _contradiction(what, parts, total)
    return moves_add_up(what, parts, total)


def moves_add_up(what: str, parts: Mapping[str, int], total: int) -> int:
    """Return `total`; raises DoesNotAddUpError unless the parts give it. A figure that fell moved by less than 0."""
    if sum(parts.values()) != total:
        raise _contradiction(what, parts, total)
    return total


def _contradiction(what: str, parts: Mapping[str, int], total: int) -> DoesNotAddUpError:
    found = sum(parts.values())
    said = " + ".join(f"{name} {count}" for name, count in parts.items())
    return DoesNotAddUpError(f"{what}: {said} give {found}, not {total} (difference {found - total:+d})")


def ranks(records: Iterable[Record], criteria: Criteria) -> Mapping[str, int]:
    """Return the rank of each agency with enough decided assignments; equals share theirs (1, 2, 2, 4)."""
    merits = {record.agency: record.merit for record in records if record.decided >= criteria.rank_minimum}
    best_first = sorted(merits.values(), reverse=True)
    place: dict[tuple[Fraction, Fraction], int] = {}
    for position, merit in enumerate(best_first, start=1):
        place.setdefault(merit, position)
    return {agency: place[merit] for agency, merit in merits.items()}


def propose(records: Iterable[Record], thresholds: Thresholds) -> Sequence[Proposal]:
    """Return every proposal: by measure, and within a measure in the order of the records."""
    known = list(records)
    made = [judge(record, thresholds) for judge in (_praise, _criticism, _review) for record in known]
    return [proposal for proposal in made if proposal is not None]


def _praise(record: Record, thresholds: Thresholds) -> Proposal | None:
    enough = record.decided >= thresholds.praise_minimum and not record.overdue_days
    if not enough or not _reaches(record.on_time, record.decided, thresholds.praise_on_time_percent):
        return None
    return Proposal(Measure.PRAISE, record.agency, record.on_time, record.decided)


def _criticism(record: Record, thresholds: Thresholds) -> Proposal | None:
    overdue = len(record.overdue_days)
    enough = record.decided >= thresholds.criticism_minimum and overdue > 0
    if not enough or not _reaches(overdue, record.decided, thresholds.criticism_overdue_percent):
        return None
    return Proposal(Measure.CRITICISM, record.agency, overdue, record.decided, max(record.overdue_days))


def _review(record: Record, thresholds: Thresholds) -> Proposal | None:
    long_overdue = [days for days in record.overdue_days if days >= thresholds.review_days_late]
    if len(long_overdue) < thresholds.review_minimum:
        return None
    return Proposal(Measure.REVIEW, record.agency, len(long_overdue), len(record.overdue_days), max(long_overdue))


def _reaches(part: int, whole: int, percent: int) -> bool:
    """Whether part/whole is at least `percent`, in whole numbers: no rounding decides over an agency."""
    return part * PERCENT >= percent * whole
