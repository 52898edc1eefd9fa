"""`dondoc undo`: take a recorded workbook back, and say what that did."""

from typing import TYPE_CHECKING, Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import ROW_NUMBER, database_option, json_option
from cli.output import note, print_json, print_table
from config.clock import now
from texts import both

if TYPE_CHECKING:
    from imports import Undone


@click.command(help=both("cli.help_undo"))
@click.argument("batch", type=ROW_NUMBER)
@database_option
@json_option
def undo(batch: int, *, database: str, as_json: bool) -> int:
    """Take batch number BATCH back; what it said counts no more from now on, past answers stay."""
    from imports import undo as take_back

    with opened(database) as store:
        undone = take_back(batch, store=store, now=now())
    if as_json:
        print_json(_described(undone))
    else:
        _print(undone)
    if not undone.undone:
        later = ", ".join(f"{one.batch} ({one.file})" for one in undone.refused_because)
        note(both(f"cli.undo_{undone.reason}", batch=batch, later=later))
    return DONE if undone.undone else INPUT_HAS_PROBLEMS


def _described(undone: "Undone") -> dict[str, Any]:
    return {
        "batch": undone.batch,
        "undone": undone.undone,
        "reason": undone.reason,
        "reversed": vars(undone.reversed),
        "kept": [
            {"assignment": one.code, "decided": list(one.actions), "by": list(one.decided_by)} for one in undone.kept
        ],
        "refused_because": [{"batch": later.batch, "file": later.file} for later in undone.refused_because],
    }


def _print(undone: "Undone") -> None:
    if undone.undone:
        click.echo(both("cli.undone", batch=undone.batch))
        click.echo(both("cli.undo_reversed", **vars(undone.reversed)))
    print_table(
        both("cli.undo_kept"),
        [both(f"cli.column_{name}") for name in ("assignment", "decided", "by")],
        [[one.code, ", ".join(one.actions), ", ".join(one.decided_by)] for one in undone.kept],
    )
