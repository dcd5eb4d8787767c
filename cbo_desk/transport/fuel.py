"""What vehicles burn: litres for 100 km between full tanks, and which fills do not fit the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.dated import value_on
from cbo_desk.transport.fuel_rules import Tank, between_full_tanks
from cbo_desk.transport.kinds import FUEL_FAR
from db.fleet import FuelFill, OdometerReading, Vehicle


@dataclass(frozen=True)
class Leg:
    """What was burnt between two full tanks: up to when, kilometres, millilitres; `odd` where it does not fit."""

    at: datetime
    km: int
    millilitres: int
    odd: bool

    @property
    def per_100(self) -> float:
        """Litres for 100 km."""
        return self.millilitres / 10 / self.km


@dataclass(frozen=True)
class Consumption:
    """A vehicle's fuel: the usual litres for 100 km (None: not known yet), and its legs, the newest first."""

    usual: float | None
    legs: tuple[Leg, ...]
    litres: float
    cents: int


def consumption(session: Session, vehicle: Vehicle) -> Consumption:
    """What a vehicle burnt so far; fills that were cancelled do not count."""
    fills = list(
        session.execute(
            select(FuelFill, OdometerReading.km)
            .join(OdometerReading, OdometerReading.id == FuelFill.reading_id)
            .where(FuelFill.vehicle_id == vehicle.id)
            .order_by(FuelFill.at, FuelFill.id)
        )
    )
    gone = {fill.cancels_id for fill, _ in fills if fill.cancels_id is not None}
    kept = [(fill, km) for fill, km in fills if fill.cancels_id is None and fill.id not in gone]
    far = float(value_on(session, FUEL_FAR.name, today(session)))
    found = between_full_tanks([Tank(fill.at, km, fill.millilitres, fill.full) for fill, km in kept], far)
    legs = tuple(Leg(each.at, each.km, each.millilitres, each.odd) for each in found)
    usual = [leg.per_100 for leg in legs if not leg.odd]
    litres = sum(fill.millilitres for fill, _ in kept) / 1000
    cents = sum(fill.cents for fill, _ in kept)
    return Consumption(median(usual) if usual else None, legs[::-1], litres, cents)
