"""Record the workbooks of claims: the run a sweep invites where several machines share the work.

Starting a run costs as much as recording fifteen workbooks, so it goes on to further claims of the sweep; but not for
long, for what is more urgent may wait for its place.
"""

import asyncio
from time import monotonic
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import today
from flows.edge import AsOf, not_yet, run_name, settings
from flows.inviting import call_off
from flows.taking import show, work
from flows.telling_ops import tell_ops
from imports import Outcome
from imports.claims import Claim, ClaimState, begin, claims_of, sweep_of
from imports.inbox import Taken
from texts import both

_GOES_ON_FOR = 120  # seconds in which it begins another claim
ClaimName = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-z-]+-\d{4,}$",
        description="Phần việc / Claim; inbox/taking/<tên>.waiting; do lần quét đặt ra / laid out by a sweep",
    ),
]


@flow(name="record_workbooks", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def record_workbooks(claim: ClaimName, as_of: AsOf = None) -> Any:
    """Ghi các phần việc của lần quét / Record claims of a sweep: `claim`, and others that are still free."""
    day = as_of or today()
    if day > today():
        return not_yet(day)
    sweep = sweep_of(claim)
    held = begin(settings().inbox, claim) or await _another_of(sweep)
    if held is None:
        return Completed(name="TakenByOthers", message=both("flow.claim_gone", claim=claim))
    taken: list[Taken] = []
    failed, until = 0, monotonic() + _GOES_ON_FOR
    while held is not None:
        more, failed_here = await asyncio.to_thread(work, held, day, others_follow=True)
        await show(more)
        taken, failed = [*taken, *more], failed + failed_here
        held = await _another_of(sweep) if monotonic() < until and not failed else None
    rejected = sum(each.outcome is Outcome.REJECTED for each in taken)
    told = both("flow.swept", files=len(taken), rejected=rejected)
    if failed:
        return Failed(message=f"{told} {both('flow.left_over', files=failed)}")
    return Completed(message=told)


async def _another_of(sweep: str) -> Claim | None:
    """Begin another claim of the sweep, instead of the run invited for it; None when none is free.

    The last one: the runs invited for the first are starting by now.
    """
    for free in reversed(claims_of(settings().inbox, sweep)):
        held = begin(settings().inbox, free.name) if free.state is ClaimState.LAID_OUT else None
        if held is not None:
            await call_off(held.name)
            return held
    return None
