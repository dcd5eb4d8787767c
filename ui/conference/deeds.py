"""Everything that can be done with bookings, as actions that Ctrl+K, menus and keys find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from cbo_desk.conference import (
    BookingCard,
    Status,
    cancel_bookings,
    change_status,
    edit_booking,
    end_session,
    extend_hold,
    make_bookings,
    shift_booking,
)
from ui.conference.forms import BookingForms
from ui.kit.actions import Action

if TYPE_CHECKING:  # the page makes its deeds, which know it
    from ui.conference.page import ConferencePage

OFFERED: dict[Status, tuple[list[str], list[str]]] = {
    Status.ENQUIRY: (["hold", "wait"], ["edit", "cancel"]),
    Status.WAITLIST: (["hold"], ["edit", "cancel"]),
    Status.HOLD: (["confirm", "extend", "release"], ["move", "edit", "place", "cancel"]),
    Status.CONFIRMED: (["begin"], ["move", "edit", "place", "cancel"]),
    Status.IN_SESSION: (["end"], ["edit"]),
    Status.DONE: ([], ["edit"]),
    Status.CANCELLED: (["hold"], ["edit"]),
}
"""The deeds that a state asks for, the main one first; and those that are possible besides."""


def offered(card: BookingCard) -> tuple[list[str], list[str]]:
    """What a booking's card offers."""
    return OFFERED[card.row.status]


class ConferenceDeeds(QObject):
    """The deeds of the conference page on the chosen bookings."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self._page = page
        self._forms = BookingForms(page.bench, self)

    def add(self) -> None:
        """Make every deed known that the person may do."""
        self._deed("confirm", self.tr("Confirm"), "check", "C", self._confirm, change_status)
        self._deed("extend", self.tr("Extend hold"), "hourglass", "X", self._extend, extend_hold)
        self._deed("release", self.tr("Release"), "undo-2", "R", self._release, change_status)
        self._deed("move", self.tr("Move"), "arrow-left-right", "M", self._move, shift_booking)
        self._deed("edit", self.tr("Edit"), "pencil", "E", self._edit, edit_booking)
        self._deed("place", self.tr("Other time"), "calendar-clock", "T", self._place, shift_booking)
        self._deed("hold", self.tr("Hold"), "hourglass", "H", self._hold, change_status)
        self._deed("wait", self.tr("Waitlist"), "list-checks", "W", self._wait, change_status)
        self._deed("begin", self.tr("Begin session"), "play", "B", self._begin, change_status)
        self._deed("end", self.tr("End session"), "circle-check", "N", self._end, end_session)
        self._deed("cancel", self.tr("Cancel"), "circle-slash", "Del", self._cancel, cancel_bookings)
        self._page_action("new", self.tr("New booking"), self._page.new_booking, "plus", "Ctrl+N", make_bookings)
        step = self._step
        self._page_action("earlier", self.tr("Earlier days"), lambda: step(-1), "chevron-left", "Alt+PgUp", None)
        self._page_action("later", self.tr("Later days"), lambda: step(1), "chevron-right", "Alt+PgDown", None)
        self._page_action("today", self.tr("Go to today"), self._today, "calendar-days", "Alt+Home", None)

    def menu(self, parent: QWidget) -> QMenu:
        """What can be done with the shown booking, as a menu."""
        card = self._page.card.card
        first, others = offered(card) if card is not None else ([], [])
        known = {action.id for action in self._page.bench.shell.actions_.of("conference")}
        names = [f"conference.{name}" for name in (*first, *others) if f"conference.{name}" in known]
        return self._page.bench.shell.actions_.menu(parent, names)

    def new(self, space_id: int | None, starts: datetime | None, ends: datetime | None) -> None:
        """Open the form of a new booking."""
        self._forms.new(self._page.day, space_id, starts, ends, self._page.show_booking)

    # --- registering

    def _page_action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any] | None
    ) -> None:
        if work is None or self._page.bench.may(work):
            action = Action(f"conference.{name}", label, run, icon, key, "conference")
            self._page.bench.shell.actions_.add(self._page, action)

    def _deed(
        self, name: str, label: str, icon: str, key: str, run: Callable[[list[int]], object], work: Callable[..., Any]
    ) -> None:
        if not self._page.bench.may(work):
            return

        def order() -> None:
            ids = self._page.view.chosen_ids()
            card = self._page.card.card
            if not ids and card is not None:
                ids = [card.row.id]
            if ids:
                run(ids)

        action = Action(
            f"conference.{name}", label, order, icon, key, "conference",
            enabled=lambda: self._page.card.card is not None,
        )  # fmt: skip
        self._page.bench.shell.actions_.add(self._page, action)

    # --- the deeds

    def _write(self, command: Callable[..., Any], *args: Any) -> None:
        self._page.bench.runner.write(command, *args)

    def _confirm(self, ids: list[int]) -> None:
        self._write(change_status, ids, Status.CONFIRMED)

    def _release(self, ids: list[int]) -> None:
        self._write(change_status, ids, Status.ENQUIRY)

    def _wait(self, ids: list[int]) -> None:
        self._write(change_status, ids, Status.WAITLIST)

    def _begin(self, ids: list[int]) -> None:
        self._write(change_status, ids, Status.IN_SESSION)

    def _cancel(self, ids: list[int]) -> None:
        self._write(cancel_bookings, ids)

    def _extend(self, ids: list[int]) -> None:
        self._write(extend_hold, ids[0])

    def _end(self, ids: list[int]) -> None:
        self._write(end_session, ids[0])

    def _hold(self, ids: list[int]) -> None:
        card = self._page.card.card
        if card is not None and card.layout_id is None:
            self._forms.place(card)
        else:
            self._write(change_status, ids, Status.HOLD)

    def _edit(self, _ids: list[int]) -> None:
        if self._page.card.card is not None:
            self._forms.edit(self._page.card.card)

    def _place(self, _ids: list[int]) -> None:
        if self._page.card.card is not None:
            self._forms.place(self._page.card.card)

    def _move(self, ids: list[int]) -> None:
        from ui.conference.days import BoardView

        view = self._page.view
        if isinstance(view, BoardView):
            view.timeline.choose(ids[0])
            view.pick_up()
        else:
            self._place(ids)

    def _step(self, by: int) -> None:
        from ui.conference.days import BoardView

        if isinstance(self._page.view, BoardView):
            self._page.view.step(by)

    def _today(self) -> None:
        from cbo_desk.context import clock, local
        from ui.conference.days import BoardView

        if isinstance(self._page.view, BoardView):
            self._page.view.go_to(local(clock()).date())
