"""Word what was sorted: one notice per reader, with its letter, its workbook and its way to answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from models.duties import Duty, Wording
from notifications.digest import Letterhead, News, render
from notifications.history import History
from notifications.links import Links
from notifications.notice import PlannedItem, PlannedNotice, Reason
from notifications.plain_text import plain
from notifications.rows_workbook import rows_workbook
from notifications.sorting import Entry, Sorted
from rules.digest_policy import DigestPolicy
from rules.ladder import Contact, Role
from rules.people import HoldingKind, Reader
from rules.reference import Reference
from rules.status import NEVER
from texts import say
from texts.wording import HANOI

_MOST_SEVERE_FIRST = (Reason.WORSE, Reason.FIRST, Reason.REPEAT, Reason.RESOLVED)


@dataclass(frozen=True)
class Composer:
    """What every letter of a day shares."""

    as_of: date
    known_at: datetime
    reference: Reference
    policy: DigestPolicy
    history: History
    links: Links | None

    def notices(self, found: Sorted, wordings: Mapping[int, Wording]) -> tuple[PlannedNotice, ...]:
        """Return the notice of each reader."""
        names = {agency.code: agency.name_vi for agency in self.reference.register.agencies}
        item = _Wording(wordings, names, self).item
        known = {post: [item(_known(duty, self)) for duty in duties] for post, duties in self._known(found).items()}
        return tuple(
            self._notice(tuple(map(item, entries)), entries, [each for post in _posts(entries) for each in known[post]])
            for entries in found.entries.values()
        )

    def known_to_readers(self, found: Sorted) -> Iterator[Duty]:
        """Yield the open duties that today's readers were told of before."""
        for duties in self._known(found).values():
            yield from duties

    def _known(self, found: Sorted) -> dict[tuple[str, Role], list[Duty]]:
        posts = {post for entries in found.entries.values() for post in _posts(entries)}
        return {post: found.known.get(post, []) for post in posts}

    def _notice(
        self, items: tuple[PlannedItem, ...], entries: Sequence[Entry], known: list[PlannedItem]
    ) -> PlannedNotice:
        reader, first = entries[0].reader, items[0]
        contact = reader.contact
        key = _key(reader, self.as_of)
        last = self.history.last_digest(contact.address)
        news = _news(items, len(known), last)
        link = self.links.link(key, self.as_of) if self.links else ""
        head = Letterhead(_recipient(reader), self.as_of, self.known_at, news, link, self.policy.shown)
        digest = render(head, items)
        return PlannedNotice(
            key=key,
            agency=contact.agency,
            recipient=head.recipient,
            address=contact.address,
            role=first.role,
            rung=first.rung,
            reason=_reason(items, last),
            subject=digest.subject,
            text=digest.text,
            html=digest.html,
            items=items,
            attachments=(rows_workbook(items, known, self.as_of),),
            must_deliver=any(item.must_deliver for item in items),
            link=link,
            not_before=self.policy.not_before(self.known_at.astimezone(HANOI), self.reference.calendar),
        )


@dataclass(frozen=True)
class _Wording:
    """Turns entries into worded items."""

    wordings: Mapping[int, Wording]
    names: Mapping[str, str]
    composer: Composer

    def item(self, entry: Entry) -> PlannedItem:
        duty, words, climb = entry.duty, self.wordings[entry.duty.wording_id], entry.climb
        rung = climb.rung if climb else None
        return PlannedItem(
            code=duty.code,
            role=entry.role,
            rung=entry.rung,
            reason=entry.reason,
            days_late=max(entry.late, 0),
            days_left=max(-entry.late, 0),
            assignment_id=duty.assignment_id,
            last_good_day=entry.last_good_day,
            agency=duty.agency,
            agency_name=self.names[duty.agency],
            document=words.document,
            number=words.number,
            period=duty.period,
            task=words.task,
            product=words.product,
            deadline_text=words.deadline_text,
            awaiting=bool(duty.awaiting),
            step=rung.step if rung else "",
            ladder=climb.ladder if climb else "",
            ask=rung.ask if rung else "",
            must_deliver=bool(rung and rung.must_deliver) and not entry.information,
            superseded=tuple(lower.step for lower in climb.superseded) if climb else (),
            skipped=entry.reader.skipped,
            information=entry.information,
            ended=entry.ended,
            ended_on=_ended_on(entry),
            post_agency=entry.post_agency,
        )


def _ended_on(entry: Entry) -> date | None:
    day = {"completed": entry.duty.completed_on, "extended": entry.duty.last_good_day}.get(entry.ended, NEVER)
    return None if day == NEVER else day


def _known(duty: Duty, composer: Composer) -> Entry:
    """Return a duty told before as the entry of a reader's workbook."""
    late = composer.reference.calendar.working_days_between(duty.last_good_day, composer.as_of)
    nobody = Reader(Contact("", Role.FOCAL_POINT, "", "", ""))
    return Entry(duty, nobody, Role.FOCAL_POINT, 0, Reason.REPEAT, late, None, duty.last_good_day)


def _posts(entries: Sequence[Entry]) -> set[tuple[str, Role]]:
    return {(entry.reader.contact.agency, entry.reader.contact.role) for entry in entries}


def _reason(items: Sequence[PlannedItem], last: date | None) -> Reason:
    found = {item.reason for item in items}
    reason = next(each for each in _MOST_SEVERE_FIRST if each in found)
    return Reason.NEW_ITEMS if reason is Reason.FIRST and last else reason


def _news(items: Sequence[PlannedItem], known: int, last: date | None) -> News | None:
    """Return what changed since the reader's last digest; None before the first."""
    if last is None:
        return None
    new = sum(item.reason in {Reason.FIRST, Reason.WORSE} for item in items)
    done = len({item.assignment_id for item in items if item.reason is Reason.RESOLVED})
    return News(last, new, done, known)


def _key(reader: Reader, as_of: date) -> str:
    """Name a digest by its day and post; who reads at that post for information has one of their own."""
    contact = reader.contact
    key = f"{as_of.isoformat()}/{contact.agency}/{contact.role}"
    if reader.capacity is not HoldingKind.INFORMATION:
        return key
    return f"{key}/{sha256(contact.address.casefold().encode()).hexdigest()[:8]}"


def _recipient(reader: Reader) -> str:
    """Name the reader: the person if known, the post, and the capacity in which they answer for it."""
    contact = reader.contact
    post = say(f"notice.recipient_{reader.capacity}", post=contact.post_vi) if reader.capacity else contact.post_vi
    return plain(f"{contact.name}, {post}" if contact.name else post)
