"""What every kind of duty came to need: steps, the same work in several documents, who took a split one over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "task_step",
        sa.Column("task_revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("task_revision_id", "position", name=op.f("pk_task_step")),
    )
    op.create_table(
        "same_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_work")),
    )
    with op.batch_alter_table("same_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_same_work_task_id"), ["task_id"], unique=False)
    op.create_index(
        "ix_task_revision_recurring",
        "task_revision",
        ["task_id"],
        sqlite_where=sa.text("recurrence > ''"),
        postgresql_where=sa.text("recurrence > ''"),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_agency", sa.String(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_decision_to_agency"), "agency", ["to_agency"], ["code"])
    op.create_index(
        "ix_decision_taken_over",
        "decision",
        ["to_agency"],
        sqlite_where=sa.text("to_agency IS NOT NULL"),
        postgresql_where=sa.text("to_agency IS NOT NULL"),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("day_total", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_day_total"), type_="primary")
        batch_op.create_primary_key(op.f("pk_day_total"), ["as_of", "agency_code", "status", "assessed_at"])


def downgrade() -> None:
    """Take the change back."""
    op.execute(
        "DELETE FROM day_total WHERE assessed_at < "
        "(SELECT max(newest.assessed_at) FROM day_total AS newest WHERE newest.as_of = day_total.as_of)"
    )
    with op.batch_alter_table("day_total", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_day_total"), type_="primary")
        batch_op.create_primary_key(op.f("pk_day_total"), ["as_of", "agency_code", "status"])
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_column("standing")
    op.drop_index("ix_decision_taken_over", table_name="decision")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_decision_to_agency"), type_="foreignkey")
        batch_op.drop_column("to_agency")
    op.drop_index("ix_task_revision_recurring", table_name="task_revision")
    op.drop_table("same_work")
    op.drop_table("task_step")
