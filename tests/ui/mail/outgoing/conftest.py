from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.mail.outgoing.conftest import stock
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window

__all__ = ["open_window"]


@pytest.fixture
def desk(sqlite_office) -> SimpleNamespace:
    """Carriers with their cards, destinations of the pouch, entities."""
    return stock(sqlite_office)


@pytest.fixture
def at(qtbot, open_window, sqlite_office, desk):  # noqa: F811 - the fixture of that name
    """Opens the real window at a page of the mail desk."""

    def make(page: str, office=None) -> Clerk:
        clerk = Clerk(qtbot, open_window(office or sqlite_office, "mail"))
        clerk.window.shell.actions_.run(f"mail.{page}")
        clerk.still()
        return clerk

    return make
