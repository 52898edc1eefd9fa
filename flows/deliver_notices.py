"""Empty the outbox: one relay pass over the waiting notices."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from pydantic import Field

from config.clock import now, today
from flows.edge import OnlyOnWorkingDays, day_off, is_worked, log, opened_store, run_name, settings, show_page
from flows.telling_ops import tell_ops
from notifications import DeliverySummary, deliver
from notifications.attempts import attempts_since
from notifications.heartbeat import pulse
from texts import both, date_text

Limit = Annotated[
    int | None,
    Field(
        default=None,
        ge=1,
        description="Nhiều nhất / At most; Số thông báo / notices; để trống là tất cả / empty: all",
    ),
]


# Never retried here: the outbox alone decides what may be sent again, and a lost outcome is never sent again by itself.
@task(name="relay pass", tags=["dondoc", "sending"], retries=0, cache_policy=NO_CACHE)
def relay_pass(limit: int | None) -> DeliverySummary:
    """Send every notice whose time has come, once; those planned for a later day wait for it."""
    chosen = settings()
    channel, fallback = chosen.channel.get_secret_value(), chosen.channel_fallback.get_secret_value()
    began = now()
    with opened_store() as store:
        policy = chosen.digest_policy
        others = {name: url.get_secret_value() for name, url in chosen.channels.items()}
        summary = deliver(
            store, channel=channel, now=now, limit=limit, through=today(), fallback=fallback, policy=policy,
            channels=others,
        )  # fmt: skip
        for each in attempts_since(store, began):
            log("notice", notice=each.notice, channel=each.channel, outcome=each.outcome, code=each.code)
    return summary


def days_adrift() -> list[str]:
    """Give the heartbeat, unless days do not balance; return those."""
    with opened_store() as store:
        found = pulse(store, settings().heartbeat.get_secret_value(), today=today(), now=now())
    return [date_text(day.day) for day in found.adrift]


@flow(name="deliver_notices", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def deliver_notices(limit: Limit = None, only_on_working_days: OnlyOnWorkingDays = False) -> Any:  # noqa: FBT002
    """Gửi thông báo / Send the waiting notices. Killed while sending, the notice in hand becomes `unknown`."""
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, today()):
            return day_off(today())
    summary = await asyncio.to_thread(relay_pass, limit)
    counts = asdict(summary)
    await acreate_table_artifact(key="deliveries", table=[counts], description=both("flow.table_deliveries"))
    await show_page("/operations")
    adrift = days_adrift()
    needs_a_person = summary.failed_permanent or summary.unknown or adrift
    told = both("outbox.does_not_balance", days=", ".join(adrift)) if adrift else both("cli.delivered", **counts)
    return Completed(name="NeedsAPerson" if needs_a_person else "Completed", message=told, data=counts)
