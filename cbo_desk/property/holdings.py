"""How many assets stand at a place, belong to an entity or are in somebody's hands: what lower desks show and heed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import after, holdings
from cbo_desk.property.commands import enter_search
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from db.property import Asset

_HERE = (State.DISPOSED, State.TAKEN_BACK)


def _counter(column: QueryableAttribute[Any]) -> holdings.Count:
    def count(session: Session, records: Select[Any]) -> Mapping[int, int]:
        wanted = select(column, func.count()).where(column.in_(records), Asset.state.not_in(_HERE)).group_by(column)
        return {int(row[0]): int(row[1]) for row in session.execute(wanted)}

    return count


def _states_at(session: Session, records: Select[Any]) -> Mapping[int, Mapping[str, int]]:
    wanted = (
        select(Asset.place_id, Asset.state, func.count())
        .where(Asset.place_id.in_(records), Asset.state.not_in(_HERE))
        .group_by(Asset.place_id, Asset.state)
    )
    found: dict[int, dict[str, int]] = {}
    for place, state, count in session.execute(wanted):
        found.setdefault(int(place or 0), {})[state] = count
    return found


@after.after_renaming("people.entity")
def _find_under_new_code(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Let the assets of a renamed entity be found under its new code, and lists show it."""
    session.expire_all()
    found: list[int] = []
    wanted = select(Asset).where(Asset.entity_id.in_(ids), Asset.state != State.TAKEN_BACK)
    for batch in session.scalars(wanted.execution_options(yield_per=1000)).partitions():
        enter_search(session, batch)
        found += [asset.id for asset in batch]
    return {KIND: tuple(found)}


@after.after_renaming("places.place")
def _show_new_code(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Lists show, and are ordered by, the new code of a place that assets stand at."""
    return {KIND: tuple(session.scalars(select(Asset.id).where(Asset.place_id.in_(ids)).order_by(Asset.id)))}


@after.after_renaming("people.person")
def _show_new_name(session: Session, ids: Sequence[int]) -> Mapping[str, tuple[int, ...]]:
    """Lists show, and are ordered by, the new name of a person who answers for assets."""
    return {KIND: tuple(session.scalars(select(Asset.id).where(Asset.custodian_id.in_(ids)).order_by(Asset.id)))}


def enlist() -> None:
    """Tell the desks below what of theirs holds assets."""
    for of, column, shares in (
        ("places.place", Asset.place_id, _states_at),
        ("people.entity", Asset.entity_id, None),
        ("people.person", Asset.custodian_id, None),
    ):
        holdings.register(holdings.Holding(of, KIND, "asset", "assets", _counter(column), shares))
