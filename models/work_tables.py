"""What a task's words say beyond one due day: the steps it is done in, and the tasks that are the same work."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import instant, refers_to


class TaskStep(SQLModel, table=True):
    """One step of a task done in several ("dự thảo", then "ban hành"), as one revision words it; the last is its end.

    `position` counts from 1, and every step is due later than the one before.
    """

    __tablename__ = "task_step"
    task_revision_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True)
    name: str
    due_on: date


class SameWork(SQLModel, table=True):
    """What somebody said of a task: from `recorded_at` on it is the work `work_id`, as are others with that number.

    The newest row of a task counts; `work_id` is the id of one of its tasks, and the task's own when it stands alone.
    """

    __tablename__ = "same_work"
    id: int | None = Field(default=None, primary_key=True)
    task_id: int = refers_to("task.id", index=True)
    work_id: int = refers_to("task.id")
    document: str = ""
    reason: str
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
