"""Tables every desk stands on: audit, change feed, numbers, dated settings, attachments, notifications, search."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, JsonIfAny, SortText, UTCDateTime

BigKey = BigInteger().with_variant(Integer(), "sqlite")


class Compound(Base):
    """What this database is: one row per fact, such as its name or that it is a demo."""

    __tablename__ = "compound"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(Json)


class AuditEntry(Base):
    """One deed: who, when, where, which command, what it touched, before and after, chained by hash."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"),)

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    command: Mapped[str] = mapped_column(Text)
    args: Mapped[Any] = mapped_column(Json)
    touched: Mapped[Any] = mapped_column(Json)
    said: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
    # The seals of the facts that the deed added (db.seals), which the hash covers too; None where it added none.
    sealed: Mapped[Any] = mapped_column(JsonIfAny, nullable=True)


class AuditTouch(Base):
    """Which audit entry concerns which record: what a card reads for its history."""

    __tablename__ = "audit_touch"
    __table_args__ = (Index("ix_audit_touch_record", "kind", "record_id", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("audit_entry.seq"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class AuditHead(Base):
    """The newest link of the audit chain; one row, locked by every deed just before it commits."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(Text)
    # The first entry that sealed facts: what is added from there on stands under a seal.
    sealed_from: Mapped[int | None] = mapped_column(BigInteger)


class ChangeLog(Base):
    """The feed other workstations read: kinds and ids touched, in the order of commit."""

    __tablename__ = "change_log"
    __table_args__ = (Index("ix_change_log_xid_seq", "xid", "seq"),)

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True)
    # On PostgreSQL the transaction's own number, so that a reader can wait for older ones still open.
    xid: Mapped[int] = mapped_column(BigInteger)
    # The office that wrote it: two programs on one workstation hear each other.
    origin: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    ids: Mapped[Any] = mapped_column(Json)


class Presence(Base):
    """A record that is open at a workstation of a server: it is said again while it lasts, and forgotten after that."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_record", "kind", "record_id"),)

    origin: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    editing: Mapped[bool]
    login: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    seen: Mapped[datetime] = mapped_column(UTCDateTime)


class NumberSeries(Base):
    """The last number given out in a series of references, such as T-2291."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class DatedSetting(Base):
    """A threshold, rate or limit valid from a date; a decision uses the row of its own date."""

    __tablename__ = "dated_setting"
    __table_args__ = (UniqueConstraint("name", "scope", "valid_from"),)
    audited_as = "settings.dated"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    # Empty for everybody, or a client entity's code.
    scope: Mapped[str] = mapped_column(Text, default="", server_default="")
    valid_from: Mapped[date]
    value: Mapped[Any] = mapped_column(Json)
    source: Mapped[str] = mapped_column(Text)
    # Shipped values that the site has not looked at yet say so on screen.
    confirmed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Blob(Base):
    """The bytes of an attachment, stored once by content."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary)


class Attachment(Base):
    """A photo or paper on a record's card."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_record", "record_kind", "record_id"),)
    audited_as = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(Text)
    record_id: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)


class Notification(Base):
    """A message to be sent: written in the deed's own transaction, sent later by a worker."""

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state"),
        Index("ix_notification_state_due_at", "state", "due_at"),
        # What the bell asks for, and what a record's card does.
        Index("ix_notification_person_id_id", "person_id", "id"),
        Index("ix_notification_record", "record_kind", "record_id"),
    )
    audited_as = "notification"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Stays the same over retries, so that a receiver can tell a second copy.
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    to: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    record_kind: Mapped[str] = mapped_column(Text, default="")
    record_id: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    trouble: Mapped[str] = mapped_column(Text, default="")
    # Whom it concerns, where that is somebody in our books: the bell of this person shows it.
    person_id: Mapped[int | None]
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NotificationFile(Base):
    """A paper that goes along with a message; it is kept as it was when the message was written."""

    __tablename__ = "notification_file"
    __table_args__ = (Index("ix_notification_file_notification_id", "notification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SearchEntry(Base):
    """One findable record: `folded` begins with its reference and holds every word it is found by."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "record_id"),
        Index("ix_search_entry_folded", "folded").ddl_if(dialect="sqlite"),
        Index("ix_search_entry_start", text('left(folded, 40) COLLATE "C"')).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    record_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(SortText)


class RememberedMapping(Base):
    """How a file's columns were taken last time, by the signature of its headings."""

    __tablename__ = "remembered_mapping"

    what: Mapped[str] = mapped_column(Text, primary_key=True)
    signature: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    mapping: Mapped[Any] = mapped_column(Json)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
