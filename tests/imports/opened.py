"""Open files for the tests: exported from a store, and written by hand."""

import json
from datetime import date
from typing import Any

from models import Store, status_of
from reports.open_files import open_files
from tests.imports.workbooks import LATER, TODAY

OF_THE_STORE = {"batch", "recorded_at"}
SAID = {"assignment": "07-CT-TTg.1.BYT", "reported_on": "2025-06-27", "done": True}


def exported(store: Store, as_of: date = TODAY, **more: Any) -> dict[str, bytes]:
    """Return the files of an export."""
    return dict(open_files(store, status_of(store, as_of=as_of, known_at=LATER), **more).files)


def items(files: dict[str, bytes], kind: str) -> list[dict[str, Any]]:
    """Return the items of a JSON, without what only the one store knows."""
    found = json.loads(files[f"{kind}.json"])[kind]
    return [{name: value for name, value in item.items() if name not in OF_THE_STORE} for item in found]


def refused(*found: dict[str, Any], kind: str = "progress", **more: Any) -> bytes:
    """Return a JSON of these items."""
    return json.dumps({"format": f"dondoc-{kind}", "version": 1, kind: found, **more}).encode()
