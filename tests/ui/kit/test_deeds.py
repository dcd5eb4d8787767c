"""The deeds of a card: their buttons are made once, and Tab goes through them in the order that is offered."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds


def test_buttons_are_kept_from_one_record_to_the_next(qtbot):
    made: list[str] = []

    def make(words: str) -> DeedButton:
        made.append(words)
        return DeedButton(words, "map-pin", lambda: None, words[0])

    def offered() -> list[str]:
        shown = (deeds.layout().itemAt(n).widget() for n in range(deeds.layout().count()))
        return [button.text().strip("\u2009") for button in shown if button.isVisible()]

    deeds = Deeds()
    deeds.resize(600, 200)
    qtbot.addWidget(deeds)
    deeds.show()
    deeds.offer(("Move", "Edit"), make)
    assert offered() == ["Move", "Edit"]
    first = deeds.layout().itemAt(0).widget()
    deeds.offer(("Back", "Edit", "Move"), make)
    assert offered() == ["Back", "Edit", "Move"]
    assert made == ["Move", "Edit", "Back", "Edit", "Move"]
    reached: list[str] = []
    following: QWidget = deeds
    while len(reached) < 3:
        following = following.nextInFocusChain()
        if isinstance(following, DeedButton) and following.isVisible():
            reached.append(following.text().strip("\u2009"))
    assert reached == ["Back", "Edit", "Move"]
    deeds.offer(("Move", "Edit"), make)
    assert offered() == ["Move", "Edit"]
    assert deeds.layout().itemAt(0).widget() is first
    assert len(made) == 5
    assert sum(button.isVisible() for button in deeds.findChildren(DeedButton)) == 2
