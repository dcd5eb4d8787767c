"""Opens the compound of an order for the person who gives it."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, TimeoutError

from cbo_desk.cli.arguments import Order
from cbo_desk.compound import exists, needs_sign_in, open_office, workstation
from cbo_desk.errors import NotLetIn, Refusal
from cbo_desk.office import Office
from cbo_desk.people import sign_in
from cbo_desk.refusals import bad_news
from cbo_desk.secret import Secret
from db.engine import read_url


@contextmanager
def office(order: Order, *, create: bool = False, check: bool = True) -> Iterator[Office]:
    """The order's compound, with the person signed in.

    `create` makes a database that is not there; `check` refuses one whose schema is not whole. Where accounts are
    turned on, the login comes from CBO_LOGIN and the password from CBO_PASSWORD or the terminal; on a server the login
    is the one of its address.
    """
    if not create and not exists(order.database):
        if Path(order.database).is_dir():
            raise Refusal(f"{order.database} is a folder. Name the database file in it.")
        raise Refusal(
            f"There is no database at {order.database}. Make one with: main.py init NAME, or open the window."
        )
    try:
        opened = _open(order.database, check)
        try:
            if needs_sign_in(opened.engine):
                opened.actor = sign_in(opened, *_credentials(), workstation())
            yield opened
        finally:
            opened.close()
    except (DBAPIError, TimeoutError) as error:
        raise bad_news(error, "Nothing was done.") from error


def _open(database: str, check: bool) -> Office:
    """Open a file, or a server as the person of its address; the terminal asks for a password that is not known."""
    try:
        return open_office(with_password(database), check=check)
    except NotLetIn:
        if _names_one(database) or sys.stdin is None or not sys.stdin.isatty():
            raise
    typed = getpass.getpass(f"Password of {read_url(database).username} on the server: ")
    return open_office(read_url(database).set(password=typed).render_as_string(hide_password=False), check=check)


def with_password(database: str) -> str:
    """The address of a server with CBO_PASSWORD in it, where neither the address nor PGPASSWORD says another one."""
    given = os.environ.get("CBO_PASSWORD")
    if given is None or "://" not in database or _names_one(database):
        return database
    return read_url(database).set(password=given).render_as_string(hide_password=False)


def _names_one(database: str) -> bool:
    """Whether a password for a server is given in its address, or in the way that PostgreSQL's own programs know."""
    return "PGPASSWORD" in os.environ or ("://" in database and bool(read_url(database).password))


def _credentials() -> tuple[str, Secret]:
    login = os.environ.get("CBO_LOGIN") or getpass.getuser()
    password = os.environ.get("CBO_PASSWORD")
    if password is None:
        if sys.stdin is None or not sys.stdin.isatty():
            raise Refusal("This compound asks for a password: set CBO_LOGIN and CBO_PASSWORD.")
        password = getpass.getpass(f"Password of {login}: ")
    return login, Secret(password)
