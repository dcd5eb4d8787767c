"""Rows that a server shows only to those who may see them: row-level security, kept in one list like the triggers.

Whoever has no role of their own (the owner, a superuser, everybody on a server without such roles) is not meant: what
they are is decided elsewhere. A file of SQLite keeps no row from anybody who can read the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from db.staff import STAFF

IS_STAFF = (
    "EXISTS (SELECT 1 FROM pg_auth_members JOIN pg_roles AS staff ON staff.oid = roleid "
    f"JOIN pg_roles AS one ON one.oid = member WHERE staff.rolname = '{STAFF}' AND one.rolname = session_user)"
)
"""Whether whoever is connected works here under a name of their own; by name, for elsewhere there is no such role."""
_LOOKS_INSIDE = (
    "EXISTS (SELECT 1 FROM account JOIN account_role ON account_role.account_id = account.id "
    "WHERE account.login = session_user AND account.disabled_at IS NULL AND account_role.desk = 'pouch' "
    "AND account_role.role >= 1)"
)
_MAY_KNOW = f"NOT {IS_STAFF} OR {_LOOKS_INSIDE}"


@dataclass(frozen=True)
class Policy:
    """Which rows of a table a deed reaches (`sees`), and which it may leave behind (`puts`)."""

    name: str
    table: str
    deed: str
    sees: str = ""
    puts: str = ""

    @property
    def make(self) -> str:
        """The statement that makes it."""
        using = f" USING ({self.sees})" if self.sees else ""
        check = f" WITH CHECK ({self.puts})" if self.puts else ""
        return f"CREATE POLICY {self.name} ON {self.table} FOR {self.deed}{using}{check}"


# What a tray brought is told to whoever brought it: its words name people and things that others need not know.
_OWN = f"NOT {IS_STAFF} OR by = session_user"
POLICIES = (
    Policy("taken_deed_read", "taken_deed", "SELECT", _OWN),
    Policy("taken_deed_note", "taken_deed", "INSERT", "", _OWN),
    Policy("mail_secret_read", "mail_secret", "SELECT", _MAY_KNOW),
    # Who hands something in tells what it is, and need not be able to read it back.
    Policy("mail_secret_note", "mail_secret", "INSERT", "", "true"),
    Policy("mail_secret_change", "mail_secret", "UPDATE", _MAY_KNOW, _MAY_KNOW),
    Policy("mail_secret_drop", "mail_secret", "DELETE", _MAY_KNOW),
)


def install(connection: Connection) -> None:
    """Put every policy in force, with the words of this program."""
    if connection.dialect.name != "postgresql":
        return
    for policy in POLICIES:
        connection.exec_driver_sql(f"ALTER TABLE {policy.table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS {policy.name} ON {policy.table}")
        connection.exec_driver_sql(policy.make)


def take_off(connection: Connection) -> None:
    """Drop every policy: no table that one of them asks could go before."""
    if connection.dialect.name == "postgresql":
        for policy in POLICIES:
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS {policy.name} ON {policy.table}")


def lost(connection: Connection) -> Iterator[str]:
    """What of the list is missing, switched off or another one than it was made, a sentence each."""
    rows = connection.exec_driver_sql(
        "SELECT polname, polcmd::text, relname, relrowsecurity, polpermissive, "
        "coalesce(pg_get_expr(polqual, polrelid), ''), coalesce(pg_get_expr(polwithcheck, polrelid), '') "
        "FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = current_schema()::regnamespace"
    ).all()
    have = {row[0]: row for row in rows}
    for policy in POLICIES:
        found = have.pop(policy.name, None)
        if found is None:
            yield f"Policy {policy.name} is missing."
        elif not found[3]:
            yield f"Row-level security of {policy.table} is switched off."
        elif (found[1], found[2]) != (_LETTERS[policy.deed], policy.table) or not (
            _agree(policy.sees, found[5]) and _agree(policy.puts, found[6])
        ):
            yield f"Policy {policy.name} was altered."
    tables = {policy.table for policy in POLICIES}
    # Policies add up: one more lets more through.
    yield from (f"Policy {name} of {row[2]} is not ours." for name, row in have.items() if row[2] in tables)


_LETTERS = {"SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d"}


def _agree(wanted: str, told: str) -> bool:
    """Whether the server's own form of a condition says the same names, literals and numbers as ours."""
    return _words(wanted) == _words(told)


def _words(condition: str) -> list[str]:
    """The literals, operators and words of a condition in the order of the alphabet, whatever its brackets and kinds.

    PostgreSQL tells a name with its table, a literal with its kind and `JOIN` in brackets.
    """
    plain = re.sub(r"::\w+", "", condition)
    parts = re.findall(r"'(?:[^']|'')*'|[\w.]+|<=|>=|<>|=|<|>", plain.lower())
    ends = (part if part.startswith("'") else part.rpartition(".")[2] for part in parts)
    return sorted(part for part in ends if part != "as")
