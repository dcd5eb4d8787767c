"""The tour's way through the transport desk: a trip is asked for, assigned and ticketed; fleet, times and costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cbo_desk.context import clock, local
from cbo_desk.errors import Trouble


def dispatch_a_trip(tour: Any) -> None:
    """A request of the hour to come is approved and assigned to the vehicle that suits best; its ticket is written."""
    from cbo_desk.handoffs import ticket_with_mail
    from cbo_desk.transport import (
        RequestForm,
        approve_requests,
        assign_request,
        make_requests,
        request_card,
        suggestions,
        zones,
    )
    from cbo_desk.transport.ticket import write_ticket

    office = tour.window.office
    page = tour.shell.go("transport")
    tour.wait("The day's picture", lambda: page.board.picture is not None)
    known = {zone.code: zone.id for zone in office.read(zones)}
    asked = page.list.listing()
    first = office.read(asked.first)[0]
    shown = office.read(request_card, first.id)
    form = RequestForm(
        shown.form.entity_id, "Okafor, N.", "Site meeting", known["GIGIRI"], known["UPPERHILL"],
        clock() + timedelta(minutes=90), 3, from_place="Block M, main porch",
    )  # fmt: skip
    [ident] = office.write(make_requests, [form]).ids
    office.write(approve_requests, [ident])
    page.open_at(f"transport.request:{ident}")
    tour.wait("The request's card", lambda: page.card.card is not None and page.card.card.id == ident)
    tour.wait("Suggested vehicles", lambda: bool(page.card.suggested))
    tour.picture("dispatch")
    fitting = [each for each in office.read(suggestions, ident) if each.fits]
    if not fitting:  # nobody is on duty at night: the reasons stand on the card
        return
    chosen = fitting[0]
    version = office.read(request_card, ident).version
    if chosen.trip_id:
        page.deeds.assign(chosen)
    else:
        office.write(assign_request, ident, version, chosen.vehicle_id, chosen.driver_id, chosen.minutes)
    tour.wait("The trip", lambda: office.read(request_card, ident).row.trip_id is not None)
    page.open_at(f"transport.request:{ident}")
    page.board.show_view("drivers")
    page._count()
    tour.wait("The assigned trip", lambda: page.board.trip(office.read(request_card, ident).row.trip_id) is not None)
    tour.picture("dispatch_drivers")
    paper = tour.folder / "trip_ticket.pdf"
    write_ticket("Gigiri compound", office.read(ticket_with_mail, office.read(request_card, ident).row.trip_id), paper)
    if not paper.exists():
        raise Trouble(f"{paper} was not written.")
    print(paper, flush=True)  # noqa: T201 - a command's voice


def plan_the_day(tour: Any) -> None:
    """The day is planned for a moment by the real solvers, and looked at; nothing of it is taken."""
    from cbo_desk.routing.working import Budget

    page = tour.shell.go("transport/plan")
    page.open_at(f"day:{local(clock()).date()}")
    page.budget = Budget(seconds=2.0)
    page.begin(False)
    tour.wait("The proposal", lambda: page.planned is not None and page.watch is None)
    if page.planned is not None and not page.model.rows:  # nothing changes, for instance late in the evening
        page.tabs.choose("all")
        page.show_view("all")
    tour.picture("dispatch_plan")
