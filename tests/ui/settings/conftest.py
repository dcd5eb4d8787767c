"""The same window and hands as the places page's tests have."""

from __future__ import annotations

from tests.ui.places.conftest import hands, made, open_window, window

__all__ = ["hands", "made", "open_window", "window"]
