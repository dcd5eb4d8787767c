"""Makes a new server fit for the office: roles, database, tables, and the first administrator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from cbo_desk.compound import name_compound, open_office, prepare
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.people import turn_on_accounts
from cbo_desk.people.passwords import password_fault, tidy_login
from cbo_desk.secret import Secret
from cbo_desk.server.cluster import SUPERUSER, Cluster, init_server, stop_server
from cbo_desk.server.scripts import first_administrator
from db import roles


@dataclass(frozen=True)
class NewServer:
    """A server that is ready: where it is, what it is called, and what workstations compare."""

    folder: str
    address: str
    database: str
    administrator: str
    fingerprint: str
    certificate: str
    until: str


@dataclass(frozen=True)
class FirstAdministrator:
    """Who keeps the accounts from the first day on."""

    login: str
    name: str
    password: Secret


def make_office(
    cluster: Cluster,
    database: str,
    first: FirstAdministrator,
    certificate: Path | None = None,
    key: Path | None = None,
) -> NewServer:
    """Make, start and furnish a server; the first administrator can sign in when this returns.

    Raises Refusal for a login, password or folder that does not do, Trouble where the server cannot be made; then
    nothing of it is left.
    """
    login = tidy_login(first.login)
    fault = password_fault(first.password, login, first.name)
    if fault:
        raise Refusal(fault, "password")
    made, superuser = init_server(cluster, certificate, key)
    try:
        furnish(made, database, login, first.password, superuser)
        _open_first(made, database, login, first)
    except BaseException:
        stop_server(made)
        raise
    assert made.certificate is not None
    return NewServer(
        str(made.folder),
        f"{made.names[0]}:{made.port}",
        database,
        login,
        made.certificate.fingerprint,
        str(made.data / "server.crt"),
        f"{made.certificate.until:%d %b %Y}".lstrip("0"),
    )


def furnish(cluster: Cluster, database: str, login: str, password: Secret, superuser: str) -> None:
    """Make the roles and the empty database, once, as superuser."""
    where: dict[str, Any] = {"host": cluster.names[0], "port": cluster.port, "user": SUPERUSER, "password": superuser}
    where.update(sslmode="verify-full", sslrootcert=str(cluster.data / "server.crt"))
    try:
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
            for statement in roles.make_roles(database):
                connection.execute(statement)
        with psycopg.connect(dbname=database, autocommit=True, **where) as connection:
            for statement in [*roles.prepare_database(), *first_administrator(login)]:
                connection.execute(statement)
            verifier = connection.pgconn.encrypt_password(
                password.reveal().encode(), login.encode(), b"scram-sha-256"
            ).decode()
            secret = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier))
            connection.execute(secret)
    except psycopg.Error as error:
        raise Trouble(f"The new server cannot be furnished: {str(error).splitlines()[0]}.") from error


def address_of(cluster: Cluster, database: str, login: str, password: Secret, trusted: Path) -> str:
    """The address of a database on the server, for one person, with the certificate that is trusted."""
    secret = quote(password.reveal(), safe="")
    where = f"{cluster.names[0]}:{cluster.port}/{quote(database, safe='')}"
    return f"postgresql://{login}:{secret}@{where}?sslmode=verify-full&sslrootcert={quote(str(trusted), safe='')}"


def _open_first(cluster: Cluster, database: str, login: str, first: FirstAdministrator) -> None:
    """Let the first administrator make the tables and an account of the same name."""
    url = address_of(cluster, database, login, first.password, cluster.data / "server.crt")
    prepare(url).dispose()
    office = open_office(url)
    try:
        office.write(name_compound, database)
        office.write(turn_on_accounts, login, first.name, first.password)
    finally:
        office.close()
