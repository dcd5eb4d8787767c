"""A server's address taken apart and put together for the person at its door, without the machinery of databases."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from cbo_desk.secret import Secret


def without_password(url: str) -> str:
    """An address as it may be shown and remembered."""
    head, at, tail = url.rpartition("@")
    scheme, _, who = head.partition("://")
    return f"{scheme}://{who.partition(':')[0]}{at}{tail}" if at and scheme.startswith("postgres") else url


def server_of(url: str) -> str:
    """The server as a person types it: its name, and its port where it has one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def place_of(url: str) -> str:
    """Server and database, whoever signs in: server.example:5433 / compound."""
    return f"{server_of(url)} / {unquote(urlsplit(url).path.lstrip('/'))}"


def login_of(url: str) -> str:
    """Who an address is for."""
    return unquote(urlsplit(url).username or "")


def password_of(url: str) -> str:
    """The password in an address, "" where there is none."""
    return unquote(urlsplit(url).password or "")


def signed(url: str, login: str, password: Secret) -> str:
    """The address for somebody with their password; without one the server may know them by a ticket."""
    scheme, _, rest = url.partition("://")
    tail = rest.rpartition("@")[2]
    secret = f":{quote(password.reveal(), safe='')}" if password.reveal() else ""
    return f"{scheme}://{quote(login, safe='')}{secret}@{tail}"
