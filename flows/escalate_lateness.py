"""Climb the ladder: decide who must hear what today, and write it to the outbox."""

import asyncio
from datetime import date
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import now, today
from config.measured import PLANNED, keep_day
from flows.edge import (
    AsOf,
    OnlyOnWorkingDays,
    day_off,
    is_worked,
    log,
    not_yet,
    opened_store,
    run_name,
    settings,
    show_page,
    show_table,
)
from flows.telling_ops import tell_ops
from notifications import Plan, plan_notices
from notifications.links import Links
from notifications.planned_days import last_planned_day
from texts import both, date_text

DAY_TO_COME = "DayToComePlanned"
DryRun = Annotated[bool, Field(description="Chỉ xem trước / Preview only; Không lập thông báo / plans nothing")]


# All notices of a day are planned in one transaction under unique keys, so a retry plans none twice.
@task(name="plan the day's notices", tags=["dondoc"], retries=2, retry_delay_seconds=3, cache_policy=NO_CACHE)
def plan(day: date, *, dry_run: bool) -> Plan:
    """Plan what is to be told on `day`."""
    with opened_store() as store:
        chosen = settings()
        links = Links(chosen.link_key, chosen.portal_url, chosen.link_days) if chosen.link_key else None
        return plan_notices(
            store,
            as_of=day,
            now=now(),
            dry_run=dry_run,
            level=chosen.completion_level,
            policy=chosen.digest_policy,
            channels=chosen.channels,
            links=links,
        )


@flow(name="escalate_lateness", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def escalate_lateness(
    as_of: AsOf = None,
    dry_run: DryRun = False,  # noqa: FBT002 - a flow's parameters
    only_on_working_days: OnlyOnWorkingDays = True,  # noqa: FBT002
) -> Any:
    """Đôn đốc theo bậc / Plan the day's notices. Run again the same day, it plans none; a day to come is refused.

    Where one was planned all the same, by a wrong clock, the run fails and says so: nobody would hear until then.
    """
    day = as_of or today()
    if day > today() and not dry_run:
        return not_yet(day)
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
        later = None if dry_run else last_planned_day(store)
    if later and later > today():
        told = both("flow.day_to_come_planned", later=date_text(later), today=date_text(today()))
        return Failed(name=DAY_TO_COME, message=told)
    if later and later > day:
        told = both("flow.later_day_planned", later=date_text(later), day=date_text(day))
        return Completed(name="LaterDayPlanned", message=told, data={"new": 0, "suppressed": 0})
    planned = await asyncio.to_thread(plan, day, dry_run=dry_run)
    if day == today() and not dry_run:
        keep_day(settings().data, PLANNED, day)
    log("planned", day=day.isoformat(), new=planned.new, suppressed=len(planned.suppressed))
    await _show(planned)
    counts = {"new": planned.new, "suppressed": len(planned.suppressed)}
    return Completed(message=both("flow.escalated", **counts), data=counts)


async def _show(planned: Plan) -> None:
    if not planned.notices:
        return
    rows = [
        {
            "recipient": notice.recipient,
            "role": notice.role,
            "rung": notice.rung,
            "reason": notice.reason,
            "assignments": len(notice.items),
            "most_working_days_late": max(item.days_late for item in notice.items),
            "key": notice.key,
        }
        for notice in planned.notices
    ]
    await show_page("/operations")
    await show_table("notices", rows, both("flow.table_notices"))
