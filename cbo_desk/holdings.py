"""What stands at, belongs to or happened at a record of a lower desk: assets at a place, people of an entity.

A desk registers a counter for its own records; the lower desk shows the figures and refuses to remove a record that
still has some, without knowing the desks above it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from cbo_desk.enlisting import enlist_all
from cbo_desk.errors import Refusal

Count = Callable[[Session, Select[Any]], Mapping[int, int]]
"""Given a SELECT of record ids, says how many there are by record id; a record with none may be left out."""
Shares = Callable[[Session, Select[Any]], Mapping[int, Mapping[str, int]]]
"""The same by record id and state."""


@dataclass(frozen=True)
class Holding:
    """One kind of thing (`kind`, in words `one` and `many`) counted at records of the kind `of`."""

    of: str
    kind: str
    one: str
    many: str
    count: Count
    shares: Shares | None = None


_holdings: dict[tuple[str, str], Holding] = {}


def register(holding: Holding) -> None:
    """Make a counter known; registering the same pair of kinds again replaces it."""
    _holdings[holding.of, holding.kind] = holding


def known(of: str) -> list[Holding]:
    """The counters of a kind of record, in the order of the kinds they count."""
    enlist_all()
    return [holding for (owner, _kind), holding in sorted(_holdings.items()) if owner == of]


def counted(session: Session, of: str, records: Select[Any]) -> dict[str, Mapping[int, int]]:
    """How many of each kind stand at each of the selected records."""
    return {holding.kind: holding.count(session, records) for holding in known(of)}


def shared(session: Session, of: str, kind: str, records: Select[Any]) -> Mapping[int, Mapping[str, int]]:
    """How many of one kind stand at each of the selected records, by state; empty where nobody counts by state."""
    enlist_all()
    holding = _holdings.get((of, kind))
    return holding.shares(session, records) if holding and holding.shares else {}


def refuse_if_any(session: Session, of: str, records: Select[Any], called: str, more: Sequence[str] = ()) -> None:
    """Refuse to remove what still has something; `more` names what the desk itself found, such as "2 rooms"."""
    session.flush()
    found = list(more)
    for holding in known(of):
        number = sum(holding.count(session, records).values())
        if number:
            found.append(in_words(number, holding.one, holding.many))
    if found:
        listed = " and ".join(part for part in (", ".join(found[:-1]), found[-1]) if part)
        raise Refusal(f"{called} cannot be removed: it still has {listed}.")


def in_words(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"
