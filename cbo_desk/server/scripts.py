"""What the IT department runs on a PostgreSQL server of its own, so that it serves as ours would."""

from __future__ import annotations

from db import roles, staff
from db.schema import LEAST_SERVER

HEAD = """\
-- Makes a PostgreSQL server of version {version} or newer ready for CBO Desk. Run once by a superuser, or, where nobody
-- is one, by a role that may create roles and databases and give pg_signal_backend:
--     psql -v ON_ERROR_STOP=1 -f this.sql postgres
-- Before: password_encryption = 'scram-sha-256', ssl = on, data checksums, and in pg_hba.conf for this database only
--     hostssl {database} all <the office's network> scram-sha-256
-- Where the site has Kerberos or Active Directory, a line above that one lets people in by their ticket instead, whose
-- names there are their logins here; they join without a password (the first line that fits a person counts):
--     hostssl {database} all <the network of the domain> gss include_realm=0 krb_realm=<REALM>
-- with krb_server_keyfile = the keytab of postgres/<the server's full name>@<REALM>; on a Windows server sspi for gss.
-- After: the first administrator sets a password (\\password {login}) and opens the database with CBO Desk, which makes
-- the tables. Everybody else is added in the program's settings.
"""
# Who is no superuser gives away only to a role that they are in, and from 16 on are in none that they made.
_BORROWED = f"GRANT {staff.OWNER}, {roles.KEEPER} TO CURRENT_USER"
_GIVEN_BACK = f"REVOKE {staff.OWNER}, {roles.KEEPER} FROM CURRENT_USER"


def script_for(database: str, login: str) -> str:
    """The statements, for psql, that make the roles, the database and the first administrator."""
    lines = [HEAD.format(version=LEAST_SERVER, database=database, login=login)]
    for statement in roles.make_roles(database):
        if statement.startswith("CREATE DATABASE"):
            lines.append(f"{_BORROWED};")
        lines.append(f"{statement};")
    lines += ["", f"\\connect {roles.quoted(database)}", ""]
    for statement in roles.prepare_database():
        lines.append(f"{statement};")
        if statement.startswith("ALTER SCHEMA"):
            lines.append(f"GRANT CREATE ON SCHEMA public TO {roles.KEEPER};")
    lines += ["", *(f"{statement};" for statement in first_administrator(login))]
    lines += [f"REVOKE CREATE ON SCHEMA public FROM {roles.KEEPER};", f"{_GIVEN_BACK};"]
    return "\n".join(lines) + "\n"


def first_administrator(login: str) -> list[str]:
    """The statements that make the first administrator's role, without a password, in the prepared database.

    What is granted is granted by the keeper of logins, who can then take it back like anybody else's. `login` is as
    `tidy_login` leaves it.
    """
    name = roles.quoted(login)
    return [
        f"CREATE ROLE {name} LOGIN",
        f"GRANT {name} TO {roles.KEEPER} WITH ADMIN OPTION",
        f"SET ROLE {roles.KEEPER}",
        f"GRANT {staff.STAFF} TO {name}",
        "RESET ROLE",
        f"SELECT public.cbo_make_administrator('{login}', true)",
    ]
