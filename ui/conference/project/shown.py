"""The tour's scene of the capital project: the picture, two plans, a move that is taken back, and the charts."""

from __future__ import annotations

from typing import Any


def show_project(tour: Any) -> None:
    """Look at the phases, solve two plans for the second, accept one and take it back, try other starts."""
    page = tour.shell.go("conference", "show:project")
    page = page if page is not None else tour.shell.page()
    view = page.view
    tour.wait("The phases", lambda: view.outlook is not None)
    if not view.outlook.phases:
        return  # a compound that builds nothing
    tour.wait("The phase's card", lambda: view.phase_card.card is not None)
    tour.picture("project_capacity")
    view.show_pane("relocation")
    for number, first in enumerate(("times", "rooms"), 1):
        view.relocation.solve(first)
        tour.wait("The plan", lambda number=number: len(view.relocation.plans) == number)
        tour.wait("The solver's end", lambda: view.relocation.watch is None)
    tour.wait("The first move", lambda: view.relocation.card.row is not None)
    tour.picture("project_relocation")
    before = view.phase().affected
    view.relocation.accept_all()
    tour.wait("The move of everybody", lambda: view.phase().affected < before)
    tour.picture("project_accepted")
    tour.shell.toasts.undo()
    tour.wait("The way back", lambda: view.phase().affected == before)
    while tour.shell.toasts.close_it():
        pass
    view.show_pane("whatif")
    tour.wait("The curves", lambda: len(view.whatif.curves.starts) > 40 and view.whatif.watch is None)
    view.whatif.go_to_best()
    tour.picture("project_whatif")
