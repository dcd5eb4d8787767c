from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from cbo_desk.property import AssetForm
from db.people import Entity, Person
from db.places import Place
from tests.furnished import made_once
from tests.writing import insert


@pytest.fixture
def compound(office):
    """A small compound on both engines."""
    return bare(office)


@made_once
def bare(office):
    """The small compound, and nothing in it."""
    return small_compound(office)


def small_compound(office):
    """Two entities, a block with two rooms, a store, and two people, one of whom has left."""

    def fill(session):
        unep, wfp = Entity(code="UNEP", name="Environment"), Entity(code="WFP", name="Food")
        session.add_all([unep, wfp])
        site = Place(place_kind="site", code="GIGIRI", name="Gigiri")
        session.add(site)
        session.flush()
        site.path = f"/{site.id}/"
        places = {}
        for code, kind in (("M-214", "room"), ("M-118", "room"), ("S1", "store")):
            place = Place(place_kind=kind, code=code, name=code, parent_id=site.id)
            session.add(place)
            session.flush()
            place.path = f"/{site.id}/{place.id}/"
            places[code] = place.id
        erik = Person(
            entity_id=unep.id,
            entity_code="UNEP",
            family_name="Lindqvist",
            given_name="Erik",
            sort_name="Lindqvist, Erik",
        )
        gone = Person(
            entity_id=unep.id, entity_code="UNEP", family_name="Silva", sort_name="Silva", until=date(2026, 1, 31)
        )
        session.add_all([erik, gone])
        session.flush()
        return SimpleNamespace(unep=unep.id, wfp=wfp.id, erik=erik.id, gone=gone.id, places=places, site=site.path)

    return insert(office, fill)


@made_once
def furnish(office, stock):
    """The small compound, and what `stock(office, compound)`, a function of a module, puts there."""
    compound = small_compound(office)
    return SimpleNamespace(compound=compound, stock=stock(office, compound))


@pytest.fixture
def laptop(compound):
    """What a person would write about a new laptop."""
    return AssetForm(
        entity_id=compound.unep,
        inventory_no="UNEP-1",
        description="Laptop, Dell Latitude 7450",
        maker="Dell",
        serial="7HQ2K94",
        cost_cents=168_400,
        acquired_on=date(2026, 1, 30),
        purchase_order="PO 4500-2817",
    )
