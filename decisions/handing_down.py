"""What an agency decides inside: it hands shares of an assignment down to its units, and records what they declare.

Nothing here moves the assignment itself: its status stays what the agency declares of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Session, col, func, select

from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from models.handed import HandedRow, HandedState, handed_of
from models.handed_tables import HandedDown, HandedReport
from models.outcome_tables import AuditEntry
from models.reference import calendar_of, register_of
from models.status import last_good_day
from models.store import Store
from models.story import Story, story_of
from models.writers import wait_for_writers_of
from texts import date_text
from texts.wording import HANOI


@dataclass(frozen=True, kw_only=True)
class HandDown:
    """The unit `unit` must do a share of the assignment `code` by `due_on`.

    `text` says what (empty: the work as assigned). A day after the assignment's own effective due day needs a `reason`.
    """

    name: ClassVar[str] = "hand_down"
    code: str
    unit: str
    due_on: date
    text: str = ""
    product: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportHanded:
    """The share `code` stands at `state` as of `on`; `text` says what was done, or why it is taken back.

    `completed_on` is the day of its `evidence`, that of the report where none is given.
    """

    name: ClassVar[str] = "report_handed"
    code: str
    on: date
    state: HandedState
    text: str = ""
    evidence: str = ""
    completed_on: date | None = None


def hand_down(actions: Sequence[HandDown], *, agency: str, store: Store, by: str, now: datetime) -> Sequence[Outcome]:
    """Hand shares down for `agency` (a code), decided by the post `by`: all of them, or none when one is refused.

    Each has an audit entry; a share that stands already, in the same words, is `unchanged`. `now` is aware.
    """
    if not by.strip():
        return [_refused(action.name, "needs_decider") for action in actions]
    with store.writing() as session:
        wait_for_writers_of(session, HandedDown)
        desk = _Desk(session, agency, by.strip(), now)
        refusals = [desk.refusal(action) for action in actions]
        if any(refusals):
            return [Outcome(HandDown.name, REFUSED, refusal=each) for each in refusals if each]
        return [desk.record(action) for action in actions]


def report_handed(action: ReportHanded, *, agency: str, store: Store, by: str, now: datetime) -> Outcome:
    """Record what is declared of a share of `agency` (a code); the same again is `unchanged`. `now` is aware."""
    if not by.strip():
        return _refused(action.name, "needs_decider")
    if action.state is HandedState.TAKEN_BACK and not action.text.strip():
        return _refused(action.name, "needs_reason")
    with store.writing() as session:
        wait_for_writers_of(session, HandedDown)
        return _report(session, action, agency, by.strip(), now)


@dataclass
class _Shares:
    """The shares of an assignment that stand, this transaction's included, and how many there `ever` were."""

    standing: list[HandedDown]
    ever: int


class _Desk:
    """Hands down in one transaction; each assignment is looked at once."""

    def __init__(self, session: Session, agency: str, by: str, now: datetime) -> None:
        self.session, self.agency, self.by, self.now = session, agency, by, now
        self.today, self.calendar = now.astimezone(HANOI).date(), calendar_of(session)
        self.successors = register_of(session).accountable(self.today)
        self._stories: dict[str, Story | None] = {}
        self._shares: dict[str, _Shares] = {}

    def refusal(self, action: HandDown) -> Refusal | None:
        story = self._story(action.code)
        if story is None:
            return Refusal("unknown_assignment", {"code": action.code})
        given_to = story.held_by(self.today) or story.assignment.agency_code
        if self.successors.get(given_to, given_to) != self.agency:
            return Refusal("not_the_holder", {"code": action.code, "agency": self.agency})
        if not story.dates.standing or story.cancelled_on(self.today):
            return Refusal("not_standing", {"code": action.code})
        return self._refusal_of_share(action, story)

    def _refusal_of_share(self, action: HandDown, story: Story) -> Refusal | None:
        if not action.unit.strip():
            return Refusal("needs_unit", {"code": action.code})
        if action.due_on < story.dates.counts_from:
            return Refusal("handed_before_assigned", {"due": date_text(action.due_on), "code": action.code})
        by = last_good_day(self.calendar, story.due_on)
        if action.due_on > by and not action.reason.strip():
            return Refusal("handed_due_later", {"due": date_text(action.due_on), "by": date_text(by)})
        return None

    def record(self, action: HandDown) -> Outcome:
        story = self._story(action.code)
        assert story is not None
        shares = self._shares_of(story)
        words = (action.unit.strip(), action.text.strip() or story.wording.text, action.product.strip(), action.due_on)
        for each in shares.standing:
            if (each.unit, each.text, each.product, each.due_on) == words:
                return Outcome(action.name, UNCHANGED, _audit_of(self.session, each.code))
        shares.ever += 1
        handed = HandedDown(
            code=f"{action.code}/{shares.ever}",
            assignment_id=story.assignment.id or 0,
            agency_code=self.agency,
            unit=words[0],
            text=words[1],
            product=words[2],
            due_on=action.due_on,
            reason=action.reason.strip(),
            decided_by=self.by,
            recorded_at=self.now,
        )
        self.session.add(handed)
        shares.standing.append(handed)
        detail = {"assignment": action.code, "unit": handed.unit, "due_on": action.due_on.isoformat()}
        detail["reason"] = handed.reason
        return Outcome(action.name, RECORDED, _audit(self.session, action.name, handed.code, self.by, self.now, detail))

    def _shares_of(self, story: Story) -> _Shares:
        code = story.assignment.code
        if code not in self._shares:
            standing = handed_of(self.session, as_of=self.today, known_at=self.now, assignments=[code])
            ever = select(func.count()).where(HandedDown.assignment_id == story.assignment.id)
            self._shares[code] = _Shares([row.handed for row in standing], self.session.exec(ever).one())
        return self._shares[code]

    def _story(self, code: str) -> Story | None:
        if code not in self._stories:
            self._stories[code] = story_of(self.session, code, known_at=self.now)
        return self._stories[code]


def _report(session: Session, action: ReportHanded, agency: str, by: str, now: datetime) -> Outcome:
    today = now.astimezone(HANOI).date()
    if max(action.on, action.completed_on or action.on) > today:
        latest = max(action.on, action.completed_on or action.on)
        return _refused(action.name, "in_the_future", on=date_text(latest), today=date_text(today))
    standing = handed_of(session, as_of=today, known_at=now, agency=agency)
    row = next((row for row in standing if row.handed.code == action.code), None)
    if row is None:
        return _refused(action.name, "unknown_share", code=action.code)
    if _says_the_same(row, action):
        return Outcome(action.name, UNCHANGED, _audit_of(session, action.code))
    report = HandedReport(
        handed_id=row.handed.id or 0,
        reported_on=action.on,
        state=action.state,
        completed_on=action.completed_on,
        evidence=action.evidence.strip(),
        text=action.text.strip(),
        decided_by=by,
        recorded_at=now,
    )
    session.add(report)
    detail = {"state": str(action.state), "on": action.on.isoformat(), "evidence": report.evidence}
    return Outcome(action.name, RECORDED, _audit(session, action.name, action.code, by, now, detail))


def _says_the_same(row: HandedRow, action: ReportHanded) -> bool:
    said = row.report
    new = (action.on, action.state, action.completed_on, action.evidence.strip(), action.text.strip())
    return said is not None and (said.reported_on, said.state, said.completed_on, said.evidence, said.text) == new


def _audit(session: Session, name: str, code: str, by: str, now: datetime, detail: dict[str, str]) -> int | None:
    entry = AuditEntry(at=now, by=by, action=f"decide.{name}", subject=code, detail=detail)
    session.add(entry)
    session.flush()
    return entry.id


def _audit_of(session: Session, code: str) -> int | None:
    return session.exec(select(func.max(col(AuditEntry.id))).where(AuditEntry.subject == code)).one()


def _refused(name: str, refused: str, /, **values: object) -> Outcome:
    return Outcome(name, REFUSED, refusal=Refusal(refused, values))
