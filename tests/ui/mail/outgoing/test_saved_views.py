"""Manifests, prices, the pouch and messages keep views of a person's own, with their words, order and state."""

from __future__ import annotations

import pytest

from cbo_desk.mail import outgoing
from tests.mail.outgoing.conftest import bag
from tests.ui.keeping_views import front, keep_a_view
from ui.kit.preferences import VIEWS

# The page of the mail desk, and a shipped view that holds nothing of what there is.
PAGES = (("manifests", "waiting"), ("rates", "confirm"), ("pouch", "counting"))


@pytest.mark.parametrize(("name", "shipped"), PAGES)
def test_a_view_is_saved_taken_renamed_deleted_and_brought_back(at, desk, sqlite_office, name, shipped):
    sqlite_office.write(outgoing.open_manifest, desk.dhl)
    bag(sqlite_office, desk)
    clerk = at(name)
    keep_a_view(clerk, clerk.page, shipped, f"mail.{name}")
    clerk.page.filter_box.clear()
    clerk.until(lambda: front(clerk.page).narrowed() == "")
    clerk.still()
    assert front(clerk.page).model.rowCount() == 0
    clerk.page.views.choose("all")
    clerk.still()
    clerk.until(lambda: front(clerk.page).model.rowCount() > 0)


def test_views_of_messages_are_kept(at, desk):
    clerk = at("pouch")
    clerk.window.shell.go("settings", "messages")
    panel = clerk.page.panels["messages"]
    clerk.still()
    keep_a_view(clerk, panel, "failed", "settings.messages")
    assert panel.views.view == "failed"


def test_the_counts_of_the_pouch_stand_again_once_a_view_is_saved(at, desk, sqlite_office):
    bag(sqlite_office, desk)
    clerk = at("pouch")
    clerk.until(lambda: clerk.page.tabs._tabs["packing"].count == 1)
    clerk.page.views.show_views()
    clerk.until(lambda: clerk.page.tabs._tabs["packing"].count == 1)


@pytest.mark.parametrize("kept", ["nonsense", 7, ["packing"], None])
def test_a_view_from_another_version_shows_all(at, desk, kept):
    clerk = at("pouch")
    clerk.page.views.choose("packing")
    entry = {"name": "Old", "filters": {"view": kept}, "sort": "nonsense", "descending": False, "columns": []}
    clerk.page.bench.preferences.set_entry(VIEWS, "mail.pouch", [entry])
    clerk.page.views.show_views()
    clerk.page.views.choose("saved:Old")
    clerk.still()
    clerk.until(lambda: clerk.page.views.whole())
