"""The demo compound in an office's database: made once in a run for each scale and hour, copied ever after."""

from __future__ import annotations

from typing import Any

from cbo_desk.demo import make_demo
from tests.furnished import made_once


@made_once
def demo(office: Any, scale: float, *seed: int) -> str:
    """Fill an office's new database with the demo compound; what the deed said."""
    return office.write(make_demo, scale, *seed).said
