"""All tables in one place, so that the metadata is complete whoever asks for it."""

from sqlmodel import SQLModel

from models import assignment_tables, outcome_tables, register_tables

METADATA = SQLModel.metadata
__all__ = ["METADATA", "assignment_tables", "outcome_tables", "register_tables"]
