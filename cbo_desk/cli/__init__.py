"""The command line: the same front doors and permissions as the window, JSON lines on stdout."""

from cbo_desk.cli.arguments import Order, parse
from cbo_desk.cli.carrying_out import carry_out

__all__ = ["Order", "carry_out", "parse"]
