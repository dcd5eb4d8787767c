"""The demo compound: made up from a seed, moved to today's date, and marked as demo."""

from cbo_desk.demo.make import make_demo
from cbo_desk.demo.world import DemoSize

__all__ = ["DemoSize", "make_demo"]
