"""The final report: what a person has read and approved is frozen and sent to the meeting's list.

A flow of its own, whose deployment has no limit of runs: a run that waits for a person is not running, loses its place
among the runs of a limited deployment, and is cancelled at the next sign of life. Two that wait harm nobody: what says
the same is the same edition, sent once to each address.
"""

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.flow_runs import apause_flow_run
from prefect.states import Cancelled, Completed
from pydantic import Field

from flows.edge import AsOf, opened_store, run_name, settings, show_table
from flows.meeting_list import send_to_the_list
from flows.monthly_report import Cutoff, Meeting, Month, days_of, edition, gathered, plain, show, too_early
from flows.telling_ops import tell_ops
from reports import EditionState, EditionWritten, Purpose
from reports.edition import check_final
from reports.review import Approval, review_of, review_rows
from texts import both

WaitHours = Annotated[
    int,
    Field(ge=1, le=24 * 14, description="Chờ duyệt, số giờ / Hours to wait; hết giờ thì không gửi / then unsent"),
]
_SECONDS, _POLL = 3600, 5


# Sent once: what was claimed and never answered is not sent again by a retry.
@task(name="send to the list", tags=["dondoc"], retries=0, cache_policy=NO_CACHE)
def sent(written: EditionWritten) -> Mapping[str, int]:
    """Send the edition to the meeting's list; count what came of it."""
    with opened_store() as store:
        return send_to_the_list(store, written.code, settings())


# A run that waits for a person must find its results again when it goes on.
@flow(name="final_report", flow_run_name=run_name, persist_result=True, on_failure=[tell_ops], on_crashed=[tell_ops])
async def final_report(
    month: Month = None,
    cutoff: Cutoff = None,
    meeting: Meeting = None,
    as_of: AsOf = None,
    wait_hours: WaitHours = 48,
) -> Any:
    """Báo cáo chính thức: chờ duyệt rồi gửi / The final report: waits for approval, then is frozen and sent.

    What the person who approves has read is what goes; refused or not answered in time, nothing is.
    """
    days = days_of(month, cutoff, meeting, as_of)
    if refusal := too_early(days):
        return refusal
    began = perf_counter()
    facts = await asyncio.to_thread(gathered, days)
    gathered_in = perf_counter() - began
    with opened_store() as store:
        check_final(store, facts.month)
        review = review_of(store, facts)
    await show_table("report-review", review_rows(review), both("flow.table_review"))
    answer = await apause_flow_run(
        wait_for_input=Approval, timeout=wait_hours * _SECONDS, poll_interval=_POLL, key="approval"
    )
    if not answer.approved:
        return Cancelled(
            name="NotApproved", message=both("flow.not_approved", by=answer.by, reason=answer.reason or "–")
        )
    purpose = Purpose(EditionState.FINAL, answer.reason, answer.by)
    written = await asyncio.to_thread(edition, facts, purpose, gathered_in)
    await show(written)
    outcomes = await asyncio.to_thread(sent, written)
    said = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())) or "0"
    data = {**plain(written), "sent": dict(outcomes)}
    return Completed(message=both("flow.report_sent", edition=written.code, outcomes=said), data=data)
