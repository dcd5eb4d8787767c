"""Outgoing mail of the demo compound: a week of it by the real commands. Carriers are real, prices are made up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, now, today
from cbo_desk.mail import Taken, outgoing, pouch
from cbo_desk.mail.outgoing import Handed, RateForm
from cbo_desk.mail.pouch import SealFound, WayBillLine
from db.people import Entity, Person

SOURCE = "made up for the demo"
# Carrier, pick-up, class, currency, insured up to (USD), insurance in hundredths of a percent, cents per zone and band.
_BANDS = (500, 2_000, 10_000, 20_000)
_ZONES = ("kenya", "east_africa", "africa", "europe", "middle_east", "asia", "americas")
_CARDS = (
    ("DHL Express", "15:30", "express", "USD", 5_000, 125, 1450, 1.00),
    ("FedEx", "16:00", "express", "USD", 2_500, 150, 1390, 1.06),
    ("Posta Kenya", "14:00", "registered", "KES", 0, 0, 21_000, 0.45),
    ("Posta Kenya", "14:00", "ordinary", "KES", 0, 0, 8_500, 0.40),
    ("Posta Kenya", "14:00", "parcel", "KES", 0, 0, 64_000, 0.55),
)
_RECIPIENTS = (
    ("Permanent Mission of Norway", "Switzerland", "Rue de Lausanne 80, Geneva"),
    ("Ministry of Environment", "Uganda", "Kampala"),
    ("Basel Convention Secretariat", "Switzerland", "Geneva"),
    ("Regional Office for Africa", "Ethiopia", "Addis Ababa"),
    ("UN-Habitat Liaison Office", "United States", "New York"),
    ("University Press", "United Kingdom", "Oxford"),
    ("Institute of Meteorology", "Germany", "Offenbach"),
    ("Field Office", "Somalia", "Mogadishu"),
)
_PURPOSES = ("official correspondence", "contract documents", "publications", "samples for a laboratory")
_SIGNATURE = (
    ((12.0, 58.0, 0.0), (26.0, 20.0, 60.0), (38.0, 60.0, 120.0), (52.0, 32.0, 180.0), (70.0, 62.0, 240.0)),
    ((8.0, 70.0, 400.0), (96.0, 64.0, 480.0)),
)


def fill_outgoing(session: Session, seed: int = 1) -> int:
    """Let a week of mail go out: a collected manifest and a closed one, three bags; returns how many items."""
    rng, instant = random.Random(seed), now(session)
    carriers = _rates(session)
    entities = list(session.scalars(select(Entity.id).order_by(Entity.id)))
    people = session.scalars(select(Person.sort_name).order_by(Person.id)).all()

    def facts(place: int) -> Handed:
        recipient, country, address = _RECIPIENTS[place % len(_RECIPIENTS)]
        return Handed(
            entity_id=entities[place % len(entities)],
            recipient=recipient,
            country=country,
            address=address,
            item_class=("express", "express", "registered", "parcel")[place % 4],
            weight_g=rng.choice((120, 340, 480, 1_250, 1_900)),
            purpose=_PURPOSES[place % len(_PURPOSES)],
            declared_cents=25_000 if place % 8 == 1 else 0,
            handed_by=people[place % len(people)],
        )

    at = _clock(session, instant)
    made = 0
    for days, count in ((4, 5), (1, 6), (0, 5)):
        at(days, 9 * 60 + 10)
        items = [outgoing.hand_in(session, facts(made + n)).ids[0] for n in range(count)]
        made += count
        _send(session, items, carriers, days, at)
    made += _bags(session, facts, at)
    session.info["now"] = instant
    return made


def _send(session: Session, items: list[int], carriers: list[int], days: int, at: Callable[[int, int], None]) -> None:
    """Each goes by the cheapest carrier that takes it; today's still wait, the last one without a carrier."""
    for item in items if days else items[:-1]:
        offers = [one for one in outgoing.outgoing_card(session, item).offers if one.price_cents is not None]
        if offers:
            outgoing.choose_carrier(session, [item], offers[0].carrier_id)
    if not days:
        return
    by_dhl = [item for item in items if outgoing.outgoing_card(session, item).carrier_id == carriers[0]]
    rest = [item for item in items if item not in by_dhl and outgoing.outgoing_card(session, item).carrier_id]
    sheet_of = by_dhl or rest
    outgoing.list_waiting(session, sheet_of)
    sheet = outgoing.open_manifests(session)[0].id
    at(days, 15 * 60)
    outgoing.close_manifest(session, sheet)
    if days > 1:
        at(days, 15 * 60 + 40)
        outgoing.collect_manifest(session, sheet, Taken("Otieno J.", strokes=_SIGNATURE))


def _bags(session: Session, facts: Callable[[int], Handed], at: Callable[[int, int], None]) -> int:
    """One bag is on its way, one is being packed, one came in with a broken seal and is to be counted."""
    goes = [
        pouch.add_destination(session, code, name).ids[0]
        for code, name in (("GVA", "UNOG Geneva"), ("NYC", "UNHQ New York"), ("ADD", "ECA Addis Ababa"))
    ]
    at(3, 10 * 60)
    packages = [_package(session, goes[0], facts(place), place) for place in range(4)]
    cut_off = _at(session, 3, 14 * 60)
    gone = pouch.open_bag(session, goes[0], cut_off).ids[0]
    pouch.pack(session, gone, packages[:3])
    pouch.certify(session, gone)
    pouch.seal(session, gone, "UN 448120")
    at(3, 13 * 60)
    pouch.dispatch(session, gone, "KQ 112 to Geneva")
    at(0, 8 * 60 + 20)
    packed = pouch.open_bag(session, goes[1], _at(session, 0, 14 * 60)).ids[0]
    packages += [_package(session, goes[1], facts(place), place) for place in (5, 6)]
    pouch.pack(session, packed, packages[4:])
    lines = (
        WayBillLine("GVA-2201", 900, "Registry, UNEP", "signed agreements"),
        WayBillLine("GVA-2202", 1_450, "Legal Officer, UN-Habitat", "contract documents"),
        WayBillLine("GVA-2203", 320, "Executive Office", "letters"),
    )
    coming = pouch.announce(session, goes[0], "GVA/118", "GE 7001", _at(session, 0, 11 * 60), lines).ids[0]
    at(0, 8 * 60 + 50)
    pouch.take_in(session, coming, SealFound.BROKEN)
    pouch.count(session, coming, "GVA-2201")
    return len(packages)


def _package(session: Session, destination: int, said: Handed, place: int) -> int:
    contents = ("signed agreements", "audit files", "passports for renewal", "minutes of a board")[place % 4]
    form = Handed(
        entity_id=said.entity_id,
        recipient="Chief, Registry",
        weight_g=(2_400, 1_115, 3_800, 640)[place % 4],
        purpose="official correspondence",
        contents=contents,
        handed_by=said.handed_by,
    )
    return outgoing.hand_in_for_pouch(session, destination, form).ids[0]


def _rates(session: Session) -> list[int]:
    """Rate cards that begin with the year, to be confirmed."""
    start = today(session).replace(month=1, day=1)
    known: dict[str, int] = {}
    for name, pickup, item_class, currency, insured, bp, base, steep in _CARDS:
        if name not in known:
            known[name] = outgoing.set_carrier(session, name, "950 123 456" if name[0] == "D" else "", pickup).ids[0]
        served = _ZONES if name != "Posta Kenya" or item_class != "parcel" else _ZONES[:3]
        for far, zone in enumerate(served):
            for heavy, up_to in enumerate(_BANDS if item_class != "ordinary" else _BANDS[:2]):
                cents = round(base * (1 + 0.6 * far) * (1 + 0.9 * heavy) * steep / 5) * 5
                form = RateForm(known[name], item_class, zone, up_to, start, cents, currency, insured * 100, bp, SOURCE)
                outgoing.set_rate(session, form, confirmed=False)
    return list(known.values())


def _at(session: Session, days: int, minute: int) -> datetime:
    return datetime.combine(today(session) - timedelta(days=days), time(minute // 60, minute % 60), ZONE)


def _clock(session: Session, instant: datetime) -> Callable[[int, int], None]:
    """Lets it be so many days ago at a minute of the day, though never later than now."""

    def at(days: int, minute: int) -> None:
        session.info["now"] = instant
        session.info["now"] = min(_at(session, days, minute), instant)

    return at
