"""What a scan means at the transport desk: a trip ticket notes departure, then return; vehicles and badges open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.handoffs import give_bag, put_round
from cbo_desk.mail import ROUND
from cbo_desk.mail.pouch import BAG
from cbo_desk.tags import Answer, Opened, keep_unknown_scan, resolve
from cbo_desk.transport import TRIP, TripState, depart, return_trip
from cbo_desk.transport.readings import Readings, trip_readings
from ui.bench import Bench
from ui.kit.scanning.feed import Outcome, Scanned
from ui.transport.road_forms import RoadForms

TAKEN: dict[str, Callable[..., Changes]] = {BAG: give_bag, ROUND: put_round}
"""What goes along with the trip that is shown when its tag is scanned; a manifest is signed for at the mail desk."""


class RoadScans(QObject):
    """Hears the scans while a page of the transport desk is in front.

    The first scan of a ticket notes the departure at once, with the last reading. A scan of one that is on the road
    opens the return with the planned way filled in, and a further one saves it: a scanner alone is enough.
    """

    def __init__(self, bench: Bench, parent: QObject, in_hand: Callable[[], int | None] = lambda: None) -> None:
        """`in_hand` gives the trip that is shown and can take something along."""
        super().__init__(parent)
        self._bench, self._in_hand = bench, in_hand
        self.forms = RoadForms(bench, self)

    def heard(self, scan: Scanned) -> None:
        """Deal with one scan; the feed is told what became of it."""
        self._bench.runner.read(
            self, resolve, scan.text, done=partial(self._answered, scan), failed=partial(self._failed, scan)
        )

    def _answered(self, scan: Scanned, answer: Answer) -> None:
        opened = answer.opened
        if opened is not None and opened.title and opened.kind == TRIP and self._bench.may(depart):
            ident = opened.record_id
            self._bench.runner.read(
                self, trip_readings, ident, done=partial(self._ticket, scan), failed=partial(self._failed, scan)
            )
        elif opened is not None and opened.title and opened.kind in TAKEN and self._takes(opened.kind):
            order = (TAKEN[opened.kind], opened.record_id, self._in_hand())
            self._bench.runner.write(*order, done=partial(self._left, scan), failed=partial(self._refused, scan))
        elif opened is not None and opened.title:
            self._open(scan, opened)
        elif answer.choices:
            self._bench.shell.open_palette(answer.text.strip())
            self._done(scan, False, answer.why)
        else:
            self._keep(scan, answer)

    def _ticket(self, scan: Scanned, told: Readings) -> None:
        self._bench.open_record(TRIP, told.trip_id)
        box = self.forms.box_of(told.trip_id)
        if box is not None:
            box.save()
            self._done(scan, True, self.tr("{ticket}: saved").format(ticket=told.reference))
        elif told.state is TripState.PLANNED:
            self._bench.runner.write(
                depart, told.trip_id, done=partial(self._left, scan), failed=partial(self._not_left, scan, told)
            )
        elif told.state is TripState.ON_ROAD and self._bench.may(return_trip):
            self.forms.come_back(told.trip_id)
            words = self.tr("{ticket}: look at its reading, then save or scan again")
            self._done(scan, True, words.format(ticket=told.reference))
        else:
            self._done(scan, False, self.tr("{ticket} is over").format(ticket=told.reference))

    def _left(self, scan: Scanned, changes: Changes) -> None:
        self._done(scan, True, changes.said)

    def _takes(self, kind: str) -> bool:
        return self._in_hand() is not None and self._bench.may(TAKEN[kind])

    def _not_left(self, scan: Scanned, _told: Readings, error: Exception) -> None:
        """A reading that differs, a missing release form: said at once."""
        self._refused(scan, error)

    def _refused(self, scan: Scanned, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self._done(scan, False, str(error))

    def _open(self, scan: Scanned, opened: Opened) -> None:
        if self._bench.open_record(opened.kind, opened.record_id):
            self._done(scan, True, f"{opened.title} · {opened.detail}")
        else:
            self._done(scan, False, self.tr("No desk shows this yet."))

    def _keep(self, scan: Scanned, answer: Answer) -> None:
        """Nothing answers to the scan: it is kept, so that it can be looked into later."""

        def told() -> None:
            self._bench.shell.toasts.say(answer.why, tone="warn")
            self._done(scan, False, answer.why)

        if self._bench.may(keep_unknown_scan) and scan.text.strip():
            done = lambda _kept: told()  # noqa: E731
            self._bench.runner.write(keep_unknown_scan, scan.text, done=done, failed=partial(self._failed, scan))
        else:
            told()

    def _done(self, scan: Scanned, good: bool, words: str) -> None:
        self._bench.feed.done(scan, Outcome(good, words))

    def _failed(self, scan: Scanned, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self._done(scan, False, self.tr("Nothing was looked up. Scan it again."))
