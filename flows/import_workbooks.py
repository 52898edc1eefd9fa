"""Sweep the inbox: record each waiting workbook whole, or set it aside beside its problems.

The sweep lays the files out in claims and works them one after another. Where the deployment `record-workbooks` has a
work pool, it also invites a run for each further claim, so that every machine of the pool takes part; a claim the sweep
reaches first it works itself, so that it never waits for a worker that is not there.
"""

import asyncio
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import now, today
from flows.edge import AsOf, OnlyOnWorkingDays, day_off, is_worked, not_yet, opened_store, run_name, settings
from flows.inviting import call_off, invite, told_by
from flows.taking import LeaseSeconds, show, work
from flows.telling_ops import tell_ops
from imports import Outcome
from imports.claims import ClaimState, begin, claims_of, give_back, lay_out, lay_out_again
from imports.inbox import NOBODY, TAKING, Taken, Waiting, closed_folders, waiting
from texts import both

_LOOK_EVERY = 1.0
Settle = Annotated[int, Field(ge=0, le=3600, description="Giây chờ tệp ghi xong / Seconds a file must rest; 0–3600")]
AtMost = Annotated[
    int,
    Field(
        ge=1,
        le=500,  # as many rows as the table of a run shows, from which the sweep counts
        description="Nhiều nhất bao nhiêu bảng tính một phần việc / Workbooks in a claim at most; 1–500",
    ),
]


@flow(name="import_workbooks", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def import_workbooks(
    as_of: AsOf = None,
    settle_seconds: Settle = 10,
    only_on_working_days: OnlyOnWorkingDays = False,  # noqa: FBT002 - a flow's parameters
    claim_of: AtMost = 50,
    lease_seconds: LeaseSeconds = 300,
) -> Any:
    """Quét hộp thư đến / Sweep the inbox. Killed at any point, the next run goes on where this one stopped."""
    day, inbox, lease = as_of or today(), settings().inbox, timedelta(seconds=lease_seconds)
    if day > today():
        return not_yet(day)
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
    give_back(inbox, untouched_since=now() - lease)
    sweep = str(flow_run.id or uuid4())
    found = waiting(inbox, settled_by=now() - timedelta(seconds=settle_seconds))
    claims = lay_out(found, inbox=inbox, sweep=sweep, size=claim_of)
    out_of_reach = _out_of_reach(inbox, found)
    invited = await invite([each.name for each in claims[1:]], day)
    taken, failed = await _worked(inbox, sweep, day, lease, others=bool(invited))
    files, rejected = await told_by(invited)
    last, failed_last = await asyncio.to_thread(_last_of_all, inbox, sweep, day)
    taken, failed = [*taken, *last], failed + failed_last
    await show(taken)
    files, rejected = files + len(taken), rejected + sum(each.outcome is Outcome.REJECTED for each in taken)
    told, data = both("flow.swept", files=files, rejected=rejected), {"files": files, "rejected": rejected}
    wrong = [both("flow.left_over", files=failed)] if failed else []
    wrong += [both("flow.out_of_reach", places=", ".join(out_of_reach))] if out_of_reach else []
    if wrong:
        return Failed(message=" ".join([told, *wrong]))
    return Completed(message=told, data=data)


def _out_of_reach(inbox: Path, found: Sequence[Waiting]) -> list[str]:
    """Name the folders from which files could not be taken, and the claims from which they could not be given back."""
    stuck = {f"{TAKING}/{each.name}" for each in claims_of(inbox) if each.state is ClaimState.LEFT}
    left = {each.agency or NOBODY for each in found if os.path.lexists(each.file)}
    return sorted(stuck | left | set(closed_folders(inbox)))


async def _worked(inbox: Path, sweep: str, day: date, lease: timedelta, *, others: bool) -> tuple[list[Taken], int]:
    """Work the sweep's claims until none is laid out or in somebody's hands; return what was taken here.

    Of a claim worked here the run invited, where `others` were, is called off.
    """
    taken: list[Taken] = []
    failed = 0
    while open_ := [each for each in claims_of(inbox, sweep) if each.state in {ClaimState.LAID_OUT, ClaimState.BEGUN}]:
        free = [each for each in open_ if each.state is ClaimState.LAID_OUT]
        for each in free:
            each.touch()
        held = begin(inbox, free[0].name) if free else None
        if held is None:
            await asyncio.sleep(_LOOK_EVERY)
            lay_out_again(inbox, sweep, untouched_since=now() - lease)
            continue
        if others:
            await call_off(held.name)
        more, failed_here = await asyncio.to_thread(work, held, day, others_follow=True)
        taken, failed = [*taken, *more], failed + failed_here
    return taken, failed


def _last_of_all(inbox: Path, sweep: str, day: date) -> tuple[list[Taken], int]:
    """Take what waited for its annex, unless somebody still holds files: the annex may be among them."""
    if any(each.state is not ClaimState.AGAIN for each in claims_of(inbox)):
        return [], 0
    held = [each.becomes(ClaimState.BEGUN) for each in claims_of(inbox, sweep)]
    worked = [work(each, day, others_follow=False) for each in held if each is not None]
    return [each for taken, _ in worked for each in taken], sum(failed for _, failed in worked)
