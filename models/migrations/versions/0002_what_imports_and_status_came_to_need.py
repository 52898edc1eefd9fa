"""What imports and status came to need."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# What the first revision knew of a batch by its facts alone: the tasks it worded and did not withdraw, and those it
# reported on. What it listed unchanged was not kept.
_LISTED = """
SELECT w.batch_id, t.document_id, w.task_id
FROM task_revision w JOIN task t ON t.id = w.task_id WHERE w.digest <> ''
UNION
SELECT p.batch_id, t.document_id, a.task_id
FROM progress p JOIN assignment a ON a.id = p.assignment_id JOIN task t ON t.id = a.task_id
"""
# Consecutive ids differ from their rank by the same number: one range for each such number.
_RANGES = f"""
INSERT INTO listing (batch_id, document_id, first_task_id, last_task_id)
SELECT batch_id, document_id, MIN(task_id), MAX(task_id)
FROM (
    SELECT batch_id, document_id, task_id,
           task_id - ROW_NUMBER() OVER (PARTITION BY batch_id, document_id ORDER BY task_id) AS run
    FROM ({_LISTED}) AS listed
) AS ranked
GROUP BY batch_id, document_id, run
"""  # noqa: S608 - constants
_KINDS = """
UPDATE batch
SET kind = CASE WHEN id IN (SELECT batch_id FROM progress) THEN 'progress' ELSE 'assignments' END
"""


def upgrade() -> None:
    """Apply the change, and say of the batches recorded before what they were and what they listed."""
    _add_tables_of_reading()
    _add_tables_of_raising()
    _add_indicators()
    _change_assignments()
    _change_batches()
    _change_facts()
    op.execute(_KINDS)
    op.execute(_RANGES)


def _add_tables_of_reading() -> None:
    op.create_table(
        "layout",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("headings", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("needs", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("never", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("marks", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_layout")),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_code", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("headings", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("fk_column_mapping_agency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
    )
    with op.batch_alter_table("column_mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_column_mapping_agency_code"), ["agency_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_column_mapping_fingerprint"), ["fingerprint"], unique=False)


def _add_tables_of_raising() -> None:
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["agency.code"], name=op.f("fk_extension_request_asked_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_extension_request_assignment_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_extension_request_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_request_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_request_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "kept",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_kept_assignment_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_kept_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "assignment_id", name=op.f("pk_kept")),
    )
    op.create_table(
        "obstacle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("addressed_to", sa.String(), nullable=True),
        sa.Column("addressed_text", sa.String(), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["addressed_to"], ["agency.code"], name=op.f("fk_obstacle_addressed_to")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_obstacle_assignment_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_obstacle_batch_id")),
        sa.ForeignKeyConstraint(["raised_by"], ["agency.code"], name=op.f("fk_obstacle_raised_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle")),
    )
    with op.batch_alter_table("obstacle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacle_addressed_to"), ["addressed_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacle_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacle_batch_id"), ["batch_id"], unique=False)


def _add_indicators() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("agency_code", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("target_text", sa.String(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("fk_indicator_agency_code")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_indicator_batch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_indicator_document_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_indicator_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_agency_code"), ["agency_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_task_id"), ["task_id"], unique=False)

    op.create_table(
        "listing",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("first_task_id", sa.Integer(), nullable=False),
        sa.Column("last_task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_listing_batch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_listing_document_id")),
        sa.PrimaryKeyConstraint("batch_id", "document_id", "first_task_id", name=op.f("pk_listing")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_document_id"), ["document_id"], unique=False)

    op.create_table(
        "obstacle_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obstacle_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["obstacle_id"], ["obstacle.id"], name=op.f("fk_obstacle_answer_obstacle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle_answer")),
    )
    with op.batch_alter_table("obstacle_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacle_answer_obstacle_id"), ["obstacle_id"], unique=False)

    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("value_text", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_indicator_value_batch_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_value_indicator_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["agency.code"], name=op.f("fk_indicator_value_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_value_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_value_indicator_id"), ["indicator_id"], unique=False)


def _change_assignments() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_task_id"))
        batch_op.drop_constraint(batch_op.f("fk_assignment_agency_code"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assignment_task_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assignment_batch_id"), type_="foreignkey")

    with op.batch_alter_table("assignment_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_revision_assignment_id"))
        batch_op.create_index("ix_assignment_revision_newest", ["assignment_id", "id", "batch_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_assignment_revision_task_revision_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assignment_revision_assignment_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assignment_revision_batch_id"), type_="foreignkey")


def _change_batches() -> None:
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("request_sha256", sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("answer", sa.JSON().with_variant(JSONB(), "postgresql"), server_default="{}", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_batch_request_sha256"), ["request_sha256"], unique=False)
        batch_op.drop_column("content_sha256")


def _change_facts() -> None:
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))

    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evidence_matches", sa.Boolean(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_progress_assignment_id"))
        batch_op.create_index(
            "ix_progress_newest",
            [
                "assignment_id",
                "reported_on",
                "id",
                "declared_done",
                "batch_id",
                "evidence_number",
                "evidence_on",
                "evidence_matches",
                "declared_completed_on",
            ],
            unique=False,
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_task_document_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_task_batch_id"), type_="foreignkey")

    with op.batch_alter_table("task_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_task_revision_queue",
            ["queue"],
            unique=False,
            sqlite_where=sa.text("queue > ''"),
            postgresql_where=sa.text("queue > ''"),
        )
        batch_op.drop_constraint(batch_op.f("fk_task_revision_task_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_task_revision_batch_id"), type_="foreignkey")


def downgrade() -> None:
    """Take the change back; what only this version knows is lost."""
    _change_facts_back()
    _change_batches_back()
    _change_assignments_back()
    _drop_tables()


def _change_facts_back() -> None:
    with op.batch_alter_table("task_revision", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_task_revision_batch_id"), "batch", ["batch_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_task_revision_task_id"), "task", ["task_id"], ["id"])
        batch_op.drop_index(
            "ix_task_revision_queue", sqlite_where=sa.text("queue > ''"), postgresql_where=sa.text("queue > ''")
        )
        batch_op.drop_column("number")

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_task_batch_id"), "batch", ["batch_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_task_document_id"), "document", ["document_id"], ["id"])

    with op.batch_alter_table("progress", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_newest")
        batch_op.create_index(batch_op.f("ix_progress_assignment_id"), ["assignment_id"], unique=False)
        batch_op.drop_column("evidence_matches")

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("due_on")


def _change_batches_back() -> None:
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_sha256", sa.String(), server_default="", nullable=False))
        batch_op.drop_index(batch_op.f("ix_batch_request_sha256"))
        batch_op.drop_column("answer")
        batch_op.drop_column("request_sha256")
        batch_op.drop_column("reason")
        batch_op.drop_column("kind")


def _change_assignments_back() -> None:
    with op.batch_alter_table("assignment_revision", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_assignment_revision_batch_id"), "batch", ["batch_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_revision_assignment_id"), "assignment", ["assignment_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_revision_task_revision_id"), "task_revision", ["task_revision_id"], ["id"]
        )
        batch_op.drop_index("ix_assignment_revision_newest")
        batch_op.create_index(batch_op.f("ix_assignment_revision_assignment_id"), ["assignment_id"], unique=False)

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_assignment_batch_id"), "batch", ["batch_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_assignment_task_id"), "task", ["task_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_assignment_agency_code"), "agency", ["agency_code"], ["code"])
        batch_op.create_index(batch_op.f("ix_assignment_task_id"), ["task_id"], unique=False)


def _drop_tables() -> None:
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_value_indicator_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_value_batch_id"))

    op.drop_table("indicator_value")
    with op.batch_alter_table("obstacle_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obstacle_answer_obstacle_id"))

    op.drop_table("obstacle_answer")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_document_id"))

    op.drop_table("listing")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_task_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_document_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_code"))
        batch_op.drop_index(batch_op.f("ix_indicator_batch_id"))
        batch_op.drop_index(batch_op.f("ix_indicator_agency_code"))

    op.drop_table("indicator")
    with op.batch_alter_table("obstacle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obstacle_batch_id"))
        batch_op.drop_index(batch_op.f("ix_obstacle_assignment_id"))
        batch_op.drop_index(batch_op.f("ix_obstacle_addressed_to"))

    op.drop_table("obstacle")
    op.drop_table("kept")
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_request_batch_id"))
        batch_op.drop_index(batch_op.f("ix_extension_request_assignment_id"))

    op.drop_table("extension_request")
    with op.batch_alter_table("column_mapping", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_column_mapping_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_column_mapping_agency_code"))

    op.drop_table("column_mapping")
    op.drop_table("layout")
