"""What was answered to an obstacle; append-only."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class ObstacleAnswer(SQLModel, table=True):
    """An answer to one obstacle; of several the newest counts. An obstacle raised anew in other words is open again."""

    __tablename__ = "obstacle_answer"
    id: int | None = Field(default=None, primary_key=True)
    obstacle_id: int = Field(foreign_key="obstacle.id", index=True)
    answered_on: date
    answer: str
    document: str = ""
    decided_by: str
    recorded_at: datetime = Field(sa_column=instant())
