"""Record one workbook sent through the portal, exactly as its preview said, whether the portal stays up or not."""

from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed
from pydantic import Field

from config.clock import now, today
from flows.edge import opened_store, settings
from flows.telling_ops import tell_ops
from imports.uploads import Workplace
from imports.uploads import record_upload as take_down
from models.uploads import Stage
from texts import both

Number = Annotated[int, Field(ge=1, description="Số trong địa chỉ /uploads/… / the number in the address /uploads/…")]


# Recording is one transaction and finds its own work again, so a retry cannot record twice.
@task(
    name="record upload",
    task_run_name="upload {upload}",
    tags=["dondoc", "workbook"],
    retries=2,
    retry_delay_seconds=3,
    cache_policy=NO_CACHE,
)
def recorded(upload: int) -> Stage | None:
    """Record the upload unless it is recorded."""
    with opened_store() as store:
        return take_down(upload, Workplace(store, settings().data / "uploads", today, now))


@flow(name="record_upload", flow_run_name="record_upload {upload}", on_failure=[tell_ops], on_crashed=[tell_ops])
def record_upload(upload: Number) -> Any:
    """Ghi tệp đã được xác nhận trên cổng thông tin / Record a workbook somebody confirmed in the portal."""
    stage = recorded(upload)
    if stage is None:
        return Failed(message=both("flow.no_such_upload", upload=upload))
    return Completed(message=both("flow.upload", upload=upload, stage=stage), data={"upload": upload, "stage": stage})
