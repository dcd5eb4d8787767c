"""The form of a booking's teams and sets: a tick for each, and who has those that are in use then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from cbo_desk.conference import BookingCard, UnitChoice, choose_units, unit_choices
from cbo_desk.conference.booking import KIND
from cbo_desk.conference.equipping import units_now
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing


def open_units(bench: Bench, asker: QObject, card: BookingCard) -> None:
    """Ask which teams and sets a booking has; those that another one has then say so."""

    def opened(choices: Sequence[UnitChoice]) -> None:
        if not choices:
            said = QCoreApplication.translate("conference", "There are no teams and sets yet. Add them under Spaces.")
            bench.shell.toasts.say(said, tone="warn")
            return
        form = Form(_boxes(choices))
        form.set_values(_ticked(choices))

        def saving(version: int) -> Save:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                ids = [each.id for each in choices if values[f"unit{each.id}"]]
                bench.runner.write(choose_units, card.row.id, version, ids, done=lambda _changes: done(), failed=failed)

            return save

        def standing(now: tuple[int, Sequence[UnitChoice]]) -> Standing:
            return Standing(_ticked(now[1]), saving(now[0]))

        heading = QCoreApplication.translate("conference", "Teams and sets of {number}")
        verb = QCoreApplication.translate("conference", "Save")
        edited = bench.edited(asker, KIND, card.row.id, units_now, standing)
        box = FormBox(heading.format(number=card.row.reference), form, saving(card.version), verb, width=620,
                      edited=edited)  # fmt: skip
        open_form(bench.shell, box)

    bench.runner.read(asker, unit_choices, card.row.id, done=opened)


def unit_words(unit: UnitChoice) -> str:
    """A team or set as a tick box names it: its code, kind and languages, and who has it then."""
    words = f"{unit.code} · {unit.kind}" + (f" {unit.speaks.replace(' ', ', ')}" if unit.speaks else "")
    if unit.taken_by:
        words += " · " + QCoreApplication.translate("conference", "with {booking}").format(booking=unit.taken_by)
    return words


def _ticked(choices: Sequence[UnitChoice]) -> dict[str, Any]:
    return {f"unit{each.id}": each.chosen for each in choices}


def _boxes(choices: Sequence[UnitChoice]) -> list[Field]:
    """A tick box each, two in a row, a new row for each kind; who has one that is in use needs the whole row."""
    found: list[Field] = []
    before, alone = "", True
    for each in choices:
        beside = each.kind == before and not alone and not each.taken_by
        found.append(Field(f"unit{each.id}", unit_words(each), "yes", beside=beside))
        alone = beside or bool(each.taken_by)
        before = each.kind
    return found
