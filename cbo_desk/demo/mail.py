"""Mail of the demo compound: ten weeks of it, the last two carried by the real commands."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.context import ZONE, now, today
from cbo_desk.demo.past_mail import fill_past
from cbo_desk.mail import (
    Addressed,
    Details,
    GroupForm,
    Taken,
    add_group,
    bring_back,
    close_round,
    deliver_items,
    fail_delivery,
    hold_items,
    load_items,
    note_absence,
    plan_round,
    receive_item,
    round_card,
    send_round,
    shelve_items,
)
from cbo_desk.tags import give_tags
from cbo_desk.tags.check_digits import METHODS
from db.mail import MailItem
from db.people import Person
from db.places import Place

ITEMS = 40
_SHELVES = ("H-01", "H-02", "R-01", "R-02")
_KINDS = (("RR", "KE"), ("RR", "GB"), ("VV", "FR"), ("EE", "KE"), ("CP", "DE"))
# A signature as a pad takes it: points in hundredths of the pad's height, with milliseconds.
_SIGNATURE = (
    ((10.0, 60.0, 0.0), (22.0, 18.0, 60.0), (34.0, 62.0, 120.0), (16.0, 44.0, 180.0)),
    ((40.0, 60.0, 300.0), (48.0, 46.0, 340.0), (56.0, 60.0, 380.0), (64.0, 46.0, 420.0), (72.0, 60.0, 460.0),
     (84.0, 40.0, 520.0), (90.0, 76.0, 580.0), (104.0, 50.0, 640.0)),
    ((8.0, 72.0, 800.0), (112.0, 66.0, 900.0)),
)  # fmt: skip


def fill_mail(session: Session, store_id: int, seed: int = 1) -> int:
    """Let two weeks of mail come in; returns how many items. The deed's instant is put back at the end."""
    rng = random.Random(seed)
    instant = now(session)
    people = session.scalars(select(Person).order_by(Person.id)).all()
    shelves = _shelves(session, store_id)
    past = fill_past(session, people, session.get_one(Place, shelves[2]), _SIGNATURE, seed)
    add_group(session, GroupForm("Registry", people[0].entity_id, people[0].place_id, 6, "registry@cbo.example"))
    until = today(session) + timedelta(days=6)
    note_absence(session, people[3].id, today(session) - timedelta(days=2), until, people[5].id, "on mission")
    items: list[int] = []
    for place in range(ITEMS):
        _at(session, instant, days=(ITEMS - place) * 12 // ITEMS, minute=8 * 60 + place * 11 % 420)
        addressed = Addressed(person_id=rng.choice(people).id) if place % 7 else Addressed()
        weight = rng.choice((None, 40, 350, 1200))
        items += receive_item(session, _code(place), Details(_brought(place), addressed=addressed, weight_g=weight)).ids
    _at(session, instant, days=1, minute=15 * 60)
    for place, item in enumerate(items[:-4]):
        shelf = shelves[place % len(shelves)]
        if place % 5 == 0:
            hold_items(session, [item], shelf)
        else:
            shelve_items(session, [item], shelf)
    waits = select(MailItem.place_id).where(MailItem.place_id.is_not(None), MailItem.state == "shelved")
    _rounds(session, instant, [place for place in session.scalars(waits.order_by(MailItem.id)) if place])
    session.info["now"] = instant
    return past + len(items)


def _rounds(session: Session, instant: datetime, rooms: Sequence[int]) -> None:
    """Yesterday's round is over; today's is out."""
    for days, name, stops in ((1, "Round 1, south blocks", rooms[0:9]), (0, "Round 2, north blocks", rooms[9:15])):
        _at(session, instant, days=days, minute=16 * 60 if days else 8 * 60 + 30)
        ident = plan_round(session, name, "Kamau S.", list(dict.fromkeys(stops)), None).ids[0]
        waits = MailItem.state.in_(("received", "shelved")) & (MailItem.received_at <= now(session))
        here = select(MailItem.id).where(MailItem.place_id.in_(stops), waits).order_by(MailItem.id)
        load_items(session, session.scalars(here).all(), ident)  # what came in later is not on yesterday's round
        send_round(session, ident)
        stopped = [stop for stop in round_card(session, ident).stops if stop.items]
        for place, stop in enumerate(stopped if days else stopped[:2]):
            ids = [item.id for item in stop.items]
            if place % 4 == 3 or (not days and place == 1):
                fail_delivery(session, ids, "nobody there")
                if days:
                    bring_back(session, ids)
            else:
                deliver_items(session, ids, Taken(stop.items[0].addressee, strokes=_SIGNATURE))
        if days:
            close_round(session, ident)


def _at(session: Session, instant: datetime, *, days: int, minute: int) -> None:
    """Let it be so many days ago at that minute of the day, though never later than now."""
    day = instant.astimezone(ZONE).date() - timedelta(days=days)
    then = datetime.combine(day, time(minute // 60, minute % 60), ZONE)
    session.info["now"] = min(then, instant)


def _shelves(session: Session, store_id: int) -> list[int]:
    store = session.get_one(Place, store_id)
    made = []
    for code in _SHELVES:
        place = Place(place_kind="shelf", code=code, name=f"Mail shelf {code}", parent_id=store_id)
        session.add(place)
        session.flush()
        place.path = f"{store.path}{place.id}/"
        made.append(place.id)
    give_tags(session, "places.place", made)
    search.enter(
        session,
        [
            search.Findable("places.place", ident, code, f"Mail shelf {code}")
            for ident, code in zip(made, _SHELVES, strict=True)
        ],
    )
    return made


def _code(place: int) -> str:
    """A carrier's number with its check digit; none for what was brought by hand."""
    if place % 6 == 5:
        return ""
    service, country = _KINDS[place % len(_KINDS)]
    digits = f"{11840200 + place * 37:08}"
    return f"{service}{digits}{METHODS['s10'].character(digits)}{country}"


def _brought(place: int) -> str:
    return "Hand delivery" if place % 6 == 5 else ""
