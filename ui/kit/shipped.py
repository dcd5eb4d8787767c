"""Where the files that ship with the program lie: theme tokens, icons, fonts, help pages."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "resources"
