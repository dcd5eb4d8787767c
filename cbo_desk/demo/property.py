"""A quarter of a year at the demo's property desk, done by the real commands: custody, count, passes, cases, services.

Everybody and everything in it is made up; which assets take part follows from their ids, so that it is the same each
time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, now, today
from cbo_desk.property import KIND, AssetForm, State, edit_asset
from cbo_desk.property.commands import form_of
from cbo_desk.property.custody import Kind, Order, hand_over_assets, sign_handover
from cbo_desk.property.disposal import (
    Decided,
    DecisionForm,
    FinalForm,
    How,
    complete_case,
    open_case,
    record_decision,
    submit_case,
)
from cbo_desk.property.fields import FieldForm, FieldKind, define_field
from cbo_desk.property.gate import PassForm, Personal, issue_pass, let_in, let_out
from cbo_desk.property.maintenance import PlanForm, WorkForm, plan_service, record_service
from cbo_desk.property.value import PolicyForm, set_rate, set_value_policy
from cbo_desk.property.verification import (
    Scope,
    count_item,
    finish_room,
    mark_missing,
    open_campaign,
    open_room,
    progress_by_room,
    room_view,
)
from cbo_desk.tags import tags_of
from db.people import Person
from db.places import Place
from db.property import Asset, Category

_SIGNATURE = (
    ((12.0, 64.0, 0.0), (20.0, 22.0, 70.0), (30.0, 66.0, 140.0), (38.0, 40.0, 190.0), (50.0, 60.0, 260.0)),
    ((56.0, 44.0, 400.0), (70.0, 62.0, 470.0), (84.0, 36.0, 540.0), (110.0, 52.0, 620.0)),
)  # fmt: skip
_ROOMS = 6
"""So many rooms of the running count are done or begun."""


def fill_property(session: Session, store_id: int) -> None:
    """Let a quarter of a year pass at the desk; the deed's instant is put back at the end."""
    instant = now(session)
    people = session.scalars(select(Person).order_by(Person.id)).all()
    _fields(session, instant)
    _custody(session, instant, people, store_id)
    _gate(session, instant, people)
    _disposal(session, instant)
    _upkeep(session, instant)
    _policies(session, instant)
    _count(session, instant)
    session.info["now"] = instant


def _assets(session: Session, state: State, category: str = "", most: int = 40) -> list[Asset]:
    wanted = select(Asset).where(Asset.state == state).order_by(Asset.id)
    if category:
        wanted = wanted.join(Category, Category.id == Asset.category_id).where(Category.code == category)
    return list(session.scalars(wanted.limit(most)))


def _at(session: Session, instant: datetime, *, days: int, hour: int = 9, minute: int = 0) -> date:
    """Let it be so many days ago at that time, though never later than now; returns the day."""
    day = instant.astimezone(ZONE).date() - timedelta(days=days)
    session.info["now"] = min(datetime.combine(day, time(hour, minute), ZONE), instant)
    return today(session)


def _edit(session: Session, asset: Asset, form: AssetForm) -> None:
    edit_asset(session, asset.id, asset.version, form)


def _fields(session: Session, instant: datetime) -> None:
    """Laptops note their memory and whether they are encrypted; a dock is part of the laptop it came with."""
    _at(session, instant, days=90)
    ict = session.scalars(select(Category.id).where(Category.code == "ICT")).one()
    define_field(session, FieldForm(ict, "Memory", FieldKind.NUMBER, "GB", Decimal(1), Decimal(1024)))
    define_field(session, FieldForm(ict, "Encrypted", FieldKind.YES_NO))
    define_field(session, FieldForm(ict, "Licence ends", FieldKind.DATE))
    things = _assets(session, State.IN_SERVICE, "ICT", 400)
    laptops = [asset for asset in things if asset.description.startswith("Laptop")][:12]
    docks = [asset for asset in things if asset.description.startswith("Dock")]
    for place, asset in enumerate(laptops):
        values = {"memory": Decimal(16 if place % 3 else 32), "encrypted": place % 4 != 0}
        _edit(session, asset, replace(form_of(asset), custom=values))
    for laptop in laptops:
        beside = next((dock for dock in docks if dock.place_id == laptop.place_id and dock.parent_id is None), None)
        if beside is not None:
            _edit(session, beside, replace(form_of(beside), parent_id=laptop.id))


def _custody(session: Session, instant: datetime, people: Sequence[Person], store_id: int) -> None:
    """Issues, loans (one late, one due soon), a return; most sheets are signed, the newest one is not."""
    stored = iter(asset for asset in _assets(session, State.IN_STORE) if asset.custodian_id is None)
    lent: list[int] = []
    for place, (days, kind, count, back_in) in enumerate(
        (
            (70, Kind.ISSUE, 3, None),
            (48, Kind.LEND, 2, 60),
            (33, Kind.LEND, 1, 26),
            (20, Kind.ISSUE, 1, None),
            (12, Kind.LEND, 2, 14),
            (3, Kind.LEND, 1, 30),
            (1, Kind.ISSUE, 2, None),
        )
    ):
        if days == 1:
            _at(session, instant, days=2, hour=15)
            hand_over_assets(session, lent[:1], Order(Kind.RETURN, place_id=store_id, note="Screen scratched."))
        day = _at(session, instant, days=days, hour=10, minute=7 * place)
        taker = people[(place * 7 + 4) % len(people)]
        due = None if back_in is None else day + timedelta(days=back_in)
        goods = [asset.id for asset in _some(stored, count)]
        made = hand_over_assets(session, goods, Order(kind, taker.id, due_on=due))
        if days > 1:
            sign_handover(session, made.handover_id, taker.sort_name, _SIGNATURE)
        if kind is Kind.LEND:
            lent += goods


def _some(things: Iterator[Asset], count: int) -> list[Asset]:
    return [next(things) for _ in range(count)]


def _gate(session: Session, instant: datetime, people: Sequence[Person]) -> None:
    """One pass whose things are late, one that is out in part, one that is back, one for today."""
    things = iter([asset for asset in _assets(session, State.IN_SERVICE, "AV") if asset.custodian_id is not None])
    for days, back_in, out, came_back, purpose in (
        (16, 9, 2, 0, "Field mission, Garissa"),
        (5, 12, 2, 1, "Workshop, Naivasha"),
        (9, 6, 1, 1, "Repair at the dealer"),
        (0, 7, 0, 0, "Exhibition, city centre"),
    ):
        day = _at(session, instant, days=days, hour=8, minute=20)
        goods = _some(things, 2)
        bearer = people[(days * 3 + 1) % len(people)]
        personal = (Personal("Camera bag", "", 1),) if days in (0, 5) else ()
        form = PassForm(
            tuple(asset.id for asset in goods), max(day, today(session)), day + timedelta(days=back_in), bearer.id,
            purpose=purpose, destination=purpose.rpartition(", ")[2], personal=personal,
        )  # fmt: skip
        ident = issue_pass(session, form).ids[0]
        for asset in goods[:out]:
            let_out(session, ident, KIND, asset.id)
        _at(session, instant, days=max(0, days - 4), hour=16)
        for asset in goods[:came_back]:
            let_in(session, ident, KIND, asset.id)


def _disposal(session: Session, instant: datetime) -> None:
    """One case is prepared, one lies before the board, one was sold."""
    furniture = _assets(session, State.IN_SERVICE, "FURN", 900)
    entity = max({one.entity_id for one in furniture}, key=[one.entity_id for one in furniture].count)
    cheap = [one for one in furniture if one.entity_id == entity]
    dear = [
        one
        for one in _assets(session, State.IN_SERVICE, "ICT", 900)
        if one.entity_id == entity and one.cost_cents >= 150_000 and not one.custom
    ]
    _at(session, instant, days=40)
    sold = open_case(session, entity, "Replaced by newer ones", [one.id for one in cheap[:3]]).ids[0]
    submit_case(session, sold)
    day = _at(session, instant, days=25)
    record_decision(session, sold, DecisionForm(Decided.APPROVED, "Local Property Survey Board", "LPSB/demo/7", day))
    day = _at(session, instant, days=15)
    complete_case(session, sold, FinalForm(How.SOLD, day, "Jua Kali Traders", "RCPT-0031", 21_500))
    _at(session, instant, days=8)
    board = open_case(session, entity, "Beyond economic repair", [one.id for one in (*dear[:1], *cheap[3:5])]).ids[0]
    submit_case(session, board)
    _at(session, instant, days=1, hour=14)
    open_case(session, entity, "Worn out", [one.id for one in cheap[5:8]])


def _upkeep(session: Session, instant: datetime) -> None:
    """Generators and copiers are serviced; one service is late, one was done last month."""
    _at(session, instant, days=80)
    power = _assets(session, State.IN_SERVICE, "POWER", 4)
    day = instant.astimezone(ZONE).date()
    plans = [
        *plan_service(
            session,
            [one.id for one in power],
            PlanForm("Change oil and filters", day + timedelta(days=9), 6, "Kenya Power Services"),
        ).ids,
        *plan_service(
            session,
            [one.id for one in _assets(session, State.IN_SERVICE, "SEC", 2)],
            PlanForm("Calibrate the detector", day - timedelta(days=4), 12, "Gate Systems"),
        ).ids,
    ]
    done = _at(session, instant, days=30)
    record_service(session, plans[0], done, WorkForm("Kenya Power Services", 18_400, "USD", "Belt changed too."))


def _policies(session: Session, instant: datetime) -> None:
    """A rate of exchange, and one policy of an entity that counts furniture by the lot."""
    day = _at(session, instant, days=60)
    set_rate(session, "KES", day, 129_250_000, "UN operational rates of exchange (demo figure)")
    furniture = session.scalars(select(Category.id).where(Category.code == "FURN")).one()
    source = "ST/AI/2015/4 (demo: confirm)"
    set_value_policy(session, PolicyForm(day, None, furniture, life_months=120, grouped=True, source=source))


def _count(session: Session, instant: datetime) -> None:
    """A count of one block is under way: some rooms are done, with what a count finds; one is being counted."""
    block = session.scalars(select(Place).where(Place.place_kind == "building").order_by(Place.code)).first()
    if block is None:
        return
    _at(session, instant, days=4, hour=8)
    campaign = open_campaign(session, f"Count of block {block.code}", Scope((block.id,))).ids[0]
    rooms = [room for room in progress_by_room(session, campaign) if room.expected > 4][:_ROOMS]
    for place, room in enumerate(rooms):
        last = place == len(rooms) - 1
        _at(session, instant, days=0 if last else 3, hour=9, minute=8 * place)
        open_room(session, campaign, room.place_id)
        expected = room_view(session, campaign, room.place_id).expected
        found = expected[: len(expected) // 2] if last else expected[: len(expected) - place % 2]
        tags = tags_of(session, KIND, [line.asset_id for line in found if line.asset_id is not None])
        for number, tag in enumerate(tags):
            # Now and then a tag has come off, and the thing is counted by its number.
            known = {"asset_id": tag.subject_id} if number % 9 == 8 else {"scanned": tag.code}
            count_item(session, campaign, room.place_id, **known)
        if place == 1:
            count_item(session, campaign, room.place_id, "OLD-LABEL-2207")
            stray = room_view(session, campaign, rooms[place + 1].place_id).expected[-1]
            count_item(session, campaign, room.place_id, asset_id=stray.asset_id)
        if not last:
            if len(found) < len(expected):
                mark_missing(session, campaign, room.place_id)
            finish_room(session, campaign, room.place_id)
