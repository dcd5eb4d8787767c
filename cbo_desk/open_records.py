"""Which records are open at a workstation, and who else has them open: plain values, for all floors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Opened:
    """A record that is open here, to look at or to change."""

    kind: str
    ident: int
    editing: bool = False


@dataclass(frozen=True)
class Present:
    """Somebody else who has a record open."""

    kind: str
    ident: int
    name: str
    editing: bool
