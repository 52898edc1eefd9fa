"""Sweep the inbox: record each waiting workbook whole, or set it aside beside its problems."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from pydantic import Field

from config.clock import now, today
from config.settings import Settings
from flows.edge import AsOf, OnlyOnWorkingDays, day_off, is_worked, opened_store, run_name, show_table
from imports.inbox import Taken, Waiting, take_in, waiting
from texts import both

Settle = Annotated[
    int, Field(ge=0, le=3600, title="Giây chờ tệp ghi xong / Seconds a file must rest", description="0–3600")
]


# Recording is one transaction and finds its own work again, so a retry cannot record twice.
@task(
    name="record workbook",
    task_run_name="{name}",
    tags=["dondoc", "workbook"],
    retries=2,
    retry_delay_seconds=3,
    cache_policy=NO_CACHE,
)
def record_workbook(name: str, file: str, agency: str | None, day: date) -> Taken | None:  # noqa: ARG001 - names the run
    """Check, record and put away one workbook."""
    with opened_store() as store:
        return take_in(Waiting(Path(file), agency), inbox=Settings().inbox, store=store, today=day, now=now)


@flow(name="import_workbooks", flow_run_name=run_name)
async def import_workbooks(
    as_of: AsOf = None,
    settle_seconds: Settle = 10,
    only_on_working_days: OnlyOnWorkingDays = False,  # noqa: FBT002 - a flow's parameters
) -> Any:
    """Quét hộp thư đến / Sweep the inbox. Killed at any point, the next run goes on where this one stopped."""
    day = as_of or today()
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
    found = waiting(Settings().inbox, settled_by=now() - timedelta(seconds=settle_seconds))
    taken = [record_workbook(each.file.name, str(each.file), each.agency, day) for each in found]
    kept = [each for each in taken if each is not None]
    await _show(kept)
    rejected = sum(each.outcome == "rejected" for each in kept)
    return Completed(
        message=both("flow.swept", files=len(kept), rejected=rejected), data={"files": len(kept), "rejected": rejected}
    )


async def _show(taken: list[Taken]) -> None:
    if not taken:
        return
    counts = ("rows", "new", "changed", "unchanged", "gone")
    await show_table(
        "workbooks",
        [
            {
                "file": each.name,
                "agency": each.agency,
                "outcome": each.outcome,
                "batch": each.batch,
                **{count: getattr(each, count) for count in counts},
                "problems": len(each.problems),
                "place": each.place,
            }
            for each in taken
        ],
        both("flow.table_workbooks"),
    )
    problems = [
        {"file": each.name, "severity": problem.severity, "message": problem.message}
        for each in taken
        for problem in each.problems
    ]
    if problems:
        await show_table("workbook-problems", problems, both("flow.table_problems"))
