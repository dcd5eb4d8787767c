"""The commands of upkeep: demo, backup, restore, check, doctor."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from cbo_desk import permissions
from cbo_desk.cli.arguments import DONE, REFUSED, Order
from cbo_desk.cli.opening import office, with_password
from cbo_desk.compound import about, exists, name_compound, needs_sign_in
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.permissions import Role, Rule
from cbo_desk.plurals import Count
from db.engine import open_engine

SEND = Rule("settings.send_mail", "settings", Role.SUPERVISOR, "send messages")
RESTORE = Rule("settings.restore", "settings", Role.ADMINISTRATOR, "replace this compound by a backup")


def demo(order: Order) -> Iterable[Any]:
    """Fill an empty database with the demo compound."""
    from cbo_desk.demo import make_demo

    with office(order, create=True) as opened:
        changes = opened.write(make_demo, order.scale)
    yield {"said": changes.said, "database": order.database}


def init(order: Order) -> Iterable[Any]:
    """Make an empty compound of that name."""
    if not order.name.strip():
        raise Refusal("A compound needs a name.")
    with office(order, create=True) as opened:
        known = opened.read(about).get("name")
        if known:
            raise Refusal(f"There is a compound at {order.database} already: {known}. Name another file or database.")
        changes = opened.write(name_compound, order.name)
    yield {"said": changes.said, "database": order.database}


def back_up(order: Order) -> Iterable[Any]:
    """Write a backup and verify it."""
    from cbo_desk.backup import backup

    with office(order) as opened:
        yield backup(opened, Path(order.file))


def restore(order: Order) -> Iterable[Any]:
    """Put a backup into the order's database."""
    from cbo_desk.backup import restore as put_back

    if exists(order.database) and _asks_sign_in(order.database):
        with office(order, check=False) as opened:
            permissions.check(opened.actor, RESTORE)
    yield put_back(Path(order.file), order.database, overwrite=order.overwrite)


def move(order: Order) -> Iterable[Any]:
    """Put the compound at FROM into the database at TO, which must be new or empty."""
    from cbo_desk.moving import move as carry_over

    order.database = order.source
    with office(order) as opened:
        yield carry_over(opened, with_password(order.target))


def _asks_sign_in(url: str) -> bool:
    """Whether accounts are on at a database that may be replaced; what cannot be read has none to ask."""
    engine = open_engine(url)
    try:
        return needs_sign_in(engine)
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def check(order: Order) -> Iterable[Any]:
    """Prove integrity, schema and audit chain, after putting lost rules back if asked to; exit 1 for what is wrong."""
    from cbo_desk.integrity import check as examine
    from cbo_desk.integrity import mend_rules

    # A schema that is not whole is what this is to find.
    with office(order, check=False) as opened:
        if order.mend:
            yield {"said": opened.write(mend_rules).said}
        findings = examine(opened)
        if order.witness:
            from cbo_desk.witness import hold_against

            findings += hold_against(opened, Path(order.witness))
    yield from findings
    yield DONE if all(finding.ok for finding in findings) else REFUSED


def send_mail(order: Order) -> Iterable[Any]:
    """Let holds go whose time is up, as a window does, and send the messages that are due, one line for each.

    Exit 3 where the mail server is away.
    """
    import cbo_desk.mail  # noqa: F401 - names its chores
    from cbo_desk.conference import HoldClock
    from cbo_desk.mail_server import can_send, mail_server
    from cbo_desk.notifications import Message
    from cbo_desk.sending import Sender

    with office(order) as opened:
        permissions.check(opened.actor, SEND)
        changed = HoldClock(opened).tick()
        if changed:
            yield {"said": f"Holds whose time was up are let go: {Count(changed):booking|bookings} changed."}
        server = opened.read(mail_server)
        if server is None:
            raise Refusal("No mail server is named yet. Name it in the window: Settings, Messages.")
        if not can_send(server):
            ways = "set CBO_MAIL_PASSWORD or CBO_MAIL_PASSWORD_FILE"
            raise Refusal(f"The password of {server.login} is not known here: {ways}.")
        told: list[dict[str, Any]] = []

        def tell(message: Message, trouble: str) -> None:
            told.append({"to": message.to, "subject": message.subject, "id": message.message_id, "trouble": trouble})

        run = Sender(opened, tell).run()
    yield from told
    if run.trouble:
        raise Trouble(f"{run.trouble} What was not sent waits.")


def doctor(order: Order) -> Iterable[Any]:
    """What this computer has and lacks; exit 1 where something needed is missing."""
    from cbo_desk.doctor import examine

    findings = examine(order.database)
    yield from findings
    yield DONE if all(finding.ok for finding in findings) else REFUSED
