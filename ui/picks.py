"""What a pick field offers: places, people and entities, looked up off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cbo_desk.people import PersonCard, person_card, suggest_people
from cbo_desk.places import suggest_places
from cbo_desk.tags import Answer as Scan
from cbo_desk.tags import Opened, resolve
from ui.bench import Bench
from ui.kit.fields import Pick, Read, Source
from ui.kit.phrases import day

Answer = Callable[[Sequence[Pick]], object]
PERSON = "people.person"


def scanned(
    bench: Bench, kind: str | None, pick_of: Callable[[Opened, Callable[[Pick | None, str], object]], object]
) -> Read:
    """Reads scans of records of a kind, or of any; a tag that is no longer in use is refused with its reason."""

    def read(text: str, answer: Callable[[Pick | None, str], object]) -> None:
        def told(found: Scan) -> None:
            opened = found.opened
            if opened is None or not opened.title or kind not in (None, opened.kind):
                answer(None, "")
            elif opened.retired:
                answer(None, opened.said)
            else:
                pick_of(opened, answer)

        bench.runner.read(bench.shell, resolve, text, done=told, failed=lambda error: answer(None, str(error)))

    return read


def as_found(opened: Opened, answer: Callable[[Pick | None, str], object]) -> None:
    """A record as its scan names it."""
    answer(Pick(opened.record_id, opened.title, opened.detail), "")


def places(bench: Bench) -> Source:
    """Places by code or name, typos forgiven."""

    def suggest(typed: str, answer: Answer) -> None:
        bench.runner.read(
            bench.shell,
            suggest_places,
            typed,
            done=lambda found: answer([Pick(place.id, place.code, place.where) for place in found]),
        )

    return Source(suggest, scanned(bench, "places.place", as_found))


def people(bench: Bench) -> Source:
    """People by name, index number or e-mail, typos forgiven."""

    def suggest(typed: str, answer: Answer) -> None:
        bench.runner.read(
            bench.shell,
            suggest_people,
            typed,
            done=lambda found: answer([Pick(one.id, one.name, f"{one.entity} · {one.unit}") for one in found]),
        )

    return Source(suggest, scanned(bench, PERSON, as_found))


def takers(bench: Bench) -> Source:
    """People who may be given something: whoever has left is refused as soon as the badge is scanned, with the day."""

    def if_here(opened: Opened, answer: Callable[[Pick | None, str], object]) -> None:
        def told(card: PersonCard) -> None:
            until = card.form.until
            if card.here or until is None:
                as_found(opened, answer)
                return
            words = bench.shell.tr("{name} left on {day}. Choose somebody who is here.")
            answer(None, words.format(name=card.name, day=day(until)))

        failed = lambda error: answer(None, str(error))  # noqa: E731
        bench.runner.read(bench.shell, person_card, opened.record_id, done=told, failed=failed)

    return Source(people(bench).suggest, scanned(bench, PERSON, if_here))


def assets(bench: Bench) -> Source:
    """Assets by number, serial, tag or words."""

    def suggest(typed: str, answer: Answer) -> None:
        from cbo_desk.property import suggest_assets

        bench.runner.read(
            bench.shell,
            suggest_assets,
            typed,
            done=lambda found: answer([Pick(one.id, one.inventory_no, one.description) for one in found]),
        )

    return Source(suggest, scanned(bench, "property.asset", as_found))
