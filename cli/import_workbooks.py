"""`dondoc import`: check workbooks and record each whole, or say why not."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.changes import print_changes
from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import opened
from cli.options import DAY, database_option, json_option, settings
from cli.output import note, print_json, print_table
from config.clock import now, today
from models.store import Store
from texts import SaidError, both

if TYPE_CHECKING:
    from imports import Check

PREVIEWED = "previewed"
_COUNTS = ("rows", "new", "changed", "unchanged", "gone")
_PROBLEMS_SHOWN = 20
_DIGEST_SHOWN = 8


@dataclass(frozen=True)
class Given:
    """What the command line says about every workbook."""

    agency: str | None
    document: str | None
    document_date: date | None
    reason: str | None
    dry_run: bool


@click.command(name="import", help=both("cli.help_import"))
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--agency", metavar="CODE", help=both("cli.option_import_agency"))
@click.option("--document", metavar="CODE", help=both("cli.option_document"))
@click.option("--document-date", metavar="YYYY-MM-DD", help=both("cli.option_document_date"))
@click.option("--reason", metavar="TEXT", help=both("cli.option_import_reason"))
@click.option("--dry-run", is_flag=True, help=both("cli.option_import_dry_run"))
@database_option
@json_option
def import_workbooks(
    files: tuple[str, ...],
    *,
    agency: str | None,
    document: str | None,
    document_date: str | None,
    reason: str | None,
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
            batches = _batches(files, Given(agency, document, day, reason, dry_run), store)
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
    from imports import Outcome, StaleCheckError, check_workbook, take

    def check() -> "Check":
        return check_workbook(
            content,
            name=Path(name).name,
            store=store,
            today=today(),
            agency=given.agency,
            document=given.document,
            document_date=given.document_date,
            reason=given.reason,
        )

    if given.dry_run:
        found = check()
        outcome: str = Outcome.REJECTED if found.stops else PREVIEWED
        return _described(name, found, None, outcome, _copy(content, found, outcome))
    try:
        found, recorded = take(check, store=store, now=now)
    except StaleCheckError as overtaken:
        return _unread(name, overtaken)
    return _described(name, found, recorded.batch, recorded.outcome, _copy(content, found, recorded.outcome))


def _copy(content: bytes, check: "Check", outcome: str) -> Path | None:
    """Write the annotated copy of a workbook with something to mend or to confirm; of one known already, find it."""
    from imports import Outcome
    from imports.problem import asks_for_mending

    folder, digest = settings().data / "annotated", check.sha256[:_DIGEST_SHOWN]
    if outcome == Outcome.UNCHANGED:
        return next(iter(sorted(folder.glob(f"{digest}-*"))), None)
    if not asks_for_mending(check.problems):
        return None
    from imports.returning.annotated.copying import annotated_copy
    from imports.returning.annotated.filing import write_whole

    copy = annotated_copy(content, name=check.name, problems=check.problems)
    if copy is None:
        return None
    place = folder / f"{digest}-{copy.name}"
    try:
        write_whole(place, copy.content)
    except OSError as error:
        note(both("annotated.not_written", file=place, reason=error.strerror))
        return None
    return place


def _described(name: str, check: "Check", batch: int | None, outcome: str, copy: Path | None) -> dict[str, Any]:
    from imports.described import described

    return {
        "batch": batch,
        "file": name,
        "sha256": check.sha256,
        "outcome": outcome,
        "kind": check.kind,
        **{count: getattr(check, count) for count in _COUNTS},
        "changes": described(check),
        "raised": check.raised,
        "rows_read": {account.sheet: account.read for account in check.accounting},
        "rows_set_aside": {account.sheet: dict(account.aside) for account in check.accounting},
        "problems": [problem.as_dict() for problem in check.problems],
        "annotated_copy": copy,
    }


def _unread(name: str, refusal: SaidError) -> dict[str, Any]:
    """Describe a file that was not read, or whose check did not hold, in the same shape."""
    from imports import Outcome
    from imports.described import described

    problem = {"sheet": "", "row": None, "column": None, "found": name, "message": refusal.message}
    return {
        "batch": None,
        "file": name,
        "sha256": None,
        "outcome": Outcome.REJECTED,
        "kind": None,
        **dict.fromkeys(_COUNTS, 0),
        "changes": described(None),
        "raised": {},
        "rows_read": {},
        "rows_set_aside": {},
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
        print_changes(batch["file"], batch["changes"])
        _print_accounting(batch)
        _print_problems(batch)


def _print_accounting(batch: dict[str, Any]) -> None:
    """Say of each sheet how many rows were read and why the others were not."""
    for sheet, read in batch["rows_read"].items():
        aside = batch["rows_set_aside"][sheet]
        reasons = ", ".join(f"{both(f'import.aside_{reason}')} {count}" for reason, count in aside.items())
        values = {"file": Path(batch["file"]).name, "sheet": sheet, "read": read, "aside": sum(aside.values())}
        click.echo(both("import.accounted", **values) + (f" ({reasons})" if reasons else ""))


def _print_problems(batch: dict[str, Any]) -> None:
    problems = sorted(batch["problems"], key=lambda problem: problem["severity"] != "stops")
    for problem in problems[:_PROBLEMS_SHOWN]:
        click.echo(f"{Path(batch['file']).name}: {both('cli.severity_' + problem['severity'])}: {problem['message']}")
    if len(problems) > _PROBLEMS_SHOWN:
        left = Counter(problem["severity"] for problem in problems[_PROBLEMS_SHOWN:])
        click.echo(both("cli.more_problems", file=Path(batch["file"]).name, count=left.total()))
    if batch["annotated_copy"]:
        click.echo(both("annotated.written", file=Path(batch["file"]).name, copy=batch["annotated_copy"]))
