"""The door: signing in, and being locked out after too many wrong tries.

A try is counted before the password is looked at, in its own transaction, so that guesses made at once from several
workstations are counted one by one. The password itself is checked outside a transaction: argon2 takes its time, and
nobody else's writing waits for it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.compound import CHANGE_PASSWORD
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.people import logins
from cbo_desk.people.accounts import ACCOUNT, actor_of, add_account, set_password, turn_on_accounts
from cbo_desk.people.passwords import hashed, is_login, is_right, password_fault, wants_rehash
from cbo_desk.permissions import Actor, Role, deed, reads, rule_of
from cbo_desk.plurals import Count
from cbo_desk.secret import Secret
from db.engine import renew_password
from db.people import Account
from db.records import AuditEntry, AuditTouch

TRIES = 5
LOCKED = timedelta(minutes=5)
WRONG = "The login or the password is wrong."


@dataclass(frozen=True)
class _Seen:
    """An account as the door sees it; no hash for one that is unknown or disabled."""

    id: int = 0
    known: str = ""
    locked_until: datetime | None = None
    failures: int = 0


@dataclass
class _Nobody:
    """A login that nobody has, tried here: it is told as an account would be."""

    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True)
class Given:
    """A password that somebody else chose, and so knows: who gave it, and when."""

    by: str
    at: datetime


_nobodies: WeakKeyDictionary[Engine, OrderedDict[str, _Nobody]] = WeakKeyDictionary()
_MOST_NOBODIES = 1_000


def sign_in(office: Office, login: str, password: Secret, workstation: str = "") -> Actor:
    """The actor for a login and a password; `office` is any office over the database, whoever is at work in it.

    Raises Refusal, in the same words and after the same time, for an unknown login and a wrong password.
    """
    door = office.signed_in(_at_door(office, workstation))
    seen = door.read(_look, Secret(login))
    door.write(_count_try, seen.id)
    seen = door.read(_look, Secret(login))
    if not seen.id:
        seen = _as_nobody(office, login)
    if seen.locked_until is not None and seen.failures > TRIES:
        until = local(seen.locked_until)
        raise Refusal(f"Too many wrong tries. Try again at {until:%H:%M}, or ask an administrator.", "password")
    if not is_right(seen.known, password):
        door.write(_note_wrong, seen.id)
        raise Refusal(f"{WRONG} {_left(seen)}", "password")
    door.write(_let_in, seen.id, password if wants_rehash(seen.known) else None)
    return door.read(_actor, seen.id)


def unlock(office: Office, password: Secret) -> None:
    """Let the person who is at work go on behind a locked screen; raises Refusal for another password.

    Wrong tries count as at the door. On a server the password that this workstation is connected with is asked for
    first, so that a screen can be unlocked while the server is away.
    """
    connected = office.engine.url.password
    if connected is not None:
        if compare_digest(str(connected).encode(), password.reveal().encode()):
            return
        if not office.signed_in(_at_door(office)).read(_is_own, office.actor.login, password):
            raise Refusal("This is not your password.", "password")
        return
    if office.engine.dialect.name == "postgresql":
        raise Refusal("You are here by a ticket, not by a password. Lock the screen with the computer's own lock.")
    sign_in(office, office.actor.login, password)


@reads("door", "sign in")
def _is_own(session: Session, login: str, password: Secret) -> bool:
    return logins.kept_by_server(session) and logins.is_own(session, login, password)


def renew(office: Office, password: Secret) -> None:
    """Work on with another password of one's own: this workstation's further connections to a server are made with it,
    and a start without the server asks for it. This reads and writes files: it is nothing for a window's thread.
    """
    if office.engine.url.password is None or office.engine.dialect.name != "postgresql":
        return
    renew_password(office.engine, password.reveal())
    if office.replica is not None:
        office.replica.renew(password.reveal())
    if office.tray is not None:
        from cbo_desk.people.without_server import remember  # over a file there is no tray, and it is heavy
        from cbo_desk.tray import tray_of

        if (tray := tray_of(office)) is not None:
            remember(office, tray)


@reads("door", "sign in")
def given_password(session: Session) -> Given | None:
    """Who gave the person at work the password they have; None where they chose it themselves.

    The audit tells: the last deed about this account's password is the person's own, or somebody else's.
    """
    account = session.scalar(select(Account).where(Account.login == actor(session).login))
    if account is None:
        return None
    given, own = [[rule_of(one).name for one in deeds] for deeds in _ABOUT_PASSWORDS]
    last = (
        select(AuditEntry.command, AuditEntry.actor, AuditEntry.at)
        .join(AuditTouch, AuditTouch.seq == AuditEntry.seq)
        .where(AuditTouch.kind == ACCOUNT, AuditTouch.record_id == account.id)
        .where(AuditEntry.command.in_([*given, *own]))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    found = session.execute(last).one_or_none()
    if found is None or found.command in own or found.actor == account.login:
        return None
    name = session.scalar(select(Account.name).where(Account.login == found.actor))
    return Given(name or found.actor, found.at)


def _left(seen: _Seen) -> str:
    """What is left of the tries after a wrong one."""
    left = TRIES - seen.failures
    if left <= 0 and seen.locked_until is not None:
        return f"The account rests until {local(seen.locked_until):%H:%M}."
    tries = f"{Count(left):try is|tries are} left; then the account rests for {LOCKED.seconds // 60} minutes."
    return tries[:1].upper() + tries[1:]


def _as_nobody(office: Office, login: str) -> _Seen:
    """A login that nobody has, counted in this program alone, so that its words tell nothing of who has an account."""
    known = _nobodies.setdefault(office.engine, OrderedDict())
    one = known.setdefault(login.strip().lower(), _Nobody())
    _count(one, office.instant())
    while len(known) > _MOST_NOBODIES:
        known.popitem(last=False)
    return _Seen(0, "", one.locked_until, one.failures)


def _count(one: Account | _Nobody, instant: datetime) -> None:
    if one.locked_until is not None and one.locked_until <= instant:
        one.failures, one.locked_until = 0, None
    one.failures = min(one.failures + 1, TRIES + 1)
    if one.failures == TRIES:
        one.locked_until = instant + LOCKED


def _at_door(office: Office, workstation: str = "") -> Actor:
    return Actor("nobody", "Nobody", {"door": Role.VIEWER}, workstation or office.actor.workstation)


@reads("door", "sign in")
def refreshed(session: Session) -> Actor:
    """The person at work with the roles of this moment: asked when accounts changed. Refused once disabled."""
    acting = actor(session)
    account = session.scalar(select(Account).where(Account.login == acting.login, Account.disabled_at.is_(None)))
    if account is None:
        raise Refusal("Your account was disabled. Ask an administrator.")
    return actor_of(session, account, acting.workstation)


@deed(CHANGE_PASSWORD.name, CHANGE_PASSWORD.phrase, CHANGE_PASSWORD.role)
def change_password(session: Session, old: Secret, new: Secret) -> Changes:
    """Give oneself another password."""
    account = session.scalar(select(Account).where(Account.login == actor(session).login))
    if account is None:
        raise Refusal("You have no account: accounts are not turned on.")
    served = logins.kept_by_server(session)
    if not (logins.is_own(session, account.login, old) if served else is_right(account.password_hash, old)):
        raise Refusal("This is not your password.", "old")
    fault = password_fault(new, account.login, account.name)
    if new.reveal() == old.reveal():
        fault = "This is the password you have. Choose another."
    if fault:
        raise Refusal(fault, "new")
    if served:
        logins.change_own(session, account.login, new)
    else:
        account.password_hash = hashed(new)
    return Changes(ACCOUNT, (account.id,), "Your password was changed.")


# Deeds by which somebody has the password that another chose, and those by which it is their own.
_ABOUT_PASSWORDS = (add_account, set_password), (turn_on_accounts, change_password)


@reads("door", "sign in")
def _look(session: Session, login: Secret) -> _Seen:
    typed = login.reveal().strip().lower()
    # What cannot be a login is looked up all the same, as one that nobody has: it takes no less time.
    wanted = select(Account).where(Account.login == (typed if is_login(typed) else ""), Account.disabled_at.is_(None))
    account = session.scalar(wanted)
    if account is None:
        return _Seen()
    locked = account.locked_until if account.locked_until and account.locked_until > now(session) else None
    return _Seen(account.id, account.password_hash, locked, account.failures)


@deed("door.count_try", "sign in", Role.VIEWER)
def _count_try(session: Session, account_id: int) -> Changes:
    """Count a try before it is looked at; the last one allowed begins the rest."""
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if account is None:
        return Changes(ACCOUNT, (), "Somebody tries to sign in with a login that is not known.")
    _count(account, now(session))
    return Changes(ACCOUNT, (account.id,), f"Somebody tries to sign in as {account.login}.")


@deed("door.note_wrong", "sign in", Role.VIEWER)
def _note_wrong(session: Session, account_id: int) -> Changes:
    """Write down that a try failed; what was typed is not kept, for it may be a password in the wrong field."""
    account = session.get(Account, account_id)
    if account is None:
        return Changes(ACCOUNT, (), "Nobody signed in.")
    rests = f" It rests until {local(account.locked_until):%H:%M}." if account.locked_until else ""
    return Changes(ACCOUNT, (account.id,), f"A wrong password was given for {account.login}.{rests}")


@deed("door.let_in", "sign in", Role.VIEWER)
def _let_in(session: Session, account_id: int, rehash: Secret | None) -> Changes:
    """Forget the wrong tries of somebody who signed in."""
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if account is None or account.disabled_at is not None:
        raise Refusal(WRONG, "password")
    account.failures, account.locked_until, account.last_sign_in = 0, None, now(session)
    if rehash is not None:
        account.password_hash = hashed(rehash)
    return Changes(ACCOUNT, (account.id,), f"{account.name} signed in.")


@reads("door", "sign in")
def _actor(session: Session, account_id: int) -> Actor:
    account = session.get(Account, account_id)
    if account is None:
        raise Refusal(WRONG, "password")
    return actor_of(session, account, actor(session).workstation)
