"""Who is at work on a server that knows everybody by name: whoever is connected, and nobody else."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role, administrator
from db import staff
from db.people import Account, AccountRole


def connected_actor(engine: Engine, workstation: str) -> Actor | None:
    """The actor behind the connection; None where the database does not know people, and signs them in otherwise.

    Raises Refusal for somebody whom the server lets in and who has no account here.
    """
    if engine.dialect.name != "postgresql":
        return None
    with Session(engine) as session:
        connection = session.connection()
        if not staff.knows_people(connection):
            return None
        login = staff.connected(connection)
        account = session.scalar(select(Account).where(Account.login == login, Account.disabled_at.is_(None)))
        if account is not None:
            held = session.scalars(select(AccountRole).where(AccountRole.account_id == account.id))
            roles = {"door": Role.CLERK, **{one.desk: Role(one.role) for one in held}}
            return Actor(account.login, account.name, roles, workstation, account.person_id)
        first = not session.scalar(select(func.count()).select_from(Account))
        if first and staff.is_administrator(connection):
            actor = administrator(login, login.capitalize(), workstation)
            return replace(actor, roles={"door": Role.CLERK, **actor.roles})
    raise Refusal(f"The server knows {login}, but this compound has no account of that name. Ask an administrator.")
