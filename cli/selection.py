"""Options that narrow a list to the rows behind one figure."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from rules.completeness import Clear
from rules.status import Flag, Status
from texts import both

Command = TypeVar("Command", bound=Callable[..., Any])


def selection_options(command: Command) -> Command:
    """Add --status, --flag, --unclear and --late-from; the command receives the fields of a `Selection`."""
    options = (
        click.option("--status", "statuses", multiple=True, type=_one_of(Status), help=both("scorecard.option_status")),
        click.option("--flag", type=_one_of(Flag), help=both("scorecard.option_flag")),
        click.option("--unclear", multiple=True, type=_one_of(Clear), help=both("scorecard.option_unclear")),
        click.option(
            "--late-from", type=click.IntRange(min=0), default=0, metavar="N", help=both("scorecard.option_late_from")
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _one_of(kind: type[Status] | type[Flag] | type[Clear]) -> click.Choice[str]:
    return click.Choice([str(each) for each in kind])
