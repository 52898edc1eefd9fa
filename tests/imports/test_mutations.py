"""Whatever is done to a file, the answer is a value: no traceback, soon, within memory, and the store as it was."""

import os
import resource
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random
from time import perf_counter

import pytest

from imports import Check, Outcome, record
from imports.reading.isolation import Limits
from models import Store
from tests.goldens.files import content_of
from tests.goldens.originals import MADE_ANEW
from tests.goldens.packages import SHEET, packed, parts_of
from tests.imports.mutants import mutants
from tests.imports.workbooks import NOW, checked, counted

SEEDS = {
    "xlsx": ("two-tier-headings.xlsx", "saved-by-libreoffice.xlsx", "real-dates.xlsx", "several-sheets.xlsx"),
    "xlsm": ("with-macros.xlsm",),
    "xlsb": ("excel-binary.xlsb", "merged-leads.xlsb"),
    "ods": ("open-document.ods", "formulas-calculated.ods"),
    "xls": ("excel-97.xls", "formulas-calculated.xls"),
    "csv": ("utf-8.csv", "windows-1258.csv", "utf-16-tabs.csv", "separator-declared.csv"),
}
DEEP = bool(os.environ.get("DONDOC_DEEP"))
COUNTS = {"xlsx": 4000, "xlsm": 1000, "xlsb": 1000, "ods": 1500, "xls": 1500, "csv": 1000}
SHARE = 1 if DEEP else 40
SLOWEST = 10.0  # seconds, on a machine with a processor to spare
MEBIBYTE = 1024 * 1024
HOSTILE = (
    "far-corner.xlsx",
    "beyond-the-grid.xlsx",
    "column-beyond-the-grid.xlsx",
    "billion-laughs.xlsx",
    "external-entity.xlsx",
    "merged-over-the-grid.xlsx",
    "declared-to-the-last-cell.xlsx",
    "lying-sizes.xlsx",
    "claims-four-gigabytes.xlsx",
    *(name for name in MADE_ANEW if name != "file-too-large.xlsx"),
)


@dataclass(frozen=True)
class Answer:
    """What checking a file gave: its problems' codes, and how long it took."""

    codes: tuple[str, ...]
    seconds: float


def slowest() -> float:
    """Return how long a file may take now: others may be using the processors, too."""
    return SLOWEST * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def peak() -> int:
    """Return the most bytes that this process, or one that it started, has held so far."""
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most * 1024


def answer(store: Store, name: str, content: bytes) -> Answer:
    """Check a file as an upload; a refused one is also handed to the recorder, which must refuse it as well."""
    began = perf_counter()
    check = checked(content, store, name)
    seconds = perf_counter() - began
    assert isinstance(check, Check)
    assert all(problem.message and problem.as_dict() for problem in check.problems)
    assert check.problems or check.rows, "neither a row nor a problem"
    if check.stops:
        assert record(check, store=store, now=NOW).outcome is Outcome.REJECTED
    return Answer(tuple(problem.code for problem in check.problems), seconds)


def answers(store: Store, name: str, files: Sequence[bytes]) -> list[Answer]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(partial(answer, store, name), files))


@pytest.mark.parametrize("reader", SEEDS)
def test_broken_files_get_an_answer_and_change_nothing(reader: str, store: Store) -> None:
    if DEEP and store.engine.dialect.name != "sqlite":
        pytest.skip("the full number once; the reader is the same for both stores")
    before, held = counted(store), peak()
    seeds = [content_of(name) for name in SEEDS[reader]]
    found = answers(store, f"phu-luc.{reader}", list(mutants(reader, seeds, COUNTS[reader] // SHARE)))
    assert len(found) >= COUNTS[reader] // SHARE
    assert max(one.seconds for one in found) < slowest()
    assert peak() <= max(held, Limits().memory), "what other tests held before is not the reader's"
    assert len({one.codes for one in found}) > 2, "all were broken alike"
    assert counted(store) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_harm_gets_an_answer_soon(name: str, store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("the reader is the same for both stores")
    before = counted(store)
    found = answer(store, name, content_of(name))
    assert found.seconds < slowest()
    assert counted(store) == before


@pytest.mark.skipif(not DEEP, reason="writes 400 MB")
def test_blanks_as_many_as_the_limits_allow_get_an_answer_soon(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("the reader is the same for both stores")
    chance = Random(7)  # noqa: S311 - the same blanks every time
    blanks = b"".join(bytes(chance.choices(b" \t\n", k=4096)) + b" " * (800 * 1024) for _ in range(500))
    parts = parts_of(content_of("plain-annex.xlsx"))
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", blanks + b"</sheetData>")
    assert len(blanks) > 300 * MEBIBYTE
    assert answer(store, "blanks.xlsx", packed(parts)).seconds < slowest()
