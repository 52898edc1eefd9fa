"""`dondoc deliver`: send the notices that wait in the outbox."""

from dataclasses import asdict
from datetime import date

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, settings
from cli.output import note, print_json
from config.clock import now
from texts import both


@click.command(help=both("cli.help_deliver"))
@as_of_option
@click.option("--limit", type=click.IntRange(min=1), help=both("cli.option_limit"))
@database_option
@json_option
def deliver(*, as_of: date, limit: int | None, database: str, as_json: bool) -> int:
    """Send each waiting notice once; a lost outcome is said, never sent again by itself."""
    from notifications import deliver as send

    with opened(database) as store:
        summary = send(store, channel=settings().channel.get_secret_value(), now=now, limit=limit, through=as_of)
    answer = asdict(summary)
    if as_json:
        print_json(answer)
    else:
        click.echo(both("cli.delivered", **answer))
    if summary.failed_permanent or summary.unknown:
        note(both("cli.delivery_needs_a_person", failed=summary.failed_permanent, unknown=summary.unknown))
        return INPUT_HAS_PROBLEMS
    return DONE
