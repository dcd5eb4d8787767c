"""Receiving mail: a scan becomes an item in one deed; whom it is for and the rest may follow later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.mail import rules
from cbo_desk.mail.recognising import recognise
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, Step, enter_search, items_of, move, these
from cbo_desk.numbers import next_reference_at_once
from cbo_desk.permissions import deed
from cbo_desk.tags import give_tags, take_tags
from cbo_desk.turns import take_turn
from cbo_desk.versions import check_version
from db.mail import CLASSES, MailEvent, MailGroup, MailItem
from db.people import Entity, Person
from db.records import Attachment

SERIES = "M"
SAME_NUMBER_FOR = timedelta(days=365)
"""Posts give a number out again after twelve months (UPU S10): a second one before that is the same item."""
HEAVIEST_G = 1_000_000
_SIZE = re.compile(r"\s*(\d{1,4})\s*[x×*]\s*(\d{1,4})(?:\s*[x×*]\s*(\d{1,4}))?\s*")

LABELS = {
    "carrier": "the carrier",
    "service": "the service",
    "carrier_number": "the carrier's number",
    "item_class": "the class",
    "accountable": "whether it is accountable",
    "sender": "the sender",
    "addressee": "the addressee",
    "entity_code": "the entity",
    "weight_g": "the weight in grams",
    "size_mm": "the size",
    "screening": "the screening",
    "damage": "the damage",
    "notes": "the notes",
}


@dataclass(frozen=True)
class Addressed:
    """Whom an item is for, as a person chose it: a person, a group, or an entity alone."""

    person_id: int | None = None
    group_id: int | None = None
    entity_id: int | None = None


NOBODY = Addressed()


@dataclass(frozen=True)
class Details:
    """What is written about an item. Weight in whole grams, size as length × width × height in millimetres.

    `item_class` and `accountable` left empty follow from the carrier's service; registered and insured are always
    accountable.
    """

    carrier: str = ""
    service: str = ""
    item_class: str = ""
    accountable: bool | None = None
    sender: str = ""
    addressed: Addressed = NOBODY
    place_id: int | None = None
    weight_g: int | None = None
    size_mm: str = ""
    screening: str = ""
    damage: str = ""
    notes: str = ""


EMPTY = Details()


class SameNumber(Refusal):
    """A number came in within the last twelve months: `item_id` has it."""

    def __init__(self, text: str, item_id: int) -> None:
        super().__init__(text, "code")
        self.item_id = item_id


@deed("mail.receive_item", "receive mail")
def receive_item(session: Session, text: str, details: Details = EMPTY, again: bool = False) -> Changes:
    """Receive what was scanned, or an item without a barcode where `text` is empty; it gets its number and tag.

    Nobody is ever taken as addressee by the label alone. `again` receives a number once more that came in within the
    last twelve months, such as an item that was returned to us.
    """
    read = recognise(text) if text.strip() else None
    if read is not None and read.fault:
        raise Refusal(read.fault, "code")
    code = read.number if read else ""
    if code and not again:
        take_turn(session, f"mail {code}")  # two counters cannot receive the same number at once
        _refuse_known(session, code)
    item = MailItem(received_at=now(session), received_by=actor(session).login, carrier_number=code, state="new")
    known = details
    if read is not None:
        known = replace(
            details,
            carrier=details.carrier or read.carrier,
            service=details.service or read.service,
            item_class=details.item_class or read.item_class,
            accountable=read.accountable if details.accountable is None else details.accountable,
            weight_g=details.weight_g or read.weight_g,
        )
    _write(session, item, known, photos=0)
    item.number = next_reference_at_once(session, SERIES, 6)
    session.add(item)
    session.flush()
    courier = f"{item.carrier or 'Carrier'} courier" if code else item.carrier or "Somebody at the counter"
    move(session, item, What.RECEIVE, Step(to_hand=actor(session).name, from_hand=courier, note=_seen(item)))
    [tag] = give_tags(session, KIND, [item.id])
    enter_search(session, [item], {item.id: tag})
    said = f"{item.number} received" + (f" for {item.addressee}." if item.addressee else ", addressee to come.")
    return Changes(KIND, (item.id,), said, Deed(withdraw_items, ((item.id,),)))


@deed("mail.withdraw_items", "receive mail")
def withdraw_items(session: Session, ids: Sequence[int]) -> Changes:
    """Undo a receipt, as long as nothing else has happened to the items."""
    items = items_of(session, ids)
    for item in items:
        count = session.scalar(select(func.count()).where(MailEvent.item_id == item.id)) or 0
        if count > 1 or State(item.state) is not State.RECEIVED:
            raise Refusal(f"{item.number} has been moved since: it can no longer be taken back.")
        move(session, item, What.WITHDRAW, Step(to_hand="", note="Entered by mistake."))
    take_tags(session, KIND, ids)
    search.withdraw(session, KIND, ids)
    return Changes(KIND, tuple(ids), f"{these(items)} taken back.")


@deed("mail.address_item", "say whom mail is for")
def address_item(session: Session, item_id: int, addressed: Addressed) -> Changes:
    """Say whom an item is for; the place to bring it follows from that."""
    [item] = items_of(session, [item_id])
    _check_open(item)
    before = Addressed(item.person_id, item.group_id, item.entity_id)
    _address(session, item, addressed)
    _complete(session, item)
    session.flush()
    enter_search(session, [item])
    said = f"{item.number} is for {item.addressee}." if item.addressee else f"{item.number}: addressee to come."
    return Changes(KIND, (item.id,), said, Deed(address_item, (item_id, before)))


@deed("mail.edit_item", "change mail")
def edit_item(session: Session, item_id: int, version: int, details: Details) -> Changes:
    """Complete or change what is written about an item; `version` is the one the form was filled from."""
    [item] = items_of(session, [item_id])
    check_version(session, item, version, item.number, LABELS)
    _check_open(item)
    before = details_of(item)
    if details == before:
        return Changes(KIND, (), f"{item.number}: nothing changed.")
    _write(session, item, details, photos=_photos(session, item.id))
    session.flush()
    enter_search(session, [item])
    left = f" Still to complete: {item.missing}." if item.missing else ""
    return Changes(KIND, (item_id,), f"{item.number} saved.{left}", Deed(edit_item, (item_id, item.version, before)))


@deed("mail.check_missing", "change mail")
def check_missing(session: Session, item_id: int) -> Changes:
    """Look again at what is still to be completed, for instance after a photo was added."""
    [item] = items_of(session, [item_id])
    _complete(session, item)
    left = f"still to complete: {item.missing}." if item.missing else "complete."
    return Changes(KIND, (item_id,), f"{item.number}: {left}")


def details_of(item: MailItem) -> Details:
    """What is written about an item, as its form shows it."""
    plain = {f.name: getattr(item, f.name) for f in fields(Details) if f.name not in ("addressed",)}
    return Details(**plain, addressed=Addressed(item.person_id, item.group_id, item.entity_id))


# Built once: it is asked at every scan.
_SAME_NUMBER = (
    select(MailItem.id, MailItem.number, MailItem.received_at)
    .where(
        MailItem.carrier_number == bindparam("code"),
        MailItem.received_at > bindparam("since"),
        MailItem.state != State.WITHDRAWN,
    )
    .order_by(MailItem.received_at.desc())
    .limit(1)
)


def received_before(session: Session, code: str) -> tuple[int, str, datetime] | None:
    """The item with this carrier's number that came in within the last twelve months: id, number and when."""
    asked = {"code": code, "since": now(session) - SAME_NUMBER_FOR}
    row = session.connection().execute(_SAME_NUMBER, asked).first()
    return (row.id, row.number, row.received_at) if row else None


def _refuse_known(session: Session, code: str) -> None:
    known = received_before(session, code)
    if known is not None:
        ident, number, at = known
        when = f"{code} was received on {local(at):%-d %b %Y at %H:%M} as {number}."
        raise SameNumber(f"{when} Go on with that item, or receive it again if it came back to us.", ident)


def _check_open(item: MailItem) -> None:
    if State(item.state) in rules.ENDED:
        stood = rules.WORDS[State(item.state)].lower()
        raise Refusal(f"{item.number} is {stood}: what is written about it can no longer be changed.")


def _seen(item: MailItem) -> str:
    """What was seen at the counter, for the first event."""
    parts = [f"{item.weight_g / 1000:g} kg" if item.weight_g else "", item.size_mm]
    parts.append({"passed": "screened", "failed": "screening failed"}.get(item.screening, ""))
    parts.append(f"damaged: {item.damage}" if item.damage else "")
    return " · ".join(part for part in parts if part)


def _write(session: Session, item: MailItem, details: Details, photos: int) -> None:
    accountable = bool(details.accountable)
    kind = details.item_class or rules.class_of(details.service, accountable)
    if kind not in CLASSES:
        raise Refusal("A class is ordinary, registered, insured, express or parcel.", "item_class")
    values: dict[str, Any] = {
        "carrier": details.carrier.strip(), "service": details.service.strip(), "item_class": kind,
        "accountable": accountable or kind in ("registered", "insured"), "sender": details.sender.strip(),
        "weight_g": _weight(details.weight_g), "size_mm": _size(details.size_mm), "screening": details.screening,
        "damage": details.damage.strip(), "notes": details.notes.strip(),
    }  # fmt: skip
    for name, value in values.items():
        setattr(item, name, value)
    _address(session, item, details.addressed)
    if details.place_id is not None:
        item.place_id = details.place_id
    _complete(session, item, photos)


def _address(session: Session, item: MailItem, addressed: Addressed) -> None:
    person = session.get(Person, addressed.person_id) if addressed.person_id else None
    group = session.get(MailGroup, addressed.group_id) if addressed.group_id else None
    if (addressed.person_id and person is None) or (addressed.group_id and group is None):
        raise Refusal("This addressee is no longer there. Choose another one.", "addressee")
    entity_id = person.entity_id if person else group.entity_id if group else addressed.entity_id
    entity = session.get(Entity, entity_id) if entity_id else None
    item.person_id, item.group_id = addressed.person_id, addressed.group_id
    item.entity_id, item.entity_code = (entity.id, entity.code) if entity else (None, None)
    item.place_id = person.place_id if person else group.place_id if group else None
    if person is not None:
        item.addressee = person.sort_name
    elif group is not None:
        item.addressee = group.name if entity is None else f"{group.name} ({entity.code})"
    else:
        item.addressee = entity.code if entity else ""


def _complete(session: Session, item: MailItem, photos: int | None = None) -> None:
    if photos is None:
        photos = _photos(session, item.id)
    item.missing = rules.missing(
        addressee=item.addressee, carrier=item.carrier, code=item.carrier_number, damage=item.damage, photos=photos
    )


def _photos(session: Session, item_id: int) -> int:
    wanted = select(func.count()).where(Attachment.record_kind == KIND, Attachment.record_id == item_id)
    return int(session.scalar(wanted) or 0)


def _weight(grams: int | None) -> int | None:
    if grams is not None and not 0 < grams <= HEAVIEST_G:
        raise Refusal("A weight is more than nothing and at most 1,000 kg.", "weight_g")
    return grams


def _size(written: str) -> str:
    if not written.strip():
        return ""
    match = _SIZE.fullmatch(written)
    if match is None:
        raise Refusal("Write a size in millimetres, such as 300 × 200 × 150.", "size_mm")
    return " × ".join(part for part in match.groups() if part)
