"""`dondoc tidy`: what lies longer than the office keeps it; listed, and deleted only when asked."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from cli.options import json_option, settings
from cli.output import print_json, print_table
from config.clock import HANOI, now
from config.settings import Settings
from texts import both

_KINDS = {"workbook": "tidy.kind_workbook", "copy": "tidy.kind_copy", "log": "tidy.kind_log"}
_TAKEN_IN = ("done", "rejected")


@dataclass(frozen=True)
class Old:
    """A file kept long enough: its kind, size in bytes and when it was written last."""

    path: Path
    kind: str
    bytes: int
    changed_at: datetime


@click.command(help=both("cli.help_tidy"))
@click.option("--delete", is_flag=True, help=both("tidy.option_delete"))
@json_option
def tidy(*, delete: bool, as_json: bool) -> None:
    """List what is older than its kind is kept, or delete it; facts, editions and letters are never among it."""
    old = list(_old_files(settings(), now()))
    if delete:
        for one in old:
            one.path.unlink(missing_ok=True)
    size = sum(one.bytes for one in old)
    if as_json:
        print_json({"deleted": delete, "bytes": size, "files": [asdict(one) for one in old]})
        return
    headings = [both(key) for key in ("tidy.column_file", "tidy.column_kind", "tidy.column_day", "tidy.column_size")]
    rows = [(one.path, both(_KINDS[one.kind]), one.changed_at.astimezone(HANOI).date(), one.bytes) for one in old]
    print_table(both("tidy.title"), headings, rows, figures=[3])
    click.echo(both("tidy.deleted" if delete else "tidy.listed", count=len(old), size=size))


def _old_files(chosen: Settings, at: datetime) -> Iterator[Old]:
    """Find them: workbooks already taken in, annotated copies, logs; each kind is kept for its own days."""
    taken_in = [chosen.data / "uploads", *(chosen.inbox / folder for folder in _TAKEN_IN)]
    kept = (
        ("workbook", taken_in, chosen.keep_workbooks_days),
        ("copy", [chosen.data / "annotated"], chosen.keep_copies_days),
        ("log", [chosen.data / "logs"], chosen.keep_logs_days),
    )
    for kind, folders, days in kept:
        for folder in folders:
            yield from _older(folder, kind, at - timedelta(days=days))


def _older(folder: Path, kind: str, before: datetime) -> Iterator[Old]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        found = path.stat()
        changed_at = datetime.fromtimestamp(found.st_mtime, UTC)
        if changed_at < before:
            yield Old(path, kind, found.st_size, changed_at)
