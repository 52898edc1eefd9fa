"""The facts a status rests on, one row per assignment: its dates as they stand, and the day its work counts as done.

Facts are looked up assignment by assignment along the indexes, so that one agency's duties cost as little as they are
few, and a million cost a million times one. PostgreSQL, slow at that and quick at whole tables, is asked for the newest
rows of all assignments at once.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    and_,
    any_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from models.assignment_tables import Assignment, AssignmentRevision, Decision
from models.columns import table_of
from models.completion_query import CLAIMS, PROGRESS, Completion, is_word
from models.counted import counted
from models.question import AGENCY, DAY, KNOWN_AT, Shape
from rules.status import NEVER

ASSIGNMENT, REVISION, DECISION = table_of(Assignment), table_of(AssignmentRevision), table_of(Decision)


@dataclass(frozen=True)
class Facts:
    """Reads the facts of the duties whose `agency_code` fulfils `held`; `few` when that allows only a few of all."""

    shape: Shape
    held: ColumnElement[bool]
    few: bool

    @property
    def at_once(self) -> bool:
        """Whether to read the newest rows of all assignments together."""
        return self.shape.at_once and not self.few

    def query(self, *, told: bool) -> Subquery:
        """Return one row per assignment; `told` adds what is told beside its status."""
        decided = self._decided()
        d = decided.c
        completion = self.completion(ASSIGNMENT.c.id, decided)
        source, revision = self._with_revision()
        source, completed_on = self._with_completion(source, completion)
        original = revision.c.original_due_on
        longer = d.moved_to > original
        extended = d.extended_to > original
        beside = (
            revision.c.collective_code,
            one_if(revision.c.several_leads).label("several_leads"),
            one_if(extended).label("extended"),
            d.confirmed_at,
        )
        return (
            select(
                ASSIGNMENT.c.id.label("assignment_id"),
                ASSIGNMENT.c.task_id,
                ASSIGNMENT.c.period,
                ASSIGNMENT.c.agency_code,
                self._holder(decided).label("holder"),
                revision.c.nature,
                original,
                case((longer, d.moved_to), else_=original).label("due_on"),
                completed_on.label("completed_on"),
                func.coalesce(d.cancelled_on, day(NEVER)).label("cancelled_on"),
                func.coalesce(d.held_from, day(NEVER)).label("held_from"),
                func.coalesce(d.held_until, day(NEVER)).label("held_until"),
                revision.c.task_revision_id,
                *((d.since,) if told or self.shape.kinds.steps else ()),
                *(beside if told else ()),
            )
            .select_from(source.outerjoin(decided, d.assignment_id == ASSIGNMENT.c.id))
            .where(self.held, *self._stands(revision), *self._accountable(decided))
            .offset(0)  # a fence: the day of completion is read often above, and is to be worked out once
            .subquery("facts")
        )

    def standing(self) -> Select[tuple[int, str, str, str]]:
        """Select task, period, agency and code of the assignments that stand and that another agency was given."""
        source, revision = self._with_revision()
        decided = self._decided()
        holder = self._holder(decided)
        return (
            select(ASSIGNMENT.c.task_id, ASSIGNMENT.c.period, holder, ASSIGNMENT.c.code)
            .select_from(source.outerjoin(decided, decided.c.assignment_id == ASSIGNMENT.c.id))
            .where(self.held, *self._stands(revision), *self._accountable(decided), holder != ASSIGNMENT.c.agency_code)
        )

    def completion(self, assignment_id: ColumnElement[int], answer: FromClause) -> Completion:
        """Return the rule of completion for the assignment a query is at."""
        return Completion(self.shape.level, assignment_id, answer.c.since, answer.c.confirmed_at)

    def heard_on(self, assignment_id: ColumnElement[int]) -> ColumnElement[date]:
        """Return the newest day, not after the one asked about, on which anything was reported."""
        report = PROGRESS.alias("heard")
        known = (report.c.assignment_id == assignment_id, counted(report, KNOWN_AT))
        newest = select(func.max(report.c.reported_on)).where(*known, report.c.reported_on <= DAY)
        return newest.correlate_except(report).scalar_subquery()

    def _with_revision(self) -> tuple[FromClause, FromClause]:
        """Join the assignments with their current revisions."""
        if self.at_once:
            current = self._newest(REVISION, counted(REVISION, KNOWN_AT), REVISION.c.id).subquery("revision")
            return ASSIGNMENT.join(current, current.c.assignment_id == ASSIGNMENT.c.id), current
        newest, revision = REVISION.alias("newest"), REVISION.alias("revision")
        newest_id = (
            select(newest.c.id)
            .where(newest.c.assignment_id == ASSIGNMENT.c.id, counted(newest, KNOWN_AT))
            .order_by(newest.c.id.desc())
            .limit(1)
            .correlate_except(newest)
        )
        return ASSIGNMENT.join(revision, revision.c.id == newest_id.scalar_subquery()), revision

    def _with_completion(self, source: FromClause, rule: Completion) -> tuple[FromClause, ColumnElement[date]]:
        """Join what tells when the work counts as done, and return the day."""
        if self.at_once:
            p = PROGRESS.c
            newest = self._newest(PROGRESS, is_word(PROGRESS), p.reported_on, p.id)
            read = (p.assignment_id, p.declared_done, p.evidence_number, p.evidence_on, p.evidence_matches)
            words = newest.with_only_columns(*read).subquery("word")
            joined = source.outerjoin(words, words.c.assignment_id == ASSIGNMENT.c.id)
            return joined, rule.completed_on(words)
        word = PROGRESS.alias("word")
        completed_on = (
            select(rule.completed_on(word))
            .where(word.c.assignment_id == ASSIGNMENT.c.id, is_word(word))
            .order_by(word.c.reported_on.desc(), word.c.id.desc())
            .limit(1)
            .correlate_except(word)
        )
        return source, func.coalesce(completed_on.scalar_subquery(), day(NEVER))

    def _stands(self, revision: FromClause) -> tuple[ColumnElement[bool], ...]:
        return revision.c.standing, revision.c.counts_from <= DAY

    def _newest(self, table: FromClause, known: ColumnElement[bool], *newest_last: ColumnElement[Any]) -> Select[Any]:
        order = (table.c.assignment_id, *newest_last)
        newest = select(table).distinct(table.c.assignment_id).where(known)
        return newest.order_by(*(each.desc() for each in order))

    def _decided(self) -> Subquery:
        """Return what was decided about each assignment somebody decided about.

        A completion sent back counts again when a confirmation comes with nothing reported anew in between: claims
        count from the return on, `since`, unless that is so.
        """
        last = self._last_decisions()
        c, anew = last.c, CLAIMS.alias()
        between = and_(anew.c.recorded_at > c.returned_at, anew.c.recorded_at <= c.first_confirmed_at)
        reported = exists().where(anew.c.assignment_id == c.assignment_id, between).correlate_except(anew)
        sent_back = and_(c.returned_at.is_not(None), or_(c.first_confirmed_at.is_(None), reported))
        since = case((sent_back, c.returned_at))
        fenced = select(last, since.label("since")).offset(0)  # like the facts: it is read wherever a claim is
        return fenced.subquery("decided")

    def _last_decisions(self) -> Subquery:
        marked = self._marked_decisions()
        c = marked.c
        confirmed_at = case((and_(c.action == "confirm", c.id > func.coalesce(c.last_return, 0)), c.recorded_at))

        def at(mark: ColumnElement[int], value: ColumnElement[Any], name: str) -> ColumnElement[Any]:
            return func.max(case((c.id == mark, value))).label(name)

        taken_over = [at(c.last_succession, c.to_agency, "to_agency")] if self.shape.kinds.taken_over else []
        return (
            select(
                c.assignment_id,
                at(c.last_return, c.recorded_at, "returned_at"),
                func.min(confirmed_at).label("first_confirmed_at"),
                func.max(confirmed_at).label("confirmed_at"),
                func.max(case((c.action == "extend", c.until_on))).label("extended_to"),
                at(c.last_cancel, case((c.action == "cancel", c.effective_on)), "cancelled_on"),
                at(c.last_move, func.coalesce(c.due_on, c.until_on), "moved_to"),
                at(c.last_hold, case((c.action == "hold", c.effective_on)), "held_from"),
                at(c.last_hold, case((c.action == "hold", c.until_on)), "held_until"),
                *taken_over,
            )
            .group_by(c.assignment_id)
            .subquery("last_decisions")
        )

    def _marked_decisions(self) -> Subquery:
        """Return the decisions known, each with the newest of its assignment: return, cancel, move, hold of the day.

        A move gives another due day: an extension, or a hold that stops the clock. A cancellation ends with the day of
        a reinstatement recorded later, and a hold with that of a resumption.
        """
        d, begun = DECISION.c, DECISION.c.effective_on <= DAY
        kinds = {
            "last_return": d.action == "return",
            "last_cancel": and_(d.action.in_(("cancel", "reinstate")), begun),
            "last_move": or_(d.action == "extend", d.due_on.is_not(None)),
            "last_hold": and_(begun, or_(d.action == "resume", and_(d.action == "hold", d.until_on >= DAY))),
        }
        if self.shape.kinds.taken_over:
            kinds["last_succession"] = and_(d.action == "succeed", begun)
        last = (
            func.max(case((kind, d.id))).over(partition_by=d.assignment_id).label(name) for name, kind in kinds.items()
        )
        known = select(DECISION, *last).where(d.recorded_at <= KNOWN_AT)
        if self.few:
            known = known.where(self._is_held(d.assignment_id))
        return known.subquery("marked")

    def _is_held(self, assignment_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether an assignment is one of the few.

        PostgreSQL looks up an array along an index; given a subquery it may sooner read all there is about any
        assignment. An agency's duties fit an array.
        """
        held = select(ASSIGNMENT.c.id).where(self.held)
        if self.shape.one and self.shape.at_once:
            return assignment_id == any_(func.array(held.scalar_subquery()))
        return assignment_id.in_(held)

    def _holder(self, decided: FromClause) -> ColumnElement[str]:
        """Return the agency accountable on the day for what was assigned to `agency_code`."""
        own: ColumnElement[str] = ASSIGNMENT.c.agency_code
        if self.shape.kinds.taken_over:
            own = func.coalesce(decided.c.to_agency, own)
        elif self.shape.one:
            return AGENCY
        passed_on = dict(self.shape.passed_on)
        return case(passed_on, value=own, else_=own) if passed_on else own

    def _accountable(self, decided: FromClause) -> tuple[ColumnElement[bool], ...]:
        """Return the condition that the agency asked for is accountable, where its code alone does not tell."""
        by_decision = self.shape.one and self.shape.kinds.taken_over
        return (self._holder(decided) == AGENCY,) if by_decision else ()


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return 1 where a condition holds and 0 where it does not or cannot be said."""
    return case((condition, 1), else_=0)


def day(value: date) -> ColumnElement[date]:
    """Return a day as a value of SQL."""
    return literal(value, Date())
