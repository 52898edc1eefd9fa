"""What every flow meets at its edge: the settings, the store, the day asked about, and whether that day is worked.

Flows do their work in threads (`asyncio.to_thread`): the flow's own one renews its place among the runs of a deployment
that allows but one, and a place not renewed within five minutes is lost, and the run with it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from prefect.artifacts import acreate_link_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.exceptions import MissingResult
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import HANOI, now, today
from config.logs import happened, set_up_logs
from config.settings import Settings
from config.wrong_settings import WrongSettingsError, read_settings
from models.opening import open_store
from models.reference import calendar_of
from models.store import Store
from texts import both, date_text
from texts.wrong_settings import tell_wrong_settings

AsOf = Annotated[
    date | None,
    Field(description="Ngày được hỏi / Day asked about; YYYY-MM-DD; để trống là hôm nay / empty: today in Hanoi"),
]
OnlyOnWorkingDays = Annotated[
    bool,
    Field(
        description="Chỉ ngày làm việc / Working days only; Ngày nghỉ thì dừng ngay / a day off ends the run at once",
    ),
]
_ROWS_SHOWN = 500


def settings() -> Settings:
    """Return the settings. Raises ValueError, which names every wrong one and what to do, and quotes no secret."""
    try:
        return read_settings()
    except WrongSettingsError as error:
        raise ValueError(tell_wrong_settings(error.mistakes)) from None


@contextmanager
def opened_store() -> Iterator[Store]:
    """Give the store the settings name, refusing one that is not initialised."""
    store = open_store(settings().database)
    try:
        yield store
    finally:
        store.close()


async def brought(state: State[Any]) -> Any:
    """Return what a run inside this one brought, or raise what it failed with.

    None where it is not known: a server too busy to answer is asked again, and then tells the state without its data.
    """
    try:
        return await state.aresult()
    except MissingResult:
        return None


def run_name() -> str:
    """Name a run by its flow and the day, or the month, it was asked about."""
    given = flow_run.parameters
    return f"{flow_run.flow_name} {given.get('month') or given.get('as_of') or today().isoformat()}"


def scheduled_day() -> date:
    """Return the day, in Hanoi, that this run was scheduled for: one that starts late does the work of its own day.

    For a run nobody scheduled that is today.
    """
    return (flow_run.scheduled_start_time or now()).astimezone(HANOI).date()


def log(event: str, *, failed: bool = False, **fields: str | int | None) -> None:
    """Log an event of the run this happens in, with its ids and counts (see `config.logs`), where a log is wanted."""
    set_up_logs(settings().log)
    happened(event, failed=failed, run=str(flow_run.id or ""), flow=flow_run.flow_name, **fields)


def is_worked(store: Store, day: date) -> bool:
    """Whether `day` is a working day by the store's calendar."""
    with store.reading() as session:
        return calendar_of(session).is_working(day)


def day_off(day: date) -> State[None]:
    """End a run at once, saying that the day is off."""
    return Completed(name="DayOff", message=both("flow.day_off", day=date_text(day)))


def not_yet(day: date) -> State[None]:
    """End a run at once as failed, saying that `day` is still to come: what is not known yet is told to nobody."""
    return Failed(name="NotYet", message=both("flow.not_yet", day=date_text(day)))


async def show_table(key: str, rows: Sequence[dict[str, Any]], description: str) -> None:
    """Leave a table for ops in the Prefect UI; a long one is cut, and its description says how long it was."""
    shown = [{name: _cell(value) for name, value in row.items()} for row in rows[:_ROWS_SHOWN]]
    await acreate_table_artifact(key=key, table=shown, description=f"{description} ({len(rows)})")


async def show_page(path: str) -> None:
    """Leave a link to the portal's page where the same is seen with its rows."""
    link = f"{settings().portal_url.rstrip('/')}{path}"
    await acreate_link_artifact(key="page", link=link, description=both("flow.page"))


def _cell(value: object) -> str | int:
    return value if isinstance(value, int) else "" if value is None else str(value)
