"""`dondoc decide`: record what somebody decided about an assignment."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import DAY, ROW_NUMBER, database_option, json_option, settings
from cli.output import note, print_json
from config.clock import now, today
from rules.extension import ExtensionPolicy
from texts import both

if TYPE_CHECKING:
    from decisions import Action, AnswerObstacle

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(help=both("cli.help_decide"))
def decide() -> None:
    """Hold one command per kind of decision."""


def _about_one(command: Command) -> Command:
    """Add what every decision needs: the assignment, who decides, why, by which document."""
    options = (
        click.argument("assignment"),
        click.option("--by", required=True, metavar="POST", help=both("decision.option_by")),
        click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason")),
        click.option("--document", default="", metavar="NUMBER", help=both("decision.option_document")),
        database_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _on_option(command: Command) -> Command:
    return click.option("--on", "on", type=DAY, default=today, help=both("decision.option_on"))(command)


@decide.command(help=both("decision.help_cancel"))
@_about_one
@_on_option
def cancel(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Revoke ASSIGNMENT from a day."""
    from decisions import Cancel

    return _taken(Cancel(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_hold"))
@_about_one
@click.option("--from", "from_on", type=DAY, default=today, help=both("decision.option_from"))
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_hold_until"))
@click.option("--stops-clock", is_flag=True, help=both("decision.option_stops_clock"))
def hold(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Let ASSIGNMENT rest for a while; it counts again by itself."""
    from decisions import Hold

    action = Hold(code=assignment, reason=reason, document=document, **when)
    return _taken(action, by=by, database=database, as_json=as_json)


@decide.command(help=both("decision.help_extend"))
@_about_one
@_on_option
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_extend_until"))
@click.option("--asked-on", type=DAY, help=both("decision.option_asked_on"))
@click.option("--exception", "--late", "exception", is_flag=True, help=both("decision.option_exception"))
def extend(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Give ASSIGNMENT a later due day; the day first assigned stays visible."""
    from decisions import Extend

    action = Extend(code=assignment, reason=reason, document=document, **when)
    return _taken(action, by=by, database=database, as_json=as_json)


@decide.command(help=both("decision.help_confirm"))
@_about_one
@_on_option
def confirm(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Accept the completion last declared for ASSIGNMENT."""
    from decisions import Confirm

    return _taken(Confirm(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(name="return", help=both("decision.help_return"))
@_about_one
@_on_option
def return_(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Send the completion last declared for ASSIGNMENT back."""
    from decisions import Return

    return _taken(Return(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_answer"))
@click.argument("obstacle", type=ROW_NUMBER)
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@click.option("--answer", required=True, metavar="TEXT", help=both("decision.option_answer"))
@click.option("--document", default="", metavar="NUMBER", help=both("decision.option_answer_document"))
@_on_option
@database_option
@json_option
def answer(obstacle: int, *, on: date, answer: str, document: str, **where: Any) -> int:
    """Answer the obstacle of a number."""
    from decisions import AnswerObstacle

    return _taken(AnswerObstacle(obstacle=obstacle, on=on, answer=answer, document=document), **where)


def _taken(action: "Action | AnswerObstacle", *, by: str, database: str, as_json: bool) -> int:
    from decisions import decide as take

    chosen = settings()
    policy = ExtensionPolicy(chosen.extensions, chosen.extension_days)
    with opened(database) as store:
        outcome = take(action, store=store, by=by, now=now(), level=chosen.completion_level, policy=policy)
    if as_json:
        answer = {"action": outcome.action, "outcome": outcome.outcome, "audit": outcome.audit}
        about = {"assignment": action.code} if hasattr(action, "code") else {"obstacle": action.obstacle}
        print_json({**answer, **about, "message": outcome.message})
    elif outcome.refusal is None:
        click.echo(outcome.message)
    if outcome.refusal is None:
        return DONE
    note(outcome.message)
    return INPUT_HAS_PROBLEMS
