"""Groups of addressees have an e-mail address, and count their changes; manifests and rounds carry tags, and are found

Those that are there already are given theirs, so that a sheet that is printed anew opens what it is about.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from db.base import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TAG = sa.table(
    "tag", sa.column("code"), sa.column("ours", sa.Boolean()), sa.column("subject_kind"), sa.column("subject_id"),
    sa.column("made_at", UTCDateTime()),
)  # fmt: skip
_ENTRY = sa.table(
    "search_entry", sa.column("kind"), sa.column("record_id"), sa.column("title"), sa.column("detail"),
    sa.column("folded"),
)  # fmt: skip
_KINDS = (
    ("mail.manifest", "F", "SELECT id, number, 'Manifest for ' || carrier FROM mail_manifest"),
    ("mail.round", "R", "SELECT id, number, name || CASE messenger WHEN '' THEN '' ELSE ' \u00b7 ' || messenger END "
     "FROM mail_round"),
)  # fmt: skip


def upgrade() -> None:
    """Apply this step."""
    op.add_column("mail_group", sa.Column("email", sa.Text(), server_default="", nullable=False))
    op.add_column("mail_group", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    connection = op.get_bind()
    made_at = datetime.now(UTC)
    for kind, letter, wanted in _KINDS:
        tags, entries = [], []
        for ident, number, detail in connection.execute(sa.text(wanted)).all():
            code = _new_code(letter)
            about = {"subject_kind": kind, "subject_id": ident, "made_at": made_at}
            tags.append({"code": code, "ours": True, **about})
            folded = _folded(f"{number} {code} {detail}")
            entries.append({"kind": kind, "record_id": ident, "title": number, "detail": detail, "folded": folded})
        if tags:
            connection.execute(sa.insert(_TAG), tags)
            connection.execute(sa.insert(_ENTRY), entries)


def downgrade() -> None:
    """Take this step back."""
    for kind, _letter, _wanted in _KINDS:
        op.execute(sa.text("DELETE FROM tag WHERE subject_kind = :kind AND prints = 0").bindparams(kind=kind))
        op.execute(sa.text("DELETE FROM search_entry WHERE kind = :kind").bindparams(kind=kind))
    op.drop_column("mail_group", "version")
    op.drop_column("mail_group", "email")


def _folded(words: str) -> str:
    """Words as search compares them; written out for the same reason as the code below."""
    marked = unicodedata.normalize("NFKD", words.replace("\u00b7", " "))
    return " ".join("".join(one for one in marked if not unicodedata.combining(one)).casefold().split())


def _new_code(letter: str) -> str:
    """A new code as `cbo_desk.tags.codes` makes it; written out here, since a step stands as it was."""
    body = f"CBO{letter}" + "".join(secrets.choice(_CROCKFORD) for _ in range(10))
    state = 36
    for character in body:
        state = ((state + _ALPHANUMERIC.index(character)) % 36 or 36) * 2 % 37
    return body + _ALPHANUMERIC[(37 - state) % 36]
