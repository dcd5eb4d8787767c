"""What is shown for a compound that cannot be opened: its door, both certificates, or who puts it right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cbo_desk.errors import NotLetIn, OtherCertificate, OtherVersion, Refusal, Trouble
from cbo_desk.locations import file_of
from cbo_desk.secret import Secret
from ui.first_run.addresses import login_of, password_of, signed, without_password
from ui.first_run.certificate import CertificatePage
from ui.first_run.choosing import Choosing
from ui.first_run.door import Door
from ui.first_run.host import Host
from ui.first_run.trouble import TroublePage, Way
from ui.first_run.without import kept_words, who_may_begin

if TYPE_CHECKING:
    from cbo_desk.people.without_server import Known


def tell_why(host: Host, error: Exception) -> None:
    """Say in the frame why it cannot be opened, with what can be done."""
    if file_of(host.url) is None and isinstance(error, NotLetIn | Trouble):
        Door(host, error)
    elif file_of(host.url) is None:
        shown = partial(_show, host, error)
        host.run(partial(who_may_begin, host.url), shown, lambda _why: shown([]))
    else:
        _show(host, error, [])


def _show(host: Host, error: Exception, known: Sequence[Known]) -> None:
    choosing = Choosing(host)
    ways = _ways(host, error, known, choosing)
    page: CertificatePage | TroublePage
    if isinstance(error, OtherCertificate):
        page = CertificatePage(host, error, ways)
        page.trusted.connect(partial(_trusted, host))
    else:
        # How the server is trusted is nobody's trouble here.
        where = without_password(host.url).partition("?")[0]
        page = TroublePage(where, error, ways, host.frame, more=kept_words(known))
    choosing.setParent(page)
    host.frame.show_front(page, QCoreApplication.translate("trouble", "No compound open"))
    page.focus_first()
    if isinstance(page, TroublePage) and isinstance(error, OtherVersion) and file_of(host.url) is None:
        page.try_again(partial(host.open, host.url))


def _ways(host: Host, error: Exception, known: Sequence[Known], choosing: Choosing) -> list[Way]:
    """What can be done, the likeliest first; to sign in only where that may help."""
    again: Way = QCoreApplication.translate("trouble", "Try again"), "refresh-cw", partial(host.open, host.url)
    another: Way = QCoreApplication.translate("trouble", "Open another"), "folder-open", host.welcome
    if file_of(host.url) is not None:
        put_back = QCoreApplication.translate("trouble", "Restore a backup")
        return [again, another, (put_back, "rotate-ccw", choosing.restore)]
    ways = [again, another]
    if known:
        without = partial(Door, host, kept_out=str(error))
        ways.insert(1, (QCoreApplication.translate("trouble", "Work without the server"), "cloud-off", without))
    if isinstance(error, Refusal) and not isinstance(error, OtherVersion | OtherCertificate):
        sign_in = partial(Door, host, by_itself=False)
        ways.insert(1, (QCoreApplication.translate("trouble", "Sign in"), "log-in", sign_in))
    return ways


def _trusted(host: Host, url: str) -> None:
    """The server's new certificate is trusted: open it with what was typed before."""
    secret = password_of(host.url)
    host.open(signed(url, login_of(url), Secret(secret)) if secret else url)
