"""Issue 3, point 7: every list that the property desk offers is exported as it is filtered and ordered on screen."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime

import pytest

from cbo_desk.office import Office
from cbo_desk.property import State, add_category, change_state
from cbo_desk.property.disposal import open_case
from cbo_desk.property.fields import FieldForm, define_field
from cbo_desk.property.gate import LineState, PassForm, Personal, issue_pass, pass_card
from cbo_desk.property.maintenance import PlanForm, plan_service
from cbo_desk.property.verification import Scope, open_campaign
from tests.ui.places.conftest import Hands, hands, made, open_window, window
from tests.ui.property.leaving import at, code_of, scan
from tests.ui.property.written import in_each_form
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip
from ui.property.custody import page as custody
from ui.property.maintenance import page as maintenance

__all__ = ["hands", "made", "open_window", "window"]

PAGES = ("custody", "counts", "gate", "disposal", "value", "maintenance", "fields")


@pytest.fixture
def stocked(made, sqlite_office: Office):
    """A line in as many lists as few deeds can fill."""
    office = sqlite_office
    category = office.write(add_category, "LAP", "Laptops").ids[0]
    office.write(define_field, FieldForm(category, "Memory"))
    office.write(plan_service, [made.asset1, made.asset2], PlanForm("Clean fans", date(2026, 9, 1), 6))
    office.write(change_state, [made.asset2], State.UNDER_REPAIR, "Hinge")
    office.write(open_case, made.unep, "Worn out", (made.asset1,))
    return made


def in_words(cell):
    """A cell as people might read it, in every way that a column of the screen writes it."""
    if isinstance(cell, datetime):
        return {f"{cell:%-d %b %Y}"}
    if isinstance(cell, date):
        return {f"{cell:%-d %b %Y}"}
    return {str(cell), f"{cell:,}"} if isinstance(cell, int) else {str(cell)}


def front(page):
    """The list of records that is in front, if the page has one."""
    return next((one for one in page.findChildren(RecordList) if one.isVisible()), None)


@pytest.mark.parametrize("name", PAGES)
def test_an_export_holds_the_rows_of_the_screen(hands, stocked, told, tmp_path, name):
    page = at(hands, f"property/{name}")
    shell = hands.window.shell
    action = next(one.id for one in shell.actions_.all() if one.id.startswith(f"property.{name}.export"))
    views = {"custody": custody.VIEWS, "maintenance": maintenance.VIEWS}
    for view in views.get(name, ("",)):
        if view:
            page.open_at(view)
        hands.still()
        told.clear()
        shell.actions_.run(action)
        hands.until(lambda: told)
        _title, columns, rows, total, _narrowed = told[0]
        written = list(rows())
        if name == "value":
            assert written.pop()[0] == "Total"
        assert {len(row) for row in written} <= {len(columns)}
        assert len(written) == total
        shown = front(page)
        if shown is None:
            in_each_form(hands, page.export, told[0], tmp_path)
            continue
        model = shown.model
        assert model.rowCount() == total
        for place, row in enumerate(written):
            said = str(model.data(model.index(place, 0)))
            cells = set().union(*(in_words(cell) for cell in row))
            assert any(said in cell or cell in said for cell in cells if cell), (view, said, row)
        in_each_form(hands, page.export, told[0], tmp_path)


def test_the_rooms_of_a_campaign_are_written(hands, stocked, told, tmp_path):
    office = hands.window.office
    campaign = office.write(open_campaign, "July count", Scope()).ids[0]
    page = at(hands, "property/rooms", str(campaign))
    hands.until(lambda: page.progress is not None and page.list.model.rowCount() == 1)
    page.views.choose("waiting")
    page.filter_box.setText("M-2")
    hands.until(lambda: page.list.narrowed() == "“M-2”")
    hands.still()
    hands.window.shell.actions_.run("property.counts.export_rooms")
    title, columns, rows, total, narrowed = told[0]
    assert (title, total, narrowed) == ("Rooms counted", 1, "July count · Not yet · “M-2”")
    [row] = list(rows())
    assert len(row) == len(columns)
    assert "M-214" in row
    in_each_form(hands, page.export, told[0], tmp_path)


def test_the_guards_list_is_written(hands, stocked, told, tmp_path):
    office = hands.window.office
    form = PassForm((stocked.asset1,), date(2026, 8, 30), None, bearer="Grace", personal=(Personal("Guitar", "", 2),))
    made = office.write(issue_pass, form).ids[0]
    page = at(hands, "property/guard")
    assert not hands.window.shell.actions_.get("property.guard.export").enabled()
    scan(hands, office.read(pass_card, made).code)
    scan(hands, code_of(hands, stocked.asset1))
    hands.until(lambda: page.model.rows and page.model.rows[0].state is LineState.OUT)
    hands.window.shell.actions_.run("property.guard.export")
    title, columns, rows, total, narrowed = told[0]
    assert (title, total, narrowed) == ("Things on GP-0001", 2, "GP-0001 · Grace")
    written = list(rows())
    assert [row[:5] for row in written] == [
        ("UNEP-001", "Laptop, Latitude", "", 1, "Out"),
        ("personal", "Guitar", "", 2, "Not out yet"),
    ]
    assert {len(row) for row in written} == {len(columns)}
    in_each_form(hands, page.export, told[0], tmp_path)


def test_what_one_holds_is_written(open_window, stocked, sqlite_office, clock, qtbot, told, tmp_path):
    actor = replace(sqlite_office.actor, person_id=stocked.erik)
    office = Office(sqlite_office.engine, actor, clock)
    hands = Hands(qtbot, open_window(office))
    page = at(hands, "property/own")
    hands.until(lambda: page.list.model.rowCount() == 3)
    page.list.table.horizontalHeader().sectionClicked.emit(0)
    page.filter_box.setText("-00")
    hands.until(lambda: page.list.narrowed() == "“-00”")
    hands.still()
    hands.window.shell.actions_.run("property.own.export")
    _title, columns, rows, total, narrowed = told[0]
    assert (total, narrowed) == (3, "“-00”")
    written = list(rows())
    assert [row[0] for row in written] == [page.list.model.row_at(place).inventory_no for place in range(3)]
    assert {len(row) for row in written} == {len(columns)}
    in_each_form(hands, page.export, told[0], tmp_path)


def test_the_register_is_written_as_it_is_filtered_and_ordered(hands, stocked, told, tmp_path):
    page = at(hands, "property")
    hands.until(lambda: page.register.model.rowCount() == 3)
    page.register.sort_by("inventory_no")
    page.register.find_words("latitude")
    hands.still()
    hands.window.shell.actions_.run("property.export")
    hands.until(lambda: told)
    _title, columns, rows, total, narrowed = told[0]
    assert "latitude" in narrowed
    assert "Memory" in [column.title for column in columns]
    assert [row[0] for row in rows()] == [page.register.model.row_at(at).inventory_no for at in range(total)]
    in_each_form(hands, page.list_deeds.export, told[0], tmp_path)


def test_every_list_of_the_desk_is_in_this_walk(hands, stocked):
    """A list that comes later is asked for here."""
    shell = hands.window.shell
    for name in (*PAGES, "rooms", "guard", "own"):
        at(hands, f"property/{name}")
    offered = {one.id for one in shell.actions_.all() if one.id.startswith("property.") and "export" in one.id}
    assert offered == {
        "property.export", "property.export_chosen", "property.guard.export",
        "property.counts.export_rooms", "property.own.export",
        *(f"property.{name}.export" for name in PAGES),
    }  # fmt: skip


def test_a_long_export_shows_how_far_it_is_on_any_page_and_is_stopped(hands, stocked, tmp_path):
    page = at(hands, "property/gate")
    going = threading.Event()

    def rows():
        for number in range(5_000):
            if number == 3_000:
                going.wait(20)
            yield (number,)

    from cbo_desk.tabular.writing import Column

    page.export.write("Passes", [Column("No.")], rows, tmp_path / "passes.csv", total=2)
    [strip] = page.findChildren(ProgressStrip)
    hands.until(strip.isVisible)
    # There are more than was known when it was asked for: nobody is told that it is all but done.
    hands.until(lambda: page.export._progress is not None and strip.bar.maximum() == 0)
    strip.cancel.click()
    going.set()
    hands.until(lambda: hands.told() == "Stopped. No file was written.")
    assert not strip.isVisible()
    assert list(tmp_path.glob("passes*")) == []
