"""Record the workbooks of one claim: the run a sweep invites where several machines share the work."""

import asyncio
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import today
from flows.edge import AsOf, not_yet, run_name, settings
from flows.taking import show, work
from flows.telling_ops import tell_ops
from imports import Outcome
from imports.claims import begin
from texts import both

ClaimName = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-z-]+-\d{4,}$",
        description="Phần việc / Claim; inbox/taking/<tên>.waiting; do lần quét đặt ra / laid out by a sweep",
    ),
]


@flow(name="record_workbooks", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def record_workbooks(claim: ClaimName, as_of: AsOf = None) -> Any:
    """Ghi một phần việc của lần quét / Record one claim of a sweep; nothing is left to do once somebody else has it."""
    day = as_of or today()
    if day > today():
        return not_yet(day)
    held = begin(settings().inbox, claim)
    if held is None:
        return Completed(name="TakenByOthers", message=both("flow.claim_gone", claim=claim))
    taken, failed = await asyncio.to_thread(work, held, day, others_follow=True)
    await show(taken)
    rejected = sum(each.outcome is Outcome.REJECTED for each in taken)
    told = both("flow.swept", files=len(taken), rejected=rejected)
    if failed:
        return Failed(message=f"{told} {both('flow.left_over', files=failed)}")
    return Completed(message=told)
