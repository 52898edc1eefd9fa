"""What every command of `dondoc decide` shares: its options, and how a decision is taken and told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import DAY, database_option, json_option, settings
from cli.output import note, print_json
from config.clock import now, today
from rules.extension import ExtensionPolicy
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


def about_one(command: Command) -> Command:
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


def on_option(command: Command) -> Command:
    """Add the day from which a decision holds; today where none is said."""
    return click.option("--on", "on", type=DAY, default=today, help=both("decision.option_on"))(command)


def taken(action: "Taken", *, by: str, database: str, as_json: bool) -> int:
    """Take a decision of the post `by`, print what became of it, and return the exit code."""
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
