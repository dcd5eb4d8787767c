"""A meeting over two rooms on both engines: what is offered is saved, both rooms or none."""

from __future__ import annotations

import pytest

from cbo_desk.conference import BookingForm, Status, book_split, booking_card, cancel_bookings, make_bookings
from cbo_desk.errors import Refusal
from tests.conference.conftest import FORM, slot
from tests.conference.test_bad_input import held
from tests.conference.test_searching import ask


def halves(found):
    main, other = found.split.main, found.split.overflow
    return (main.people, main.placings), (other.people, other.placings)


def test_what_is_offered_over_two_rooms_is_saved(office, rooms):
    assert ask(office, 110).splits == (), "one space is enough"
    found = ask(office, 180, languages=("en", "fr"))
    assert found.splits == (), "without booths nothing will do"
    found = ask(office, 180)
    assert found.hits == ()
    # Joined 2+3 seats 110, room 4 seats 90; rooms 2 and 3 are parts of the former.
    [only] = found.splits
    main, other = only.split.main, only.split.overflow
    assert (main.space.code, main.people, other.space.code, other.people) == ("CR-2+3", 110, "CR-4", 70)
    assert only.split.spare == 20
    assert only.quote.total > 0
    done = office.write(book_split, BookingForm("Assembly", 180, cars=3), *halves(only))
    first, second = (office.read(booking_card, ident) for ident in done.ids)
    assert (first.row.title, first.row.people, first.cars) == ("Assembly, main room", 110, 3)
    assert (second.row.title, second.row.people, second.cars) == ("Assembly, overflow", 70, 0)
    assert second.row.reference in first.notes
    assert first.row.reference in second.notes
    office.write(done.undo.command, *done.undo.args)
    assert office.read(booking_card, done.ids[1]).row.status is Status.CANCELLED


def test_both_rooms_or_none(office, rooms, at):
    [found] = ask(office, 180).splits
    taken = office.write(make_bookings, FORM, [at("CR-4", slot(11, 12))])
    before = held(office)
    main, other = halves(found)
    for form, first, second, words in (
        (BookingForm("Assembly", 180), main, other, "CR-4 is taken by"),
        (BookingForm("Assembly", 181), main, other, "exactly the people"),
        (BookingForm(" ", 180), main, other, "title"),
        (BookingForm("Assembly", 180), main, (70, ()), "the same times"),
    ):
        with pytest.raises(Refusal, match=words):
            office.write(book_split, form, first, second)
        assert held(office) == before
    assert ask(office, 180).splits == ()
    office.write(cancel_bookings, taken.ids)
    office.write(book_split, BookingForm("Assembly", 180), main, other)
