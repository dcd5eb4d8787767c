"""Incidents: what happened to which vehicle; photos and papers hang on the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.context import local
from cbo_desk.tabular import Column as FileColumn
from cbo_desk.transport import INCIDENT, IncidentList, IncidentRow, close_incident, incident_of
from cbo_desk.transport.incidents import KINDS
from ui.bench import Bench
from ui.kit.cards import rule
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.labels import Label
from ui.kit.phrases import day
from ui.kit.states import State as Empty
from ui.papers import Papers
from ui.transport.records import RecordsPage, facts, head


def _when(row: IncidentRow) -> str:
    return f"{day(local(row.at).date())} {local(row.at):%H:%M}"


class IncidentsPage(RecordsPage):
    """Incidents: the list, and the card with its photos."""

    kind, scope, icon = INCIDENT, "incidents", "shield-alert"

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(bench, self.tr("Incidents"), parent)
        self.say(self.tr("Report one from a trip's card or from the vehicle's, with the key I."))

    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        tr = self.tr

        def chip(row: IncidentRow) -> Status:
            if row.closed_at is not None:
                return Status(tr("Closed"), "ok", "circle-check")
            return Status(tr("Open"), "bad" if row.injured else "warn", "circle-alert")

        return (
            Column(Look("reference", "ref", 84), tr("Ref"), lambda row: row.reference),
            Column(Look("at", "text", 150), tr("When"), _when, sort="at"),
            Column(Look("kind", "text", 100), tr("Kind"), lambda row: KINDS[row.kind]),
            Column(Look("vehicle", "muted", 90), tr("Vehicle"), lambda row: row.vehicle),
            Column(Look("what", "text", 200, stretch=True), tr("What happened"), lambda row: row.what.split("\n")[0]),
            Column(Look("state", "chip", 110, 1), tr("Status"), lambda row: chip(row).word, value=chip),
        )  # fmt: skip

    def listing(self, words: str, _sort: str, descending: bool) -> IncidentList:
        """What is listed, the newest first unless asked otherwise."""
        return IncidentList(words, not descending)

    def things(self) -> str:
        """What the list counts."""
        return self.tr("{count:incident|incidents}")

    def first_sort(self) -> str:
        """By time."""
        return "at"

    def nothing(self) -> Empty:
        """What stands in place of an empty list."""
        return Empty("empty", self.tr("No incidents"), self.tr("Nothing has happened so far."), icon="shield-check")

    def query(self) -> Any:
        """What reads the card."""
        return incident_of

    def file_columns(self) -> Sequence[FileColumn]:
        """The columns of an export."""
        return (
            FileColumn("Ref"), FileColumn("When", "moment"), FileColumn("Kind"), FileColumn("Vehicle"),
            FileColumn("Driver"), FileColumn("Where"), FileColumn("What happened"), FileColumn("Police"),
            FileColumn("Closed", "moment"),
        )  # fmt: skip

    def file_row(self, row: IncidentRow) -> Sequence[Any]:
        """One line of an export."""
        return (
            row.reference, local(row.at), KINDS[row.kind], row.vehicle, row.driver, row.place, row.what, row.police,
            None if row.closed_at is None else local(row.closed_at),
        )  # fmt: skip

    def add_deeds(self) -> None:
        """Make the page's deeds known."""
        tr = self.tr
        self.deed("close", tr("Close"), "check", "C", lambda card: self._close(card, True), close_incident,
                  lambda card: card.closed_at is None)  # fmt: skip
        self.deed("open", tr("Open again"), "undo-2", "O", lambda card: self._close(card, False), close_incident,
                  lambda card: card.closed_at is not None)  # fmt: skip

    def pieces(self, card: IncidentRow) -> Iterable[Any]:
        """What the card shows."""
        words = self.tr("Closed") if card.closed_at is not None else self.tr("Open")
        chips = [Status(words, "ok" if card.closed_at is not None else "warn", "shield-alert")]
        chips += [Status(self.tr("Somebody was hurt"), "bad", "circle-alert")] if card.injured else []
        yield from head(f"{card.reference} · {KINDS[card.kind]}", card.vehicle, *chips)
        yield facts(
            ("clock", self.tr("When"), f"{day(local(card.at).date())} {local(card.at):%H:%M}"),
            ("map-pin", self.tr("Where"), card.place),
            ("user", self.tr("Driver"), card.driver),
            ("shield-check", self.tr("Police reference"), card.police),
        )
        yield Label(card.what, wrap=True)
        yield rule()
        yield self.deeds()
        yield rule()
        papers = Papers(self.bench, INCIDENT, self)
        papers.show_record(card.id, "camera")
        yield papers

    def _close(self, card: IncidentRow, closed: bool) -> None:
        self.bench.runner.write(close_incident, card.id, closed)
