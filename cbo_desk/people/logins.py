"""Logins that a server keeps itself: one role a person, made and altered by the server's own guarded functions.

A password is handed over as its SCRAM verifier, reckoned here, so that it never reaches the server's log.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from cbo_desk.secret import Secret
from db.staff import knows_people


def kept_by_server(session: Session) -> bool:
    """Whether everybody has a role of their own here, so that passwords are the server's matter."""
    return knows_people(session.connection())


def known(session: Session) -> frozenset[str]:
    """Everybody whom the server lets in; an account that came from a file is not among them until it has a password."""
    return frozenset(session.scalars(text("SELECT rolname FROM pg_roles WHERE NOT rolname ^@ 'pg_'")))


def make(session: Session, login: str, password: Secret) -> None:
    """Let somebody sign in; a login that the server knows already is left as it is."""
    if login not in known(session):
        _call(session, "cbo_make_login", login, _verifier(session, login, password))


def set_password(session: Session, login: str, password: Secret) -> None:
    """Give somebody another password."""
    _call(session, "cbo_set_password", login, _verifier(session, login, password))


def change_own(session: Session, login: str, password: Secret) -> None:
    """Give oneself another password, as the server lets everybody do."""
    verifier = _verifier(session, login, password)
    statement = session.scalar(
        text("SELECT format('ALTER ROLE %I PASSWORD %L', session_user, CAST(:verifier AS text))"),
        {"verifier": verifier},
    )
    session.connection().exec_driver_sql(str(statement).replace("%", "%%"))


def let_in(session: Session, login: str, allowed: bool) -> None:
    """Let somebody sign in again, or no longer; who is connected is sent away."""
    if login in known(session):
        _call(session, "cbo_let_in", login, allowed)


def set_administrator(session: Session, login: str, administrator: bool) -> None:
    """Say whether somebody may keep accounts and change the schema."""
    if login in known(session):
        _call(session, "cbo_make_administrator", login, administrator)


def drop(session: Session, login: str) -> None:
    """Take back a login that was never used."""
    if login in known(session):
        _call(session, "cbo_drop_login", login)


def is_own(session: Session, login: str, password: Secret) -> bool:
    """Whether a password is this person's: asked of the server at its door."""
    import psycopg

    url = session.get_bind().engine.url
    options: dict[str, Any] = {**url.query, "host": url.host, "port": url.port, "dbname": url.database}
    try:
        psycopg.connect(user=login, password=password.reveal(), connect_timeout=3, **options).close()
    except psycopg.OperationalError:
        return False
    return True


def _call(session: Session, name: str, *values: Any) -> None:
    marks = ", ".join(f":v{number}" for number in range(len(values)))
    named = {f"v{number}": value for number, value in enumerate(values)}
    session.execute(text(f"SELECT {name}({marks})"), named)


def _verifier(session: Session, login: str, password: Secret) -> str:
    driver: Any = session.connection().connection.driver_connection
    made: bytes = driver.pgconn.encrypt_password(password.reveal().encode(), login.encode(), b"scram-sha-256")
    return made.decode()
