"""Opening a campaign: its list is frozen by value, so that later changes of the register do not touch it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from cbo_desk.changes import Changes
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.property.rules import ENDED
from cbo_desk.property.verification import rules
from cbo_desk.property.verification.rooms import INSIDE_A_ROOM, Spot, spots
from cbo_desk.property.verification.rules import NOWHERE, Scope
from db.places import Place
from db.property import Asset, Category
from db.verification import Campaign, CampaignItem, CampaignRoom

CAMPAIGN = "property.campaign"
_CHUNK = 5_000
# Shelves stand in bays of stores: further out than this no place is asked for its room.
_DEEPEST = 5


@deed("property.open_campaign", "open counts", Role.SUPERVISOR)
def open_campaign(session: Session, name: str, scope: Scope, seed: int | None = None) -> Changes:
    """Open a count over a scope and freeze what it expects; `seed` makes a sample that can be drawn again."""
    rules.check_scope(name, scope)
    wanted = _condition(session, scope)
    total = session.scalar(select(func.count()).select_from(Asset).where(wanted)) or 0
    if not total:
        raise Refusal("Nothing in the register fits this choice. Choose other places, entities or categories.")
    where = spots(session)
    drawn = None
    if scope.percent < 100:
        seed = random.SystemRandom().getrandbits(31) if seed is None else seed
        ids = list(session.scalars(select(Asset.id).where(wanted).order_by(Asset.id)))
        drawn = sorted(random.Random(seed).sample(ids, rules.sample_size(total, scope.percent)))
    campaign = Campaign(
        reference=next_reference(session, "COUNT"),
        name=name.strip(),
        scope={**asdict(scope), "seed": seed},
        opened_at=now(session),
        opened_by=actor(session).login,
    )
    session.add(campaign)
    session.flush()
    parts = [wanted] if drawn is None else list(_chunks(drawn))
    _add_rooms(session, campaign.id, parts, where)
    _freeze(session, campaign.id, parts)
    expected = total if drawn is None else len(drawn)
    session.execute(update(Campaign).where(Campaign.id == campaign.id).values(expected=expected))
    session.expire(campaign)
    said = f"{campaign.name} is open: {expected:,} {'asset' if expected == 1 else 'assets'} to find."
    return Changes(CAMPAIGN, (campaign.id,), said)


@dataclass(frozen=True)
class Expected:
    """What a scope would have counted: so many assets in so many rooms."""

    assets: int
    rooms: int


@reads("property", "look at counts")
def preview_scope(session: Session, scope: Scope) -> Expected:
    """How many assets a campaign over a scope would expect, and in how many rooms; of a sample, rooms at most."""
    rules.check_scope("a preview", scope)
    where = spots(session)
    found = session.execute(
        select(Asset.place_id, func.count()).where(_condition(session, scope)).group_by(Asset.place_id)
    ).all()
    total = rules.sample_size(sum(number for _place, number in found), scope.percent)
    rooms = {where[place].room if place else NOWHERE for place, _number in found}
    return Expected(total, min(len(rooms), total))


def _condition(session: Session, scope: Scope) -> ColumnElement[bool]:
    """Which assets of the register are counted."""
    parts: list[ColumnElement[bool]] = [Asset.state.not_in(ENDED)]
    if scope.entity_ids:
        parts.append(Asset.entity_id.in_(scope.entity_ids))
    if scope.category_ids:
        parts.append(Asset.category_id.in_(scope.category_ids))
    if scope.place_ids:
        paths = session.scalars(select(Place.path).where(Place.id.in_(scope.place_ids))).all()
        if len(paths) != len(set(scope.place_ids)):
            raise Refusal("One of these places is gone. Choose again.", "places")
        inside = select(Place.id).where(or_(*(Place.path.startswith(path, autoescape=True) for path in paths)))
        parts.append(Asset.place_id.in_(inside))
    return and_(*parts)


def _chunks(ids: list[int]) -> Iterator[ColumnElement[bool]]:
    for start in range(0, len(ids), _CHUNK):
        yield Asset.id.in_(ids[start : start + _CHUNK])


def _add_rooms(session: Session, campaign: int, parts: list[ColumnElement[bool]], where: dict[int, Spot]) -> None:
    """Enter every room that has something to find."""
    expected: Counter[int] = Counter()
    for part in parts:
        for place, number in session.execute(select(Asset.place_id, func.count()).where(part).group_by(Asset.place_id)):
            expected[where[place].room if place else NOWHERE] += number
    rows = [room_row(campaign, where.get(room), number) for room, number in sorted(expected.items())]
    session.execute(insert(CampaignRoom), rows)


def room_row(campaign: int, spot: Spot | None, expected: int) -> dict[str, object]:
    """A room of a campaign as its table keeps it; no spot stands for the assets that are nowhere."""
    values = {"campaign_id": campaign, "expected": expected}
    if spot is None:
        return {**values, "place_id": NOWHERE, "place_code": "", "floor": "", "building": ""}
    return {**values, "place_id": spot.room, "place_code": spot.code, "floor": spot.floor, "building": spot.building}


def _freeze(session: Session, campaign: int, parts: list[ColumnElement[bool]]) -> None:
    """Copy what the register says of every expected asset: one statement for a whole list or a part of a sample."""
    steps, room = _with_rooms()
    names = (
        "campaign_id", "asset_id", "room_id", "inventory_no", "description", "entity_code", "category", "place_code",
        "custodian_name", "state", "condition",
    )  # fmt: skip
    wanted = select(
        literal(campaign), Asset.id, room, Asset.inventory_no, Asset.description, Asset.entity_code,
        func.coalesce(Category.name, ""), Asset.place_code, Asset.custodian_name, Asset.state, Asset.condition,
    ).outerjoin(Category, Category.id == Asset.category_id)  # fmt: skip
    for step, joined in steps:
        wanted = wanted.outerjoin(step, joined)
    for part in parts:
        session.execute(insert(CampaignItem).from_select(names, wanted.where(part)))


def _with_rooms() -> tuple[list[tuple[Any, ColumnElement[bool]]], ColumnElement[int]]:
    """The joins from an asset's place outwards, and the first place on that way that is counted by itself."""
    steps: list[tuple[Any, ColumnElement[bool]]] = []
    link: Any = Asset.place_id
    for _ in range(_DEEPEST):
        step = aliased(Place)
        steps.append((step, step.id == link))
        link = step.parent_id
    rooms = [(step.place_kind.not_in(INSIDE_A_ROOM), step.id) for step, _joined in steps]
    return steps, case(*rooms, else_=func.coalesce(Asset.place_id, NOWHERE))
