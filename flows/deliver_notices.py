"""Empty the outbox: one relay pass over the waiting notices."""

import asyncio
from dataclasses import asdict
from datetime import date, time, timedelta
from typing import Annotated, Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from pydantic import Field

from config.clock import HANOI, now, today
from config.measured import ASSESSED, PLANNED, last_measured
from flows.edge import OnlyOnWorkingDays, day_off, is_worked, log, opened_store, run_name, settings, show_page
from flows.telling_ops import tell_ops
from models.reference import calendar_of
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


_ROUND_IS_OVER_BY = time(10)


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


def sign_of_life() -> str:
    """Give the heartbeat, unless days do not balance or the last working day was missed; say which, "" if none."""
    place = settings().heartbeat.get_secret_value()
    missed = missed_day() if place else None
    with opened_store() as store:
        found = pulse(store, "" if missed else place, today=today(), now=now())
    if found.adrift:
        return both("outbox.does_not_balance", days=", ".join(date_text(day.day) for day in found.adrift))
    return both("outbox.no_round", day=date_text(missed)) if missed else ""


def missed_day() -> date | None:
    """Return the last working day whose round is over, if nothing was assessed or planned on it or since."""
    with opened_store() as store, store.reading() as session:
        calendar = calendar_of(session)
    over = now().astimezone(HANOI).time() >= _ROUND_IS_OVER_BY
    day = calendar.last_working(today() if over else today() - timedelta(days=1))
    done = [last_measured(settings().data, name) or 0 for name in (ASSESSED, PLANNED)]
    return None if all(day.toordinal() <= each <= today().toordinal() for each in done) else day


@flow(name="deliver_notices", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def deliver_notices(limit: Limit = None, only_on_working_days: OnlyOnWorkingDays = False) -> Any:  # noqa: FBT002
    """Gửi thông báo / Send the waiting notices. Killed while sending, the notice in hand becomes `unknown`."""
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, today()):
            await asyncio.to_thread(sign_of_life)
            return day_off(today())
    summary = await asyncio.to_thread(relay_pass, limit)
    counts = asdict(summary)
    await acreate_table_artifact(key="deliveries", table=[counts], description=both("flow.table_deliveries"))
    await show_page("/operations")
    wrong = await asyncio.to_thread(sign_of_life)
    needs_a_person = summary.failed_permanent or summary.unknown or wrong
    told = wrong or both("cli.delivered", **counts)
    return Completed(name="NeedsAPerson" if needs_a_person else "Completed", message=told, data=counts)
