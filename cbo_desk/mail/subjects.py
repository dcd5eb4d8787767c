"""How items of mail look on labels and in the answers of a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import holdings
from cbo_desk.mail.queries import IN_HAND
from cbo_desk.mail.rounds import ROUND
from cbo_desk.mail.rules import State
from cbo_desk.mail.standing import KIND
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.mail import MailItem, MailRound


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number, addressee and entity of items, by id."""
    wanted = select(MailItem.id, MailItem.number, MailItem.addressee, MailItem.entity_code).where(
        MailItem.id.in_(ids), MailItem.state != State.WITHDRAWN
    )
    return {row[0]: Subject(row[1], row[2], row[3] or "") for row in session.execute(wanted)}


def _rounds(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    wanted = select(MailRound.id, MailRound.number, MailRound.name).where(MailRound.id.in_(ids))
    return {row.id: Subject(row.number, row.name) for row in session.execute(wanted)}


def _counter(column: QueryableAttribute[Any]) -> holdings.Count:
    def count(session: Session, records: Select[Any]) -> Mapping[int, int]:
        wanted = select(column, func.count()).where(column.in_(records), MailItem.state.in_(IN_HAND)).group_by(column)
        return {int(row[0]): int(row[1]) for row in session.execute(wanted)}

    return count


def enlist() -> None:
    """Let items and rounds carry tags, and tell the desks below which of theirs hold mail."""
    register(KIND, Kind.MAIL_ITEM, "mail item", describe)
    register(ROUND, Kind.ROUND, "round", _rounds)
    for of, column in (
        ("places.place", MailItem.shelf_id),
        ("people.person", MailItem.person_id),
    ):
        holdings.register(holdings.Holding(of, KIND, "item of mail", "items of mail", _counter(column)))
