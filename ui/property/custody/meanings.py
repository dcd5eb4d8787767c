"""What scans do to a handover that is being put together: badges, doors, assets and command tags."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from cbo_desk.property.custody import ItemLine, Kind, Looked, Meaning, look_at, look_over
from ui.bench import Bench
from ui.kit.fields import Pick
from ui.kit.scanning.feed import Outcome, Scanned
from ui.property.custody.trolley import Scan, Trolley
from ui.property.kept_scans import keep_unknown


class Meanings(QObject):
    """Asks what each text is and lets the trolley follow; `finish` is what the command Done orders."""

    def __init__(self, bench: Bench, trolley: Trolley, finish: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._trolley, self._finish = bench, trolley, finish

    def judge(self) -> None:
        """Ask anew which of the listed assets may go this way."""
        ids = self._trolley.asset_ids()
        if ids:
            self._bench.runner.read(self, look_over, ids, self._trolley.order(), done=self._trolley.judge)

    def undo_last(self) -> bool:
        """Take the last scan back; False where there is none."""
        if not self._trolley.scans:
            return False
        self._trolley.remove([0])
        return True

    def heard(self, scan: Scanned) -> None:
        """Take a scan in hand; the feed is told what became of it."""
        self.read(scan.text, scan)

    def read(self, text: str, scan: Scanned | None = None) -> None:
        """Ask what a scanned or typed text is to the order as it stands."""
        failed = partial(self._unanswered, scan)
        done = partial(self._looked, scan)
        self._bench.runner.read(self, look_at, text, self._trolley.order(), done=done, failed=failed)

    def _unanswered(self, scan: Scanned | None, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        if scan is not None:
            text = self.tr("Nothing was looked up. Scan it again.")
            self._trolley.add(Scan(scan.text, text))
            self._bench.feed.done(scan, Outcome(False, text))

    def _looked(self, scan: Scanned | None, looked: Looked) -> None:
        why = looked.why or self._act(looked)
        if why and looked.meaning not in (Meaning.DONE, Meaning.UNDO, Meaning.PAPER):
            self._trolley.add(Scan(looked.title or looked.text, why, looked.line))
        if looked.meaning is Meaning.NOTHING:
            keep_unknown(self._bench, looked.text)
        if scan is not None:
            self._bench.feed.done(scan, Outcome(not why, why or looked.title))

    def _act(self, looked: Looked) -> str:
        """Do what a scan means; the sentence where it cannot be done."""
        if looked.meaning is Meaning.ASSET and looked.line is not None:
            return self._add(looked.text, looked.line)
        if looked.meaning is Meaning.PERSON:
            return self.take_person(Pick(looked.ident, looked.title, looked.detail))
        if looked.meaning is Meaning.PLACE:
            self._trolley.set_order(place=Pick(looked.ident, looked.title, looked.detail))
            self.judge()
            return ""
        if looked.meaning is Meaning.UNDO:
            return "" if self.undo_last() else self.tr("There is no scan to take back.")
        if looked.meaning is Meaning.PAPER:
            return self.tr("Scan Done first, then Signed on paper.")
        return self._finish()

    def _add(self, text: str, item: ItemLine) -> str:
        if self._trolley.has(item.asset_id):
            return self.tr("{number} is on the list already.").format(number=item.inventory_no)
        self._trolley.add(Scan(text, "", item))
        self.find_borrower()
        return ""

    def find_borrower(self) -> None:
        """Whose loan is extended follows from what was scanned first; no badge is needed."""
        trolley = self._trolley
        if trolley.kind is Kind.EXTEND and trolley.taker is None and (borrower := trolley.borrower()) is not None:
            trolley.set_order(taker=borrower)
            self.judge()

    def take_person(self, pick: Pick) -> str:
        """Let somebody take the assets; the sentence where that cannot be."""
        taker = self._trolley.taker
        if self._trolley.kind is Kind.RETURN:
            return self.tr("To take assets back, scan the store and the assets; a badge is not needed.")
        if taker is not None and taker.id != pick.id and self._trolley.goods():
            if self._trolley.kind is Kind.EXTEND:
                words = self.tr("This is the loan of {name}. Scan Done first, then the next badge.")
                return words.format(name=taker.name)
            words = self.tr("These assets go to {name}. Scan Done first, then the next badge.")
            return words.format(name=taker.name)
        self._trolley.set_order(taker=pick)
        self.judge()
        return ""
