"""One deed at a time, where a rule spans several rows and no constraint of the database can hold it alone."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_turn(session: Session, what: str) -> None:
    """Wait until no other deed has this turn, and keep it until the deed commits.

    Everything the rule looks at is read after this. On SQLite a deed that writes is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})
