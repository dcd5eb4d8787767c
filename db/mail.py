"""Tables of the mail desk: items, their custody events, proofs of delivery, groups, forwarding, rounds.

An item stands where its events say: only the database itself writes state, shelf, round and holder of an item, from
the event that is added (see `db.mail_rules`), so an item can never differ from what its events add up to.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SortText, UTCDateTime
from db.records import BigKey

STATES = (
    "new", "received", "shelved", "out", "delivered", "attempted", "held", "refused", "returned", "forwarded", "lost",
    "disposed", "withdrawn",
)  # fmt: skip
CLASSES = ("ordinary", "registered", "insured", "express", "parcel")
# What an event may do to an item: state before, deed, state after. cbo_desk.mail.rules holds the same with its reasons;
# a test holds the two equal.
MOVES = tuple(
    f"{before}>{what}>{after}"
    for what, befores, after in (
        ("receive", "new", "received"),
        ("withdraw", "received", "withdrawn"),
        ("shelve", "received shelved attempted held", "shelved"),
        ("shelve", "refused", "refused"),
        ("hold", "received shelved held attempted", "held"),
        ("load", "received shelved held", "out"),
        ("deliver", "received shelved out attempted held", "delivered"),
        ("fail", "out attempted", "attempted"),
        ("refuse", "received shelved out attempted held", "refused"),
        ("bring_back", "out attempted", "received"),
        ("bring_back", "refused", "refused"),
        ("return", "received shelved held refused", "returned"),
        ("forward", "received shelved held", "forwarded"),
        ("lose", "received shelved out attempted held refused", "lost"),
        ("find", "lost", "received"),
        ("dispose", "received shelved held refused lost", "disposed"),
        ("remind", "received", "received"),
        ("remind", "shelved", "shelved"),
        ("remind", "held", "held"),
    )
    for before in befores.split()
)
FREE = ("override", "take_back")
"""Deeds whose outcome is not in the list of moves: they have rules of their own."""
WHATS = (*dict.fromkeys(move.split(">")[1] for move in MOVES), *FREE)
ON_SHELF = ("received", "shelved", "held", "refused")
WITH_MESSENGER = ("out", "attempted", "refused")
REASONED = ("fail", "refuse", "return", "forward", "lose", "dispose", "override")


class MailGroup(Base):
    """A group that mail may be for, such as a registry; `members` are whom it reaches."""

    __tablename__ = "mail_group"
    __table_args__ = (
        UniqueConstraint("name", "entity_id", name="uq_mail_group_name_entity_id"),
        CheckConstraint("name <> ''", name="name_given"),
    )
    audited_as = "mail.group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SortText)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    members: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Where the group is told of its mail; nobody is told where it is empty.
    email: Mapped[str] = mapped_column(Text, default="", server_default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    __mapper_args__ = {"version_id_col": version}


class MailAbsence(Base):
    """Somebody is away from a day to a day, both included; their mail goes to somebody else or is held."""

    __tablename__ = "mail_absence"
    __table_args__ = (
        CheckConstraint("since <= until", name="dates_in_order"),
        CheckConstraint("forward_to_id IS NULL OR forward_to_id <> person_id", name="not_to_oneself"),
        Index("ix_mail_absence_person_id", "person_id", "until"),
    )
    audited_as = "mail.absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
    forward_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class MailProof(Base):
    """Who took mail and how that is proven: a signature's strokes with times, a scanned badge, or a name alone."""

    __tablename__ = "mail_proof"
    __table_args__ = (
        CheckConstraint("how IN ('signature', 'badge', 'name')", name="how"),
        CheckConstraint("taken_by <> ''", name="taken_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Lists of [x, y, milliseconds], one a stroke, as the pad took them.
    strokes: Mapped[Any] = mapped_column(Json, default=list)


class MailRound(Base):
    """One messenger's way through the compound on one day; closed when all that was aboard is accounted for."""

    __tablename__ = "mail_round"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_by_somebody"),
        Index("ix_mail_round_planned_on_id", "planned_on", "id"),
    )
    audited_as = "mail.round"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    name: Mapped[str] = mapped_column(SortText)
    messenger: Mapped[str] = mapped_column(SortText, default="", server_default="")
    planned_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class MailStop(Base):
    """One stop of a round, in its order from 1, by value: a renamed place does not change a round sheet."""

    __tablename__ = "mail_stop"

    round_id: Mapped[int] = mapped_column(ForeignKey("mail_round.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    place_code: Mapped[str] = mapped_column(Text)
    place_name: Mapped[str] = mapped_column(Text)


class MailItem(Base):
    """One letter or parcel that came in. What stands from `state` on is written by the database from the events."""

    __tablename__ = "mail_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entity_id", "entity_code"],
            ["entity.id", "entity.code"],
            onupdate="CASCADE",
            name="fk_mail_item_entity",
        ),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(f"item_class IN {CLASSES!r}", name="item_class"),
        CheckConstraint("screening IN ('', 'passed', 'failed')", name="screening"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight_positive"),
        CheckConstraint("person_id IS NULL OR group_id IS NULL", name="one_addressee"),
        CheckConstraint("(person_id IS NULL AND group_id IS NULL) OR addressee <> ''", name="addressee_named"),
        CheckConstraint("NOT (item_class IN ('registered', 'insured')) OR accountable", name="accountable_by_itself"),
        # One for each order of the list; the state goes along, since every view asks for it.
        Index("ix_mail_item_number_id", "number", "id", "state"),
        Index("ix_mail_item_received_at_id", "received_at", "id", "state"),
        Index("ix_mail_item_addressee_id", "addressee", "id", "state"),
        Index("ix_mail_item_entity_code_id", "entity_code", "id", "state"),
        Index("ix_mail_item_shelf_code_id", "shelf_code", "id", "state"),
        Index("ix_mail_item_state_received_at_id", "state", "received_at", "id"),
        Index("ix_mail_item_carrier_number", "carrier_number", "received_at"),
        Index("ix_mail_item_round_id", "round_id", "id"),
        Index("ix_mail_item_person_id", "person_id", "id"),
        Index("ix_mail_item_missing", "missing", "id"),
    )
    audited_as = "mail.item"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_by: Mapped[str] = mapped_column(Text)
    carrier: Mapped[str] = mapped_column(SortText, default="", server_default="")
    service: Mapped[str] = mapped_column(Text, default="", server_default="")
    carrier_number: Mapped[str] = mapped_column(SortText, default="", server_default="")
    item_class: Mapped[str] = mapped_column(SortText, default="ordinary", server_default="ordinary")
    accountable: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    sender: Mapped[str] = mapped_column(Text, default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("mail_group.id"))
    addressee: Mapped[str] = mapped_column(SortText, default="", server_default="")
    entity_id: Mapped[int | None]
    entity_code: Mapped[str | None] = mapped_column(SortText)
    # Where it is to be brought.
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    weight_g: Mapped[int | None]
    size_mm: Mapped[str] = mapped_column(Text, default="", server_default="")
    screening: Mapped[str] = mapped_column(Text, default="", server_default="")
    damage: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What is still to be completed, such as "addressee, carrier"; nothing when all is known.
    missing: Mapped[str] = mapped_column(SortText, default="", server_default="")
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    state: Mapped[str] = mapped_column(SortText, default="new", server_default="new")
    state_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    shelf_code: Mapped[str] = mapped_column(SortText, default="", server_default="")
    holder: Mapped[str] = mapped_column(Text, default="", server_default="")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("mail_round.id"))
    last_event_id: Mapped[int | None] = mapped_column(BigKey)
    __mapper_args__ = {"version_id_col": version}


class MailEvent(Base):
    """One step of an item from hand to hand. Rows are only ever added; `before` must be how the item stood."""

    __tablename__ = "mail_event"
    __table_args__ = (
        Index("ix_mail_event_item_id_id", "item_id", "id"),
        Index("ix_mail_event_proof_id", "proof_id"),
        CheckConstraint(f"what IN {WHATS!r}", name="what"),
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(
            f"what IN {FREE!r} OR (before || '>' || what || '>' || state) IN {MOVES!r}",
            name="move",
        ),
        CheckConstraint(f"NOT (what IN {REASONED!r}) OR reason <> ''", name="reason_given"),
        CheckConstraint(f"shelf_id IS NULL OR state IN {ON_SHELF!r}", name="off_the_shelf"),
        CheckConstraint("(shelf_id IS NULL) = (shelf_code = '')", name="shelf_named"),
        CheckConstraint(f"round_id IS NULL OR state IN {WITH_MESSENGER!r}", name="off_the_round"),
        CheckConstraint("NOT (state IN ('out', 'attempted')) OR round_id IS NOT NULL", name="out_on_a_round"),
        CheckConstraint("(what = 'take_back') = (undoes_id IS NOT NULL)", name="undoes_one"),
        CheckConstraint("what <> 'override' OR (before <> 'new' AND state <> 'new')", name="override_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("mail_item.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    workstation: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    from_hand: Mapped[str] = mapped_column(Text, default="", server_default="")
    to_hand: Mapped[str] = mapped_column(Text, default="", server_default="")
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    shelf_code: Mapped[str] = mapped_column(Text, default="", server_default="")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("mail_round.id"))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("mail_proof.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Without a foreign key: on a server nobody may change this table, and to look a key up there is to lock its row.
    undoes_id: Mapped[int | None] = mapped_column(BigKey)
