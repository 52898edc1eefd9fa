"""A deadline phrase made comparable, letter for letter beside what was written, and the words nobody has read."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rules.folding import fold

LONGEST = 2000

_SPACES = re.compile(r"\s+")
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_DOCUMENT = (
    r"(?:nghi quyet|quyet dinh|chi thi|nghi dinh|thong tu|luat|ket luan|ke hoach|cong van|cong dien|thong bao"
    r"|to trinh|bao cao|de an|van ban)"
)
_DATE = r"\d{1,2}(?:\s*/\s*|\s*-\s*|\s*\.\s*|\s+thang\s+)\d{1,2}(?:\s*[/.-]\s*|\s+nam\s+)\d{4}"
_NOT_A_SIGN = r"(?!(?:lan|thang|quy|q|t|ngay|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)\d*(?![a-z]))"
_REFERENCES = re.compile(
    # A number with a sign of two parts (06/QĐ-TTg, 45/2025/NĐ-CP, 57-NQ/TW) or of the Assembly (24/2023/QH15).
    rf"(?:\bso:?\s*)?(?<![\d/.-])\d+(?:/\d{{4}})?\s?[/-]\s?{_NOT_A_SIGN}(?:qh\d+|[a-z]{{1,6}}\d*(?:[-/][a-z0-9]+)+)"
    rf"(?![a-z0-9/])(?:,?\s+ngay\s+{_DATE})?"
    # A kind of document and its date, without a number.
    rf"|\b{_DOCUMENT}\s+ngay\s+{_DATE}",
    re.ASCII,
)
_PERCENTAGES = re.compile(r"\d+(?:[.,]\d+)?\s*%", re.ASCII)
_HARMLESS = re.compile(
    r"\b(?:hoan thanh|hoan tat|thuc hien|trien khai|trinh|bao cao|ban hanh|du thao|phe duyet|gui|kiem diem|xong|phai"
    r"|trong|vao|la|luc|thoi gian|thoi han|thoi diem|ket qua|va|cua|cac|tai|cho|de|giai doan|mot lan|1 lan"
    r"|khan truong|cap bach|som|ngay|bao dam|dam bao|viec|quoc hoi|chinh phu|thu tuong(?: chinh phu)?"
    r"|bo chinh tri|(?:het )?gio (?:lam viec|hanh chinh)|dut diem|dat(?= {2}|$)|ca(?= {2}|$)"
    r"|(?:dot|lan|giai doan|gd|buoc) ?\d(?= ?:)"
    r"|phien hop chinh phu thuong ky|dinh ky|han|han chot|duoc)\b",
    re.ASCII,
)
_WORD = re.compile(r"[^\W_]+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Phrase:
    """`written` with single spaces and `folded`, its letters without accents: equally long, so spans fit both.

    In `folded`, numbers and dates of cited documents and percentages are blanked: they are never deadlines.
    """

    written: str
    folded: str
    cited: tuple[Span, ...] = ()

    def words(self, span: Span) -> str:
        """Return what was written in `span`."""
        return self.written[slice(*span)].strip(" ,;:.()-")

    def unread(self, read: Iterable[Span]) -> str:
        """Return the written words outside the spans `read` that could change the meaning; "" when there are none."""
        rest = _HARMLESS.sub(_blank, blank(self.folded, read))
        return " ".join(self.written[word.start() : word.end()] for word in _WORD.finditer(rest))


def normalise(text: str) -> Phrase:
    """Return `text` as a phrase: the same for NFD, accents stripped, capitals, non-breaking spaces, old tone marks."""
    written, folded = align(text)
    cited = tuple(match.span() for match in _REFERENCES.finditer(folded))
    return Phrase(written, _PERCENTAGES.sub(_blank, blank(folded, cited)), cited)


def align(text: str) -> tuple[str, str]:
    """Return `text` with single spaces, invisible characters left out, and its folded letters, equally long."""
    composed = unicodedata.normalize("NFKC", text).replace("Ð", "Đ").replace("ð", "đ")
    visible = "".join(char if char.isspace() else _shown(char) for char in composed)
    written = _SPACES.sub(" ", visible).strip()
    return written, "".join((fold(char) or " ")[0] for char in written)


def blank(folded: str, spans: Iterable[Span]) -> str:
    """Return `folded` with `spans` turned into spaces, its length kept."""
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _shown(char: str) -> str:
    return "" if unicodedata.combining(char) or unicodedata.category(char) in _INVISIBLE else char


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
