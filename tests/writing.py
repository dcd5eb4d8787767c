"""Writes rows that a test needs, past every rule but the database's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session


def insert(office: Any, fill: Callable[[Session], Any]) -> Any:
    """Run `fill` in a transaction of its own and return what it returns."""
    with Session(office.engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        return fill(session)


def rows(office: Any, wanted: Any) -> list[tuple[Any, ...]]:
    """What a select finds, as plain tuples."""
    with Session(office.engine) as session:
        return [tuple(row) for row in session.execute(wanted)]
