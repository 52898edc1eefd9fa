"""The day's round: sweep the inbox, assess, escalate, deliver."""

from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import today
from config.measured import is_done
from flows.assess_status import assess_status
from flows.deliver_notices import deliver_notices
from flows.edge import AsOf, OnlyOnWorkingDays, brought, day_off, is_worked, not_yet, opened_store, run_name, settings
from flows.escalate_lateness import DAY_TO_COME, escalate_lateness
from flows.import_workbooks import Settle, import_workbooks
from flows.telling_ops import tell_ops
from texts import both, date_text

UnlessDone = Annotated[
    bool,
    Field(description="Chỉ khi chưa xong / Unless done; Đã xong thì dừng ngay / a day that is done ends at once"),
]


@flow(name="daily_round", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def daily_round(
    as_of: AsOf = None,
    settle_seconds: Settle = 10,
    only_on_working_days: OnlyOnWorkingDays = True,  # noqa: FBT002
    unless_done: UnlessDone = False,  # noqa: FBT002
) -> Any:
    """Vòng việc trong ngày / The day's round. Run again, or killed and run again, it ends in the same state."""
    day = as_of or today()
    if day > today():
        return not_yet(day)
    with opened_store() as store:
        if only_on_working_days and not is_worked(store, day):
            return day_off(day)
    if unless_done and is_done(settings().data, day):
        return Completed(name="DoneBefore", message=both("flow.done_before", day=date_text(day)))
    # One workbook that cannot be recorded keeps nobody else from hearing; the round still ends as failed.
    swept = await import_workbooks(as_of=day, settle_seconds=settle_seconds, return_state=True)
    assessed = await assess_status(as_of=day, return_state=True)
    status = await brought(assessed)
    escalated = await escalate_lateness(as_of=day, only_on_working_days=only_on_working_days, return_state=True)
    told = None if escalated.name == DAY_TO_COME else await brought(escalated)
    sent = await brought(await deliver_notices(return_state=True))
    done = f"{both('flow.round_done')} {assessed.message}"
    if wrong := [str(state.message) for state in (escalated, swept) if not state.is_completed()]:
        return Failed(message=" ".join([done, *wrong]))
    answer = {"import": await brought(swept), "status": status, "escalate": told, "deliver": sent}
    return Completed(message=done, data=answer)
