"""Tables of outgoing mail: carriers with their dated rates, what is handed in, manifests, and who had it when.

As with mail that comes in, only the database writes where an item stands, from the event that is added (see
`db.mail_outgoing_rules`). A closed manifest and its lines stand as they are, by value.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SortText, UTCDateTime
from db.mail import CLASSES
from db.records import BigKey

STATES = (
    "new", "handed_in", "manifested", "collected", "bagged", "dispatched", "delivered", "returned", "lost", "withdrawn",
)  # fmt: skip
# What an event may do to an item: state before, deed, state after. cbo_desk.mail.outgoing.rules holds the same with
# its reasons; a test holds the two equal.
MOVES = (
    "new>hand_in>handed_in",
    "handed_in>withdraw>withdrawn",
    "handed_in>list>manifested",
    "manifested>unlist>handed_in",
    "manifested>collect>collected",
    "handed_in>pack>bagged",
    "bagged>unpack>handed_in",
    "bagged>dispatch>dispatched",
    "dispatched>deliver>delivered",
    "handed_in>give_back>returned",
    "collected>give_back>returned",
    "dispatched>give_back>returned",
    "handed_in>lose>lost",
    "collected>lose>lost",
    "dispatched>lose>lost",
)
WHATS = tuple(dict.fromkeys(move.split(">")[1] for move in MOVES))
ON_MANIFEST = ("manifested", "collected")
IN_BAG = ("bagged", "dispatched", "delivered")
REASONED = ("withdraw", "give_back", "lose")


class MailCarrier(Base):
    """A carrier that mail is handed to; `pickup` is when it usually calls, such as 15:30."""

    __tablename__ = "mail_carrier"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)
    audited_as = "mail.carrier"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SortText, unique=True)
    account: Mapped[str] = mapped_column(Text, default="", server_default="")
    pickup: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailRate(Base):
    """One price of a carrier's rate card, from a day on: for a class and zone, up to a weight.

    The price is in hundredths of `currency`. Insurance is in US dollars: up to so many cents of declared value (0: none
    at all), for so many hundredths of a percent of it. A price of None says that this is no longer carried.
    """

    __tablename__ = "mail_rate"
    __table_args__ = (
        UniqueConstraint("carrier_id", "item_class", "zone", "up_to_g", "valid_from", name="uq_mail_rate_row"),
        CheckConstraint(f"item_class IN {CLASSES!r}", name="item_class"),
        CheckConstraint("up_to_g > 0", name="weight_positive"),
        CheckConstraint("price_cents IS NULL OR price_cents >= 0", name="price_not_negative"),
        CheckConstraint("length(currency) = 3 AND currency = upper(currency)", name="currency"),
        CheckConstraint("insured_up_to_cents >= 0 AND insurance_bp >= 0", name="insurance_not_negative"),
        CheckConstraint("insured_up_to_cents = 0 OR currency = 'USD'", name="insurance_in_dollars"),
        CheckConstraint("source <> ''", name="source_given"),
    )
    audited_as = "mail.rate"

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("mail_carrier.id"))
    item_class: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    up_to_g: Mapped[int]
    valid_from: Mapped[date]
    price_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    insured_up_to_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    insurance_bp: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    source: Mapped[str] = mapped_column(Text)
    confirmed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class MailManifest(Base):
    """What one carrier takes at one pick-up. Closed it stands as it is; then it is collected against a signature."""

    __tablename__ = "mail_manifest"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_by_somebody"),
        CheckConstraint("collected_at IS NULL OR closed_at IS NOT NULL", name="collected_when_closed"),
        CheckConstraint("(collected_at IS NULL) = (proof_id IS NULL)", name="collected_by_signature"),
        Index("ix_mail_manifest_pickup_at_id", "pickup_at", "id"),
        Index("ix_mail_manifest_number_id", "number", "id"),
    )
    audited_as = "mail.manifest"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("mail_carrier.id"))
    carrier: Mapped[str] = mapped_column(SortText)
    pickup_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    collected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("mail_proof.id"))


class MailOutgoing(Base):
    """One letter or parcel that goes out. What stands from `state` on is written by the database from the events.

    `secret_contents` and `secret_recipient` are named so that the audit leaves them out: of the pouch they are
    need-to-know. Weight in grams, money in hundredths.
    """

    __tablename__ = "mail_outgoing"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            onupdate="CASCADE",
            name="fk_mail_outgoing_entity",
        ),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(f"item_class IN {CLASSES!r}", name="item_class"),
        CheckConstraint("way IN ('carrier', 'pouch')", name="way"),
        CheckConstraint("weight_g > 0", name="weight_positive"),
        CheckConstraint("declared_cents >= 0", name="declared_not_negative"),
        CheckConstraint("(carrier_id IS NULL) = (rate_id IS NULL)", name="carrier_with_rate"),
        CheckConstraint("(carrier_id IS NULL) = (price_cents IS NULL)", name="carrier_with_price"),
        CheckConstraint("way = 'carrier' OR carrier_id IS NULL", name="pouch_has_no_carrier"),
        CheckConstraint("secret_recipient <> ''", name="recipient_given"),
        Index("ix_mail_outgoing_number_id", "number", "id"),
        Index("ix_mail_outgoing_handed_in_at_id", "handed_in_at", "id"),
        Index("ix_mail_outgoing_state_handed_in_at_id", "state", "handed_in_at", "id"),
        Index("ix_mail_outgoing_entity_code_id", "entity_code", "id"),
        Index("ix_mail_outgoing_manifest_id", "manifest_id", "id"),
        Index("ix_mail_outgoing_bag_id", "bag_id", "id"),
        Index("ix_mail_outgoing_carrier_number", "carrier_number"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handed_in_by: Mapped[str] = mapped_column(Text)
    way: Mapped[str] = mapped_column(Text)
    entity_id: Mapped[int]
    entity_code: Mapped[str] = mapped_column(SortText)
    purpose: Mapped[str] = mapped_column(Text, default="", server_default="")
    item_class: Mapped[str] = mapped_column(SortText, default="ordinary", server_default="ordinary")
    secret_recipient: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    country: Mapped[str] = mapped_column(SortText)
    zone: Mapped[str] = mapped_column(Text)
    secret_contents: Mapped[str] = mapped_column(Text, default="", server_default="")
    weight_g: Mapped[int]
    size_mm: Mapped[str] = mapped_column(Text, default="", server_default="")
    declared_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("mail_carrier.id"))
    carrier: Mapped[str] = mapped_column(SortText, default="", server_default="")
    carrier_number: Mapped[str] = mapped_column(SortText, default="", server_default="")
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("mail_rate.id"))
    price_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    state: Mapped[str] = mapped_column(SortText, default="new", server_default="new")
    state_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    holder: Mapped[str] = mapped_column(Text, default="", server_default="")
    manifest_id: Mapped[int | None] = mapped_column(ForeignKey("mail_manifest.id"))
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("mail_bag.id"))
    last_event_id: Mapped[int | None] = mapped_column(BigKey)
    __mapper_args__ = {"version_id_col": version}


class MailManifestLine(Base):
    """One item of a manifest, by value; an item is on one manifest at most, for it is the key."""

    __tablename__ = "mail_manifest_line"
    __table_args__ = (Index("ix_mail_manifest_line_manifest_id", "manifest_id", "outgoing_id"),)

    outgoing_id: Mapped[int] = mapped_column(ForeignKey("mail_outgoing.id"), primary_key=True, autoincrement=False)
    manifest_id: Mapped[int] = mapped_column(ForeignKey("mail_manifest.id"))
    number: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    item_class: Mapped[str] = mapped_column(Text)
    weight_g: Mapped[int]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)


class MailOutgoingEvent(Base):
    """One step of an outgoing item from hand to hand. Rows are only ever added; `before` must be how it stood."""

    __tablename__ = "mail_outgoing_event"
    __table_args__ = (
        Index("ix_mail_outgoing_event_item_id_id", "item_id", "id"),
        CheckConstraint(f"(before || '>' || what || '>' || state) IN {MOVES!r}", name="move"),
        CheckConstraint(f"(manifest_id IS NOT NULL) = (state IN {ON_MANIFEST!r})", name="on_a_manifest"),
        CheckConstraint(f"(bag_id IS NOT NULL) = (state IN {IN_BAG!r})", name="in_a_bag"),
        CheckConstraint(f"NOT (what IN {REASONED!r}) OR reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("mail_outgoing.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    from_hand: Mapped[str] = mapped_column(Text, default="", server_default="")
    to_hand: Mapped[str] = mapped_column(Text, default="", server_default="")
    manifest_id: Mapped[int | None] = mapped_column(ForeignKey("mail_manifest.id"))
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("mail_bag.id"))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("mail_proof.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
