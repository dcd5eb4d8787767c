"""The demo's mail of the weeks before, long delivered: what the answers about mail are drawn from.

These items are written as rows, with the events that led there: the database itself lets each item follow its events,
and refuses what does not fit. Hundreds of deeds would take a first start too long.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk import bulk, search
from cbo_desk.context import ZONE, actor, today
from cbo_desk.mail import KIND
from cbo_desk.mail.receiving import SERIES
from cbo_desk.numbers import begin_series
from cbo_desk.tags import give_tags
from cbo_desk.tags.check_digits import METHODS
from db.base import table_of
from db.mail import MailEvent, MailItem, MailProof
from db.people import Person
from db.places import Place

DAYS = range(70, 13, -1)
# Carrier, service, class, accountable, letters of an S10 number; and how often of a hundred.
_SORTS = (
    (("Posta Kenya", "", "ordinary", False, ""), 34),
    (("Posta Kenya", "registered", "registered", True, "RR KE"), 18),
    (("DHL Express", "express", "express", True, ""), 16),
    (("Royal Mail", "registered", "registered", True, "RR GB"), 8),
    (("La Poste", "insured", "insured", True, "VV FR"), 5),
    (("Deutsche Post", "parcel", "parcel", True, "CP DE"), 9),
    (("Hand delivery", "", "ordinary", False, ""), 10),
)
_ITEM = (
    "id", "number", "received_at", "received_by", "carrier", "service", "carrier_number", "item_class", "accountable",
    "person_id", "addressee", "entity_id", "entity_code", "place_id", "version", "state",
)  # fmt: skip
_EVENT = (
    "item_id", "at", "by", "workstation", "what", "before", "state", "from_hand", "to_hand", "shelf_id", "shelf_code",
    "proof_id",
)  # fmt: skip
_PROOF = ("id", "at", "by", "workstation", "how", "taken_by", "person_id", "strokes")


def fill_past(session: Session, people: Sequence[Person], shelf: Place, strokes: Any, seed: int) -> int:
    """Write eight weeks of delivered mail, before the last two; returns how many items."""
    rng = random.Random(seed)
    begun = [at for days in DAYS for at in _receipts(session, days, rng)]
    ids = list(bulk.reserve_ids(session, table_of(MailItem), len(begun)))
    proofs = list(bulk.reserve_ids(session, table_of(MailProof), len(begun)))
    items, signed, found = [], [], []
    events: list[list[tuple[Any, ...]]] = [[], [], []]
    by = actor(session)
    for place, (ident, at) in enumerate(zip(ids, begun, strict=True)):
        who = rng.choice(people)
        [(carrier, service, kind, accountable, letters)] = rng.choices(
            [sort for sort, _share in _SORTS], [share for _sort, share in _SORTS]
        )
        code = _code(place, letters)
        items.append(
            (ident, f"{SERIES}-{place + 1:06}", at, by.login, carrier, service, code, kind, accountable, who.id,
             who.sort_name, who.entity_id, who.entity_code, who.place_id, 1, "new")
        )  # fmt: skip
        taken = at + _lasting(rng)
        steps = (
            (at, "receive", "new", "received", f"{carrier} courier", by.name, None, "", None),
            (at + timedelta(minutes=rng.randrange(5, 25)), "shelve", "received", "shelved", by.name, by.name, shelf.id,
             shelf.code, None),
            (taken, "deliver", "shelved", "delivered", by.name, who.sort_name, None, "", proofs[place]),
        )  # fmt: skip
        for alike, step in zip(events, steps, strict=True):
            alike.append((ident, step[0], by.login, by.workstation, *step[1:]))
        signed.append((proofs[place], taken, by.login, by.workstation, "signature", who.sort_name, who.id, strokes))
        found.append((ident, f"{who.sort_name} · {carrier}", (code, who.entity_code)))
    bulk.insert_rows(session, table_of(MailItem), _ITEM, items)
    bulk.insert_rows(session, table_of(MailProof), _PROOF, signed)
    for alike in events:
        # An item's next event is judged by where it stands, which PostgreSQL moves on only after a whole statement.
        bulk.insert_rows(session, table_of(MailEvent), _EVENT, alike)
    begin_series(session, SERIES, len(ids))
    codes = give_tags(session, KIND, ids)
    search.enter(
        session,
        [
            search.Findable(KIND, ident, f"{SERIES}-{place + 1:06}", detail, (*words, codes[place]))
            for place, (ident, detail, words) in enumerate(found)
        ],
    )
    return len(ids)


def _receipts(session: Session, days: int, rng: random.Random) -> list[datetime]:
    """When mail comes in on a working day: most of it in the morning, more on Mondays."""
    day = today(session) - timedelta(days=days)
    if day.weekday() > 4:
        return []
    count = rng.randrange(5, 11) + (5 if day.weekday() == 0 else 0)
    minutes = sorted(round(rng.triangular(7.5 * 60, 16.5 * 60, 9.5 * 60)) for _ in range(count))
    return [datetime.combine(day, time(minute // 60, minute % 60), ZONE) for minute in minutes]


def _lasting(rng: random.Random) -> timedelta:
    """How long until somebody signs: most within hours, some on the next days."""
    share = rng.random()
    if share < 0.62:
        return timedelta(minutes=rng.randrange(45, 330))
    if share < 0.86:
        return timedelta(minutes=rng.randrange(18 * 60, 27 * 60))
    return timedelta(minutes=rng.randrange(44 * 60, 190 * 60))


def _code(place: int, letters: str) -> str:
    if not letters:
        return ""
    service, country = letters.split()
    digits = f"{22_510_300 + place * 53:08}"
    return f"{service}{digits}{METHODS['s10'].character(digits)}{country}"
