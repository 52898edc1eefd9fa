"""Answers owed to obstacles are told of like assignments; letters go over several channels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BEFORE = "uq_notice_item_notice_id_assignment_id_rung_agency_code_role"
_NOW = "uq_notice_item_told"
_KEY = ["notice_id", "assignment_id", "rung", "agency_code", "role"]
_REACHED_ELSEWHERE = ("contact", "holding")


def upgrade() -> None:
    """Apply the change; what was told before was about assignments, by e-mail."""
    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("obstacle_id", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ended", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint(batch_op.f(_BEFORE), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(_NOW), [*_KEY, "obstacle_id"])
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="email"))
    for table in _REACHED_ELSEWHERE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            kind = sa.JSON().with_variant(JSONB(), "postgresql")
            batch_op.add_column(sa.Column("elsewhere", kind, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take the change back; what was told of obstacles, and over other channels, is not known before it."""
    for table in reversed(_REACHED_ELSEWHERE):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("elsewhere")
    op.execute("DELETE FROM notice_item WHERE obstacle_id <> 0")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("channel")
    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_NOW), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(_BEFORE), _KEY)
        batch_op.drop_column("ended")
        batch_op.drop_column("obstacle_id")
