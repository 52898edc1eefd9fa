"""`dondoc import`: check workbooks and record each whole, or say why not."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import opened
from cli.options import DAY, database_option, json_option
from cli.output import note, print_json, print_table
from config.clock import now, today
from models.store import Store
from texts import both

if TYPE_CHECKING:
    from imports import Check

PREVIEWED = "previewed"
_COUNTS = ("rows", "new", "changed", "unchanged", "gone")
_PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class Given:
    """What the command line says about every workbook."""

    agency: str | None
    document: str | None
    document_date: date | None
    dry_run: bool


@click.command(name="import", help=both("cli.help_import"))
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--agency", metavar="CODE", help=both("cli.option_import_agency"))
@click.option("--document", metavar="CODE", help=both("cli.option_document"))
@click.option("--document-date", metavar="YYYY-MM-DD", help=both("cli.option_document_date"))
@click.option("--dry-run", is_flag=True, help=both("cli.option_import_dry_run"))
@database_option
@json_option
def import_workbooks(
    files: tuple[str, ...],
    *,
    agency: str | None,
    document: str | None,
    document_date: str | None,
    dry_run: bool,
    database: str,
    as_json: bool,
) -> int:
    """Check and record each file in a transaction of its own."""
    from imports import Outcome

    with opened(database) as store:
        try:
            day = DAY.convert(document_date, None, None) if document_date else None
        except Refused as refusal:
            batches = [_unread(name, refusal) for name in files]
        else:
            batches = _batches(files, Given(agency, document, day, dry_run), store)
    if as_json:
        print_json({"batches": batches})
    else:
        _print(batches)
    return INPUT_HAS_PROBLEMS if any(batch["outcome"] == Outcome.REJECTED for batch in batches) else DONE


def _batches(files: tuple[str, ...], given: Given, store: Store) -> list[dict[str, Any]]:
    batches = []
    for number, name in enumerate(files, start=1):
        batch = _batch(name, given, store)
        note(f"[{number}/{len(files)}] {Path(name).name}: " + both(f"cli.outcome_{batch['outcome']}"))
        batches.append(batch)
    return batches


def _batch(name: str, given: Given, store: Store) -> dict[str, Any]:
    try:
        content = _read(Path(name))
    except Refused as refusal:
        return _unread(name, refusal)
    return _recorded(name, content, given, store)


def _read(path: Path) -> bytes:
    if not path.exists():
        raise Refused("cli.no_such_file", found=path)
    if not path.is_file():
        raise Refused("cli.not_a_file", found=path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("cli.unreadable_file", found=path, reason=error.strerror) from error


def _recorded(name: str, content: bytes, given: Given, store: Store) -> dict[str, Any]:
    from imports import Outcome, check_workbook, take

    def check() -> "Check":
        return check_workbook(
            content,
            name=Path(name).name,
            store=store,
            today=today(),
            agency=given.agency,
            document=given.document,
            document_date=given.document_date,
        )

    if given.dry_run:
        found = check()
        return _described(name, found, None, Outcome.REJECTED if found.stops else PREVIEWED)
    found, recorded = take(check, store=store, now=now)
    return _described(name, found, recorded.batch, recorded.outcome)


def _described(name: str, check: "Check", batch: int | None, outcome: str) -> dict[str, Any]:
    return {
        "batch": batch,
        "file": name,
        "sha256": check.sha256,
        "outcome": outcome,
        "kind": check.kind,
        **{count: getattr(check, count) for count in _COUNTS},
        "problems": [problem.as_dict() for problem in check.problems],
        "annotated_copy": None,
    }


def _unread(name: str, refusal: Refused) -> dict[str, Any]:
    """Describe a file that was not even read, in the same shape."""
    from imports import Outcome

    problem = {"sheet": "", "row": None, "column": None, "found": name, "message": refusal.message}
    return {
        "batch": None,
        "file": name,
        "sha256": None,
        "outcome": Outcome.REJECTED,
        "kind": None,
        **dict.fromkeys(_COUNTS, 0),
        "problems": [{"code": refusal.code, "severity": "stops", **problem}],
        "annotated_copy": None,
    }


def _print(batches: list[dict[str, Any]]) -> None:
    print_table(
        both("cli.title_import"),
        [both(f"cli.column_{name}") for name in ("batch", "file", "outcome", *_COUNTS)],
        [
            [b["batch"], Path(b["file"]).name, both("cli.outcome_" + b["outcome"]), *(b[count] for count in _COUNTS)]
            for b in batches
        ],
        figures=(0, 3, 4, 5, 6, 7),
    )
    for batch in batches:
        _print_problems(batch)


def _print_problems(batch: dict[str, Any]) -> None:
    problems = sorted(batch["problems"], key=lambda problem: problem["severity"] != "stops")
    for problem in problems[:_PROBLEMS_SHOWN]:
        click.echo(f"{Path(batch['file']).name}: {both('cli.severity_' + problem['severity'])}: {problem['message']}")
    if len(problems) > _PROBLEMS_SHOWN:
        left = Counter(problem["severity"] for problem in problems[_PROBLEMS_SHOWN:])
        click.echo(both("cli.more_problems", file=Path(batch["file"]).name, count=left.total()))
