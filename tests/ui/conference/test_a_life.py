"""A meeting's life by keys: from a hold to its end, cancelled with notice, and one to which nobody came."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from sqlalchemy import select

from cbo_desk.conference import BookingForm, BookingList, Status, book, booking_card, edit_booking, note_bookings
from db.records import Notification
from tests.ui.conference.conftest import slot
from tests.writing import rows


def choose(clerk, ident):
    clerk.page.show_booking(ident)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.id == ident)
    clerk.still()
    clerk.board.setFocus()


def test_from_hold_to_its_end_cancelled_with_notice_and_nobody_came(clerk, clock):
    office, bookings = clerk.window.runner.office, clerk.rooms.bookings
    forum, budget, hall = bookings["Urban forum"], bookings["Budget review"], bookings["Governing committee"]

    def status(ident):
        return office.read(booking_card, ident).row.status

    def press(key, ident, becomes):
        choose(clerk, ident)
        clerk.press(key)
        clerk.until(lambda: status(ident) is becomes)
        clerk.still()

    press(Qt.Key.Key_C, forum, Status.CONFIRMED)

    # Who waits takes over what is cancelled; the contact of the cancelled one is told.
    known = office.read(booking_card, budget)
    told = BookingForm("Budget review", 22, contact="s.haddad@un.example", kind="boardroom")
    office.write(edit_booking, budget, known.version, told)
    waits = office.write(note_bookings, BookingForm("Waits", 40, rank=4, kind="boardroom"), [slot(10, 11.75)]).ids[0]
    for room in ("R2", "R3"):
        form = BookingForm(f"Fills {room}", 30, kind="boardroom")
        office.write(book, form, slot(9.5, 12), clerk.rooms.spaces[room], Status.CONFIRMED)
    press(Qt.Key.Key_Delete, budget, Status.CANCELLED)
    assert office.read(booking_card, waits).row.space == "R4"
    assert "from the waitlist has space" in clerk.told()
    subjects = [subject for (subject,) in rows(office, select(Notification.subject).order_by(Notification.id))]
    assert subjects == ["Cancelled: Budget review"]
    clerk.board.setFocus()
    clerk.undo()
    assert (status(budget), status(waits)) == (Status.CONFIRMED, Status.WAITLIST)

    # Too early is said; an hour after its start the room is free again and the meeting counts as a no-show.
    choose(clerk, hall)
    clerk.run("no_show")
    assert status(hall) is Status.CONFIRMED
    clock.now = office.read(booking_card, hall).row.starts + timedelta(hours=1)
    clerk.run("no_show")
    clerk.until(lambda: status(hall) is Status.DONE)
    assert office.read(booking_card, hall).no_show

    clock.now = office.read(booking_card, forum).row.starts
    press(Qt.Key.Key_B, forum, Status.IN_SESSION)
    clock.now += timedelta(hours=1)
    press(Qt.Key.Key_N, forum, Status.DONE)
    assert office.read(booking_card, forum).row.ends == clock.now
    assert len(office.read(BookingList().first)) == 6
