"""`dondoc deliver`: send the notices that wait in the outbox."""

from dataclasses import asdict
from datetime import date, datetime

import click

from cli.failure import DONE, INPUT_HAS_PROBLEMS
from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, settings
from cli.output import note, print_json
from config.clock import HANOI, now, today
from models import Store
from models.reference import calendar_of
from rules.digest_policy import DigestPolicy
from texts import both, instant_text


@click.command(help=both("cli.help_deliver"))
@as_of_option
@click.option("--limit", type=click.IntRange(min=1), help=both("cli.option_limit"))
@database_option
@json_option
def deliver(*, as_of: date, limit: int | None, database: str, as_json: bool) -> int:
    """Send each waiting notice once; a lost outcome is said, never sent again by itself."""
    from notifications import deliver as send
    from notifications.heartbeat import pulse

    chosen = settings()
    channel, fallback = chosen.channel.get_secret_value(), chosen.channel_fallback.get_secret_value()
    with opened(database) as store:
        policy = chosen.digest_policy
        others = {name: url.get_secret_value() for name, url in chosen.channels.items()}
        summary = send(
            store, channel=channel, now=now, limit=limit, through=as_of, fallback=fallback, policy=policy,
            channels=others,
        )  # fmt: skip
        quiet_until = _quiet_until(store, policy) if summary.pending else None
        found = pulse(store, chosen.heartbeat.get_secret_value(), today=today(), now=now())
    answer = {**asdict(summary), "balances": not found.adrift, "heartbeat": found.given}
    if as_json:
        print_json(answer)
    else:
        click.echo(both("cli.delivered", **answer))
    if quiet_until:
        note(both("outbox.quiet_until", until=instant_text(quiet_until)))
    if found.adrift:
        note(both("outbox.does_not_balance", days=", ".join(str(day.day) for day in found.adrift)))
    elif found.given is False:
        note(both("outbox.no_heartbeat"))
    if summary.failed_permanent or summary.unknown:
        note(both("cli.delivery_needs_a_person", failed=summary.failed_permanent, unknown=summary.unknown))
    return INPUT_HAS_PROBLEMS if summary.failed_permanent or summary.unknown or found.adrift else DONE


def _quiet_until(store: Store, policy: DigestPolicy) -> datetime | None:
    """Return until when nothing is sent, or None when letters may go now."""
    with store.reading() as session:
        return policy.not_before(now().astimezone(HANOI), calendar_of(session))
