"""The doctor's look at what is sent: does the outbox balance, do seals and letters hold, are other systems told."""

from cli.finding import Finding, Findings, Outcome
from config.clock import now
from models import Store
from rules.webhook import HookState
from texts import both

_SHOWN = 5


def outbox_findings(store: Store) -> Findings:
    """Examine the outbox and its proof; nothing is sent or changed."""
    yield from _accounts(store)
    yield from _chains(store)
    yield from _letters(store)


def webhook_findings(store: Store) -> Findings:
    """Examine what other systems are told; nothing where none subscribed."""
    from models.webhooks import hooks_of, told_of

    with store.reading() as session:
        hooks = [hook for hook in hooks_of(session) if not hook.ended]
        waiting = sum(told_of(session, hook.number).waiting for hook in hooks)
    given_up = ", ".join(str(hook.number) for hook in hooks if hook.state is HookState.SET_ASIDE)
    if given_up:
        yield Finding("webhooks", Outcome.PROBLEM, both("webhooks.doctor_set_aside", numbers=given_up))
    elif hooks:
        yield Finding("webhooks", Outcome.OK, both("webhooks.doctor", count=len(hooks), waiting=waiting))


def _accounts(store: Store) -> Findings:
    from notifications.accounting import accounts
    from notifications.dead_letters import dead_letters

    days, dead = accounts(store, now=now()), dead_letters(store)
    adrift = [key for day in days for key in day.adrift] + [str(day.day) for day in days if not day.balances]
    if adrift:
        yield Finding("outbox", Outcome.PROBLEM, both("outbox.doctor_adrift", keys=_named(adrift)))
        return
    counts = {"planned": sum(day.planned for day in days), "days": len(days), "dead": len(dead)}
    yield Finding("outbox", Outcome.WARNING if dead else Outcome.OK, both("outbox.doctor_balances", **counts))


def _chains(store: Store) -> Findings:
    from notifications.proof import chains

    for chain in chains(store):
        if chain.broken_at is None:
            counts = {"table": chain.table, "sealed": chain.sealed, "unsealed": chain.unsealed}
            yield Finding("chain", Outcome.OK, both("outbox.doctor_chain", **counts, head=chain.head[:16]))
        else:
            said = both("outbox.doctor_broken", table=chain.table, row=chain.broken_at)
            yield Finding("chain", Outcome.PROBLEM, said)


def _letters(store: Store) -> Findings:
    from notifications.proof import altered_letters

    if altered := altered_letters(store):
        said = both("outbox.doctor_altered", count=len(altered), keys=_named(altered))
        yield Finding("letters", Outcome.PROBLEM, said)


def _named(keys: list[str] | tuple[str, ...]) -> str:
    return ", ".join(keys[:_SHOWN]) + (" …" if len(keys) > _SHOWN else "")
