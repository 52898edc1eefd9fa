"""Remind agencies that have not sent the month's report: one letter to the focal point, once for a month and a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import insert, select
from sqlmodel import Session, col

from models import Store
from models.columns import table_of
from models.outcome_tables import AuditEntry, Notice
from models.people import holdings_of
from models.reference import calendar_of, read_reference
from models.writers import wait_for_writers_of
from notifications.notice import NoticeState
from rules.digest_policy import DigestPolicy
from rules.ladder import Contact, Role
from rules.meeting import first_day
from rules.people import People
from texts import say
from texts.wording import HANOI, date_text

REMINDER = "reminder"
"""The reason of these notices. They tell of no assignment: planning neither counts nor replaces them."""

_POSTS = [role for role in Role if role is not Role.WORKING_GROUP]
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(enabled_extensions=("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.globals["say"] = say


@dataclass(frozen=True)
class Asked:
    """What is asked for: the report of `month` ("2025-08"), due by the end of `due_on`, as of the day `as_of`."""

    month: str
    due_on: date
    as_of: date


@dataclass(frozen=True)
class Reminded:
    """The agencies a letter was planned for now, those it was planned for earlier that day, those without an address.

    `day_off`: nothing was planned, for nobody is at work.
    """

    planned: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    without_contact: tuple[str, ...] = ()
    day_off: bool = False


@dataclass(frozen=True)
class LastReminder:
    """The last reminder of a month to an agency: its day, and the state its notice is in."""

    on: date
    state: NoticeState


def remind(
    store: Store, agencies: Collection[str], asked: Asked, *, by: str, now: datetime, policy: DigestPolicy
) -> Reminded:
    """Plan a reminder for each of `agencies` (codes), all or none; the outbox sends them and accounts for each.

    It goes to whoever holds the focal point's post on the day, or the nearest post above. `by` is the post that asked.
    """
    with store.writing() as session:
        wait_for_writers_of(session, Notice)
        reference = read_reference(session)
        if not reference.calendar.is_working(asked.as_of):
            return Reminded(day_off=True)
        hearers = hearers_of(session, agencies, asked.as_of, now)
        keys = {agency: f"{asked.as_of.isoformat()}/{agency}/{REMINDER}/{asked.month}" for agency in hearers}
        already = set(session.scalars(select(col(Notice.key)).where(col(Notice.key).in_(keys.values()))))
        fresh = {agency: contact for agency, contact in hearers.items() if keys[agency] not in already}
        names = {agency.code: agency.name_vi for agency in reference.register.agencies}
        opens = policy.not_before(now.astimezone(HANOI), calendar_of(session))
        rows = [
            {**_row(names[code], contact, asked), "key": keys[code], "agency_code": code, "planned_at": now,
             "next_at": opens}
            for code, contact in fresh.items()
        ]  # fmt: skip
        if rows:
            session.execute(insert(table_of(Notice)), rows)
            detail = {"agencies": sorted(fresh)}
            session.add(AuditEntry(at=now, by=by, action="remind", subject=asked.month, detail=detail))
    told = tuple(code for code in hearers if code not in fresh)
    return Reminded(tuple(fresh), told, tuple(code for code in agencies if code not in hearers))


def hearers_of(session: Session, agencies: Collection[str], as_of: date, now: datetime) -> Mapping[str, Contact]:
    """Return who hears for each agency on a day; those nobody hears for are left out."""
    reference = read_reference(session)
    people = People(reference.contacts, holdings_of(session, known_at=now), as_of)
    found = {code: [people.accountable(code, role) for role in _POSTS] for code in agencies}
    readers = {code: next(filter(None, posts), None) for code, posts in found.items()}
    return {code: reader.contact for code, reader in readers.items() if reader and reader.contact.address}


def last_reminders(session: Session, month: str) -> Mapping[str, LastReminder]:
    """Return the last reminder of `month` by agency."""
    query = select(Notice.agency_code, Notice.as_of, Notice.state).where(  # type: ignore[call-overload]
        col(Notice.reason) == REMINDER, col(Notice.as_of) >= first_day(month), col(Notice.key).endswith(f"/{month}")
    )
    return {row.agency_code: LastReminder(row.as_of, NoticeState(row.state)) for row in session.execute(
        query.order_by(col(Notice.as_of)))}  # fmt: skip


def _row(name: str, contact: Contact, asked: Asked) -> dict[str, object]:
    late = asked.as_of > asked.due_on
    words: dict[str, Any] = {
        "agency": name,
        "month": f"{int(asked.month[5:])}/{asked.month[:4]}",
        "due_on": date_text(asked.due_on),
    }
    subject = say("reminder.subject_late" if late else "reminder.subject", **words)
    letter = {"subject": subject, "words": words, "late": late}
    return {
        "as_of": asked.as_of,
        "role": str(contact.role),
        "recipient": contact.post_vi,
        "address": contact.address,
        "reason": REMINDER,
        "subject": subject,
        "text": _TEMPLATES.get_template("reminder.txt").render(letter),
        "html": _TEMPLATES.get_template("reminder.html").render(letter),
        "state": str(NoticeState.PLANNED),
    }
