"""Two workstations on one server: each sees what the other opens and changes, and is not disturbed by it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from cbo_desk.attending import FORGET_S
from cbo_desk.office import Office
from cbo_desk.open_records import Opened, Present
from cbo_desk.people import entity_card
from cbo_desk.permissions import administrator
from cbo_desk.property import AssetForm, asset_card, edit_asset, receive_assets
from db.engine import open_engine
from tests.ui.places.conftest import Hands, furnish, open_window
from ui.people.forms import PeopleForms

__all__ = ["open_window"]


@pytest.fixture
def offices(postgres_url, clock):
    made = [
        Office(open_engine(postgres_url), administrator(login, name, desk), clock)
        for login, name, desk in (("ada", "Ada Otieno", "DESK-1"), ("ben", "Ben Wafula", "DESK-2"))
    ]
    yield made
    for office in made:
        office.close()


def test_who_has_a_record_open_is_known_while_it_lasts(offices):
    ada, ben = offices
    here = frozenset({Opened("people.entity", 7), Opened("people.person", 3, editing=True)})
    assert ada.attend(here) == []
    assert ben.attend(frozenset({Opened("people.person", 3)})) == [Present("people.person", 3, "Ada Otieno", True)]
    assert ada.attend(here) == [Present("people.person", 3, "Ben Wafula", False)]
    assert ben.attend(frozenset({Opened("people.person", 4)})) == []
    # One that said nothing for too long is gone, and one that left is gone at once.
    with ada.engine.begin() as connection:
        connection.execute(text(f"UPDATE presence SET seen = seen - interval '{FORGET_S + 1} seconds'"))
    assert ben.attend(frozenset({Opened("people.entity", 7)})) == []
    ada.attend(frozenset())
    with ada.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM presence WHERE login = 'ada'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM audit_entry")) == 0  # it is no deed


def test_on_a_file_nobody_is_told(sqlite_office):
    assert sqlite_office.attend(frozenset({Opened("people.person", 3)})) == []
    with sqlite_office.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM presence")) == 0


def test_two_windows_on_one_record(open_window, offices, qtbot):  # noqa: F811
    ada, ben = offices
    made = furnish(ada)
    many = [AssetForm(made.unep, f"X-{number:03}", "Chair", place_id=made.store) for number in range(60)]
    for form in many:
        ada.write(receive_assets, form)
    hers, his = Hands(qtbot, open_window(ada, "people")), Hands(qtbot, open_window(ben, "people"))
    for hands in (hers, his):
        hands.window.shell.go("people", f"people.entity:{made.unep}")
        hands.until(lambda hands=hands: hands.window.shell.page().card.entity is not None)
    page = hers.window.shell.page()
    hers.until(lambda: page._others_words.words() == "Ben Wafula has this open")
    PeopleForms(his.window.bench, his.window).edit_entity(ben.read(entity_card, made.unep))
    his.form()
    hers.until(lambda: page._others_words.words() == "Ben Wafula is changing this")
    PeopleForms(hers.window.bench, hers.window).edit_entity(ada.read(entity_card, made.unep))
    hers.form()
    box = hers.window.shell._overlay.box
    hers.until(lambda: box.others.isVisible() and "Ben Wafula is changing this" in box.others.words())
    # He saves while she types: it is on her screen within 1.5 s, and her typing and cursor are as they were.
    line = box.form.editors["billing_reference"].line
    line.setFocus()
    qtbot.keyClicks(line, "B-4")
    line.setCursorPosition(1)
    form = his.window.shell._overlay.box
    form.form.editors["name"].line.selectAll()
    qtbot.keyClicks(form.form.editors["name"].line, "Environment Programme")
    form.save()
    his.gone()
    saved = time.monotonic()
    hers.until(lambda: box.form.editors["name"].words() == "Environment Programme")
    # Heard at the next second; a busy computer may take its time, and the promise of 1.5 s is measured on a quiet one.
    assert time.monotonic() - saved < 15
    assert (line.text(), line.cursorPosition()) == ("B-4", 1)
    box.save()
    hers.gone()
    card = ada.read(entity_card, made.unep).form
    assert (card.name, card.billing_reference) == ("Environment Programme", "B-4")
    hers.until(lambda: page._others_words.words() == "Ben Wafula has this open")
    # A list that is scrolled and has a row chosen stays so while one of its rows changes.
    register = hers.window.shell.go("property").register
    hers.until(lambda: register.model.rowCount() == 63)
    hers.still()
    table = register.table
    qtbot.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    hers.until(lambda: table.currentIndex().row() == 62)
    hers.still()
    before = (table.currentIndex().row(), table.verticalScrollBar().value())
    chosen = register.model.row_at(62)
    other = register.model.row_at(61)
    old = ben.read(asset_card, other.id)
    ben.write(edit_asset, other.id, old.version, replace(old.form, description="Chair, mended"))
    hers.until(lambda: register.model.row_at(61).description == "Chair, mended")
    assert (table.currentIndex().row(), table.verticalScrollBar().value()) == before
    assert register.model.row_at(62).id == chosen.id
    his.window.attending.stop()
    with ada.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM presence WHERE login = 'ben'")) == 0
