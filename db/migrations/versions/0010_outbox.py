"""Papers that go along with messages, and whom a message concerns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.base import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "notification_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notification_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name=op.f("fk_notification_file_notification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_file")),
    )
    op.create_index("ix_notification_file_notification_id", "notification_file", ["notification_id"], unique=False)
    op.add_column("notification", sa.Column("person_id", sa.Integer(), nullable=True))
    op.add_column("notification", sa.Column("seen_at", UTCDateTime(timezone=True), nullable=True))
    op.create_index("ix_notification_person_id_id", "notification", ["person_id", "id"], unique=False)
    op.create_index("ix_notification_record", "notification", ["record_kind", "record_id"], unique=False)


def downgrade() -> None:
    """Take this step back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("replace", "delete", "letter", "sent"):
            op.execute(f"DROP TRIGGER IF EXISTS tr_notification_refuse_{name}")
        # SQLite looks through every trigger before it drops a column; these name the search index, which goes first.
        for name in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER IF EXISTS tr_search_entry_{name}")
    else:
        for name in ("tr_notification_refuse", "tr_notification_refuse_truncate"):
            op.execute(f"DROP TRIGGER IF EXISTS {name} ON notification")
    op.drop_table("notification_file")
    op.drop_index("ix_notification_record", "notification")
    op.drop_index("ix_notification_person_id_id", "notification")
    op.drop_column("notification", "seen_at")
    op.drop_column("notification", "person_id")
