from __future__ import annotations

from types import SimpleNamespace

import pytest

from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.property.verification import Scope, open_campaign
from cbo_desk.tags import give_tags
from db.places import Place
from db.property import Asset
from db.tags import Tag
from tests.conftest import MORNING
from tests.property.conftest import furnish
from tests.writing import insert, rows

ROOMS = ("M-214", "M-118", "S1")


@pytest.fixture
def furnished(office):
    """The small compound, and what `stock` puts there."""
    return furnish(office, stock)


@pytest.fixture
def compound(furnished):
    """The compound that is counted."""
    return furnished.compound


@pytest.fixture
def stocked(furnished):
    """See `stock`."""
    return furnished.stock


def stock(office, compound):
    """Three rooms with a shelf in the store, doors with tags, and four assets in each: A1 to A4, B1 to B4, C1 to C4."""

    def doors(session):
        session.info["now"] = MORNING
        shelf = Place(place_kind="shelf", code="S1-03", name="Shelf 3", parent_id=compound.places["S1"])
        session.add(shelf)
        session.flush()
        shelf.path = f"{compound.site}{compound.places['S1']}/{shelf.id}/"
        ids = [*compound.places.values(), shelf.id]
        give_tags(session, "places.place", ids)
        give_tags(session, "people.person", [compound.erik])
        return shelf.id

    shelf = insert(office, doors)
    assets = {}
    for letter, room in zip("ABC", ROOMS, strict=True):
        numbers = [f"{letter}{n}" for n in range(1, 5)]
        place = shelf if room == "S1" else compound.places[room]
        form = AssetForm(entity_id=compound.unep, inventory_no="x", description="Chair", place_id=place)
        assets |= dict(zip(numbers, office.write(receive_assets, form, numbers).ids, strict=True))
    tags = {}
    for kind, ident, code in rows(office, Tag.__table__.select().with_only_columns(
        Tag.subject_kind, Tag.subject_id, Tag.code
    )):  # fmt: skip
        tags[kind, ident] = code
    return SimpleNamespace(
        assets=assets,
        tag=lambda number: tags["property.asset", assets[number]],
        door=lambda code: tags["places.place", shelf if code == "S1-03" else compound.places[code]],
        badge=tags["people.person", compound.erik],
        rooms=compound.places,
        shelf=shelf,
        entity=compound.unep,
        erik=compound.erik,
    )


@pytest.fixture
def campaign(office, stocked):
    """An open campaign over the whole compound."""
    return office.write(open_campaign, "Count 2026", Scope()).ids[0]


@pytest.fixture
def register(office):
    """A function that tells how the register has every asset: state, place and condition by number."""

    def look():
        wanted = (Asset.inventory_no, Asset.state, Asset.place_code, Asset.condition)
        return {row[0]: row[1:] for row in rows(office, Asset.__table__.select().with_only_columns(*wanted))}

    return look
