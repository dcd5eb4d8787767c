"""The card of one move: what was asked for, where it goes, or why it finds no place and what would make it fit."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from cbo_desk.conference.project import MoveRow
from cbo_desk.context import local
from ui.conference.looks import kind_word
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, Piece, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.flow import wrapped
from ui.kit.labels import IconLabel, Label
from ui.kit.states import Nothing


class MoveCardView(ScrollCard):
    """One move. `asked(str)` names a decision: accept, decline, again; or terms, what the booking needs."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: MoveRow | None = None
        self.show_content(Nothing(self.tr("No booking is chosen"), icon="calendar-days"), fill=True)

    def show_move(self, row: MoveRow, rank: str) -> None:
        """Show one move; `rank` is what its rank is called."""
        self.row = row
        asked = f"{local(row.from_slot.starts):%a %-d %b %Y, %H:%M}–{local(row.from_slot.ends):%H:%M}"
        facts = [
            Fact("clock", self.tr("Asked for"), asked),
            Fact("users", self.tr("People and layout"), f"{row.people:,} · {kind_word(row.from_kind)}"),
            Fact("list-checks", self.tr("Rank"), f"{row.rank} · {rank}"),
            Fact("user", self.tr("Contact"), row.contact),
            Fact("door-open", self.tr("Before"), row.from_space),
        ]
        if row.to_slot is not None:
            facts.append(Fact("arrow-right", self.tr("After"), f"{row.to_space} · {kind_word(row.to_kind)}"))
            if row.to_slot != row.from_slot:
                words = f"{local(row.to_slot.starts):%a %-d %b %Y, %H:%M}–{local(row.to_slot.ends):%H:%M}"
                facts.append(Fact("calendar-clock", self.tr("New time"), words))
        chips = {
            "proposed": Status(self.tr("Proposed"), "idle", "circle-dashed"),
            "accepted": Status(self.tr("Accepted"), "ok", "circle-check"),
            "declined": Status(self.tr("Declined"), "idle", "circle-slash"),
            "unplaced": Status(self.tr("Cannot be placed"), "bad", "circle-x"),
        }
        self.show_content(
            Label(row.reference, "cap"), Label(row.title, "h1", wrap=True), line(Chip(chips[row.decision]), None),
            rule(self), Facts(facts), rule(self), *self._rest(row),
        )  # fmt: skip

    def _terms(self) -> Button:
        ask = self.tr("What it needs")
        return Button(ask, "sliders-horizontal", run=lambda: self.asked.emit("terms"), key="O")

    def _rest(self, row: MoveRow) -> list[Piece]:
        if row.decision == "unplaced":
            copy = Button(self.tr("Copy"), "copy", run=lambda: QApplication.clipboard().setText(row.why))
            terms = Button(
                self.tr("What it needs"), "sliders-horizontal", run=lambda: self.asked.emit("terms"), key="O"
            )
            found: list[Piece] = [
                Label(self.tr("Why, so that you can check it"), "h3"), Label(row.why, wrap=True), wrapped(copy, terms)
            ]  # fmt: skip
            if row.instead:
                found += [rule(self), Label(self.tr("What would make it fit"), "h3")]
                found += [line(IconLabel("circle-dashed", "muted", 15), Label(each, wrap=True)) for each in row.instead]
            return found
        if row.decision == "proposed":
            accept = Button(self.tr("Accept"), "check", "plain", lambda: self.asked.emit("accept"), "A")
            decline = Button(self.tr("Decline"), "x", "plain", lambda: self.asked.emit("decline"), "L")
            terms = Button(
                self.tr("What it needs"), "sliders-horizontal", run=lambda: self.asked.emit("terms"), key="O"
            )
            return [wrapped(accept, decline, terms)]
        if row.decision == "declined":
            return [line(Button(self.tr("Propose again"), "undo-2", run=lambda: self.asked.emit("again")), None)]
        return [Label(self.tr("Moved. Undo takes it back as long as the old place is free."), "muted", wrap=True)]
