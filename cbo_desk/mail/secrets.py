"""What is need-to-know of the pouch, kept apart: written down by whoever hands it in, read by who has a role there.

On a server the rows themselves are kept from everybody else, whatever tool they use; a file keeps them from nobody
who can read the file, and there these questions are the only door.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from db.base import table_of
from db.mail_pouch import MailSecret

Of = Literal["outgoing", "line"]
HIDDEN = "need-to-know"
"""What stands in the open where there is more to know."""
_TABLE = table_of(MailSecret)


@dataclass(frozen=True)
class Secret:
    """Whom a package is for, where they are, why it is sent, and what is in it."""

    addressee: str = ""
    address: str = ""
    purpose: str = ""
    contents: str = ""


NOTHING = Secret()


def note(session: Session, of: Of, record_id: int, secret: Secret) -> None:
    """Write down what is need-to-know of a new record."""
    session.connection().execute(insert(_TABLE), {"kind": of, "record_id": record_id, **asdict(secret)})


def change(session: Session, of: Of, record_id: int, secret: Secret) -> None:
    """Write it anew; only who may read it can."""
    here = (_TABLE.c.kind == of, _TABLE.c.record_id == record_id)
    session.connection().execute(update(_TABLE).where(*here).values(**asdict(secret)))


def drop(session: Session, of: Of, ids: Iterable[int]) -> None:
    """Take away what was written of records that are gone."""
    session.connection().execute(delete(_TABLE).where(_TABLE.c.kind == of, _TABLE.c.record_id.in_(list(ids))))


def known(session: Session, of: Of, ids: Iterable[int]) -> dict[int, Secret]:
    """What is need-to-know of these records, by id; on a server nothing for who may not know."""
    wanted = list(ids)
    found: dict[int, Secret] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = session.execute(select(_TABLE).where(_TABLE.c.kind == of, _TABLE.c.record_id.in_(some)))
        found |= {row.record_id: Secret(row.addressee, row.address, row.purpose, row.contents) for row in rows}
    return found
