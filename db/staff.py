"""Whether a server knows everybody by name, and what its groups are called: asked by every start, so it is light."""

from __future__ import annotations

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
