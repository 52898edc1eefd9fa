"""Decide who must hear what on a day, and write it to the outbox before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import Store
from models.commitments import promises_of
from models.duties import Duty, duties_of, withdrawn_of, wordings_of
from models.escalation_tables import LadderVersion
from models.kinds import kinds_of
from models.outcome_tables import Notice
from models.people import holdings_of
from models.question import Question
from models.reference import read_reference, succession_of
from models.status import WARNING_WORKING_DAYS
from notifications.climbing import Steps
from notifications.composing import Composer
from notifications.history import History, history_of
from notifications.links import Links
from notifications.notice import Plan, Suppressed, Suppression
from notifications.outbox import alone
from notifications.overtaken import overtake
from notifications.posting import post
from notifications.sorting import Sorted, Sorting, WrittenTo
from notifications.uninterrupted import uncollected
from rules.digest_policy import DigestPolicy
from rules.ladder import Ladder, digest_of, rung_from
from rules.people import People
from rules.reference import Reference
from rules.status import AskedAbout, CompletionLevel

AS_SHIPPED = DigestPolicy()


@dataclass(frozen=True)
class Terms:
    """What planning goes by beside the facts: what counts as completion, what is held back, how readers answer."""

    level: CompletionLevel = CompletionLevel.EVIDENCED
    policy: DigestPolicy = AS_SHIPPED
    links: Links | None = None


def plan_notices(
    store: Store,
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    policy: DigestPolicy = AS_SHIPPED,
    links: Links | None = None,
) -> Plan:
    """Decide the digests of `as_of` by what is known at `now` (aware) and record them, all or none.

    One digest per person and day; a step of an assignment is told once per effective due day (again only where the
    ladder repeats it), and again in a later day's digest when the letter was lost. A letter of an earlier day that has
    not left by now never will: what of it is still due is told in today's digests. A day off plans nothing.

    With `dry_run` the same answer is given, its links left out, and nothing is written. `level` is what counts as
    completion, `policy` what is held back, `links` signs the way to answer (None: digests hold none).
    """
    with store.reading() as session:
        reference = read_reference(session)
    if not reference.calendar.is_working(as_of):
        return Plan(as_of, (), 0, (Suppressed(as_of.isoformat(), Suppression.DAY_OFF),))
    terms = Terms(level, policy, None if dry_run else links)
    if dry_run:
        with store.reading() as session, uncollected():
            return decide_day(session, as_of, now, reference, terms)
    with store.writing() as session, uncollected():
        alone(session)
        plan = decide_day(session, as_of, now, reference, terms)
        overtake(session, plan)
        post(session, plan, reference.ladder, now)
    return plan


def decide_day(session: Session, as_of: date, now: datetime, reference: Reference, terms: Terms) -> Plan:
    """Return the plan of one working day."""
    known = history_of(session, as_of=as_of, known_at=now)
    duties = read_duties(session, as_of, now, reference, terms.level)
    gone = known.ids() - {duty.assignment_id for duty in duties}
    if gone:
        duties += withdrawn_of(session, _question(session, as_of, now, reference, terms.level), gone)
    found = sort_day(session, as_of, now, reference, terms.policy, known, duties)
    composer = Composer(as_of, now, reference, terms.policy, known, terms.links)
    wording_ids = {entry.duty.wording_id for entries in found.entries.values() for entry in entries}
    wording_ids.update(duty.wording_id for duty in composer.known_to_readers(found))
    notices = composer.notices(found, wordings_of(session, wording_ids))
    return Plan(as_of, notices, len(notices), tuple(found.suppressed))


def read_duties(
    session: Session, as_of: date, now: datetime, reference: Reference, level: CompletionLevel
) -> list[Duty]:
    """Return the duties any rung can concern on a day, as known at an instant."""
    calendar = reference.calendar
    first = min((rung.offset for rung in reference.ladder), default=0)
    question = _question(session, as_of, now, reference, level)
    return duties_of(session, question, through=calendar.next_working(calendar.add_working_days(as_of, max(-first, 0))))


def _question(session: Session, as_of: date, now: datetime, reference: Reference, level: CompletionLevel) -> Question:
    window = AskedAbout(as_of, reference.calendar.add_working_days(as_of, WARNING_WORKING_DAYS))
    return Question(window, now, level, succession_of(session), kinds=kinds_of(session))


def sort_day(
    session: Session,
    as_of: date,
    now: datetime,
    reference: Reference,
    policy: DigestPolicy,
    history: History,
    duties: Sequence[Duty],
    written_to: WrittenTo | None = None,
) -> Sorted:
    """Return who hears what on a day, given what was told before; the store says who has a digest, or `written_to`."""
    newest = digest_of(reference.ladder)
    steps = Steps(as_of, now, reference.calendar, newest, {**ladders_of(session), newest: reference.ladder})
    people = People(reference.contacts, holdings_of(session, known_at=now), as_of)
    promises = promises_of(session, as_of=as_of, known_at=now)
    written = _written_to(session, as_of) if written_to is None else written_to
    return Sorting(steps, people, history, promises, written, policy).sort(duties)


def ladders_of(session: Session) -> Mapping[str, Ladder]:
    """Return every ladder notices were planned by, by its digest."""
    rows = session.scalars(select(LadderVersion))
    return {row.digest: [rung_from(stated) for stated in row.rungs] for row in rows}


def _written_to(session: Session, as_of: date) -> WrittenTo:
    """Return who already has a digest for the day."""
    query = select(Notice.address, Notice.agency_code, Notice.role).where(col(Notice.as_of) == as_of)  # type: ignore[call-overload]
    rows = session.execute(query).all()
    return WrittenTo(
        frozenset(address.casefold() for address, _, _ in rows), frozenset((agency, role) for _, agency, role in rows)
    )
