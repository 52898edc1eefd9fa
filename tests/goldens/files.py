"""Where the originals and their expected readings are."""

from pathlib import Path

from tests.goldens import (
    file_shapes,
    hostile_shapes,
    raised_shapes,
    report_shapes,
    stored_shapes,
    table_shapes,
    title_shapes,
    value_shapes,
)
from tests.goldens.originals import ABOUT, FOLDER, MADE_ANEW

SUFFIX = ".expected.json"
# Importing the shapes registers what they make.
SHAPES = (
    table_shapes,
    value_shapes,
    title_shapes,
    report_shapes,
    stored_shapes,
    raised_shapes,
    file_shapes,
    hostile_shapes,
)
# The files LibreOffice wrote, and the .xlsb, which a writer of its own made.
ABOUT |= {
    "excel-97.xls": "Excel 97: groups, merged leads, real dates, a hidden row, column and sheet.",
    "open-document.ods": "The same as an OpenDocument sheet.",
    "saved-by-libreoffice.xlsx": "The same as LibreOffice saves an .xlsx.",
    "excel-binary.xlsb": "The same as an .xlsb, without the merged leads.",
    "merged-leads.xlsb": "One lead merged down over two tasks in an .xlsb.",
    "formulas-calculated.xlsx": "Numbers, texts, leads and deadlines that are formulas with their values stored.",
    "formulas-calculated.xls": "The same as Excel 97.",
    "formulas-calculated.ods": "The same as an OpenDocument sheet.",
    "cells-in-error.xls": "A deadline and a lead that ended as #N/A and #DIV/0!, as Excel 97.",
    "cells-in-error.ods": "The same as an OpenDocument sheet.",
    "with-a-password.xlsx": "Locked with a password.",
    "with-a-password.xls": "The same as Excel 97.",
    "with-a-password.ods": "The same as an OpenDocument sheet.",
    "with-macros.xlsm": "A macro that would run when the workbook is opened.",
    "flat-open-document.ods": "An OpenDocument sheet as one XML file.",
}


def originals() -> list[str]:
    """Return the names of all originals: the files of the folder, and those made anew."""
    kept = {path.name for path in FOLDER.iterdir() if not path.name.endswith(SUFFIX)}
    return sorted(kept | MADE_ANEW.keys())


def content_of(name: str) -> bytes:
    """Return an original's bytes."""
    return MADE_ANEW[name]() if name in MADE_ANEW else (FOLDER / name).read_bytes()


def expected_of(name: str) -> Path:
    """Return where the expected reading of an original stands."""
    return FOLDER / f"{name}{SUFFIX}"
