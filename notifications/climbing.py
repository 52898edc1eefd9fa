"""Which step of the ladder an open duty takes on a day, or why it takes none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.commitments import Promise
from models.duties import Duty
from notifications.history import HANDED_ON, RESOLVED, ToldStep
from notifications.notice import Reason, Suppression
from rules.calendar import WorkingCalendar
from rules.ladder import Ladder, Role, Rung, Stop, inside, one_higher, rung_reached


class Climb(NamedTuple):
    """The highest rung reached, by the ladder of the digest `ladder`; told for `reason`, or kept back for `untold`.

    `since` is the day a step told again was last told; of any other, the day the last alarm about the work ended.
    """

    rung: Rung
    ladder: str
    reason: Reason
    untold: Suppression | None
    superseded: tuple[Rung, ...] = ()
    since: date = date.min


@dataclass(frozen=True)
class Steps:
    """The ladders in force on a day: the newest for what nobody was told of yet, and those told by before."""

    as_of: date
    known_at: datetime
    calendar: WorkingCalendar
    newest: str
    ladders: Mapping[str, Ladder]
    _reached: dict[tuple[str, date], Rung | None] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], Climb | None] = field(default_factory=dict)
    _late: dict[date, int] = field(default_factory=dict)

    def inside(self) -> "Steps":
        """Return the same steps as far as an agency's own posts hear them."""
        own = {digest: inside(ladder) for digest, ladder in self.ladders.items()}
        return Steps(self.as_of, self.known_at, self.calendar, self.newest, own)

    def next(
        self, duty: Duty, told: Sequence[ToldStep], promises: Sequence[Promise], *, mixed: bool = False
    ) -> Climb | None:
        """Return the step `duty` has come to, given what was told and promised about it; None before the first.

        `mixed` says that some of it was told about other assignments, which count under it.
        """
        if promises or mixed:
            return self._next(duty, told, promises)
        # All it depends on but the assignment: a hundred thousand duties come to a few hundred answers.
        key = (
            (duty.last_good_day, duty.awaiting, duty.agency, *[step[1:] for step in told])
            if told
            else (duty.last_good_day, duty.awaiting)
        )
        if key not in self._answers:
            self._answers[key] = self._next(duty, told, ())
        return self._answers[key]

    def _next(self, duty: Duty, told: Sequence[ToldStep], promises: Sequence[Promise]) -> Climb | None:
        everything, before, since = _since_resolved(duty, told)
        version = [each for each in everything if _is_of(duty.agency, each) or each.role == Role.WORKING_GROUP]
        ladder = before.ladder if before and before.ladder in self.ladders else self.newest
        reached = self.reached(ladder, duty.last_good_day)
        if reached is None:
            return None
        promised = [each for each in promises if each.last_good_day == duty.last_good_day]
        rung = max([reached, *self._after_broken(promised, ladder)]) if promised else reached
        if not all(_is_of(duty.agency, each) for each in everything):
            rung, version = self._after_transfer(rung, ladder, version, duty.agency)
        untold, reason = self._verdict(rung, duty, version, promised)
        if reason is Reason.REPEAT and not untold:
            since = max(each.told_on for each in version if _same(each, rung))
        if before and reason is Reason.FIRST:
            reason = Reason.WORSE
        if untold:
            return Climb(rung, ladder, reason, untold, since=since)
        lower = tuple(each for each in self.ladders[ladder] if each < rung and not any(_same(t, each) for t in version))
        return Climb(rung, ladder, reason, None, lower if reason is not Reason.REPEAT else (), since)

    def reached(self, ladder: str, last_good_day: date) -> Rung | None:
        """Return the highest rung whose day has come."""
        key = (ladder, last_good_day)
        if key not in self._reached:
            self._reached[key] = rung_reached(last_good_day, self.as_of, self.ladders[ladder], self.calendar)
        return self._reached[key]

    def late(self, last_good_day: date) -> int:
        """Return the working days from an effective due day to the day asked about; negative before it."""
        if last_good_day not in self._late:
            self._late[last_good_day] = self.calendar.working_days_between(last_good_day, self.as_of)
        return self._late[last_good_day]

    def _verdict(
        self, rung: Rung, duty: Duty, version: Sequence[ToldStep], promised: Sequence[Promise]
    ) -> tuple[Suppression | None, Reason]:
        """Return why the rung is kept back, if it is, and the reason for which it would be told."""
        top = max([each.rung for each in version], default=None)
        same = [each.told_on for each in version if _same(each, rung)]
        if self._is_quiet(rung, top, promised):
            return Suppression.COMMITTED, Reason.FIRST
        if Stop.DECLARED in rung.stopped_by and duty.awaiting:
            return Suppression.DECLARED, Reason.FIRST
        if same:
            due = rung.repeat_every and top is not None and top <= rung.offset
            again = due and self.calendar.working_days_between(max(same), self.as_of) >= rung.repeat_every
            return (None, Reason.REPEAT) if again else (Suppression.ALREADY_TOLD, Reason.REPEAT)
        if top is not None and top > rung.offset:
            return Suppression.SUPERSEDED, Reason.WORSE
        return None, Reason.WORSE if version else Reason.FIRST

    def _is_quiet(self, rung: Rung, top: int | None, promised: Sequence[Promise]) -> bool:
        """Whether the newest commitment has days left, given on the highest rung told and not below this one."""
        if not promised or Stop.COMMITMENT not in rung.stopped_by:
            return False
        newest = promised[-1]
        return self.as_of <= newest.until_on and newest.rung >= max(rung.offset, rung.offset if top is None else top)

    def _after_broken(self, promised: Sequence[Promise], ladder: str) -> list[Rung]:
        """Return the rungs that broken commitments entered: each one higher than the one it had quieted."""
        broken = [each for each in promised if each.is_broken(self.as_of)]
        entered = [one_higher(each.rung, self.ladders[ladder]) for each in broken]
        return [rung for rung in entered if rung is not None]

    def _after_transfer(
        self, rung: Rung, ladder: str, version: list[ToldStep], agency: str
    ) -> tuple[Rung, list[ToldStep]]:
        """Return the rung an agency that took the work over starts on, and what counts as told to it.

        What the working group was told before stays told: the agency's own highest post hears instead.
        """
        own = [each for each in version if _is_of(agency, each)]
        if own or not any(_same(each, rung) for each in version):
            return rung, version
        below = [each for each in self.ladders[ladder] if each <= rung and each.role is not Role.WORKING_GROUP]
        return (max(below), own) if below else (rung, version)


def _is_of(agency: str, told: ToldStep) -> bool:
    """Whether the agency that answers now answered when a step was told; before that was kept, by whose post heard."""
    if told.accountable:
        return told.accountable == agency
    return told.agency in ("", agency) or told.role == Role.WORKING_GROUP


def _since_resolved(duty: Duty, told: Sequence[ToldStep]) -> tuple[list[ToldStep], ToldStep | None, date]:
    """Return the steps told of this due day since it was last told done, the first one at all, and that last day.

    Each assignment that counts under the duty ended by itself; that another agency answers for one ends nothing.
    """
    asked = [each for each in told if each.last_good_day == duty.last_good_day and not each.information]
    version = [each for each in asked if each.step != HANDED_ON]
    ended = {each.assignment_id: at for at, each in enumerate(version) if each.step == RESOLVED}
    since = max((version[at].told_on for at in ended.values()), default=date.min)
    left = [each for at, each in enumerate(version) if at > ended.get(each.assignment_id, -1)]
    return left, version[0] if version else None, since


def _same(told: ToldStep, rung: Rung) -> bool:
    """Whether a step told is this one: by its name, or for steps told before they had names by day and post."""
    if told.step:
        return told.step == rung.step
    return told.rung == rung.offset or (told.role == rung.role and told.rung > 0 and rung.offset > 0)
