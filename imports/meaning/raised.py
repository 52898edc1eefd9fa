"""What a report's row raises beside its progress: an obstacle with a proposal, and a request for more time."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.context import Context
from imports.meaning.day_order import is_far_off
from imports.meaning.days import ImpossibleDayError, read_day
from imports.meaning.digests import digest_of
from imports.meaning.documents import DocumentRef
from imports.meaning.nothing_said import says_nothing
from imports.problem import Problem, Severity
from rules.deadline import DeadlineKind, read_deadline

# What a row says when it raises something; without these words the other columns raise nothing.
RAISES = frozenset({Field.DIFFICULTY, Field.PROPOSAL, Field.EXTENSION})
_ABOUT_THE_OBSTACLE = (Field.ADDRESSED_TO, Field.NEEDED_BY)


@dataclass(frozen=True)
class RaisedObstacle:
    """What stands in the way and what is proposed; `addressed_to` is a code of the register, None when not known."""

    text: str
    proposal: str
    addressed_to: str | None
    addressed_text: str
    needed_by: date | None
    digest: str


@dataclass(frozen=True)
class AskedExtension:
    """The new due day asked for, and the reason given."""

    new_due_on: date
    reason: str
    digest: str


@dataclass
class RaisedReader:
    """Reads what rows raise; `problems` grows as it goes."""

    context: Context
    reported_on: date
    problems: list[Problem] = field(default_factory=list)

    def obstacle(self, row: WrittenRow) -> RaisedObstacle | None:
        """Return the obstacle or the proposal of a row; None when it states neither."""
        text, proposal = said(row, Field.DIFFICULTY), said(row, Field.PROPOSAL)
        if not (text or proposal):
            for column in _ABOUT_THE_OBSTACLE:
                if said(row, column):
                    self._say(row, "addressed_without_obstacle", column)
                    break
            return None
        addressed_text = said(row, Field.ADDRESSED_TO)
        addressed_to = self._addressee(row, addressed_text)
        needed_by = self._day(row, Field.NEEDED_BY)
        if needed_by and needed_by < self.reported_on:
            self._say(row, "answer_day_past", Field.NEEDED_BY, day=f"{self.reported_on:%d/%m/%Y}")
        words = (text, proposal, addressed_to, addressed_text)
        return RaisedObstacle(*words, needed_by, digest_of(*words, needed_by))

    def extension(self, row: WrittenRow, document: DocumentRef) -> AskedExtension | None:
        """Return the new due day a row asks for; None when it asks for none, or for one that cannot be read."""
        text, reason = said(row, Field.EXTENSION), said(row, Field.EXTENSION_REASON)
        if not text:
            if reason:
                self._say(row, "extension_without_day", Field.EXTENSION_REASON)
            return None
        new_due_on = self._new_due_day(row, text, document)
        if new_due_on is None:
            return None
        if not reason:
            self._say(row, "extension_without_reason", Field.EXTENSION)
        if is_far_off(new_due_on, self.reported_on):
            self._say(row, "day_far_off", Field.EXTENSION, read_as=f"{new_due_on:%d/%m/%Y}")
        return AskedExtension(new_due_on, reason, digest_of(new_due_on, reason))

    def _addressee(self, row: WrittenRow, text: str) -> str | None:
        if not text:
            return None
        reading = self.context.leads(self.reported_on).read(text)
        if len(reading.holders) == 1 and not reading.collectives and not reading.leftover:
            return reading.holders[0].agency
        self._say(row, "unknown_addressee", Field.ADDRESSED_TO)
        return None

    def _new_due_day(self, row: WrittenRow, text: str, document: DocumentRef) -> date | None:
        """Return the day itself, or the last day of the period written ("Quý IV/2025")."""
        try:
            day = read_day(row.values.get(Field.EXTENSION, ""))
        except ImpossibleDayError:
            self._say(row, "impossible_date", Field.EXTENSION, Severity.STOPS)
            return None
        if day is not None:
            return day
        read = read_deadline(text, document_on=document.issued_on, calendar=self.context.calendar)
        if read.due_on is None or read.needs_confirmation or read.is_recurring or read.kind is DeadlineKind.RELATIVE:
            self._say(row, "extension_unread", Field.EXTENSION)
            return None
        return read.due_on

    def _day(self, row: WrittenRow, column: Field) -> date | None:
        try:
            day = read_day(row.values.get(column, ""))
        except ImpossibleDayError:
            self._say(row, "impossible_date", column, Severity.STOPS)
            return None
        if day is None and said(row, column):
            self._say(row, "unknown_day", column)
        return day

    def _say(
        self, row: WrittenRow, code: str, column: Field, severity: Severity = Severity.TO_CONFIRM, **values: Any
    ) -> None:
        self.problems.append(row.problem(code, severity, column, **values))


def tells(row: WrittenRow) -> bool:
    """Whether a row raises anything: words that there is nothing raise nothing."""
    return any(said(row, column) for column in RAISES)


def said(row: WrittenRow, column: Field) -> str:
    """Return what one of these cells says, nothing when it says that there is nothing."""
    text = row.texts.get(column, "")
    return "" if not text or says_nothing(text) else text
