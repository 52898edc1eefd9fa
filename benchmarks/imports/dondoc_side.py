"""Dondoc importing a workbook whole, timed in a process of its own: `python -m …dondoc_side FILE DATABASE`.

The last line of output is a JSON object; `seconds` runs from reading the bytes to the end of recording, modules
already imported.
"""

import json
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from imports import check_workbook, record
from models.store import Store

_NOW, _TODAY = datetime(2025, 9, 5, 1, tzinfo=UTC), date(2025, 9, 5)


def import_workbook(file: Path, database: str) -> dict[str, Any]:
    """Read in the isolated reader, understand, check, compare, record."""
    store = Store(database)
    started = time.perf_counter()
    check = check_workbook(file.read_bytes(), name=file.name, store=store, today=_TODAY)
    checked = time.perf_counter()
    recorded = record(check, store=store, now=_NOW)
    ended = time.perf_counter()
    return {
        "seconds": ended - started,
        "check": checked - started,
        "outcome": recorded.outcome,
        "rows": check.rows,
        "new": check.new,
        "problems": sorted({problem.code for problem in check.problems}),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(import_workbook(Path(sys.argv[1]), sys.argv[2])) + "\n")
