"""Tables of tags: which code opens what, what was printed where, and what was scanned but not known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime
from db.records import BigKey


class Tag(Base):
    """A code and what it opens; `ours` is false for a foreign barcode linked to the same subject."""

    __tablename__ = "tag"
    __table_args__ = (
        Index("ix_tag_subject", "subject_kind", "subject_id"),
        # The print window's queue of tags never printed; that of tags to be printed again is in db.tables.
        Index("ix_tag_prints", "subject_kind", "prints", "id", "ours", "retired_at", "made_at", "subject_id"),
        CheckConstraint("prints >= 0", name="prints_counted"),
        # The id of a tag that was taken back is never another's: the history and the print log name it still.
        {"sqlite_autoincrement": True},
    )
    audited_as = "tags.tag"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    ours: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    prints: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    printed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reprint_wanted: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_why: Mapped[str] = mapped_column(Text, default="", server_default="")


class PrintJob(Base):
    """One print: who printed which tags on which cells of what stock. Rows are only ever added."""

    __tablename__ = "print_job"
    audited_as = "tags.print_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    by: Mapped[str] = mapped_column(Text)
    stock: Mapped[str] = mapped_column(Text)
    output: Mapped[str] = mapped_column(Text)
    pages: Mapped[int]
    tags: Mapped[int]


class PrintedTag(Base):
    """One tag of a print and where it stands: page from 1, cell from 1."""

    __tablename__ = "printed_tag"
    __table_args__ = (Index("ix_printed_tag_tag_id", "tag_id"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    cell: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"))


class PartSheet(Base):
    """The part-used sheet of a stock: its used cells, counted from 1."""

    __tablename__ = "part_sheet"

    stock: Mapped[str] = mapped_column(Text, primary_key=True)
    used: Mapped[Any] = mapped_column(Json)


class SiteStock(Base):
    """A label stock that the site described itself, as TOML."""

    __tablename__ = "site_stock"
    audited_as = "tags.stock"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    toml: Mapped[str] = mapped_column(Text)


class PrinterProfile(Base):
    """How far a printer shifts and stretches, measured from a printed ruler page."""

    __tablename__ = "printer_profile"
    audited_as = "tags.printer"

    printer: Mapped[str] = mapped_column(Text, primary_key=True)
    right_mm: Mapped[float] = mapped_column(Float)
    up_mm: Mapped[float] = mapped_column(Float)
    scale: Mapped[float] = mapped_column(Float)
    measured_at: Mapped[datetime] = mapped_column(UTCDateTime)
    measured_by: Mapped[str] = mapped_column(Text)


class UnknownScan(Base):
    """A scan that nothing answered to: kept until a person says what it was."""

    __tablename__ = "unknown_scan"
    __table_args__ = (Index("ix_unknown_scan_open", "resolved_at", "id"),)
    audited_as = "tags.unknown_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolution: Mapped[str] = mapped_column(Text, default="", server_default="")


class LastScan(Base):
    """What was scanned lately at any workstation: the strip on the Today page."""

    __tablename__ = "last_scan"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int] = mapped_column(BigInteger)
