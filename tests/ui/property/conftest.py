"""The property page over a small register, driven as a person would."""

from __future__ import annotations

import pytest

from tests.ui.imports.conftest import open_window, press, settled, window
from ui.kit.export import Export

__all__ = ["open_window", "press", "settled", "window"]


@pytest.fixture
def told(monkeypatch):
    """What every export was asked to write, instead of the question for a file."""
    found = []

    def ask(_self, title, columns, rows, *, total=0, narrowed=""):
        found.append((title, columns, rows, total, narrowed))

    monkeypatch.setattr(Export, "ask", ask)
    return found
