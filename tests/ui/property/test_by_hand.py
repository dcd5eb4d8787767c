"""Issue 3, the seven flows as a stranger works: nothing but keys, Ctrl+K and a scanner that types, in one real window.

Whoever reads this file reads what a person does: `go` opens a page by its words, `key` presses, `field` walks by Tab to
a field by the words beside it, `scan` is a burst of keys with Enter. What is looked at is what stands on the screen.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cbo_desk.people import person_card
from cbo_desk.property import KIND, State, asset_card, edit_asset
from cbo_desk.property.disposal import case_card
from cbo_desk.property.gate import pass_card
from cbo_desk.property.verification import campaign_card
from cbo_desk.tags import give_tags, tags_of
from cbo_desk.tags.orders import Order, code_of
from tests.ui.places.conftest import CONTROL, Hands, hands, made, open_window, window
from tests.ui.property.test_list import type_file
from tests.writing import insert

__all__ = ["hands", "made", "open_window", "window"]

KEY, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
GONE = {"On": "24 Aug 2026", "Buyer or recipient": "Kibera Metal Works"}
FIELDS_OF_A_FORM = 40
"""So often Tab is pressed at most to come to a field."""


class Patient(QTimer):
    """Never runs out of patience: the scanner's keys come in one breath."""

    def start(self, *_milliseconds: int) -> None:
        """Nothing to wait for."""


class Person:
    """Somebody with a keyboard and a scanner, who looks at the screen."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._window = hands, hands.window
        self.until, self.still = hands.until, hands.still
        self._now = 0.0
        wedge = self._window.bench.wedge  # by a clock of its own: a busy computer makes no scanner slow
        wedge._stamp, wedge._timer = (lambda _event: self._now), Patient(wedge)

    @property
    def page(self) -> Any:
        """What is in front."""
        return self._window.shell.page()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key on whatever has the focus."""
        self._hands.press(key, modifiers)

    def write(self, text: str, then: Qt.Key | None = None) -> None:
        """Type over what stands in the field."""
        self._hands.type(text)
        if then is not None:
            self.key(then)

    def scan(self, text: str) -> str:
        """Let the scanner type a text; what the strip of the last scan says of it."""
        heard: list[Any] = []
        feed = self._window.bench.feed
        feed.finished.connect(lambda _scan, outcome: heard.append(outcome))
        feed._heard.clear()  # faster than any hand
        self._now += 5_000
        self.until(lambda: QApplication.focusWindow() is not None)
        for letter in text:
            self._stroke(KEY(ord(letter)), letter)
        self._stroke(KEY.Key_Return, "\r")
        self.until(lambda: heard and not feed.pending)
        self.still()
        return str(heard[-1].words)

    def _stroke(self, key: Qt.Key, letter: str) -> None:
        """One key of the scanner, 8 ms after the last: to the window, where scans are told from typing."""
        self._now += 8
        for down in (True, False):
            modifiers = Qt.KeyboardModifier.ShiftModifier if letter.isupper() else NONE
            QTest.simulateEvent(QApplication.focusWindow(), down, key.value, modifiers, letter, False)

    def go(self, words: str) -> None:
        """Open a page, or do what has no key, by Ctrl+K."""
        self.key(KEY.Key_K, CONTROL)
        self.until(lambda: self._window.shell._overlay is not None)
        box = self._window.shell._overlay.box
        self._hands.qtbot.keyClicks(QApplication.focusWidget(), words)
        self.until(lambda: box.hits.hits and box.hits.hits[0].title == words)
        self.key(KEY.Key_Return)
        self.until(lambda: self._window.shell._overlay is None or self._window.shell._overlay.box is not box)
        self.still()

    def field(self, words: str) -> None:
        """Walk by Tab to the field with these words."""
        seen = []
        for _ in range(FIELDS_OF_A_FORM):
            seen.append(self._called(QApplication.focusWidget()))
            if seen[-1].startswith(words):
                return
            self.key(KEY.Key_Tab)
        raise AssertionError(f"Tab never came to {words}, only to {seen}.")

    def fill(self, **fields: str) -> None:
        """Fill a form and save it; a field's words with _ for spaces."""
        self.form()
        for words, text in fields.items():
            self.field(words.replace("_", " ").strip())
            self.write(text)
        self.save()

    def form(self) -> Any:
        """The form in front."""
        return self._hands.form()

    def save(self) -> None:
        """Ctrl+Enter, and the form is gone."""
        self.key(KEY.Key_Return, CONTROL)
        self.until(lambda: self._window.shell._overlay is None)
        self.still()

    def yes(self) -> None:
        """The verb of the question in front: the button beside "no"."""
        self.until(lambda: self._window.shell._overlay is not None)
        self.key(KEY.Key_Tab)
        self.key(KEY.Key_Space)
        self.until(lambda: self._window.shell._overlay is None)
        self.still()

    def file(self, path: Any) -> None:
        """Answer the question for a file."""
        type_file(self._hands.qtbot, path)
        self.until(path.exists)
        self.still()

    @staticmethod
    def _called(widget: QWidget | None) -> str:
        names = []
        while widget is not None and len(names) < 3:
            names.append(widget.accessibleName())
            widget = widget.parentWidget()
        return next((name for name in names if name), "")


@pytest.fixture
def person(hands, made, sqlite_office, monkeypatch):
    """Somebody at the window; doors and badges have tags, a laptop cost enough to be valued, PDFs open nowhere."""
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)

    def doors(session):
        session.info["now"] = sqlite_office._now()
        rooms = [made.m215, made.store]
        have = {line.subject_id for line in tags_of(session, "places.place", rooms)}
        give_tags(session, "places.place", [room for room in rooms if room not in have])

    insert(sqlite_office, doors)
    for asset in (made.asset1, made.asset2):
        card = sqlite_office.read(asset_card, asset)
        form = replace(card.form, cost_cents=168_400, acquired_on=date(2026, 1, 30))
        sqlite_office.write(edit_asset, asset, card.version, form)
    somebody = Person(hands)
    somebody.opened = opened
    kinds = {"asset1": KIND, "asset2": KIND, "m215": "places.place", "store": "places.place", "wafula": "people.person"}
    somebody.tag = {
        name: sqlite_office.read(tags_of, kind, [getattr(made, name)])[0].code for name, kind in kinds.items()
    }
    return somebody


def test_the_seven_flows_by_keyboard_and_scanner(person, made, sqlite_office, tmp_path):
    custody(person, made, sqlite_office)
    count(person, made, sqlite_office)
    gate(person, sqlite_office)
    disposal(person, made, sqlite_office)
    value(person)
    fields_views_and_files(person, made, sqlite_office, tmp_path)


def custody(person, made, office):
    """1. A scan opens the card, H hands it over, the badge and Done do the rest; then it is taken back."""
    person.scan(person.tag["asset1"])
    person.until(lambda: person.page.register.card.card is not None)
    person.key(KEY.Key_H)
    person.until(lambda: type(person.page).__name__ == "HandoverPage")
    person.scan(person.tag["wafula"])
    person.scan(code_of(Order.DONE))
    person.until(lambda: person.page.sign_box is not None)
    person.scan(code_of(Order.PAPER))
    person.until(lambda: len(person.opened) == 1)
    assert office.read(asset_card, made.asset1).custodian.startswith("Wafula")
    assert "HO-0001" in pypdfium2.PdfDocument(person.opened[0])[0].get_textpage().get_text_range()
    person.go("Hand over by scanning")
    person.field("Hand over")  # the tab that is chosen; Take back is to its left
    person.key(KEY.Key_Left)
    person.scan(person.tag["store"])
    person.scan(person.tag["asset1"])
    person.scan(code_of(Order.DONE))
    person.until(lambda: person.page.sign_box is not None)
    person.key(KEY.Key_Escape)  # signed later
    person.until(lambda: len(person.opened) == 2)
    assert office.read(asset_card, made.asset1).state is State.IN_STORE
    person.go("Clearance sheet of a person")
    person.form()
    person._hands.pick("Lindqvist")
    person.save()
    person.until(lambda: len(person.opened) == 3)


def count(person, made, office):
    """2. A count from its opening to its closing; a wrong scan is taken back."""
    person.go("Property: Counts")
    person.key(KEY.Key_N, CONTROL)
    person.fill(Name="By hand")
    person.until(lambda: person.page.progress is not None)
    campaign = person.page.progress.card.line.id
    person.key(KEY.Key_C)
    person.until(lambda: type(person.page).__name__ == "CounterPage")
    assert "Scan a door first" in person.scan(person.tag["asset2"])
    person.scan(person.tag["m215"])
    person.scan(person.tag["asset1"])
    assert "listed in M-214" in person.scan(person.tag["asset2"])
    person.key(KEY.Key_Z, CONTROL)
    person.until(lambda: person.page.board.strip.words()[0] == "Taken back")
    person.key(KEY.Key_F9)
    person.until(lambda: person.page.board.strip.words()[0] == "Room counted")
    person.go("Property: Counts")
    person.until(lambda: person.page.progress is not None and person.page.progress.card.rooms_counted == 1)
    person.key(KEY.Key_X)
    person.yes()
    person.until(lambda: office.read(campaign_card, campaign).line.closed_by == "ada")
    assert office.read(asset_card, made.asset1).place == "M-215"
    assert office.read(asset_card, made.asset2).place == "M-214"


def gate(person, office):
    """3. A pass is written, the guard lets the laptop out and in again."""
    person.go("Property: Gate")
    person.key(KEY.Key_N, CONTROL)
    person.form()
    person._hands.pick("Lindqvist")
    person.scan(person.tag["asset1"])
    person.field("May leave until")
    person.write("24 Aug 2026")
    person.field("Back by")
    person.write("3 Sep 2026")
    person.save()
    person.until(lambda: person.page.card.card is not None)
    ident = person.page.card.card.id
    code = office.read(pass_card, ident).code
    person.key(KEY.Key_G, CONTROL)
    person.until(lambda: type(person.page).__name__ == "GuardPage")
    assert person.scan(code) == "Scan what goes out."
    assert "out: 1 of 1" in person.scan(person.tag["asset1"])
    person.scan(code)
    assert " in: 1 of 1" in person.scan(person.tag["asset1"])
    assert [str(line.state) for line in office.read(pass_card, ident).lines] == ["in"]


def disposal(person, made, office):
    """4. A case waits for the review body, whatever is pressed, and is carried out after its decision."""
    person.go("Property: Disposal")
    person.key(KEY.Key_N, CONTROL)
    person.form()
    person.field("Why they are to go")
    person.write("Worn out")
    person.scan(person.tag["asset2"])
    person.save()
    person.until(lambda: person.page.card.card is not None)
    case = person.page.card.card.id
    person.key(KEY.Key_S)
    person.until(lambda: str(person.page.card.card.state) == "submitted")
    person.key(KEY.Key_F)
    person.form()
    for words, text in GONE.items():
        person.field(words)
        person.write(text)
    person.key(KEY.Key_Return, CONTROL)
    person.still()
    person.until(lambda: person.form().notice.isVisible())
    assert str(office.read(case_card, case).state) == "submitted"
    person.key(KEY.Key_Escape)
    person.until(lambda: person._window.shell._overlay is None)
    person.key(KEY.Key_D)
    person.fill(Decided_on="24 Aug 2026", Review_body="Local Property Survey Board", Minutes="LPSB/2026/14")
    person.until(lambda: str(person.page.card.card.state) == "approved")
    person.key(KEY.Key_F)
    person.fill(**GONE)
    person.until(lambda: office.read(asset_card, made.asset2).state is State.DISPOSED)


def value(person):
    """5. The value at the end of the year, by building."""
    person.go("Property: Value")
    person.until(lambda: person.page.found is not None)
    person.key(KEY.Key_D)
    person.write("31 Dec 2026")
    person.until(lambda: person.page.found.on == date(2026, 12, 31))
    assert person.page.found.total.value == 134_720  # 168,400 × 48/60: the other one is disposed of
    person.field("By entity")
    person.key(KEY.Key_Right)
    person.key(KEY.Key_Right)
    person.until(lambda: person.page.found.by == "place")


def fields_views_and_files(person, made, office, folder):
    """6 and 7. A view with its columns is kept and found, and the list is written as it stands."""
    person.go("Property: Gate")
    person.go("Save as view")
    person.fill(Name_of_the_view="Mine")
    assert person.page.views.tabs.current() == "saved:Mine"
    person.key(KEY.Key_E, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    person.file(folder / "passes.csv")
    with (folder / "passes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["GP-0001"]
    assert office.read(person_card, made.erik).name.startswith("Lindqvist")
