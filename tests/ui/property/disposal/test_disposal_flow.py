"""Issue 3, point 4: a case from the first scan to the certificate, by keyboard and scanner, with the review's gate."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import State, asset_card, edit_asset
from cbo_desk.property.disposal import CaseState, case_card, open_case
from tests.ui.places.conftest import CONTROL, Hands, furnish, hands, made, open_window, window
from tests.ui.property.leaving import at, code_of, scan
from ui.kit.labels import Label

__all__ = ["hands", "made", "open_window", "window"]


def make_dear(office, asset):
    """Let a laptop cost enough for the review body."""
    from dataclasses import replace
    from datetime import date

    card = office.read(asset_card, asset)
    form = replace(card.form, cost_cents=168_400, acquired_on=date(2026, 1, 30))
    office.write(edit_asset, asset, card.version, form)


def said(form):
    """What stands above the fields of a form."""
    return " ".join(label.words() for label in form.notice.findChildren(Label) if label.isVisible())


def flow(hands, made):
    """Opened, scanned into, submitted, refused without a decision, decided, carried out."""
    office = hands.window.office
    make_dear(office, made.asset1)
    page = at(hands, "property/disposal")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    form.editors["reason"].line.setFocus()
    hands.type("Worn out beyond repair")
    assert scan(hands, code_of(hands, made.asset1)).good
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card is not None and page.card.card.reference == "DISP-0001")
    hands.until(page.card.scans.isVisible)
    # While the case is shown and being prepared, scans go into it.
    assert scan(hands, code_of(hands, made.asset2)).words == "UNEP-002: in DISP-0001."
    hands.until(lambda: len(page.card.card.items) == 2)
    hands.undo()
    hands.until(lambda: len(page.card.card.items) == 1)
    assert "already in DISP-0001" in scan(hands, code_of(hands, made.asset1)).words
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_S)
    hands.until(lambda: page.card.card.state is CaseState.SUBMITTED)
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_F)
    form = hands.form()
    form.editors["done_on"].line.setFocus()
    hands.type("24 Aug 2026")
    form.editors["recipient"].line.setFocus()
    hands.type("Kibera Metal Works")
    hands.save()
    hands.until(lambda: "needs the review body's decision first" in said(form))
    hands.press(Qt.Key.Key_Escape)
    hands.gone()
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_D)
    form = hands.form()
    form.editors["decided_on"].line.setFocus()
    hands.type("24 Aug 2026")
    form.editors["body"].line.setFocus()
    hands.type("Local Property Survey Board")
    hands.save()
    assert hands.fault("minutes")
    form.editors["minutes"].line.setFocus()
    hands.type("LPSB/2026/14")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card.state is CaseState.APPROVED)
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_F)
    form = hands.form()
    form.editors["done_on"].line.setFocus()
    hands.type("24 Aug 2026")
    form.editors["recipient"].line.setFocus()
    hands.type("Kibera Metal Works")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card.state is CaseState.COMPLETE)
    assert office.read(asset_card, made.asset1).state is State.DISPOSED
    assert office.read(case_card, page.card.card.id).recipient == "Kibera Metal Works"


def test_the_flow(hands, made):
    flow(hands, made)


def test_the_flow_on_the_server(open_window, postgres_url, clock, qtbot):
    from db.engine import open_engine

    office = Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    flow(Hands(qtbot, open_window(office, "property")), made)


def test_the_board_pack_is_written(hands, made, tmp_path):
    page = at(hands, "property/disposal", f"new:{made.asset1}")
    form = hands.form()
    assert form.editors["asset_ids"].typed() == "UNEP-001"
    form.editors["reason"].line.setFocus()
    hands.type("Obsolete")
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card is not None)
    page.write_pack(page.card.card, tmp_path / "pack.pdf")
    hands.still()
    assert (tmp_path / "pack.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_typed_wrong_is_said_beside_its_field(hands, made):
    at(hands, "property/disposal")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    form.editors["reason"].line.setFocus()
    hands.type("Obsolete")
    form.editors["asset_ids"].set_typed("NO-SUCH-NUMBER")
    hands.save()
    assert "NO-SUCH-NUMBER" in hands.fault("asset_ids")


def test_chosen_assets_go_into_a_case_that_is_there_and_the_right_ones_come_out(hands, made):
    office = hands.window.office
    case = office.write(open_case, made.unep, "Worn out", (made.asset1,)).ids[0]
    page = at(hands, "property/disposal", f"new:{made.asset2}")
    form = hands.form()
    assert list(form.editors) == ["case_id", "asset_ids"]
    assert form.editors["case_id"].value() == case
    form.editors["case_id"].set_value(0)
    form.editors["case_id"].edited.emit()
    assert set(form.editors) == {"case_id", "asset_ids", "entity_id", "reason"}
    assert form.editors["entity_id"].value() == made.unep
    form.editors["case_id"].set_value(case)
    form.editors["case_id"].edited.emit()
    hands.save()
    hands.gone()
    hands.until(lambda: page.card.card is not None and len(page.card.card.items) == 2)
    page.list.table.setFocus()
    hands.press(Qt.Key.Key_O)
    hands.form()
    hands.save()
    assert hands.fault("asset_ids") == "What stays after all is needed."
    scan(hands, code_of(hands, made.asset1))
    hands.save()
    hands.gone()
    hands.until(lambda: [one.inventory_no for one in page.card.card.items] == ["UNEP-002"])
    assert office.read(asset_card, made.asset1).state is State.IN_SERVICE
    hands.press(Qt.Key.Key_O)  # the only one needs no question
    hands.until(lambda: not page.card.card.items)
    hands.undo()
    hands.until(lambda: len(page.card.card.items) == 1)
