"""Sort the open assignments of a day: to whom each is told, and which are not told and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from models import StatusTable
from models.status_table import StatusRow
from notifications.notice import PlannedItem, Reason, Suppressed, Suppression, item_key
from rules.ladder import Contact, Role, Rung, rung_reached
from rules.reference import Reference
from rules.status import NEVER, Flag, Status

Addressee = str
Told = Mapping[tuple[int, date], AbstractSet[int]]

_OPEN = frozenset({Status.OVERDUE, Status.DUE_SOON, Status.IN_PROGRESS})


@dataclass(frozen=True)
class WrittenTo:
    """Who already has a digest for the day: its mailboxes, and the posts by agency and role."""

    mailboxes: AbstractSet[Addressee]
    posts: AbstractSet[tuple[str, str]]

    def holds(self, contact: Contact) -> bool:
        """Whether `contact` was written to, though its address may have changed since."""
        return contact.address.casefold() in self.mailboxes or (contact.agency, contact.role) in self.posts


class Sorted:
    """The items of each addressee (a mailbox, whatever posts hear there), and what is not told."""

    def __init__(self) -> None:
        """Start with nothing told and nothing suppressed."""
        self.items: dict[Addressee, list[PlannedItem]] = defaultdict(list)
        self.suppressed: list[Suppressed] = []
        self._posts: dict[tuple[Addressee, str, Role], Contact] = {}

    def tell(self, contact: Contact, item: PlannedItem) -> None:
        """Put `item` into the digest of whoever reads `contact`'s address."""
        addressee = contact.address.casefold()
        self.items[addressee].append(item)
        self._posts[addressee, item.agency, item.role] = contact

    def suppress(self, key: str, reason: Suppression) -> None:
        """Note that the item `key` is not told."""
        self.suppressed.append(Suppressed(key, reason))

    def post(self, addressee: Addressee, item: PlannedItem) -> Contact:
        """Return the post in which the addressee hears of `item`."""
        return self._posts[addressee, item.agency, item.role]

    def most_severe_first(self, addressee: Addressee) -> tuple[PlannedItem, ...]:
        """Return an addressee's items: highest rung, then longest late, then soonest due."""
        return tuple(sorted(self.items[addressee], key=lambda item: (-item.rung, -item.days_late, item.days_left)))


def sort_rows(table: StatusTable, reference: Reference, told: Told, written_to: WrittenTo) -> Sorted:
    """Sort every open assignment with a due day by the highest rung it has reached on the day of `table`.

    `told` are the rungs told before; who is `written_to` has a digest for this day, so more waits for the next.
    """
    found, contacts = Sorted(), _Contacts(reference.contacts)
    names = {agency.code: agency.name_vi for agency in reference.register.agencies}
    reached = cache(lambda day: rung_reached(day, table.as_of, reference.ladder, reference.calendar))
    for row in table.rows:
        rung = reached(row.last_good_day) if row.status in _OPEN and row.last_good_day != NEVER else None
        if rung is None:
            continue
        before = told.get((row.assignment_id, row.last_good_day), frozenset())
        contact = contacts.at_or_above(row.agency, rung, reference.ladder)
        untold = _untold(rung, before, contact, written_to)
        if untold or contact is None:
            found.suppress(item_key(row.code, row.last_good_day, rung.offset), untold or Suppression.NO_CONTACT)
            continue
        if contact.role is not rung.role:
            found.suppress(item_key(row.code, row.last_good_day, rung.offset), Suppression.NO_CONTACT)
        late = reference.calendar.working_days_between(row.last_good_day, table.as_of)
        item = _item(row, rung, before, late, names[row.agency])
        found.tell(contact, replace(item, role=contact.role))
        for lower in reference.ladder:
            if lower.offset < rung.offset and lower.offset not in before:
                found.suppress(item_key(row.code, row.last_good_day, lower.offset), Suppression.SUPERSEDED)
    return found


def _untold(rung: Rung, before: AbstractSet[int], contact: Contact | None, written_to: WrittenTo) -> Suppression | None:
    """Return why the rung is not told now, or None when it is."""
    if rung.offset in before:
        return Suppression.ALREADY_TOLD
    if before and max(before) > rung.offset:
        return Suppression.SUPERSEDED
    if contact is None:
        return Suppression.NO_CONTACT
    return Suppression.NEXT_DIGEST if written_to.holds(contact) else None


def _item(row: StatusRow, rung: Rung, before: AbstractSet[int], late: int, agency_name: str) -> PlannedItem:
    return PlannedItem(
        code=row.code,
        role=rung.role,
        rung=rung.offset,
        reason=Reason.WORSE if before else Reason.FIRST,
        days_late=max(late, 0),
        days_left=max(-late, 0),
        assignment_id=row.assignment_id,
        last_good_day=row.last_good_day,
        agency=row.agency,
        agency_name=agency_name,
        document=row.document,
        number=row.number,
        period=row.period,
        task=row.task,
        product=row.product,
        deadline_text=row.deadline_text,
        awaiting=Flag.AWAITING_CONFIRMATION in row.flags,
    )


class _Contacts:
    """Who holds a role: the agency's own post, and for the working group the one post there is."""

    def __init__(self, contacts: Sequence[Contact]) -> None:
        reachable = [
            replace(contact, address=contact.address.strip()) for contact in contacts if contact.address.strip()
        ]
        self._own = {(contact.agency, contact.role): contact for contact in reachable}
        groups = [contact for contact in reachable if contact.role is Role.WORKING_GROUP]
        self._working_group = groups[0] if len(groups) == 1 else None

    def at_or_above(self, agency: str, rung: Rung, ladder: Sequence[Rung]) -> Contact | None:
        """Return who holds the rung's role or, where that post is vacant, the nearest role above it."""
        roles = (step.role for step in sorted(ladder) if step.offset >= rung.offset)
        return next((contact for role in roles if (contact := self._holder(agency, role))), None)

    def _holder(self, agency: str, role: Role) -> Contact | None:
        shared = self._working_group if role is Role.WORKING_GROUP else None
        return self._own.get((agency, role), shared)
