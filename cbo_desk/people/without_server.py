"""Beginning to work while the office's server is away: whoever worked at this workstation lately, by their password.

What lets them in lies in their tray, readable by its owner alone: name, roles, and the argon2 hash of the password that
the server took. Only what is kept can be done; before anything reaches the server, it is asked who may work there now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from cbo_desk.compound import about, prepare, workstation
from cbo_desk.connected import connected_actor
from cbo_desk.context import clock
from cbo_desk.errors import Refusal
from cbo_desk.link import address_of, answers
from cbo_desk.office import Office
from cbo_desk.people.passwords import hashed, is_right
from cbo_desk.permissions import Actor, Role, reads
from cbo_desk.plurals import Count
from cbo_desk.replica import replica_of
from cbo_desk.secret import Secret
from cbo_desk.tray import Tray
from cbo_desk.tray.begin import compound_of, path_of, readable_trays
from db.engine import open_engine, read_url
from db.staff import runs_out
from db.tray_file import TrayFile

GOOD_FOR = timedelta(days=14)
"""So long somebody may begin without the server after it last let them in here."""
TRIES = 5
"""Wrong passwords in a row after which only the server lets them in again."""
_WHO, _KEY, _SEEN, _WRONG, _UNTIL = "person", "key", "seen", "wrong", "until"


@dataclass(frozen=True)
class Known:
    """Somebody who may begin here without the server: their deeds that wait, and when the server last let them in."""

    login: str
    name: str
    compound: str
    demo: bool
    waiting: int
    seen: datetime


def remember(office: Office, tray: Tray) -> None:
    """Note in the tray who works here, for a start without the server; nothing where no password was typed."""
    password = office.engine.url.password
    if not password:
        return
    facts = office.look_up(about)
    actor = office.actor
    told = {
        "name": actor.name, "roles": {desk: int(role) for desk, role in actor.roles.items()},
        "person_id": actor.person_id, "compound": facts.get("name", ""), "demo": bool(facts.get("demo")),
    }  # fmt: skip
    file, secret = tray.file, Secret(password)
    file.note(_WHO, json.dumps(told))
    if not is_right(file.about(_KEY), secret):
        file.note(_KEY, hashed(secret))
    file.note(_SEEN, clock().isoformat())
    file.note(_WRONG, "0")
    file.note(_UNTIL, until.isoformat() if (until := office.look_up(good_until)) else "")


@reads("door", "see until when a password is good")
def good_until(session: Session) -> datetime | None:
    """When the server lets the person at work in no longer with the password they have; None for never."""
    return runs_out(session.connection()) if session.connection().dialect.name == "postgresql" else None


def ran_out(url: str, folder: Path) -> datetime | None:
    """When the password of an address ran out, as the server told when it last let its owner in here.

    The server itself says the same of a wrong password and of one that has run out.
    """
    address = read_url(url)
    with _tray(folder, address) as file:
        until = file.about(_UNTIL) if file is not None else ""
    told = datetime.fromisoformat(until) if until else None
    return told if told is not None and told <= clock() else None


def who_may_begin(url: str, folder: Path) -> list[Known]:
    """Who may begin at this workstation while the server of a compound is away, who was here last first."""
    found = []
    for file in readable_trays(folder, compound_of(read_url(url))):
        known = _known(file)
        if known is not None:
            found.append(known)
    return sorted(found, key=lambda one: one.seen, reverse=True)


def is_back(url: str) -> bool:
    """Whether the server of an address answers within three seconds."""
    return answers(address_of(read_url(url)), 3)


def begin_without(url: str, login: str, password: Secret, folder: Path) -> Office:
    """An office whose server is away, for somebody who was here lately. Raises Refusal where it is not them."""
    address = read_url(url).set(username=login.strip(), password=password.reveal())
    with _tray(folder, address) as file:
        if file is not None and int(file.about(_WRONG) or 0) >= TRIES:
            raise Refusal(f"Too many wrong tries. Only the server lets {login.strip()} in again.", "password")
        known = _known(file) if file is not None else None
        if file is None or known is None:
            raise Refusal(
                f"{login.strip()} did not work at this workstation in the last {GOOD_FOR.days} days. Without the "
                "server nobody else can be let in.",
                "login",
            )
        if not is_right(file.about(_KEY), password):
            wrong = int(file.about(_WRONG) or 0) + 1
            file.note(_WRONG, str(wrong))
            left = f"{Count(TRIES - wrong):try is|tries are} left; then only the server lets you in."
            raise Refusal(f"This is not the password that the server took last. {left}", "password")
        file.note(_WRONG, "0")
        told = json.loads(file.about(_WHO))
    roles = {desk: Role(role) for desk, role in told["roles"].items()}
    actor = Actor(login.strip(), known.name, roles, workstation(), told["person_id"])
    office = Office(open_engine(address), actor)
    office.proof = office.fit = partial(_prove, office, address)
    return office


def _prove(office: Office, address: URL) -> None:
    """Hold the server that is back against what was believed: its schema, and what this person may do there now."""
    whole = address.render_as_string(hide_password=False)
    prepare(whole).dispose()
    office.actor = connected_actor(office.engine, office.actor.workstation) or office.actor
    office.replica = replica_of(office.engine)


def _known(file: TrayFile) -> Known | None:
    told, seen = file.about(_WHO), file.about(_SEEN)
    if not told or not seen or int(file.about(_WRONG) or 0) >= TRIES:
        return None
    last, person = datetime.fromisoformat(seen), json.loads(told)
    if clock() - last > GOOD_FOR:
        return None
    waiting = file.count("waiting") + file.count("refused")
    return Known(file.about("login"), person["name"], person["compound"], person["demo"], waiting, last)


@contextmanager
def _tray(folder: Path, address: URL) -> Iterator[TrayFile | None]:
    path = path_of(folder, address, address.username or "")
    if not path.exists():
        yield None
        return
    file = TrayFile(path)
    try:
        yield file
    finally:
        file.close()
