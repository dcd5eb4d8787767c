"""Forms that list things take scans: things into their list, the bearer's badge into the field for somebody."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cbo_desk.tags import tags_of
from tests.ui.places.conftest import CONTROL, hands, made, open_window, window
from tests.ui.property.leaving import at, code_of, scan

__all__ = ["hands", "made", "open_window", "window"]


def test_forms_for_things_take_the_bearers_badge_and_what_is_to_be_serviced(hands, made, sqlite_office):
    badge, door = (
        sqlite_office.read(tags_of, kind, [ident])[0].code
        for kind, ident in (("people.person", made.wafula), ("places.place", made.m215))
    )
    at(hands, "property/gate")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    assert scan(hands, badge).words == "Bearer: Wafula, Grace"
    assert form.editors["person_id"].value().id == made.wafula
    assert scan(hands, code_of(hands, made.asset1)).good
    refused = scan(hands, door)
    assert (refused.good, "M-215 is no asset" in refused.words) == (False, True)
    assert (form.editors["asset_ids"].typed(), form.editors["person_id"].words()) == ("UNEP-001", "Wafula, Grace")
    hands.press(Qt.Key.Key_Escape)
    hands.gone()
    at(hands, "property/maintenance").forms.ask_assets()
    form = hands.form()
    scan(hands, code_of(hands, made.asset1))
    scan(hands, code_of(hands, made.asset2))
    assert form.editors["asset_ids"].typed() == "UNEP-001\nUNEP-002"
