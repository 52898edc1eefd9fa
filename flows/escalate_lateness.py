"""Climb the ladder: decide who must hear what today, and write it to the outbox."""

from datetime import date
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from pydantic import Field

from config.clock import now, today
from config.settings import Settings
from flows.edge import AsOf, OnlyOnWorkingDays, day_off, is_worked, not_yet, opened_store, run_name, show_table
from notifications import Plan, plan_notices
from notifications.links import Links
from texts import both

DryRun = Annotated[bool, Field(title="Chỉ xem trước / Preview only", description="Không lập thông báo / plans nothing")]


# All notices of a day are planned in one transaction under unique keys, so a retry plans none twice.
@task(name="plan the day's notices", tags=["dondoc"], retries=2, retry_delay_seconds=3, cache_policy=NO_CACHE)
def plan(day: date, *, dry_run: bool) -> Plan:
    """Plan what is to be told on `day`."""
    with opened_store() as store:
        chosen = Settings()
        links = Links(chosen.link_key, chosen.portal_url, chosen.link_days) if chosen.link_key else None
        return plan_notices(
            store,
            as_of=day,
            now=now(),
            dry_run=dry_run,
            level=chosen.completion_level,
            policy=chosen.digest_policy,
            links=links,
        )


@flow(name="escalate_lateness", flow_run_name=run_name)
async def escalate_lateness(
    as_of: AsOf = None,
    dry_run: DryRun = False,  # noqa: FBT002 - a flow's parameters
    only_on_working_days: OnlyOnWorkingDays = True,  # noqa: FBT002
) -> Any:
    """Đôn đốc theo bậc / Plan the day's notices. Run again the same day, it plans none; a day to come is refused."""
    day = as_of or today()
    if day > today() and not dry_run:
        return not_yet(day)
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
    planned = plan(day, dry_run=dry_run)
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
    await show_table("notices", rows, both("flow.table_notices"))
