"""What product a task asks for, and whether a document cited as proof can be it: a law submitted is no law passed.

The rule: an act asked for (luật, nghị quyết, nghị định, quyết định, thông tư, chỉ thị) is proved by an act of its own
or of a higher rank (Law on the Promulgation of Legal Documents 2025, art. 4), of the issuer the product names if it
names one; and a plan, a programme or a legal text by anything but a submission (tờ trình). Everything else is left
open: a system or data has no number of its own, and a kind nobody knows contradicts nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from rules.evidence import EvidenceKind, EvidenceReference
from rules.folding import fold


class ProductKind(StrEnum):
    """What a task asks for; `DRAFT` is anything that need only be drafted or submitted, `OTHER` what nobody knows."""

    LAW = "law"
    RESOLUTION = "resolution"
    DECREE = "decree"
    DECISION = "decision"
    CIRCULAR = "circular"
    DIRECTIVE = "directive"
    LEGAL_TEXT = "legal_text"
    PLAN = "plan"
    PROGRAMME = "programme"
    PROJECT = "project"
    REPORT = "report"
    CONCLUSION = "conclusion"
    MINUTES = "minutes"
    GUIDELINE = "guideline"
    OFFICIAL_LETTER = "official_letter"
    SYSTEM = "system"
    DRAFT = "draft"
    OTHER = "other"


class Issuer(StrEnum):
    """Who passes an act, where a product says so."""

    ASSEMBLY = "assembly"
    GOVERNMENT = "government"
    PRIME_MINISTER = "prime_minister"
    COUNCIL = "council"


@dataclass(frozen=True)
class Product:
    """One product asked for; `issuer` is None unless the words name who passes the act."""

    kind: ProductKind
    issuer: Issuer | None = None


@dataclass(frozen=True)
class Proof:
    """The document that counts as the proof of a result: its number with its sign, and its day.

    `matches` says whether it can be the product asked for: True, False, or None where nobody can tell.
    """

    number: str | None = None
    on: date | None = None
    matches: bool | None = None


# Folded words a product begins with, the more particular ones first.
_BEGINNINGS: Sequence[tuple[str, ProductKind]] = (
    ("to trinh|du thao|ho so|du an luat|de nghi xay dung|de cuong", ProductKind.DRAFT),
    ("van ban (?:quy pham|quy dinh|phap luat)|van ban phap quy", ProductKind.LEGAL_TEXT),
    ("van ban huong dan|huong dan|tai lieu huong dan|so tay", ProductKind.GUIDELINE),
    ("luat", ProductKind.LAW),
    ("nghi quyet", ProductKind.RESOLUTION),
    ("nghi dinh", ProductKind.DECREE),
    ("quyet dinh", ProductKind.DECISION),
    ("thong tu", ProductKind.CIRCULAR),
    ("chi thi", ProductKind.DIRECTIVE),
    ("ke hoach", ProductKind.PLAN),
    ("chuong trinh", ProductKind.PROGRAMME),
    ("de an|chien luoc", ProductKind.PROJECT),
    ("bao cao", ProductKind.REPORT),
    ("ket luan|thong bao ket luan", ProductKind.CONCLUSION),
    ("bien ban", ProductKind.MINUTES),
    ("cong van|cong dien", ProductKind.OFFICIAL_LETTER),
    ("he thong|nen tang|phan mem|co so du lieu|csdl|cong thong tin|trung tam|ung dung|tien ich", ProductKind.SYSTEM),
    ("van ban|du lieu|danh (?:sach|muc)|phuong an|giai phap|co che|chinh sach|mo hinh|ket qua", ProductKind.OTHER),
    ("quy (?:trinh|che|dinh|hoach|chuan)|bo (?:chi so|tieu chi|tai lieu)|kinh phi|cam ket", ProductKind.OTHER),
    ("tieu chuan|thu tuc|tthc|ban do|hop dong|tai khoan", ProductKind.OTHER),
)
_BEGINS = [(re.compile(rf"(?:{words})\b", re.ASCII), kind) for words, kind in _BEGINNINGS]
_LEAD_IN = re.compile(
    r"^(?:[\s\d.,)(+*•-]+|(?:cac|cac ban|ban hanh|duoc ban hanh|xay dung|ban|van ban la|mot|it nhat)\s)+", re.ASCII
)
_BREAKS = re.compile(r"([;/\n]|\bhoac\b)|,|\+|&|\bva\b", re.ASCII)
_NUMBERS = re.compile(r"\b\d+(?:[/-][\w-]+)+", re.ASCII)
# "trình" as a word of its own is a submission; in these it is part of another word.
_SUBMITTED = re.compile(r"(?<!chuong )(?<!quy )(?<!cong )(?<!tien )(?<!lo )(?<!hanh )(?<!giao )\btrinh\b", re.ASCII)
_ISSUERS: Sequence[tuple[re.Pattern[str], Issuer]] = (
    (re.compile(r"\bthu tuong\b|\bttg\b", re.ASCII), Issuer.PRIME_MINISTER),
    (re.compile(r"\bhoi dong nhan dan\b|\bhdnd\b", re.ASCII), Issuer.COUNCIL),
    (re.compile(r"\bcua quoc hoi\b", re.ASCII), Issuer.ASSEMBLY),
    (re.compile(r"\bcua chinh phu\b", re.ASCII), Issuer.GOVERNMENT),
)
_SIGNS = {
    Issuer.ASSEMBLY: re.compile(r"(?:ubtv)?qh\d*", re.ASCII),
    Issuer.GOVERNMENT: re.compile(r"cp", re.ASCII),
    Issuer.PRIME_MINISTER: re.compile(r"ttg", re.ASCII),
    Issuer.COUNCIL: re.compile(r"hdnd.*", re.ASCII),
}
_RANK = {
    EvidenceKind.ORDER: 4,  # the President's order that promulgates a law
    EvidenceKind.LAW: 4,
    EvidenceKind.RESOLUTION: 3,
    EvidenceKind.DECREE: 2,
    EvidenceKind.DECISION: 1,
    EvidenceKind.CIRCULAR: 1,
    EvidenceKind.DIRECTIVE: 1,
}
_ACTS = {
    ProductKind.LAW: EvidenceKind.LAW,
    ProductKind.RESOLUTION: EvidenceKind.RESOLUTION,
    ProductKind.DECREE: EvidenceKind.DECREE,
    ProductKind.DECISION: EvidenceKind.DECISION,
    ProductKind.CIRCULAR: EvidenceKind.CIRCULAR,
    ProductKind.DIRECTIVE: EvidenceKind.DIRECTIVE,
}
_NOT_BY_SUBMISSION = frozenset({ProductKind.LEGAL_TEXT, ProductKind.PLAN, ProductKind.PROGRAMME})


@lru_cache(maxsize=4096)
def read_products(text: str) -> tuple[Product, ...]:
    """Return what a product cell asks for, in reading order; alternatives and lists alike are all returned.

    A part that begins with no word known for a product goes on from the part before it ("khoa học và công nghệ"),
    unless a semicolon, a slash or a line break sets it apart.
    """
    parts: list[str] = []
    folded = "\n".join(_NUMBERS.sub(" ", fold(line)) for line in text.splitlines())
    for apart, part in _parts(folded):
        if parts and not apart and _kind(part) is None:
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return tuple(_product(part) for part in parts)


def leaves_open(text: str) -> bool:
    """Whether nothing cited could contradict the product: it asks for no act, plan, programme or legal text alone."""
    asked = read_products(text)
    return not asked or any(one.kind not in _ACTS and one.kind not in _NOT_BY_SUBMISSION for one in asked)


def choose_proof(product: str, cited: Sequence[EvidenceReference]) -> Proof:
    """Return which of the documents cited proves the product: of those that can be it, the last one dated.

    Where none can, the last one dated of all, with `matches` False: it proves nothing until a person confirms.
    """
    verdicts = [(reference, matches(product, reference)) for reference in cited]
    able = [(reference, verdict) for reference, verdict in verdicts if verdict is not False] or verdicts
    if not able:
        return Proof()
    chosen, verdict = max(able, key=lambda each: each[0].on or date.min)
    return Proof(f"{chosen.number}/{chosen.sign}", chosen.on, verdict)


def matches(product: str, evidence: EvidenceReference) -> bool | None:
    """Return whether a document can be the product asked for; None where its kind or the product leaves it open."""
    asked = read_products(product)
    if not asked or evidence.kind is EvidenceKind.OTHER:
        return None
    verdicts = {_proves(one, evidence) for one in asked}
    return next((verdict for verdict in (True, None) if verdict in verdicts), False)


def _parts(folded: str) -> list[tuple[bool, str]]:
    """Return the parts of a product cell, each with whether it is set apart from the one before."""
    parts, start, apart = [], 0, True
    for mark in _BREAKS.finditer(folded):
        parts.append((apart, _LEAD_IN.sub("", folded[start : mark.start()]).strip()))
        start, apart = mark.end(), mark[1] is not None
    return [*parts, (apart, _LEAD_IN.sub("", folded[start:]).strip())]


def _kind(part: str) -> ProductKind | None:
    return next((kind for begins, kind in _BEGINS if begins.match(part)), None)


def _product(part: str) -> Product:
    if _SUBMITTED.search(part):
        return Product(ProductKind.DRAFT)
    issuer = next((issuer for names, issuer in _ISSUERS if names.search(part)), None)
    return Product(_kind(part) or ProductKind.OTHER, issuer)


def _proves(asked: Product, evidence: EvidenceReference) -> bool | None:
    act = _ACTS.get(asked.kind)
    if act is None:
        return False if asked.kind in _NOT_BY_SUBMISSION and evidence.kind is EvidenceKind.SUBMISSION else None
    if _RANK.get(evidence.kind, 0) < _RANK[act]:
        return False
    same_rank = _RANK[evidence.kind] == _RANK[act]
    return not same_rank or asked.issuer is None or _passed_by(asked.issuer, evidence)


def _passed_by(issuer: Issuer, evidence: EvidenceReference) -> bool:
    named = re.split(r"[\s/-]+", fold(evidence.sign))[-1]
    return _SIGNS[issuer].fullmatch(named) is not None
