"""Who a lead cell names: longest names of the register first, never split at " và ", nothing guessed.

A cell is understood only when every word in it is accounted for: a name, a head of a named body ("Bộ trưởng"), a
heading of a list ("Các Bộ: …") or a connecting word. What stands in parentheses or after "phối hợp" is an annotation,
and so is a part that ends with it ("Bộ Công an phối hợp"). A collective but for some ("các bộ, trừ Bộ Quốc phòng") is
left to a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rules.folding import fold
from rules.register import Agency, AgencyKind, Collective, Register

Tokens = tuple[str, ...]

_TOKEN = re.compile(r"[a-z0-9]+|:")
_PARENTHESIS = re.compile(r"\(([^()]*)\)?")
_BULLET = re.compile(r"^\s*(?:\d+[.)]\s|[-+*•·]\s?)", re.MULTILINE)
_CONNECTING = frozenset({"va", "cung"})
_COORDINATING = ("phoi", "hop")
_PART = re.compile(r"[;\n]|,(?=[^,;\n]*\()")
# "trừ", but not that of "lưu trữ" and "trụ sở", which fold alike.
_EXCEPTING = re.compile(r"(?<!luu )\btru\b(?! so\b)|\bkhong (?:bao )?gom\b|\bkhong ke\b")
_COORDINATES = re.compile(r"\S.*\bphoi hop\W*$", re.DOTALL)
_LONG_FORMS = (("uy ban nhan dan", "ubnd"), ("tp", "thanh pho"), ("t p", "thanh pho"))
_HEADS = frozenset(
    tuple(head.split())
    for head in (
        "bo truong",
        "thu truong",
        "chu tich",
        "thong doc",
        "tong",
        "tong giam doc",
        "chu nhiem",
        "bo truong chu nhiem",
        "nguoi dung dau",
        "lanh dao",
    )
)
_LABELS = frozenset(tuple(label.split()) for label in ("chu tri", "co quan chu tri", "don vi chu tri", "do"))
_LIST_HEADINGS = frozenset(
    tuple(heading.split())
    for heading in ("cac bo", "cac bo nganh", "ubnd cac tinh", "ubnd cac tinh thanh pho", "cac tinh", "ubnd cac")
)


@dataclass(frozen=True)
class FormerName:
    """A body that no longer exists, as named, and who follows it; `split` says that a person must confirm."""

    code: str
    successor: str | None
    split: bool


@dataclass(frozen=True)
class Holder:
    """Who is accountable, and the collective it is a member of (None: named itself)."""

    agency: str
    collective: str | None = None


@dataclass(frozen=True)
class LeadReading:
    """What a lead cell says.

    `named` are the codes of single bodies as written (abolished ones included), `collectives` the codes of the
    collectives, `former` the abolished ones, `leftover` the words nobody in the register answers to. `holders` is
    empty as long as anything is in doubt.
    """

    text: str
    named: tuple[str, ...] = ()
    collectives: tuple[str, ...] = ()
    former: tuple[FormerName, ...] = ()
    leftover: str = ""
    holders: tuple[Holder, ...] = ()

    @property
    def several(self) -> bool:
        """Whether the cell names more than one lead (a collective alone is one)."""
        return len(self.named) + len(self.collectives) > 1


@dataclass(frozen=True)
class _Match:
    """A name found in the cell: an agency, a collective, or words that only introduce a list."""

    target: Agency | Collective


class LeadReader:
    """Reads lead cells of a document of one day against the register; each distinct text is read once."""

    def __init__(self, register: Register, on: date) -> None:
        """Index every name of `register`; `on` is the day of the document, on which collectives are expanded."""
        self._register, self._on = register, on
        self._accountable = register.accountable(on)
        self._names = _index(_names(register, on))
        self._short = _index(_short_names(register))
        self._read: dict[str, LeadReading] = {}

    def read(self, text: str) -> LeadReading:
        """Return what `text` says."""
        if text not in self._read:
            self._read[text] = self._reading(text)
        return self._read[text]

    def _reading(self, text: str) -> LeadReading:
        matches, leftover = self._scan(_lead_tokens(text))
        named = [match.target for match in matches if isinstance(match.target, Agency)]
        collectives = [match.target for match in matches if isinstance(match.target, Collective)]
        if _lists_some(collectives, named):
            leftover = leftover or [" ".join(collectives[0].names[:1])]
        excepting = _EXCEPTING.search(fold(text)) if collectives else None
        if excepting:
            leftover = [*leftover, excepting[0]]
        named, collectives = list(dict.fromkeys(named)), _unique(collectives)
        former = tuple(self._former(agency) for agency in named if self._ended(agency))
        certain = not leftover and all(name.successor and not name.split for name in former)
        return LeadReading(
            text=text,
            named=tuple(agency.code for agency in named),
            collectives=tuple(collective.code for collective in collectives),
            former=former,
            leftover=" ".join(leftover),
            holders=tuple(self._holders(named, collectives)) if certain else (),
        )

    def _scan(self, tokens: Tokens) -> tuple[list[_Match], list[str]]:
        """Return the names found, in order, and the words that belong to none."""
        matches: list[_Match] = []
        leftover: list[str] = []
        run: list[str] = []
        at, listing = 0, False
        while at < len(tokens):
            found = self._longest(tokens, at, short=listing)
            if found is None:
                run.append(tokens[at])
                at += 1
                continue
            length, target = found
            after = at + length
            if self._introduces_list(tokens, at, after):
                leftover += _unexplained(run, before_name=True)
                run, listing, at = [], True, after
                continue
            leftover += _unexplained(run, before_name=True)
            run, at = [], after
            matches.append(_Match(target))
            listing = listing or (isinstance(target, Agency) and target.kind is AgencyKind.MINISTRY)
        return matches, leftover + _unexplained(run, before_name=False)

    def _longest(self, tokens: Tokens, at: int, *, short: bool) -> tuple[int, Agency | Collective] | None:
        for names in (self._names, self._short) if short else (self._names,):
            for name, target in names.get(tokens[at], ()):
                if tokens[at : at + len(name)] == name:
                    return len(name), target
        return None

    def _introduces_list(self, tokens: Tokens, at: int, after: int) -> bool:
        """Whether the collective found only heads a list of its members: "Các Bộ: Công an, Y tế"."""
        if tokens[at:after] not in _LIST_HEADINGS or after == len(tokens):
            return False
        return tokens[after] == ":" or (
            tokens[at:after] == ("cac", "bo") and self._longest(tokens, after, short=True) is not None
        )

    def _holders(self, named: Sequence[Agency], collectives: Sequence[Collective]) -> Iterator[Holder]:
        seen: set[str] = set()
        answers = [Holder(self._accountable.get(agency.code, agency.code)) for agency in named]
        for collective in collectives:
            answers += [Holder(a.code, collective.code) for a in self._register.members(collective, self._on)]
        for holder in answers:
            if holder.agency not in seen:
                seen.add(holder.agency)
                yield holder

    def _ended(self, agency: Agency) -> bool:
        return agency.valid_to is not None and agency.valid_to < self._on

    def _former(self, agency: Agency) -> FormerName:
        successor = self._accountable.get(agency.code)
        return FormerName(agency.code, successor or agency.successor, split=successor is None)


def _lead_tokens(text: str) -> Tokens:
    """Return the words that may name a lead: no parentheses, no bullets, nothing from "phối hợp" on."""
    plain = _BULLET.sub(" ", text)
    if "phoi hop" in fold(plain):
        plain = " ; ".join(map(_leading, _PART.split(plain)))
    tokens = _tokens(_PARENTHESIS.sub(" ; ", plain))
    for at in range(1, len(tokens) - 1):
        if tokens[at : at + 2] == _COORDINATING:
            return tokens[:at]
    return tokens


def _leading(part: str) -> str:
    """Return a part of the cell without who only coordinates: of "A chủ trì, B phối hợp" A is left."""
    folded = fold(part)
    if not _COORDINATES.match(folded):
        return part
    return folded.partition("chu tri")[0] if "chu tri" in folded else ""


def _tokens(text: str) -> Tokens:
    spaced = f" {' '.join(_TOKEN.findall(fold(text)))} "
    for long, short in _LONG_FORMS:
        spaced = spaced.replace(f" {long} ", f" {short} ")
    return tuple(token for token in spaced.split() if token not in _CONNECTING)


def _unexplained(run: Sequence[str], *, before_name: bool) -> list[str]:
    """Return the words of a run between names that no head, label or list heading explains."""
    words = tuple(word for word in run if word != ":")
    if words in _LABELS or (before_name and (words in _HEADS or words in _LIST_HEADINGS)):
        return []
    return list(words)


def _lists_some(collectives: Sequence[Collective], named: Sequence[Agency]) -> bool:
    """Whether a collective of provinces stands beside single provinces: nobody knows if all or those alone."""
    return any(AgencyKind.PROVINCE in c.kinds for c in collectives) and any(
        agency.kind is AgencyKind.PROVINCE for agency in named
    )


def _unique(collectives: Sequence[Collective]) -> list[Collective]:
    return list({collective.code: collective for collective in collectives}.values())


def _names(register: Register, on: date) -> Iterator[tuple[Tokens, Agency | Collective]]:
    # Bodies that exist on the day come first: of two with one name, they are meant.
    for agency in sorted(register.agencies, key=lambda agency: not agency.valid_on(on)):
        for name in filter(None, (agency.name_vi, agency.abbreviation, *agency.aliases)):
            tokens = _tokens(name)
            yield tokens, agency
            if agency.kind is AgencyKind.PROVINCE and tokens[0] != "ubnd":
                yield ("ubnd", *tokens), agency
            if tokens[0] == "bo" and len(tokens) > 1:
                yield ("bo", "truong", *tokens[1:]), agency
    for collective in register.collectives:
        for name in collective.names:
            yield _tokens(name), collective


def _short_names(register: Register) -> Iterator[tuple[Tokens, Agency | Collective]]:
    """Names without "Bộ", understood only in a list that has begun with it: "Bộ Công an, Tài chính"."""
    for agency in register.agencies:
        for name in (agency.name_vi, *agency.aliases):
            tokens = _tokens(name)
            if agency.kind is AgencyKind.MINISTRY and tokens[0] == "bo" and len(tokens) > 1:
                yield tokens[1:], agency


def _index(
    names: Iterable[tuple[Tokens, Agency | Collective]],
) -> dict[str, list[tuple[Tokens, Agency | Collective]]]:
    """Group names by their first word, the longest first; the first owner of a name keeps it."""
    owners: dict[Tokens, Agency | Collective] = {}
    for tokens, target in names:
        owners.setdefault(tokens, target)
    index: dict[str, list[tuple[Tokens, Agency | Collective]]] = defaultdict(list)
    for tokens in sorted(owners, key=len, reverse=True):
        index[tokens[0]].append((tokens, owners[tokens]))
    return dict(index)
