"""Issue 3, point 7: every list that the property desk offers is exported as it is filtered and ordered on screen."""

from __future__ import annotations

import csv
from datetime import date, datetime

import pytest

from cbo_desk.office import Office
from cbo_desk.property import State, add_category, change_state
from cbo_desk.property.disposal import open_case
from cbo_desk.property.fields import FieldForm, define_field
from cbo_desk.property.maintenance import PlanForm, plan_service
from tests.ui.places.conftest import hands, made, open_window, window
from tests.ui.property.leaving import at
from ui.kit.export import Export
from ui.kit.record_list import RecordList
from ui.property.custody import page as custody
from ui.property.maintenance import page as maintenance

__all__ = ["hands", "made", "open_window", "window"]

PAGES = ("custody", "counts", "gate", "disposal", "value", "maintenance", "fields")


@pytest.fixture
def told(monkeypatch):
    """What every export was asked to write, instead of the question for a file."""
    found = []

    def ask(_self, title, columns, rows, *, total=0, narrowed=""):
        found.append((title, columns, rows, total, narrowed))

    monkeypatch.setattr(Export, "ask", ask)
    return found


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
            continue
        model = shown.model
        assert model.rowCount() == total
        for place, row in enumerate(written):
            said = str(model.data(model.index(place, 0)))
            cells = set().union(*(in_words(cell) for cell in row))
            assert any(said in cell or cell in said for cell in cells if cell), (view, said, row)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "pdf"])
def test_the_register_is_written_in_each_form(hands, stocked, told, tmp_path, suffix):
    page = at(hands, "property")
    hands.until(lambda: page.register.model.rowCount() == 3)
    page.register.sort_by("inventory_no")
    page.register.find_words("latitude")
    hands.still()
    hands.window.shell.actions_.run("property.export")
    hands.until(lambda: told)
    title, columns, rows, total, narrowed = told[0]
    assert "latitude" in narrowed
    path = tmp_path / f"assets.{suffix}"
    page.list_deeds.export.write(title, columns, rows, path, total=total, narrowed=narrowed)
    hands.still()
    numbers = [page.register.model.row_at(place).inventory_no for place in range(total)]
    if suffix == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert [row["Inventory no."] for row in csv.DictReader(file)] == numbers
    elif suffix == "xlsx":
        from openpyxl import load_workbook

        sheet = load_workbook(path).active
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == numbers
    else:
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        text = document[0].get_textpage().get_text_range()
        document.close()
        assert [one for one in (*numbers, "latitude", "Memory") if one not in text] == [], text
