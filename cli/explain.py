"""`dondoc explain`: why one assignment has its status, step by step, with the source of every fact."""

from dataclasses import asdict
from datetime import date, datetime

import click

from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, known_at_option, settings
from cli.output import print_json
from config.clock import now
from models.explain import Explanation
from models.explain import explain as derive
from texts import both


@click.command(help=both("cli.help_explain"))
@click.argument("assignment")
@as_of_option
@known_at_option
@database_option
@json_option
def explain(assignment: str, *, as_of: date, known_at: datetime | None, database: str, as_json: bool) -> None:
    """Derive the status of ASSIGNMENT from its document's words."""
    chosen = settings()
    with opened(database) as store:
        explanation = derive(
            store,
            assignment,
            as_of=as_of,
            known_at=known_at or now(),
            level=chosen.completion_level,
            warning_working_days=chosen.warning_working_days,
        )
    if as_json:
        print_json(asdict(explanation))
    else:
        _print(explanation)


def _print(explanation: Explanation) -> None:
    click.echo(_line(explanation.assignment))
    for number, step in enumerate(explanation.steps, start=1):
        click.echo(f"{number:>2}. {_line(step.what)}")
        click.echo(f"    {_line(step.why)}")
        click.echo(f"    {both('explain.source')}: {_line(step.source)}")


def _line(text: str) -> str:
    """Return `text` as one printable line: words from workbooks cannot move the cursor."""
    return "".join(char if char.isprintable() else " " for char in text)
