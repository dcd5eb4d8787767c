"""The door: signing in, and being locked out after too many wrong tries.

A try is counted before the password is looked at, in its own transaction, so that guesses made at once from several
workstations are counted one by one. The password itself is checked outside a transaction: argon2 takes its time, and
nobody else's writing waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.compound import CHANGE_PASSWORD
from cbo_desk.context import actor, local, now
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.people import logins
from cbo_desk.people.accounts import ACCOUNT, actor_of
from cbo_desk.people.passwords import hashed, is_login, is_right, password_fault, wants_rehash
from cbo_desk.permissions import Actor, Role, deed, reads
from cbo_desk.secret import Secret
from db.people import Account

TRIES = 5
LOCKED = timedelta(minutes=5)
WRONG = f"The login or the password is wrong. After {TRIES} wrong tries an account rests for 5 minutes."


@dataclass(frozen=True)
class _Seen:
    """An account as the door sees it; no hash for one that is unknown or disabled."""

    id: int = 0
    known: str = ""
    locked_until: datetime | None = None


def sign_in(office: Office, login: str, password: Secret, workstation: str = "") -> Actor:
    """The actor for a login and a password; `office` is any office over the database, whoever is at work in it.

    Raises Refusal, in the same words and after the same time, for an unknown login and a wrong password.
    """
    door = office.signed_in(_at_door(office, workstation))
    seen = door.read(_look, Secret(login))
    door.write(_count_try, seen.id)
    seen = door.read(_look, Secret(login))
    if seen.locked_until is not None:
        until = local(seen.locked_until)
        raise Refusal(f"Too many wrong tries. Try again at {until:%H:%M}, or ask an administrator.", "password")
    if not is_right(seen.known, password):
        door.write(_note_wrong, seen.id)
        raise Refusal(WRONG, "password")
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
    if fault:
        raise Refusal(fault, "new")
    if served:
        logins.change_own(session, account.login, new)
    else:
        account.password_hash = hashed(new)
    return Changes(ACCOUNT, (account.id,), "Your password was changed.")


@reads("door", "sign in")
def _look(session: Session, login: Secret) -> _Seen:
    typed = login.reveal().strip().lower()
    # What cannot be a login is looked up all the same, as one that nobody has: it takes no less time.
    wanted = select(Account).where(Account.login == (typed if is_login(typed) else ""), Account.disabled_at.is_(None))
    account = session.scalar(wanted)
    if account is None:
        return _Seen()
    locked = account.locked_until
    still = locked is not None and account.failures > TRIES and locked > now(session)
    return _Seen(account.id, account.password_hash, locked if still else None)


@deed("door.count_try", "sign in", Role.VIEWER)
def _count_try(session: Session, account_id: int) -> Changes:
    """Count a try before it is looked at; the last one allowed begins the rest."""
    account = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if account is None:
        return Changes(ACCOUNT, (), "Somebody tries to sign in with a login that is not known.")
    if account.locked_until is not None and account.locked_until <= now(session):
        account.failures, account.locked_until = 0, None
    account.failures = min(account.failures + 1, TRIES + 1)
    if account.failures == TRIES:
        account.locked_until = now(session) + LOCKED
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
