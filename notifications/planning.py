"""Decide who must hear what on a day, and write it to the outbox before anything is sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import Store
from models.answers_due import answers_due
from models.commitments import promises_of
from models.duties import Duty, duties_of, withdrawn_of, wordings_of
from models.escalation_tables import LadderVersion
from models.handed import HandedRow, handed_of
from models.held_under import Held, held_under
from models.kinds import kinds_of
from models.obstacles import ObstacleRow, obstacles_of
from models.outcome_tables import Notice
from models.people import holdings_of
from models.question import Question
from models.reference import read_reference, succession_of
from models.shares_due import shares_due
from models.status import WARNING_WORKING_DAYS
from models.work_tables import TaskStep
from models.writers import wait_for_writers_of
from notifications.channel import see_that_all_are_set_up
from notifications.climbing import Steps
from notifications.composing import Composer
from notifications.history import History, history_of
from notifications.links import Links
from notifications.notice import Plan, Suppressed, Suppression
from notifications.overtaken import overtake
from notifications.posting import post
from notifications.reminding import REMINDER
from notifications.sorting import Sorted, Sorting, WrittenTo
from notifications.uninterrupted import uncollected
from rules.digest_policy import DigestPolicy
from rules.ladder import Ladder, channels_of, digest_of, rung_from
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
    channels: frozenset[str] = frozenset()


def plan_notices(
    store: Store,
    *,
    as_of: date,
    now: datetime,
    dry_run: bool = False,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    policy: DigestPolicy = AS_SHIPPED,
    links: Links | None = None,
    channels: Collection[str] = (),
) -> Plan:
    """Decide the digests of `as_of` by what is known at `now` (aware) and record them, all or none.

    One digest per person and day; a step of an assignment is told once per effective due day (again only where the
    ladder repeats it), and again in a later day's digest when the letter was lost. A letter of an earlier day that has
    not left by now never will: what of it is still due is told in today's digests. A day off plans nothing.

    With `dry_run` the same answer is given, its links left out, and nothing is written. `level` is what counts as
    completion, `policy` what is held back, `links` signs the way to answer (None: digests hold none). `channels` names
    those that are set up beside e-mail; raises ChannelError where the ladder names another one.
    """
    with store.reading() as session:
        reference = read_reference(session)
    see_that_all_are_set_up(channels_of(reference.ladder), channels)
    if not reference.calendar.is_working(as_of):
        return Plan(as_of, (), 0, (Suppressed(as_of.isoformat(), Suppression.DAY_OFF),))
    terms = Terms(level, policy, None if dry_run else links, frozenset(channels))
    if dry_run:
        with store.reading() as session, uncollected():
            return decide_day(session, as_of, now, reference, terms)
    with store.writing() as session, uncollected():
        wait_for_writers_of(session, Notice)
        plan = decide_day(session, as_of, now, reference, terms)
        overtake(session, plan)
        post(session, plan, reference.ladder, now)
    return plan


def decide_day(session: Session, as_of: date, now: datetime, reference: Reference, terms: Terms) -> Plan:
    """Return the plan of one working day."""
    known = history_of(session, as_of=as_of, known_at=now)
    asked = question_of(session, as_of, now, reference, terms.level)
    duties = read_duties(session, asked, reference)
    found = sort_day(session, asked, reference, terms.policy, known, duties)
    composer = Composer(as_of, now, reference, terms.policy, known, terms.links, terms.channels)
    wording_ids = {entry.duty.wording_id for entries in found.entries.values() for entry in entries}
    wording_ids.update(duty.wording_id for duty in composer.known_to_readers(found))
    notices = composer.notices(found, wordings_of(session, wording_ids))
    return Plan(as_of, notices, len(notices), tuple(found.suppressed))


def question_of(session: Session, as_of: date, now: datetime, reference: Reference, level: CompletionLevel) -> Question:
    """Return what planning asks of the duties of a day, as known at an instant."""
    window = AskedAbout(as_of, reference.calendar.add_working_days(as_of, WARNING_WORKING_DAYS))
    return Question(window, now, level, succession_of(session), kinds=kinds_of(session))


def read_duties(session: Session, question: Question, reference: Reference) -> list[Duty]:
    """Return the duties any rung can concern on a day."""
    calendar, day = reference.calendar, question.asked.day
    first = min((rung.offset for rung in reference.ladder), default=0)
    return duties_of(session, question, through=calendar.next_working(calendar.add_working_days(day, max(-first, 0))))


def sort_day(
    session: Session,
    question: Question,
    reference: Reference,
    policy: DigestPolicy,
    history: History,
    duties: Sequence[Duty],
    written_to: WrittenTo | None = None,
) -> Sorted:
    """Return who hears what on a day, given what was told before; the store says who has a digest, or `written_to`.

    `duties` are those of the day; what no longer stands, the answers owed to obstacles and the shares handed down are
    looked up beside them.
    """
    as_of, now, newest = question.asked.day, question.known_at, digest_of(reference.ladder)
    steps = Steps(as_of, now, reference.calendar, newest, {**ladders_of(session), newest: reference.ladder})
    people = People(reference.contacts, holdings_of(session, known_at=now), as_of)
    promises = promises_of(session, as_of=as_of, known_at=now)
    written = _written_to(session, as_of) if written_to is None else written_to
    obstacles = obstacles_of(session, as_of=as_of, known_at=now)
    shares = handed_of(session, as_of=as_of, known_at=now)
    told = {assignment for assignment, obstacle, share in history.subjects() if not obstacle and not share}
    withdrawn = withdrawn_of(session, question, told - {duty.assignment_id for duty in duties})
    concerned = {row.obstacle.assignment_id for row in obstacles} | {row.handed.assignment_id for row in shares}
    looked_for = {*told, *promises, *concerned}
    held = held_under(session, question, looked_for - {duty.assignment_id for duty in withdrawn}, duties)
    work = _work(concerned, duties, held) if concerned else {}
    beside = _beside(session, obstacles, shares, work, history)
    sorting = Sorting(steps, people, history, promises, written, policy, held, _stepped(session, question))
    return sorting.sort([*duties, *withdrawn, *beside])


def _stepped(session: Session, question: Question) -> frozenset[int]:
    """Return the words (by their ids) of work done in steps."""
    return frozenset(session.scalars(select(col(TaskStep.task_revision_id)))) if question.kinds.steps else frozenset()


def _work(ids: Collection[int], duties: Sequence[Duty], held: Mapping[int, Held]) -> Mapping[int, Duty]:
    """Return the duty each of some assignments counts under, if any."""
    rows = {duty.assignment_id: duty for duty in duties}
    under = {**{id_: id_ for id_ in rows}, **{id_: each.row for id_, each in held.items()}}
    return {id_: rows[under[id_]] for id_ in ids if id_ in under}


def _beside(
    session: Session,
    obstacles: Sequence[ObstacleRow],
    shares: Sequence[HandedRow],
    work: Mapping[int, Duty],
    history: History,
) -> list[Duty]:
    """Return the answers owed and the shares handed down, and those once told of that concern nobody any more."""
    told = [(obstacle, share) for _, obstacle, share in history.subjects() if obstacle or share]
    answered, handed = {obstacle for obstacle, _ in told} - {0}, {share for _, share in told} - {0}
    answers = answers_due(session, obstacles, work, answered) if obstacles or answered else []
    return [*answers, *(shares_due(session, shares, work, handed) if shares or handed else [])]


def ladders_of(session: Session) -> Mapping[str, Ladder]:
    """Return every ladder notices were planned by, by its digest."""
    rows = session.scalars(select(LadderVersion))
    return {row.digest: [rung_from(stated) for stated in row.rungs] for row in rows}


def _written_to(session: Session, as_of: date) -> WrittenTo:
    """Return who already has a digest for the day."""
    query = select(Notice.address, Notice.agency_code, Notice.role).where(  # type: ignore[call-overload]
        col(Notice.as_of) == as_of, col(Notice.reason) != REMINDER
    )
    rows = session.execute(query).all()
    return WrittenTo(
        frozenset(address.casefold() for address, _, _ in rows), frozenset((agency, role) for _, agency, role in rows)
    )
