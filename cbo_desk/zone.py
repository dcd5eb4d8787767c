"""The time zone of the site."""

from __future__ import annotations

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Africa/Nairobi")
