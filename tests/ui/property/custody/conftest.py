"""A real window over a store with sixty laptops, badges and doors, driven by scanner and keyboard."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtGui import QDesktopServices
from sqlalchemy import select

from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import give_tags
from db.people import Entity, Person
from db.places import Place
from db.property import Asset
from db.tags import Tag
from tests.conftest import MORNING
from tests.ui.imports.conftest import open_window, press, window
from tests.writing import insert, rows
from ui.kit.drafts import Drafts

__all__ = ["open_window", "press", "window"]


@pytest.fixture
def shop(window, sqlite_office, tmp_path):
    """Sixty laptops in store, a badge for Lindqvist and one for Silva who has left, doors."""

    window.bench.drafts = Drafts(tmp_path / "drafts")

    def fill(session):
        session.info["now"] = MORNING
        erik = session.scalar(select(Person.id))
        unep = session.scalar(select(Entity.id).where(Entity.code == "UNEP"))
        gone = Person(entity_id=unep, entity_code="UNEP", family_name="Silva", sort_name="Silva",
                      until=MORNING.date().replace(year=2025))  # fmt: skip
        session.add(gone)
        session.flush()
        places = {place.code: place.id for place in session.scalars(select(Place))}
        give_tags(session, "people.person", [erik, gone.id])
        give_tags(session, "places.place", list(places.values()))
        return erik, gone.id, unep, places

    erik, gone, unep, places = insert(sqlite_office, fill)
    numbers = [f"L{n:02}" for n in range(60)]
    form = AssetForm(entity_id=unep, inventory_no="x", description="Laptop, Dell Latitude 7450", place_id=places["S1"])
    assets = dict(zip(numbers, sqlite_office.write(receive_assets, form, numbers).ids, strict=True))
    codes = {
        (kind, ident): code
        for kind, ident, code in rows(sqlite_office, select(Tag.subject_kind, Tag.subject_id, Tag.code))
    }
    return SimpleNamespace(
        erik=erik,
        places=places,
        assets=assets,
        numbers=numbers,
        badge=codes["people.person", erik],
        gone=codes["people.person", gone],
        door=lambda code: codes["places.place", places[code]],
        tag=lambda number: codes["property.asset", assets[number]],
    )


@pytest.fixture
def opened(monkeypatch):
    """The files that the computer's viewer was asked to open."""
    files = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: files.append(url.toLocalFile()) or True)
    return files


@pytest.fixture
def scan(window, qtbot):
    """Scans texts as a scanner does, and waits until each was dealt with."""

    def put(*texts):
        for text in texts:
            window.bench.feed._heard.clear()  # the same tag twice on purpose, without waiting
            window.bench.feed.put("serial", text)
        qtbot.waitUntil(lambda: window.bench.feed.pending == 0)

    return put


@pytest.fixture
def stands(sqlite_office):
    """A function that tells state, custodian and place of every asset, by number."""

    def look():
        wanted = select(Asset.inventory_no, Asset.state, Asset.custodian_name, Asset.place_code)
        return {row[0]: row[1:] for row in rows(sqlite_office, wanted)}

    return look
