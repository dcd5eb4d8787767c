"""The register's window while its lineup is made, once it is there, and when somebody else changes a row."""

from __future__ import annotations

from functools import partialmethod

import pytest
from sqlalchemy import select

from cbo_desk import lineup, lineups
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.permissions import administrator
from cbo_desk.property import KIND, AssetFilter, AssetList, move_assets
from cbo_desk.property.commands import enter_search
from db.property import Asset
from tests.conftest import MORNING
from tests.property.conftest import small_compound
from tests.writing import insert, rows
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.window_model import WindowModel

COUNT = 2 * PAGE + 30
COLUMNS = (Column(Look("number", "ref"), "Number", lambda row: row.inventory_no, sort="inventory_no"),)


@pytest.fixture
def compound(sqlite_office, monkeypatch):
    monkeypatch.setattr(lineups, "LONG", 1)
    made = small_compound(sqlite_office)
    line = {"entity_id": made.unep, "entity_code": "UNEP", "description": "Chair", "state": "in_service"}
    assets = [
        Asset(**line, inventory_no=f"N-{n:04}", cost_cents=n * 7919 % COUNT * 100, changed_at=MORNING)
        for n in range(COUNT)
    ]
    insert(sqlite_office, lambda session: session.add_all(assets))
    return made


def test_the_window_is_the_same_by_the_lineup(sqlite_office, compound, runner, qtbot):
    sqlite_office.hear()  # from here on
    model = WindowModel(runner, COLUMNS)
    model.show(AssetList())
    qtbot.waitUntil(lambda: KIND in sqlite_office.lineups.ready, timeout=20_000)
    listing = AssetList(AssetFilter(cost_from=50_00), "cost", descending=True)
    model.show(listing)
    qtbot.waitUntil(lambda: model.idle and model.length_known, timeout=20_000)
    dear = select(Asset.id).where(Asset.cost_cents >= 50_00).order_by(Asset.cost_cents.desc(), Asset.id.desc())
    truth = [ident for (ident,) in rows(sqlite_office, dear)]
    assert model.rowCount() == len(truth) == COUNT - 50
    last = len(truth) - 1
    model.row_at(last)
    qtbot.waitUntil(lambda: model.row_at(last) is not None, timeout=20_000)
    assert [model.row_at(0).id, model.row_at(last).id] == [truth[0], truth[-1]]
    assert listing._lined is not None  # it was memory that answered

    other = Office(sqlite_office.engine, administrator("b", "B"))
    other.write(move_assets, [truth[0]], compound.places["M-118"])
    runner.listen()
    qtbot.waitUntil(lambda: model.row_at(0) is not None and model.row_at(0).place_code == "M-118", timeout=20_000)
    qtbot.waitUntil(lambda: model.idle, timeout=20_000)
    assert model.rowCount() == len(truth)


def test_a_row_that_holds_a_broad_word_elsewhere_comes_into_the_first_page(
    sqlite_office, compound, runner, qtbot, monkeypatch
):
    monkeypatch.setattr(lineup, "FEW", 9)
    monkeypatch.setattr(lineup.Lineup, "_surely", partialmethod(_but_one, lineup.Lineup._surely))
    insert(sqlite_office, lambda session: enter_search(session, list(session.scalars(select(Asset)))))
    model = WindowModel(runner, COLUMNS)
    model.show(AssetList())
    qtbot.waitUntil(lambda: KIND in sqlite_office.lineups.ready, timeout=20_000)
    firsts = []
    model.modelReset.connect(lambda: firsts.append([model.row_at(row).inventory_no for row in range(4)]))
    model.show(AssetList(AssetFilter(words="chair"), "inventory_no", descending=False))
    qtbot.waitUntil(lambda: model.idle and model.length_known, timeout=20_000)
    model.row_at(5)
    qtbot.waitUntil(lambda: model.idle and model.row_at(5) is not None, timeout=20_000)
    assert firsts[-1] == ["N-0000", "N-0001", "N-0002", "N-0004"]
    assert [model.row_at(row).inventory_no for row in range(4)] == ["N-0000", "N-0001", "N-0002", "N-0003"]
    assert model.rowCount() == COUNT


def _but_one(self, real, words):
    """What is known at once to hold the words, but for the fourth asset."""
    found = real(self, words)
    found[sorted(found.nonzero()[0])[3]] = False
    return found
