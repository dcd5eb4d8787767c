"""What follows from a deed on another desk: a new place is given its tag, a renamed person's assets show the new name.

A desk that knows the deed's desk registers what follows; the deed's desk never learns who that is. Followers run in
the deed's own transaction, in the order of their names, so that the outcome does not hang on the order of imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from sqlalchemy.orm import Session

from cbo_desk.enlisting import enlist_all

Touched = Mapping[str, tuple[int, ...]]
"""Ids by kind of what a follower changed, for the deed's own `Changes.also`."""
Follower = Callable[[Session, Sequence[int]], Touched]
Event = Literal["added", "renamed", "leaving", "moved", "removed"]

_followers: dict[tuple[Event, str], dict[str, Follower]] = {}


def after_adding(kind: str) -> Callable[[Follower], Follower]:
    """Run the function with the ids of records of a kind that were just inserted, or put back."""
    return _register("added", kind)


def after_renaming(kind: str) -> Callable[[Follower], Follower]:
    """Run the function with the ids of records whose code or name, as other records show it, was just changed."""
    return _register("renamed", kind)


def before_leaving(kind: str) -> Callable[[Follower], Follower]:
    """Run the function with the ids of places that are about to be in another building, while they are not yet."""
    return _register("leaving", kind)


def after_moving(kind: str) -> Callable[[Follower], Follower]:
    """Run the function with the ids of records that now stand elsewhere in their tree, or in another building."""
    return _register("moved", kind)


def after_removing(kind: str) -> Callable[[Follower], Follower]:
    """Run the function with the ids of records that are being removed, while their rows are still there."""
    return _register("removed", kind)


def added(session: Session, kind: str, ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Run what follows from adding; returns what it touched."""
    return _run(session, "added", kind, ids)


def renamed(session: Session, kind: str, ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Run what follows from renaming; returns what it touched."""
    return _run(session, "renamed", kind, ids)


def leaving(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Run what may refuse that places come to be in another building."""
    _run(session, "leaving", kind, ids)


def moved(session: Session, kind: str, ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Run what follows from moving; returns what it touched."""
    return _run(session, "moved", kind, ids)


def removed(session: Session, kind: str, ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Run what follows from removing; returns what it touched."""
    return _run(session, "removed", kind, ids)


def _register(event: Event, kind: str) -> Callable[[Follower], Follower]:
    def register(follower: Follower) -> Follower:
        name = f"{follower.__module__}.{follower.__qualname__}"
        _followers.setdefault((event, kind), {})[name] = follower
        return follower

    return register


def _run(session: Session, event: Event, kind: str, ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    touched: dict[str, tuple[int, ...]] = {}
    if not ids:
        return touched
    enlist_all()
    # What the deed wrote so far must be in the tables before others look at them.
    session.flush()
    for _name, follower in sorted(_followers.get((event, kind), {}).items()):
        for other, others in follower(session, ids).items():
            touched[other] = tuple(dict.fromkeys((*touched.get(other, ()), *others)))
    return touched
