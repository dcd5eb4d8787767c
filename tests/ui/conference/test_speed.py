"""A crowded day: the card of a booking, with every rule looked through, costs the computer little work."""

from __future__ import annotations

import statistics
import time

from cbo_desk.conference import BookingForm, Placing, Status, make_bookings, space_card
from tests.ui.conference.conftest import slot

GOAL_S = 0.1


def test_the_card_of_a_booking_on_a_crowded_day_is_little_work(clerk):
    office, placings = clerk.window.runner.office, []
    for code in ("HALL-A", "R2", "R3", "R4"):
        space = clerk.rooms.spaces[code]
        layout = next(each for each in office.read(space_card, space).layouts if each.kind == "classroom")
        times = [slot(7 + n / 4, 7.25 + n / 4, 1) for n in range(48)]
        placings += [Placing(when, space, layout.id, "classroom", when) for when in times]
    ids = office.write(make_bookings, BookingForm("Crowd", 20), placings, Status.HOLD).ids
    clerk.page.view.step(1)
    clerk.until(lambda: len(clerk.board.bars()) == len(ids))
    spent = []
    for ident in ids[::16]:
        began = time.process_time()
        clerk.page.show_booking(ident)
        clerk.until(lambda ident=ident: clerk.page.card.card is not None and clerk.page.card.card.row.id == ident)
        clerk.still()
        spent.append(time.process_time() - began)
    assert clerk.page.card.checks.accessibleName()
    assert statistics.median(spent) < GOAL_S
