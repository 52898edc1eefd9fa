"""All tables in one place, so that the metadata is complete whoever asks for it."""

from sqlmodel import SQLModel

from models import (
    account_tables,
    answer_tables,
    assignment_tables,
    batch_tables,
    commitment_tables,
    edition_tables,
    escalation_tables,
    handed_tables,
    mapping_tables,
    outcome_tables,
    raised_tables,
    register_tables,
    upload_tables,
    webhook_tables,
    work_tables,
)

METADATA = SQLModel.metadata
__all__ = [
    "METADATA",
    "account_tables",
    "answer_tables",
    "assignment_tables",
    "batch_tables",
    "commitment_tables",
    "edition_tables",
    "escalation_tables",
    "handed_tables",
    "mapping_tables",
    "outcome_tables",
    "raised_tables",
    "register_tables",
    "upload_tables",
    "webhook_tables",
    "work_tables",
]
