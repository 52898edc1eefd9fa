"""`dondoc outbox`: the letters that need a person, the day's accounting, and what a person does about a letter."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, Refused
from cli.opened import opened
from cli.options import database_option, json_option, settings
from cli.output import print_json, print_table
from config.clock import now
from models import Store
from texts import both

if TYPE_CHECKING:
    from notifications.accounting import DayAccount
    from notifications.dead_letters import DeadLetter


@click.command(help=both("cli.help_outbox"))
@click.option("--requeue", metavar="KEY", help=both("outbox.option_requeue"))
@click.option("--cancel", metavar="KEY", help=both("outbox.option_cancel"))
@click.option("--by", metavar="POST", default="", help=both("outbox.option_by"))
@click.option("--reason", metavar="TEXT", default="", help=both("outbox.option_reason"))
@database_option
@json_option
def outbox(*, requeue: str | None, cancel: str | None, by: str, reason: str, database: str, as_json: bool) -> int:
    """List what needs a person, or turn one notice; exit 1 when a day does not balance."""
    with opened(database) as store:
        if requeue or cancel:
            return _turn(store, requeue, cancel, by.strip(), reason.strip(), as_json=as_json)
        return _list(store, as_json=as_json)


def _turn(store: Store, requeue: str | None, cancel: str | None, by: str, reason: str, *, as_json: bool) -> int:
    from notifications import dead_letters
    from notifications.notice import NoticeState

    if not by or not reason or (requeue and cancel):
        raise Refused("outbox.who_and_why")
    key = requeue or cancel or ""
    if requeue:
        level = settings().completion_level
        before = dead_letters.requeue(store, key, by=by, reason=reason, now=now(), level=level)
    else:
        before = dead_letters.cancel(store, key, by=by, reason=reason, now=now())
    if before is None:
        raise Refused("outbox.cannot_turn", key=key)
    after = NoticeState.PLANNED if requeue else NoticeState.CANCELLED
    if as_json:
        print_json({"key": key, "before": before, "after": after})
    else:
        click.echo(both("outbox.turned", key=key, before=before, after=after))
    return DONE


def _list(store: Store, *, as_json: bool) -> int:
    from notifications.accounting import accounts, balance
    from notifications.dead_letters import dead_letters

    days, dead = accounts(store, now=now()), dead_letters(store)
    if as_json:
        told = [{**asdict(day), "balances": day.balances} for day in days]
        print_json({"days": told, "balances": balance(days), "dead": [asdict(letter) for letter in dead]})
    else:
        _show_days(days)
        _show_dead(dead)
    return DONE if balance(days) else INPUT_HAS_PROBLEMS


def _show_days(days: tuple["DayAccount", ...]) -> None:
    rows = [
        (
            day.day,
            day.planned,
            ", ".join(f"{state} {count}" for state, count in sorted(day.states.items())),
            both("outbox.balances") if day.balances else both("outbox.adrift", keys=", ".join(day.adrift)),
        )
        for day in days
    ]
    headings = [both(f"outbox.column_{name}") for name in ("day", "planned", "states", "balance")]
    print_table(both("outbox.accounting"), headings, rows, figures=(1,))


def _show_dead(dead: tuple["DeadLetter", ...]) -> None:
    rows = [(letter.key, letter.recipient, letter.state, letter.reason, letter.attempts) for letter in dead]
    headings = [both(f"outbox.column_{name}") for name in ("key", "recipient", "state", "why", "attempts")]
    print_table(both("outbox.dead"), headings, rows, figures=(4,))
    if not rows:
        click.echo(both("outbox.nothing_dead"))
