"""What a pick field offers: places, people and entities, looked up off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cbo_desk.people import suggest_people
from cbo_desk.places import suggest_places
from ui.bench import Bench
from ui.kit.fields import Pick, Suggest

Answer = Callable[[Sequence[Pick]], object]


def places(bench: Bench) -> Suggest:
    """Places by code or name, typos forgiven."""

    def suggest(typed: str, answer: Answer) -> None:
        bench.runner.read(
            bench.shell,
            suggest_places,
            typed,
            done=lambda found: answer([Pick(place.id, place.code, place.where) for place in found]),
        )

    return suggest


def people(bench: Bench) -> Suggest:
    """People by name, index number or e-mail, typos forgiven."""

    def suggest(typed: str, answer: Answer) -> None:
        bench.runner.read(
            bench.shell,
            suggest_people,
            typed,
            done=lambda found: answer([Pick(one.id, one.name, f"{one.entity} · {one.unit}") for one in found]),
        )

    return suggest


def assets(bench: Bench) -> Suggest:
    """Assets by number, serial, tag or words."""

    def suggest(typed: str, answer: Answer) -> None:
        from cbo_desk.property import suggest_assets

        bench.runner.read(
            bench.shell,
            suggest_assets,
            typed,
            done=lambda found: answer([Pick(one.id, one.inventory_no, one.description) for one in found]),
        )

    return suggest
