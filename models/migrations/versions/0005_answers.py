"""What leaders answer, who holds which post when, and what a step of the ladder is called."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_INSTANT = sa.DateTime(timezone=True)
_ITEM_WORDS = ("step", "ladder", "agency_code", "accountable", "superseded", "skipped")
_ITEM_KEY = ("notice_id", "assignment_id", "rung")
_POST = ("agency_code", "role")


def upgrade() -> None:
    """Apply the change; what was told before keeps its rung and has no step's name."""
    _add_people()
    _add_commitments()
    _add_appeals()
    with op.batch_alter_table("rung", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stated", _JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        for name in _ITEM_WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("information", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_constraint(batch_op.f(_unique(*_ITEM_KEY)), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(_unique(*_ITEM_KEY, *_POST)), [*_ITEM_KEY, *_POST])


def downgrade() -> None:
    """Take the change back; of what one digest told two posts of a mailbox, the first stays."""
    op.execute(
        "DELETE FROM notice_item WHERE id NOT IN "
        "(SELECT min(id) FROM notice_item GROUP BY notice_id, assignment_id, rung)"
    )
    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_unique(*_ITEM_KEY, *_POST)), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(_unique(*_ITEM_KEY)), [*_ITEM_KEY])
        for name in ("information", *reversed(_ITEM_WORDS)):
            batch_op.drop_column(name)
    with op.batch_alter_table("rung", schema=None) as batch_op:
        batch_op.drop_column("stated")
    for table in ("appeal_answer", "appeal", "commitment", "holding", "ladder_version"):
        op.drop_table(table)


def _unique(*columns: str) -> str:
    return "_".join(("uq_notice_item", *columns))


def _add_people() -> None:
    op.create_table(
        "ladder_version",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rungs", _JSON, nullable=False),
        sa.Column("first_used_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ladder_version")),
    )
    op.create_table(
        "holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("post_vi", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("fk_holding_agency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
    )
    op.create_index(op.f("ix_holding_agency_code"), "holding", ["agency_code"], unique=False)


def _add_commitments() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("last_good_day", sa.Date(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("notice_key", sa.String(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_commitment_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_assignment_id"), "commitment", ["assignment_id"], unique=False)


def _add_appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("notice_key", sa.String(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_appeal_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_assignment_id"), "appeal", ["assignment_id"], unique=False)
    op.create_table(
        "appeal_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_answer_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_answer")),
    )
    op.create_index(op.f("ix_appeal_answer_appeal_id"), "appeal_answer", ["appeal_id"], unique=False)
