"""People by role and day: who answers for a post on a day, who reads for information, and when nobody does."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rules.ladder import Contact, Ladder, Role, Rung


class HoldingKind(StrEnum):
    """How somebody stands to a post; the first three answer for it, the strongest claim first."""

    DELEGATE = "delegate"
    ACTING = "acting"
    HOLDER = "holder"
    AWAY = "away"
    INFORMATION = "information"


_ANSWERS = (HoldingKind.DELEGATE, HoldingKind.ACTING, HoldingKind.HOLDER)
_HOLDS = frozenset({HoldingKind.ACTING, HoldingKind.HOLDER})


@dataclass(frozen=True)
class Holding:
    """Somebody at a post of an agency from one day through another (None: open at that end).

    `away` says only that the holder is absent: the delegate answers meanwhile, and without one the post is vacant.
    """

    agency: str
    role: Role
    kind: HoldingKind
    post_vi: str
    name: str = ""
    address: str = ""
    from_on: date | None = None
    until_on: date | None = None
    elsewhere: tuple[tuple[str, str], ...] = ()

    def covers(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return (self.from_on or date.min) <= day <= (self.until_on or date.max)


@dataclass(frozen=True)
class Reader:
    """Who hears, in which capacity (None: the post itself), and the roles passed over because nobody holds them."""

    contact: Contact
    capacity: HoldingKind | None = None
    skipped: tuple[Role, ...] = ()


class People:
    """Who holds which post on one day: its holders where any are known, else its contact.

    A delegate answers on the days of the delegation only, and an absence empties the post on its days only.
    """

    def __init__(self, contacts: Iterable[Contact], holdings: Sequence[Holding], day: date) -> None:
        """Take the posts with their addresses, and who holds them when."""
        self._day = day
        self._posts = {
            (each.agency, each.role): replace(each, address=each.address.strip())
            for each in contacts
            if each.address.strip()
        }
        self._held: dict[tuple[str, Role], list[Holding]] = defaultdict(list)
        for holding in holdings:
            self._held[holding.agency, holding.role].append(holding)
        # The working group is where its contact is, whatever a holding says of another agency.
        groups = [agency for agency, role in (*self._posts, *self._held) if role is Role.WORKING_GROUP]
        self._group = groups[0] if groups else None
        self._found: dict[tuple[str, Role, int, int], Reader | None] = {}
        self.has_informed = any(each.kind is HoldingKind.INFORMATION for each in holdings)

    def at_or_above(self, agency: str, rung: Rung, ladder: Ladder) -> Reader | None:
        """Return who answers for the rung's role or, where that post is vacant, for the nearest role above it."""
        key = (agency, rung.role, rung.offset, id(ladder))
        if key not in self._found:
            self._found[key] = self._search(agency, rung, ladder)
        return self._found[key]

    def _search(self, agency: str, rung: Rung, ladder: Ladder) -> Reader | None:
        skipped: list[Role] = []
        for role in dict.fromkeys([rung.role, *(step.role for step in sorted(ladder) if step.offset >= rung.offset)]):
            found = self.accountable(agency, role)
            if found:
                return replace(found, skipped=tuple(skipped))
            skipped.append(role)
        return None

    def accountable(self, agency: str, role: Role) -> Reader | None:
        """Return the one who answers for a post on the day; None when it is vacant."""
        post = self._post(agency, role)
        held = self._held.get(post, ())
        today = [each for each in held if each.covers(self._day)]
        away = any(each.kind is HoldingKind.AWAY for each in today)
        kinds = _ANSWERS[:1] if away else _ANSWERS
        found = min(
            (each for each in today if each.kind in kinds and self._address(each)),
            key=lambda each: (kinds.index(each.kind), -(each.from_on or date.min).toordinal(), each.name),
            default=None,
        )
        if found is None:
            vacant = away or any(each.kind in _HOLDS for each in held)
            return Reader(self._posts[post]) if post in self._posts and not vacant else None
        capacity = None if found.kind is HoldingKind.HOLDER else found.kind
        return Reader(self._contact(found), capacity)

    def may_answer(self, agency: str, role: Role, address: str) -> bool:
        """Whether `address` is that of somebody who holds a post on the day: its holder, away or not, or a stand-in."""
        post, found = self._post(agency, role), self.accountable(agency, role)
        held = [each for each in self._held.get(post, ()) if each.kind is not HoldingKind.INFORMATION]
        addresses = {self._address(each) for each in held if each.covers(self._day)}
        if post in self._posts and all(each.kind is HoldingKind.DELEGATE for each in held):
            addresses.add(self._posts[post].address)
        if found:
            addresses.add(found.contact.address)
        return address.strip().casefold() in {each.casefold() for each in addresses}

    def informed(self, agency: str, roles: Sequence[Role], told: Role) -> list[Reader]:
        """Return who reads for information: the holders of `roles`, and whoever is named at the post told."""
        posts = [found for role in roles if role is not told and (found := self.accountable(agency, role))]
        named = [
            Reader(self._contact(each), HoldingKind.INFORMATION)
            for each in self._held.get(self._post(agency, told), ())
            if each.kind is HoldingKind.INFORMATION and each.covers(self._day) and self._address(each)
        ]
        return posts + named

    def _post(self, agency: str, role: Role) -> tuple[str, Role]:
        return (self._group, role) if role is Role.WORKING_GROUP and self._group else (agency, role)

    def _address(self, holding: Holding) -> str:
        return holding.address.strip()

    def _contact(self, holding: Holding) -> Contact:
        known = self._posts.get((holding.agency, holding.role))
        post_vi = holding.post_vi or (known.post_vi if known else "")
        post_en = known.post_en if known else ""
        address, name = self._address(holding), holding.name
        return Contact(holding.agency, holding.role, post_vi, post_en, address, name, holding.elsewhere)
