"""Manifests: what one carrier takes at one pick-up, closed for good, charged, and collected against a signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import charges, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.charges import Rate, Subject
from cbo_desk.context import ZONE, actor, local, now, today
from cbo_desk.errors import Refusal
from cbo_desk.mail.custody import Taken, keep_proof
from cbo_desk.mail.outgoing import rules
from cbo_desk.mail.outgoing.rules import State, What
from cbo_desk.mail.outgoing.standing import OUTGOING, Step, items_of, move, these
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.tags import give_tags, take_tags
from db.mail_outgoing import MailCarrier, MailManifest, MailManifestLine, MailOutgoing, MailRate

MANIFEST = "mail.manifest"
SERIES = "MF"


@deed("mail.open_manifest", "make manifests")
def open_manifest(session: Session, carrier_id: int, pickup_at: datetime | None = None) -> Changes:
    """Begin a manifest for a carrier's pick-up: today at its usual time unless told otherwise."""
    carrier = session.get(MailCarrier, carrier_id)
    if carrier is None or carrier.gone_at is not None:
        raise Refusal("Choose the carrier.", "carrier_id")
    row = MailManifest(
        number=next_reference(session, SERIES),
        carrier_id=carrier.id,
        carrier=carrier.name,
        pickup_at=pickup_at or _usual(session, carrier),
        made_at=now(session),
    )
    session.add(row)
    session.flush()
    [code] = give_tags(session, MANIFEST, [row.id])
    words = f"Manifest for {carrier.name}"
    search.enter(session, [search.Findable(MANIFEST, row.id, row.number, words, (code,))])
    said = f"{row.number} begun for {carrier.name}, pick-up {local(row.pickup_at):%-d %b at %H:%M}."
    return Changes(MANIFEST, (row.id,), said, Deed(drop_manifest, (row.id,)))


@deed("mail.drop_manifest", "make manifests")
def drop_manifest(session: Session, manifest_id: int) -> Changes:
    """Take back a manifest that nothing is on."""
    row = _open(session, manifest_id)
    if _count(session, manifest_id):
        raise Refusal(f"There are items on {row.number}. Take them off first.")
    session.delete(row)
    session.flush()
    take_tags(session, MANIFEST, [manifest_id])
    search.withdraw(session, MANIFEST, [manifest_id])
    return Changes(MANIFEST, (manifest_id,), f"{row.number} taken back.")


@deed("mail.list_items", "put mail on manifests")
def list_items(session: Session, ids: Sequence[int], manifest_id: int) -> Changes:
    """Put items on a manifest of their carrier; one without a carrier is given to this one at today's price."""
    from cbo_desk.mail.outgoing.handing_in import choose_carrier

    row = _open(session, manifest_id)
    items = items_of(session, ids)
    loose = [item.id for item in items if item.carrier_id is None and item.state == State.HANDED_IN]
    if loose:
        choose_carrier(session, loose, row.carrier_id)
    for item in items:
        rules.after(item.number, State(item.state), What.LIST)
        if item.carrier_id != row.carrier_id:
            why = f"goes with {item.carrier}" if item.carrier else "goes by pouch"
            raise Refusal(f"{item.number} {why}, and {row.number} is for {row.carrier}.")
        session.execute(insert(MailManifestLine), _line(item, row.id))
        move(session, item, What.LIST, Step(manifest_id=row.id))
    touched = tuple(item.id for item in items)
    said = f"{these(items)} on {row.number}, {_count(session, manifest_id):,} in all."
    return Changes(OUTGOING, touched, said, Deed(unlist_items, (touched,)), {MANIFEST: (manifest_id,)})


@deed("mail.list_waiting", "put mail on manifests")
def list_waiting(session: Session, ids: Sequence[int]) -> Changes:
    """Put items on the next open manifest of their carrier, which is begun where there is none."""
    items = items_of(session, ids)
    loose = next((item for item in items if item.carrier_id is None), None)
    if loose is not None:
        raise Refusal(
            f"{loose.number} goes by pouch." if loose.way == "pouch" else f"Choose a carrier for {loose.number}."
        )
    by_carrier: dict[int, list[int]] = {}
    for item in items:
        by_carrier.setdefault(item.carrier_id or 0, []).append(item.id)
    if len(by_carrier) > 1:
        raise Refusal("These go with several carriers. Put those of one carrier on a manifest at a time.")
    [(carrier_id, some)] = by_carrier.items()
    still_open = select(MailManifest.id).where(MailManifest.carrier_id == carrier_id, MailManifest.closed_at.is_(None))
    found = session.scalar(still_open.order_by(MailManifest.pickup_at, MailManifest.id).limit(1))
    return list_items(session, some, found if found is not None else open_manifest(session, carrier_id).ids[0])


@deed("mail.unlist_items", "put mail on manifests")
def unlist_items(session: Session, ids: Sequence[int]) -> Changes:
    """Take items off a manifest that is not closed."""
    items = items_of(session, ids)
    manifests = sorted({item.manifest_id for item in items if item.manifest_id is not None})
    for item in items:
        rules.after(item.number, State(item.state), What.UNLIST)
        assert item.manifest_id is not None
        row = _open(session, item.manifest_id)
        move(session, item, What.UNLIST, Step())
        session.execute(delete(MailManifestLine).where(MailManifestLine.outgoing_id == item.id))
    touched = tuple(item.id for item in items)
    undo = Deed(list_items, (touched, manifests[0])) if len(manifests) == 1 else None
    return Changes(OUTGOING, touched, f"{these(items)} taken off {row.number}.", undo, {MANIFEST: tuple(manifests)})


@deed("mail.close_manifest", "close manifests")
def close_manifest(session: Session, manifest_id: int) -> Changes:
    """Close a manifest for good and charge each item to its entity, all in one."""
    row = _open(session, manifest_id)
    on_it = select(MailOutgoing).where(MailOutgoing.manifest_id == manifest_id).order_by(MailOutgoing.id)
    items = list(session.scalars(on_it))
    if not items:
        raise Refusal(f"There is nothing on {row.number}.")
    row.closed_at, row.closed_by = now(session), actor(session).login
    session.flush()
    made = [ident for item in items for ident in _charge(session, item)]
    said = f"{row.number} closed: {these(items)} for {row.carrier}, charged to {_entities(items)}."
    return Changes(MANIFEST, (manifest_id,), said, None, {OUTGOING: _ids(items), charges.KIND: tuple(made)})


@deed("mail.collect_manifest", "hand manifests over")
def collect_manifest(session: Session, manifest_id: int, taken: Taken) -> Changes:
    """Hand everything on a closed manifest to the carrier's driver, who signs or shows a badge."""
    row = _manifest(session, manifest_id)
    if row.closed_at is None:
        raise Refusal(f"Close {row.number} before it is collected.")
    if row.collected_at is not None:
        raise Refusal(f"{row.number} was collected on {local(row.collected_at):%-d %b at %H:%M}.")
    if taken.how == "name":
        raise Refusal(f"Whoever collects {row.number} signs for it, or shows a badge.", "name")
    proof = keep_proof(session, taken)
    row.collected_at, row.proof_id = now(session), proof
    session.flush()
    on_it = select(MailOutgoing.id).where(MailOutgoing.manifest_id == manifest_id).order_by(MailOutgoing.id)
    items = items_of(session, list(session.scalars(on_it)))
    hand = f"{' '.join(taken.name.split())}, {row.carrier}"
    for item in items:
        move(session, item, What.COLLECT, Step(to_hand=hand, manifest_id=manifest_id, proof_id=proof))
    return Changes(MANIFEST, (manifest_id,), f"{row.number} collected by {hand}.", None, {OUTGOING: _ids(items)})


def _charge(session: Session, item: MailOutgoing) -> list[int]:
    """Postage, and insurance by itself: each at the row of the rate card that was chosen."""
    rate = session.get_one(MailRate, item.rate_id)
    subject = Subject(OUTGOING, item.id, item.number)
    named = f"{RATE_ROW} {rate.id}"
    insured = rules.premium(item.declared_cents, rate.insurance_bp)
    assert item.price_cents is not None
    postage = Rate(Decimal(item.price_cents - insured) / 100, item.currency, "item", named, rate.source, rate.confirmed)
    what = f"{item.carrier}, {item.item_class} to {item.country}, {rules.kg(item.weight_g)}"
    made = [charges.charge(session, "mail", item.entity_id, subject, what, postage)]
    if insured:
        per_dollar = Rate(Decimal(rate.insurance_bp) / 10_000, "USD", "USD insured", named, rate.source, rate.confirmed)
        worth = Decimal(item.declared_cents) / 100
        what = f"{item.carrier}, insurance of {rules.money(item.declared_cents, 'USD')}"
        made.append(charges.charge(session, "mail", item.entity_id, subject, what, per_dollar, worth))
    return made


RATE_ROW = "mail.rate"


def _line(item: MailOutgoing, manifest_id: int) -> dict[str, object]:
    return {
        "outgoing_id": item.id, "manifest_id": manifest_id, "number": item.number, "entity": item.entity_code,
        "recipient": item.secret_recipient, "country": item.country, "item_class": item.item_class,
        "weight_g": item.weight_g, "price_cents": item.price_cents, "currency": item.currency,
    }  # fmt: skip


def _usual(session: Session, carrier: MailCarrier) -> datetime:
    hour, minute = (int(part) for part in (carrier.pickup or "16:00").split(":"))
    return datetime.combine(today(session), time(hour, minute), ZONE)


def _entities(items: Sequence[MailOutgoing]) -> str:
    codes = sorted({item.entity_code for item in items})
    return codes[0] if len(codes) == 1 else f"{len(codes)} entities"


def _ids(items: Sequence[MailOutgoing]) -> tuple[int, ...]:
    return tuple(item.id for item in items)


def _count(session: Session, manifest_id: int) -> int:
    wanted = select(func.count()).select_from(MailManifestLine).where(MailManifestLine.manifest_id == manifest_id)
    return int(session.scalar(wanted) or 0)


def _manifest(session: Session, manifest_id: int) -> MailManifest:
    row = session.get(MailManifest, manifest_id, with_for_update=True)
    if row is None:
        raise Refusal("This manifest is no longer there.")
    return row


def _open(session: Session, manifest_id: int) -> MailManifest:
    row = _manifest(session, manifest_id)
    if row.closed_at is not None:
        raise Refusal(f"{row.number} is closed: nothing about it can be changed any more.")
    return row
