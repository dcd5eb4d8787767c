"""Issue 4, bad input: one table of what goes wrong with a scan, on either engine, by a scanner that types.

Every line is scanned on the screen where it happens; the sentence has to stand where it is looked at, and nothing that
the scan was about may have changed. The screens one by one are in test_bad_input.py and test_bad_scans.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cbo_desk.mail import (
    Addressed,
    Details,
    MailList,
    Taken,
    close_round,
    deliver_items,
    item_card,
    outgoing,
    plan_round,
    pouch,
    receive_item,
    round_card,
)
from cbo_desk.mail.outgoing import outgoing_card
from cbo_desk.mail.pouch import bag_card
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import give_tags, tags_of
from tests.conftest import MORNING
from tests.furnished import made_once
from tests.mail.codes import s10
from tests.mail.outgoing.conftest import CUT_OFF, STROKES, for_pouch, hand_in, stock
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window
from tests.writing import insert

__all__ = ["open_window"]

RAPID, SHELVES, ROUNDS, MANIFESTS, POUCH = (
    "mail/rapid", "mail/shelving", "mail/rounds", "mail/manifests", "mail/pouch"
)  # fmt: skip


@dataclass(frozen=True)
class Bad:
    """A scan that goes wrong: on which page, of what (a text, or the name of a code), what is then said."""

    what: str
    page: str
    code: str
    said: str
    record: str = ""
    times: int = 1
    good: bool = False


TABLE = (
    Bad("a wrong check digit", RAPID, "RR123456784KE", "The check digit of this postal item number is wrong"),
    Bad("two carriers fit", RAPID, "01000000002", "Carrier to be chosen: F6", good=True),
    Bad("the same number within a month", RAPID, s10(2), "was received on 24 Aug 2026 at 09:00 as M-000002"),
    Bad("everything twice", RAPID, s10(77), "received", times=2, good=True),
    Bad("10,000 characters", RAPID, "X7" * 5_000, "10,000 characters long"),
    Bad("control characters", RAPID, "\x01\x02\x1b[2J\x00", "The scan holds control characters"),
    Bad("an asset's tag", RAPID, "laptop", "L-1 is not mail: it is shown on its own desk."),
    Bad("delivered already", SHELVES, "gone", "M-000001 has been delivered already, so it cannot be put on a shelf."),
    Bad("delivered already", ROUNDS, "gone", "M-000001 has been delivered already", "tour"),
    Bad("a closed round", ROUNDS, "fresh", "R-0002 is closed: M-000002 is not put on it.", "shut"),
    Bad("a closed manifest", MANIFESTS, "late", "MF-0001 is closed: O-000002 is not put on it.", "sheet"),
    Bad("over the weight of a package", POUCH, "heavy", "16 kg", "open"),
    Bad("forbidden contents", POUCH, "cash", "does not carry: cash", "open"),
    Bad("a full bag", POUCH, "more", "with this it would be 1 kg over", "open"),
    Bad("a sealed bag", POUCH, "small", "PB-0001 is sealed: nothing goes in or out any more.", "sealed"),
)


@made_once
def furnish(office: Any) -> SimpleNamespace:
    """One item delivered, one here; a round, a manifest and a bag that are shut; a bag with half its weight in it."""
    desk = stock(office)
    made = SimpleNamespace(codes={}, records={})

    def write(command: Callable[..., Any], *args: Any) -> int:
        return int(office.write(command, *args).ids[0])

    def outgoing_code(name: str, ident: int) -> int:
        made.codes[name] = office.read(outgoing_card, ident).code
        return ident

    erik = Details(addressed=Addressed(person_id=desk.people["Erik"]))
    gone, made.fresh = (write(receive_item, s10(n), erik) for n in (1, 2))
    office.write(deliver_items, [gone], Taken("Lindqvist, Erik", strokes=STROKES))
    made.codes |= {"gone": office.read(item_card, gone).code, "fresh": office.read(item_card, made.fresh).code}
    laptop = write(receive_assets, AssetForm(desk.unep, "L-1", "Laptop"))
    made.codes["laptop"] = office.read(tags_of, "property.asset", [laptop])[0].code
    made.records |= {name: write(plan_round, name, "Kamau") for name in ("tour", "shut")}
    office.write(close_round, made.records["shut"])
    sheet = made.records["sheet"] = write(outgoing.open_manifest, desk.dhl)
    office.write(outgoing.list_items, [hand_in(office, desk, desk.dhl)], sheet)
    office.write(outgoing.close_manifest, sheet)
    outgoing_code("late", hand_in(office, desk, desk.dhl))
    for name in ("sealed", "open"):
        ident = made.records[name] = write(pouch.open_bag, desk.gva, CUT_OFF)
        office.write(pouch.pack, ident, [for_pouch(office, desk, weight_g=15_500)])
    office.write(pouch.certify, made.records["sealed"])
    office.write(pouch.seal, made.records["sealed"], "UN 448120")
    for name, facts in (
        ("heavy", {"weight_g": 17_000}), ("cash", {"contents": "cash"}), ("more", {"weight_g": 15_500}), ("small", {})
    ):  # fmt: skip
        outgoing_code(name, for_pouch(office, desk, **facts))

    def tag(session: Any) -> str:
        session.info["now"] = MORNING
        [code] = give_tags(session, "places.place", [desk.places["H-01"]])
        return str(code)

    made.codes["shelf"] = insert(office, tag)
    return made


class Patient(QTimer):
    """Never runs out of patience: the scanner's keys come in one breath."""

    def start(self, *_milliseconds: int) -> None:
        """Nothing to wait for."""


class Scanner:
    """A scanner that types, each key 8 ms after the last by a clock of its own; what no key types comes by a cable."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk, self._feed, self._now = clerk, clerk.window.bench.feed, 0.0
        wedge = clerk.window.bench.wedge
        wedge._stamp, wedge._timer = (lambda _event: self._now), Patient(wedge)

    def scan(self, text: str, times: int) -> list[Any]:
        """Scan a text so many times in one breath: what became of each scan that was heard."""
        heard: list[Any] = []
        self._feed._heard.clear()
        self._feed.finished.connect(lambda _scan, outcome: heard.append(outcome))
        for _ in range(times):
            if len(text) <= 100 and text.isprintable():
                self._type(text)
            else:
                self._feed.put("serial", text)
        self._clerk.until(lambda: heard and not self._feed.pending)
        self._clerk.still()
        return heard

    def _type(self, text: str) -> None:
        self._clerk.until(lambda: QApplication.focusWindow() is not None)
        self._now += 1_000
        for key, letter in [(Qt.Key(ord(letter)), letter) for letter in text] + [(Qt.Key.Key_Return, "\r")]:
            self._now += 8
            for down in (True, False):
                shift = Qt.KeyboardModifier.ShiftModifier if letter.isupper() else Qt.KeyboardModifier.NoModifier
                QTest.simulateEvent(QApplication.focusWindow(), down, key.value, shift, letter, False)


def stands(office: Any, made: SimpleNamespace) -> tuple[Any, ...]:
    """All that a bad scan must leave as it is."""
    return (
        office.read(MailList().count),
        [office.read(round_card, made.records[name]).items for name in ("tour", "shut")],
        [len(office.read(outgoing.manifest_card, made.records["sheet"]).lines)],
        [len(office.read(bag_card, made.records[name]).lines) for name in ("open", "sealed")],
        office.read(item_card, made.fresh).shelf,
    )


def in_sight(clerk: Clerk) -> str:
    """What the window says now: the strip of the last scan, the page's own place for it, and the message."""
    window, page = clerk.window, clerk.page
    labels = [window.scanners.strip.said.words()]
    if hasattr(page, "strip") and hasattr(page.strip, "fault"):
        labels += [page.strip.fault.words(), page.strip._carrier.words()]
    elif hasattr(page, "fault"):
        labels.append(page.fault.words())
    toast = window.shell.toasts.now
    return " | ".join([*labels, toast.notice.said if toast is not None else ""])


def test_every_bad_scan_is_said_where_it_happened_and_changes_nothing(qtbot, open_window, office):
    made = furnish(office)
    clerk = Clerk(qtbot, open_window(office, "mail"))
    scanner, shell = Scanner(clerk), clerk.window.shell
    for bad in TABLE:
        page = shell.go(bad.page, f"{KINDS[bad.page]}:{made.records[bad.record]}" if bad.record else "")
        clerk.still()
        if bad.record:
            clerk.until(lambda page=page, bad=bad: _shown(page) == made.records[bad.record])
        if bad.page == SHELVES:
            assert scanner.scan(made.codes["shelf"], 1)[-1].good
        before = stands(office, made)
        [outcome] = scanner.scan(made.codes.get(bad.code, bad.code), bad.times)
        assert outcome.good is bad.good, (bad, outcome)
        clerk.until(lambda bad=bad: bad.said in in_sight(clerk))
        after = stands(office, made)
        if bad.good:
            assert after[0] == before[0] + 1, bad  # received, once
        else:
            assert after == before, bad
    assert {bad.page for bad in TABLE} == {RAPID, *KINDS, SHELVES}


KINDS = {ROUNDS: "mail.round", MANIFESTS: "mail.manifest", POUCH: "mail.bag"}


def _shown(page: Any) -> int:
    card = page.card.card
    return 0 if card is None else int(card.row.id if hasattr(card, "row") else card.id)
