"""The reader's process: it ends by itself, by its limits or by our hand, and never takes this process with it."""

import io
import pickle
import time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from imports.reading import isolation
from imports.reading.isolation import Limits, Reading, UnreadableError
from imports.reading.reader import read_workbook
from tests.imports.test_sheet_scan import MAIN, SHEET, patched
from tests.imports.workbooks import annex, task

MEGABYTE = 1024 * 1024


def killed_by(content: bytes, limits: Limits) -> str:
    with Reading(content, limits) as reading, pytest.raises(UnreadableError) as error:
        reading.sheets()
    return error.value.kind


def large(rows: int = 16_000) -> bytes:
    """Return a workbook that takes seconds to read."""
    row = "".join(f"<c><v>{n}</v></c>" for n in range(100))
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{f"<row>{row}</row>" * rows}</sheetData></worksheet>'
    source = ZipFile(io.BytesIO(annex(task(1))))
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, xml if name == SHEET else source.read(name))
    return content.getvalue()


def test_sheets_come_back_as_they_are() -> None:
    with Reading(annex(task(1)), Limits()) as reading:
        sheets = reading.sheets()
    assert [sheet.name for sheet in sheets] == ["Phụ lục"]
    assert sheets[0].rows[3][:3] == [1.0, "Nhiệm vụ số 1", "Bộ Y tế"]


@pytest.mark.parametrize(
    ("limit", "limits"),
    [
        ("memory", Limits(memory=100 * MEGABYTE)),
        ("processor time", Limits(processor_seconds=1)),
        ("time on the clock", Limits(seconds=0.2)),
    ],
)
def test_a_limit_ends_the_reader_and_nothing_else(limit: str, limits: Limits) -> None:
    assert killed_by(large(40_000), limits) == "died", limit


def test_a_reader_no_longer_wanted_is_ended_at_once() -> None:
    started = time.monotonic()
    with Reading(large(), Limits()) as reading:
        pass
    assert reading._process.poll() is not None  # noqa: SLF001 - that it ended is the point
    assert time.monotonic() - started < 1


def test_a_workbook_beyond_the_limits_is_refused_with_a_sentence() -> None:
    workbook = read_workbook(large(), limits=Limits(memory=100 * MEGABYTE))
    assert [problem.code for problem in workbook.problems] == ["reader_gave_up"]
    assert workbook.sheets == []


def test_a_cell_far_away_breaks_the_fast_reader_alone() -> None:
    first = '<row r="1"><c r="XFD1"><v>1</v></c><c r="A1"><v>1</v></c></row>'
    last = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{first}{last}</sheetData></worksheet>'
    workbook = read_workbook(patched({SHEET: xml.encode()}))
    assert [problem.code for problem in workbook.problems] == ["reader_gave_up"]


def test_an_answer_that_would_run_something_is_refused() -> None:
    class Runs:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("ran",))

    answer = pickle.dumps(("sheet", "PL", True, [])) + pickle.dumps(("rows", [[Runs()]])) + pickle.dumps(("end",))
    with pytest.raises(UnreadableError):
        list(isolation._sheets(io.BufferedReader(io.BytesIO(answer))))  # noqa: SLF001 - what the process may say is the wall itself
