"""What the outbox came to need: files beside a letter, the server's own words, rows sealed with the one before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SEALED = ("delivery", "audit_entry")
_NOTICE_WORDS = ("state_reason", "link")
_DELIVERY_WORDS = ("answer", "message_id", "letter_sha256")


def upgrade() -> None:
    """Apply the change; rows written before it stay unsealed, and everything written after it is."""
    op.create_table(
        "notice_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_attachment_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attachment")),
    )
    op.create_index(op.f("ix_notice_attachment_notice_id"), "notice_attachment", ["notice_id"], unique=False)
    with op.batch_alter_table("notice", schema=None) as batch_op:
        for name in _NOTICE_WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("forgiven", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("must_deliver", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index(batch_op.f("ix_notice_state"))
        batch_op.create_index("ix_notice_waiting", ["state", "id"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.Integer(), nullable=False, server_default="0"))
        for name in _DELIVERY_WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    for table in _SEALED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("previous", sa.String(), nullable=True))
            batch_op.add_column(sa.Column("hash", sa.String(), nullable=False, server_default=""))
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_previous"), ["previous"])


def downgrade() -> None:
    """Take the change back."""
    for table in reversed(_SEALED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_previous"), type_="unique")
            batch_op.drop_column("hash")
            batch_op.drop_column("previous")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for name in (*reversed(_DELIVERY_WORDS), "code"):
            batch_op.drop_column(name)
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_waiting")
        batch_op.create_index(batch_op.f("ix_notice_state"), ["state"], unique=False)
        for name in ("must_deliver", "forgiven", *reversed(_NOTICE_WORDS)):
            batch_op.drop_column(name)
    op.drop_index(op.f("ix_notice_attachment_notice_id"), table_name="notice_attachment")
    op.drop_table("notice_attachment")
