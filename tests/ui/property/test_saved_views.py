"""Issue 3, point 6: every list of the property desk keeps views of a person's own, with words, order and kind."""

from __future__ import annotations

from datetime import date

import pytest

from cbo_desk.property import add_category
from cbo_desk.property.fields import FieldForm, define_field
from cbo_desk.property.verification import Scope, open_campaign
from tests.ui.keeping_views import keep_a_view
from tests.ui.places.conftest import hands, made, open_window, window
from tests.ui.property.leaving import at
from ui.kit.preferences import VIEWS
from ui.kit.saved_views import SavedViews

__all__ = ["hands", "made", "open_window", "window"]

# The page, the shipped view that is chosen before, the prefix of its actions.
PAGES = (
    ("property/custody", "loans", "property.custody"),
    ("property/counts", "open", "property.counts"),
    ("property/rooms", "waiting", "property.counts.rooms"),
    ("property/gate", "all", "property.gate"),
    ("property/disposal", "closed", "property.disposal"),
    ("property/maintenance", "w30", "property.maintenance"),
    ("property/fields", "all", "property.fields"),
    ("property/own", "all", "property.own"),
)


@pytest.mark.parametrize(("name", "shipped", "prefix"), PAGES)
def test_a_view_is_saved_taken_renamed_deleted_and_brought_back(hands, made, name, shipped, prefix):
    office = hands.window.office
    campaign = office.write(open_campaign, "July", Scope()).ids[0]
    office.write(define_field, FieldForm(office.write(add_category, "LAP", "Laptops").ids[0], "Memory"))
    page = at(hands, name, str(campaign) if name == "property/rooms" else "")
    keep_a_view(hands, page, shipped, prefix)


def test_the_totals_of_value_are_kept_with_their_day(hands, made):
    page = at(hands, "property/value")
    page.views.choose("class")
    page.day.line.setText("31 Dec 2025")
    hands.still()
    hands.window.shell.actions_.run("property.value.keep_view")
    hands.form()
    hands.type("Year end by class")
    hands.save()
    hands.gone()
    page.views.choose("entity")
    page._go_to(date(2026, 8, 24))
    hands.still()
    page.views.choose("saved:Year end by class")
    hands.still()
    hands.until(lambda: page.found is not None and page.found.by == "class")
    assert f"{page.wanted_day()}" == "2025-12-31"


@pytest.mark.parametrize("broken", [{"filters": {"view": "nonsense"}}, {"sort": "nonsense"}, {"filters": {"words": 7}}])
def test_a_view_from_another_version_does_no_harm(hands, made, broken):
    page = at(hands, "property/custody")
    entry = {"name": "Old", "filters": {}, "sort": "", "descending": False, "columns": [], **broken}
    views = SavedViews(page.bench.preferences, "property.custody")
    page.bench.preferences.set_entry(VIEWS, "property.custody", [entry])
    assert [view.name for view in views.all()] == ["Old"]
    page.views.show_views()
    page.views.choose("saved:Old")
    hands.still()
    assert page.view in ("handovers",)
