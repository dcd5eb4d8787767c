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
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.people import sign_in
from cbo_desk.refusals import bad_news
from cbo_desk.secret import Secret


@contextmanager
def office(order: Order, *, create: bool = False, check: bool = True) -> Iterator[Office]:
    """The order's compound, with the person signed in.

    `create` makes a database that is not there; `check` refuses one whose schema is not whole. Where accounts are
    turned on, the login comes from CBO_LOGIN and the password from CBO_PASSWORD or the terminal.
    """
    if not create and not exists(order.database):
        if Path(order.database).is_dir():
            raise Refusal(f"{order.database} is a folder. Name the database file in it.")
        raise Refusal(
            f"There is no database at {order.database}. Make one with: main.py init NAME, or open the window."
        )
    try:
        opened = open_office(order.database, check=check)
        try:
            if needs_sign_in(opened.engine):
                opened.actor = sign_in(opened, *_credentials(), workstation())
            yield opened
        finally:
            opened.close()
    except (DBAPIError, TimeoutError) as error:
        raise bad_news(error, "Nothing was done.") from error


def _credentials() -> tuple[str, Secret]:
    login = os.environ.get("CBO_LOGIN") or getpass.getuser()
    password = os.environ.get("CBO_PASSWORD")
    if password is None:
        if sys.stdin is None or not sys.stdin.isatty():
            raise Refusal("This compound asks for a password: set CBO_LOGIN and CBO_PASSWORD.")
        password = getpass.getpass(f"Password of {login}: ")
    return login, Secret(password)
