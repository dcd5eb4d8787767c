"""The roles of a server that knows everybody by name, and what each may do: the program's words for PostgreSQL.

`cbo_owner` owns the tables and cannot sign in. Everybody who works in the compound has a LOGIN role of their own in
`cbo_staff`; administrators are in `cbo_admin` too, and may become the owner for a change of schema: by way of
`cbo_builder`, which inherits nothing, so that they have none of its rights until they say so. Logins are made by four
functions that belong to `cbo_keeper`, the only role that may make roles: nobody works as superuser.

What a person may do on which desk is the program's matter. The server holds what must not be circumvented by other
tools: facts are added only, accounts are the administrators', nothing is truncated, and nobody makes objects.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from db import tables, triggers  # noqa: F401 - every table must be known before rights are given
from db.base import Base
from db.staff import ADMIN, OWNER, STAFF, knows_people

KEEPER, BUILDER = "cbo_keeper", "cbo_builder"
ACCOUNTS = ("account", "account_role")
"""Who may sign in and do what: read by all, written by administrators."""
STAY = frozenset({
    "asset", "booking", "blob", "compound", "dated_setting", "mail_item", "number_series", "audit_head", "change_log",
    "alembic_version",
})  # fmt: skip
"""Tables out of which no deed of the program takes a row by deleting it, beside the facts."""
DELETED_FROM = frozenset({"blob", "dated_setting"})
"""Of these, the ones that upkeep and settings do take rows out of."""

_MAY = (
    f"IF NOT pg_has_role(session_user, '{ADMIN}', 'MEMBER') THEN RAISE EXCEPTION 'only an administrator keeps logins' "
    "USING ERRCODE = 'insufficient_privilege'; END IF; "
)
_OURS = (
    "IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = person) OR "
    f"NOT pg_has_role(person, '{STAFF}', 'MEMBER') OR "
    "EXISTS (SELECT 1 FROM pg_roles WHERE rolname = person AND (rolsuper OR rolcreaterole)) THEN "
    "RAISE EXCEPTION '% is nobody of this office', person USING ERRCODE = 'insufficient_privilege'; END IF; "
)
_VERIFIER = (
    "IF verifier !~ '^SCRAM-SHA-256\\$[0-9]+:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' THEN "
    "RAISE EXCEPTION 'a password is handed over as its verifier' USING ERRCODE = 'invalid_parameter_value'; END IF; "
)
# Name and arguments, and the body.
FUNCTIONS = {
    "cbo_make_login(person text, verifier text)": _MAY
    + _VERIFIER
    + "IF person !~ '^[a-z0-9][a-z0-9._@-]{1,62}$' OR person ~ '^(cbo_|pg_)' OR "
    "person IN ('postgres', 'public', 'none') THEN "
    "RAISE EXCEPTION '% cannot be a login', person USING ERRCODE = 'invalid_parameter_value'; END IF; "
    f"EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L IN ROLE {STAFF}', person, verifier);",
    "cbo_set_password(person text, verifier text)": _MAY
    + _VERIFIER
    + _OURS
    # A new password is a good one, also where the one before had run out.
    + "EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', person, verifier, 'infinity');",
    "cbo_let_in(person text, allowed boolean)": _MAY
    + _OURS
    + "EXECUTE format('ALTER ROLE %I %s', person, CASE WHEN allowed THEN 'LOGIN' ELSE 'NOLOGIN' END); "
    "IF NOT allowed THEN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = person; END IF;",
    "cbo_make_administrator(person text, administrator boolean)": _MAY
    + _OURS
    + f"IF administrator THEN EXECUTE format('GRANT {ADMIN}, {BUILDER} TO %I', person); "
    f"ELSE EXECUTE format('REVOKE {ADMIN}, {BUILDER} FROM %I', person); END IF;",
    "cbo_drop_login(person text)": _MAY + _OURS + "EXECUTE format('DROP ROLE %I', person);",
}


def make_roles(database: str) -> Iterator[str]:
    """The statements that make the roles and the database, for a superuser who is connected to `postgres`."""
    for role in (OWNER, STAFF, ADMIN):
        yield f"CREATE ROLE {role} NOLOGIN"
    yield f"CREATE ROLE {BUILDER} NOLOGIN NOINHERIT"
    yield f"GRANT {OWNER} TO {BUILDER}"
    yield f"CREATE ROLE {KEEPER} NOLOGIN CREATEROLE"
    for role in (BUILDER, STAFF, ADMIN):
        yield f"GRANT {role} TO {KEEPER} WITH ADMIN OPTION"
    yield f"GRANT pg_signal_backend TO {KEEPER}"
    yield f"CREATE DATABASE {quoted(database)} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8'"
    yield f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {STAFF}"


def adopt_database(database: str) -> Iterator[str]:
    """The statements that make a database which is there already the office's, for a superuser connected to it."""
    yield f"ALTER DATABASE {quoted(database)} OWNER TO {OWNER}"
    yield f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {STAFF}"
    yield from prepare_database()


def prepare_database() -> Iterator[str]:
    """The statements that make the new database fit for our tables, for a superuser who is connected to it."""
    for extension in ("pg_trgm", "btree_gist"):
        yield f"CREATE EXTENSION IF NOT EXISTS {extension}"
    yield f"ALTER SCHEMA public OWNER TO {OWNER}"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {STAFF}, {ADMIN}, {KEEPER}"
    for named, body in FUNCTIONS.items():
        yield (
            f"CREATE OR REPLACE FUNCTION public.{named} RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
            f"SET search_path = pg_catalog, pg_temp AS $cbo$BEGIN {body} END$cbo$"
        )
        called = f"public.{signature(named)}"
        yield f"ALTER FUNCTION {called} OWNER TO {KEEPER}"
        yield f"REVOKE ALL ON FUNCTION {called} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {called} TO {ADMIN}"


def grants() -> Iterator[str]:
    """What staff and administrators may do with every table, for its owner: said anew after each upgrade."""
    names = [*sorted(Base.metadata.tables), "alembic_version"]
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {STAFF}, {ADMIN}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {STAFF}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {STAFF}"
    for name in names:
        deeds = rights(name)
        if deeds:
            yield f"GRANT {deeds} ON {name} TO {ADMIN if name in ACCOUNTS else STAFF}"


def rights(table: str) -> str:
    """What may be done with the rows of a table beside reading them."""
    if table == "alembic_version":
        return ""
    if table in triggers.APPEND_ONLY:
        return "INSERT"
    if table in STAY - DELETED_FROM:
        # Every deed locks the head of the audit, for which PostgreSQL asks the right to change it.
        return "UPDATE" if table == "audit_head" else "INSERT, UPDATE"
    return "INSERT, UPDATE, DELETE"


def install(connection: Connection) -> None:
    """Give the rights anew where the server knows people by name; elsewhere there is nobody to give them to."""
    if knows_people(connection):
        for statement in grants():
            connection.exec_driver_sql(statement)


def become_owner(connection: Connection) -> bool:
    """Work as the owner for the rest of the transaction; False where this person may not, or there is no such role."""
    if not knows_people(connection):
        return False
    allowed = "SELECT pg_has_role(session_user, %s, 'MEMBER')"  # as a superuser always is
    if not connection.exec_driver_sql(allowed, (OWNER,)).scalar():
        return False
    connection.exec_driver_sql(f"SET LOCAL ROLE {OWNER}")
    return True


def signature(named: str) -> str:
    """A function's name with the kinds of its arguments alone, as GRANT wants it."""
    name, _, arguments = named.rstrip(")").partition("(")
    return f"{name}({', '.join(part.split()[-1] for part in arguments.split(','))})"


def quoted(name: str) -> str:
    """A name as SQL reads it whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
