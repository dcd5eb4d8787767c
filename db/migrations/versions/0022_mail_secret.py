"""What is need-to-know of the pouch in a table of its own, whose rows a server keeps from whoever may not know"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_RULED = ("mail_outgoing", "mail_bag_line")


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "mail_secret",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("addressee", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("contents", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('outgoing', 'line')", name=op.f("ck_mail_secret_kind")),
        sa.PrimaryKeyConstraint("kind", "record_id", name=op.f("pk_mail_secret")),
    )
    _let_rules_rest()
    op.execute(
        "INSERT INTO mail_secret (kind, record_id, addressee, address, purpose, contents) "
        "SELECT 'outgoing', id, secret_recipient, address, purpose, secret_contents FROM mail_outgoing "
        "WHERE way = 'pouch'"
    )
    op.execute(
        "INSERT INTO mail_secret (kind, record_id, addressee, contents) "
        "SELECT 'line', id, secret_addressee, secret_contents FROM mail_bag_line"
    )
    op.execute(
        "UPDATE mail_outgoing SET secret_recipient = 'need-to-know', address = '', purpose = '', secret_contents = '' "
        "WHERE way = 'pouch'"
    )
    op.execute("UPDATE mail_bag_line SET secret_addressee = '', secret_contents = ''")
    _wake_rules()


def downgrade() -> None:
    """Take this step back."""
    _let_rules_rest()
    for column, told in (("secret_recipient", "addressee"), ("address", "address"), ("purpose", "purpose"),
                         ("secret_contents", "contents")):  # fmt: skip
        op.execute(
            f"UPDATE mail_outgoing SET {column} = (SELECT {told} FROM mail_secret WHERE kind = 'outgoing' "
            "AND record_id = mail_outgoing.id) WHERE way = 'pouch'"
        )
    for column, told in (("secret_addressee", "addressee"), ("secret_contents", "contents")):
        op.execute(
            f"UPDATE mail_bag_line SET {column} = coalesce((SELECT {told} FROM mail_secret WHERE kind = 'line' "
            "AND record_id = mail_bag_line.id), '')"
        )
    _wake_rules()
    op.drop_table("mail_secret")


def _let_rules_rest() -> None:
    """Packages in a certified bag are facts: only moving what they say to another table may touch them."""
    connection = op.get_bind()
    for table in _RULED:
        if connection.dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            continue
        wanted = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in connection.execute(wanted, {"table": table}).scalars().all():
            op.execute(f"DROP TRIGGER {name}")  # the list of triggers puts it back after the upgrade


def _wake_rules() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _RULED:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
