"""The month's round of reports: which agencies have sent theirs, which sent one with errors, which are late."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlmodel import Session, col, select

from models.assignment_tables import Assignment, Batch, Progress
from models.counted import live_batches
from models.reference import calendar_of, register_of
from models.uploads import AT_WORK, TO_RECORD, Stage, UploadAsIs, uploads_of
from rules.calendar import WorkingCalendar
from rules.meeting import cutoff_of, first_day
from texts.wording import HANOI

_PROGRESS = "progress"
_MOST_UPLOADS = 5000


class Sent(StrEnum):
    """How far an agency has come with the month's report."""

    SENT = "sent"
    TO_RECORD = "to_record"
    WITH_ERRORS = "with_errors"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class AgencyRound:
    """One agency in a month's round; `days_late` are working days, of the first report recorded or until today.

    `batch` is its last recorded report, None where it said that nothing changed, `upload` its last upload, `sent_on`
    the day of the first report.
    """

    agency: str
    name: str
    sent: Sent
    days_late: int = 0
    sent_on: date | None = None
    batch: int | None = None
    upload: int | None = None


@dataclass(frozen=True)
class Round:
    """A month's round as of a day: the reports are due by the end of `due_on`."""

    month: str
    due_on: date
    lines: tuple[AgencyRound, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many agencies there are of each kind, all of them, and those late without a report."""
        counts = Counter(str(line.sent) for line in self.lines)
        late = sum(line.days_late > 0 for line in self.lines if line.sent is not Sent.SENT)
        return {**{str(sent): counts[sent] for sent in Sent}, "total": len(self.lines), "late": late}


def round_of(session: Session, month: str, *, today: date, known_at: datetime, agency: str | None = None) -> Round:
    """Return the round of `month` ("2025-08") as of `today`, by what was recorded at `known_at` (aware).

    A report counts for the month its own day lies in; one sent as bringing nothing new is a report, too. Agencies are
    those accountable for any assignment, or `agency` alone. Reports are due on the 25th, on the next working day when
    that is a day off.
    """
    register, calendar = register_of(session), calendar_of(session)
    accountable = register.accountable(today)
    due_on = calendar.effective(cutoff_of(month)) or cutoff_of(month)
    held = {accountable.get(code, code) for code in session.scalars(select(Assignment.agency_code).distinct())}
    wanted = [each for each in register.agencies if each.code in held and agency in {None, each.code}]
    batches = _recorded(session, month, known_at, accountable)
    uploads = _uploaded(session, month, accountable)
    lines = (
        _line(each.code, each.name_vi, batches.get(each.code, []), uploads.get(each.code, []), due_on, today, calendar)
        for each in wanted
    )
    return Round(month, due_on, tuple(lines))


def _line(
    agency: str, name: str, batches: list[tuple[int, date]], uploads: list[UploadAsIs], due_on: date, today: date,
    calendar: WorkingCalendar,
) -> AgencyRound:  # fmt: skip
    unchanged = [each.state.at.astimezone(HANOI).date() for each in uploads if each.stage is Stage.UNCHANGED]
    sent_on = min([*(day for _, day in batches), *unchanged], default=None)
    until = sent_on or today
    days_late = calendar.working_days_between(due_on, until) if until > due_on else 0
    newest = max((batch for batch, _ in batches), default=None)
    upload = next(iter(uploads), None)
    number = upload.number if upload else None
    return AgencyRound(agency, name, _how_far(sent_on, upload), days_late, sent_on, newest, number)


def _how_far(sent_on: date | None, upload: UploadAsIs | None) -> Sent:
    if sent_on:
        return Sent.SENT
    if upload is None:
        return Sent.NOT_SENT
    return Sent.TO_RECORD if upload.stage in AT_WORK | TO_RECORD else Sent.WITH_ERRORS


def _recorded(
    session: Session, month: str, known_at: datetime, accountable: Mapping[str, str]
) -> dict[str, list[tuple[int, date]]]:
    """Return the batches that report as of a day of the month, with the day each was recorded, by agency."""
    of_day = Batch.answer["reported_on"].as_string()
    query = select(Batch.id, Batch.agency_code, Batch.recorded_at).where(
        Batch.kind == _PROGRESS,
        col(Batch.recorded_at) >= _begins(month),
        of_day.like(f"{month}-%"),
        col(Batch.id).in_(live_batches(known_at)),
    )
    found: dict[str, list[tuple[int, date]]] = {}
    for batch, sender, at in session.exec(query).all():
        assert batch is not None
        for code in [sender] if sender else _reported_by(session, batch):
            found.setdefault(accountable.get(code, code), []).append((batch, at.astimezone(HANOI).date()))
    return found


def _reported_by(session: Session, batch: int) -> Iterable[str]:
    """Return whose assignments a summary reports on."""
    query = (
        select(Assignment.agency_code)
        .join(Progress, col(Progress.assignment_id) == col(Assignment.id))
        .where(Progress.batch_id == batch)
        .distinct()
    )
    return session.exec(query).all()


def _uploaded(session: Session, month: str, accountable: Mapping[str, str]) -> dict[str, list[UploadAsIs]]:
    """Return the uploads of the month by agency, newest first; one whose report's day nobody read counts by its own."""
    uploads: dict[str, list[UploadAsIs]] = {}
    for found in uploads_of(session, since=_begins(month), at_most=_MOST_UPLOADS):
        code = found.state.agency_code or found.upload.agency_code
        day = found.state.reported_on or found.upload.sent_at.astimezone(HANOI).date()
        told = found.state.kind in {"", _PROGRESS} and found.stage is not Stage.RECORDED
        if code and told and f"{day:%Y-%m}" == month:
            uploads.setdefault(accountable.get(code, code), []).append(found)
    return uploads


def _begins(month: str) -> datetime:
    return datetime.combine(first_day(month), time(0), HANOI)
