"""What a check found, as plain values a page shows and the store keeps; and the digest that names exactly that."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from imports.check import Check
from imports.described import described
from imports.problem import Problem, Severity, shown, stopping
from imports.reading.cells import Value, cell_text, column_letters
from texts import Language

Rows = Mapping[str, Sequence[Sequence[Value]]]
_LISTED, _COLUMNS = 500, 12
# NUL in a JSON, not the six characters somebody wrote: PostgreSQL keeps no text with it.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_ASKS_FOR_A_REASON = "deadline_changed_without_reason"


def preview_of(check: Check, rows: Rows) -> dict[str, Any]:
    """Return what a page tells of a check; `rows` are the workbook's own (by sheet), to show those with problems.

    Long lists are cut; the counts beside them say how long they were.
    """
    told = {
        "counts": {name: getattr(check, name) for name in ("rows", "new", "changed", "unchanged", "gone")},
        "to_record": check.new + check.changed + check.gone + len(check.changes.measures.withdrawn),
        "document": check.document,
        "already": check.already,
        "stamp": check.stamp.batch if check.stamp else None,
        "raised": check.raised,
        "accounting": [account.as_dict() for account in check.accounting],
        "changes": described(check),
        "measures": list(islice(_measures(check), _LISTED)),
        "asks_for_reason": asks_for_reason(check),
        **_problems(check.problems, rows),
    }
    plain = _NUL.sub(r"\1", json.dumps(told, default=str))
    return dict(json.loads(plain))


def asks_for_reason(check: Check) -> bool:
    """Whether all that stops a workbook is that nobody said why stored deadlines change."""
    return {p.code for p in check.problems if p.severity is Severity.STOPS} == {_ASKS_FOR_A_REASON}


def digest_of_preview(check: Check) -> str:
    """Return the digest of everything recording would do and everything a person was asked to confirm.

    The same file against the same facts gives the same digest, in any process.
    """
    changes, told = check.changes, sha256()
    about = (check.sha256, str(check.kind), check.agency, check.document, check.reported_on, check.reason)
    for part in (
        about,
        *((row.key, row.digest, row.number) for row in changes.new),
        *((each.task_id, each.row.digest, each.fields, each.dropped) for each in changes.changed),
        *((each.task_id,) for each in changes.gone),
        *((each.assignment_id, each.row.digest, each.replaces, each.proof, each.fields) for each in changes.progress),
        *((each.row.code_of(each.agency), each.row.digest) for each in changes.measures.defined),
        *((each.indicator_id, each.value, each.unit) for each in changes.measures.observed),
        changes.measures.withdrawn,
        *((p.code, p.sheet, p.row, p.column, p.found) for p in check.problems if p.severity is not Severity.NOTE),
    ):
        told.update(repr(part).encode())
    return told.hexdigest()


def said(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain values, with its sentence in each language."""
    told = {"code": problem.code, "sheet": problem.sheet, "row": problem.row, "column": problem.column}
    return {**told, "found": problem.found, **{str(each): problem.sentence(each) for each in Language}}


def _problems(problems: Sequence[Problem], rows: Rows) -> dict[str, Any]:
    """Return the problems as a page needs them: of the whole file, by kind, and the rows to mend."""
    stops = [problem for problem in problems if problem.severity is Severity.STOPS]
    confirm = [problem for problem in problems if problem.severity is Severity.TO_CONFIRM]
    notes = [problem for problem in problems if problem.severity is Severity.NOTE]
    in_rows = [problem for problem in stops if problem.row is not None]
    return {
        "stops": stopping(problems),
        "causes": [said(problem) for problem in stops if problem.row is None][:_LISTED],
        "kinds": _kinds(in_rows),
        "bad": _bad_rows(in_rows, rows),
        "bad_rows": len({(problem.sheet, problem.row) for problem in in_rows}),
        "confirm": [said(problem) for problem in confirm[:_LISTED]],
        "confirm_count": len(confirm),
        "notes": [said(problem) for problem in notes[:_LISTED]],
        "notes_count": len(notes),
    }


def _kinds(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return the first of each kind with how many there are, the most frequent first."""
    found = list(problems)
    counts, first = Counter(problem.code for problem in found), {problem.code: problem for problem in reversed(found)}
    return [{**said(first[code]), "count": count} for code, count in counts.most_common()]


def _bad_rows(problems: Iterable[Problem], rows: Rows) -> list[dict[str, Any]]:
    """Return the rows with something to mend, as Excel numbers them, each with its cells and what is wrong in them."""
    found: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        assert problem.row is not None
        found.setdefault((problem.sheet, problem.row), []).append(problem)
    return [
        {"sheet": sheet, "row": row, "cells": _cells(wrong, rows.get(sheet, ()), row), "says": list(map(said, wrong))}
        for (sheet, row), wrong in sorted(found.items())[:_LISTED]
    ]


def _cells(wrong: Iterable[Problem], rows: Sequence[Sequence[Value]], row: int) -> list[dict[str, Any]]:
    """Return the filled cells of a row and those in error, from the left; in a wide row those in error go first."""
    bad = {problem.column: problem.found for problem in wrong if problem.column}
    line = rows[row - 1] if row <= len(rows) else ()
    texts = {column_letters(at): shown(cell_text(value)) for at, value in enumerate(line) if value not in ("", None)}
    texts = {**bad, **texts}
    kept = sorted(texts, key=lambda letters: (letters not in bad, len(letters), letters))[:_COLUMNS]
    in_order = sorted(kept, key=lambda letters: (len(letters), letters))
    return [{"column": letters, "text": texts[letters], "bad": letters in bad} for letters in in_order]


def _measures(check: Check) -> Iterator[dict[str, Any]]:
    for defined in check.changes.measures.defined:
        told = {"name": defined.row.name, "agency": defined.agency, "says": defined.row.target_text}
        yield {**told, "unit": defined.row.unit, "replaces": defined.replaces}
    for observed in check.changes.measures.observed:
        told = {"name": observed.row.name, "agency": observed.row.agency, "says": observed.row.value_text}
        yield {**told, "unit": observed.unit, "replaces": observed.replaces}
