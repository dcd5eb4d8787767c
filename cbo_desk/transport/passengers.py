"""Who travels on a request, by name, and whose release forms are here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from db.transport import TripPassenger


@dataclass(frozen=True)
class Passenger:
    """Somebody who travels; who is not of the UN signs a release form, and `released` says that it is here."""

    name: str
    of_un: bool = True
    released: bool = False


def passengers_of(session: Session, ids: Iterable[int]) -> dict[int, list[Passenger]]:
    """Who travels, by request."""
    wanted = select(TripPassenger).where(TripPassenger.request_id.in_(list(ids)))
    found: dict[int, list[Passenger]] = {}
    for row in session.scalars(wanted.order_by(TripPassenger.request_id, TripPassenger.seq)):
        found.setdefault(row.request_id, []).append(Passenger(row.name, row.of_un, row.released))
    return found


def write_passengers(session: Session, request_id: int, passengers: Sequence[Passenger]) -> None:
    """Write who travels on a request, within a deed."""
    session.execute(delete(TripPassenger).where(TripPassenger.request_id == request_id))
    for seq, passenger in enumerate(passengers, 1):
        name = " ".join(passenger.name.split())
        if not name:
            raise Refusal("Every passenger has a name.", "passengers")
        session.add(
            TripPassenger(
                request_id=request_id, seq=seq, name=name, of_un=passenger.of_un,
                released=passenger.released and not passenger.of_un,
            )
        )  # fmt: skip
    session.flush()
