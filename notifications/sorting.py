"""Sort the duties of a day: to whom each is told, and which are not told and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from models.commitments import Promise
from models.duties import OPEN, WITHDRAWN, Duty
from models.held_under import Held
from models.shares_due import PASSED_ON, TAKEN_BACK, WORK_DONE
from notifications.climbing import Climb, Steps
from notifications.history import History, Subject, ToldStep, alarmed, last_hearer
from notifications.notice import Reason, Suppressed, Suppression, item_key
from rules.digest_policy import DigestPolicy
from rules.ladder import Contact, Role
from rules.people import HoldingKind, People, Reader
from rules.status import NEVER, Status

Addressee = str
TRANSFERRED = "transferred"
_ENDED: Mapping[str, str] = {
    Status.COMPLETED_ON_TIME: "completed",
    Status.COMPLETED_LATE: "completed",
    Status.CANCELLED: "cancelled",
    WITHDRAWN: "withdrawn",
    TAKEN_BACK: "taken_back",
    WORK_DONE: "work_done",
    PASSED_ON: TRANSFERRED,
}


class Entry(NamedTuple):
    """One duty in one person's digest, not yet worded; `climb` is None where it is told that it is done.

    `alarmed` is then the agency of the post that was alarmed.
    """

    duty: Duty
    reader: Reader
    role: Role
    rung: int
    reason: Reason
    late: int
    climb: Climb | None = None
    last_good_day: date = NEVER
    ended: str = ""
    information: bool = False
    alarmed: str = ""

    @property
    def post_agency(self) -> str:
        """Whose post hears."""
        return self.alarmed or self.reader.contact.agency

    def urgency(self) -> tuple[bool, bool, bool, date, int, int, int]:
        """Order entries where not all find room: never told before the end of work before repeats, longest ago first.

        What is new or done is told once and makes room for the next; what repeats would be there every day.
        """
        repeats = self.reason is Reason.REPEAT
        last = self.climb.since if self.climb and repeats else date.min
        return repeats, self.reason is Reason.RESOLVED, self.information, last, -self.rung, -self.late, self.duty[0]

    def severity(self) -> tuple[bool, bool, int, int, int]:
        """Order entries: what is open before what is done, one's own before information, high rungs, long lateness."""
        return self.reason is Reason.RESOLVED, self.information, -self.rung, -self.late, self.duty.assignment_id


@dataclass(frozen=True)
class WrittenTo:
    """Who already has a digest for the day: its mailboxes, and the posts by agency and role."""

    mailboxes: AbstractSet[Addressee]
    posts: AbstractSet[tuple[str, str]]

    def holds(self, contact: Contact) -> bool:
        """Whether `contact` was written to, though its address may have changed since."""
        return contact.address.casefold() in self.mailboxes or (contact.agency, contact.role) in self.posts


class Sorted:
    """The entries of each addressee (a mailbox, whatever posts hear there), what they know, and what is not told."""

    def __init__(self) -> None:
        """Start with nothing told and nothing suppressed."""
        self.entries: dict[Addressee, list[Entry]] = defaultdict(list)
        self.known: dict[tuple[str, str], list[Duty]] = defaultdict(list)
        self.suppressed: list[Suppressed] = []
        self._held: set[tuple[Addressee, Subject]] = set()

    def suppress(self, duty: Duty, rung: int, reason: Suppression) -> None:
        """Note that a step of a duty is not told."""
        code = duty.share.code if duty.share else duty.code
        key = item_key(code, duty.last_good_day, rung, duty.obstacle.id if duty.obstacle else 0)
        self.suppressed.append(Suppressed(key, reason))

    def tell(self, entry: Entry) -> None:
        """Put an entry into the digest of whoever reads that address; nobody reads for information what is theirs."""
        addressee = entry.reader.contact.address.casefold()
        mine = (addressee, entry.duty.subject)
        if not entry.information or mine not in self._held:
            self.entries[addressee].append(entry)
            self._held.add(mine)


@dataclass(frozen=True)
class Sorting:
    """What sorting goes by on one day; `sort` answers who hears what.

    `held` names the assignments that were told of or promised and count under another duty now, `stepped` the words
    (by their ids) of work done in steps.
    """

    steps: Steps
    people: People
    history: History
    promises: Mapping[int, Sequence[Promise]]
    written_to: WrittenTo
    policy: DigestPolicy
    held: Mapping[int, Held] = field(default_factory=dict)
    stepped: AbstractSet[int] = frozenset()

    def sort(self, duties: Sequence[Duty]) -> Sorted:
        """Sort every duty by the highest step it has reached; then hold back what is too much or only a trial."""
        found = Sorted()
        for duty in duties:
            told = self.history.of(duty.subject, *self._parts_of(duty))
            if told:
                self._resolve(found, duty, told)
            if duty.status in OPEN and duty.last_good_day != NEVER:
                self._climb(found, duty, told)
        self._hold_back(found)
        return found

    @cached_property
    def _parts(self) -> Mapping[int, Sequence[int]]:
        """The assignments that count under each duty, by its id."""
        parts: dict[int, list[int]] = defaultdict(list)
        for id_, held in self.held.items():
            parts[held.row].append(id_)
        return parts

    @cached_property
    def _inside(self) -> Steps:
        return self.steps.inside()

    def _steps_of(self, duty: Duty) -> Steps:
        """Return the steps a duty takes: nobody outside its agency hears of a share handed down."""
        return self._inside if duty.share else self.steps

    def _parts_of(self, duty: Duty) -> Sequence[int]:
        return () if duty.is_beside or not self.held else self._parts.get(duty.assignment_id, ())

    def _promised(self, duty: Duty) -> Sequence[Promise]:
        """Return what was promised of a duty, of its parts and of the same work in another document, oldest first."""
        if duty.is_beside or not self.promises:
            return ()
        ids = (duty.assignment_id, *self._parts_of(duty))
        promised = [each for id_ in ids for each in self.promises.get(id_, ())]
        return sorted(promised, key=lambda each: each.commitment.id or 0)

    def _climb(self, found: Sorted, duty: Duty, told: Sequence[ToldStep]) -> None:
        steps = self._steps_of(duty)
        climb = steps.next(duty, told, self._promised(duty), mixed=bool(self._parts_of(duty)))
        if climb is None:
            return
        rung = climb.rung
        if climb.untold:
            found.suppress(duty, rung.offset, climb.untold)
            if told and (last := last_hearer(told, duty.agency)):
                found.known[last].append(duty)
            if self._somebody_reads and climb.untold is Suppression.ALREADY_TOLD:
                self._inform(found, duty, climb._replace(reason=Reason.FIRST))
            return
        reader = self.people.at_or_above(duty.agency, rung, steps.ladders[climb.ladder])
        if reader is None or self.written_to.holds(reader.contact):
            found.suppress(duty, rung.offset, Suppression.NEXT_DIGEST if reader else Suppression.NO_CONTACT)
            return
        if reader.skipped:
            found.suppress(duty, rung.offset, Suppression.NO_CONTACT)
        late = self.steps.late(duty.last_good_day)
        role = reader.contact.role
        entry = Entry(duty, reader, role, rung.offset, climb.reason, late, climb, duty.last_good_day)
        found.tell(entry)
        if self._somebody_reads:
            self._inform(found, duty, climb)
        for lower in climb.superseded:
            found.suppress(duty, lower.offset, Suppression.SUPERSEDED)

    @cached_property
    def _somebody_reads(self) -> bool:
        """Whether anybody reads anything for information."""
        named = any(rung.for_information for ladder in self.steps.ladders.values() for rung in ladder)
        return named or self.people.has_informed

    def _inform(self, found: Sorted, duty: Duty, climb: Climb) -> None:
        """Tell a step to those who read it for information and have not: an earlier digest may have had no room."""
        rung, day = climb.rung, duty.last_good_day
        answers = self.people.at_or_above(duty.agency, rung, self._steps_of(duty).ladders[climb.ladder])
        told = answers.contact.role if answers else rung.role
        mailbox = answers.contact.address.casefold() if answers else ""
        read = [each for each in self.history.readers(duty.subject, day, rung.step) if each[0].told_on > climb.since]
        for other in self.people.informed(duty.agency, rung.for_information, told):
            contact = other.contact
            heard = contact.address.casefold() == mailbox or any(_is_reader(other, *each) for each in read)
            if not heard and not self.written_to.holds(contact):
                late = self.steps.late(day)
                found.tell(
                    Entry(duty, other, contact.role, rung.offset, climb.reason, late, climb, day, information=True)
                )

    def _resolve(self, found: Sorted, duty: Duty, told: Sequence[ToldStep]) -> None:
        """Tell each post that was alarmed, once, that the duty need not trouble it any more."""
        if duty.status in OPEN and not _may_have_ended(told, duty.last_good_day, duty.agency):
            return
        for (agency, role, _), step in alarmed(told, duty.agency).items():
            reader = self.people.accountable(agency, Role(role))
            ended = self._ended(duty, step, agency, reader)
            if reader and ended and not self.written_to.holds(reader.contact):
                whose, day = self._as_told(duty, step), step.last_good_day
                found.tell(
                    Entry(whose, reader, Role(role), step.rung, Reason.RESOLVED, 0, None, day, ended, alarmed=agency)
                )
            elif ended:
                found.suppress(duty, step.rung, Suppression.NEXT_DIGEST if reader else Suppression.NO_CONTACT)

    def _ended(self, duty: Duty, step: ToldStep, agency: str, reader: Reader | None) -> str:
        """Return how what a post of `agency` was told came to its end, or nothing while it has not."""
        if duty.status in _ENDED:
            return _ENDED[duty.status]
        if agency != duty.agency and step.role != Role.WORKING_GROUP:
            heir = self.people.accountable(duty.agency, Role(step.role))
            stays = heir and reader and heir.contact.address.casefold() == reader.contact.address.casefold()
            return "" if stays else TRANSFERRED
        moved = step.last_good_day < duty.last_good_day != NEVER and duty.last_good_day >= self.steps.as_of
        if duty.status not in OPEN or not moved:
            return ""
        if step.assignment_id != duty.assignment_id:
            return "rebound"
        in_steps = duty.wording_id in self.stepped and not duty.is_beside
        return "stepped" if in_steps and not duty.extended else "extended"

    def _as_told(self, duty: Duty, step: ToldStep) -> Duty:
        """Return a duty under the name it was told by."""
        held = self.held.get(step.assignment_id) if step.assignment_id != duty.assignment_id else None
        return duty._replace(assignment_id=step.assignment_id, code=held.code) if held else duty

    def _hold_back(self, found: Sorted) -> None:
        """Order each digest, keep what is too much for the next one, and in a trial write to nobody else."""
        most = self.policy.most_items
        for addressee, entries in list(found.entries.items()):
            if len(entries) > most:
                entries.sort(key=Entry.urgency)
            kept, left = entries[:most], entries[most:]
            kept.sort(key=Entry.severity)
            if not self.policy.receives(addressee):
                contact = min(entries, key=Entry.severity).reader.contact
                key = f"{self.steps.as_of.isoformat()}/{contact.agency}/{contact.role}"
                found.suppressed.append(Suppressed(key, Suppression.TRIAL))
                del found.entries[addressee]
                continue
            for entry in left:
                found.suppress(entry.duty, entry.rung, Suppression.OVERFLOW)
            found.entries[addressee] = kept


def _is_reader(reader: Reader, step: ToldStep, address: str) -> bool:
    """Whether a reader, or whoever held the same post then, read a step at an address for information."""
    contact = reader.contact
    same_post = reader.capacity is not HoldingKind.INFORMATION and (step.agency, step.role) == (
        contact.agency,
        contact.role,
    )
    return same_post or address == contact.address.casefold()


def _may_have_ended(told: Sequence[ToldStep], day: date, agency: str) -> bool:
    """Whether something told of open work may not hold any more: of another due day, or to another agency."""
    for step in told:
        if step.last_good_day != day or (step.agency != agency and step.agency and step.role != Role.WORKING_GROUP):
            return True
    return False
