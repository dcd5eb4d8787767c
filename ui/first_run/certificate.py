"""The page for a server that is not believed: both fingerprints side by side, and the way to trust another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from cbo_desk.context import clock, local
from ui.first_run.addresses import place_of, server_of, without_password
from ui.first_run.drawings import paint_server
from ui.first_run.front import FrontPage, Told
from ui.first_run.host import Host
from ui.first_run.trouble import Way
from ui.kit.buttons import Button
from ui.kit.cards import Piece, line, rule
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import IconLabel, Label
from ui.kit.phrases import day

if TYPE_CHECKING:
    from cbo_desk.server.certificates import Certificate
    from cbo_desk.server.joining import Compared

GROUPS = 16
"""So many pairs of digits of a fingerprint stand in a line."""


class CertificatePage(FrontPage):
    """Says why a server is not believed. Signals: `trusted(url)` once the fingerprint that was typed is the server's.

    The server is asked beside the window's work. Only one that shows another certificate than the trusted one can be
    trusted anew.
    """

    trusted = Signal(str)

    def __init__(self, host: Host, error: Exception, ways: list[Way]) -> None:
        super().__init__(self.tr("Not connected"), place_of(host.url), paint_server, host.frame)
        self._host, self._url = host, without_password(host.url)
        self.heading = Label(self.tr("This server is not trusted"), "h2", wrap=True)
        self.why = Label(str(error), "muted", wrap=True)
        looking = self.tr("Looking at both certificates…")
        self.ours = Told("shield-check", self.tr("This workstation trusts"), looking)
        self.theirs = Told("server", self.tr("The server shows"), looking)
        self.form = Form([Field("fingerprint", self.tr("Fingerprint, as your administrator reads it to you"))])
        self.form.hide()
        self.button = Button(self.tr("Compare and trust"), "shield-check", "primary", self.offer, "Enter")
        self.button.hide()
        self.ways = [Button(words, icon, "plain", run) for words, icon, run in ways]
        head = line(IconLabel("shield-alert", "warn_text", 20), self.heading, gap=10)
        head.setStretch(1, 1)
        row = line(*self.ways)
        card: list[Piece] = [head, 6, self.why, 14, rule(), 12, self.ours, 10, self.theirs, 14]
        card += [self.form, 12, self.button, 10, row]
        self.fill(card)
        self.setAccessibleName(f"{self.heading.words()}. {error}")
        host.ask(self, partial(_compare, self._url), self._show, lambda error: self.why.setText(str(error)))

    def focus_first(self) -> None:
        """Lead the keys to the fingerprint where one is asked for, else to the first way out."""
        if self.form.isVisibleTo(self):
            self.form.focus_first()
        else:
            self.ways[0].setFocus()

    def offer(self) -> None:
        """Trust the server, if what was typed is its fingerprint."""
        typed = str(self.form.editors["fingerprint"].typed()).strip()
        if not typed:
            self.form.show_faults({"fingerprint": self.tr("Ask your administrator for it, by telephone or in person.")})
        elif self.button.isEnabled():
            self.button.setEnabled(False)
            self._host.ask(self, partial(_trust, self._url, typed), self.trusted.emit, self._refuse)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field compares."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.form.isAncestorOf(self.window().focusWidget()):
            self.offer()
            return
        super().keyPressEvent(event)

    def _refuse(self, error: Exception) -> None:
        self.button.setEnabled(True)
        if not self.form.show_error(error):
            self.form.show_faults({"fingerprint": str(error)})

    def _show(self, found: Compared) -> None:
        self.why.setText(found.why(clock()))
        self.ours.sentence.setText(_words(found.trusted) if found.trusted else self.tr("None is kept here."))
        self.theirs.sentence.setText(_words(found.shown))
        self.setAccessibleName(f"{self.heading.words()}. {self.why.words()}")
        if not found.same:
            self.form.show()
            self.button.show()
            self.focus_first()


def _words(one: Certificate) -> str:
    """A certificate as people compare it: its fingerprint in lines of equal length, and its last day."""
    pairs = one.fingerprint.split(":")
    lines = [":".join(pairs[at : at + GROUPS]) for at in range(0, len(pairs), GROUPS)]
    return "\n".join([*lines, f"{', '.join(one.names)} · {day(local(one.until).date())}"])


def _compare(url: str) -> Compared:
    from cbo_desk.server.joining import compare

    return compare(url)


def _trust(url: str, fingerprint: str) -> str:
    """Trust the server of an address from now on, and answer the address that asks for what it showed."""
    from cbo_desk.server.joining import trust, trusting

    trust(server_of(url), fingerprint)
    return trusting(url.partition("?")[0], server_of(url))
