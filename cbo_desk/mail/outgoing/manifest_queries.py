"""What can be looked up of manifests: their list, and one with its lines and who collected it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.mail.card import Proof, proof_of
from cbo_desk.mail.outgoing.manifests import MANIFEST
from cbo_desk.mail.outgoing.rules import State
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tags import tag_of
from db.mail import MailProof
from db.mail_outgoing import MailManifest, MailManifestLine, MailOutgoing


@dataclass(frozen=True)
class ManifestRow:
    """One line of the list of manifests."""

    id: int
    number: str
    carrier: str
    carrier_id: int
    pickup_at: datetime
    closed_at: datetime | None
    collected_at: datetime | None
    count: int
    weight_g: int


@dataclass(frozen=True)
class ManifestLine:
    """One item of a manifest as it stands there. Weight in grams, price in hundredths."""

    id: int
    number: str
    entity: str
    recipient: str
    country: str
    item_class: str
    weight_g: int
    price_cents: int
    currency: str


@dataclass(frozen=True)
class ManifestCard:
    """One manifest with its lines, and who collected it; `waits` are further items of its carrier that wait here.

    `code` is its tag's, printed on the paper.
    """

    row: ManifestRow
    closed_by: str
    lines: tuple[ManifestLine, ...]
    waits: tuple[int, ...]
    proof: Proof | None
    code: str

    @property
    def totals(self) -> dict[str, int]:
        """What it costs, by currency, in hundredths."""
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.currency] = found.get(line.currency, 0) + line.price_cents
        return found


_on_it = select(func.count()).where(MailManifestLine.manifest_id == MailManifest.id).scalar_subquery()
_weighs = (
    select(func.coalesce(func.sum(MailManifestLine.weight_g), 0))
    .where(MailManifestLine.manifest_id == MailManifest.id)
    .scalar_subquery()
)
_MANIFESTS = (
    MailManifest.id, MailManifest.number, MailManifest.carrier, MailManifest.carrier_id, MailManifest.pickup_at,
    MailManifest.closed_at, MailManifest.collected_at, _on_it, _weighs,
)  # fmt: skip


@reads("mail", "look at manifests")
class ManifestList(PagedList[ManifestRow]):
    """Manifests, the newest pick-up first; `which` is "", "open", "waiting" or "collected"."""

    kind = MANIFEST

    def __init__(self, words: str = "", which: str = "", sort: str = "pickup", descending: bool = True) -> None:
        column = MailManifest.number if sort == "number" else MailManifest.pickup_at
        parts: list[ColumnElement[bool]] = []
        if which == "open":
            parts.append(MailManifest.closed_at.is_(None))
        elif which == "waiting":
            parts += [MailManifest.closed_at.is_not(None), MailManifest.collected_at.is_(None)]
        elif which == "collected":
            parts.append(MailManifest.collected_at.is_not(None))
        for word in words.split():
            parts.append(or_(MailManifest.number.ilike(f"%{word}%"), MailManifest.carrier.ilike(f"%{word}%")))
        where = and_(MailManifest.id.is_not(None), *parts)
        super().__init__(select(*_MANIFESTS), MailManifest.id, Sort((column, MailManifest.id), descending), where)

    def row_of(self, values: Any) -> ManifestRow:
        """One line."""
        return _manifest_row(values)


def _manifest_row(values: Any) -> ManifestRow:
    return ManifestRow(
        values[0], values[1], values[2], values[3], values[4], values[5], values[6], int(values[7]), int(values[8])
    )


@reads("mail", "look at manifests")
def open_manifests(session: Session) -> list[ManifestRow]:
    """Manifests that are not closed, the next pick-up first: where a scan at the counter may go."""
    wanted = select(*_MANIFESTS).where(MailManifest.closed_at.is_(None))
    return [_manifest_row(row) for row in session.execute(wanted.order_by(MailManifest.pickup_at, MailManifest.id))]


@reads("mail", "look at manifests")
def pickups_between(session: Session, starts: datetime, ends: datetime) -> list[ManifestRow]:
    """The manifests whose pick-up is from an instant to another, the end not included, by their time."""
    wanted = select(*_MANIFESTS).where(MailManifest.pickup_at >= starts, MailManifest.pickup_at < ends)
    return [_manifest_row(row) for row in session.execute(wanted.order_by(MailManifest.pickup_at, MailManifest.id))]


# Built once: they are asked after every scan onto a manifest.
_ONE = select(*_MANIFESTS, MailManifest.closed_by, MailManifest.proof_id).where(
    MailManifest.id == bindparam("manifest")
)
_LINE = MailManifestLine
_LINES = (
    select(
        _LINE.outgoing_id, _LINE.number, _LINE.entity, _LINE.recipient, _LINE.country, _LINE.item_class, _LINE.weight_g,
        _LINE.price_cents, _LINE.currency,
    )
    .where(_LINE.manifest_id == bindparam("manifest"))
    .order_by(_LINE.outgoing_id)
)  # fmt: skip
_WAITS = (
    select(MailOutgoing.id)
    .where(MailOutgoing.carrier_id == bindparam("carrier"), MailOutgoing.state == bindparam("state"))
    .order_by(MailOutgoing.id)
)


@reads("mail", "look at manifests")
def manifest_card(session: Session, manifest_id: int) -> ManifestCard:
    """One manifest as it stands."""
    connection = session.connection()
    row = connection.execute(_ONE, {"manifest": manifest_id}).first()
    if row is None:
        raise Refusal("This manifest is no longer there.")
    shown, closed_by, proof_id = _manifest_row(row), row[-2], row[-1]
    proof = session.get(MailProof, proof_id) if proof_id else None
    waits: tuple[int, ...] = ()
    if shown.closed_at is None:
        asked = {"carrier": shown.carrier_id, "state": str(State.HANDED_IN)}
        waits = tuple(connection.execute(_WAITS, asked).scalars())
    return ManifestCard(
        shown,
        closed_by,
        tuple(ManifestLine(*line) for line in connection.execute(_LINES, {"manifest": manifest_id})),
        waits,
        proof_of(proof) if proof else None,
        tag_of(session, MANIFEST, manifest_id),
    )  # fmt: skip
