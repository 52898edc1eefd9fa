"""What the pages of an upload show of the answer its check gave."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from fastapi import Request

from models.uploads import TO_RECORD, UploadAsIs

PER_PAGE = 100
SHOWN = 20
LISTS = ("changed", "gone", "new", "reported")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_])")


@dataclass(frozen=True)
class BadTable:
    """The rows of one sheet that must be mended, and the letters of the columns shown."""

    sheet: str
    letters: Sequence[str]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Shown:
    """One page of a long list."""

    rows: Sequence[Any]
    page: int
    last: int
    count: int


def bad_tables(answer: Mapping[str, Any]) -> list[BadTable]:
    """Return the bad rows by sheet, each with its cells by letter."""
    sheets: dict[str, list[dict[str, Any]]] = {}
    for row in answer.get("bad", ())[:PER_PAGE]:
        by_letter = {cell["column"]: cell for cell in row["cells"]}
        sheets.setdefault(row["sheet"], []).append({**row, "by_letter": by_letter})
    return [BadTable(sheet, _letters(rows), rows) for sheet, rows in sheets.items()]


def cause(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem of the whole file as a heading (its first sentence) and what to do, in both languages."""
    parts = {language: _SENTENCE_ENDS.split(problem[language], maxsplit=1) for language in ("vi", "en")}
    headings = {language: found[0] for language, found in parts.items()}
    rest = {language: found[1] if len(found) > 1 else "" for language, found in parts.items()}
    return {"heading": headings, "rest": rest, "found": problem["found"], "code": problem["code"]}


def button_count(answer: Mapping[str, Any]) -> int:
    """Count what the button would record: rows new, changed and gone; none where something stops."""
    return int(answer.get("to_record", 0))


def says_nothing_new(found: UploadAsIs) -> bool:
    """Whether an upload is an agency's progress report that brings nothing new, and can be sent as just that."""
    state = found.state
    whose = state.agency_code or found.upload.agency_code
    if found.stage not in TO_RECORD or state.kind != "progress" or not whose:
        return False
    return not button_count(state.answer) and not state.answer.get("already")


def page_of(rows: Sequence[Any], asked: str) -> Shown:
    """Return one page of a list; a page that is none is the first, one too far the last."""
    last = max(1, ceil(len(rows) / PER_PAGE))
    page = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < len("1000000") else 1
    page = max(page, 1)
    return Shown(rows[(page - 1) * PER_PAGE : page * PER_PAGE], page, last, len(rows))


def page_link(request: Request) -> Callable[[int], str]:
    """Return what leads from a list to another page of it."""
    return lambda number: f"{request.url.path}?page={number}"


def _letters(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    letters = {letter for row in rows for letter in row["by_letter"]}
    return sorted(letters, key=lambda each: (len(each), each))
