"""Write the monthly report: gather the facts once, freeze one edition. The final one is a flow of its own."""

import asyncio
from datetime import date
from time import perf_counter
from typing import Annotated, Any, Literal

from prefect import flow, task
from prefect.artifacts import acreate_link_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import now, today
from config.measured import REPORT, keep_measured
from config.scorecard import load_criteria
from flows.edge import AsOf, log, opened_store, run_name, scheduled_day, settings, show_page, show_table
from flows.telling_ops import tell_ops
from models.reference import calendar_of
from reports import EditionState, EditionWritten, Facts, Purpose, gather_facts, write_edition
from rules.meeting import ReportDays, cutoff_of, meeting_of, month_before
from texts import both, date_text

Month = Annotated[
    str | None,
    Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        description="Tháng / Month; YYYY-MM; để trống: tháng này, ngày họp: tháng trước "
        "/ empty: this month; at a meeting the last",
    ),
]
Cutoff = Annotated[
    date | None, Field(description="Ngày chốt / Cut-off; YYYY-MM-DD; để trống: ngày 25 / empty: the 25th")
]
Meeting = Annotated[
    date | None,
    Field(description="Ngày họp / Meeting; để trống: theo lịch / empty: next month's first working day"),
]
Occasion = Annotated[
    Literal["cutoff", "meeting", "asked"],
    Field(
        description="Dịp / Occasion; cutoff: ngày chốt; meeting: chỉ đúng ngày họp / on its day alone; "
        "asked: theo yêu cầu; bản chính thức: luồng final_report / the final edition: the flow final_report",
    ),
]
_STATES = {"cutoff": EditionState.SUBMITTED, "meeting": EditionState.UPDATED, "asked": None}


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


@flow(name="monthly_report", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def monthly_report(
    month: Month = None,
    cutoff: Cutoff = None,
    meeting: Meeting = None,
    occasion: Occasion = "asked",
    as_of: AsOf = None,
) -> Any:
    """Lập báo cáo tháng / Write the month's report.

    The cut-off is the 25th, the meeting on the next month's first working day, unless said otherwise. A run that starts
    late makes the report of the day it was scheduled for; before the cut-off there are drafts alone.
    """
    days = days_of(month, cutoff, meeting, as_of, meeting_of_last=occasion == "meeting")
    if occasion == "meeting" and days.asked != days.meeting:
        return Completed(name="NotTheDay", message=both("flow.not_the_meeting_day", day=date_text(days.asked)))
    if occasion != "asked" and (refusal := too_early(days)):
        return refusal
    began = perf_counter()
    facts = await asyncio.to_thread(gathered, days)
    written = await asyncio.to_thread(edition, facts, Purpose(_STATES[occasion]), perf_counter() - began)
    await show(written)
    return Completed(message=both("cli.report_written", edition=written.code), data=plain(written))


def days_of(
    month: str | None, cutoff: date | None, meeting: date | None, as_of: date | None, *, meeting_of_last: bool = False
) -> ReportDays:
    """Return the days of the report asked for: without a `month` that of the day, at the meeting the one before it."""
    day = as_of or scheduled_day()
    with opened_store() as store, store.reading() as session:
        calendar = calendar_of(session)
    chosen = month or (month_before(day) if meeting_of_last else f"{day:%Y-%m}")
    return ReportDays(chosen, cutoff or cutoff_of(chosen), meeting or meeting_of(chosen, calendar), day)


def too_early(days: ReportDays) -> State[None] | None:
    """Return how a run ends whose cut-off is still to come, None where it is past: before it there are only drafts."""
    if days.cutoff <= min(days.asked, today()):
        return None
    given = {"month": days.month, "cutoff": date_text(days.cutoff), "day": date_text(days.asked)}
    return Failed(name="CutoffToCome", message=both("flow.cutoff_to_come", **given))


def gathered(days: ReportDays) -> Facts:
    """Gather the facts of a report, as they are known now."""
    chosen = settings()
    with opened_store() as store:
        return gather_facts(
            store,
            month=days.month,
            cutoff=days.cutoff,
            meeting=days.meeting,
            known_at=now(),
            level=chosen.completion_level,
            warning_working_days=chosen.warning_working_days,
            thresholds=load_criteria().thresholds,
        )


async def show(written: EditionWritten) -> None:
    """Leave the links to an edition's files and page, and the table of its files."""
    for file in written.files:
        kind = file.path.suffix.removeprefix(".")
        await acreate_link_artifact(key=f"report-{kind}", link=file.path.absolute().as_uri(), link_text=file.path.name)
    await show_page(f"/editions/{written.code}")
    rows = [{"file": file.path, "size": file.size, "sha256": file.sha256} for file in written.files]
    await show_table("report-files", rows, both("flow.table_files"))


def plain(written: EditionWritten) -> dict[str, Any]:
    """Return an edition as the plain values a run answers."""
    return {"edition": written.code, "files": [{"path": str(f.path), "sha256": f.sha256} for f in written.files]}
