"""Everything that can be done with a request and its trip, as actions that Ctrl+K, menus and keys find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.transport import (
    RequestCard,
    RequestList,
    State,
    Suggestion,
    approve_requests,
    assign_request,
    cancel_requests,
    decline_requests,
    depart,
    edit_request,
    join_trip,
    lock_trips,
    make_requests,
    move_trip,
    note_no_show,
    release_passengers,
    request_card,
    return_trip,
    run_shuttles,
    set_chain,
    take_back_approval,
    take_off,
)
from cbo_desk.transport.exporting import COLUMNS, rows
from ui.kit.actions import Action
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.transport.chains import ChainForms
from ui.transport.hand import HandForms
from ui.transport.papers import print_day_sheets, print_ticket
from ui.transport.road_forms import RoadForms
from ui.transport.views import view_words

if TYPE_CHECKING:  # the page makes its deeds, which know it
    from ui.transport.page import TransportPage

OFFERED: dict[State, tuple[str, ...]] = {
    State.REQUESTED: ("approve", "decline", "edit", "cancel"),
    State.APPROVED: ("assign", "edit", "decline", "cancel"),
    State.PLANNED: ("depart", "reassign", "ticket", "take_off", "lock", "no_show"),
    State.ON_ROAD: ("return", "no_show", "ticket", "incident"),
    State.DONE: ("ticket", "incident"),
}
"""The deeds that make sense for a request as it stands; the rest is behind the ellipsis."""


class RequestDeeds(QObject):
    """The deeds of the dispatch page on the chosen requests."""

    def __init__(self, page: TransportPage) -> None:
        super().__init__(page)
        self._page, self._bench = page, page.bench
        self._road = RoadForms(page.bench, self)
        self._hand = HandForms(page.bench, page, self)
        self._hand.moved.connect(page.lead_to)
        self._chains = ChainForms(page.bench, self)

    def add(self) -> None:
        """Make every deed known that the person may do."""
        tr = self.tr
        self._deed("approve", tr("Approve"), "check", "A", self._approve, approve_requests)
        self._deed("decline", tr("Decline"), "ban", "X", self._decline, decline_requests)
        self._deed("take_back", tr("Take the decision back"), "undo-2", "", self._take_back, take_back_approval)
        self._deed("assign", tr("Assign best"), "car", "S", self._assign_best, assign_request)
        self._deed("choose", tr("Assign another vehicle"), "list", "V", self._choose, assign_request)
        self._deed("reassign", tr("Reassign"), "arrow-left-right", "H", self._reassign, move_trip)
        self._deed("take_off", tr("Take off"), "corner-up-right", "O", self._take_off, take_off)
        self._deed("lock", tr("Freeze"), "lock", "F", self._lock, lock_trips)
        self._deed("depart", tr("Leaves"), "log-out", "L", self._depart, depart)
        self._deed("return", tr("Is back"), "log-in", "B", self._return, return_trip)
        self._deed("no_show", tr("Was not there"), "user-x", "N", self._no_show, note_no_show)
        self._deed("release", tr("Forms are here"), "signature", "R", self._release, release_passengers)
        self._deed("ticket", tr("Ticket"), "printer", "P", self._ticket, request_card)
        self._deed("incident", tr("Incident"), "triangle-alert", "I", self._incident, return_trip)
        self._deed("edit", tr("Edit"), "pencil", "E", self._edit, edit_request)
        self._deed("cancel", tr("Cancel"), "x", "C", self._cancel, cancel_requests)
        self._page_deed("new", tr("New trip"), self._page.forms.ask, "plus", "Ctrl+N", make_requests)
        self._page_deed("chains", tr("Approval chains"), self._chains.ask, "stamp", "", set_chain)
        self._page_deed("sheets", tr("Print day sheets"), self._sheets, "printer", "Ctrl+P", request_card)
        self._page_deed("export", tr("Export this view"), self._export, "download", "Ctrl+Shift+E", request_card)
        self._page_deed(
            "shuttles_on", tr("Put the day's shuttles on the list"), self._shuttles, "bus", "", run_shuttles
        )
        self._page_deed("pick_up", tr("Move a bar by keys"), self._pick_up, "hand", "M", move_trip)
        self._page_deed("board", tr("Go to the board"), self._to_board, "table", "G", request_card)
        self._page_deed("drivers_view", tr("Vehicles or drivers on the board"), self._turn, "users", "D", request_card)
        self._page_deed("earlier", tr("A day earlier"), partial(self._page.step, -1), "chevron-left", "Ctrl+Left",
                        request_card)  # fmt: skip
        self._page_deed("later", tr("A day later"), partial(self._page.step, 1), "chevron-right", "Ctrl+Right",
                        request_card)  # fmt: skip
        self._page_deed("today", tr("Today"), self._page.go_today, "calendar", "T", request_card)
        self._page_deed("keep_view", tr("Save as view"), self._page.views.keep, "bookmark", "", request_card)

    def offered(self, card: RequestCard) -> list[tuple[str, str, str, str]]:
        """The deeds that make sense for a request as it stands."""
        wanted = list(OFFERED.get(card.row.state, ()))
        if card.unreleased and card.row.state in (State.REQUESTED, State.APPROVED, State.PLANNED):
            wanted.insert(0, "release")
        known = {action.id: action for action in self._bench.shell.actions_.of("transport")}
        found = [known[f"transport.{name}"] for name in wanted if f"transport.{name}" in known]
        return [(action.label, action.icon, action.shortcut, action.id) for action in found]

    def more(self) -> list[str]:
        """The actions behind the card's ellipsis, as far as they are known."""
        known = {action.id for action in self._bench.shell.actions_.of("transport")}
        wanted = ("take_back", "choose", "reassign", "take_off", "lock", "release", "no_show", "ticket", "incident",
                  "edit", "cancel")  # fmt: skip
        return [f"transport.{name}" for name in wanted if f"transport.{name}" in known]

    def assign(self, chosen: Suggestion) -> None:
        """Assign a suggested vehicle to the request on the card, or let it share a trip."""
        card = self._page.card.card
        if card is None:
            return
        write = self._bench.runner.write
        if chosen.trip_id:
            write(join_trip, card.id, chosen.trip_id, chosen.trip_version)
        else:
            write(assign_request, card.id, card.version, chosen.vehicle_id, chosen.driver_id or None, chosen.minutes)

    def _page_deed(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any]
    ) -> None:
        if self._bench.may(work):
            action = Action(f"transport.{name}", label, run, icon, key, "transport")
            self._bench.shell.actions_.add(self._page, action)

    def _deed(
        self, name: str, label: str, icon: str, key: str, run: Callable[[RequestCard, list[int]], object],
        work: Callable[..., Any],
    ) -> None:  # fmt: skip
        """One deed on the chosen requests: offered only to those who may, and where it makes sense."""
        if not self._bench.may(work):
            return

        def order() -> None:
            card = self._page.card.card
            if card is not None:
                run(card, self._page.list.chosen_ids() or [card.id])

        def possible() -> bool:
            card = self._page.card.card
            if card is None:
                return False
            on_trip = name in ("ticket", "incident") and card.row.trip_id is not None
            always = name in ("edit", "take_back", "release") or on_trip
            beside = {"choose": "assign"}.get(name, name)
            return always or beside in OFFERED.get(card.row.state, ())

        action = Action(f"transport.{name}", label, order, icon, key, "transport", enabled=possible)
        self._bench.shell.actions_.add(self._page, action)

    # --- on requests

    def _approve(self, _card: RequestCard, ids: list[int]) -> None:
        self._bench.runner.write(approve_requests, ids)

    def _take_back(self, _card: RequestCard, ids: list[int]) -> None:
        self._bench.runner.write(take_back_approval, ids)

    def _decline(self, card: RequestCard, ids: list[int]) -> None:
        form = Form([Field("why", self.tr("Why, as the requester is told"), required=True)])

        def save(values: Mapping[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            order = (decline_requests, ids, str(values["why"]))
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        heading = self.tr("Decline {reference}").format(reference=card.row.reference)
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Decline")))

    def _cancel(self, _card: RequestCard, ids: list[int]) -> None:
        self._bench.runner.write(cancel_requests, ids)

    def _edit(self, card: RequestCard, _ids: list[int]) -> None:
        self._page.forms.edit(card)

    def _release(self, card: RequestCard, _ids: list[int]) -> None:
        self._bench.runner.write(release_passengers, card.id)

    # --- by hand

    def _assign_best(self, _card: RequestCard, _ids: list[int]) -> None:
        fitting = [each for each in self._page.card.suggested if each.fits]
        if fitting:
            self.assign(fitting[0])
        else:
            self._bench.shell.toasts.say(self.tr("No vehicle fits. Look at what each one lacks."), tone="warn")

    def _choose(self, card: RequestCard, _ids: list[int]) -> None:
        self._hand.assign(card)

    def _reassign(self, card: RequestCard, _ids: list[int]) -> None:
        self._hand.reassign(card)

    def _take_off(self, _card: RequestCard, ids: list[int]) -> None:
        self._bench.runner.write(take_off, ids)

    def _lock(self, card: RequestCard, _ids: list[int]) -> None:
        if card.row.trip_id is not None:
            self._bench.runner.write(lock_trips, [card.row.trip_id], not card.row.locked)

    # --- on the road

    def _depart(self, card: RequestCard, _ids: list[int]) -> None:
        if card.row.trip_id is not None:
            self._road.depart(card.row.trip_id)

    def _return(self, card: RequestCard, _ids: list[int]) -> None:
        if card.row.trip_id is not None:
            self._road.come_back(card.row.trip_id)

    def _no_show(self, card: RequestCard, _ids: list[int]) -> None:
        self._bench.runner.write(note_no_show, card.id)

    def _incident(self, card: RequestCard, _ids: list[int]) -> None:
        self._road.incident(card.vehicle_id, card.driver_id, card.row.trip_id, card.row.vehicle)

    def _ticket(self, card: RequestCard, _ids: list[int]) -> None:
        if card.row.trip_id is not None:
            print_ticket(self._bench, self._page, card.row.trip_id, card.trip_reference)

    # --- on the page

    def _sheets(self) -> None:
        print_day_sheets(self._bench, self._page, self._page.day)

    def _shuttles(self) -> None:
        self._bench.runner.write(run_shuttles, self._page.day)

    def _to_board(self) -> None:
        self._page.board.timeline.setFocus()

    def _turn(self) -> None:
        self._page.board.show_view("drivers" if self._page.board.view == "vehicles" else "vehicles")

    def _pick_up(self) -> None:
        card = self._page.card.card
        if card is not None:
            self._page.board.choose_request(card.id)
        if self._page.board.timeline.pick_up():
            return
        if card is None:
            words = self.tr("Choose a trip first.")
        elif card.row.locked:
            words = self.tr("{trip} is frozen. Let it go first (F), then move it.")
        else:
            words = self.tr("{trip} is not moved: only what waits or is planned is.")
        trip = "" if card is None else card.trip_reference or card.row.reference
        self._bench.shell.toasts.say(words.format(trip=trip), tone="warn")

    def _export(self) -> None:
        office, listing = self._bench.runner.office, self._page.list.listing()
        if isinstance(listing, RequestList):
            title = view_words()[self._page.views.view]
            total, narrowed = self._page.list.model.rowCount(), self._page.views.in_words()
            self._page.export.ask(title, COLUMNS, partial(rows, office, listing), total=total, narrowed=narrowed)
