"""Who has which record open, told between the workstations of a server while it lasts.

It is no deed: nothing is audited, and nobody is kept from anything by it. A workstation that is gone is forgotten
after a while, by the server's own clock.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from cbo_desk.context import actor
from cbo_desk.open_records import Opened, Present
from db.records import Presence

FORGET_S, REPEAT_S = 30, 10
"""Seconds after which a workstation that says nothing is forgotten, and after which one says it again."""


def tell(session: Session, origin: str, opened: Collection[Opened]) -> None:
    """Write down what is open at the office `origin`, instead of what was."""
    from sqlalchemy.dialects.postgresql import insert  # on a server alone: a start with a file does without it

    session.execute(text("SET LOCAL synchronous_commit = off"))  # a crash may forget who looked at what
    gone = delete(Presence).where(Presence.origin == origin)
    if opened:
        here = [(one.kind, one.ident) for one in opened]
        gone = gone.where(tuple_(Presence.kind, Presence.record_id).not_in(here))
    session.execute(gone)
    who = actor(session)
    for one in opened:
        row = {
            "origin": origin,
            "kind": one.kind,
            "record_id": one.ident,
            "editing": one.editing,
            "login": who.login,
            "name": who.name,
            "seen": func.clock_timestamp(),
        }
        put = insert(Presence).values(row)
        known = {"editing": put.excluded.editing, "seen": put.excluded.seen}
        session.execute(put.on_conflict_do_update(index_elements=["origin", "kind", "record_id"], set_=known))


def others(session: Session, origin: str, opened: Collection[Opened]) -> list[Present]:
    """Who has these records open at other offices, by name."""
    if not opened:
        return []
    here = [(one.kind, one.ident) for one in opened]
    wanted = (
        select(Presence.kind, Presence.record_id, Presence.name, Presence.editing)
        .where(tuple_(Presence.kind, Presence.record_id).in_(here), Presence.origin != origin)
        .where(Presence.seen > func.clock_timestamp() - text(f"interval '{FORGET_S} seconds'"))
        .order_by(Presence.name, Presence.editing.desc(), Presence.kind, Presence.record_id)
    )
    return [Present(*row) for row in session.execute(wanted)]


def forget_old(session: Session) -> None:
    """Take away what workstations left behind that are long gone."""
    session.execute(delete(Presence).where(Presence.seen < func.clock_timestamp() - text("interval '1 hour'")))
