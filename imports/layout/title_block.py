"""What stands above the table: the assigning document and its date, the day of the report, the issuing agency."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rules.leads import LeadReader

_LONGEST_ISSUER = 120
_DATE = r"ngay\s*(\d{1,2})\s*(?:thang|[/.-])\s*(\d{1,2})\s*(?:nam|[/.-])\s*(\d{4})"
_NUMBER = r"\d+[a-z]?(?:/\d{4})?[/-][a-z][\w&]*(?:[-/.][\w&]+)*"
_ASSIGNING = "chi thi|nghi quyet|quyet dinh|thong bao|ke hoach|cong dien|ket luan|chuong trinh|nghi dinh|thong tu"
_LETTER = re.compile(r"van ban|cong van", re.IGNORECASE)
_DOCUMENT = re.compile(rf"(?:{_ASSIGNING}|van ban|cong van)\s*(?:so\s*:?\s*)?({_NUMBER})", re.IGNORECASE)
_BARE_NUMBER = re.compile(rf"(?<![\w/-])({_NUMBER})", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"^\s*so\s*:", re.IGNORECASE)
_DATE_AFTER_NUMBER = re.compile(rf"^[\s,(]*{_DATE}", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(rf"^[^\d,\n]{{2,40}},\s*{_DATE}\W*$", re.IGNORECASE | re.MULTILINE)
_AS_OF_DAY = re.compile(rf"(?:tinh|so lieu)?\s*den\s+(?:het\s+)?{_DATE}", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenDay:
    """A day as written; `day` is None when there is no such day (30 February)."""

    text: str
    day: date | None


class _Named(NamedTuple):
    """A document named above the table."""

    number: str | None = None
    day: WrittenDay | None = None
    title: str = ""
    letter: bool = False


@dataclass(frozen=True)
class TitleBlock:
    """What the title block says; None where it says nothing.

    `document_title` is the document in words, e.g. "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của Thủ tướng
    Chính phủ"; empty when only its number stands there.
    """

    document: str | None = None
    document_title: str = ""
    document_day: WrittenDay | None = None
    report_day: WrittenDay | None = None
    issuer: str | None = None


def read_title_block(texts: Iterable[str], leads: LeadReader) -> TitleBlock:
    """Read the texts above the table, cell by cell."""
    cells = [(text, bare(text)) for text in texts]
    named = list(_documents(cells))
    document = min(named, key=lambda found: (found.day is None, found.letter), default=_Named())
    return TitleBlock(document.number, document.title, document.day, _report_day(cells), _issuer(cells, leads))


def bare(text: str) -> str:
    """Return `text` without accents, letter for letter, so that places found in one are places in the other."""
    return "".join("d" if c == "đ" else "D" if c == "Đ" else unicodedata.normalize("NFD", c)[0] for c in text)


@lru_cache(maxsize=1024)
def document_number(text: str) -> str | None:
    """Return the number of the document `text` names, as written, or None."""
    match = _DOCUMENT.search(bare(text)) or _BARE_NUMBER.search(bare(text))
    return text[slice(*match.span(1))] if match else None


def documents_named(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of the documents `texts` name with their kind ("Quyết định số …"), letters last."""
    named = [found for found in _documents([(text, bare(text)) for text in texts], (_DOCUMENT,)) if found.number]
    return tuple(dict.fromkeys(str(found.number) for found in sorted(named, key=lambda found: found.letter)))


@lru_cache(maxsize=1024)
def document_day(text: str) -> date | None:
    """Return the day written after the number of the document `text` names, or None."""
    days = (found.day.day for found in _documents([(text, bare(text))]) if found.day)
    return next(days, None)


def _documents(
    cells: Iterable[tuple[str, str]], patterns: Iterable[re.Pattern[str]] = (_DOCUMENT, _BARE_NUMBER)
) -> Iterator[_Named]:
    """Yield the documents named, those with their kind ("Chỉ thị số …") before bare numbers; not the file's own."""
    for pattern in patterns:
        for text, plain in cells:
            if pattern is _BARE_NUMBER and _OWN_NUMBER.match(plain):
                continue
            for match in pattern.finditer(plain):
                after = _DATE_AFTER_NUMBER.match(plain[match.end() :])
                title = _title(text, match) if pattern is _DOCUMENT else ""
                yield _Named(
                    text[slice(*match.span(1))],
                    _written(after) if after else None,
                    title,
                    bool(_LETTER.match(match[0])),
                )


def _title(text: str, named: re.Match[str]) -> str:
    """Return the document `named` in words: to the end of the bracket it stands in, else to the end of its line."""
    start = named.start()
    bracketed = text.count("(", 0, start) > text.count(")", 0, start)
    after = text[named.end() :] if bracketed else text[named.end() :].partition("\n")[0]
    rest = re.split(r"[();]", after, maxsplit=1)[0]
    return " ".join((text[start : named.end()] + rest).split()).rstrip(" .,:")


def _report_day(cells: Iterable[tuple[str, str]]) -> WrittenDay | None:
    """Return the day the report was signed, else the day up to which it reports."""
    for pattern in (_PLACE_AND_DATE, _AS_OF_DAY):
        for _, plain in cells:
            match = pattern.search(plain)
            if match:
                return _written(match)
    return None


def _written(match: re.Match[str]) -> WrittenDay:
    day, month, year = (int(part) for part in match.groups()[-3:])
    try:
        return WrittenDay(f"{day}/{month}/{year}", date(year, month, day))
    except ValueError:
        return WrittenDay(f"{day}/{month}/{year}", None)


def _issuer(cells: Iterable[tuple[str, str]], leads: LeadReader) -> str | None:
    for text, _ in cells:
        if len(text) > _LONGEST_ISSUER:
            continue
        for part in (text, *text.splitlines()):
            reading = leads.read(part)
            if len(reading.named) == 1 and not reading.leftover and not reading.collectives:
                return reading.named[0]
    return None
