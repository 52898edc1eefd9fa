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
from rules.ladder import Role
from texts import both

if TYPE_CHECKING:
    from decisions import Action, AnswerObstacle, Delegate, Link, Reply, Settle, Unlink

    Taken = Action | AnswerObstacle | Delegate | Link | Reply | Settle | Unlink

_OPTIONS = {  # which option a refusal is about: its sentence speaks to people at a page as well
    "needs_decider": "--by", "needs_reason": "--reason", "needs_answer": "--answer", "needs_document": "--document",
    "needs_address": "--address", "not_on_hold": "--on", "held_before_it_counts": "--from", "too_late": "--exception",
    "too_many": "--exception", "too_long": "--exception", "held_too_long": "--stops-clock", "no_clock": "--stops-clock",
    "clock_ran_out": "--stops-clock",
}  # fmt: skip
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


@decide.command(help=both("decision.help_decline"))
@_about_one
@_on_option
def decline(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Give ASSIGNMENT no more time, though a workbook asked for it."""
    from decisions import Decline

    return _taken(Decline(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(name="date", help=both("decision.help_date"))
@_about_one
@_on_option
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_due_day"))
def date_(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Set the due day of ASSIGNMENT, given without one."""
    from decisions import SetDueDay

    action = SetDueDay(code=assignment, reason=reason, document=document, **when)
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


@decide.command(help=both("decision.help_resume"))
@_about_one
@_on_option
def resume(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Take ASSIGNMENT, on hold, up again."""
    from decisions import Resume

    return _taken(Resume(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_reinstate"))
@_about_one
@_on_option
def reinstate(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Let the cancelled ASSIGNMENT stand again."""
    from decisions import Reinstate

    return _taken(Reinstate(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_succeed"))
@_about_one
@_on_option
@click.option("--to", required=True, metavar="AGENCY", help=both("decision.option_to_agency"))
def succeed(assignment: str, *, to: str, on: date, reason: str, document: str, **where: Any) -> int:
    """Let an agency take over ASSIGNMENT of one that was split."""
    from decisions import Succeed

    return _taken(Succeed(code=assignment, to=to, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_link"))
@_about_one
@click.option("--same-as", required=True, metavar="CODE", help=both("decision.option_same_as"))
def link(assignment: str, *, same_as: str, reason: str, document: str, **where: Any) -> int:
    """Say that ASSIGNMENT is the same work as another document's."""
    from decisions import Link

    return _taken(Link(code=assignment, same_as=same_as, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_unlink"))
@_about_one
def unlink(assignment: str, *, reason: str, document: str, **where: Any) -> int:
    """Say that ASSIGNMENT is a work of its own after all."""
    from decisions import Unlink

    return _taken(Unlink(code=assignment, reason=reason, document=document), **where)


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


def _told(command: Command) -> Command:
    """Add what every answer of somebody who was told needs."""
    options = (
        click.argument("assignment"),
        click.option("--by", required=True, metavar="POST", help=both("decision.option_by")),
        click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason")),
        _on_option,
        database_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


_UNTIL = click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_reply_until"))


@decide.command(help=both("decision.help_acknowledge"))
@_told
@_UNTIL
def acknowledge(assignment: str, *, on: date, until_on: date, reason: str, **where: Any) -> int:
    """Commit to a day for ASSIGNMENT."""
    from decisions import Acknowledge

    return _taken(Acknowledge(code=assignment, on=on, until_on=until_on, reason=reason), **where)


@decide.command(name="request-extension", help=both("decision.help_request_extension"))
@_told
@_UNTIL
def request_extension(assignment: str, *, on: date, until_on: date, reason: str, **where: Any) -> int:
    """Ask the assigning authority for another due day of ASSIGNMENT."""
    from decisions import RequestExtension

    return _taken(RequestExtension(code=assignment, on=on, until_on=until_on, reason=reason), **where)


@decide.command(help=both("decision.help_dispute"))
@_told
def dispute(assignment: str, *, on: date, reason: str, **where: Any) -> int:
    """Say that the status of ASSIGNMENT is not right."""
    from decisions import Dispute

    return _taken(Dispute(code=assignment, on=on, reason=reason), **where)


@decide.command(help=both("decision.help_redirect"))
@_told
@click.option("--to", required=True, metavar="POST", help=both("decision.option_redirect_to"))
def redirect(assignment: str, *, on: date, to: str, reason: str, **where: Any) -> int:
    """Say who should have been told of ASSIGNMENT."""
    from decisions import Redirect

    return _taken(Redirect(code=assignment, on=on, to=to, reason=reason), **where)


@decide.command(help=both("decision.help_settle"))
@click.argument("appeal", type=ROW_NUMBER)
@click.option("--accept/--decline", "accepted", required=True, help=both("decision.option_accept"))
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@click.option("--reason", required=True, metavar="TEXT", help=both("decision.option_reason"))
@click.option("--document", default="", metavar="NUMBER", help=both("decision.option_answer_document"))
@_on_option
@database_option
@json_option
def settle(appeal: int, *, on: date, accepted: bool, reason: str, document: str, **where: Any) -> int:
    """Answer the appeal of a number."""
    from decisions import Settle

    return _taken(Settle(appeal=appeal, on=on, accepted=accepted, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_delegate"))
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

    return _taken(Delegate(agency=agency, role=Role(role), **said), by=by, database=database, as_json=as_json)


def _taken(action: "Taken", *, by: str, database: str, as_json: bool) -> int:
    from decisions import decide as take

    chosen = settings()
    policy = ExtensionPolicy(chosen.extensions, chosen.extension_days)
    with opened(database) as store:
        outcome = take(action, store=store, by=by, now=now(), level=chosen.completion_level, policy=policy)
    if as_json:
        answer = {"action": outcome.action, "outcome": outcome.outcome, "audit": outcome.audit}
        names = {"code": "assignment", "obstacle": "obstacle", "appeal": "appeal", "agency": "agency"}
        answer |= {said: getattr(action, name) for name, said in names.items() if hasattr(action, name)}
        print_json({**answer, "message": outcome.message})
    elif outcome.refusal is None:
        click.echo(outcome.message)
    if outcome.refusal is None:
        return DONE
    code = outcome.refusal.code
    note(f"{outcome.message} ({_OPTIONS[code]})" if code in _OPTIONS else outcome.message)
    return INPUT_HAS_PROBLEMS
