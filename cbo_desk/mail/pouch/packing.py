"""Bags that go out: opened, packed scan by scan, certified by the pouch officer, sealed, dispatched, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from cbo_desk import charges, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.charges import Subject
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.mail import secrets
from cbo_desk.mail.outgoing import rules as out
from cbo_desk.mail.outgoing.rules import State, What, kg
from cbo_desk.mail.outgoing.standing import OUTGOING, Step, items_of, move
from cbo_desk.mail.pouch import limits, rules
from cbo_desk.mail.pouch.rules import BagState
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import Role, deed
from cbo_desk.plurals import Count
from cbo_desk.tags import give_tags, take_tags
from db.mail_outgoing import MailOutgoing
from db.mail_pouch import MailBag, MailBagLine, MailPouchDestination
from db.tags import Tag

BAG = "mail.bag"
DESTINATION = "mail.pouch_destination"
SERIES = "PB"


@deed("mail.add_pouch_destination", "keep the pouch's destinations", Role.SUPERVISOR)
def add_destination(session: Session, code: str, name: str) -> Changes:
    """Let the pouch go somewhere, by a short code such as GVA."""
    code, name = "".join(code.upper().split()), " ".join(name.split())
    if not 2 <= len(code) <= 8 or not code.isalnum():
        raise Refusal("A code has two to eight letters and digits, such as GVA.", "code")
    if not name:
        raise Refusal("Say what the code stands for, such as UNOG Geneva.", "name")
    if session.scalar(select(MailPouchDestination.id).where(MailPouchDestination.code == code)) is not None:
        raise Refusal(f"{code} is there already.", "code")
    row = MailPouchDestination(code=code, name=name)
    session.add(row)
    session.flush()
    return Changes(DESTINATION, (row.id,), f"The pouch goes to {name} ({code}).")


@deed("pouch.open_bag", "open bags")
def open_bag(session: Session, destination_id: int, cut_off_at: datetime) -> Changes:
    """Open a bag to a destination; the limits of today go with it."""
    destination = session.get(MailPouchDestination, destination_id)
    if destination is None or destination.gone_at is not None:
        raise Refusal("Choose where the bag goes to.", "destination")
    row = MailBag(
        number=next_reference(session, SERIES),
        direction="out",
        destination_id=destination.id,
        destination=destination.name,
        made_at=now(session),
        cut_off_at=cut_off_at,
        limit_g=limits.bag_most_g(session, destination.code),
        package_most_g=limits.package_most_g(session),
    )
    session.add(row)
    session.flush()
    give_tags(session, BAG, [row.id])
    enter_search(session, row)
    said = f"{row.number} opened to {row.destination}, up to {kg(row.limit_g)}."
    return Changes(BAG, (row.id,), said, Deed(drop_bag, (row.id,)))


@deed("pouch.drop_bag", "open bags")
def drop_bag(session: Session, bag_id: int) -> Changes:
    """Take a bag back that nothing is in, or that was announced by mistake."""
    row = bag_of(session, bag_id)
    inside = session.scalar(select(func.count()).where(MailBagLine.bag_id == bag_id)) or 0
    if state_of(row) not in (BagState.OPEN, BagState.ANNOUNCED) or (row.direction == "out" and inside):
        raise Refusal(f"{row.number} {stands(row)}: it can no longer be taken back.")
    _take_lines(session, MailBagLine.bag_id == bag_id)
    session.delete(row)
    session.flush()
    take_tags(session, BAG, [bag_id])
    search.withdraw(session, BAG, [bag_id])
    return Changes(BAG, (bag_id,), f"{row.number} taken back.")


@deed("pouch.pack", "pack bags")
def pack(session: Session, bag_id: int, item_ids: Sequence[int]) -> Changes:
    """Put packages into a bag; refused over a limit, with forbidden contents, or when the bag is no longer open."""
    row = bag_of(session, bag_id)
    check_packable(row)
    items = items_of(session, item_ids)
    destination = session.get_one(MailPouchDestination, row.destination_id)
    banned = limits.forbidden(session)
    told = secrets.known(session, "outgoing", item_ids)
    for item in items:
        secret = told.get(item.id, secrets.NOTHING)
        _check(session, row, item, destination.code, secret.contents, banned)
        line = MailBagLine(
            bag_id=row.id,
            outgoing_id=item.id,
            reference=item.number,
            weight_g=item.weight_g,
        )
        session.add(line)
        session.flush()
        inside = secrets.Secret(secret.addressee, contents=secret.contents)
        secrets.note(session, "line", line.id, inside)
        move(session, item, What.PACK, Step(to_hand=row.number, bag_id=row.id))
    touched = tuple(item.id for item in items)
    count = "1 package" if len(items) == 1 else f"{len(items)} packages"
    said = f"{count} into {row.number}: {kg(weight_in(session, row.id))} of {kg(row.limit_g)}."
    return Changes(OUTGOING, touched, said, Deed(unpack, (touched,)), {BAG: (row.id,)})


@deed("pouch.unpack", "pack bags")
def unpack(session: Session, item_ids: Sequence[int]) -> Changes:
    """Take packages out of a bag that is not certified."""
    items = items_of(session, item_ids)
    bags = sorted({item.bag_id for item in items if item.bag_id is not None})
    for item in items:
        out.after(item.number, State(item.state), What.UNPACK)
        assert item.bag_id is not None
        row = bag_of(session, item.bag_id)
        check_packable(row)
        move(session, item, What.UNPACK, Step(to_hand=actor(session).name))
        _take_lines(session, MailBagLine.outgoing_id == item.id)
    touched = tuple(item.id for item in items)
    undo = Deed(pack, (bags[0], touched)) if len(bags) == 1 else None
    count = "1 package" if len(items) == 1 else f"{len(items)} packages"
    return Changes(OUTGOING, touched, f"{count} taken out of {row.number}.", undo, {BAG: tuple(bags)})


@deed("pouch.certify", "certify bags", Role.SUPERVISOR)
def certify(session: Session, bag_id: int) -> Changes:
    """The pouch officer certifies what is in a bag: from now on nothing goes in or out."""
    row = bag_of(session, bag_id)
    check_packable(row)
    if not weight_in(session, bag_id):
        raise Refusal(f"There is nothing in {row.number}.")
    row.certified_at, row.certified_by = now(session), actor(session).name
    said = f"{row.number} certified by {row.certified_by}."
    return Changes(BAG, (bag_id,), said, Deed(take_certificate_back, (bag_id,)))


@deed("pouch.take_certificate_back", "certify bags", Role.SUPERVISOR)
def take_certificate_back(session: Session, bag_id: int) -> Changes:
    """Open a certified bag again, as long as it is not sealed."""
    row = bag_of(session, bag_id)
    if state_of(row) is not BagState.CERTIFIED:
        raise Refusal(f"{row.number} {stands(row)}, so its certificate cannot be taken back.")
    row.certified_at, row.certified_by = None, ""
    return Changes(BAG, (bag_id,), f"{row.number} is open again.", Deed(certify, (bag_id,)))


@deed("pouch.seal", "seal bags")
def seal(session: Session, bag_id: int, number: str) -> Changes:
    """Put the seal on a certified bag; it is shut from then on."""
    row = bag_of(session, bag_id)
    if state_of(row) is BagState.OPEN:
        raise Refusal(f"{row.number} is not certified. The pouch officer certifies it before it is sealed.")
    if state_of(row) is not BagState.CERTIFIED:
        raise Refusal(f"{row.number} {stands(row)}, so it cannot be sealed.")
    read = rules.seal_number(number)
    if not read:
        raise Refusal("Scan or type the number of the seal: three characters at least.", "seal")
    used = session.scalar(select(MailBag.number).where(MailBag.seal == read, MailBag.id != bag_id).limit(1))
    if used is not None:
        raise Refusal(f"The seal {read} is on {used}. A seal is used once.", "seal")
    row.seal, row.sealed_at = read, now(session)
    session.flush()
    enter_search(session, row)
    return Changes(BAG, (bag_id,), f"{row.number} sealed with {read}.")


@deed("pouch.dispatch", "dispatch bags")
def dispatch(session: Session, bag_id: int, carried_by: str, carried_kind: str = "", carried_id: int = 0) -> Changes:
    """Send a sealed bag off and charge each package to its entity by weight, all in one.

    `carried_kind` and `carried_id` name the record that takes it, such as a trip, where another desk knows one.
    """
    row = bag_of(session, bag_id)
    if state_of(row) is not BagState.SEALED:
        raise Refusal(f"{row.number} {stands(row)}: a bag is certified and sealed before it is dispatched.")
    if not carried_by.strip():
        raise Refusal("Say who or what carries the bag, such as a flight or a car.", "carried_by")
    row.dispatched_at, row.carried_by = now(session), " ".join(carried_by.split())
    row.carried_kind, row.carried_id = carried_kind, carried_id or None
    session.flush()
    items = _items_in(session, bag_id)
    rate = charges.rate_on(session, limits.PER_KG.name, today(session))
    made = []
    for item in items:
        move(session, item, What.DISPATCH, Step(to_hand=row.carried_by, bag_id=bag_id))
        what = f"Pouch to {row.destination}, {kg(item.weight_g)}"
        subject = Subject(OUTGOING, item.id, item.number)
        weight = Decimal(item.weight_g) / 1000
        made.append(charges.charge(session, "mail", item.entity_id, subject, what, rate, weight))
    also = {OUTGOING: tuple(item.id for item in items), charges.KIND: tuple(made)}
    return Changes(BAG, (bag_id,), f"{row.number} dispatched with {row.carried_by}.", None, also)


@deed("pouch.confirm_delivery", "confirm bags")
def confirm_delivery(session: Session, bag_id: int) -> Changes:
    """The destination has told that the bag arrived: everything in it is delivered."""
    row = bag_of(session, bag_id)
    if state_of(row) is not BagState.DISPATCHED:
        raise Refusal(f"{row.number} {stands(row)}, so its arrival cannot be confirmed.")
    row.confirmed_at, row.confirmed_by = now(session), actor(session).login
    session.flush()
    items = _items_in(session, bag_id)
    for item in items:
        move(session, item, What.DELIVER, Step(to_hand=row.destination, bag_id=bag_id))
    also = {OUTGOING: tuple(item.id for item in items)}
    return Changes(BAG, (bag_id,), f"{row.number} arrived: {Count(len(items)):package|packages} delivered.", None, also)


def bag_of(session: Session, bag_id: int) -> MailBag:
    """The bag with this id, locked; Refusal where it is gone."""
    row = session.get(MailBag, bag_id, with_for_update=True)
    if row is None:
        raise Refusal("This bag is no longer there.")
    return row


def state_of(row: MailBag) -> BagState:
    """How a bag stands."""
    if row.confirmed_at is not None:
        return BagState.CONFIRMED
    if row.direction == "in":
        return BagState.ARRIVED if row.arrived_at is not None else BagState.ANNOUNCED
    if row.dispatched_at is not None:
        return BagState.DISPATCHED
    if row.sealed_at is not None:
        return BagState.SEALED
    return BagState.CERTIFIED if row.certified_at is not None else BagState.OPEN


def stands(row: MailBag) -> str:
    """How a bag stands, within a sentence."""
    if row.direction == "in" and state_of(row) is BagState.CONFIRMED:
        return "has come in and is confirmed"
    return {
        BagState.OPEN: "is not certified",
        BagState.CERTIFIED: "is certified",
        BagState.SEALED: "is sealed",
        BagState.DISPATCHED: "has been dispatched",
        BagState.ANNOUNCED: "has not arrived yet",
        BagState.ARRIVED: "has arrived and is being counted",
        BagState.CONFIRMED: "is confirmed",
    }[state_of(row)]


def check_packable(row: MailBag) -> None:
    """Refuse a bag that nothing goes into or out of any more."""
    state = state_of(row)
    if row.direction == "in":
        raise Refusal(f"{row.number} is a bag that comes in: nothing is packed into it.")
    if state is BagState.CERTIFIED:
        raise Refusal(f"{row.number} is certified: nothing goes in or out. Take the certificate back first.")
    if state is not BagState.OPEN:
        raise Refusal(f"{row.number} {stands(row)}: nothing goes in or out any more.")


def weight_in(session: Session, bag_id: int) -> int:
    """What the packages in a bag weigh together, in grams."""
    wanted = select(func.coalesce(func.sum(MailBagLine.weight_g), 0)).where(MailBagLine.bag_id == bag_id)
    return int(session.scalar(wanted) or 0)


def enter_search(session: Session, row: MailBag) -> None:
    """Make a bag findable by its numbers, seal and tag; what is in it is no word of it."""
    code = session.scalar(select(Tag.code).where(Tag.subject_kind == BAG, Tag.subject_id == row.id, Tag.ours).limit(1))
    way = "Pouch bag from" if row.direction == "in" else "Pouch bag to"
    words = (row.their_number, row.seal, code or "")
    search.enter(session, [search.Findable(BAG, row.id, row.number, f"{way} {row.destination}", words)])


def _take_lines(session: Session, which: ColumnElement[bool]) -> None:
    """Take lines away with what is written of them."""
    secrets.drop(session, "line", session.scalars(select(MailBagLine.id).where(which)).all())
    session.execute(delete(MailBagLine).where(which))


def _items_in(session: Session, bag_id: int) -> list[MailOutgoing]:
    wanted = select(MailOutgoing.id).where(MailOutgoing.bag_id == bag_id).order_by(MailOutgoing.id)
    return items_of(session, list(session.scalars(wanted)))


def _check(
    session: Session, row: MailBag, item: MailOutgoing, code: str, contents: str, banned: tuple[str, ...]
) -> None:
    if item.way != "pouch":
        raise Refusal(f"{item.number} goes by a carrier, not by pouch.")
    out.after(item.number, State(item.state), What.PACK)
    if item.country != code:
        raise Refusal(f"{item.number} is for {item.country}, and {row.number} goes to {row.destination}.")
    thing = rules.forbidden_in(contents, banned)
    if thing:
        raise Refusal(f"{item.number} holds something that the pouch does not carry: {thing} (ST/AI/368).")
    heavy = rules.too_heavy(item.number, item.weight_g, row.package_most_g)
    full = rules.too_full(row.number, weight_in(session, row.id), item.weight_g, row.limit_g)
    if heavy or full:
        raise Refusal(heavy or full)
