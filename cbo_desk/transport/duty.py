"""Stretches of a driver's time, on plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

AWAY = ("leave", "sick", "training")
"""Kinds of time in which a driver cannot be planned."""
TIME_WORDS = {"shift": "on duty", "leave": "on leave", "sick": "ill", "training": "at a training"}


@dataclass(frozen=True, order=True)
class Duty:
    """A stretch of time of a driver: on duty, or away for a reason."""

    starts: datetime
    ends: datetime
    kind: str = "shift"
    break_minutes: int = 0
    note: str = ""
