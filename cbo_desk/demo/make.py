"""Fills an empty database with the demo compound, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import bulk, search
from cbo_desk.changes import Changes
from cbo_desk.context import ZONE, now, today
from cbo_desk.demo import site_map, words, world
from cbo_desk.demo.capital import fill_capital
from cbo_desk.demo.conference import fill_conference
from cbo_desk.demo.loads import fill_loads
from cbo_desk.demo.mail import fill_mail
from cbo_desk.demo.outgoing import fill_outgoing
from cbo_desk.demo.property import fill_property
from cbo_desk.demo.transport import fill_transport
from cbo_desk.demo.world import DemoAsset, DemoPerson, DemoPlace, DemoSize
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.progress import Progress
from cbo_desk.tags import codes
from db.base import table_of
from db.people import Entity, Person
from db.places import Place
from db.property import Asset, AssetEvent, Category
from db.records import Compound
from db.tags import Tag

ASSET = "property.asset"
STEP = 20_000
LARGE = 5


@deed("settings.make_demo", "make the demo compound", Role.ADMINISTRATOR)
def make_demo(session: Session, scale: float = 1, seed: int = 1, progress: Progress | None = None) -> Changes:
    """Fill an empty database; `scale` 1 has 60 people and 1,200 assets, about 833 has a million assets."""
    if session.scalar(select(func.count()).select_from(Asset)):
        raise Refusal("This compound already has assets. The demo needs a database of its own.")
    size = DemoSize.of(scale)
    told = progress or Progress()
    session.merge(Compound(name="name", value="Gigiri compound"))
    session.merge(Compound(name="demo", value=True))
    session.merge(Compound(name="map", value=site_map.draw(size)))
    entities = _entities(session)
    planned = world.places(size)
    rooms = [place.code for place in planned if place.kind == "room"]
    staff = world.people(size, rooms, seed)
    places = _places(session, planned, world.occupiers(staff, rooms), entities)
    people = _people(session, staff, entities, places)
    classes = _categories(session)
    made = 0
    for batch in _batches(world.assets(size, staff, rooms, today(session), seed)):
        _assets(session, batch, entities, places, people, classes)
        made += len(batch)
        told.report(made, size.assets)
    # A mailroom of two weeks is for looking at: neither a tenth of a compound nor a thousand of them has one.
    mail = fill_mail(session, places["S1"][0], seed) if 1 <= scale < LARGE else 0
    if 1 <= scale < LARGE:
        fill_property(session, places["S1"][0])
        fill_outgoing(session, seed)
    trips = fill_transport(session, seed) if 1 <= scale < LARGE else 0
    if 1 <= scale < LARGE:
        fill_loads(session)
    holds = f"{len(staff):,} people, {made:,} assets" + (f", {mail} items of mail" if mail else "")
    holds += f", {trips} trips" if trips else ""
    meetings = fill_conference(session) if 1 <= scale < LARGE else 0
    if meetings:
        meetings += fill_capital(session, seed)
    holds += f", {meetings} meetings" if meetings else ""
    said = f"The demo compound: {holds}. Names, rooms and costs are made up."
    return Changes(ASSET, (), said, everything=True)


def _batches(assets: Any) -> Any:
    batch: list[DemoAsset] = []
    for asset in assets:
        batch.append(asset)
        if len(batch) == STEP:
            yield batch
            batch = []
    if batch:
        yield batch


def _entities(session: Session) -> dict[str, tuple[int, str]]:
    session.execute(insert(Entity), [{"code": code, "name": name, "version": 1} for code, name in words.ENTITIES])
    found = {row.code: (row.id, row.code) for row in session.execute(select(Entity.id, Entity.code))}
    names = dict(words.ENTITIES)
    search.enter(session, (search.Findable("people.entity", found[code][0], code, names[code]) for code in names))
    return found


def _places(
    session: Session,
    demo: Sequence[DemoPlace],
    occupiers: Mapping[str, str],
    entities: Mapping[str, tuple[int, str]],
) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    paths: dict[str, str] = {}
    rows, findables = [], []
    for place, ident in zip(demo, bulk.reserve_ids(session, table_of(Place), len(demo)), strict=True):
        parent = found[place.parent][0] if place.parent else None
        paths[place.code] = f"{paths.get(place.parent, '/')}{ident}/"
        found[place.code] = (ident, place.code)
        occupier = entities[occupiers[place.code]][0] if place.code in occupiers else None
        rows.append((ident, parent, place.kind, place.code, place.name, paths[place.code], place.area, occupier, 1))
        findables.append(search.Findable("places.place", ident, place.code, place.name))
    columns = ("id", "parent_id", "place_kind", "code", "name", "path", "area_m2", "occupier_id", "version")
    bulk.insert_rows(session, table_of(Place), columns, rows)
    bulk.enter_new(session, findables)
    _tags(session, "places.place", codes.Kind.PLACE, [row[0] for row in rows], [True] * len(rows))
    return found


def _people(
    session: Session,
    staff: Sequence[DemoPerson],
    entities: dict[str, tuple[int, str]],
    places: dict[str, tuple[int, str]],
) -> list[tuple[int, str]]:
    found, rows, findables = [], [], []
    for person, ident in zip(staff, bulk.reserve_ids(session, table_of(Person), len(staff)), strict=True):
        name = f"{person.family}, {person.given}"
        email = f"{search.fold(person.given)}.{search.fold(person.family)}.{person.index_number}@un.example"
        entity = entities[person.entity]
        rows.append(
            (ident, *entity, person.index_number, person.family, person.given, name, person.unit, email,
             f"2{person.index_number[-4:]}", places[person.room][0], 1)
        )  # fmt: skip
        found.append((ident, name))
        findables.append(
            search.Findable(
                "people.person", ident, name, f"{person.entity}, {person.unit}", (person.index_number, email)
            )
        )
    columns = ("id", "entity_id", "entity_code", "index_number", "family_name", "given_name", "sort_name", "unit",
               "email", "phone", "place_id", "version")  # fmt: skip
    bulk.insert_rows(session, table_of(Person), columns, rows)
    bulk.enter_new(session, findables)
    _tags(session, "people.person", codes.Kind.BADGE, [row[0] for row in rows], [True] * len(rows))
    return found


def _categories(session: Session) -> dict[str, int]:
    rows = [
        {"code": code, "name": name, "useful_life_months": life, "attractive": attractive, "version": 1}
        for code, name, life, attractive in words.CATEGORIES
    ]
    session.execute(insert(Category), rows)
    return {row.code: row.id for row in session.execute(select(Category.id, Category.code))}


_ASSET_COLUMNS = (
    "id", "entity_id", "entity_code", "inventory_no", "description", "category_id", "maker", "model", "serial",
    "purchase_order", "acquired_on", "cost_cents", "currency", "received_on", "condition", "state", "state_since",
    "place_id", "place_code", "custodian_id", "custodian_name", "warranty_until", "custom", "changed_at",
)  # fmt: skip


def _assets(
    session: Session,
    batch: Sequence[DemoAsset],
    entities: dict[str, tuple[int, str]],
    places: dict[str, tuple[int, str]],
    people: Sequence[tuple[int, str]],
    classes: dict[str, int],
) -> None:
    ids = bulk.reserve_ids(session, table_of(Asset), len(batch))
    made = codes.new_codes(codes.Kind.ASSET, len(batch))
    rows, events, findables = [], [], []
    for ident, code, asset in zip(ids, made, batch, strict=True):
        model = asset.model
        since = datetime.combine(asset.state_since, time(8, ident % 60), ZONE)
        since = min(since, now(session) - timedelta(minutes=ident % 50))
        person = people[asset.person] if asset.person is not None else (None, "")
        rows.append(
            (ident, *entities[asset.entity], asset.number, model.description, classes[model.category], model.maker,
             model.model, asset.serial, asset.order, asset.acquired_on, asset.cost_cents, "USD", asset.acquired_on,
             asset.condition, asset.state, asset.state_since, *places[asset.place], *person, asset.warranty_until,
             {}, since)
        )  # fmt: skip
        events += _events(ident, asset, since, person[1])
        detail = f"{model.description} · {asset.entity}"
        known = (asset.serial, model.maker, model.model, asset.order, code)
        findables.append(search.Findable(ASSET, ident, asset.number, detail, known))
    bulk.insert_rows(session, table_of(Asset), _ASSET_COLUMNS, rows)
    columns = ("asset_id", "at", "by", "what", "state", "place_code", "custodian_name", "said")
    bulk.insert_rows(session, table_of(AssetEvent), columns, events)
    _tags(session, ASSET, codes.Kind.ASSET, list(ids), [asset.printed for asset in batch], made)
    bulk.enter_new(session, findables)


def _events(ident: int, asset: DemoAsset, since: datetime, holder: str) -> list[tuple[Any, ...]]:
    received = datetime.combine(asset.acquired_on, time(9, ident % 60), ZONE)
    found = [(ident, received, "demo", "received", "in_store", "S1", "", f"Received on {asset.order}.")]
    if asset.state != "in_store":
        said = f"Handed over to {holder}." if holder else f"Moved to {asset.place}."
        found.append((ident, since, "demo", "handed_over", asset.state, asset.place, holder, said))
    return found


def _tags(
    session: Session,
    kind: str,
    letter: codes.Kind,
    ids: Sequence[int],
    printed: Sequence[bool],
    made: Sequence[str] = (),
) -> None:
    made = made or codes.new_codes(letter, len(ids))
    instant = now(session)
    rows = (
        (code, True, kind, ident, instant, 1 if done else 0, instant if done else None)
        for code, ident, done in zip(made, ids, printed, strict=True)
    )
    columns = ("code", "ours", "subject_kind", "subject_id", "made_at", "prints", "printed_at")
    bulk.insert_rows(session, table_of(Tag), columns, rows)
