"""Assess the day: judge every duty, store the totals per agency, and say what moved since the day before."""

import asyncio
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from config.clock import now, today
from config.measured import ASSESSED, keep_day
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
from models import StatusTable, status_of
from models.day_totals import DayTotals, day_totals_before, store_day_totals
from models.periods import extend_periods
from rules.status import Status
from texts import both, date_text


# Totals that are known already are not stored again, so a retry ends in the same rows.
@task(name="assess all agencies", tags=["dondoc"], retries=2, retry_delay_seconds=3, cache_policy=NO_CACHE)
def assess(day: date) -> tuple[StatusTable, DayTotals, DayTotals | None]:
    """Write down the periods that come, judge every duty on `day`, store the totals; return them with those before."""
    chosen, at = settings(), now()
    with opened_store() as store:
        extend_periods(store, today=day, now=at)
        level = chosen.completion_level
        window = chosen.warning_working_days
        table = status_of(store, as_of=day, known_at=at, level=level, warning_working_days=window)
        return table, store_day_totals(store, table, now=at), day_totals_before(store, day, known_at=at)


@flow(name="assess_status", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def assess_status(as_of: AsOf = None, only_on_working_days: OnlyOnWorkingDays = False) -> Any:  # noqa: FBT002
    """Đánh giá tình trạng / Judge every duty and store the day's totals.

    Of several runs the last counts; a day to come is refused.
    """
    day = as_of or today()
    if day > today():
        return not_yet(day)
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
    table, totals, before = await asyncio.to_thread(assess, day)
    await _show(table, totals, before)
    if day == today():
        keep_day(settings().data, ASSESSED, day)
    counts = dict(table.totals())
    log("assessed", day=day.isoformat(), total=counts["total"], overdue=counts["overdue"])
    return Completed(message=both("flow.assessed", **counts), data=counts)


async def _show(table: StatusTable, totals: DayTotals, before: DayTotals | None) -> None:
    agencies = [{"agency": agency, **counts} for agency, counts in table.by_agency().items()]
    await show_page("/agencies")
    await show_table("status-by-agency", agencies, both("flow.table_agencies"))
    milestones = [{"milestone": code, **counts} for code, counts in table.by_milestone().items()]
    await show_table("milestones", milestones, both("flow.table_milestones"))
    await acreate_markdown_artifact(
        key="movement", markdown=_movement(totals, before), description=both("flow.movement")
    )


def _movement(totals: DayTotals, before: DayTotals | None) -> str:
    """Say how many assignments each status has, and how many more or fewer than on the last assessed day."""
    if before is None:
        head = both("flow.no_day_before", day=date_text(totals.as_of))
    else:
        head = both("flow.moved_since", day=date_text(totals.as_of), before=date_text(before.as_of))
    was, is_now = before.by_status() if before else {}, totals.by_status()
    lines = [
        f"| {both(f'status.{each}')} | {is_now.get(each, 0)} | {is_now.get(each, 0) - was.get(each, 0):+d} |"
        for each in Status
    ]
    return "\n".join(
        [head, "", f"| {both('cli.column_status')} | {date_text(totals.as_of)} | ± |", "|---|---:|---:|", *lines]
    )
