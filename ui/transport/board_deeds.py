"""What is done on the board with mouse, menu and keys, ordered and taken back where it is refused."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer

from cbo_desk.transport import assign_request, move_trip
from ui.transport.board import minutes_between

if TYPE_CHECKING:
    from ui.transport.page import TransportPage


class BoardDeeds(QObject):
    """Orders what the board tells."""

    def __init__(self, page: TransportPage) -> None:
        super().__init__(page)
        self._page = page

    def chosen_on_board(self, kind: str, ident: int) -> None:
        """Lead the list to what was chosen on the board."""
        trip = self._page.board.trip(ident) if kind == "trip" else None
        wanted = ident if kind == "request" else trip.requests[0] if trip is not None and trip.requests else 0
        if wanted:
            self._page.list.show_record(wanted)

    def menu(self, kind: str, ident: int, where: QPoint) -> None:
        """Open the menu of a bar."""
        self.chosen_on_board(kind, ident)
        QTimer.singleShot(0, partial(self.pop_menu, where))

    def pop_menu(self, where: QPoint) -> None:
        """Show the menu once the card follows."""
        names = [*self._page.deeds.more(), "transport.assign", "transport.pick_up"]
        known = {action.id for action in self._page.bench.shell.actions_.of("transport")}
        self._page.bench.shell.actions_.menu(self._page, [name for name in names if name in known]).popup(where)

    def put_request(self, request_id: int, vehicle_id: int, starts: datetime) -> None:
        """A waiting request was put on a vehicle, at its time or another."""
        waiting = self._page.board.waiting(request_id)
        if waiting is None or not self._page.bench.may(assign_request):
            self._page.board.timeline.put_back()
            return
        minutes = minutes_between(waiting.pickup_from, starts)
        order = (assign_request, request_id, waiting.version, vehicle_id, None, minutes)
        self._page.bench.runner.write(*order, failed=self.put_back)

    def put_trip(self, trip_id: int, vehicle_id: int, starts: datetime) -> None:
        """A trip was put on another vehicle or start."""
        trip = self._page.board.trip(trip_id)
        if trip is None or not self._page.bench.may(move_trip):
            self._page.board.timeline.put_back()
            return
        order = (move_trip, trip_id, trip.version, vehicle_id, trip.driver_id, starts)
        self._page.bench.runner.write(*order, failed=self.put_back)

    def put_back(self, error: Exception) -> None:
        """It was refused: the bar goes back, the reason is said."""
        self._page.board.timeline.put_back()
        self._page.bench.runner.failed.emit(error)
