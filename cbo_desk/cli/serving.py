"""The commands of the office's own server: made, started, stopped, looked at, or written down for others to run."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cbo_desk.cli.arguments import DONE, REFUSED, Order
from cbo_desk.errors import Refusal
from cbo_desk.people.passwords import tidy_login
from cbo_desk.secret import Secret
from cbo_desk.server.cluster import Cluster, start_server, status_of, stop_server


def serve(order: Order) -> Iterable[Any]:
    """Carry out one order about a server."""
    yield from {"init": _init, "start": _start, "stop": _stop, "status": _status, "script": _script}[order.what](order)


def _init(order: Order) -> Iterable[Any]:
    from cbo_desk.server.opening import FirstAdministrator, make_office

    if not 0 < order.port < 65_536:
        raise Refusal(f"{order.port} is no port. Name one from 1 to 65535.")
    names = tuple(order.host or (platform.node() or "localhost", "localhost", "127.0.0.1"))
    cluster = Cluster(Path(order.folder).absolute(), order.port, names, order.listen, order.run_as)
    first = FirstAdministrator(order.login, order.name or order.login, _new_password(order.login))
    given = [Path(each) if each else None for each in (order.certificate, order.key)]
    yield make_office(cluster, order.compound, first, *given)


def _start(order: Order) -> Iterable[Any]:
    start_server(_there(order))
    yield from _status(order)


def _stop(order: Order) -> Iterable[Any]:
    stop_server(_there(order))
    yield status_of(_there(order))


def _status(order: Order) -> Iterable[Any]:
    status = status_of(_there(order))
    yield status
    yield DONE if status.running else REFUSED


def _script(order: Order) -> Iterable[Any]:
    from cbo_desk.server.scripts import script_for

    # For psql to read: a script as a line of JSON would serve nobody.
    sys.stdout.write(script_for(order.compound, tidy_login(order.login)))
    return ()


def _there(order: Order) -> Cluster:
    return Cluster(Path(order.folder).absolute(), run_as=order.run_as)


def _new_password(login: str) -> Secret:
    """The first administrator's password, from CBO_PASSWORD or typed twice at the terminal."""
    given = os.environ.get("CBO_PASSWORD")
    if given is not None:
        return Secret(given)
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refusal("The first administrator needs a password: set CBO_PASSWORD, or ask at a terminal.")
    typed = getpass.getpass(f"A new password for {login}: ")
    if getpass.getpass("Once more: ") != typed:
        raise Refusal("The two passwords differ. Nothing was made.")
    return Secret(typed)
