"""`dondoc decide`: record what somebody decided about an assignment."""

from datetime import date
from typing import Any

import click

from cli.decision import about_one, on_option, taken
from cli.options import DAY, ROW_NUMBER, database_option, json_option
from cli.replies import REPLIES
from config.clock import today
from texts import both


@click.group(help=both("cli.help_decide"))
def decide() -> None:
    """Hold one command per kind of decision."""


@decide.command(help=both("decision.help_cancel"))
@about_one
@on_option
def cancel(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Revoke ASSIGNMENT from a day."""
    from decisions import Cancel

    return taken(Cancel(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_hold"))
@about_one
@click.option("--from", "from_on", type=DAY, default=today, help=both("decision.option_from"))
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_hold_until"))
@click.option("--stops-clock", is_flag=True, help=both("decision.option_stops_clock"))
def hold(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Let ASSIGNMENT rest for a while; it counts again by itself."""
    from decisions import Hold

    action = Hold(code=assignment, reason=reason, document=document, **when)
    return taken(action, by=by, database=database, as_json=as_json)


@decide.command(help=both("decision.help_extend"))
@about_one
@on_option
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_extend_until"))
@click.option("--asked-on", type=DAY, help=both("decision.option_asked_on"))
@click.option("--exception", "--late", "exception", is_flag=True, help=both("decision.option_exception"))
def extend(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Give ASSIGNMENT a later due day; the day first assigned stays visible."""
    from decisions import Extend

    action = Extend(code=assignment, reason=reason, document=document, **when)
    return taken(action, by=by, database=database, as_json=as_json)


@decide.command(help=both("decision.help_decline"))
@about_one
@on_option
def decline(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Give ASSIGNMENT no more time, though a workbook asked for it."""
    from decisions import Decline

    return taken(Decline(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(name="date", help=both("decision.help_date"))
@about_one
@on_option
@click.option("--until", "until_on", type=DAY, required=True, help=both("decision.option_due_day"))
def date_(assignment: str, *, reason: str, document: str, by: str, database: str, as_json: bool, **when: Any) -> int:
    """Set the due day of ASSIGNMENT, given without one."""
    from decisions import SetDueDay

    action = SetDueDay(code=assignment, reason=reason, document=document, **when)
    return taken(action, by=by, database=database, as_json=as_json)


@decide.command(help=both("decision.help_confirm"))
@about_one
@on_option
def confirm(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Accept the completion last declared for ASSIGNMENT."""
    from decisions import Confirm

    return taken(Confirm(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(name="return", help=both("decision.help_return"))
@about_one
@on_option
def return_(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Send the completion last declared for ASSIGNMENT back."""
    from decisions import Return

    return taken(Return(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_resume"))
@about_one
@on_option
def resume(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Take ASSIGNMENT, on hold, up again."""
    from decisions import Resume

    return taken(Resume(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_reinstate"))
@about_one
@on_option
def reinstate(assignment: str, *, on: date, reason: str, document: str, **where: Any) -> int:
    """Let the cancelled ASSIGNMENT stand again."""
    from decisions import Reinstate

    return taken(Reinstate(code=assignment, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_succeed"))
@about_one
@on_option
@click.option("--to", required=True, metavar="AGENCY", help=both("decision.option_to_agency"))
def succeed(assignment: str, *, to: str, on: date, reason: str, document: str, **where: Any) -> int:
    """Let an agency take over ASSIGNMENT of one that was split."""
    from decisions import Succeed

    return taken(Succeed(code=assignment, to=to, on=on, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_link"))
@about_one
@click.option("--same-as", required=True, metavar="CODE", help=both("decision.option_same_as"))
def link(assignment: str, *, same_as: str, reason: str, document: str, **where: Any) -> int:
    """Say that ASSIGNMENT is the same work as another document's."""
    from decisions import Link

    return taken(Link(code=assignment, same_as=same_as, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_unlink"))
@about_one
def unlink(assignment: str, *, reason: str, document: str, **where: Any) -> int:
    """Say that ASSIGNMENT is a work of its own after all."""
    from decisions import Unlink

    return taken(Unlink(code=assignment, reason=reason, document=document), **where)


@decide.command(help=both("decision.help_answer"))
@click.argument("obstacle", type=ROW_NUMBER)
@click.option("--by", required=True, metavar="POST", help=both("decision.option_by"))
@click.option("--answer", required=True, metavar="TEXT", help=both("decision.option_answer"))
@click.option("--document", default="", metavar="NUMBER", help=both("decision.option_answer_document"))
@on_option
@database_option
@json_option
def answer(obstacle: int, *, on: date, answer: str, document: str, **where: Any) -> int:
    """Answer the obstacle of a number."""
    from decisions import AnswerObstacle

    return taken(AnswerObstacle(obstacle=obstacle, on=on, answer=answer, document=document), **where)


for _reply in REPLIES:
    decide.add_command(_reply)
