"""openpyxl's read-only mode merely reading every cell, timed in a process of its own: `python -m …openpyxl_side FILE`.

With defusedxml installed openpyxl uses it, as its documentation advises; OPENPYXL_DEFUSEDXML=False turns that off.
"""

import json
import sys
import time
from typing import Any

import openpyxl


def read_cells(file: str) -> dict[str, Any]:
    """Read every value and keep none."""
    started = time.perf_counter()
    book = openpyxl.load_workbook(file, read_only=True)
    cells = sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for _ in row)
    return {"seconds": time.perf_counter() - started, "cells": cells, "defusedxml": openpyxl.DEFUSEDXML}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read_cells(sys.argv[1])) + "\n")
