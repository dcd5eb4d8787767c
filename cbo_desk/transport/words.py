"""How the transport desk says times and spans in a sentence."""

from __future__ import annotations

from cbo_desk.transport.day import MIDNIGHT


def clock(seconds: int) -> str:
    """A time of the site's day, as "14:05"; beyond the day with its offset, as "00:10 +1"."""
    days, rest = divmod(seconds, MIDNIGHT)
    hours, left = divmod(rest, 3600)
    return f"{hours:02}:{left // 60:02}" + (f" {days:+}" if days else "")


def minutes(seconds: int) -> str:
    """A span in whole minutes, rounded up, as "7 min" or "1 h 05"."""
    whole = -(-seconds // 60)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60:02}"
