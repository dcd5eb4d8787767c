"""Compiles loops over numbers, where numba is there: what is written plainly then runs about a hundred times as fast.

Where its wheel is missing the functions stay what they are and mean the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:  # a computer without the wheel
    njit = None


def compiled(function: F) -> F:
    """The function as machine code, kept on disk for the next process; as it is where numba or a place is missing."""
    if njit is None:
        return function
    try:
        return njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # nowhere to keep it: it would be made anew by every process
        return function


def is_compiled(function: object) -> bool:
    """Whether a function is, or will be at its first call, machine code."""
    return hasattr(function, "py_func")
