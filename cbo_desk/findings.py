"""What an examination found: one line each, with what mends it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Whether something is as it should be, what was looked at, what was found, and what mends it."""

    ok: bool
    what: str
    found: str
    mend: str = ""
