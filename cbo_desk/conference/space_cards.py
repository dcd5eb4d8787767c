"""What is known of one space, and what stands for the whole compound: teams and sets, ceilings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.board import BoardClosure
from cbo_desk.conference.rules import Ceiling, Layout, Slot
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.places import wheres
from db.conference import (
    CellClosure,
    ConferenceCell,
    ConferenceSpace,
    ConferenceUnit,
    SiteCeiling,
    SpaceCell,
    SpaceDoor,
    SpaceLayout,
)
from db.places import Place


@dataclass(frozen=True)
class SpaceCard:
    """A space with its floor areas, the layouts of today and later, and the closures that are not over.

    `place` is the code of the place where its door is, `where` says in words where that is.
    """

    id: int
    code: str
    name: str
    cells: tuple[str, ...]
    booths: int
    features: str
    retired: bool
    layouts: tuple[Layout, ...]
    closures: tuple[BoardClosure, ...]
    version: int = 1
    equipment: str = ""
    place_id: int | None = None
    place: str = ""
    where: str = ""


@dataclass(frozen=True)
class UnitRow:
    """A team or set that can be booked."""

    id: int
    code: str
    kind: str
    name: str
    speaks: str


@dataclass(frozen=True)
class CeilingRow(Ceiling):
    """A ceiling with its id."""

    id: int = 0


@dataclass(frozen=True)
class Standing:
    """What stands for the whole compound."""

    ceilings: tuple[CeilingRow, ...]
    units: tuple[UnitRow, ...]


@reads("conference", "look at spaces")
def space_card(session: Session, space_id: int) -> SpaceCard:
    """One space; refuses one that is not there."""
    space = session.get(ConferenceSpace, space_id)
    if space is None:
        raise Refusal("This space is no longer there.")
    door = session.get(SpaceDoor, space_id)
    place = session.get(Place, door.place_id) if door is not None else None
    cells = select(ConferenceCell.code).join(SpaceCell, SpaceCell.cell_id == ConferenceCell.id)
    layouts = select(SpaceLayout).where(
        SpaceLayout.space_id == space_id, (SpaceLayout.valid_to.is_(None)) | (SpaceLayout.valid_to >= today(session))
    )
    shut = select(CellClosure).join(SpaceCell, SpaceCell.cell_id == CellClosure.cell_id)
    shut = shut.where(SpaceCell.space_id == space_id, CellClosure.ends > now(session)).order_by(CellClosure.starts)
    return SpaceCard(
        space.id, space.code, space.name,
        tuple(session.scalars(cells.where(SpaceCell.space_id == space_id).order_by(ConferenceCell.code))),
        space.booths, space.features, space.gone_at is not None,
        tuple(
            Layout(each.id, each.kind, each.capacity, each.setup_minutes, each.cleardown_minutes, each.valid_from,
                   each.valid_to)
            for each in session.scalars(layouts.order_by(SpaceLayout.kind, SpaceLayout.valid_from))
        ),
        tuple(
            BoardClosure(each.id, each.cell_id, Slot(each.starts, each.ends), each.reason)
            for each in session.scalars(shut)
        ),
        space.version, space.equipment, place.id if place is not None else None,
        place.code if place is not None else "",
        wheres(session, [place.id])[place.id] if place is not None else "",
    )  # fmt: skip


@reads("conference", "look at spaces")
def standing_rules(session: Session) -> Standing:
    """The ceilings that are not over, and every team or set that can be booked."""
    ceilings = select(SiteCeiling).where((SiteCeiling.valid_to.is_(None)) | (SiteCeiling.valid_to >= today(session)))
    units = (
        select(ConferenceUnit)
        .where(ConferenceUnit.gone_at.is_(None))
        .order_by(ConferenceUnit.kind, ConferenceUnit.code)
    )
    return Standing(
        tuple(
            CeilingRow(each.kind, each.building_id, each.ceiling, each.valid_from, each.valid_to, each.id)
            for each in session.scalars(ceilings.order_by(SiteCeiling.kind, SiteCeiling.valid_from))
        ),
        tuple(UnitRow(each.id, each.code, each.kind, each.name, each.speaks) for each in session.scalars(units)),
    )
