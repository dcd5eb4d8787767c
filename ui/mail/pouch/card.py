"""The card of one bag: weight against its limit, seal, certificate, what is in it for those who may know, its cases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail.outgoing import kg
from cbo_desk.mail.pouch import BAG, BagCard, BagLine, BagState
from cbo_desk.plurals import Count
from cbo_desk.tags.codes import grouped
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Fact, Facts, History, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.drawings import Drawing
from ui.kit.labels import Label
from ui.kit.phrases import day, when
from ui.kit.states import Nothing
from ui.kit.theme import colour, px
from ui.loads import GoesWith
from ui.mail.outgoing.looks import deeds_in
from ui.mail.papers import with_papers
from ui.mail.pouch.looks import bag_status, case_word, seal_word
from ui.papers import Papers


class BagCardView(QStackedWidget):
    """Shows one bag. `chosen(str)` with the action of a pressed deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card: BagCard | None = None
        self.fault = Label("", "fault", wrap=True)
        self._nothing, self._sheet = ScrollCard(self), ScrollCard(self)
        self.papers = Papers(bench, BAG, self)
        self._shown = with_papers(self._sheet, self.papers)
        words = self.tr("Choose a bag, or scan its tag.")
        self._nothing.show_content(Nothing(self.tr("No bag chosen"), words, icon="briefcase"), fill=True)
        self.addWidget(self._nothing)
        self.addWidget(self._shown)

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def say_fault(self, words: str) -> None:
        """Say at the bag why the last scan came to nothing; empty takes that away."""
        self.fault.setText(words)
        self.fault.setVisible(bool(words))

    def show_card(self, card: BagCard, deeds: Sequence[Action]) -> None:
        """Show a bag and what can be done with it."""
        same = self.card is not None and self.card.row.id == card.row.id
        self.card = card
        row = card.row
        said = self.fault.words() if same else ""
        self.fault = Label(said, "fault", wrap=True)
        way = self.tr("From {place}") if row.direction == "in" else self.tr("To {place}")
        bar = Drawing(
            self._paint_bar, self.tr("{weight} of {limit}").format(weight=kg(row.weight_g), limit=kg(row.limit_g))
        )
        bar.setFixedHeight(px(9))
        weight = self.tr("{weight} of {limit}").format(weight=kg(row.weight_g), limit=kg(row.limit_g))
        packages = self.tr("{count:package|packages}").format(count=Count(row.count))
        buttons = [DeedButton(a.label, a.icon, partial(self.chosen.emit, a.id), a.shortcut) for a in deeds]
        pieces: list[Any] = [
            line(Label(row.number, "cap"), None, Chip(bag_status(row))),
            Label(way.format(place=row.destination), "h2", wrap=True),
            line(Label(weight, "small-strong"), None, Label(packages, "small-muted")),
            bar,
            self.fault,
            rule(),
            Facts(self._facts(card), columns=2),
        ]
        if row.state in (BagState.DISPATCHED, BagState.CONFIRMED):
            self.goes_with = GoesWith(self._bench)
            self.goes_with.show_record(BAG, row.id)
            pieces.append(self.goes_with)
        if buttons:
            pieces += [rule(), deeds_in(self, buttons)]
        pieces += self._cases(card)
        pieces += [rule(), *self._inside(card)]
        if card.deeds:
            pieces += [rule(), Label(self.tr("What happened"), "h3"), History(_history(card))]
        self._sheet.show_content(*pieces)
        self.fault.setVisible(bool(said))
        self.papers.setVisible(not card.hidden)
        if not card.hidden:
            self.papers.show_record(row.id, "briefcase")
        self.setCurrentWidget(self._shown)

    def _facts(self, card: BagCard) -> list[Fact]:
        row = card.row
        cut_off = f"{day(local(row.cut_off_at).date())} {local(row.cut_off_at):%H:%M}"
        incoming = row.direction == "in"
        found = seal_word(card.seal_found) if card.seal_found else ""
        known = [
            Fact("clock", self.tr("Expected") if incoming else self.tr("Cut-off"), cut_off),
            Fact("lock", self.tr("Seal"), row.seal or self.tr("not sealed")),
            Fact(
                "badge-check", self.tr("Certified by"), card.certified_by or ("" if incoming else self.tr("nobody yet"))
            ),
            Fact("scale", self.tr("A package at most"), "" if incoming else kg(card.package_most_g)),
            Fact("barcode", self.tr("Their number"), row.their_number),
            Fact("shield-check", self.tr("Seal found"), found),
            Fact("send", self.tr("Carried by"), card.carried_by),
            Fact("qr-code", self.tr("Tag"), grouped(card.code) if card.code else ""),
        ]
        return [fact for fact in known if fact.value]

    def _cases(self, card: BagCard) -> list[Any]:
        pieces: list[Any] = []
        for case in card.cases:
            status = (
                Status(self.tr("Closed"), "idle", "check")
                if case.closed_at
                else Status(self.tr("Open"), "bad", "shield-alert")
            )
            pieces += [
                rule(),
                line(Label(case.number, "small-strong"), None, Chip(status)),
                Label(case_word(case.what), "small", wrap=True),
            ]
            about = " · ".join(part for part in (case.note, case.outcome) if part)
            if about:
                pieces.append(Label(about, "small-muted", wrap=True))
        return pieces

    def _inside(self, card: BagCard) -> list[Any]:
        heading = Label(self.tr("What is in it"), "h3")
        if card.hidden:
            words = self.tr("Need-to-know. It takes a role on the Diplomatic pouch desk to see what is in a bag.")
            return [heading, Label(words, "muted", wrap=True)]
        pieces: list[Any] = [heading]
        if card.row.state is BagState.OPEN and card.waits:
            words = self.tr("{count:package waits|packages wait} here for this destination.")
            pieces.append(Label(words.format(count=Count(len(card.waits))), "small-muted", wrap=True))
        if card.row.state is BagState.ARRIVED:
            words = self.tr("{count:package|packages} to be counted.").format(count=Count(card.left))
            pieces.append(Label(words, "small-muted"))
        if not card.lines:
            pieces.append(
                Label(self.tr("Nothing yet. Scan the packages: each goes into this bag."), "muted", wrap=True)
            )
        for one in card.lines:
            weight = Label(kg(one.weight_g) if one.weight_g else "—", "small-strong")
            mark: list[Any] = [Chip(self._found(one))] if one.found else []
            pieces.append(line(Label(one.reference, "small-strong"), None, *mark, weight, gap=10))
            about = " · ".join(part for part in (one.addressee, one.contents, one.entity) if part)
            if about:
                pieces.append(Label(about, "small-muted", wrap=True))
        return pieces

    def _found(self, one: BagLine) -> Status:
        return {
            "here": Status(self.tr("Here"), "ok", "check"),
            "missing": Status(self.tr("Missing"), "bad", "circle-help"),
            "extra": Status(self.tr("Not on the way bill"), "warn", "triangle-alert"),
        }[one.found]

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        """The weight of what is in the bag against what it may hold."""
        if self.card is None:
            return
        row = self.card.row
        share = min(row.weight_g / row.limit_g, 1.0)
        whole, part = QPainterPath(), QPainterPath()
        whole.addRoundedRect(room, 4, 4)
        painter.fillPath(whole, colour("border"))
        if share:
            part.addRoundedRect(QRectF(room.x(), room.y(), max(room.width() * share, 8), room.height()), 4, 4)
            painter.fillPath(part, colour("warn_text" if row.weight_g > row.limit_g else "accent"))


def _history(card: BagCard) -> list[tuple[str, str]]:
    return [(when(deed.at, clock()), deed.said) for deed in card.deeds]
