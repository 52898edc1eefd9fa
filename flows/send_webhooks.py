"""Tell other systems what changed: one pass over their subscriptions."""

import asyncio
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from config.clock import now
from flows.edge import log, opened_store, run_name, settings, show_page
from flows.telling_ops import tell_ops
from notifications import webhooks
from texts import both


# Never retried here: what failed has its own gaps, and what was lost goes again under the same key.
@task(name="webhook pass", tags=["dondoc", "sending"], retries=0, cache_policy=NO_CACHE)
def webhook_pass() -> webhooks.WebhookSummary | None:
    """Tell every subscription what waits for it; None without the key that signs."""
    chosen = settings()
    if chosen.webhook_key is None:
        return None
    sender = webhooks.Sender(chosen.webhook_key, chosen.portal_url, chosen.hosts_inside)
    with opened_store() as store:
        return webhooks.send_webhooks(store, sender, now=now)


@flow(name="send_webhooks", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def send_webhooks() -> Any:
    """Báo thay đổi cho hệ thống khác / Tell other systems what changed. One given up on needs a person."""
    summary = await asyncio.to_thread(webhook_pass)
    if summary is None:
        return Completed(name="NoKey", message=both("webhooks.no_key"))
    counts = summary.counts
    log("webhooks", made=summary.made, accepted=summary.accepted, not_taken=summary.failed, waiting=summary.waiting)
    if summary.made or summary.failed:
        await acreate_table_artifact(key="webhooks", table=[counts], description=both("webhooks.table"))
        await show_page("/operations#webhooks")
    name = "NeedsAPerson" if summary.set_aside else "Completed"
    return Completed(name=name, message=both("webhooks.sent", **counts), data=counts)
