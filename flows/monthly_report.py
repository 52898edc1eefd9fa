"""Write the monthly report: gather the facts once, write one frozen edition."""

from datetime import date
from typing import Annotated, Any, Literal

from prefect import flow, task
from prefect.artifacts import acreate_link_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed
from pydantic import Field

from config.clock import now, today
from config.scorecard import load_criteria
from config.settings import Settings
from flows.edge import AsOf, opened_store, run_name, show_table
from models.reference import calendar_of
from reports import EditionWritten, gather_facts, write_edition
from rules.meeting import cutoff_of, meeting_of, month_before
from texts import both, date_text

Month = Annotated[
    str | None,
    Field(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        title="Tháng / Month",
        description="YYYY-MM; để trống: tháng này, ngày họp: tháng trước / empty: this month; at a meeting the last",
    ),
]
Occasion = Annotated[
    Literal["cutoff", "meeting", "asked"],
    Field(
        title="Dịp / Occasion",
        description="cutoff: ngày chốt; meeting: chỉ đúng ngày họp / on its day alone; asked: theo yêu cầu",
    ),
]


# The same facts make the same edition, so a retry writes no second one.
@task(name="write edition", tags=["dondoc"], retries=1, retry_delay_seconds=5, cache_policy=NO_CACHE)
def edition(month: str, cutoff: date, meeting: date) -> EditionWritten:
    """Gather the facts of `month` and write its files."""
    settings, at = Settings(), now()
    with opened_store() as store:
        facts = gather_facts(
            store,
            month=month,
            cutoff=cutoff,
            meeting=meeting,
            known_at=at,
            level=settings.completion_level,
            warning_working_days=settings.warning_working_days,
            thresholds=load_criteria().thresholds,
        )
        return write_edition(facts, store=store, out=settings.reports, now=at)


@flow(name="monthly_report", flow_run_name=run_name)
async def monthly_report(
    month: Month = None,
    cutoff: date | None = None,
    meeting: date | None = None,
    occasion: Occasion = "asked",
    as_of: AsOf = None,
) -> Any:
    """Lập báo cáo tháng / Write the month's report.

    The cut-off is the 25th, the meeting on the next month's first working day, unless said otherwise.
    """
    day = as_of or today()
    with opened_store() as store, store.reading() as session:
        calendar = calendar_of(session)
    chosen = month or (month_before(day) if occasion == "meeting" else f"{day:%Y-%m}")
    meets_on = meeting or meeting_of(chosen, calendar)
    if occasion == "meeting" and day != meets_on:
        return Completed(name="NotTheDay", message=both("flow.not_the_meeting_day", day=date_text(day)))
    written = edition(chosen, cutoff or cutoff_of(chosen), meets_on)
    await _show(written)
    return Completed(message=both("cli.report_written", edition=written.code), data=_plain(written))


async def _show(written: EditionWritten) -> None:
    for file in written.files:
        kind = file.path.suffix.removeprefix(".")
        await acreate_link_artifact(key=f"report-{kind}", link=file.path.absolute().as_uri(), link_text=file.path.name)
    rows = [{"file": file.path, "size": file.size, "sha256": file.sha256} for file in written.files]
    await show_table("report-files", rows, both("flow.table_files"))


def _plain(written: EditionWritten) -> dict[str, Any]:
    return {"edition": written.code, "files": [{"path": str(f.path), "sha256": f.sha256} for f in written.files]}
