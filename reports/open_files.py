"""Assignments and progress as open files for other systems: JSON with a published schema, CSV, and a manifest.

The same store, day and instant give the same bytes.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from models.open_facts import open_assignments, open_progress
from models.open_forms import ITEMS, VERSION, ListedFile, Manifest, OpenKind, format_name
from models.status_table import StatusTable
from models.store import Store
from rules.spreadsheet_text import not_run

Item = Mapping[str, Any]
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class OpenFiles:
    """The bytes of each file by its name, and the manifest that is one of them."""

    files: Mapping[str, bytes]
    manifest: Manifest


def open_files(
    store: Store, table: StatusTable, *, agency: str | None = None, byte_order_mark: bool = True
) -> OpenFiles:
    """Return what the rows of `table` are as files; `agency` is the one it was narrowed to.

    Without `byte_order_mark` the .csv begin with their first heading; some workbook programs then misread letters.
    """
    with store.reading() as session:
        items: dict[OpenKind, list[Item]] = {
            OpenKind.ASSIGNMENTS: [each.model_dump(mode="json") for each in open_assignments(session, table)],
            OpenKind.PROGRESS: [each.model_dump(mode="json") for each in open_progress(session, table)],
        }
    files: dict[str, bytes] = {}
    for kind, rows in items.items():
        files[f"{kind}.csv"] = (_MARK if byte_order_mark else b"") + _csv(kind, rows)
        files[f"{kind}.json"] = _json(kind, rows, as_of=table.as_of, known_at=table.known_at)
    counts = {name: len(items[OpenKind(name.partition(".")[0])]) for name in files}
    manifest = Manifest(
        format="dondoc-manifest",
        version=VERSION,
        as_of=table.as_of,
        known_at=table.known_at,
        agency=agency,
        assignments=len(items[OpenKind.ASSIGNMENTS]),
        progress=len(items[OpenKind.PROGRESS]),
        without_lead=len(table.queue),
        files=[ListedFile(name=name, sha256=_digest(files[name]), rows=counts[name]) for name in sorted(files)],
    )
    files["manifest.json"] = f"{manifest.model_dump_json(indent=2)}\n".encode()
    return OpenFiles(files, manifest)


def _json(kind: OpenKind, rows: Sequence[Item], *, as_of: date, known_at: datetime) -> bytes:
    """Return the file with an item a line, so that two of them compare line by line."""
    head = {"format": format_name(kind), "version": VERSION, "as_of": as_of.isoformat()}
    head["known_at"] = known_at.isoformat()
    above = "".join(f"{json.dumps(name)}: {json.dumps(value)},\n" for name, value in head.items())
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{\n{above}"{kind}": [\n{lines}\n]\n}}\n'.encode()


def _csv(kind: OpenKind, rows: Iterable[Item]) -> bytes:
    """Return the same items as RFC 4180 has it: commas, CR LF, quotes doubled; text is never run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(ITEMS[kind].model_fields)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, str):
        return not_run(value)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
