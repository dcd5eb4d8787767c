"""Decisions on plain values."""

from __future__ import annotations

from cbo_desk.errors import Refusal


def tidy_name(name: str) -> str:
    """A toy's name with single blanks; Refusal for none."""
    neat = " ".join(name.split())
    if not neat:
        raise Refusal("A toy needs a name.", "name")
    return neat
