"""Telling addressees by mail what has come for them, and reminding them of what lies; replies are never needed.

Each message is queued with an event on the item's way from hand to hand, in one transaction: whoever looks at the item
sees who was told when. One message to a person names all their items.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.changes import Changes, Deed
from cbo_desk.chores import chore
from cbo_desk.context import local, now, today
from cbo_desk.dated import Declared, declare, value_on
from cbo_desk.errors import Refusal
from cbo_desk.mail import limits
from cbo_desk.mail.custody import take_back
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, Step, items_of, move, these
from cbo_desk.mail_server import mail_server
from cbo_desk.people.rules import full_name
from cbo_desk.permissions import deed, reads
from cbo_desk.plurals import Count
from db.mail import MailEvent, MailGroup, MailItem
from db.people import Person

TELL = declare(
    Declared(
        "mail_tell_addressees", "Addressees are told by mail of", "all", "all, accountable or none", "shipped", True
    )
)
SETTLE = declare(
    Declared("mail_tell_after_minutes", "Addressees are told after", 15, "minutes", "shipped", False, 0, 1440)
)
UNDO_FOR = timedelta(seconds=20)
TOLD, REMINDED = "told by mail: ", "reminded by mail: "
WAITS = (State.RECEIVED, State.SHELVED, State.HELD)
_EMAIL = func.coalesce(Person.email, MailGroup.email)
"""Where an item's addressee is told: an item is for a person or for a group, never for both."""
MOST_AT_ONCE = 200
"""Items in one chore; what is left follows at the next."""


@reads("mail", "look at mail")
def somebody_to_tell(session: Session) -> bool:
    """Whether an addressee is to be told or reminded by now; nobody is before there is a server to tell them by.

    Otherwise months of old news would go out on the day that a server is named.
    """
    return mail_server(session) is not None and bool(_untold(session, 1) or _unreminded(session, 1))


@deed("mail.tell_addressees", "tell addressees")
def tell_addressees(session: Session) -> Changes:
    """Queue a message to each addressee of whom something came in that they were not told of, or that lies too long."""
    touched: list[int] = []
    sent: list[int] = []
    addressees = 0
    for found, prefix in ((_untold(session, MOST_AT_ONCE), TOLD), (_unreminded(session, MOST_AT_ONCE), REMINDED)):
        if not found:
            continue
        items = items_of(session, found)
        # The rows are locked now: another workstation may have told of them while this one waited.
        again = set(_untold(session, None, found) if prefix == TOLD else _unreminded(session, None, found))
        items = [item for item in items if item.id in again]
        for _who, own in groupby(sorted(items, key=_whom), _whom):
            told = list(own)
            sent.append(_tell(session, told, prefix)[0])
            touched += [item.id for item in told]
            addressees += 1
    told_of = "{people:addressee is|addressees are} told of {items:item|items}."
    said = told_of.format(people=Count(addressees), items=Count(len(touched))) if touched else ""
    return Changes(KIND, tuple(touched), said, also={notifications.KIND: tuple(sent)})


@deed("mail.remind_addressee", "remind addressees")
def remind_addressee(session: Session, ids: Sequence[int]) -> Changes:
    """Remind the addressees of items now; it can be taken back for twenty seconds."""
    items = items_of(session, ids)
    for item in items:
        if item.person_id is None and item.group_id is None:
            raise Refusal(f"{item.number} is for no person and no group: nobody can be reminded by mail.")
    messages, events = [], {}
    for _who, own in groupby(sorted(items, key=_whom), _whom):
        message, written = _tell(session, list(own), REMINDED, UNDO_FOR)
        messages.append(message)
        events.update(written)
    touched = tuple(item.id for item in items)
    undo = Deed(take_back_reminder, (touched, tuple(events[ident] for ident in touched), tuple(messages)))
    also = {notifications.KIND: tuple(messages)}
    return Changes(KIND, touched, f"{these(items)}: a reminder goes to {_names(items)}.", undo, also)


@deed("mail.take_back_reminder", "remind addressees")
def take_back_reminder(session: Session, ids: Sequence[int], events: Sequence[int], messages: Sequence[int]) -> Changes:
    """Undo a reminder whose message has not gone out yet."""
    notifications.withdraw(session, messages)
    done = take_back(session, ids, events)
    return Changes(KIND, done.ids, done.said, also={notifications.KIND: tuple(messages)})


chore("mail.tell_addressees", somebody_to_tell, tell_addressees)


def _whom(item: MailItem) -> tuple[int, int]:
    """Whom an item is for, as a key: the person, or the group."""
    return item.person_id or 0, item.group_id or 0


def _names(items: Sequence[MailItem]) -> str:
    names = list(dict.fromkeys(item.addressee for item in items))
    return names[0] if len(names) == 1 else f"{len(names)} addressees"


def _reachable(session: Session) -> ColumnElement[bool] | None:
    """Items of people and groups with an address, of the classes that the setting names; None where nobody is told."""
    which = str(value_on(session, TELL.name, today(session))).strip().lower()
    if which not in ("all", "accountable"):
        return None
    where = and_(MailItem.state.in_(WAITS), _EMAIL.like("%_@_%"))
    return and_(where, MailItem.accountable) if which == "accountable" else where


def _told_of(*prefixes: str) -> ColumnElement[bool]:
    """An event that says that this addressee was told: after another addressee was named, the new one is told anew."""
    notes = [func.lower(MailEvent.note) == func.lower(prefix + _EMAIL) for prefix in prefixes]
    return exists().where(MailEvent.item_id == MailItem.id, MailEvent.what == What.REMIND, or_(*notes))


def _untold(session: Session, most: int | None, among: Sequence[int] = ()) -> list[int]:
    where = _reachable(session)
    if where is None:
        return []
    settled = now(session) - timedelta(minutes=int(value_on(session, SETTLE.name, today(session))))
    wanted = (
        select(MailItem.id)
        .join(Person, Person.id == MailItem.person_id, isouter=True)
        .join(MailGroup, MailGroup.id == MailItem.group_id, isouter=True)
        .where(where, MailItem.received_at <= settled, ~_told_of(TOLD, REMINDED))
    )
    return _ids(session, wanted, most, among)


def _unreminded(session: Session, most: int | None, among: Sequence[int] = ()) -> list[int]:
    where = _reachable(session)
    if where is None:
        return []
    days, day = limits.ageing(session).remind, today(session)
    last = (
        select(func.max(MailEvent.at))
        .where(MailEvent.item_id == MailItem.id, MailEvent.what == What.REMIND)
        .correlate(MailItem)
        .scalar_subquery()
    )
    # So many working days are at least as many days of the calendar: what is younger is not looked at.
    old = now(session) - timedelta(days=max(days - 1, 0))
    wanted = (
        select(MailItem.id, last)
        .join(Person, Person.id == MailItem.person_id, isouter=True)
        .join(MailGroup, MailGroup.id == MailItem.group_id, isouter=True)
        .where(where, MailItem.received_at <= old, last <= old)
    )
    if among:
        wanted = wanted.where(MailItem.id.in_(among))
    rows = session.execute(wanted.order_by(MailItem.id)).all()
    due = [row[0] for row in rows if limits.working_days(local(row[1]).date(), day) >= days]
    return due[:most]


def _ids(session: Session, wanted: Select[int], most: int | None, among: Sequence[int]) -> list[int]:
    if among:
        wanted = wanted.where(MailItem.id.in_(among))
    return list(session.scalars(wanted.order_by(MailItem.id).limit(most)))


def _tell(
    session: Session, items: Sequence[MailItem], prefix: str, after: timedelta = timedelta(0)
) -> tuple[int, dict[int, int]]:
    """Queue one message about items of one addressee, and write it down on each; its id, and events by item."""
    name, email = _reached(session, items[0])
    back = limits.ageing(session).back
    lines = [_line(item, back) for item in items]
    what = items[0].number if len(items) == 1 else f"{len(items)} items"
    subject = f"Mail for you: {what}" if prefix == TOLD else f"Still in the mailroom for you: {what}"
    greeting = "Dear colleagues," if items[0].group_id else "Dear colleague,"
    body = "\n".join(
        [greeting, "", "the mailroom has for you:", "", *lines, "",
         "Bring your badge if you collect it. You need not answer this message.", ""]
    )  # fmt: skip
    to, person = notifications.address_of(name, email), items[0].person_id
    message = notifications.queue(
        session, to, subject, body, person_id=person, record_kind=KIND, record_id=items[0].id, after=after
    )
    note = prefix + email
    return message, {item.id: move(session, item, What.REMIND, Step(note=note)) for item in items}


def _reached(session: Session, item: MailItem) -> tuple[str, str]:
    """Name and address of whom an item is for; Refusal where there is no address, with the page to add it on."""
    if item.group_id is not None:
        group = session.get_one(MailGroup, item.group_id)
        name, email, page = item.addressee, group.email, "Absences and groups"
    else:
        person = session.get_one(Person, item.person_id)
        name, email, page = full_name(person.family_name, person.given_name), person.email or "", "People"
    if not notifications.is_address(email):
        raise Refusal(f"{item.addressee} has no e-mail address. Add it on the page {page}.")
    return name, email


def _line(item: MailItem, back: int) -> str:
    sent = f"{item.carrier} {item.carrier_number}".strip()
    until = limits.day_after(local(item.received_at).date(), back)
    where = "to be collected at the counter" if item.state == State.HELD else "will be brought to you"
    parts = [item.number, sent, "" if item.item_class == "ordinary" else item.item_class, where]
    told = " · ".join(part for part in parts if part)
    return f"- {told}; it goes back to its sender on {until:%-d %B %Y} unless you have it by then"
