"""Who may sign in and with which roles. Accounts are kept on the settings desk; hashes never leave this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import holdings
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Faults, Refusal
from cbo_desk.people import logins
from cbo_desk.people.commands import PERSON
from cbo_desk.people.passwords import hashed, password_fault, tidy_login
from cbo_desk.permissions import DESKS, Actor, Role, deed, reads
from cbo_desk.secret import Secret
from cbo_desk.turns import take_turn
from db.people import Account, AccountRole

ACCOUNT = "people.account"
_MANAGE = "manage accounts"
_DESK = "settings"


@dataclass(frozen=True)
class AccountRow:
    """One account as the settings page lists it; `roles` holds the desks it may work on.

    `known` is false for one that came from a file and has no login at the server yet.
    """

    id: int
    login: str
    name: str
    roles: Mapping[str, Role]
    disabled: bool
    locked_until: datetime | None
    person_id: int | None
    made_at: datetime
    known: bool = True


@deed("settings.turn_on_accounts", "turn accounts on", Role.ADMINISTRATOR)
def turn_on_accounts(session: Session, login: str, name: str, password: Secret) -> Changes:
    """Make the first administrator's account; from now on everybody signs in."""
    _take_turn(session)
    if session.scalar(select(func.count()).select_from(Account)):
        raise Refusal("Accounts are turned on already.")
    account = _make(session, login, name, dict.fromkeys(DESKS, Role.ADMINISTRATOR), password, None)
    return Changes(ACCOUNT, (account.id,), f"Accounts are turned on. {account.name} is the first administrator.")


def keep_moved(session: Session, login: str, name: str, password: Secret | None) -> None:
    """Let whoever moved a compound keep its accounts where it is now, whatever it knew of them before.

    A server knows them already. A file asks for `password` from now on; it stays without accounts where it had none.
    """
    account = session.scalar(select(Account).where(Account.login == login))
    served = logins.kept_by_server(session)
    if account is None:
        if not served and not session.scalar(select(func.count()).select_from(Account)):
            return
        account = Account(login=login, name=name, password_hash="", made_at=now(session), failures=0)
        session.add(account)
        session.flush()
    account.disabled_at = account.locked_until = None
    if not served and password is not None:
        account.password_hash = hashed(password)
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    _give(session, account, dict.fromkeys(DESKS, Role.ADMINISTRATOR))


@deed("settings.add_account", _MANAGE, Role.ADMINISTRATOR)
def add_account(
    session: Session, login: str, name: str, roles: Mapping[str, Role], password: Secret, person_id: int | None = None
) -> Changes:
    """Let somebody sign in, with a role for each desk they may work on."""
    _take_turn(session)
    if not session.scalar(select(func.count()).select_from(Account)):
        raise Refusal("Turn accounts on first: the first account is an administrator's.")
    account = _make(session, login, name, roles, password, person_id)
    said = f"{account.name} may sign in as {account.login}: {in_words(roles)}."
    return Changes(ACCOUNT, (account.id,), said, Deed(remove_account, (account.id,)))


@deed("settings.remove_account", _MANAGE, Role.ADMINISTRATOR)
def remove_account(session: Session, account_id: int) -> Changes:
    """Take back an account that was just made; one that was used is disabled instead, so that the audit stays clear."""
    _take_turn(session)
    account = _account(session, account_id)
    if account.last_sign_in is not None:
        raise Refusal(f"{account.name} has signed in already. Disable the account instead.")
    _refuse_last_administrator(session, account)
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    session.delete(account)
    if logins.kept_by_server(session):
        logins.drop(session, account.login)
    return Changes(ACCOUNT, (account_id,), f"The account {account.login} was taken back.")


@deed("settings.set_roles", _MANAGE, Role.ADMINISTRATOR)
def set_roles(session: Session, account_id: int, roles: Mapping[str, Role]) -> Changes:
    """Say anew what an account may do: `roles` is the whole of it."""
    _take_turn(session)
    account = _account(session, account_id)
    before = _roles_of(session, account.id)
    if roles.get(_DESK, 0) < Role.ADMINISTRATOR:
        _refuse_last_administrator(session, account)
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    _give(session, account, roles)
    if logins.kept_by_server(session):
        logins.set_administrator(session, account.login, _is_administrator(roles))
    undo = Deed(set_roles, (account.id, before))
    return Changes(ACCOUNT, (account.id,), f"{account.name} now has: {in_words(roles)}.", undo)


@deed("settings.set_password", _MANAGE, Role.ADMINISTRATOR)
def set_password(session: Session, account_id: int, password: Secret) -> Changes:
    """Give an account a new password, and let it sign in at once even if it was locked."""
    account = _account(session, account_id)
    _check(password, account.login, account.name)
    if not logins.kept_by_server(session):
        account.password_hash = hashed(password)
    elif account.login in logins.known(session):
        logins.set_password(session, account.login, password)
    else:  # it came from a file, and the server has not met this person yet
        logins.make(session, account.login, password)
        logins.set_administrator(session, account.login, _is_administrator(_roles_of(session, account.id)))
    account.failures, account.locked_until = 0, None
    return Changes(ACCOUNT, (account.id,), f"{account.name} has a new password.")


@deed("settings.disable_account", _MANAGE, Role.ADMINISTRATOR)
def disable_account(session: Session, account_id: int) -> Changes:
    """Stop an account from signing in; its name stays in the audit."""
    _take_turn(session)
    account = _account(session, account_id)
    if account.disabled_at is not None:
        raise Refusal(f"{account.name}'s account is disabled already.")
    _refuse_last_administrator(session, account)
    account.disabled_at = now(session)
    if logins.kept_by_server(session):
        logins.let_in(session, account.login, False)
    undo = Deed(enable_account, (account.id,))
    return Changes(ACCOUNT, (account.id,), f"{account.name} can no longer sign in.", undo)


@deed("settings.enable_account", _MANAGE, Role.ADMINISTRATOR)
def enable_account(session: Session, account_id: int) -> Changes:
    """Let a disabled account sign in again."""
    account = _account(session, account_id)
    if account.disabled_at is None:
        raise Refusal(f"{account.name}'s account is not disabled.")
    account.disabled_at = None
    if logins.kept_by_server(session):
        logins.let_in(session, account.login, True)
    undo = Deed(disable_account, (account.id,))
    return Changes(ACCOUNT, (account.id,), f"{account.name} can sign in again.", undo)


@reads("settings", "see the accounts", Role.ADMINISTRATOR)
def accounts(session: Session) -> list[AccountRow]:
    """Every account, by login."""
    roles: dict[int, dict[str, Role]] = {}
    served = logins.known(session) if logins.kept_by_server(session) else None
    for held in session.scalars(select(AccountRole).order_by(AccountRole.desk)):
        roles.setdefault(held.account_id, {})[held.desk] = Role(held.role)
    return [
        AccountRow(
            one.id,
            one.login,
            one.name,
            roles.get(one.id, {}),
            one.disabled_at is not None,
            one.locked_until if one.locked_until and one.locked_until > now(session) else None,
            one.person_id,
            one.made_at,
            served is None or one.login in served,
        )
        for one in session.scalars(select(Account).order_by(Account.login))
    ]


@reads("settings", "see the accounts", Role.ADMINISTRATOR)
def roles_now(session: Session, account_id: int) -> dict[str, Role]:
    """What an account may do now; refuses one that is not there."""
    return _roles_of(session, _account(session, account_id).id)


def actor_of(session: Session, account: Account, workstation: str) -> Actor:
    """The actor an account stands for, with the right to change its own password."""
    roles: dict[str, Role] = {"door": Role.CLERK, **_roles_of(session, account.id)}
    return Actor(account.login, account.name, roles, workstation, account.person_id)


def in_words(roles: Mapping[str, Role]) -> str:
    """Roles as a sentence's part: "clerk on Property, viewer on People"."""
    held = [f"{role.name.lower()} on {DESKS[desk]}" for desk, role in roles.items()]
    return ", ".join(held) or "no role on any desk"


def _make(
    session: Session, login: str, name: str, roles: Mapping[str, Role], password: Secret, person_id: int | None
) -> Account:
    neat, called = tidy_login(login), " ".join(name.split())
    if not called:
        raise Faults({"name": "Say whose account this is."})
    if session.scalar(select(Account.id).where(Account.login == neat)):
        raise Refusal("Another account has this login.", "login")
    _check(password, neat, called)
    served = logins.kept_by_server(session)
    if served:
        logins.make(session, neat, password)
        logins.set_administrator(session, neat, _is_administrator(roles))
    # Where the server keeps the password there is nothing to compare a guess with.
    kept = "" if served else hashed(password)
    made = Account(login=neat, name=called, person_id=person_id, password_hash=kept, made_at=now(session), failures=0)
    session.add(made)
    session.flush()
    _give(session, made, roles)
    return made


def _is_administrator(roles: Mapping[str, Role]) -> bool:
    """Whether these roles include keeping the accounts."""
    return roles.get(_DESK, 0) == Role.ADMINISTRATOR


def _give(session: Session, account: Account, roles: Mapping[str, Role]) -> None:
    unknown = [desk for desk in roles if desk not in DESKS]
    if unknown:
        raise Refusal(f"There is no desk called {unknown[0]}.", "roles")
    rows = [{"account_id": account.id, "desk": desk, "role": int(Role(role))} for desk, role in roles.items()]
    if rows:
        session.execute(insert(AccountRole), rows)


def _check(password: Secret, login: str, name: str) -> None:
    fault = password_fault(password, login, name)
    if fault:
        raise Refusal(fault, "password")


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise Refusal("This account is no longer there.")
    return account


def _roles_of(session: Session, account_id: int) -> dict[str, Role]:
    wanted = select(AccountRole).where(AccountRole.account_id == account_id).order_by(AccountRole.desk)
    return {held.desk: Role(held.role) for held in session.scalars(wanted)}


def _take_turn(session: Session) -> None:
    """Whether an administrator is left is a rule over all accounts, so these deeds come one after the other."""
    take_turn(session, "people.administrators")


def _refuse_last_administrator(session: Session, account: Account) -> None:
    wanted = (
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.disabled_at.is_(None), AccountRole.desk == _DESK, AccountRole.role == Role.ADMINISTRATOR)
    )
    if list(session.scalars(wanted)) == [account.id]:
        you = " This is your own account." if account.login == actor(session).login else ""
        raise Refusal(f"{account.name} is the last administrator.{you} Make somebody else administrator first.")


def _accounts_of(session: Session, people: Any) -> dict[int, int]:
    wanted = select(Account.person_id, func.count()).where(Account.person_id.in_(people)).group_by(Account.person_id)
    return {row[0]: row[1] for row in session.execute(wanted) if row[0] is not None}


holdings.register(holdings.Holding(PERSON, ACCOUNT, "account", "accounts", _accounts_of))
