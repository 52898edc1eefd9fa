"""`dondoc decide …`: what those who were told answer, and what is answered to them."""

from datetime import date
from typing import Any

import click

from cli.decision import Command, on_option, taken
from cli.options import DAY, ROW_NUMBER, database_option, json_option
from config.clock import today
from rules.ladder import Role
from texts import both


def _told(command: Command) -> Command:
    """Add what every answer of somebody who was told needs."""
    options = (
        click.argument("assignment"),
        click.option("--by", required=True, metavar="POST", help=both("decision.option_by")),
        click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason")),
        on_option,
        database_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


_UNTIL = click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_reply_until"))


@click.command(help=both("decision.help_acknowledge"))
@_told
@_UNTIL
def acknowledge(assignment: str, *, on: date, until_on: date, reason: str, **where: Any) -> int:
    """Commit to a day for ASSIGNMENT."""
    from decisions import Acknowledge

    return taken(Acknowledge(code=assignment, on=on, until_on=until_on, reason=reason), **where)


@click.command(name="request-extension", help=both("decision.help_request_extension"))
@_told
@_UNTIL
def request_extension(assignment: str, *, on: date, until_on: date, reason: str, **where: Any) -> int:
    """Ask the assigning authority for another due day of ASSIGNMENT."""
    from decisions import RequestExtension

    return taken(RequestExtension(code=assignment, on=on, until_on=until_on, reason=reason), **where)


@click.command(help=both("decision.help_dispute"))
@_told
def dispute(assignment: str, *, on: date, reason: str, **where: Any) -> int:
    """Say that the status of ASSIGNMENT is not right."""
    from decisions import Dispute

    return taken(Dispute(code=assignment, on=on, reason=reason), **where)


@click.command(help=both("decision.help_redirect"))
@_told
@click.option("--to", required=True, metavar="POST", help=both("decision.option_redirect_to"))
def redirect(assignment: str, *, on: date, to: str, reason: str, **where: Any) -> int:
    """Say who should have been told of ASSIGNMENT."""
    from decisions import Redirect

    return taken(Redirect(code=assignment, on=on, to=to, reason=reason), **where)


@click.command(help=both("decision.help_settle"))
@click.argument("appeal", type=ROW_NUMBER)
@click.option("--accept/--decline", "accepted", required=True, help=both("decision.option_accept"))
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason"))
@click.option("--document", default="", metavar="NUMBER", help=both("decision.option_answer_document"))
@on_option
@database_option
@json_option
def settle(appeal: int, *, on: date, accepted: bool, reason: str, document: str, **where: Any) -> int:
    """Answer the appeal of a number."""
    from decisions import Settle

    return taken(Settle(appeal=appeal, on=on, accepted=accepted, reason=reason, document=document), **where)


@click.command(help=both("decision.help_delegate"))
@click.argument("agency")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
@click.option("--to", required=True, metavar="POST", help=both("decision.option_delegate_to"))
@click.option("--address", required=True, help=both("decision.option_delegate_address"))
@click.option("--from", "from_on", type=DAY, default=today, help=both("decision.option_delegate_from"))
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_delegate_until"))
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason"))
@database_option
@json_option
def delegate(agency: str, *, role: str, by: str, database: str, as_json: bool, **said: Any) -> int:
    """Let somebody stand in for the post ROLE of AGENCY."""
    from decisions import Delegate

    return taken(Delegate(agency=agency, role=Role(role), **said), by=by, database=database, as_json=as_json)


REPLIES = (acknowledge, request_extension, dispute, redirect, settle, delegate)
"""The commands of this file, for the group."""
