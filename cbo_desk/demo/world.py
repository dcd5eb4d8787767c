"""Makes up the demo compound's places, people and assets: plain values, the same for the same seed."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from cbo_desk.demo import words


@dataclass(frozen=True)
class DemoSize:
    """How large the compound is; `scale` 1 is the one of the first run."""

    people: int = 60
    assets: int = 1200
    blocks: int = 4
    rooms_a_floor: int = 12

    @staticmethod
    def of(scale: float) -> DemoSize:
        """The size at a scale: 800 and more is the real compound with a million assets."""
        return DemoSize(
            people=max(20, min(6000, round(60 * scale))),
            assets=max(50, round(1200 * scale)),
            blocks=min(len(words.BLOCKS), 4 + round(scale**0.35) - 1),
            rooms_a_floor=12 if scale <= 4 else 30,
        )


@dataclass(frozen=True)
class DemoPlace:
    """One place with the code of what it stands in."""

    code: str
    name: str
    kind: str
    parent: str
    area: float | None = None


@dataclass(frozen=True)
class DemoPerson:
    """One made-up person."""

    index_number: str
    family: str
    given: str
    entity: str
    unit: str
    room: str


@dataclass(frozen=True)
class DemoAsset:
    """One made-up asset; cost in whole cents."""

    number: str
    entity: str
    model: words.Model
    serial: str
    cost_cents: int
    acquired_on: date
    warranty_until: date | None
    state: str
    state_since: date
    place: str
    person: int | None
    condition: str
    order: str
    printed: bool


def places(size: DemoSize) -> list[DemoPlace]:
    """The tree of places, parents before children."""
    found = [DemoPlace("GIGIRI", "Gigiri compound", "site", "")]
    for block in words.BLOCKS[: size.blocks]:
        found.append(DemoPlace(block, f"Block {block}", "building", "GIGIRI"))
        for floor in range(4):
            code = f"{block}-{floor}"
            found.append(DemoPlace(code, "ground floor" if floor == 0 else f"floor {floor}", "floor", block))
            for room in range(1, size.rooms_a_floor + 1):
                area = 14.0 + (room * 7 + floor * 3) % 22
                number = f"{block}-{floor}{room:02}"
                found.append(DemoPlace(number, number, "room", code, area))
    found += [DemoPlace(code, name, "store", "GIGIRI", 240.0) for code, name in words.STORES]
    found += [DemoPlace(code, name, "gate", "GIGIRI") for code, name in words.GATES]
    return [*found, *(DemoPlace(code, name, "yard", "GIGIRI", 900.0) for code, name in words.YARDS)]


def people(size: DemoSize, rooms: list[str], seed: int) -> list[DemoPerson]:
    """The staff: the first entities are the larger ones, and everybody sits among the own entity's people."""
    chance = random.Random(f"people {seed}")
    found = []
    for number in range(size.people):
        entity = words.ENTITIES[min(int(chance.expovariate(0.18)), len(words.ENTITIES) - 1)][0]
        found.append(
            DemoPerson(
                f"{100000 + number * 7}",
                words.FAMILY[(number * 17 + number // 50) % len(words.FAMILY)],
                chance.choice(words.GIVEN),
                entity,
                chance.choice(words.UNITS),
                "",
            )
        )
    seats = sorted(range(len(found)), key=lambda number: _size_of(found[number].entity))
    for seat, number in enumerate(seats):
        found[number] = replace(found[number], room=rooms[seat * len(rooms) // len(found)])
    return found


def occupiers(staff: list[DemoPerson], rooms: list[str]) -> dict[str, str]:
    """Which entity sits in a room, by the room's code: as its people do; some rooms are nobody's in particular."""
    seats = sorted((person.entity for person in staff), key=_size_of)
    taken = {room: seats[at * len(seats) // len(rooms)] for at, room in enumerate(rooms) if at % 13 != 7}
    return taken | {person.room: person.entity for person in staff}


def _size_of(entity: str) -> int:
    return next(at for at, (code, _name) in enumerate(words.ENTITIES) if code == entity)


def assets(size: DemoSize, staff: list[DemoPerson], rooms: list[str], today: date, seed: int) -> Iterator[DemoAsset]:
    """The register, one asset after the other, numbered per entity."""
    chance = random.Random(f"assets {seed}")
    heights = list(accumulate(model.weight for model in words.MODELS))
    numbers = dict.fromkeys((code for code, _name in words.ENTITIES), 0)
    for _ in range(size.assets):
        model = words.MODELS[bisect(heights, chance.random() * heights[-1])]
        holder = int(chance.random() * len(staff))
        entity = staff[holder].entity
        numbers[entity] += 1
        yield _asset(chance, model, holder, staff[holder], rooms, today, f"{_prefix(entity)}-{numbers[entity]:06}")


_STATES = (
    ("in_service", 0.84),
    ("in_store", 0.92),
    ("under_repair", 0.94),
    ("on_loan", 0.955),
    ("missing", 0.963),
    ("awaiting_disposal", 0.98),
    ("disposed", 1.01),
)


def _asset(
    chance: random.Random,
    model: words.Model,
    holder: int,
    person: DemoPerson,
    rooms: list[str],
    today: date,
    number: str,
) -> DemoAsset:
    age = int(chance.betavariate(1.3, 2.4) * 3600)
    acquired = today - timedelta(days=age + 3)
    dice = chance.random()
    state = next(name for name, limit in _STATES if dice < limit)
    held = state in ("in_service", "on_loan", "under_repair") and model.category not in ("POWER", "SEC")
    place = person.room if held else chance.choice(rooms)
    if state in ("in_store", "awaiting_disposal"):
        place = chance.choice(words.STORES)[0]
    return DemoAsset(
        number=number,
        entity=person.entity,
        model=model,
        serial=f"{chance.randrange(36**7):07X}"[-7:] + str(chance.randrange(10)),
        cost_cents=round(model.cost * 100 * (0.94 + chance.random() * 0.12)),
        acquired_on=acquired,
        warranty_until=acquired + timedelta(days=1095) if model.category != "FURN" else None,
        state=state,
        state_since=max(acquired, today - timedelta(days=chance.randrange(1, 900))),
        place=place,
        person=holder if held else None,
        condition=("good", "good", "good", "fair", "new", "poor")[chance.randrange(6)],
        order=f"PO 4500-{chance.randrange(1000, 9999)}",
        printed=chance.random() < 0.82,
    )


def _prefix(entity: str) -> str:
    return {"UN-Habitat": "UNH", "UNICEF": "UNIC", "UN Women": "UNW", "UNODC": "UNOD", "UNFPA": "UNFP"}.get(
        entity, entity
    )
