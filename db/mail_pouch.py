"""Tables of the pouch: destinations, bags that go out and come in, what is in them, and cases of broken seals.

What is in a bag is need-to-know: it stands in `mail_secret` alone, which the audit knows nothing of.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.records import BigKey

SEALS = ("", "intact", "broken", "missing", "other")
FOUND = ("", "here", "missing", "extra")
SECRET_OF = ("outgoing", "line")


class MailPouchDestination(Base):
    """Where pouch bags go to and come from, by a short code such as GVA."""

    __tablename__ = "mail_pouch_destination"
    __table_args__ = (CheckConstraint("code <> '' AND name <> ''", name="named"),)
    audited_as = "mail.pouch_destination"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailBag(Base):
    """One pouch bag. Going out: open, certified, sealed, dispatched, confirmed. In: announced, arrived, confirmed.

    The limits in grams are those of the day it was opened. `seal` is what the way bill says, `seal_found` how it
    arrived. `carried_kind` and `carried_id` name what takes it, such as a trip, where another desk knows that.
    """

    __tablename__ = "mail_bag"
    __table_args__ = (
        CheckConstraint("direction IN ('out', 'in')", name="direction"),
        CheckConstraint("limit_g > 0 AND package_most_g > 0", name="limits_positive"),
        CheckConstraint("(certified_at IS NULL) = (certified_by = '')", name="certified_by_somebody"),
        CheckConstraint("direction = 'in' OR sealed_at IS NULL OR certified_at IS NOT NULL", name="certified_first"),
        CheckConstraint("sealed_at IS NULL OR seal <> ''", name="sealed_with_a_seal"),
        CheckConstraint("dispatched_at IS NULL OR sealed_at IS NOT NULL", name="sealed_first"),
        CheckConstraint("dispatched_at IS NULL OR carried_by <> ''", name="carried_by_somebody"),
        CheckConstraint(f"seal_found IN {SEALS!r}", name="seal_found"),
        CheckConstraint("arrived_at IS NULL OR (direction = 'in' AND seal_found <> '')", name="seal_looked_at"),
        CheckConstraint(
            "confirmed_at IS NULL OR (direction = 'out' AND dispatched_at IS NOT NULL) OR arrived_at IS NOT NULL",
            name="confirmed_after_the_way",
        ),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by = '')", name="confirmed_by_somebody"),
        Index("ix_mail_bag_number_id", "number", "id"),
        Index("ix_mail_bag_cut_off_at_id", "cut_off_at", "id"),
    )
    audited_as = "mail.bag"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    direction: Mapped[str] = mapped_column(Text)
    destination_id: Mapped[int] = mapped_column(ForeignKey("mail_pouch_destination.id"))
    destination: Mapped[str] = mapped_column(SortText)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When it must be certified to go with its flight; of a bag that comes in, when it is expected.
    cut_off_at: Mapped[datetime] = mapped_column(UTCDateTime)
    limit_g: Mapped[int]
    package_most_g: Mapped[int]
    their_number: Mapped[str] = mapped_column(SortText, default="", server_default="")
    seal: Mapped[str] = mapped_column(Text, default="", server_default="")
    certified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    certified_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dispatched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    carried_kind: Mapped[str] = mapped_column(Text, default="", server_default="")
    carried_id: Mapped[int | None] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seal_found: Mapped[str] = mapped_column(Text, default="", server_default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class MailBagLine(Base):
    """One package in a bag, by value. Of a bag that goes out it is an outgoing item, which is in one bag at most."""

    __tablename__ = "mail_bag_line"
    __table_args__ = (
        UniqueConstraint("outgoing_id"),
        UniqueConstraint("bag_id", "reference", name="uq_mail_bag_line_reference"),
        # What the way bill does not name is counted before anybody weighs it.
        CheckConstraint("weight_g > 0 OR (found = 'extra' AND weight_g = 0)", name="weight_positive"),
        CheckConstraint("reference <> ''", name="reference_given"),
        CheckConstraint(f"found IN {FOUND!r}", name="found"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("mail_bag.id"))
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("mail_outgoing.id"))
    reference: Mapped[str] = mapped_column(Text)
    secret_addressee: Mapped[str] = mapped_column(Text, default="", server_default="")
    secret_contents: Mapped[str] = mapped_column(Text, default="", server_default="")
    weight_g: Mapped[int]
    found: Mapped[str] = mapped_column(Text, default="", server_default="")
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("mail_item.id"))


class MailBagCase(Base):
    """Something is wrong with a bag: what, and how it ended. Closed it stands as it is."""

    __tablename__ = "mail_bag_case"
    __table_args__ = (
        CheckConstraint("what IN ('seal_broken', 'seal_missing', 'seal_other', 'count')", name="what"),
        CheckConstraint("(closed_at IS NULL) = (outcome = '')", name="closed_with_outcome"),
        Index("ix_mail_bag_case_bag_id", "bag_id", "id"),
    )
    audited_as = "mail.bag_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("mail_bag.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")


class MailSecret(Base):
    """What is need-to-know of one package of the pouch: an outgoing item, or a line of a bag.

    It stands in a table of its own, so that a server can keep its rows from whoever has no role on the pouch.
    """

    __tablename__ = "mail_secret"
    # Who writes it down need not be able to read it back.
    __table_args__ = (CheckConstraint(f"kind IN {SECRET_OF!r}", name="kind"), {"implicit_returning": False})

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    addressee: Mapped[str] = mapped_column(Text, default="", server_default="")
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    purpose: Mapped[str] = mapped_column(Text, default="", server_default="")
    contents: Mapped[str] = mapped_column(Text, default="", server_default="")
