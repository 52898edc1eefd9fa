"""What a batch listed, and what an undo left standing of it. Appended with the batch and with the undo."""

from sqlmodel import Field, SQLModel


class Listing(SQLModel, table=True):
    """Tasks of a document a workbook listed or reported on, changed or not: all ids from the first through the last.

    What a batch changed stands in its revisions; that it also listed what it did not change stands here alone. From 0
    through 0 it listed no task of the document, only indicators.
    """

    __tablename__ = "listing"
    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    document_id: int = Field(primary_key=True, foreign_key="document.id", index=True)
    first_task_id: int = Field(primary_key=True)
    last_task_id: int


class Kept(SQLModel, table=True):
    """An assignment somebody decided about before the batch was taken back: what the batch said of it still counts."""

    __tablename__ = "kept"
    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
