"""The form of an asset, opened over the register as a person would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.errors import Refusal
from cbo_desk.property import KIND, AssetForm, asset_card, receive_assets
from cbo_desk.tags import link_code, resolve
from tests.writing import rows
from ui.kit.dialogs import FormBox
from ui.property.forms import _values_of


@pytest.fixture
def asset_id(window, sqlite_office, qtbot):
    """One laptop, with its card open."""
    from sqlalchemy import select

    from db.people import Entity

    entity = rows(sqlite_office, select(Entity.id))[0][0]
    laptop = AssetForm(entity, "L-1", "Laptop", serial="7X", cost_cents=168_450, fund="32FUA", notes="Keep the box")
    ident = sqlite_office.write(receive_assets, laptop, []).ids[0]
    window.bench.open_record("property.asset", ident)
    card = window.shell.page().register.card
    qtbot.waitUntil(lambda: card.card is not None and card.card.id == ident)
    return ident


def form_in_front(window, qtbot):
    qtbot.waitUntil(lambda: bool(window.shell.findChildren(FormBox)))
    return window.shell.findChildren(FormBox)[-1]


def test_the_form_shows_what_stands_and_changes_only_what_is_typed(window, qtbot, sqlite_office, asset_id):
    before = sqlite_office.read(asset_card, asset_id)
    window.shell.actions_.run("property.edit")
    box = form_in_front(window, qtbot)
    stands = _values_of(before)
    assert box.form.values() == {name: stands[name] for name in box.form.editors}
    line = box.form.editors["serial"].input
    line.selectAll()
    qtbot.keyClicks(line, "7Y")
    qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: sqlite_office.read(asset_card, asset_id).form.serial == "7Y")
    after = sqlite_office.read(asset_card, asset_id).form
    changed = {name for name in AssetForm.__dataclass_fields__ if getattr(after, name) != getattr(before.form, name)}
    assert changed == {"serial"}


def test_what_is_needed_is_all_that_receiving_asks_for(window, qtbot, sqlite_office, asset_id):
    window.shell.actions_.run("property.receive")
    box = form_in_front(window, qtbot)
    for name, text in {"inventory_no": "L-2", "description": "Laptop", "cost_cents": "-5"}.items():
        qtbot.keyClicks(box.form.editors[name].input, text)
    box.save()
    cost = box.form.editors["cost_cents"].input
    qtbot.waitUntil(lambda: bool(cost.property("faulty")))
    cost.clear()
    box.save()
    qtbot.waitUntil(lambda: not window.shell.actions_.covered())
    shown = sqlite_office.read(asset_card, asset_id + 1).form
    assert (shown.inventory_no, shown.condition, shown.currency, shown.cost_cents) == ("L-2", "", "USD", 0)


@pytest.mark.parametrize("second", ["property.edit", "property.receive", "palette"])
def test_two_boxes_asked_for_at_once_open_one(window, qtbot, asset_id, second):
    told = []
    window.bench.runner.failed.connect(told.append)
    window.shell.actions_.run("property.edit")
    window.shell.actions_.run(second)
    runner = window.bench.runner
    qtbot.waitUntil(lambda: window.shell.actions_.covered() and not runner._reads.busy)
    QApplication.processEvents()
    assert not told
    assert not [notice for notice in window.shell.toasts.notices.all if "fault is ours" in notice.said]


def test_a_barcode_cannot_take_the_number_of_another_asset(sqlite_office, asset_id):
    form = sqlite_office.read(asset_card, asset_id).form
    other = sqlite_office.write(receive_assets, replace(form, serial=""), ["L-200"]).ids[0]
    with pytest.raises(Refusal, match="L-200 is the number of another record"):
        sqlite_office.write(link_code, "l-200", KIND, asset_id)
    assert sqlite_office.read(resolve, "L-200").opened.record_id == other
    sqlite_office.write(link_code, "4006381333931", KIND, asset_id)
    assert sqlite_office.read(resolve, "4006381333931").opened.record_id == asset_id
