"""Moves a compound from one database to another, from a file to a server or back, and proves every row of it.

The new database is filled in one transaction and compared with the old one before it commits, so that a move is there
whole or not at all. The old database is left as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.compound import exists, prepare
from cbo_desk.context import actor
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import file_of, forget_file
from cbo_desk.office import Office
from cbo_desk.people.accounts import keep_moved
from cbo_desk.permissions import Role, check, deed, rule_of
from cbo_desk.progress import Progress
from cbo_desk.refusals import bad_news
from cbo_desk.secret import Secret
from db import copying, guard
from db.engine import open_engine, read_url
from db.people import Account
from db.records import AuditHead
from db.staff import connected, knows_people

LEFT = "Nothing was moved; the new database is as empty as before."


@dataclass(frozen=True)
class Moved:
    """A compound that was moved: from where, to where, its rows, and the head of its audit chain at that moment."""

    source: str
    database: str
    rows: int
    attachments: int
    audit_entries: int
    audit_hash: str


@deed("settings.note_move", "move the compound to another database", Role.ADMINISTRATOR)
def note_move(session: Session, source: str, rows: int, password: Secret | None = None) -> Changes:
    """Write down, in the new database, where its rows came from; whoever moved it keeps the accounts there.

    `password` is what a file asks them for from now on, where it has accounts.
    """
    keep_moved(session, actor(session).login, actor(session).name, password)
    said = f"The compound was moved here from {source}: {rows:,} rows, each compared with the old one."
    return Changes("settings.compound", (1,), said)


def move(office: Office, url: str, progress: Progress | None = None) -> Moved:
    """Put everything of the office's database into the one at `url`, which must be new or empty.

    An office's server counts as empty while nothing was done in it but to make it.

    Work that others do meanwhile stays in the old database. Raises Refusal for a database that holds something,
    Trouble where the two cannot be read or written; then nothing of the move is left.
    """
    check(office.actor, rule_of(note_move))
    target, just_made = _new_place(office, url)
    filled = False
    told = progress or Progress()
    source = _shown(office.engine.url)
    try:
        engine = prepare(url)
        name = _name_there(engine)
    except DBAPIError as error:
        raise bad_news(error, LEFT) from error
    try:
        moved = _fill(office, engine, source, _shown(target), told)
        filled = True
        lost = guard.deviations(engine)
        if lost:
            raise Trouble(f"The new database is not whole: {lost[0]} {LEFT}")
        _note(office, engine, source, moved.rows, name)
    except BaseException as error:
        if filled or not just_made:
            _take_back(engine, target)
        if isinstance(error, DBAPIError):
            raise _why(error) from error
        raise
    finally:
        engine.dispose()
    return moved


def _name_there(engine: Engine) -> str:
    """What a server that was just made calls whoever moves: the name that `server init` was given; else ""."""
    with engine.connect() as connection:
        if not knows_people(connection):
            return ""
        return connection.scalar(select(Account.name).where(Account.login == connected(connection))) or ""


def _note(office: Office, engine: Engine, source: str, rows: int, name: str) -> None:
    """Write the move down, as whoever the new database takes for its mover."""
    who, secret = office.actor, office.engine.url.password
    with engine.connect() as connection:
        if knows_people(connection):
            login = connected(connection)
            known = who.name if who.login == login else login.capitalize()
            who = replace(who, login=login, name=name or known)
    Office(engine, who).write(note_move, source, rows, Secret(secret) if secret else None)


def _new_place(office: Office, url: str) -> tuple[URL, bool]:
    """The address of the new database, once it is known to hold nothing; whether it is a server's that was just made.
    """
    there = exists(url)  # refuses what is no address of a database
    target = read_url(url)
    if file_of(url) is not None:
        if there:
            raise Refusal(f"There is a file at {target.database} already. Name a new one.")
        return target, False
    engine = open_engine(target)
    try:
        with engine.connect() as connection:
            held = inspect(connection).get_table_names()
            just_made = bool(held) and copying.is_untouched(connection)
    except DBAPIError as error:
        raise bad_news(error, LEFT) from error
    finally:
        engine.dispose()
    if held and not just_made:
        raise Refusal(f"{target.database} holds tables already. A move needs an empty database of its own.")
    return target, just_made


def _fill(office: Office, engine: Any, source: str, target: str, told: Progress) -> Moved:
    with copying.snapshot(office.engine) as give:
        _prove_chain(give, "old")
        counts = copying.row_counts(give)
        total = sum(counts.values())
        with copying.filling(engine) as take:
            # Half of the way is putting in, the other half is comparing.
            rows = copying.carry(give, take, lambda done: told.report(done, 2 * total))
            different = copying.first_difference(give, take, lambda done: told.report(total + done, 2 * total))
            if different:
                raise Trouble(f"The two databases differ after the move: {different}. {LEFT}")
            _prove_chain(take, "new")
            head = take.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return Moved(source, target, rows, counts["attachment"], head.seq, head.hash)


def _prove_chain(connection: Any, which: str) -> None:
    with Session(connection) as session:
        proof = audit.verify(session)
    if proof.bad_seq is not None:
        raise Trouble(f"The audit chain of the {which} database is torn: {proof.why} {LEFT}")


def _why(error: DBAPIError) -> Exception:
    news = bad_news(error, LEFT)
    return Refusal(f"A row of the old database breaks a rule: {news} {LEFT}") if isinstance(news, Refusal) else news


def _take_back(engine: Any, target: URL) -> None:
    path = file_of(str(target))
    if path is None:
        copying.take_away(engine)
        return
    engine.dispose()
    forget_file(path)


def _shown(url: URL) -> str:
    """An address as it may be told: without a password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
