"""Two people change one record at two windows: what only one changed is kept, and nobody is overwritten.

Every form that changes a record is walked, in two real windows over one database.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

import ui
from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Slot,
    SpaceForm,
    Status,
    add_space,
    book,
    booking_card,
    space_card,
)
from cbo_desk.conference.project import PhaseForm, add_phase, phase_card
from cbo_desk.context import ZONE
from cbo_desk.mail import Details, item_card, receive_item
from cbo_desk.mail.outgoing import Handed, hand_in, outgoing_card
from cbo_desk.office import Office
from cbo_desk.people import edit_entity, entity_card, person_card, turn_on_accounts
from cbo_desk.permissions import administrator
from cbo_desk.places import place_card
from cbo_desk.property import State, add_category, asset_card, change_state
from cbo_desk.property.fields import FieldForm, FieldKind, FieldList, define_field
from cbo_desk.property.maintenance import PlanForm, PlanList, RepairList, plan_service
from cbo_desk.secret import Secret
from cbo_desk.transport import (
    DriverForm,
    RequestForm,
    VehicleForm,
    ZoneForm,
    add_drivers,
    add_vehicles,
    add_zones,
    make_requests,
    request_card,
    zones,
)
from cbo_desk.transport.fleet_queries import driver_card, vehicle_card
from db.engine import open_engine
from tests.ui.places.conftest import Hands, furnish, open_window
from ui.conference.forms import BookingForms
from ui.conference.project.phase_form import PhaseForms
from ui.conference.space_forms import SpaceForms
from ui.kit.drafts import Drafts
from ui.mail.deeds import MailDeeds
from ui.mail.outgoing.forms import OutgoingForms
from ui.people.forms import PeopleForms
from ui.places.forms import PlaceForms
from ui.property.deeds import PropertyDeeds
from ui.property.forms import AssetForms
from ui.property.maintenance.forms import MaintenanceForms
from ui.transport.request_form import RequestForms

__all__ = ["open_window"]


def first(office, sql):
    with office.engine.connect() as connection:
        found = connection.execute(text(sql)).scalar()
    assert found is not None, sql
    return found


def row(office, listing, ident):
    start = office.read(listing.outline).starts[0]
    return next(line.row for line in office.read(listing.page, start, 200) if line.row.id == ident)


def on_page(name, query):
    """A form of a page beside the transport board: the page shows the record, then its deed is run."""

    def show(window, ident):
        window.shell.go("transport")
        page = window.shell.go(f"transport/{name}")
        page.show_card(window.office.read(query, ident))
        return page

    return show


def fields_page(window, ident):
    window.shell.go("property")
    page = window.shell.go("property/fields")
    page._edit(row(window.office, FieldList(), ident))


def zone(window, ident):
    window.shell.go("transport")
    page = window.shell.go("transport/times")
    page._zone_of(ident, window.office.read(zones))


def space(window, ident):
    SpaceForms(window.bench, window).edit(window.office.read(space_card, ident))


def with_card(forms, method, query):
    def show(window, ident):
        getattr(forms(window.bench, window), method)(window.office.read(query, ident))

    return show


def vehicle(window, ident):
    page = on_page("fleet", vehicle_card)(window, ident)
    page.forms.with_zones(page.shown)


def driver(window, ident):
    page = on_page("drivers", driver_card)(window, ident)
    page._edit(page.shown)


def plan(window, ident):
    MaintenanceForms(window.bench, window).change(row(window.office, PlanList(), ident))


def repair(window, ident):
    MaintenanceForms(window.bench, window).repair(row(window.office, RepairList(), ident))


# A form, the record it opens, how it is opened, and two fields: the one both change, and the one only the other does.
FORMS = {
    "asset": ("SELECT min(id) FROM asset WHERE custodian_id IS NOT NULL", with_card(AssetForms, "edit", asset_card),
              "description", "notes"),
    "person": ("SELECT min(id) FROM person", with_card(PeopleForms, "edit_person", person_card), "unit",
               "given_name"),
    "entity": ("SELECT min(id) FROM entity", with_card(PeopleForms, "edit_entity", entity_card), "name",
               "billing_reference"),
    "place": ("SELECT min(id) FROM place WHERE place_kind = 'room'", with_card(PlaceForms, "edit", place_card), "name",
              "code"),
    "category": ("SELECT id FROM property_category ORDER BY name, id LIMIT 1",
                 lambda window, _ident: PropertyDeeds(window.bench, window).edit_category(), "name", "code"),
    "service plan": ("SELECT min(id) FROM service_plan WHERE NOT ended", plan, "name", "supplier"),
    "repair": ("SELECT min(id) FROM asset_repair", repair, "supplier", "note"),
    "custom field": ("SELECT min(id) FROM category_field WHERE kind = 'number'", fields_page, "label", "unit"),
    "booking": ("SELECT min(id) FROM booking",
                with_card(BookingForms, "edit", booking_card), "title", "contact"),
    "space": ("SELECT min(id) FROM conference_space", space, "name", "features"),
    "phase": ("SELECT min(id) FROM project_phase", with_card(PhaseForms, "edit", phase_card), "name", "notes"),
    "mail item": ("SELECT min(id) FROM mail_item", with_card(MailDeeds, "edit", item_card),
                  "sender", "notes"),
    "outgoing item": ("SELECT min(id) FROM mail_outgoing WHERE state = 'handed_in' AND way = 'carrier'",
                      with_card(OutgoingForms, "edit", outgoing_card), "recipient", "purpose"),
    "request": ("SELECT min(id) FROM trip_request WHERE state = 'requested'",
                with_card(RequestForms, "edit", request_card), "requester", "purpose"),
    "driver": ("SELECT min(id) FROM driver", driver, "phone", "skills"),
    "vehicle": ("SELECT min(id) FROM vehicle", vehicle, "make", "model"),
    "zone": ("SELECT min(id) FROM zone", zone, "name", "code"),
}  # fmt: skip


LATER = datetime(2031, 9, 8, 9, tzinfo=ZONE)
"""A Monday that no test lives to see."""


def furnish_desks(office):
    """One record of every kind that a form changes."""
    made = furnish(office)
    write = office.write
    write(add_category, "ICT", "Computers", 60, False)
    write(define_field, FieldForm(1, "Memory", FieldKind.NUMBER, "GB"))
    write(plan_service, (made.asset2,), PlanForm("Oil", LATER.date()))
    write(change_state, [made.asset1], State.UNDER_REPAIR)
    write(add_space, SpaceForm("CR-2", "Room 2", ("2",), (LayoutForm("classroom", 60, 0, 0, date(2026, 1, 1)),)))
    write(book, BookingForm("Committee", 30), Slot(LATER, LATER + timedelta(hours=1)), None, Status.ENQUIRY, [])
    write(add_phase, PhaseForm("Phase 2", "Room 2", LATER.date(), LATER.date() + timedelta(days=90), cells=("2",)))
    write(receive_item, "", Details(sender="Bonn"))
    write(hand_in, Handed(made.unep, "Mission of Norway", "Switzerland", weight_g=320, purpose="letters"))
    zone = write(add_zones, [ZoneForm("GIG", "Gigiri"), ZoneForm("CBD", "Centre")]).ids[0]
    write(add_vehicles, [VehicleForm("UN 041", 4, home_zone_id=zone)])
    write(add_drivers, [(made.erik, DriverForm("B"), None)])
    write(make_requests, [RequestForm(made.unep, "Okafor, Ngozi", "meeting", zone, zone + 1, LATER)])
    write(turn_on_accounts, "ben", "Ben Wafula", Secret("a different lantern"))


@pytest.fixture
def pair(open_window, sqlite_url, tmp_path, qtbot):  # noqa: F811
    """Ada's and Ben's windows over one compound; each has drafts of its own, as on two computers."""
    engine = open_engine(sqlite_url)
    ada = Office(engine, administrator("ada", "Ada Otieno", "DESK-1"))
    ben = Office(engine, administrator("ben", "Ben Wafula", "DESK-2"))
    furnish_desks(ada)
    hers, his = open_window(ada, "people"), open_window(ben, "people")
    his.bench.drafts = Drafts(tmp_path / "his")
    yield SimpleNamespace(hers=Hands(qtbot, hers), his=Hands(qtbot, his))
    engine.dispose()


def box_of(hands):
    hands.form()
    return hands.window.shell._overlay.box


def type_into(hands, name, words):
    editor = box_of(hands).form.editors[name]
    editor.input.setFocus()
    editor.input.selectAll()
    hands.qtbot.keyClicks(editor.input, words)
    hands.window.shell.top.field.setFocus()


def heard(hands, right):
    """Hear of the other workstation now, not at the next second, until something holds."""

    def look():
        hands.window.runner._listen()
        return right()

    hands.until(look)


def stands(hands, box):
    found = []
    box.edited.again(found.append, found.append)
    hands.until(lambda: found)
    assert not isinstance(found[0], Exception), found[0]
    return found[0].values


def meet(pair, ident, show, both, theirs):
    hers, his = pair.hers, pair.his
    show(hers.window, ident)
    box = box_of(hers)
    assert box.edited is not None
    code = "Z9-X" if theirs == "code" else "His words"
    type_into(hers, both, "Her words")
    show(his.window, ident)
    other = box_of(his)
    type_into(his, both, "His title")
    type_into(his, theirs, code)
    other.save()
    his.gone()
    # She sees it without having asked: what only he changed is there, what she typed is kept.
    heard(hers, lambda: both in box.form.meeting.undecided())
    assert box.form.editors[theirs].words() == code
    assert box.form.editors[both].words() == "Her words"
    note = box.form.meeting.notes[both]
    assert note.words.words() == "Ben Wafula put “His title” here."
    # Saving leads to the choice and overwrites nothing.
    box.save()
    hers.still()
    assert hers.window.shell._overlay is not None
    assert stands(hers, box)[both] == "His title"
    note.buttons[1].click()
    box.save()
    hers.gone()
    now = stands(hers, box)
    assert (now[both], now[theirs]) == ("Her words", code)


def test_every_form_puts_both_side_by_side(pair):
    for name, (sql, show, both, theirs) in FORMS.items():
        ident = first(pair.hers.window.office, sql)
        try:
            meet(pair, ident, show, both, theirs)
        except BaseException as error:
            error.add_note(f"the form of: {name}")
            raise


def test_what_was_not_heard_yet_and_what_was_typed_yesterday(pair):
    hers, his = pair.hers, pair.his
    ident = first(hers.window.office, "SELECT min(id) FROM entity")
    hers.window.runner._ear.stop()
    show = with_card(PeopleForms, "edit_entity", entity_card)
    # The news is a second away: the version itself refuses, and the form shows what changed.
    show(hers.window, ident)
    box = box_of(hers)
    type_into(hers, "name", "Her words")
    card = his.window.office.read(entity_card, ident)

    theirs = replace(card.form, name="His title", billing_reference="B-99")
    his.window.office.write(edit_entity, ident, theirs, card.version)
    box.save()
    hers.until(lambda: "name" in box.form.meeting.undecided())
    assert box.form.editors["billing_reference"].words() == "B-99"
    box.form.meeting.notes["name"].buttons[0].click()
    assert box.form.editors["name"].words() == "His title"
    box.save()
    hers.gone()
    assert stands(hers, box)["name"] == "His title"
    # The control: a form that takes the newest version just before it saves overwrites without a word.
    show(hers.window, ident)
    box = box_of(hers)
    type_into(hers, "name", "Her words")
    his.window.office.write(edit_entity, ident, theirs, his.window.office.read(entity_card, ident).version)
    found = []
    box.edited.again(found.append, found.append)
    hers.until(lambda: found)
    box._save = found[0].save
    box.save()
    hers.gone()
    assert stands(hers, box)["name"] == "Her words"
    # A draft is put back field by field: one that was not typed in stands as it is by now.
    show(hers.window, ident)
    type_into(hers, "name", "Her draft")
    hers.window.shell._overlay.box.close_it()
    hers.gone()
    show(his.window, ident)
    type_into(his, "billing_reference", "B-77")
    type_into(his, "name", "His title")
    box_of(his).save()
    his.gone()
    show(hers.window, ident)
    box = box_of(hers)
    assert box.form.editors["billing_reference"].words() == "B-77"
    assert box.form.editors["name"].words() == "Her draft"
    assert box.form.meeting.undecided() == ["name"]
    hers.press(Qt.Key.Key_Escape)


def test_every_form_with_a_version_is_among_them():
    """Who calls a command that takes a version, from a form, says which record it is about."""
    asked, forms = 0, []
    for file in sorted(Path(ui.__file__).parent.rglob("*.py")):
        source = file.read_text("utf-8")
        calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        asked += sum(getattr(called, "attr", "") == "edited" for called in calls)
        if "FormBox(" in source and re.search(r"\w\.version\b", source) and ".edited(" not in source:
            forms.append(f"{file.parent.name}/{file.name}")
    # Beside those walked here: completing mail, a group of addressees, leaving, moving a place, when and where, teams
    # and sets, terms, roles; and the settings of `test_two_administrators`, two of which share one call.
    assert asked == len(FORMS) - 1 + 8 + 6  # vehicle and driver go through the page they share
    # These order deeds that are refused where the record was changed: there is nothing in their fields to put together.
    assert forms == ["transport/deeds.py", "transport/hand.py"]
