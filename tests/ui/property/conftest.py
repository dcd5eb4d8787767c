"""The property page over a small register, driven as a person would."""

from __future__ import annotations

from tests.ui.imports.conftest import open_window, press, settled, window

__all__ = ["open_window", "press", "settled", "window"]
