"""What becomes of scans while a box stands in front of the page: its form uses them, or they wait where one sees it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from ui.kit.dialogs import FormBox
from ui.kit.drafts import Drafts
from ui.kit.form_scans import hear_in_form
from ui.kit.palette import PaletteBox
from ui.kit.scanning.feed import ScanFeed, Scanned
from ui.kit.scanning.held import HeldStrip, names
from ui.kit.shell import Shell

DRAFT = "scans.held"


class Holding(QObject):
    """Joins the feed and the window: nothing scanned is lost, and nothing happens behind a box, unseen.

    Every form hears the scans by its fields, unless it asked for them itself. What waits stands below the box, is kept
    on this computer in case the program ends meanwhile, and goes to the page as soon as the box is gone.
    """

    def __init__(self, feed: ScanFeed, shell: Shell, drafts: Drafts, parent: QObject) -> None:
        super().__init__(parent)
        self._feed, self._shell, self._drafts = feed, shell, drafts
        self._strip: HeldStrip | None = None
        feed.home, feed.in_front = shell, shell.in_front
        feed.held.connect(self._show)
        shell.boxed.connect(self._box_came)
        shell.uncovered.connect(feed.release)

    def recall(self) -> None:
        """Offer what waited when the program ended the last time."""
        kept = self._drafts.find(DRAFT)
        texts = [str(text) for text in (kept.typed.get("texts") or ())] if kept is not None else []
        if texts:
            words = self.tr("{count:scan was|scans were} not dealt with when the program ended: {codes}.")
            said = words.format(count=Count(len(texts)), codes=names(texts))
            self._shell.toasts.say(said, self.tr("Take them now"), partial(self._take, texts), tone="warn")

    def stop(self) -> None:
        """The window goes, or another compound is opened in it: what waits stays on this computer."""
        self._feed.held.disconnect(self._show)
        self._shell.boxed.disconnect(self._box_came)
        self._shell.uncovered.disconnect(self._feed.release)

    def leave_out(self) -> None:
        """The person has no use for what waits: it is taken out of the line, and told, so that it can be taken back."""
        scans = self._feed.leave_out()
        said = self.tr("Left out: {codes}").format(codes=names([scan.text for scan in scans]))
        self._shell.toasts.say(said, self.tr("Undo"), partial(self._feed.take_up, scans), tone="warn")

    def _take(self, texts: Sequence[str]) -> None:
        self._drafts.forget(DRAFT)
        for text in texts:
            self._feed.put("keyboard", text)

    def _box_came(self, box: QWidget) -> None:
        if isinstance(box, FormBox) and not self._feed.asks_in(box):
            self._feed.ask(box, partial(hear_in_form, self._feed, box.form))
        elif isinstance(box, PaletteBox):
            # What is scanned needs no looking for; what was looked for is asked again with one key.
            self._feed.ask(box, partial(self._give_way, box))

    def _give_way(self, box: PaletteBox, scan: Scanned) -> None:
        self._feed.hold(scan)
        box.done.emit()

    def _show(self, scans: Sequence[Scanned]) -> None:
        if not scans:
            self._strip = None
            self._shell.put_below_box(None)
            self._drafts.forget(DRAFT)
            return
        self._drafts.keep(DRAFT, {"texts": [scan.text for scan in scans]})
        box = self._shell.in_front()
        if self._strip is None or box is None or self._strip.parentWidget() is not box.parentWidget():
            self._strip = HeldStrip(self.leave_out)
        self._strip.show_scans(scans)
        self._shell.put_below_box(self._strip)
