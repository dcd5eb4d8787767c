from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import give_tags
from db.people import Person
from db.property import Asset
from db.tags import Tag
from tests.conftest import MORNING
from tests.property.conftest import furnish
from tests.writing import insert, rows


def stock(office, compound):
    """Six assets in store (A1 to A6), doors and badges with tags, and a second person, Otieno."""

    def fill(session):
        session.info["now"] = MORNING
        grace = Person(entity_id=compound.unep, entity_code="UNEP", family_name="Otieno", given_name="Grace",
                       sort_name="Otieno, Grace", email="grace@example.org")  # fmt: skip
        session.add(grace)
        session.flush()
        give_tags(session, "places.place", list(compound.places.values()))
        give_tags(session, "people.person", [compound.erik, compound.gone, grace.id])
        return grace.id

    grace = insert(office, fill)
    numbers = [f"A{n}" for n in range(1, 7)]
    form = AssetForm(entity_id=compound.unep, inventory_no="x", description="Laptop, Dell Latitude 7450",
                     serial="7HQ2K94", maker="Dell", place_id=compound.places["S1"])  # fmt: skip
    assets = dict(zip(numbers, office.write(receive_assets, form, numbers).ids, strict=True))
    codes = {
        (kind, ident): code for kind, ident, code in rows(office, select(Tag.subject_kind, Tag.subject_id, Tag.code))
    }
    return SimpleNamespace(
        assets=assets,
        all=list(assets.values()),
        erik=compound.erik,
        gone=compound.gone,
        grace=grace,
        places=compound.places,
        store=compound.places["S1"],
        unep=compound.unep,
        tag=lambda number: codes["property.asset", assets[number]],
        badge=lambda person: codes["people.person", person],
        door=lambda code: codes["places.place", compound.places[code]],
    )


@pytest.fixture
def furnished(office):
    """The small compound, and its store with six laptops and two people to take them."""
    return furnish(office, stock)


@pytest.fixture
def compound(furnished):
    """The compound around the store."""
    return furnished.compound


@pytest.fixture
def shop(furnished):
    """A store with six laptops and two people to take them."""
    return furnished.stock


@pytest.fixture
def stands(office):
    """A function that tells how the register has every asset: state, custodian and place, by number."""

    def look():
        wanted = select(Asset.inventory_no, Asset.state, Asset.custodian_name, Asset.place_code)
        return {row[0]: row[1:] for row in rows(office, wanted)}

    return look


@pytest.fixture
def office_shop(sqlite_office):
    """The same store on SQLite alone, for what does not depend on the engine."""
    return furnish(sqlite_office, stock).stock
