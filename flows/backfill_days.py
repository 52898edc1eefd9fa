"""Make up for days that were missed: their totals are stored, and nobody gets a letter of a day gone by."""

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import today
from flows.assess_status import assess
from flows.edge import is_worked, opened_store, run_name, show_table
from flows.escalate_lateness import escalate_lateness
from flows.telling_ops import tell_ops
from texts import both, date_text

MOST_DAYS = 366
Since = Annotated[date, Field(description="Từ ngày / From; YYYY-MM-DD; ngày đầu bị lỡ / the first missed day")]
Until = Annotated[
    date | None,
    Field(description="Đến hết ngày / Until; YYYY-MM-DD; để trống là hôm qua / empty: yesterday in Hanoi"),
]
ThenToday = Annotated[
    bool,
    Field(
        description="Rồi lập thông báo hôm nay, gồm mọi việc còn phải nhắc / Then plan today, all that is still due",
    ),
]


@flow(name="backfill_days", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def backfill_days(since: Since, until: Until = None, then_today: ThenToday = True) -> Any:  # noqa: FBT002
    """Làm bù các ngày bị lỡ / Judge each missed working day by what is known now, and store its totals.

    For a day gone by no notice is planned: what of it still has to be told is in today's digests, as after an outage.
    """
    last = until or today() - timedelta(days=1)
    if refusal := _refusal(since, last):
        return Failed(name="WrongDays", message=refusal)
    rows = [await asyncio.to_thread(_backfilled, since + timedelta(days=n)) for n in range((last - since).days + 1)]
    await show_table("backfilled-days", rows, both("flow.table_backfilled"))
    worked = sum(bool(row["worked"]) for row in rows)
    if then_today:
        await escalate_lateness()
    told = both("flow.backfilled", since=date_text(since), until=date_text(last), days=worked)
    return Completed(message=told, data={"days": worked})


def _refusal(since: date, last: date) -> str | None:
    given = {"since": date_text(since), "until": date_text(last), "today": date_text(today())}
    if last >= today():
        return both("flow.backfill_not_over", **given)
    if since > last:
        return both("flow.backfill_backwards", **given)
    if (last - since).days >= MOST_DAYS:
        return both("flow.backfill_too_many", most=MOST_DAYS, **given)
    return None


def _backfilled(day: date) -> dict[str, Any]:
    with opened_store() as store:
        if not is_worked(store, day):
            return {"day": day, "worked": 0, "total": "", "overdue": ""}
    table, _, _ = assess(day)
    counts = table.totals()
    return {"day": day, "worked": 1, "total": counts["total"], "overdue": counts["overdue"]}
