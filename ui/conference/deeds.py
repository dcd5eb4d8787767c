"""Everything that can be done with bookings, as actions that Ctrl+K, menus and keys find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from cbo_desk.conference import (
    BookingCard,
    Status,
    add_again,
    booking_card,
    cancel_bookings,
    change_status,
    charge_booking,
    choose_units,
    edit_booking,
    end_session,
    extend_hold,
    fill_waitlist,
    import_bookings,
    make_bookings,
    move_occurrences,
    note_no_show,
    reverse_charges,
    shift_booking,
    skip_occurrence,
)
from cbo_desk.context import clock, local
from ui.conference import papers
from ui.conference.bringing import ask_import
from ui.conference.forms import BookingForms
from ui.conference.offering import further, offered
from ui.conference.units import open_units
from ui.kit.actions import Action

if TYPE_CHECKING:  # the page makes its deeds, which know it
    from ui.conference.page import ConferencePage


class ConferenceDeeds(QObject):
    """The deeds of the conference page on the chosen bookings."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self._page = page
        self.forms = BookingForms(page.bench, self)

    def add(self) -> None:
        """Make every deed known that the person may do."""
        self._deed("confirm", self.tr("Confirm"), "check", "C", self._confirm, change_status)
        self._deed("extend", self.tr("Extend hold"), "hourglass", "X", self._extend, extend_hold)
        self._deed("release", self.tr("Release"), "undo-2", "R", self._release, change_status)
        self._deed("move", self.tr("Move"), "arrow-left-right", "M", self._move, shift_booking)
        self._deed("edit", self.tr("Edit"), "pencil", "E", self._edit, edit_booking)
        self._deed("units", self.tr("Teams and sets"), "users", "U", self._units, choose_units)
        self._deed("place", self.tr("Other time"), "calendar-clock", "T", self._place, shift_booking)
        self._deed("hold", self.tr("Hold"), "hourglass", "H", self._hold, change_status)
        self._add_wait()
        self._deed("begin", self.tr("Begin session"), "play", "B", self._begin, change_status)
        self._deed("end", self.tr("End session"), "circle-check", "N", self._end, end_session)
        self._deed("cancel", self.tr("Cancel"), "circle-slash", "Del", self._cancel, cancel_bookings)
        self._page_action("new", self.tr("New booking"), self._page.new_booking, "plus", "Ctrl+N", make_bookings)
        self._deed("no_show", self.tr("Nobody came"), "ban", "", self._no_show, note_no_show)
        self._deed("charge", self.tr("Charge"), "receipt", "G", self._charge, charge_booking)
        self._deed("reverse", self.tr("Reverse the charge"), "undo-2", "", self._reverse, reverse_charges)
        self._deed("skip", self.tr("Skip this occurrence"), "circle-slash", "", self._skip, skip_occurrence)
        self._deed("again", self.tr("Take up again"), "rotate-ccw", "", self._again, add_again)
        words = self.tr("Move the series from here")
        self._deed("shift_series", words, "arrow-right", "", self._shift_series, move_occurrences)
        self._deed("sheet", self.tr("Set-up sheet"), "file-text", "P", self._sheet, booking_card)
        self._deed("sign", self.tr("Door sign"), "door-open", "D", self._sign, booking_card)
        self._deed("quotation", self.tr("Quotation"), "banknote", "Q", self._quotation, booking_card)
        self._deed("calendar", self.tr("Calendar file"), "calendar-days", "", self._calendar, booking_card)
        self._page_action("day_sheet", self.tr("Day sheet"), self._day_sheet, "printer", "Ctrl+Shift+D", None)
        self._page_action(
            "export_desk", self.tr("Every booking as iCalendar"), self._desk_calendar, "download", "", None
        )
        bring = partial(ask_import, self._page.bench, self._page)
        self._page_action("bring", self.tr("Bring in a calendar or schedule"), bring, "upload", "", import_bookings)
        self._page_action(
            "find", self.tr("Find a space"), lambda: self._page.show_view("find"), "search", "Ctrl+Shift+S", None
        )
        self._page_action(
            "fill", self.tr("Serve the waitlist"), lambda: self._write(fill_waitlist), "list-checks", "", fill_waitlist
        )
        self._page_action("export_use", self.tr("Export the use of rooms"), self._export_use, "download", "", None)
        step = self._step
        self._page_action("earlier", self.tr("Earlier days"), lambda: step(-1), "chevron-left", "Alt+PgUp", None)
        self._page_action("later", self.tr("Later days"), lambda: step(1), "chevron-right", "Alt+PgDown", None)
        self._page_action("today", self.tr("Go to today"), self._today, "calendar-days", "Alt+Home", None)

    def menu(self, parent: QWidget) -> QMenu:
        """What can be done with the shown booking, as a menu."""
        card = self._page.card.card
        first, others = offered(card) if card is not None else ([], [])
        known = {action.id for action in self._page.bench.shell.actions_.of("conference")}
        more = further(card) if card is not None else []
        names = [f"conference.{name}" for name in (*first, *others, *more) if f"conference.{name}" in known]
        return self._page.bench.shell.actions_.menu(parent, names)

    def new(self, space_id: int | None, starts: datetime | None, ends: datetime | None) -> None:
        """Open the form of a new booking."""
        self.forms.new(self._page.day, space_id, starts, ends, self._page.show_booking)

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
            ids = self._chosen()
            if ids:
                run(ids)

        action = Action(
            f"conference.{name}", label, order, icon, key, "conference", enabled=lambda: bool(self._chosen())
        )
        self._page.bench.shell.actions_.add(self._page, action)

    def _add_wait(self) -> None:
        """One key for whatever waits: the chosen bookings, or what is looked for where nothing fits."""
        if not self._page.bench.may(change_status):
            return

        def order() -> None:
            if self._page.view.may_wait:
                self._page.view.wait()
            elif ids := self._chosen():
                self._wait(ids)

        action = Action(
            "conference.wait", self.tr("Waitlist"), order, "list-checks", "W", "conference",
            enabled=lambda: self._page.view.may_wait or bool(self._chosen()),
        )  # fmt: skip
        self._page.bench.shell.actions_.add(self._page, action)

    # --- the deeds

    def _chosen(self) -> list[int]:
        """The bookings that a deed means: none where the view in front shows no booking's card."""
        view, shown = self._page.view, self._page.card.card
        if view.card is not self._page.card:
            return []
        return view.chosen_ids() or ([shown.row.id] if shown is not None else [])

    def _with_card(self, ids: list[int], run: Callable[[BookingCard], object]) -> None:
        """Run with the chosen booking's card, which may still be on its way: never with that of the one before."""
        shown = self._page.card.card
        if shown is not None and shown.row.id == ids[0]:
            run(shown)
        else:
            self._page.bench.runner.read(self, booking_card, ids[0], done=run)

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
        def cancel(card: BookingCard) -> None:
            if card.row.in_series:
                self.forms.series.ask_cancel(card.row.id, card.row.reference)
            else:
                self._write(cancel_bookings, ids)

        if len(ids) == 1:
            self._with_card(ids, cancel)
        else:
            self._write(cancel_bookings, ids)

    def _extend(self, ids: list[int]) -> None:
        self._write(extend_hold, ids[0])

    def _end(self, ids: list[int]) -> None:
        self._write(end_session, ids[0])

    def _hold(self, ids: list[int]) -> None:
        def hold(card: BookingCard) -> None:
            if "again" in offered(card)[0]:
                self._again(ids)
            elif card.layout_id is None:
                self.forms.place(card)
            else:
                self._write(change_status, ids, Status.HOLD)

        self._with_card(ids, hold)

    def _no_show(self, ids: list[int]) -> None:
        self._write(note_no_show, ids[0])

    def _charge(self, ids: list[int]) -> None:
        self._write(charge_booking, ids[0])

    def _reverse(self, ids: list[int]) -> None:
        self.forms.ask_reason(self.tr("Reverse the charge"), lambda why: (reverse_charges, (ids[0], why)))

    def _skip(self, ids: list[int]) -> None:
        self._write(skip_occurrence, ids[0])

    def _again(self, ids: list[int]) -> None:
        self._write(add_again, ids[0])

    def _shift_series(self, ids: list[int]) -> None:
        self.forms.shift_series(ids[0])

    def _sheet(self, ids: list[int]) -> None:
        self._with_card(ids, partial(papers.print_meeting_sheet, self._page.bench, self._page))

    def _sign(self, ids: list[int]) -> None:
        def sign(card: BookingCard) -> None:
            if card.space_id is not None:
                day = local(card.row.starts).date()
                papers.print_door_sign(self._page.bench, self._page, card.space_id, card.space_name, day)

        self._with_card(ids, sign)

    def _quotation(self, ids: list[int]) -> None:
        self._with_card(ids, partial(papers.print_quotation, self._page.bench, self._page))

    def _calendar(self, ids: list[int]) -> None:
        def write(card: BookingCard) -> None:
            papers.write_calendar(self._page.bench, self._page, card.row.reference, card.row.id, None)

        self._with_card(ids, write)

    def _desk_calendar(self) -> None:
        papers.write_calendar(self._page.bench, self._page, self.tr("Conference bookings"), None, None)

    def _day_sheet(self) -> None:
        papers.print_day_sheet(self._page.bench, self._page, self._page.day)

    def _export_use(self) -> None:
        from ui.conference.use import UseView

        self._page.show_view("use")
        view = self._page.view
        assert isinstance(view, UseView)
        view.ask_export()

    def _edit(self, ids: list[int]) -> None:
        self._with_card(ids, self.forms.edit)

    def _units(self, ids: list[int]) -> None:
        self._with_card(ids, partial(open_units, self._page.bench, self))

    def _place(self, ids: list[int]) -> None:
        self._with_card(ids, self.forms.place)

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
        from ui.conference.days import BoardView

        if isinstance(self._page.view, BoardView):
            self._page.view.go_to(local(clock()).date())
