"""Agencies hand shares of their assignments down to units of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "handed_down",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_handed_down_assignment_id")),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("fk_handed_down_agency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_down")),
        sa.UniqueConstraint("code", name=op.f("uq_handed_down_code")),
    )
    op.create_index(op.f("ix_handed_down_assignment_id"), "handed_down", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_handed_down_agency_code"), "handed_down", ["agency_code"], unique=False)
    op.create_table(
        "handed_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handed_id", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handed_id"], ["handed_down.id"], name=op.f("fk_handed_report_handed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_report")),
    )
    op.create_index(op.f("ix_handed_report_handed_id"), "handed_report", ["handed_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("handed_report")
    op.drop_table("handed_down")
