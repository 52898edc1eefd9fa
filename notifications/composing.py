"""Word what was sorted: one notice per reader, with its letter, its workbook and its way to answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from models.duties import Duty, Wording
from notifications.digest import Letterhead, News, render
from notifications.history import History
from notifications.links import Links
from notifications.notice import PlannedItem, PlannedNotice, Reason, Suppressed, Suppression
from notifications.plain_text import plain
from notifications.rows_workbook import rows_workbook
from notifications.sorting import Entry, Sorted
from rules.digest_policy import DigestPolicy
from rules.ladder import EMAIL, Contact, Role
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
    channels: frozenset[str] = frozenset()

    def notices(self, found: Sorted, wordings: Mapping[int, Wording]) -> tuple[PlannedNotice, ...]:
        """Return the notices of each reader: one for each channel that any of its items goes over."""
        names = {agency.code: agency.name_vi for agency in self.reference.register.agencies}
        item = _Wording(wordings, names, self).item
        known = {post: [item(_known(duty, self)) for duty in duties] for post, duties in self._known(found).items()}
        written: list[PlannedNotice] = []
        for entries in found.entries.values():
            items, before = tuple(map(item, entries)), [each for post in _posts(entries) for each in known[post]]
            ways = self._ways(found, entries)
            written.extend(self._notice(items, entries, before, way) for way in ways.items())
        return tuple(written)

    def _ways(self, found: Sorted, entries: Sequence[Entry]) -> Mapping[str, str]:
        """Return the address in each channel a digest goes over: e-mail where its reader has none in any of them."""
        reader = entries[0].reader
        named = {name for entry in entries for name in (entry.climb.rung.channels if entry.climb else (EMAIL,))}
        reached: dict[str, str] = {}
        for name in sorted(named, key=lambda each: (each != EMAIL, each)):
            address = reader.contact.address_in(name) if name in {EMAIL, *self.channels} else ""
            if address:
                reached[name] = address
            else:
                found.suppressed.append(Suppressed(_key(reader, self.as_of, name), Suppression.NO_ADDRESS))
        return reached or {EMAIL: reader.contact.address}

    def known_to_readers(self, found: Sorted) -> Iterator[Duty]:
        """Yield the open duties that today's readers were told of before."""
        for duties in self._known(found).values():
            yield from duties

    def _known(self, found: Sorted) -> dict[tuple[str, Role], list[Duty]]:
        posts = {post for entries in found.entries.values() for post in _posts(entries)}
        return {post: found.known.get(post, []) for post in posts}

    def _notice(
        self, items: tuple[PlannedItem, ...], entries: Sequence[Entry], known: list[PlannedItem], way: tuple[str, str]
    ) -> PlannedNotice:
        reader, first = entries[0].reader, items[0]
        contact, (channel, address) = reader.contact, way
        key = _key(reader, self.as_of, channel)
        last = self.history.last_digest(address)
        news = _news(items, len(known), last)
        about_work = not all(item.is_beside for item in items)  # a link answers for assignments alone
        link = self.links.link(key, self.as_of) if self.links and about_work else ""
        head = Letterhead(_recipient(reader), self.as_of, self.known_at, news, link, self.policy.shown)
        digest = render(head, items)
        return PlannedNotice(
            key=key,
            agency=contact.agency,
            recipient=head.recipient,
            address=address,
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
            channel=channel,
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
        obstacle, share = duty.obstacle, duty.share
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
            product=share.product if share else "" if obstacle else words.product,
            deadline_text="" if duty.is_beside else words.deadline_text,
            awaiting=bool(duty.awaiting),
            step=rung.step if rung else "",
            ladder=climb.ladder if climb else "",
            ask=rung.ask if rung and not duty.is_beside else "",
            must_deliver=bool(rung and rung.must_deliver) and not entry.information,
            superseded=tuple(lower.step for lower in climb.superseded) if climb else (),
            skipped=entry.reader.skipped,
            information=entry.information,
            ended=entry.ended,
            ended_on=_ended_on(entry),
            post_agency=entry.post_agency,
            obstacle_id=obstacle.id if obstacle else 0,
            obstacle=obstacle.text if obstacle else "",
            raised_by=self.names[obstacle.raised_by] if obstacle else "",
            handed_id=share.id if share else 0,
            share=share.text if share else "",
            share_code=share.code if share else "",
            unit=share.unit if share else "",
        )


def _ended_on(entry: Entry) -> date | None:
    now_due = entry.duty.last_good_day
    moved = dict.fromkeys(("extended", "rebound", "stepped"), now_due)
    day = {"completed": entry.duty.completed_on, **moved}.get(entry.ended, NEVER)
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
    done = len({item.subject for item in items if item.reason is Reason.RESOLVED})
    return News(last, new, done, known)


def _key(reader: Reader, as_of: date, channel: str) -> str:
    """Name a digest by its day, post and channel; who reads at that post for information has one of their own."""
    contact = reader.contact
    key = f"{as_of.isoformat()}/{contact.agency}/{contact.role}"
    if reader.capacity is HoldingKind.INFORMATION:
        key += f"/{sha256(contact.address.casefold().encode()).hexdigest()[:8]}"
    return key if channel == EMAIL else f"{key}/{channel}"


def _recipient(reader: Reader) -> str:
    """Name the reader: the person if known, the post, and the capacity in which they answer for it."""
    contact = reader.contact
    post = say(f"notice.recipient_{reader.capacity}", post=contact.post_vi) if reader.capacity else contact.post_vi
    return plain(f"{contact.name}, {post}" if contact.name else post)
