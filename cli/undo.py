"""`dondoc undo`: take a recorded workbook back."""

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import database_option, json_option
from cli.output import note, print_json
from config.clock import now
from texts import both


@click.command(help=both("cli.help_undo"))
@click.argument("batch", type=click.IntRange(min=1))
@database_option
@json_option
def undo(batch: int, *, database: str, as_json: bool) -> int:
    """Take batch number BATCH back; what it said counts no more from now on, past answers stay."""
    from imports import undo as take_back

    with opened(database) as store:
        undone = take_back(batch, store=store, now=now())
    if as_json:
        print_json({"batch": undone.batch, "undone": undone.undone, "reason": undone.reason})
    elif undone.undone:
        click.echo(both("cli.undone", batch=batch))
    if not undone.undone:
        note(both(f"cli.undo_{undone.reason}", batch=batch))
    return DONE if undone.undone else INPUT_HAS_PROBLEMS
