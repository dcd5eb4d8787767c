"""The views of the list of requests: shipped ones with their counts, filters as chips, and saved ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.people import EntityRow, entities
from cbo_desk.plurals import Count
from cbo_desk.transport import DayPicture, RequestFilter, TransportFigures
from ui.bench import Bench
from ui.kept_views import KeptViews
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.phrases import day as day_words
from ui.kit.tabs import FilterWord

LISTING = "transport.requests"
VIEWS = ("all", "needs", "road", "late", "requests", "gone")


def view_words() -> dict[str, str]:
    """The shipped views in the person's language."""
    return {
        "all": QCoreApplication.translate("transport", "All trips"),
        "needs": QCoreApplication.translate("transport", "Needs vehicle"),
        "road": QCoreApplication.translate("transport", "On road"),
        "late": QCoreApplication.translate("transport", "Late"),
        "requests": QCoreApplication.translate("transport", "Requests"),
        "gone": QCoreApplication.translate("transport", "Cancelled"),
    }


def figure_words(found: TransportFigures, today: bool) -> str:
    """A day's figures as the head of the page says them."""
    if today:
        parts = [QCoreApplication.translate("transport", "{count:trip|trips} today").format(count=Count(found.total))]
    else:
        words = QCoreApplication.translate("transport", "{count:trip|trips} on {day}")
        parts = [words.format(count=Count(found.total), day=day_words(found.day))]
    if found.needs:
        words = QCoreApplication.translate("transport", "{count:needs|need} a vehicle")
        parts.append(words.format(count=Count(found.needs)))
    if found.late:
        parts.append(QCoreApplication.translate("transport", "{count} late").format(count=found.late))
    if found.requests:
        words = QCoreApplication.translate("transport", "{count:request|requests} to approve")
        parts.append(words.format(count=Count(found.requests)))
    return " · ".join(parts)


class RequestViews(KeptViews[RequestFilter]):
    """What narrows the day's requests beside the tabs: an entity, a vehicle, a driver; `picture` names the latter."""

    def __init__(self, bench: Bench, parent: QWidget, picture: Callable[[], DayPicture | None]) -> None:
        self._picture = picture
        super().__init__(bench, parent, LISTING, RequestFilter(), "all")

    @property
    def whole_day(self) -> bool:
        """Whether nothing narrows the list: it holds every request of its day that stands."""
        return self.view == "all" and self.filter == RequestFilter()

    def narrow(self, words: str) -> None:
        """Note the words that the list is narrowed to: a saved view keeps them."""
        self.filter = replace(self.filter, words=words)

    def ask(self) -> None:
        """Ask what the list is to be narrowed to."""
        self._bench.runner.read(self, entities, done=self._ask)

    def _ask(self, known: Sequence[EntityRow]) -> None:
        picture, now = self._picture(), self.filter
        vehicles = [(each.id, each.name) for each in picture.vehicles] if picture is not None else []
        drivers = [(each.id, each.name) for each in picture.drivers] if picture is not None else []
        coded = [(each.code, f"{each.code} · {each.name}") for each in known]
        nobody: list[tuple[Any, str]] = [(None, "—")]
        form = Form(
            [
                Field("entity", self.tr("Entity"), "choice", choices=[*nobody, *coded]),
                Field("vehicle", self.tr("Vehicle"), "choice", choices=[*nobody, *vehicles]),
                Field("driver", self.tr("Driver"), "choice", choices=[*nobody, *drivers]),
            ]
        )
        form.set_values(
            {"entity": now.entities[0] if now.entities else None, "vehicle": now.vehicle_id, "driver": now.driver_id}
        )

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            done()
            wanted = (values["entity"],) if values["entity"] else ()
            self.set_filter(
                replace(self.filter, entities=wanted, vehicle_id=values["vehicle"], driver_id=values["driver"])
            )

        open_form(self._bench.shell, FormBox(self.tr("Filter trips"), form, save, self.tr("Show"), width=420))

    def words(self) -> list[FilterWord]:
        """The filter in force, part by part."""
        now, picture = self.filter, self._picture()
        plates = {each.id: each.name for each in picture.vehicles} if picture is not None else {}
        drivers = {each.id: each.name for each in picture.drivers} if picture is not None else {}
        return [
            FilterWord("entities", self.tr("Entity"), ", ".join(now.entities)),
            FilterWord("vehicle_id", self.tr("Vehicle"), _named(plates, now.vehicle_id)),
            FilterWord("driver_id", self.tr("Driver"), _named(drivers, now.driver_id)),
        ]

    def in_words(self) -> str:
        """What the list is narrowed to, for the head of a paper."""
        return " · ".join(part for part in (self.filter.words, super().in_words()) if part)


def _named(names: Mapping[int, str], ident: int | None) -> str:
    return "" if ident is None else names.get(ident, str(ident))
