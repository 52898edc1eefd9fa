"""Sweep the inbox: record each waiting workbook whole, or set it aside beside its problems."""

from collections.abc import Sequence
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
from imports import Outcome
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
def record_workbook(
    name: str,  # noqa: ARG001 - names the run
    file: str,
    agency: str | None,
    day: date,
    *,
    others_follow: bool = False,
) -> Taken | Waiting | None:
    """Check, record and put away one workbook, or leave it waiting for its annex while others follow."""
    waits = Waiting(Path(file), agency)
    with opened_store() as store:
        return take_in(waits, inbox=Settings().inbox, store=store, today=day, now=now, others_follow=others_follow)


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
    kept = _taken(found, day)
    await _show(kept)
    rejected = sum(each.outcome is Outcome.REJECTED for each in kept)
    return Completed(
        message=both("flow.swept", files=len(kept), rejected=rejected), data={"files": len(kept), "rejected": rejected}
    )


def _taken(found: Sequence[Waiting], day: date) -> list[Taken]:
    """Record every workbook; those refused only for want of their annex once more, after the others."""
    first = [record_workbook(w.file.name, str(w.file), w.agency, day, others_follow=True) for w in found]
    again = [w for w in first if isinstance(w, Waiting)]
    last = [record_workbook(w.file.name, str(w.file), w.agency, day) for w in again]
    return [each for each in (*first, *last) if isinstance(each, Taken)]


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
                "annotated_copy": each.annotated_copy,
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
