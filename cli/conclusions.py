"""`dondoc conclusions`: a meeting's conclusions become a document with tasks."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import opened
from cli.options import DAY, database_option, json_option
from cli.output import note, print_json
from config.clock import now, today
from texts import both

if TYPE_CHECKING:
    from imports import Check, Recorded


@click.command(help=both("cli.help_conclusions"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--meeting", required=True, type=DAY, help=both("conclusions.option_meeting"))
@database_option
@json_option
def conclusions(file: Path, *, meeting: date, database: str, as_json: bool) -> int:
    """Record the conclusions in FILE, whole or not at all."""
    from imports import take
    from imports.conclusions import check_conclusions

    if not file.is_file():
        raise Refused("cli.no_such_file", found=file)
    with opened(database) as store:
        content = file.read_bytes()
        check, recorded = take(
            lambda: check_conclusions(content, name=file.name, store=store, today=today(), meeting=meeting),
            store=store,
            now=now,
        )
    if as_json:
        print_json(_described(check, recorded))
    for problem in check.problems:
        note(problem.message)
    if check.stops:
        note(both("conclusions.rejected", file=file.name))
        return INPUT_HAS_PROBLEMS
    if not as_json:
        counts = {"tasks": check.rows, "assignments": check.assignments}
        click.echo(both(f"conclusions.{recorded.outcome}", document=check.document, **counts))
    return DONE


def _described(check: "Check", recorded: "Recorded") -> dict[str, object]:
    return {
        "document": check.document,
        "tasks": check.rows,
        "assignments": check.assignments,
        "batch": recorded.batch,
        "outcome": recorded.outcome,
        "problems": [problem.as_dict() for problem in check.problems],
    }
