"""Mail is handed in to go out: entered with its price, corrected, given to another carrier, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from cbo_desk import charges, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Conflict, Faults, Refusal
from cbo_desk.mail import secrets
from cbo_desk.mail.outgoing import rules, zones
from cbo_desk.mail.outgoing.rates import offer_of
from cbo_desk.mail.outgoing.rules import Handed, State, Wanted, What
from cbo_desk.mail.outgoing.standing import LOOK_INSIDE, OUTGOING, Step, enter_search, items_of, move, these
from cbo_desk.mail.recognising import Recognised, recognise
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.tags import give_tags, take_tags
from db.mail_outgoing import MailOutgoing
from db.mail_pouch import MailPouchDestination
from db.people import Entity

SERIES = "O"


@deed("mail.hand_in", "hand mail in")
def hand_in(session: Session, form: Handed, carrier_id: int | None = None) -> Changes:
    """Take an item in that goes out by a carrier; it gets its number and tag, and its price where one is chosen."""
    item = _make(session, rules.check(form), "carrier")
    if carrier_id is not None:
        _price(session, item, carrier_id)
    return _taken_in(session, item, form, item.carrier)


@deed("mail.hand_in_for_pouch", "hand mail in for the pouch")
def hand_in_for_pouch(session: Session, destination_id: int, secret_form: Handed) -> Changes:
    """Take an item in that goes out by pouch; what it holds and whom it is for never reach the audit."""
    destination = session.get(MailPouchDestination, destination_id)
    if destination is None or destination.gone_at is not None:
        raise Refusal("Choose where the pouch goes to.", "destination")
    form = rules.check(replace(secret_form, country=destination.code), pouch=True)
    return _taken_in(session, _make(session, form, "pouch"), form, f"the pouch to {destination.name}")


@deed("mail.edit_outgoing", "change outgoing mail")
def edit_outgoing(session: Session, item_id: int, version: int, secret_form: Handed) -> Changes:
    """Correct what was said of an item that still waits here; its price is worked out anew."""
    [item] = items_of(session, [item_id])
    if item.version != version:
        raise Conflict(f"Somebody else changed {item.number} in the meantime. Look at it anew, then try again.")
    _check_waits(item, "changed")
    pouch = item.way == "pouch"
    if pouch and not actor(session).may(LOOK_INSIDE):
        raise Refusal(f"What {item.number} is is need-to-know: changing it takes a role on the Diplomatic pouch desk.")
    before = form_of(session, item)
    form = rules.check(replace(secret_form, country=item.country if pouch else secret_form.country), pouch=pouch)
    _write(session, item, form)
    if pouch:
        secrets.change(session, "outgoing", item.id, _secret_of(form))
    carrier_id, told = item.carrier_id, ""
    if carrier_id is not None:
        try:
            _price(session, item, carrier_id)
        except Refusal as refusal:
            _unprice(item)
            told = f" {refusal} Choose another one."
    session.flush()
    enter_search(session, [item])
    undo = Deed(edit_outgoing, (item_id, item.version, before))
    return Changes(OUTGOING, (item_id,), f"{item.number} saved.{told}", undo)


@deed("mail.choose_carrier", "choose carriers")
def choose_carrier(session: Session, ids: Sequence[int], carrier_id: int | None) -> Changes:
    """Give items to a carrier at today's price, or to none; refused with the reason where it does not take one."""
    items = items_of(session, ids)
    before = [item.carrier_id for item in items]
    for item in items:
        _check_waits(item, "given to another carrier")
        if item.way == "pouch":
            raise Refusal(f"{item.number} goes by pouch, not by a carrier.")
        if carrier_id is None:
            _unprice(item)
        else:
            _price(session, item, carrier_id)
    session.flush()
    enter_search(session, items)
    named = f"go with {items[0].carrier}" if carrier_id is not None else "have no carrier yet"
    said = f"{these(items)} {named.replace('go', 'goes', 1).replace('have', 'has', 1) if len(items) == 1 else named}"
    if carrier_id is not None and len(items) == 1:
        said += f" for {rules.money(items[0].price_cents or 0, items[0].currency)}"
    undo = Deed(choose_carrier, (tuple(ids), before[0])) if len(set(before)) == 1 else None
    return Changes(OUTGOING, tuple(item.id for item in items), f"{said}.", undo)


@deed("mail.number_outgoing", "change outgoing mail")
def number_outgoing(session: Session, item_id: int, carrier_number: str) -> Changes:
    """Write down the carrier's own number of an item, as scanned from its label; empty takes it off."""
    read = recognise(carrier_number) if carrier_number.strip() else Recognised("")
    if read.fault:
        raise Refusal(read.fault, "carrier_number")
    [item] = items_of(session, [item_id])
    if State(item.state) not in rules.WAITING | {State.COLLECTED}:
        raise Refusal(f"{item.number} has left: its carrier's number can no longer be changed.")
    before = item.carrier_number
    item.carrier_number = read.number
    session.flush()
    enter_search(session, [item])
    said = f"{item.number} is {item.carrier_number or 'without a carrier’s number'}."
    return Changes(OUTGOING, (item_id,), said, Deed(number_outgoing, (item_id, before)))


@deed("mail.withdraw_outgoing", "take outgoing mail back")
def withdraw_outgoing(session: Session, ids: Sequence[int], reason: str = "entered by mistake") -> Changes:
    """Take back what was entered by mistake, as long as it waits here."""
    items = items_of(session, ids)
    for item in items:
        move(session, item, What.WITHDRAW, Step(to_hand="", reason=reason))
    take_tags(session, OUTGOING, ids)
    search.withdraw(session, OUTGOING, ids)
    return Changes(OUTGOING, tuple(ids), f"{these(items)} taken back.")


@deed("mail.give_back_outgoing", "give outgoing mail back")
def give_back_outgoing(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Give items back to whoever handed them in; what a carrier brought back is no longer charged."""
    items = items_of(session, ids)
    reversals: list[int] = []
    for item in items:
        move(session, item, What.GIVE_BACK, Step(to_hand=item.entity_code, reason=reason))
        reversals += [
            charges.reverse(session, charge, f"given back: {reason.strip()}")
            for charge in charges.standing(session, OUTGOING, item.id)
        ]
    more = " Its charge is reversed." if len(reversals) == 1 else " Their charges are reversed." if reversals else ""
    also = {charges.KIND: tuple(reversals)} if reversals else {}
    return Changes(OUTGOING, tuple(item.id for item in items), f"{these(items)} given back.{more}", None, also)


@deed("mail.lose_outgoing", "report outgoing mail lost")
def lose_outgoing(session: Session, ids: Sequence[int], reason: str) -> Changes:
    """Report items lost, here or with whoever carries them."""
    items = items_of(session, ids)
    for item in items:
        move(session, item, What.LOSE, Step(to_hand="", reason=reason))
    return Changes(OUTGOING, tuple(item.id for item in items), f"{these(items)} reported lost.")


def form_of(session: Session, item: MailOutgoing) -> Handed:
    """What was said of an item, as its form shows it."""
    said = secrets.Secret(item.secret_recipient, item.address, item.purpose, item.secret_contents)
    if item.way == "pouch":
        said = secrets.known(session, "outgoing", [item.id]).get(item.id, said)
    return Handed(
        item.entity_id, said.addressee, item.country, said.address, item.item_class, item.weight_g,
        said.purpose, said.contents, item.declared_cents, item.size_mm,
    )  # fmt: skip


def _secret_of(form: Handed) -> secrets.Secret:
    return secrets.Secret(form.recipient, form.address, form.purpose, form.contents)


def wanted_of(item: MailOutgoing) -> Wanted:
    """What a carrier is asked to take."""
    return Wanted(item.item_class, item.zone, item.weight_g, item.declared_cents)


def _make(session: Session, form: Handed, way: str) -> MailOutgoing:
    item = MailOutgoing(
        number=next_reference(session, SERIES, 6),
        handed_in_at=now(session),
        handed_in_by=actor(session).login,
        way=way,
        state="new",
    )
    _write(session, item, form)
    return item


def _taken_in(session: Session, item: MailOutgoing, form: Handed, how: str) -> Changes:
    session.add(item)
    session.flush()
    if item.way == "pouch":
        secrets.note(session, "outgoing", item.id, _secret_of(form))
    sender = form.handed_by.strip() or item.entity_code
    move(session, item, What.HAND_IN, Step(to_hand=actor(session).name, from_hand=sender))
    give_tags(session, OUTGOING, [item.id])
    enter_search(session, [item])
    price = f" for {rules.money(item.price_cents, item.currency)}" if item.price_cents is not None else ""
    said = f"{item.number} handed in for {how}{price}." if how else f"{item.number} handed in, carrier to come."
    return Changes(OUTGOING, (item.id,), said, Deed(withdraw_outgoing, ((item.id,),)))


def _write(session: Session, item: MailOutgoing, form: Handed) -> None:
    entity = session.get(Entity, form.entity_id)
    if entity is None:
        raise Faults({"entity_id": "This entity is no longer there. Choose another one."})
    country = zones.country(form.country) if item.way == "carrier" else None
    item.entity_id, item.entity_code = entity.id, entity.code
    # Of the pouch nothing that is need-to-know stands in the open.
    said = _secret_of(form) if item.way == "carrier" else secrets.Secret(secrets.HIDDEN)
    item.secret_recipient, item.address, item.country = said.addressee, said.address, form.country
    item.zone = country.zone if country else zones.POUCH
    item.item_class, item.purpose, item.secret_contents = form.item_class, said.purpose, said.contents
    item.weight_g, item.declared_cents, item.size_mm = form.weight_g or 0, form.declared_cents, form.size_mm


def _price(session: Session, item: MailOutgoing, carrier_id: int) -> None:
    found = offer_of(session, carrier_id, wanted_of(item))
    if found.why_not:
        raise Refusal(found.why_not, "carrier_id")
    item.carrier_id, item.carrier, item.rate_id = carrier_id, found.carrier, found.rate_id
    item.price_cents, item.currency = found.price_cents, found.currency


def _unprice(item: MailOutgoing) -> None:
    item.carrier_id = item.rate_id = item.price_cents = None
    item.carrier = item.currency = ""


def _check_waits(item: MailOutgoing, done: str) -> None:
    state = State(item.state)
    if state is not State.HANDED_IN:
        raise Refusal(f"{item.number} is {rules.WORDS[state].lower()}, so it cannot be {done}.")
