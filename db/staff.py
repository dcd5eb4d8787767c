"""Whether a server knows everybody by name, and what its groups are called: asked by every start, so it is light."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

OWNER, STAFF, ADMIN = "cbo_owner", "cbo_staff", "cbo_admin"
"""Who owns the tables, who works in the compound, and who of these keeps the accounts."""


def knows_people(connection: Connection) -> bool:
    """Whether this is a server on which everybody has a role of their own."""
    if connection.dialect.name != "postgresql":
        return False
    owned = "SELECT 1 FROM pg_namespace WHERE nspname = current_schema() AND nspowner::regrole::text = %s"
    return bool(connection.exec_driver_sql(owned, (OWNER,)).scalar())


def is_administrator(connection: Connection) -> bool:
    """Whether whoever is connected keeps the accounts of such a server."""
    asked = "SELECT pg_has_role(session_user, %s, 'MEMBER')"
    return bool(connection.exec_driver_sql(asked, (ADMIN,)).scalar())


def connected(connection: Connection) -> str:
    """The login of whoever is connected to a server."""
    return str(connection.exec_driver_sql("SELECT session_user").scalar())


def administrators(connection: Connection) -> list[str]:
    """The logins of those who keep the accounts of such a server and may change its tables."""
    asked = (
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND pg_has_role(oid, %s, 'MEMBER') ORDER BY 1"
    )
    return [str(name) for name in connection.exec_driver_sql(asked, (ADMIN,)).scalars()]


def runs_out(connection: Connection) -> datetime | None:
    """When the server lets whoever is connected in no longer with their password; None where it is good for ever."""
    asked = "SELECT NULLIF(rolvaliduntil, 'infinity') FROM pg_roles WHERE rolname = session_user"
    found: datetime | None = connection.exec_driver_sql(asked).scalar()
    return found
