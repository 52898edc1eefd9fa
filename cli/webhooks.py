"""`dondoc webhooks`: which other systems hear of changes, and one pass of telling them."""

from typing import TYPE_CHECKING, Any

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS, SystemFailed
from cli.opened import opened
from cli.options import ROW_NUMBER, database_option, json_option, sender_of, settings
from cli.output import print_json, print_table
from config.clock import now
from rules.webhook import ChangeKind, HookState
from texts import both, instant_text

if TYPE_CHECKING:
    from models.webhooks import HookAsIs, Told
    from notifications.webhooks import Sender

_BY = "dondoc webhooks"


@click.group(help=both("cli.help_webhooks"))
def webhooks() -> None:
    """Hold the commands about subscriptions."""


@webhooks.command("list", help=both("webhooks.help_list"))
@database_option
@json_option
def list_hooks(*, database: str, as_json: bool) -> None:
    """List the subscriptions and what waits for each; an address is shown by its host alone."""
    from models.webhooks import hooks_of, told_of

    with opened(database) as store, store.reading() as session:
        found = [(hook, told_of(session, hook.number)) for hook in hooks_of(session)]
    if as_json:
        print_json({"webhooks": [_described(hook, told) for hook, told in found]})
        return
    names = ("number", "program", "host", "kinds", "agency", "state", "waiting", "last")
    titles = [both(f"webhooks.column_{name}") for name in names]
    print_table(both("webhooks.title"), titles, [_row(*each) for each in found])


@webhooks.command("add", help=both("webhooks.help_add"))
@click.argument("address", metavar="URL")
@click.option("--client", type=ROW_NUMBER, required=True, help=both("webhooks.option_client"))
@click.option(
    "--kind", "kinds", type=click.Choice([*map(str, ChangeKind)]), multiple=True, help=both("webhooks.option_kind")
)
@click.option("--agency", default="", metavar="CODE", help=both("webhooks.option_agency"))
@database_option
@json_option
def add(*, address: str, client: int, kinds: tuple[str, ...], agency: str, database: str, as_json: bool) -> None:
    """Subscribe a program and say the secret its deliveries are signed with."""
    from decisions.webhooks import subscribe

    sender = _sender()
    with opened(database) as store:
        number = subscribe(
            store,
            client=client,
            address=address,
            kinds=[ChangeKind(kind) for kind in kinds],
            agency=agency,
            inside=sender.inside,
            by=_BY,
            now=now(),
        )
    _say_secret(number, sender, as_json=as_json)


@webhooks.command("secret", help=both("webhooks.help_secret"))
@click.argument("number", type=ROW_NUMBER)
@database_option
@json_option
def secret(*, number: int, database: str, as_json: bool) -> None:
    """Say the secret of a subscription again."""
    from decisions.webhooks import standing

    sender = _sender()
    with opened(database) as store:
        standing(store, number)
    _say_secret(number, sender, as_json=as_json)


@webhooks.command("turn", help=both("webhooks.help_turn"))
@click.argument("number", type=ROW_NUMBER)
@click.argument("state", type=click.Choice([str(HookState.ON), str(HookState.OFF)]))
@database_option
@json_option
def turn(*, number: int, state: str, database: str, as_json: bool) -> None:
    """Pause a subscription, or let it hear again of all that happened meanwhile."""
    _turned(number, HookState(state), database, as_json=as_json)


@webhooks.command("remove", help=both("webhooks.help_remove"))
@click.argument("number", type=ROW_NUMBER)
@database_option
@json_option
def remove(*, number: int, database: str, as_json: bool) -> None:
    """Remove a subscription for good."""
    _turned(number, HookState.REMOVED, database, as_json=as_json)


@webhooks.command("send", help=both("webhooks.help_send"))
@database_option
@json_option
def send(*, database: str, as_json: bool) -> int:
    """Tell every subscription what waits for it; exit 1 when one was given up on."""
    from notifications.webhooks import send_webhooks

    sender = _sender()
    with opened(database) as store:
        summary = send_webhooks(store, sender, now=now)
    if as_json:
        print_json({**vars(summary)})
    else:
        click.echo(both("webhooks.sent", **summary.counts))
    return INPUT_HAS_PROBLEMS if summary.set_aside else DONE


def _sender() -> "Sender":
    sender = sender_of(settings())
    if sender is None:
        raise SystemFailed("webhooks.no_key")
    return sender


def _turned(number: int, state: HookState, database: str, *, as_json: bool) -> None:
    from decisions.webhooks import turn as decided

    with opened(database) as store:
        decided(store, number, state, by=_BY, now=now())
    if as_json:
        print_json({"webhook": number, "state": str(state)})
    else:
        click.echo(both("webhooks.turned", number=number, state=both(f"webhooks.state_{state}")))


def _say_secret(number: int, sender: "Sender", *, as_json: bool) -> None:
    if as_json:
        print_json({"webhook": number, "secret": sender.secret(number)})
    else:
        click.echo(both("webhooks.signed_with", number=number, secret=sender.secret(number)))


def _described(hook: "HookAsIs", told: "Told") -> dict[str, Any]:
    return {
        "webhook": hook.number,
        "client": hook.client,
        "program": hook.program,
        "host": hook.host,
        "kinds": sorted(hook.kinds),
        "agency": hook.agency,
        "state": str(hook.state),
        "listens": hook.listens,
        "waiting": told.waiting,
        "last": told.last,
        "last_at": told.last_at,
    }


def _row(hook: "HookAsIs", told: "Told") -> tuple[object, ...]:
    last = f"{both(f'webhooks.last_{told.last}')} · {instant_text(told.last_at)}" if told.last_at else "–"
    state = both("webhooks.ended") if hook.ended else both(f"webhooks.state_{hook.state}")
    kinds = ", ".join(sorted(hook.kinds))
    return (hook.number, hook.program, hook.host, kinds, hook.agency or both("portal.all"), state, told.waiting, last)
