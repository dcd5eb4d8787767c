"""Compiles loops over numbers, where numba is there: what is written plainly then runs about a hundred times as fast.

Where its wheel is missing the functions stay what they are and mean the same.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

njit: Any = None
# By its name: whether numba is there, and tells its types, must make no difference to what is checked here.
with suppress(ImportError, OSError):  # a computer without the wheel, or without a library that it loads
    njit = import_module("numba").njit


def compiled(function: F) -> F:
    """The function as machine code, kept on disk for the next process; as it is where numba or a place is missing."""
    if njit is None:
        return function
    try:
        made: F = njit(cache=True)(function)
        return made
    except RuntimeError:  # nowhere to keep it: it would be made anew by every process
        return function


def is_compiled(function: object) -> bool:
    """Whether a function is, or will be at its first call, machine code."""
    return hasattr(function, "py_func")
