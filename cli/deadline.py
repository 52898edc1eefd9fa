"""`dondoc deadline`: read one deadline as written, and say how."""

from datetime import date
from typing import Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.options import DAY, database_option, json_option
from cli.output import print_json
from config.calendar import load_calendar
from rules.deadline import Deadline, Problem, read_deadline
from texts import Language, both, date_text
from texts.deadline import explain_deadline


@click.command(help=both("cli.help_deadline"))
@click.argument("text")
@click.option("--document-date", type=DAY, required=True, help=both("cli.option_document_date_of_deadline"))
@database_option
@json_option
def deadline(text: str, *, document_date: date, database: str, as_json: bool) -> int:  # noqa: ARG001 - every command takes --database
    """Read TEXT as written in a document of the given date, with the shipped calendar; no database is needed."""
    read = read_deadline(text, document_on=document_date, calendar=load_calendar())
    if as_json:
        print_json(_described(read))
    else:
        click.echo(explain_deadline(read))
        click.echo(explain_deadline(read, Language.EN))
        if read.due_on:
            effective = date_text(read.effective_due_on) if read.effective_due_on else "—"
            click.echo(both("cli.deadline_due", due_on=date_text(read.due_on), effective_due_on=effective))
    return INPUT_HAS_PROBLEMS if read.problem == Problem.IMPOSSIBLE_DATE else DONE


def _described(read: Deadline) -> dict[str, Any]:
    return {
        "text": read.text,
        "kind": read.kind,
        "start": read.start,
        "due_on": read.due_on,
        "effective_due_on": read.effective_due_on,
        "recurrence": read.recurrence,
        "needs_confirmation": read.needs_confirmation,
        "explanation": explain_deadline(read),
        "explanation_en": explain_deadline(read, Language.EN),
        "problem": read.problem,
    }
