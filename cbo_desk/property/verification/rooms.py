"""Which room a place belongs to in a count, and the floor and building around it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.places import Place

# A shelf is not counted by itself: the door of the store around it is what a counter scans.
INSIDE_A_ROOM = ("shelf", "bay")


@dataclass(frozen=True)
class Spot:
    """A place as a count sees it: its room, with the room's code and kind, and the codes around it."""

    room: int
    code: str
    kind: str
    floor: str
    building: str


def spots(session: Session) -> dict[int, Spot]:
    """Every place of the compound by id, with the room around it."""
    wanted = select(Place.id, Place.parent_id, Place.code, Place.place_kind, Place.path).order_by(Place.path)
    rows = {row.id: row for row in session.execute(wanted)}
    found: dict[int, Spot] = {}
    for ident, row in rows.items():
        way = [rows[int(part)] for part in row.path.split("/") if part and int(part) in rows] or [row]
        rooms = [step for step in way if step.place_kind not in INSIDE_A_ROOM] or [row]
        around = {step.place_kind: step.code for step in way}
        room = rooms[-1]
        found[ident] = Spot(room.id, room.code, room.place_kind, around.get("floor", ""), around.get("building", ""))
    return found


def spot_of(session: Session, place_id: int) -> Spot | None:
    """One place with the room around it; None where it is gone."""
    path = session.scalar(select(Place.path).where(Place.id == place_id))
    if path is None:
        return None
    ids = [int(part) for part in path.split("/") if part] or [place_id]
    wanted = select(Place.id, Place.code, Place.place_kind).where(Place.id.in_(ids)).order_by(Place.path)
    way = session.execute(wanted).all()
    room = [step for step in way if step.place_kind not in INSIDE_A_ROOM][-1:] or way[-1:]
    around = {step.place_kind: step.code for step in way}
    return Spot(room[0].id, room[0].code, room[0].place_kind, around.get("floor", ""), around.get("building", ""))
