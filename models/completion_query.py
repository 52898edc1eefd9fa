"""When the work counts as done: the report that says so, where that still stands, and how it was answered.

A report that says "not done" ends what was claimed before it; one that says nothing changes nothing; a claim made
again keeps the evidence, or else the completion day, given before. What was sent back counts only when reported anew,
or when a confirmation comes after all with nothing new to confirm.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Exists,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from models.assignment_tables import Progress
from models.columns import table_of
from models.counted import BATCH, counted
from models.question import DAY, KNOWN_AT
from rules.status import NEVER, CompletionLevel

PROGRESS = table_of(Progress)


@dataclass(frozen=True)
class Completion:
    """The rule, asked about the assignment a query is at.

    `assignment_id`, `since` and `confirmed_at` are columns of its FROM: the claims recorded after `since` count (all
    when it is null), and the last confirmation of one of them.
    """

    level: CompletionLevel
    assignment_id: ColumnElement[int]
    since: ColumnElement[datetime]
    confirmed_at: ColumnElement[datetime]

    def completed_on(self, last_word: FromClause) -> ColumnElement[date]:
        """Return the day the work counts as done, or NEVER.

        `last_word` is the newest report that says "done" or "not done" (`is_word`); its columns are null when there is
        none. It alone decides, unless it is a claim without proof or one that was answered.
        """
        never, word = literal(NEVER, Date()), last_word.c
        proven = (and_(evidenced(last_word), self.since.is_(None)), word.evidence_on)
        plain = (self.confirmed_at.is_(None), never) if self.level is CompletionLevel.CONFIRMED else proven
        looked_closer = func.coalesce(self._by_best_claim().scalar_subquery(), never)
        return case((word.declared_done.is_not(true()), never), plain, else_=looked_closer)

    def is_claimed(self) -> Exists:
        """Whether a claim that stands was made on the day asked about or before."""
        claim = CLAIMS.alias()
        return exists().where(*self._stands(claim), claim.c.reported_on <= DAY).correlate_except(claim)

    def first_given_on(self) -> ColumnElement[date]:
        """Return the day on which the evidence of the completion was first reported; null without a completion."""
        claim, given = CLAIMS.alias(), CLAIMS.alias()
        first = select(func.min(given.c.reported_on)).where(*self._stands(given), _same_evidence(given, claim))
        return self._of_best(claim, first.correlate_except(given).scalar_subquery()).scalar_subquery()

    def _by_best_claim(self) -> Select[Any]:
        """Select the completion day by the best claim that stands; no row or null when that is not enough."""
        claim = CLAIMS.alias()
        c, accepted = claim.c, self._given_before_confirmation(claim)
        enough = {
            CompletionLevel.DECLARED: true(),
            CompletionLevel.EVIDENCED: or_(evidenced(claim), accepted),
            CompletionLevel.CONFIRMED: accepted,
        }[self.level]
        said = func.coalesce(c.evidence_on, c.declared_completed_on, self._first_claimed_on())
        return self._of_best(claim, case((enough, said)))

    def _of_best(self, claim: FromClause, value: ColumnElement[Any]) -> Select[Any]:
        """Select a value of the best of the claims that stand; nothing where none of them can be enough."""
        c, confirmed = claim.c, self.confirmed_at.is_not(None)
        can_be_enough = {
            CompletionLevel.DECLARED: true(),
            CompletionLevel.EVIDENCED: or_(evidenced(claim), confirmed),
            CompletionLevel.CONFIRMED: confirmed,
        }[self.level]
        proven_first = case((evidenced(claim), 0), else_=1)
        dated_first = case((func.coalesce(c.evidence_on, c.declared_completed_on).is_not(None), 0), else_=1)
        return (
            select(value)
            .where(*self._stands(claim), can_be_enough)
            .order_by(proven_first, dated_first, c.reported_on.desc(), c.id.desc())
            .limit(1)
            .correlate_except(claim)
        )

    def _first_claimed_on(self) -> ColumnElement[date]:
        claim = CLAIMS.alias()
        first = select(func.min(claim.c.reported_on)).where(*self._stands(claim))
        return first.correlate_except(claim).scalar_subquery()

    def _given_before_confirmation(self, claim: FromClause) -> Exists:
        """Whether the evidence of a claim had been given when the work was last confirmed."""
        given = CLAIMS.alias()
        before = given.c.recorded_at <= self.confirmed_at
        return exists().where(*self._stands(given), _same_evidence(given, claim), before).correlate_except(given)

    def _stands(self, claim: FromClause) -> tuple[ColumnElement[bool], ...]:
        """Whether a claim is about the assignment and was not sent back."""
        not_sent_back = or_(self.since.is_(None), claim.c.recorded_at > self.since)
        return claim.c.assignment_id == self.assignment_id, not_sent_back


def is_word(report: FromClause) -> ColumnElement[bool]:
    """Whether a report counts and says something about completion."""
    return and_(report.c.declared_done.is_not(None), counted(report, KNOWN_AT))


def evidenced(report: FromClause) -> ColumnElement[bool]:
    """Whether a report cites a document with number and date that is not plainly another thing than the product."""
    cited = and_(report.c.evidence_number.is_not(None), report.c.evidence_on.is_not(None))
    return and_(cited, report.c.evidence_matches.is_not(False))


def _same_evidence(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    columns = ("evidence_number", "evidence_on")
    return and_(*(one.c[name].is_not_distinct_from(other.c[name]) for name in columns))


def _words() -> CTE:
    """Return the reports that say something about completion, with the instant each was recorded."""
    p = PROGRESS.c
    read = (p.id, p.assignment_id, p.reported_on, p.declared_done, p.declared_completed_on)
    proof = (p.evidence_number, p.evidence_on, p.evidence_matches)
    words = select(*read, *proof, BATCH.c.recorded_at).join_from(PROGRESS, BATCH, BATCH.c.id == p.batch_id)
    return words.where(is_word(PROGRESS)).cte("words").prefix_with("NOT MATERIALIZED")


def _claims() -> CTE:
    """Return the reports that say "done" and that no later one denies."""
    words = _words()
    claim, denial = words.alias(), words.alias()
    c, d = claim.c, denial.c
    later = or_(d.reported_on > c.reported_on, and_(d.reported_on == c.reported_on, d.id > c.id))
    denied = exists().where(d.assignment_id == c.assignment_id, d.declared_done.is_(False), later)
    known = select(claim).where(c.declared_done, ~denied.correlate_except(denial))
    return known.cte("claims").prefix_with("NOT MATERIALIZED")


# Not materialized: wherever they are named they are looked up along an index, for the assignment at hand alone.
CLAIMS = _claims()
