"""Issue 4, bad input: what goes wrong with a scan, on every screen of the mail desk, on either engine, in one morning.

Every line of the table is scanned by a scanner that types on the screen where it happens; the sentence has to stand
where it is looked at, and nothing that the scan was about may have changed. Every piece of junk is refused in words on
every screen, and waits on the Today page. On each screen one good scan shows that scans arrive at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cbo_desk.folding import storable
from cbo_desk.mail import (
    Addressed,
    Details,
    MailList,
    State,
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
from cbo_desk.tags import give_tags, tags_of, unknown_scans
from tests.conftest import MORNING
from tests.furnished import made_once
from tests.mail.codes import s10
from tests.mail.outgoing.conftest import CUT_OFF, STROKES, for_pouch, hand_in, stock
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window
from tests.ui.property.leaving import scan
from tests.writing import insert
from ui.mail.messenger import MessengerWindow

__all__ = ["open_window"]

LIST, RAPID, SHELVES, ROUNDS, OUTGOING, MANIFESTS, POUCH = (
    "mail", "mail/rapid", "mail/shelving", "mail/rounds", "mail/outgoing", "mail/manifests", "mail/pouch"
)  # fmt: skip
KINDS = {ROUNDS: "mail.round", MANIFESTS: "mail.manifest", POUCH: "mail.bag"}
TALK = re.compile(r"Traceback|sqlite|psycopg|IntegrityError|None|<[a-z]+ object|\bSELECT\b|[\x00-\x1f\u202e]")
MISREAD = "CBOM00000000000"
"""One of our own tags with a wrong check character: it must never come in as mail."""
ADDRESS = "https://example.org/?q=1"
JUNK = (MISREAD, "'; DROP TABLE mail_item; --", ADDRESS, "\u202eLAPTOP\x00\x07", "x" * 10_000, "]C1")


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
    Bad("the same with NULs", RAPID, "RR123456784KE\x00\x00", "The check digit of this postal item number is wrong"),
    Bad("our own tag misread", RAPID, MISREAD, "The check character does not fit"),
    Bad("a web address", RAPID, ADDRESS, "No carrier's number holds ?."),
    Bad("two carriers fit", RAPID, "01000000002", "Carrier to be chosen: F6", good=True),
    Bad("the same number within a month", RAPID, s10(2), "was received on 24 Aug 2026 at 09:00 as M-000002"),
    Bad("everything twice", RAPID, s10(77), "received", times=2, good=True),
    Bad("10,000 characters", RAPID, "X7" * 5_000, "10,000 characters long"),
    Bad("control characters", RAPID, "\x01\x02\x1b[2J\x00", "The scan holds control characters"),
    Bad("an asset's tag", RAPID, "laptop", "L-1 is not mail: it is shown on its own desk."),
    Bad("no shelf yet", SHELVES, "fresh", "Scan the shelf first."),
    Bad("delivered already", SHELVES, "gone", "M-000001 has been delivered already, so it cannot be put on a shelf.",
        "shelf"),
    Bad("no mail", SHELVES, "laptop", "This is no mail. Nothing was done with it.", "shelf"),
    Bad("a closed round", ROUNDS, "fresh", "R-0002 is closed: M-000002 is not put on it. Choose another round.",
        "shut"),
    Bad("delivered already", ROUNDS, "gone", "M-000001 has been delivered already", "tour"),
    Bad("a closed manifest", MANIFESTS, "late", "MF-0001 is closed: O-000002 is not put on it.", "sheet"),
    Bad("another carrier's", MANIFESTS, "other", "goes with Posta Kenya", "next sheet"),
    Bad("a package of the pouch", MANIFESTS, "small", "goes by pouch, not by a carrier", "next sheet"),
    Bad("a carrier's", POUCH, "other", "goes by a carrier, not by pouch", "open"),
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
    outgoing_code("other", hand_in(office, desk, desk.posta))
    made.records["next sheet"] = write(outgoing.open_manifest, desk.dhl)
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
    made.records["shelf"] = 0
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
        [len(office.read(outgoing.manifest_card, made.records[name]).lines) for name in ("sheet", "next sheet")],
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


def is_for_people(words: str) -> bool:
    """Whether this is a sentence that somebody at a counter reads."""
    return words.strip()[-1:] in (".", "?", "!") and not TALK.search(words) and len(words) < 400


class Morning:
    """A clerk with a scanner, and what a bad scan must leave as it is."""

    def __init__(self, clerk: Clerk, office: Any, made: SimpleNamespace) -> None:
        self.clerk, self.office, self.made = clerk, office, made
        self.scanner = Scanner(clerk)
        self.before = stands(office, made)
        self.junk = JUNK

    def at(self, page: str, record: str = "") -> Any:
        """A page in front, with a record where it is about one; on the shelves after the shelf was scanned."""
        ident = self.made.records.get(record, 0)
        found = self.clerk.window.shell.go(page, f"{KINDS[page]}:{ident}" if ident else "")
        self.clerk.still()
        if ident:
            self.clerk.until(lambda: _shown(found) == ident)
        if record == "shelf":
            assert self.scanner.scan(self.made.codes["shelf"], 1)[-1].good
        return found

    def meet(self, bad: Bad) -> None:
        """Scan one line of the table: the sentence stands there, and nothing has changed."""
        self.at(bad.page, bad.record)
        [outcome] = self.scanner.scan(self.made.codes.get(bad.code, bad.code), bad.times)
        assert outcome.good is bad.good, (bad, outcome)
        assert bad.good or is_for_people(outcome.words), (bad, outcome)
        self.clerk.until(lambda: bad.said in in_sight(self.clerk))
        after = stands(self.office, self.made)
        assert after[1:] == self.before[1:], bad
        assert after[0] == self.before[0] + bad.good, bad  # received, once
        self.before = after

    def good(self, name: str) -> None:
        """The control: a good scan on the screen in front."""
        assert scan(self.clerk, self.made.codes[name]).good, name
        self.before = stands(self.office, self.made)

    def throw_junk(self) -> None:
        """Every piece of junk is refused in words, nothing comes in by it, and it waits on the Today page."""
        page = self.clerk.page
        for text in self.junk:
            outcome = scan(self.clerk, text)
            assert not outcome.good, (text, outcome)
            assert is_for_people(outcome.words), (text, outcome)
            assert self.clerk.page is page
        assert stands(self.office, self.made) == self.before
        waiting = [line.text for line in self.office.read(unknown_scans)]
        for text in self.junk:
            assert any(storable(text)[:60].strip() in one for one in waiting), ascii(text)

    def sent_to_its_desk(self) -> None:
        """A tag of an asset opens the asset, and says so."""
        outcome = scan(self.clerk, self.made.codes["laptop"])
        assert (outcome.good, outcome.words) == (False, "L-1 is not mail: it is shown on its own desk.")
        assert self.clerk.window.shell.desk() == "property"


def counter(morning: Morning) -> None:
    """The list of mail and rapid receive."""
    clerk, office, made = morning.clerk, morning.office, morning.made
    morning.at(LIST)
    morning.throw_junk()
    morning.good("gone")
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.state is State.DELIVERED)
    for bad in (bad for bad in TABLE if bad.page == RAPID):
        morning.meet(bad)
        if bad.what == "two carriers fit":  # none is taken without a key
            assert office.read(item_card, clerk.page.item.id).details.carrier == ""
    morning.at(RAPID)
    for text in ("\x00", "\ud800", "\u202e", made.codes["gone"]):  # the last is shown, and not received anew
        clerk.scan(text)
    assert stands(office, made) == morning.before
    assert "RR123456784KE" in [line.text for line in office.read(unknown_scans)]


def shelves(morning: Morning) -> None:
    """Shelving."""
    for bad in (bad for bad in TABLE if bad.page == SHELVES):
        morning.meet(bad)
    morning.throw_junk()
    morning.good("fresh")
    assert morning.office.read(item_card, morning.made.fresh).shelf == "H-01"


def rounds(morning: Morning) -> None:
    """Rounds, and the messenger's window."""
    clerk, office, made = morning.clerk, morning.office, morning.made
    for bad in (bad for bad in TABLE if bad.page == ROUNDS):
        morning.meet(bad)
    morning.throw_junk()
    morning.good("fresh")
    clerk.until(lambda: clerk.page.card.card.items)
    # By its other barcode, or a scanner that sends everything twice: it stays aboard.
    outcome = scan(clerk, s10(2))
    assert (outcome.good, outcome.words[:34]) == (False, "M-000002 is aboard R-0001 already.")
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 1)
    morning.throw_junk()
    morning.sent_to_its_desk()
    assert [item.aboard for item in office.read(round_card, made.records["tour"]).items] == [True]
    window.close()


def outgoing_mail(morning: Morning) -> None:
    """Outgoing mail, manifests and the pouch."""
    morning.at(OUTGOING)
    morning.good("late")
    morning.throw_junk()
    for page, record, fits in ((MANIFESTS, "next sheet", "late"), (POUCH, "open", "small")):
        for bad in (bad for bad in TABLE if bad.page == page):
            morning.meet(bad)
        morning.at(page, record)
        morning.throw_junk()
        before = morning.before
        morning.good(fits)
        assert morning.before != before, fits
    morning.sent_to_its_desk()


def test_every_bad_scan_is_said_where_it_happened_and_changes_nothing(qtbot, open_window, office):
    made = furnish(office)
    morning = Morning(Clerk(qtbot, open_window(office, "mail")), office, made)
    for screens in (counter, shelves, outgoing_mail, rounds):
        screens(morning)
        if office.engine.dialect.name == "postgresql":
            morning.junk = JUNK[:1]  # what a server keeps of each is seen by now; what a screen says, on a file
    assert {bad.page for bad in TABLE} == {RAPID, SHELVES, *KINDS}


def _shown(page: Any) -> int:
    card = page.card.card
    return 0 if card is None else int(card.row.id if hasattr(card, "row") else card.id)
