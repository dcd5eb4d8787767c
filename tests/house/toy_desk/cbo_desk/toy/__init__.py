"""The toy desk: toys by name."""

from cbo_desk.toy.commands import add_toy, remove_toy
from cbo_desk.toy.queries import ToyList, ToyRow

__all__ = ["ToyList", "ToyRow", "add_toy", "remove_toy"]
