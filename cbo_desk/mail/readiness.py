"""What the first scan of a day must not wait for: the statements of a scan are put together while nobody waits."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.mail.card import item_card
from cbo_desk.mail.queries import rows_of
from cbo_desk.permissions import reads
from cbo_desk.tags import resolve
from db.mail import MailItem

_LATEST = select(func.max(MailItem.id))


@reads("mail", "look at mail")
def get_ready(session: Session) -> None:
    """Look the latest item up as a scan does: putting its statements together takes longer than asking them."""
    latest = session.scalar(_LATEST)
    if latest is not None:
        resolve(session, item_card(session, latest).code)
        rows_of(session, [latest])
