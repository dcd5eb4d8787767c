"""Beginning while the office's server is away: what lies at this workstation, and who is let in meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.secret import Secret
from ui.first_run.sign_in import SignInPage
from ui.kit.preferences import folder

if TYPE_CHECKING:
    from cbo_desk.people.without_server import Known
    from ui.frame import Frame


class Host(Protocol):
    """Who opens a compound, or could not."""

    url: str
    frame: Frame

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run one step off the GUI thread."""

    def choose_again(self) -> None:
        """Ask how to begin."""


def ask_without(host: Host, known: Sequence[Known], begun: Callable[[Known, Any], object]) -> None:
    """Ask who is at work, among those who worked here lately; `begun` is given who it is, and their office."""
    words = QCoreApplication.translate("trouble", "Without the server, as somebody who worked here lately")
    page = SignInPage(words, known[0].login, host.frame)

    def offered(login: str, password: Secret) -> None:
        def entered(office: Any) -> None:
            begun(next(one for one in known if one.login == office.actor.login), office)

        host.run(partial(_begin_without, host.url, login, password), entered, page.refuse)

    page.offered.connect(offered)
    page.other_asked.connect(host.choose_again)
    host.frame.show_front(page, known[0].compound)
    page.focus_first()


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


def _begin_without(url: str, login: str, password: Secret) -> Any:
    """Begin without the server, and import what the window needs while the page stands there."""
    from cbo_desk.people.without_server import begin_without

    import_module("ui.window")
    return begin_without(url, login, password, folder() / "trays")
