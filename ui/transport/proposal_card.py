"""What the card of a proposal says of one request: its trip, or why it goes with no vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.transport.day import Day
from cbo_desk.transport.plan import Reason
from cbo_desk.transport.words import minutes
from ui.kit.cards import History, frame, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import Label
from ui.transport.proposal_lines import turn_status
from ui.transport.proposal_work import Line, Planned, route_of, trip_said

SHOWN = 12
"""Vehicles whose reason is shown; the nearest to going come first."""


def head(row: Line) -> list[Any]:
    """Who it is about, where to, and what becomes of them."""
    return [Label(row.name, "cap"), Label(row.way, "h2", wrap=True), line(Chip(turn_status(row)), None), rule()]


def trip_pieces(planned: Planned, row: Line) -> list[Any]:
    """The trip that is proposed, with its stops."""
    route = route_of(planned.proposal, row.id)
    if route is None:
        return []
    today = row.before or QCoreApplication.translate("transport", "No vehicle")
    words = QCoreApplication.translate("transport", "{today} today. Proposed: {after} with {driver}, pick-up at {at}.")
    said = words.format(today=today, after=row.after, driver=row.driver, at=row.pickup)
    return [
        Label(said, wrap=True),
        Label(QCoreApplication.translate("transport", "The trip"), "h3"),
        History(trip_said(planned.basis.day, route, row.id)),
    ]


def reason_pieces(day: Day, found: Sequence[Reason]) -> list[Any]:
    """For each vehicle why it does not go, what move would help, and who would have to stay instead."""
    pieces: list[Any] = [Label(QCoreApplication.translate("transport", "Why it goes with no vehicle"), "h3")]
    for reason in found[:SHOWN]:
        inner: list[Any] = [Label(day.vehicle[reason.vehicle].name, "h3"), Label(reason.said, "small", wrap=True)]
        inner += [line(Chip(status), None) for status in _helps(day, reason)]
        pieces.append(frame(*inner, look="sunk", margins=(12, 8, 12, 8), gap=4))
    more = len(found) - SHOWN
    if more > 0:
        words = QCoreApplication.translate("transport", "and {count:vehicle|vehicles} further away")
        pieces.append(Label(words.format(count=Count(more)), "small-muted"))
    return pieces


def _helps(day: Day, reason: Reason) -> list[Status]:
    helps = []
    if reason.shift:
        later = QCoreApplication.translate("transport", "fits {move} later")
        earlier = QCoreApplication.translate("transport", "fits {move} earlier")
        words = later if reason.shift > 0 else earlier
        helps.append(Status(words.format(move=minutes(abs(reason.shift))), "info", "clock"))
    if reason.displaces is not None:
        words = QCoreApplication.translate("transport", "instead of {trip}")
        helps.append(Status(words.format(trip=day.request[reason.displaces].name), "warn", "arrow-left-right"))
    return helps
