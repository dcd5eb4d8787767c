"""What a door asks off the GUI thread: opening, beginning without the server, what lies at this workstation."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.secret import Secret
from ui.desks import page_module
from ui.kit.phrases import day as day_of
from ui.kit.preferences import folder

if TYPE_CHECKING:
    from cbo_desk.office import Office
    from cbo_desk.opening import Opened
    from cbo_desk.people.signing_in import Given
    from cbo_desk.people.without_server import Known
    from cbo_desk.permissions import Actor


def kept_words(known: Sequence[Known]) -> str:
    """What lies at this workstation until the server is back, by whom."""
    told = [
        QCoreApplication.translate("trouble", "{count:deed|deeds} kept here by {name}").format(
            count=Count(one.waiting), name=one.name
        )
        for one in known
        if one.waiting
    ]
    if not told:
        return ""
    words = QCoreApplication.translate("trouble", "{deeds} go to the server once it is back. Nothing is lost.")
    return words.format(deeds=", ".join(told))


def who_may_begin(url: str) -> list[Known]:
    """Who worked at this workstation lately; read off the GUI thread."""
    from cbo_desk.people import without_server

    return without_server.who_may_begin(url, folder() / "trays")


def is_back(url: str) -> bool:
    """Whether the server answers; asked off the GUI thread."""
    from cbo_desk.people import without_server

    return without_server.is_back(url)


def begin_without(url: str, login: str, password: Secret) -> Any:
    """Begin without the server, and import what the window needs while the page stands there."""
    from cbo_desk.people.without_server import begin_without as begin

    import_module("ui.window")
    return begin(url, login, password, folder() / "trays")


def open_signed(url: str, desk: str) -> Opened:
    """Open a compound with a login and a password; one that has run out is told from a wrong one where that is known.
    """
    from cbo_desk.errors import NotLetIn, PasswordAsked
    from cbo_desk.people import without_server

    try:
        return open_for(url, desk)
    except PasswordAsked:
        raise
    except NotLetIn as error:
        until = without_server.ran_out(url, folder() / "trays")
        if until is None:
            raise
        words = QCoreApplication.translate(
            "trouble",
            "Your password ran out on {day}. An administrator gives you a new one in Settings, Accounts; with that you "
            "sign in here, and choose one of your own.",
        )  # fmt: skip
        raise NotLetIn(words.format(day=day_of(local(until).date()))) from error


def open_for(url: str, desk: str) -> Opened:
    """Open a compound, and import what its first page needs while the frame stands there already."""
    from cbo_desk.opening import open_compound

    opened = open_compound(url)
    if not opened.locked:
        import_module("ui.window")
        import_module(page_module(desk))
    return opened


def sign_in_at(office: Office, login: str, password: Secret) -> tuple[Actor, Given | None]:
    """Who it is that signs in, and who gave them their password where that was somebody else."""
    from cbo_desk.compound import workstation
    from cbo_desk.people.signing_in import given_password, sign_in

    actor = sign_in(office, login, password, workstation())
    return actor, office.signed_in(actor).read(given_password)
