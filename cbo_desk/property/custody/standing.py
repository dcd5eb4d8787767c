"""How assets stand as custody sees them, and the people and places that an order names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.property.custody.rules import Order, Standing, Taker
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from db.custody import HandoverItem
from db.people import Person
from db.places import Place
from db.property import Asset
from db.tags import Tag

_PART = 500


def taker_of(session: Session, order: Order) -> Taker | None:
    """Who takes, None where the order names nobody; Refusal where that person is gone."""
    if order.taker_id is None:
        return None
    person = session.get(Person, order.taker_id)
    if person is None:
        raise Refusal("Choose who takes the assets.", "taker_id")
    return Taker(person.id, person.sort_name, person.until)


def place_of(session: Session, order: Order) -> str:
    """The code of the place an order names, empty where it names none; Refusal where that place is gone."""
    if order.place_id is None:
        return ""
    place = session.get(Place, order.place_id)
    if place is None:
        raise Refusal("Choose the place.", "place_id")
    return place.code


def due_days(session: Session, assets: Sequence[Asset]) -> dict[int, date]:
    """When the assets that are on loan are due back, by id; an asset lent before loans had a day is left out."""
    ids = [asset.id for asset in assets if State(asset.state) is State.ON_LOAN]
    found: dict[int, date] = {}
    for start in range(0, len(ids), _PART):
        last = (
            select(func.max(HandoverItem.id))
            .where(HandoverItem.asset_id.in_(ids[start : start + _PART]))
            .group_by(HandoverItem.asset_id)
        )
        rows = select(HandoverItem.asset_id, HandoverItem.to_due_on).where(HandoverItem.id.in_(last))
        found.update({row[0]: row[1] for row in session.execute(rows) if row[1] is not None})
    return found


def standing(asset: Asset, due: date | None) -> Standing:
    """An asset as the rules ask for it."""
    return Standing(
        asset.inventory_no, State(asset.state), asset.custodian_id, asset.custodian_name, asset.place_id,
        asset.place_code, due,
    )  # fmt: skip


def codes_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The codes of the assets' own tags in use, by asset."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), _PART):
        wanted = select(Tag.subject_id, Tag.code).where(
            Tag.subject_kind == KIND,
            Tag.subject_id.in_(ids[start : start + _PART]),
            Tag.ours,
            Tag.retired_at.is_(None),
        )
        found.update({row[0]: row[1] for row in session.execute(wanted)})
    return found
