"""`dondoc questions`: what waits for a person to decide, and the holds that run."""

from dataclasses import asdict
from datetime import date

import click

from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, settings
from cli.output import print_json, print_table
from config.clock import now
from texts import both, date_text


@click.command(help=both("cli.help_questions"))
@as_of_option
@database_option
@json_option
def questions(*, as_of: date, database: str, as_json: bool) -> None:
    """List what waits, oldest first, and what rests until when."""
    from decisions import holds_of, open_questions

    at = now()
    with opened(database) as store:
        waiting = open_questions(store, as_of=as_of, known_at=at, level=settings().completion_level)
        resting = holds_of(store, as_of=as_of, known_at=at)
    if as_json:
        print_json({"as_of": as_of, "questions": [asdict(e) for e in waiting], "holds": [asdict(e) for e in resting]})
        return
    print_table(
        both("escalation.title_questions", day=date_text(as_of)),
        _columns("question", "number", "assignment", "waiting", "until", "words"),
        [
            [both(f"escalation.question_{each.kind}"), each.number, each.assignment, each.days_waiting,
             date_text(each.until_on) if each.until_on else "", each.text]
            for each in waiting
        ],
        figures=(1, 3),
    )  # fmt: skip
    print_table(
        both("escalation.title_holds", day=date_text(as_of)),
        _columns("assignment", "since", "until", "words"),
        [[each.assignment, date_text(each.from_on), date_text(each.until_on), each.reason] for each in resting],
    )


def _columns(*names: str) -> list[str]:
    return [both(f"escalation.column_{name}") for name in names]
