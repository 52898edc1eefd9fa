"""Run as a program of its own: a workbook on stdin, its sheets on stdout. What goes wrong in here harms nobody.

It imports nothing of Dondoc, so that it starts fast, and it limits itself before it reads. Every answer is one pickle:
("sheet", name, visible, merged areas), ("rows", a list of rows) …, and at last ("end",); or ("problem", kind, text).
"""

import gc
import pickle
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

ROWS_AT_ONCE = 2000


def main(memory: int, seconds: int, largest_area: int) -> None:
    """Read a workbook within `memory` bytes of address space and `seconds` of processor time.

    A sheet of more than `largest_area` cells, empty ones included, is not sent.
    """
    gc.disable()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = pickle.Pickler(sys.stdout.buffer, protocol=5)
    for answer in read(sys.stdin.buffer, largest_area):
        answers.dump(answer)


def read(source: BinaryIO, largest_area: int) -> Iterator[tuple[Any, ...]]:
    """Yield the answers about the workbook in `source`."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(source.read()))
        known: dict[Any, Any] = {}
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(about.name)
                if sheet.total_height * sheet.total_width > largest_area:
                    yield "problem", "too_large", f"{sheet.total_height} × {sheet.total_width}"
                    return
                yield "sheet", about.name, about.visible == SheetVisibleEnum.Visible, sheet.merged_cell_ranges or []
                yield from _rows(sheet, known)
    except PasswordError:
        yield "problem", "encrypted", ""
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception
        yield "problem", "unreadable", f"{type(error).__name__}: {error}"
    else:
        yield ("end",)


def _rows(sheet: Any, known: dict[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows from row 1 and column A on; a text that stands in many cells is sent once."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    rows = []
    for row in sheet.iter_rows():
        rows.append(before + [known.setdefault(value, value) if type(value) is str else value for value in row])
        if len(rows) == ROWS_AT_ONCE:
            yield "rows", rows
            rows = []
    yield "rows", rows


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
