"""Write the monthly report: gather the facts once, freeze one edition; the final one after a person approved it."""

import asyncio
from collections.abc import Mapping
from datetime import date
from time import perf_counter
from typing import Annotated, Any, Literal

from prefect import flow, task
from prefect.artifacts import acreate_link_artifact
from prefect.cache_policies import NO_CACHE
from prefect.flow_runs import apause_flow_run
from prefect.states import Cancelled, Completed
from pydantic import Field

from config.clock import now, today
from config.measured import REPORT, keep_measured
from config.scorecard import load_criteria
from flows.edge import AsOf, log, opened_store, run_name, settings, show_page, show_table
from flows.meeting_list import send_to_the_list
from flows.telling_ops import tell_ops
from models.reference import calendar_of
from reports import EditionState, EditionWritten, Facts, Purpose, gather_facts, write_edition
from reports.edition import check_final
from reports.review import Approval, review_of, review_rows
from rules.meeting import cutoff_of, meeting_of, month_before
from texts import both, date_text

Month = Annotated[
    str | None,
    Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="Tháng / Month; YYYY-MM; để trống: tháng này, ngày họp: tháng trước "
        "/ empty: this month; at a meeting the last",
    ),
]
Occasion = Annotated[
    Literal["cutoff", "meeting", "final", "asked"],
    Field(
        description="Dịp / Occasion; cutoff: ngày chốt; meeting: chỉ đúng ngày họp / on its day alone; "
        "final: chờ duyệt rồi gửi / waits for approval, then sends; asked: theo yêu cầu",
    ),
]
WaitHours = Annotated[
    int,
    Field(ge=1, le=24 * 14, description="Chờ duyệt, số giờ / Hours to wait; hết giờ thì không gửi / then unsent"),
]
_STATES = {
    "cutoff": EditionState.SUBMITTED,
    "meeting": EditionState.UPDATED,
    "final": EditionState.FINAL,
    "asked": None,
}
_SECONDS, _POLL = 3600, 5


# The same facts make the same edition, so a retry writes no second one.
@task(name="write edition", tags=["dondoc"], retries=1, retry_delay_seconds=5, cache_policy=NO_CACHE)
def edition(facts: Facts, purpose: Purpose, gathered_in: float) -> EditionWritten:
    """Freeze the facts of a month for a purpose and write their files; the facts took `gathered_in` seconds."""
    chosen, began = settings(), perf_counter()
    with opened_store() as store:
        written = write_edition(facts, store=store, out=chosen.reports, now=now(), purpose=purpose)
    seconds = gathered_in + perf_counter() - began
    log("edition", edition=written.code, milliseconds=round(seconds * 1000))
    if written.new:
        keep_measured(chosen.data, REPORT, seconds)
    return written


# Sent once: what was claimed and never answered is not sent again by a retry.
@task(name="send to the list", tags=["dondoc"], retries=0, cache_policy=NO_CACHE)
def sent(written: EditionWritten) -> Mapping[str, int]:
    """Send the edition to the meeting's list; count what came of it."""
    with opened_store() as store:
        return send_to_the_list(store, written.code, settings())


# A run that waits for a person must find its results again when it goes on.
@flow(name="monthly_report", flow_run_name=run_name, persist_result=True, on_failure=[tell_ops], on_crashed=[tell_ops])
async def monthly_report(
    month: Month = None,
    cutoff: date | None = None,
    meeting: date | None = None,
    occasion: Occasion = "asked",
    as_of: AsOf = None,
    wait_hours: WaitHours = 48,
) -> Any:
    """Lập báo cáo tháng / Write the month's report.

    The cut-off is the 25th, the meeting on the next month's first working day, unless said otherwise. The final
    edition is frozen and sent only once a person has read the review and approved; what they read is what goes.
    """
    day = as_of or today()
    with opened_store() as store, store.reading() as session:
        calendar = calendar_of(session)
    chosen = month or (month_before(day) if occasion == "meeting" else f"{day:%Y-%m}")
    meets_on = meeting or meeting_of(chosen, calendar)
    if occasion == "meeting" and day != meets_on:
        return Completed(name="NotTheDay", message=both("flow.not_the_meeting_day", day=date_text(day)))
    began = perf_counter()
    facts = await asyncio.to_thread(_gathered, chosen, cutoff or cutoff_of(chosen), meets_on)
    gathered_in = perf_counter() - began
    if occasion != "final":
        written = await asyncio.to_thread(edition, facts, Purpose(_STATES[occasion]), gathered_in)
        await _show(written)
        return Completed(message=both("cli.report_written", edition=written.code), data=_plain(written))
    return await _approved_and_sent(facts, wait_hours, gathered_in)


def _gathered(month: str, cutoff: date, meeting: date) -> Facts:
    chosen = settings()
    with opened_store() as store:
        return gather_facts(
            store,
            month=month,
            cutoff=cutoff,
            meeting=meeting,
            known_at=now(),
            level=chosen.completion_level,
            warning_working_days=chosen.warning_working_days,
            thresholds=load_criteria().thresholds,
        )


async def _approved_and_sent(facts: Facts, wait_hours: int, gathered_in: float) -> Any:
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
    await _show(written)
    outcomes = await asyncio.to_thread(sent, written)
    said = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())) or "0"
    data = {**_plain(written), "sent": dict(outcomes)}
    return Completed(message=both("flow.report_sent", edition=written.code, outcomes=said), data=data)


async def _show(written: EditionWritten) -> None:
    for file in written.files:
        kind = file.path.suffix.removeprefix(".")
        await acreate_link_artifact(key=f"report-{kind}", link=file.path.absolute().as_uri(), link_text=file.path.name)
    await show_page(f"/editions/{written.code}")
    rows = [{"file": file.path, "size": file.size, "sha256": file.sha256} for file in written.files]
    await show_table("report-files", rows, both("flow.table_files"))


def _plain(written: EditionWritten) -> dict[str, Any]:
    return {"edition": written.code, "files": [{"path": str(f.path), "sha256": f.sha256} for f in written.files]}
