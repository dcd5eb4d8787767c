"""What the outbox can be asked: the list of messages with their state, how many there are, and one message whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from cbo_desk.context import local, now
from cbo_desk.errors import Refusal
from cbo_desk.notifications import KIND, Message, messages
from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tabular import Column
from db.records import Notification, NotificationFile

STATES = ("waiting", "sending", "sent", "failed")
COLUMNS = (
    Column("To"),
    Column("Subject"),
    Column("State"),
    Column("Day", "date"),
    Column("Time"),
    Column("Tries", "number"),
    Column("What was said"),
)


@dataclass(frozen=True)
class MessageRow:
    """One line of the list. `at` is when it was sent, or is due."""

    id: int
    to: str
    subject: str
    state: str
    at: datetime
    tries: int
    trouble: str


_COLUMNS = (
    Notification.id, Notification.to, Notification.subject, Notification.state, Notification.due_at,
    Notification.sent_at, Notification.tries, Notification.trouble,
)  # fmt: skip
SORTS = {"number": Notification.id, "due": Notification.due_at}


@reads("settings", "see the outbox")
class MessageList(PagedList[MessageRow]):
    """The messages, the newest first unless told otherwise; words are looked for in address and subject."""

    kind = KIND

    def __init__(self, state: str = "", words: str = "", sort: str = "number", descending: bool = True) -> None:
        columns = (Notification.id,) if sort == "number" else (SORTS[sort], Notification.id)
        super().__init__(select(*_COLUMNS), Notification.id, Sort(columns, descending), _where(state, words))

    def row_of(self, values: Any) -> MessageRow:
        """One line."""
        ident, to, subject, state, due_at, sent_at, tries, trouble = list(values)[: len(_COLUMNS)]
        return MessageRow(ident, to, subject, state, sent_at or due_at, tries, trouble)


def _where(state: str, words: str) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [Notification.state == state] if state else []
    for word in words.split():
        parts.append(or_(Notification.to.icontains(word, autoescape=True),
                         Notification.subject.icontains(word, autoescape=True)))  # fmt: skip
    return and_(true(), *parts)


@dataclass(frozen=True)
class OutboxFigures:
    """How many messages stand how, and since when the oldest one waits that is due."""

    by_state: dict[str, int]
    oldest_due: datetime | None


@reads("settings", "see the outbox")
def outbox_figures(session: Session) -> OutboxFigures:
    """Count the outbox."""
    wanted = select(Notification.state, func.count()).group_by(Notification.state)
    counts = {str(row[0]): int(row[1]) for row in session.execute(wanted)}
    due = (Notification.state == "waiting", Notification.due_at <= now(session))
    return OutboxFigures(counts, session.scalar(select(func.min(Notification.due_at)).where(*due)))


@dataclass(frozen=True)
class MessageCard:
    """One message whole; `papers` are the names of what goes along."""

    message: Message
    papers: tuple[str, ...]


@reads("settings", "see the outbox")
def message_card(session: Session, ident: int) -> MessageCard:
    """One message with what goes along."""
    found = messages(session, [ident])
    if not found:
        raise Refusal("This message is no longer there.")
    wanted = select(NotificationFile.name).where(NotificationFile.notification_id == ident)
    return MessageCard(found[0], tuple(session.scalars(wanted.order_by(NotificationFile.id))))


def rows(office: Office, listing: MessageList) -> Iterator[tuple[Any, ...]]:
    """The list as a table for a file, page by page."""
    outline = office.read(listing.outline)
    for start in outline.starts:
        for line in office.read(listing.page, start, PAGE):
            row, there = line.row, local(line.row.at)
            yield row.to, row.subject, row.state, there.date(), f"{there:%H:%M}", row.tries, row.trouble
