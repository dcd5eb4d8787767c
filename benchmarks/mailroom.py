"""A compound with very many items of mail and their events, for measuring; made once and kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk import bulk, search
from cbo_desk.changes import Changes
from cbo_desk.compound import prepare
from cbo_desk.demo.make import make_demo
from cbo_desk.mail.standing import KIND
from cbo_desk.office import Office
from cbo_desk.permissions import Role, administrator, deed
from cbo_desk.tags import codes
from db import triggers
from db.base import table_of
from db.mail import MailEvent, MailItem
from db.people import Person
from db.tags import Tag

EVENTS_EACH = 5
CHUNK = 50_000
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_ITEM = (
    "id", "number", "received_at", "received_by", "carrier", "carrier_number", "item_class", "accountable", "person_id",
    "addressee", "entity_id", "entity_code", "place_id", "state", "state_since", "holder", "last_event_id", "version",
)  # fmt: skip
_EVENT = (
    "id", "item_id", "at", "by", "workstation", "what", "before", "state", "from_hand", "to_hand", "reason",
)  # fmt: skip
_LIFE = (
    ("receive", "new", "received"), ("shelve", "received", "shelved"), ("hold", "shelved", "held"),
    ("shelve", "held", "shelved"), ("override", "shelved", "delivered"),
)  # fmt: skip


def postal(serial: int) -> str:
    """A registered letter's number of UPU S10 with its check digit."""
    digits = f"{serial:08}"
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    return f"RR{digits}{ {10: 0, 11: 5}.get(rest, rest) }KE"


def open_mailroom(items: int, cache: Path) -> Office:
    """Open the compound with so many items, made on first use in `cache`: SQLite."""
    cache.mkdir(parents=True, exist_ok=True)
    engine = prepare(str(cache / f"mail-{items}.db"))
    office = Office(engine, administrator("bench", "Bench", "BENCH"))
    with Session(engine) as session:
        there = session.scalar(select(func.count()).select_from(MailItem)) or 0
    if there < items:
        office.write(make_demo, 10)
        office.write(lift_indexes)
        for first in range(0, items, CHUNK):
            office.write(fill_mailroom, first, min(CHUNK, items - first), items)
        office.write(put_indexes_back)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    return office


_LIFTED: list[str] = []
"""The statements that make the indexes which were taken off for the filling."""


@deed("mail.lift_indexes_for_benchmark", "fill the mailroom", Role.ADMINISTRATOR)
def lift_indexes(session: Session) -> Changes:
    """Take the indexes off the tables that are filled: put back at the end they are made in one go each."""
    connection = session.connection()
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (?, ?, ?)"
    for name, make in connection.exec_driver_sql(wanted, ("mail_item", "mail_event", "tag")).all():
        _LIFTED.append(make)
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return Changes(KIND, (), "", everything=True)


@deed("mail.put_indexes_back_for_benchmark", "fill the mailroom", Role.ADMINISTRATOR)
def put_indexes_back(session: Session) -> Changes:
    """Make the indexes anew."""
    for make in _LIFTED:
        session.connection().exec_driver_sql(make)
    _LIFTED.clear()
    return Changes(KIND, (), "", everything=True)


@deed("mail.fill_for_benchmark", "fill the mailroom", Role.ADMINISTRATOR)
def fill_mailroom(session: Session, place: int, count: int, items: int) -> Changes:
    """Write `count` of so many items, as they stand with the events that led there.

    They pass by the triggers, which are put back at the end of each chunk; a transaction a chunk keeps the log short.
    """
    connection = session.connection()
    people = session.execute(
        select(Person.id, Person.sort_name, Person.entity_id, Person.entity_code, Person.place_id)
    ).all()
    rng = random.Random(place)
    begin = datetime.now(UTC) - timedelta(days=1500)
    # The demo has some mail of its own.
    first = (session.scalar(select(func.max(MailItem.id))) or 0) + 1
    event = (session.scalar(select(func.max(MailEvent.id))) or 0) + 1
    ids = range(first, first + count)
    events = {ident: event + n * EVENTS_EACH for n, ident in enumerate(ids)}
    for item in triggers.for_sqlite():
        if item.table in ("mail_item", "mail_event"):
            connection.exec_driver_sql(f"DROP TRIGGER {item.name}")
    whom = {ident: rng.choice(people) for ident in ids}
    made = codes.new_codes(codes.Kind.MAIL_ITEM, count)
    at = {ident: begin + timedelta(days=1400) * ((place + n) / items) for n, ident in enumerate(ids)}
    rows = (_item(ident, whom[ident], at[ident], events[ident]) for ident in ids)
    bulk.insert_rows(session, table_of(MailItem), _ITEM, rows)
    bulk.insert_rows(session, table_of(MailEvent), _EVENT, _events(events, whom, at))
    tags = ((code, True, KIND, ident, at[ident]) for ident, code in zip(ids, made, strict=True))
    bulk.insert_rows(session, table_of(Tag), ("code", "ours", "subject_kind", "subject_id", "made_at"), tags)
    bulk.enter_new(session, [_found(ident, whom[ident], code) for ident, code in zip(ids, made, strict=True)])
    connection.exec_driver_sql(f"INSERT OR REPLACE INTO number_series (series, last) VALUES ('M', {ids[-1]})")
    triggers.install(connection)
    return Changes(KIND, (), f"{count:,} items.", everything=True)


def _item(ident: int, who: Any, at: datetime, event: int) -> tuple[Any, ...]:
    return (
        ident, f"M-{ident:06}", at, "bench", "Posta Kenya", postal(ident), "registered", True, who.id, who.sort_name,
        who.entity_id, who.entity_code, who.place_id, "delivered", at + timedelta(hours=EVENTS_EACH - 1),
        who.sort_name, event + EVENTS_EACH - 1, 1,
    )  # fmt: skip


def _events(first: dict[int, int], whom: dict[int, Any], at: dict[int, datetime]) -> Iterator[tuple[Any, ...]]:
    for ident, event in first.items():
        for step, (what, before, state) in enumerate(_LIFE):
            to = whom[ident].sort_name if state == "delivered" else "Bench"
            yield (
                event + step, ident, at[ident] + timedelta(hours=step), "bench", "BENCH", what,
                before, state, "Courier" if step == 0 else "Bench", to, "made" if what == "override" else "",
            )  # fmt: skip


def _found(ident: int, who: Any, code: str) -> search.Findable:
    words = (postal(ident), who.entity_code, code)
    return search.Findable(KIND, ident, f"M-{ident:06}", f"{who.sort_name} · Posta Kenya", words)
